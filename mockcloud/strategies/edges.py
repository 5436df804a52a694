"""Texts at the edges of a regular expression: each alternative, the first and last character of a class, every count.

Knows what is worth trying of each part. Law: a text is given out only after `re` has agreed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import Final

from mockcloud.reports.pattern_reader import PatternReader
from mockcloud.reports.patterns import matcher

MOST: Final = 40
"""How many texts a part of an expression is given."""

OFTEN: Final = 3
"""How often a part is repeated that may be repeated without end, or twice more than it must."""

_LIKELY: Final = "xa0A-_./ é中"
_MARKS: Final = [chr(code) for code in (*range(32, 127), 0xE9, 0x4E2D, 0x1F600)]


@lru_cache(1024)
def edges(pattern: str, *, whole: bool) -> tuple[str, ...]:
    """Texts that the pattern matches, the shortest first; none where it says what is not read here.

    `whole`: it must match all of the text, as in XSD.
    """
    try:
        found = _Edges(pattern).alternatives()
    except (IndexError, ValueError):
        return ()
    fits = matcher(pattern, whole=whole)
    return tuple(sorted((one for one in dict.fromkeys(found) if fits(one)), key=lambda one: (len(one), _plainness(one))))


def _plainness(text: str) -> tuple[int, ...]:
    return tuple(_LIKELY.index(mark) if mark in _LIKELY else ord(mark) + 100 for mark in text)


class _Edges(PatternReader[list[str]]):
    """Collects the texts of each part."""

    def mark(self, text: str) -> list[str]:
        return [text]

    def one_of(self, allowed: re.Pattern[str]) -> list[str]:
        return _likeliest(allowed.match)

    def joined(self, parts: list[list[str]]) -> list[str]:
        return _joined(parts)

    def either(self, found: list[list[str]]) -> list[str]:
        return _few(one for texts in found for one in texts)

    def repeated(self, one: list[str], least: int, most: int | None) -> list[str]:
        if (least, most) == (1, 1):
            return one
        most = max(OFTEN, least + 2) if most is None else most
        counts = sorted({least, min(least + 1, most), most})
        found = [one[0] * count for count in counts]
        found += [text * max(least, 1) for text in one if most] + [one[-1] * count for count in reversed(counts)]
        return _few(found)


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
