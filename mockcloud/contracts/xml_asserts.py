"""Asserts over plain data: the XPath of our vocabulary as small functions of an element's members.

Knows paths of children, `=`, `!=`, `and`, `or`, `not()` and texts. An assert that says more is never certain, and left to
the validators. Law: certain means that XPath 1.0 and 2.0 both say so of the document that the data is written as.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import reduce
from typing import Final, NamedTuple

from mockcloud.contracts.xsd_reader import Node
from mockcloud.messages import Json

Test = Callable[[Json], bool]
"""Whether an element with these members certainly keeps an assert."""

_TOKEN: Final = re.compile(r"""\s*([A-Za-z_][\w.-]*(?:/[A-Za-z_][\w.-]*)*|'[^']*'|"[^"]*"|!=|.)""", re.ASCII | re.DOTALL)


class Assert(NamedTuple):
    """An assert of an element as a test of its members, and what it looks at.

    `reads` are the paths of the leaves whose texts it compares, `asks` of all members, those of which it only asks whether
    they are there too.
    """

    test: Test
    reads: frozenset[tuple[str, ...]]
    asks: frozenset[tuple[str, ...]]


def compiled(expression: str, node: Node) -> Assert:
    """An assert of an element."""
    parser = _Parser(expression, node)
    try:
        return Assert(parser.whole(), frozenset(parser.reads), frozenset(parser.asks))
    except SyntaxError:
        return Assert(lambda members: False, frozenset(), frozenset())


class _Parser:
    """Recursive descent. Raises SyntaxError for what it does not know."""

    def __init__(self, expression: str, node: Node) -> None:
        self.tokens = _TOKEN.findall(expression.strip())
        self.node = node
        self.reads: set[tuple[str, ...]] = set()
        self.asks: set[tuple[str, ...]] = set()
        self.equals: dict[Test, tuple[str, frozenset[str]]] = {}
        """The tests that ask whether what stands at a path is one of some texts."""

    def take(self) -> str:
        return self.tokens.pop(0) if self.tokens else ""

    def took(self, token: str) -> bool:
        """Whether this token comes next; then it is behind us."""
        found = self.tokens[:1] == [token]
        if found:
            self.take()
        return found

    def expect(self, token: str) -> None:
        if self.take() != token:
            raise SyntaxError(token)

    def whole(self) -> Test:
        test = self.disjunction()
        self.expect("")
        return test

    def disjunction(self) -> Test:
        tests = [self.conjunction()]
        while self.took("or"):
            tests.append(self.conjunction())
            tests[-2:] = self.joined(*tests[-2:])
        return reduce(_either, tests)

    def joined(self, first: Test, second: Test) -> list[Test]:
        """Two alternatives, as one where both ask for a text at the same path: tables of allowed values are long."""
        one, other = self.equals.get(first), self.equals.get(second)
        if one is None or other is None or one[0] != other[0]:
            return [first, second]
        return [self.one_of(one[0], one[1] | other[1])]

    def one_of(self, path: str, texts: frozenset[str]) -> Test:
        test = _some(path.split("/"), lambda value: (value if value.__class__ is str else _text(value)) in texts)
        self.equals[test] = path, texts
        return test

    def conjunction(self) -> Test:
        test = self.condition()
        while self.took("and"):
            test = _both(test, self.condition())
        return test

    def condition(self) -> Test:
        if self.took("not"):
            self.expect("(")
            test = self.disjunction()
            self.expect(")")
            return lambda members: not test(members)
        if self.took("("):
            test = self.disjunction()
            self.expect(")")
            return test
        return self.comparison(self.take())

    def comparison(self, left: str) -> Test:
        if self.took("="):
            return self.equal(left, self.take())
        if self.took("!="):
            return self.compared(left, self.take(), str.__ne__)
        return _some(self.path(left)[0], lambda value: True)

    def equal(self, left: str, right: str) -> Test:
        if right[:1] not in ("'", '"'):
            return self.compared(left, right, str.__eq__)
        self.texts(left)
        return self.one_of(left, frozenset([right[1:-1]]))

    def compared(self, left: str, right: str, sign: Callable[[str, str], bool]) -> Test:
        steps, literal = self.texts(left), right[1:-1]
        if right[:1] in ("'", '"'):
            return _some(steps, lambda value: sign(value if value.__class__ is str else _text(value), literal))
        others = self.texts(right)
        return lambda members: _some(steps, lambda one: _some(others, lambda other: sign(_text(one), _text(other)))(members))(
            members
        )

    def texts(self, token: str) -> list[str]:
        """The path of one side of a comparison."""
        steps, node = self.path(token)
        if node.base != "string":
            # Numbers and what containers hold compare differently in the two XPaths.
            raise SyntaxError(token)
        self.reads.add(tuple(steps))
        return steps

    def path(self, token: str) -> tuple[list[str], Node]:
        node, steps = self.node, token.split("/")
        for step in steps:
            if step not in (node.children or {}):
                raise SyntaxError(token)
            node = (node.children or {})[step]
        self.asks.add(tuple(steps))
        return steps, node


def _some(steps: list[str], holds: Callable[[Json], bool]) -> Callable[[Json], bool]:
    """Whether something stands at a path of children of which the condition holds."""
    if not steps:
        return holds
    name, below = steps[0], _some(steps[1:], holds)

    def some(members: Json) -> bool:
        if members.__class__ is not dict or name not in members:
            return False
        value = members[name]
        return any(below(item) for item in value) if value.__class__ is list else below(value)

    return some


def _text(value: Json) -> str:
    return "" if value is None else str(value)


def _either(first: Test, second: Test) -> Test:
    return lambda members: first(members) or second(members)


def _both(first: Test, second: Test) -> Test:
    return lambda members: first(members) and second(members)
