"""Texts at the edges of a regular expression: each alternative, the first and last character of a class, every count.

Knows the part of the language that contracts use: characters, classes, groups, alternatives, repetition, anchors. Law: a text
is given out only after `re` has agreed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import Final

from mockcloud.reports.patterns import matcher

MOST: Final = 40
"""How many texts a part of an expression is given."""

FURTHER: Final = 3
"""How often more than it must a part is repeated that may be repeated without end."""

_LIKELY: Final = "xa0A-_./ é中"
_MARKS: Final = [chr(code) for code in (*range(32, 127), 0xE9, 0x4E2D, 0x1F600)]
_ESCAPED: Final = {"t": "\t", "n": "\n", "r": "\r"}
_REPEATED: Final = re.compile(r"\{([0-9]+)(?:(,)([0-9]*))?\}")


@lru_cache(1024)
def edges(pattern: str, *, whole: bool) -> tuple[str, ...]:
    """Texts that the pattern matches, the shortest first; none where it says what is not read here.

    `whole`: it must match all of the text, as in XSD.
    """
    try:
        found = _Reader(pattern).alternatives()
    except (IndexError, ValueError):
        return ()
    fits = matcher(pattern, whole=whole)
    return tuple(sorted((one for one in dict.fromkeys(found) if fits(one)), key=lambda one: (len(one), _plainness(one))))


def _plainness(text: str) -> tuple[int, ...]:
    return tuple(_LIKELY.index(mark) if mark in _LIKELY else ord(mark) + 100 for mark in text)


class _Reader:
    """Reads a pattern from left to right and collects the texts of each part."""

    def __init__(self, pattern: str) -> None:
        self.pattern, self.at = pattern, 0

    def peek(self) -> str:
        return self.pattern[self.at : self.at + 1]

    def take(self) -> str:
        self.at += 1
        return self.pattern[self.at - 1]

    def alternatives(self) -> list[str]:
        found = self.sequence()
        while self.peek() == "|":
            self.take()
            found = [*found, *self.sequence()]
        return _few(found)

    def sequence(self) -> list[str]:
        parts: list[list[str]] = []
        while self.peek() not in ("", "|", ")"):
            parts.append(self.repeated(self.atom()))
        return _joined(parts)

    def repeated(self, atom: list[str]) -> list[str]:
        least, most = self.counts()
        counts = sorted({least, min(least + 1, most), most})
        first, last = atom[0], atom[-1]
        found = [first * count for count in counts]
        found += [one * max(least, 1) for one in atom if most] + [last * count for count in reversed(counts)]
        return _few(found)

    def counts(self) -> tuple[int, int]:
        counted = _REPEATED.match(self.pattern, self.at)
        if counted:
            self.at = counted.end()
            least = int(counted[1])
            most = least if not counted[2] else int(counted[3]) if counted[3] else least + FURTHER
        elif self.peek() and self.peek() in "*?+":
            mark = self.take()
            least, most = int(mark == "+"), 1 if mark == "?" else FURTHER
        else:
            return 1, 1
        if self.peek() == "?":
            self.take()
        return least, most

    def atom(self) -> list[str]:
        mark = self.take()
        if mark in "^$":
            return [""]
        if mark == "(":
            return self.group()
        if mark == "[":
            return _likeliest(re.compile(self.bracketed()).match)
        if mark == "\\" and self.peek() in "dDwWsS":
            return _likeliest(re.compile(f"\\{self.take()}").match)
        if mark == "\\":
            mark = self.take()
            return [_ESCAPED.get(mark, mark)]
        return _likeliest(_any) if mark == "." else [mark]

    def group(self) -> list[str]:
        if self.peek() == "?" and self.pattern[self.at : self.at + 2] != "?:":
            raise ValueError(self.pattern)
        self.at += 2 if self.peek() == "?" else 0
        found = self.alternatives()
        if self.take() != ")":
            raise ValueError(self.pattern)
        return found

    def bracketed(self) -> str:
        start = self.at - 1
        end = start + 2 if self.peek() == "^" else start + 1
        end += self.pattern[end] == "]"
        while self.pattern[end] != "]":
            end += 2 if self.pattern[end] == "\\" else 1
        self.at = end + 1
        return self.pattern[start : self.at]


def _any(mark: str) -> bool:
    return True


def _likeliest(allows: Callable[[str], object]) -> list[str]:
    """The likeliest character of a class, its lowest and its highest."""
    marks = [mark for mark in _MARKS if allows(mark)]
    likely = [mark for mark in _LIKELY if allows(mark)]
    return list(dict.fromkeys([*likely[:1], *marks[:1], *marks[-1:]]))


def _joined(parts: list[list[str]]) -> list[str]:
    """The parts one behind the other: all as they begin, one varied at a time, all as they end."""
    if not all(parts):
        raise ValueError("a part has no text")
    first = [part[0] for part in parts]
    found = ["".join(first)]
    for index, part in enumerate(parts):
        found += ["".join([*first[:index], one, *first[index + 1 :]]) for one in part[1:]]
    longest = ["".join(max(part, key=len) for part in parts), "".join(part[-1] for part in parts)]
    return _few([*longest, *found])


def _few(texts: Iterable[str]) -> list[str]:
    """Some of many texts, spread evenly, the first and the last among them."""
    found = list(dict.fromkeys(texts))
    if len(found) <= MOST:
        return found
    return [found[index * (len(found) - 1) // (MOST - 1)] for index in range(MOST)]
