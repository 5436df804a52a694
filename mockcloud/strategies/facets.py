"""Texts of a simple type: those that are worth trying by themselves, and any other.

Knows the facets of XSD. Law: every text keeps every facet; the first one is the smallest, for shrinking ends there.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal
from functools import lru_cache
from typing import Final, NamedTuple

from hypothesis import strategies as st

from mockcloud.reports.patterns import matching
from mockcloud.strategies.grammar import UNBOUNDED, Simple

LONGEST: Final = 4_096
"""Characters of the longest text that is tried; of one without a bound it is `LONG`."""
LONG: Final = 300
DRAWN: Final = 24
"""Characters of the longest text that is drawn mark by mark: a longer one says no more."""
LARGEST: Final = 10**15
PLACES: Final = 3

ALPHABET: Final = "xabyz0159AZ -_./:?&=%+~*@#,;!$'\"()<>[]{}|\\^`éßñдעم中文語€…️́😀𝄞"
"""Letters of several scripts, one that combines, two beyond the first plane, and all that XML and addresses must escape."""

SPECIMENS: Final = ("x", "a b", "中文", "é<&>\"']]>", " x ", "0", "😀", "x\ty\nz", "a+b=%2F&c")


class Texts(NamedTuple):
    """The texts of a type: some by themselves, the smallest first, and a strategy of the others, where there are others."""

    some: tuple[str, ...]
    others: st.SearchStrategy[str] | None


@lru_cache(1_024)
def texts(simple: Simple) -> Texts:
    """The texts of a type. None at all where none was found."""
    keeps = keeping(simple)
    if simple.members:
        each = [texts(one) for one in simple.members]
        others = [one.others.filter(keeps) for one in each if one.others is not None]
        return Texts(_first(keeps, (text for one in each for text in one.some)), st.one_of(others) if others else None)
    if simple.listed:
        return Texts(_first(keeps, simple.listed), None)
    make = _NUMBERS.get(simple.base, _marks)
    return make(simple, keeps)


def _first(keeps: Callable[[str], bool], likely: Iterable[str]) -> tuple[str, ...]:
    return tuple(text for text in dict.fromkeys(likely) if keeps(text))


_SPELLINGS: Final = {"integer": re.compile(r"[+-]?[0-9]+"), "decimal": re.compile(r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)")}
"""How numbers are written."""


# Whether a text keeps the facets --------------------------------------------------------------------------------------


@lru_cache(1_024)
def keeping(simple: Simple) -> Callable[[str], bool]:
    """Whether a text is of a type."""
    match = [_compiled(pattern) for pattern in simple.patterns]

    def keeps(text: str) -> bool:
        fits = all(one.fullmatch(text) for one in match) and (not simple.listed or text in simple.listed)
        if not fits or not simple.least <= len(text) <= simple.most:
            return False
        if simple.members:
            return any(keeping(one)(text) for one in simple.members)
        return simple.base not in _NUMBERS or _in_bounds(simple, text)

    return keeps


def _in_bounds(simple: Simple, text: str) -> bool:
    if not _SPELLINGS[simple.base].fullmatch(text):
        return False
    number, digits = Decimal(text), text.strip("+-")
    whole, _, places = digits.partition(".")
    return (
        (simple.low is None or number >= simple.low)
        and (simple.high is None or number <= simple.high)
        and len(places.rstrip("0")) <= simple.places
        and len(whole.lstrip("0") + places) <= simple.digits
    )


@lru_cache(1_024)
def _compiled(pattern: str) -> re.Pattern[str]:
    """A pattern of XSD, which knows no anchors and has classes of its own, as `re` reads it."""
    from elementpath.regex import translate_pattern

    read = translate_pattern(pattern, xsd_version="1.1", back_references=False, lazy_quantifiers=False, anchors=False)
    return re.compile(read.removeprefix("^").removesuffix(r"$(?!\n\Z)"))


# Texts of marks -------------------------------------------------------------------------------------------------------


def _marks(simple: Simple, keeps: Callable[[str], bool]) -> Texts:
    least, most = max(simple.least, 1), min(simple.most, LONGEST)
    bounds = [simple.least, least, min(simple.most, LONG) if simple.most == UNBOUNDED else most]
    if not simple.patterns:
        likely = ["x" * max(bounds[0], 1), *SPECIMENS, *("x" * bound for bound in bounds), "中" * bounds[2], ""]
        size = min(most, max(least, DRAWN))
        return Texts(_first(keeps, likely), st.text(ALPHABET, min_size=simple.least, max_size=size))
    pattern = simple.patterns[0]
    short = [one for one in (matching(pattern, whole=True), *SPECIMENS) if one is not None]
    short.sort(key=lambda text: not keeps(text))
    long = [one for bound in bounds for text in short[:2] for one in stretched(text, bound, keeps)]
    drawn = st.from_regex(_compiled(pattern), fullmatch=True, alphabet="".join(dict.fromkeys([*ALPHABET, *pattern])))
    return Texts(_first(keeps, [*short, *long, ""]), drawn if _is_plain(simple) else drawn.filter(keeps))


def _is_plain(simple: Simple) -> bool:
    """Whether the one pattern is all that is asked."""
    return len(simple.patterns) == 1 and simple.least == 0 and simple.most == UNBOUNDED


def stretched(text: str, length: int, keeps: Callable[[str], bool]) -> Iterator[str]:
    """The text made so long by standing one of its marks there again and again, where that is found."""
    missing = length - len(text)
    for at in reversed(range(len(text))) if missing > 0 else ():
        longer = text[:at] + text[at] * missing + text[at:]
        if keeps(longer):
            yield longer
            return


# Numbers --------------------------------------------------------------------------------------------------------------


def _integers(simple: Simple, keeps: Callable[[str], bool]) -> Texts:
    low, high = _span(simple, 1)
    near = [1, 0, low, high, low + 1, high - 1, 2, -1, 255, 65_536, 2**31 - 1, 2**31, -(2**31)]
    return Texts(_first(keeps, map(str, near)), st.integers(low, high).map(str).filter(keeps))


def _decimals(simple: Simple, keeps: Callable[[str], bool]) -> Texts:
    places = min(simple.places, PLACES)
    low, high = _span(simple, 10**places)
    step = Decimal(1).scaleb(-places)
    bounds = [one for one in (simple.low, simple.high) if one is not None]
    near = ["1", "0", *map(str, bounds), "0.5", "-1", "1.50", str(low * step), str(high * step), str(low * step + step)]
    return Texts(_first(keeps, near), st.integers(low, high).map(lambda number: str(number * step)).filter(keeps))


def _span(simple: Simple, scale: int) -> tuple[int, int]:
    """The smallest and the largest number that is drawn, in steps of one part of so many."""
    largest = LARGEST if simple.digits == UNBOUNDED else 10 ** min(simple.digits, 15)
    low = -largest if simple.low is None else -int(-simple.low * scale // 1)
    high = largest if simple.high is None else int(simple.high * scale // 1)
    if simple.low is not None and simple.high is None:
        high = max(high, low + largest)
    return min(low, high), max(low, high)


_NUMBERS: Final = {"integer": _integers, "decimal": _decimals}
