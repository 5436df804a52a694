"""A regular expression as an automaton, so that two of them can be compared for every text at once.

Knows the part of the language that contracts use: characters, classes, groups, alternatives, repetition, anchors. Law: what
it does not know it refuses (`Unknown`), and never reads as something near; `re` has taken every pattern before.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final

LAST: Final = 0x10FFFF
LARGEST: Final = 4_000
"""States of one automaton. A repetition is written out, so that `{1,1024}` has as many as 1024 of what it repeats."""

WORK: Final = 1_000_000
"""Edges that are looked at: about a second."""

DEEPEST: Final = 50
Ranges = tuple[tuple[int, int], ...]
"""Characters, as ranges of code points, both ends included."""

ANY: Final[Ranges] = ((0, LAST),)
DOT: Final[Ranges] = ((0, 9), (11, LAST))
_PLAIN_ESCAPES: Final = {"t": "\t", "n": "\n", "r": "\r", "f": "\f", "v": "\v"}


class Unknown(Exception):
    """The pattern says something that is not known here."""


class TooLarge(Unknown):
    """The pattern is known, and more than can be looked at."""


@dataclass(slots=True)
class Automaton:
    """States are numbers; 0 is the first, `end` the accepting one.

    `free` are the edges that take nothing, `starts` and `ends` those that take nothing at the text's start or end, `steps`
    those that take a character.
    """

    free: list[list[int]] = field(default_factory=list)
    starts: list[list[int]] = field(default_factory=list)
    ends: list[list[int]] = field(default_factory=list)
    steps: list[list[tuple[Ranges, int]]] = field(default_factory=list)
    end: int = 0
    work: int = 0
    """Edges that were looked at."""

    def state(self) -> int:
        """A new state."""
        if len(self.free) >= LARGEST:
            raise TooLarge
        for edges in (self.free, self.starts, self.ends, self.steps):
            edges.append([])
        return len(self.free) - 1

    def closure(self, states: Iterable[int], *, start: bool = False, end: bool = False) -> frozenset[int]:
        """The states, and those that can be reached from them without a character."""
        found, todo = set(states), list(states)
        while todo:
            one = todo.pop()
            self.work += 1
            edges = [*self.free[one], *(self.starts[one] if start else ()), *(self.ends[one] if end else ())]
            for below in edges:
                if below not in found:
                    found.add(below)
                    todo.append(below)
        return frozenset(found)

    def after(self, states: frozenset[int], mark: int) -> frozenset[int]:
        """The states behind a character. Raises TooLarge."""
        self.work += len(states)
        if self.work > WORK:
            raise TooLarge
        below = {to for one in states for ranges, to in self.steps[one] if any(low <= mark <= high for low, high in ranges)}
        return self.closure(below)

    def accepts(self, states: Iterable[int], *, start: bool = False) -> bool:
        """Whether a text may end here."""
        return self.end in self.closure(states, start=start, end=True)

    def bounds(self) -> Iterator[int]:
        """The characters at which what a step takes begins, or has just ended: between two of them all are alike."""
        for edges in self.steps:
            for ranges, _ in edges:
                for low, high in ranges:
                    yield low
                    yield min(high + 1, LAST)


def automaton(pattern: str, *, whole: bool) -> Automaton:
    """The automaton of a pattern, which must match all of a text (`whole`) or some part of it. Raises Unknown and TooLarge."""
    made = Automaton()
    first = made.state()
    if not whole:
        # Some part of a text: anything may stand before it and behind it.
        made.steps[first].append((ANY, first))
    begin = made.state()
    made.free[first].append(begin)
    reader = _Reader(pattern, made, anchors=not whole)
    try:
        last = reader.alternatives(begin, 0)
    except IndexError:
        raise Unknown from None
    if reader.at != len(pattern):
        raise Unknown
    made.end = made.state()
    made.free[last].append(made.end)
    if not whole:
        made.steps[made.end].append((ANY, made.end))
    return made


class _Reader:
    """Reads a pattern from left to right into an automaton; each part leads from a state to the one that is returned."""

    def __init__(self, pattern: str, made: Automaton, *, anchors: bool) -> None:
        self.pattern, self.made, self.at = pattern, made, 0
        self.anchors = anchors

    def peek(self) -> str:
        return self.pattern[self.at : self.at + 1]

    def take(self) -> str:
        self.at += 1
        return self.pattern[self.at - 1]

    def alternatives(self, start: int, depth: int) -> int:
        if depth > DEEPEST:
            raise Unknown
        end = self.made.state()
        while True:
            begin = self.made.state()
            self.made.free[start].append(begin)
            self.made.free[self.sequence(begin, depth)].append(end)
            if self.peek() != "|":
                return end
            self.take()

    def sequence(self, start: int, depth: int) -> int:
        while self.peek() not in ("", "|", ")"):
            start = self.repeated(start, depth)
        return start

    def repeated(self, start: int, depth: int) -> int:
        begins = self.at
        entry = self.made.state()
        self.made.free[start].append(entry)
        end = self.atom(entry, depth)
        ends = self.at
        least, most = self.times()
        if (least, most) == (1, 1):
            return end
        behind = self.at
        # What is repeated is read again for each time, into states of its own.
        last = start
        self.made.free[start].remove(entry)
        exits = [start] if least == 0 else []
        for number in range(max(least, 1) if most is None else most):
            self.at = begins
            again = self.made.state()
            self.made.free[last].append(again)
            last = self.atom(again, depth)
            assert self.at == ends  # noqa: S101  # the same text reads the same
            if number + 1 >= least:
                exits.append(last)
            if most is None and number + 1 == max(least, 1):
                self.made.free[last].append(again)
        self.at = behind
        end = self.made.state()
        for one in exits:
            self.made.free[one].append(end)
        return end

    def times(self) -> tuple[int, int | None]:
        found = {"*": (0, None), "+": (1, None), "?": (0, 1)}.get(self.peek())
        if found:
            self.take()
        elif self.peek() == "{":
            found = self.counted()
        else:
            return 1, 1
        if self.peek() in ("?", "+", "*", "{"):
            raise Unknown
        return found

    def counted(self) -> tuple[int, int | None]:
        closing = self.pattern.find("}", self.at)
        least, comma, most = self.pattern[self.at + 1 : closing].partition(",")
        if closing < 0 or not (least or "0").isdecimal() or not (most or "0").isdecimal() or not (least or most):
            raise Unknown
        self.at = closing + 1
        return int(least or 0), (int(most) if most else None) if comma else int(least)

    def atom(self, start: int, depth: int) -> int:
        mark = self.take()
        if mark == "(":
            return self.group(start, depth)
        if mark in "^$":
            if not self.anchors:
                raise Unknown  # in XSD these are characters like any other, in `re` they are not
            end = self.made.state()
            (self.made.starts if mark == "^" else self.made.ends)[start].append(end)
            return end
        if mark in "*+?{":
            raise Unknown
        return self.step(start, {".": lambda: DOT, "[": self.one_of}.get(mark, lambda: _single(self.escaped(mark)))())

    def step(self, start: int, ranges: Ranges) -> int:
        end = self.made.state()
        self.made.steps[start].append((ranges, end))
        return end

    def group(self, start: int, depth: int) -> int:
        if self.peek() == "?":
            self.take()
            kind = self.take()
            if kind == "P" and self.take() == "<":
                self.at = self.pattern.index(">", self.at) + 1
            elif kind != ":":
                raise Unknown
        end = self.alternatives(start, depth + 1)
        if self.take() != ")":
            raise Unknown
        return end

    def escaped(self, mark: str) -> str:
        if mark != "\\":
            return mark
        mark = self.take()
        if mark.isalnum() and mark not in _PLAIN_ESCAPES:
            raise Unknown
        return _PLAIN_ESCAPES.get(mark, mark)

    def one_of(self) -> Ranges:
        negated = self.peek() == "^"
        self.at += negated
        found: list[tuple[int, int]] = []
        while not found or self.peek() != "]":
            low = ord(self.escaped(self.take()))
            if self.peek() == "-" and self.pattern[self.at + 1] != "]":
                self.take()
                found.append((low, ord(self.escaped(self.take()))))
            else:
                found.append((low, low))
        self.take()
        return tuple(_complement(found)) if negated else tuple(found)


def _single(mark: str) -> Ranges:
    return ((ord(mark), ord(mark)),)


def _complement(ranges: list[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    start = 0
    for low, high in sorted(ranges):
        if low > start:
            yield start, low - 1
        start = max(start, high + 1)
    if start <= LAST:
        yield start, LAST
