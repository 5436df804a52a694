"""The asserts of a document as JSON Schema, as far as they are of paths, `=`, `!=`, `and`, `or`, `not()` and texts.

Knows nodes and that much XPath. Law: an assert that says more is not guessed at: it has no schema.
"""

from __future__ import annotations

import re
from typing import Final

from mockcloud.contracts.xsd_reader import Node
from mockcloud.messages import Json

_TOKEN: Final = re.compile(r"""\s*([A-Za-z_][\w.-]*(?:/[A-Za-z_][\w.-]*)*|'[^']*'|"[^"]*"|!=|.)""", re.ASCII | re.DOTALL)
CARRIED: Final = r"[^\x00-\x08\x0B\x0C\x0E-\x1F\uFFFE\uFFFF]"
"""At least one character that XML can carry."""


def condition(test: str, node: Node) -> Json | None:
    """What an element keeps that keeps the assert; None for one that says more than is known here."""
    parser = _Parser(test, node)
    try:
        return parser.whole()
    except SyntaxError:
        return None


class _Parser:
    """Recursive descent. Raises SyntaxError for what it does not know."""

    def __init__(self, test: str, node: Node) -> None:
        self.tokens = _TOKEN.findall(test.strip())
        self.node = node

    def took(self, token: str) -> bool:
        found = self.tokens[:1] == [token]
        if found:
            self.tokens.pop(0)
        return found

    def take(self) -> str:
        return self.tokens.pop(0) if self.tokens else ""

    def whole(self) -> Json:
        found = self.either()
        if self.tokens:
            raise SyntaxError(self.tokens[0])
        return found

    def either(self) -> Json:
        found = [self.both()]
        while self.took("or"):
            found.append(self.both())
        return found[0] if len(found) == 1 else {"anyOf": found}

    def both(self) -> Json:
        found = [self.one()]
        while self.took("and"):
            found.append(self.one())
        return found[0] if len(found) == 1 else {"allOf": found}

    def one(self) -> Json:
        if self.took("not"):
            return {"not": self.inside()}
        return self.inside() if self.tokens[:1] == ["("] else self.comparison(self.take())

    def inside(self) -> Json:
        if not self.took("("):
            raise SyntaxError("(")
        found = self.either()
        if not self.took(")"):
            raise SyntaxError(")")
        return found

    def comparison(self, path: str) -> Json:
        for sign in ("=", "!="):
            if self.took(sign):
                text = self.take()
                if text[:1] not in ("'", '"'):
                    raise SyntaxError(text)
                same = {"const": text[1:-1]}
                return _at(path.split("/"), self.node, same if sign == "=" else {"not": same})
        return _at(path.split("/"), self.node, None)


def _at(steps: list[str], node: Node, wanted: Json | None) -> Json:
    """Something stands at a path of children, and is what is wanted of it, where something is."""
    if not steps:
        if wanted is None:
            return _there(node)
        if node.children is not None or node.base != "string":
            raise SyntaxError(node.name)  # numbers compare otherwise, and so does all that an element holds
        return {"allOf": [_there(node), wanted]}
    child = (node.children or {}).get(steps[0])
    if child is None:
        raise SyntaxError(steps[0])
    return _below(child, _at(steps[1:], child, wanted))


def _there(node: Node) -> Json:
    """An element counts as one that is there when it holds a text somewhere."""
    if node.children is None:
        return {"pattern": CARRIED}
    return {"anyOf": [_below(child, _there(child)) for child in node.children.values()]} if node.children else {}


def _below(child: Node, found: Json) -> Json:
    return {"required": [child.name], "properties": {child.name: {"contains": found} if child.most > 1 else found}}
