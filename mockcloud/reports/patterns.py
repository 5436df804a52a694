"""Short texts that a regular expression matches, and short ones that it does not.

Knows what is likely in a text. Law: a text is given out only after `re` has agreed; where none is found, none is given.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import product

from mockcloud.contracts.json_schema import compiled
from mockcloud.reports.pattern_reader import PatternReader

_LIKELY = "x0A-_./ é"
_COUNTEREXAMPLES = ["", *("".join(marks) for length in (1, 2) for marks in product(_LIKELY, repeat=length)), "\n", "x" * 300]


def matching(pattern: str, *, whole: bool) -> str | None:
    """A short text that the pattern matches, None where none was found. `whole`: it must match all of the text, as in XSD."""
    try:
        found = _Shortest(pattern).alternatives()
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


class _Shortest(PatternReader[str]):
    """Writes the shortest text that it can think of."""

    def mark(self, text: str) -> str:
        return text

    def one_of(self, allowed: re.Pattern[str]) -> str:
        return next((mark for mark in (*_LIKELY, *map(chr, range(32, 127))) if allowed.match(mark)), "")

    def joined(self, parts: list[str]) -> str:
        return "".join(parts)

    def either(self, found: list[str]) -> str:
        return min((one for one in found if one), key=len, default="")

    def repeated(self, one: str, least: int, most: int | None) -> str:
        return one * least
