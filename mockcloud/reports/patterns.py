"""Short texts that a regular expression matches, and short ones that it does not.

Knows the part of the language that contracts use: characters, classes, groups, alternatives, repetition, anchors. Law: a text
is given out only after `re` has agreed; where none is found, none is given.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import product

from mockcloud.contracts.json_schema import compiled

_SHORTHANDS = {"d": "0", "D": "x", "w": "x", "W": "-", "s": " ", "S": "x", "t": "\t", "n": "\n", "r": "\r"}
_NOTHING = {"b", "B", "A", "Z"}
_REPEATED = re.compile(r"\{([0-9]+)(,[0-9]*)?\}")
_LIKELY = "x0A-_./ é"
_COUNTEREXAMPLES = ["", *("".join(marks) for length in (1, 2) for marks in product(_LIKELY, repeat=length)), "\n", "x" * 300]


def matching(pattern: str, *, whole: bool) -> str | None:
    """A short text that the pattern matches, None where none was found. `whole`: it must match all of the text, as in XSD."""
    try:
        found = _Reader(pattern).alternatives()
    except (IndexError, ValueError):
        return None
    matches = matcher(pattern, whole=whole)
    tries = [*dict.fromkeys(mark for mark in ("x", "0", "A") if matches(mark)), found]
    return next((text for text in tries if matches(text)), None)


def failing(pattern: str, *, whole: bool) -> str | None:
    """A short text that the pattern does not match, None where none was found. A visible one, where there is one."""
    matches = matcher(pattern, whole=whole)
    # What a pattern does not allow is often one of its own characters.
    failed = [text for text in dict.fromkeys((*_COUNTEREXAMPLES, *pattern)) if not matches(text)]
    return next((text for text in failed if text.strip()), failed[0] if failed else None)


def matcher(pattern: str, *, whole: bool) -> Callable[[str], bool]:
    """The pattern as the validators take it: JSON Schema means any part of the text, XSD all of it."""
    if whole:
        found = re.compile(pattern)
        return lambda text: bool(found.fullmatch(text))
    return lambda text: bool(compiled(pattern).search(text))


class _Reader:
    """Reads a pattern from left to right and writes the shortest text that it can think of."""

    def __init__(self, pattern: str) -> None:
        self.pattern, self.at = pattern, 0

    def peek(self) -> str:
        return self.pattern[self.at : self.at + 1]

    def take(self) -> str:
        self.at += 1
        return self.pattern[self.at - 1]

    def alternatives(self) -> str:
        """The shortest of what stands between bars, up to the end or a closing bracket."""
        found = [self.sequence()]
        while self.peek() == "|":
            self.take()
            found.append(self.sequence())
        return min((one for one in found if one), key=len, default="")

    def sequence(self) -> str:
        parts = []
        while self.peek() not in ("", "|", ")"):
            one = self.atom()
            parts.append(one * self.times())
        return "".join(parts)

    def times(self) -> int:
        """How often the last atom must stand there at least."""
        counted = _REPEATED.match(self.pattern, self.at)
        if counted:
            self.at = counted.end()
            least = int(counted[1])
        elif self.peek() and self.peek() in "*?+":
            least = int(self.take() == "+")
        else:
            return 1
        if self.peek() == "?":
            self.take()
        return least

    def atom(self) -> str:
        mark = self.take()
        if mark in "^$":
            return ""
        if mark == ".":
            return "x"
        if mark == "\\":
            return self.escaped()
        if mark == "[":
            return self.one_of()
        return self.group() if mark == "(" else mark

    def escaped(self) -> str:
        mark = self.take()
        return "" if mark in _NOTHING else _SHORTHANDS.get(mark, mark)

    def group(self) -> str:
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

    def one_of(self) -> str:
        """A character of a class: the likeliest that `re` finds in it."""
        start = self.at - 1
        end = start + 2 if self.peek() == "^" else start + 1
        end += self.pattern[end] == "]"
        while self.pattern[end] != "]":
            end += 2 if self.pattern[end] == "\\" else 1
        self.at = end + 1
        allowed = re.compile(self.pattern[start : self.at])
        return next((mark for mark in (*_LIKELY, *map(chr, range(32, 127))) if allowed.match(mark)), "")
