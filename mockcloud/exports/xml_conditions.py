"""The asserts of a document as JSON Schema, as far as they are of paths, `=`, `!=`, `and`, `or`, `not()` and texts.

Knows nodes and that much XPath. Law: an assert that says more is not guessed at: it has no schema.
"""

from __future__ import annotations

import re
from typing import Final

from mockcloud.contracts.xsd_reader import Node
from mockcloud.messages import Json

_TOKEN: Final = re.compile(r"""\s*([A-Za-z_][\w.-]*(?:/[A-Za-z_][\w.-]*)*|'[^']*'|"[^"]*"|!=|.)""", re.ASCII | re.DOTALL)
_THERE: Final[Json] = {"not": {"enum": ["", None]}}
"""A leaf with a text, which one without is not."""


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
        if node.children is not None:
            return {"type": "object", "minProperties": 1}
        if wanted is not None and node.base != "string":
            raise SyntaxError(node.name)  # numbers compare otherwise
        return {"allOf": [_THERE, wanted]} if wanted is not None else _THERE
    child = (node.children or {}).get(steps[0])
    if child is None:
        raise SyntaxError(steps[0])
    below = _at(steps[1:], child, wanted)
    return {"required": [steps[0]], "properties": {steps[0]: {"contains": below} if child.most > 1 else below}}
