"""Reads a regular expression from left to right and has something made of each of its parts.

Knows the part of the language that contracts use: characters, classes, groups, alternatives, repetition, anchors; what is made
of them is its heirs' affair. Law: whoever reads on gets what `re` would: a class is read as it stands there, and never guessed.
"""

from __future__ import annotations

import re
from typing import Final, Generic, TypeVar

_Made = TypeVar("_Made")

_ESCAPED: Final = {"t": "\t", "n": "\n", "r": "\r"}
_NOTHING: Final = frozenset("bBAZ")
_REPEATED: Final = re.compile(r"\{([0-9]+)(?:(,)([0-9]*))?\}")


class PatternReader(Generic[_Made]):
    """One pass over a pattern. `alternatives` reads all of it; raises IndexError and ValueError for what is not read here."""

    def __init__(self, pattern: str) -> None:
        self.pattern, self.at = pattern, 0

    # What heirs make ------------------------------------------------------------------------------------------------

    def mark(self, text: str) -> _Made:
        """Of one character, or of nothing."""
        raise NotImplementedError

    def one_of(self, allowed: re.Pattern[str]) -> _Made:
        """Of a character of a class."""
        raise NotImplementedError

    def joined(self, parts: list[_Made]) -> _Made:
        """Of what stands one behind the other."""
        raise NotImplementedError

    def either(self, found: list[_Made]) -> _Made:
        """Of what stands between bars."""
        raise NotImplementedError

    def repeated(self, one: _Made, least: int, most: int | None) -> _Made:
        """Of what stands there at least and at most so often; None for any number."""
        raise NotImplementedError

    # What is read ---------------------------------------------------------------------------------------------------

    def peek(self) -> str:
        """The next character, empty at the end."""
        return self.pattern[self.at : self.at + 1]

    def take(self) -> str:
        """The next character, which is then behind us."""
        self.at += 1
        return self.pattern[self.at - 1]

    def alternatives(self) -> _Made:
        """What stands between bars, up to the end or a closing bracket."""
        found = [self._sequence()]
        while self.peek() == "|":
            self.take()
            found.append(self._sequence())
        return self.either(found)

    def _sequence(self) -> _Made:
        parts = []
        while self.peek() not in ("", "|", ")"):
            one = self._atom()
            parts.append(self.repeated(one, *self._counts()))
        return self.joined(parts)

    def _counts(self) -> tuple[int, int | None]:
        counted = _REPEATED.match(self.pattern, self.at)
        most: int | None
        if counted:
            self.at = counted.end()
            least = int(counted[1])
            most = least if not counted[2] else int(counted[3]) if counted[3] else None
        elif self.peek() and self.peek() in "*?+":
            mark = self.take()
            least, most = int(mark == "+"), 1 if mark == "?" else None
        else:
            return 1, 1
        if self.peek() == "?":
            self.take()
        return least, most

    def _atom(self) -> _Made:
        mark = self.take()
        if mark in "^$":
            return self.mark("")
        if mark == "(":
            return self._group()
        if mark == "[":
            return self.one_of(re.compile(self._bracketed()))
        if mark == "\\":
            return self._escaped()
        return self.one_of(re.compile(".")) if mark == "." else self.mark(mark)

    def _escaped(self) -> _Made:
        mark = self.take()
        if mark in "dDwWsS":
            return self.one_of(re.compile(f"\\{mark}"))
        return self.mark("" if mark in _NOTHING else _ESCAPED.get(mark, mark))

    def _group(self) -> _Made:
        if self.peek() == "?":
            self.take()
            kind = self.take()
            if kind == "P":
                self.at = self.pattern.index(">", self.at) + 1
            elif kind != ":":
                raise ValueError(self.pattern)
        inside = self.alternatives()
        if self.take() != ")":
            raise ValueError(self.pattern)
        return inside

    def _bracketed(self) -> str:
        """The class that begins behind us, as it stands there."""
        start = self.at - 1
        end = start + 2 if self.peek() == "^" else start + 1
        end += self.pattern[end] == "]"
        while self.pattern[end] != "]":
            end += 2 if self.pattern[end] == "\\" else 1
        self.at = end + 1
        return self.pattern[start : self.at]
