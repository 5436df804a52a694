"""Texts that break one facet of a simple type and no other.

Knows the facets of XSD. Law: a text breaks the facet that it is made for, and keeps all others; where the type itself is broken,
no other facet is asked.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from decimal import Decimal
from typing import Any, Final

from hypothesis import strategies as st

from mockcloud.reports.patterns import failing
from mockcloud.strategies.builtin_types import WRONG
from mockcloud.strategies.facets import compiled, keeping, texts
from mockcloud.strategies.grammar import UNBOUNDED, Simple
from mockcloud.strategies.texts import LONGEST

WITHOUT: Final[dict[str, dict[str, Any]]] = {
    "enumeration": {"listed": ()},
    "pattern": {"patterns": ()},
    "minLength": {"least": 0},
    "maxLength": {"most": UNBOUNDED},
    "minInclusive": {"low": None},
    "maxInclusive": {"high": None},
    "type": {"base": "string", "low": None, "high": None, "digits": UNBOUNDED, "places": UNBOUNDED},
}
"""For each constraint of a text what a type is without it."""

_NUMBERS: Final = frozenset({"integer", "decimal", "float", "double"})
_ZEROS: Final = re.compile(r"(:[0-9]{2}\.[0-9]*?)0+(?![0-9])")
_FAR: Final = (1, 2, 10, 1_000, 10**9, 10**17)
_NO_NUMBERS: Final = ("x", "1x", "1,5", "1 2", "0x10", "--1", "+", "one", "true", "null", "-", "1;")
_OTHER_DIGITS: Final = [str.maketrans("0123456789", "".join(chr(zero + one) for one in range(10))) for zero in (0x660, 0xFF10)]
_MARKS: Final = (" ", "x", "é", "中", "-", "!", "0", "\t", "\n", "😀")


def spoilt(simple: Simple, constraint: str) -> list[str]:
    """Texts that break the constraint alone, the plainest first."""
    without = replace(simple, **WITHOUT[constraint])
    keeps, keeps_rest = keeping(simple), keeping(without)
    likely = dict.fromkeys(_LIKELY[constraint](simple))
    if constraint == "type" and simple.base not in ("integer", "decimal"):
        return [text for text in WRONG.get(simple.base, ()) if text]
    return [text for text in likely if text and keeps_rest(text) and not keeps(text) and not _is_listed(simple, text)]


def _is_listed(simple: Simple, text: str) -> bool:
    """Whether a text is a listed one in another spelling."""
    if simple.base == "string":
        return False
    read = Decimal if simple.base in _NUMBERS and keeping(replace(simple, listed=()))(text) else _collapsed
    return read(text) in [read(one) for one in simple.listed]


def _collapsed(text: str) -> str:
    """The text without blanks that do not count, nor zeros at the end of a second's fraction."""
    return _ZEROS.sub(r"\1", " ".join(text.split()))


def others(simple: Simple, constraint: str) -> st.SearchStrategy[str] | None:
    """Any other text that breaks the constraint alone, where nearly every text does."""
    if constraint == "enumeration" and not simple.patterns and simple.most == UNBOUNDED and simple.base == "string":
        return st.text(_MARKS[1] + "abcXYZ012 -_é中😀", min_size=max(1, simple.least), max_size=8).filter(
            lambda text: text not in simple.listed and bool(text.strip())
        )
    if constraint in ("minInclusive", "maxInclusive") and simple.base == "integer":
        low, high = _beyond(simple, constraint)
        return st.integers(low, high).map(str)
    return None


def _beyond(simple: Simple, constraint: str) -> tuple[int, int]:
    if constraint == "minInclusive":
        bound = -int(-(simple.low or 0) // 1)
        return bound - 10**6, bound - 1
    bound = int((simple.high or 0) // 1)
    return bound + 1, bound + 10**6


def _near(simple: Simple) -> Iterator[str]:
    """Texts that nearly are of the type: with a mark more or less, in another case, or another one."""
    for text in texts(simple).notable[:8]:
        yield from (text.swapcase(), text.lower(), text.upper(), text.capitalize(), text[:-1], text + text, text[::-1])
        yield from (f"{text}{mark}" for mark in _MARKS)
        yield from (f"{mark}{text}" for mark in _MARKS)
        yield from (f"{text[: len(text) // 2]}{mark}{text[len(text) // 2 :]}" for mark in _MARKS)


def _of_list(simple: Simple) -> Iterator[str]:
    yield from ("other", "none of these", "null", "0", "-1", "x")
    yield from _near(simple)


def _of_pattern(simple: Simple) -> Iterator[str]:
    for pattern in simple.patterns:
        yield failing(compiled(pattern).pattern, whole=True) or ""
    yield from _near(simple)
    yield from _MARKS


def _short(simple: Simple) -> Iterator[str]:
    for length in (simple.least - 1, 1, simple.least // 2):
        if length < LONGEST:
            yield from (mark * length for mark in "x0中")
    yield from (text[: simple.least - 1] for text in texts(simple).notable)


def _long(simple: Simple) -> Iterator[str]:
    for length in (simple.most + 1, simple.most + 2, simple.most * 2, simple.most + 1_000):
        if length <= 4 * LONGEST:
            yield from (mark * length for mark in "x0中")
            yield from ((text * length)[:length] for text in texts(simple).notable[:8] if text)


def _low(simple: Simple) -> Iterator[str]:
    yield from (_number(simple, (simple.low or 0) - far) for far in _FAR)


def _high(simple: Simple) -> Iterator[str]:
    yield from (_number(simple, (simple.high or 0) + far) for far in _FAR)


def _number(simple: Simple, value: Decimal | int) -> str:
    return str(int(value // 1)) if simple.base == "integer" else f"{value:f}"


def _no_type(simple: Simple) -> Iterator[str]:
    yield from _NO_NUMBERS
    # Python reads these as numbers, and XSD does not: beside the type nothing is wrong with them.
    for text in texts(simple).notable[:2]:
        yield from (f"0_{text.lstrip('-')}", *(text.translate(digits) for digits in _OTHER_DIGITS))
    if simple.base == "integer":
        yield from ("1.5", "8.0", "1.", ".5")


_LIKELY: Final[dict[str, Callable[[Simple], Iterator[str]]]] = {
    "enumeration": _of_list,
    "pattern": _of_pattern,
    "minLength": _short,
    "maxLength": _long,
    "minInclusive": _low,
    "maxInclusive": _high,
    "type": _no_type,
}
