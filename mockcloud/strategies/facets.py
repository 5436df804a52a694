"""Texts of a simple type: those that are worth trying by themselves, and any other.

Knows the facets of XSD. Law: every text keeps every facet, nothing is filtered, and the first one is the smallest, for
shrinking ends there.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal
from functools import lru_cache
from typing import Final

from hypothesis import strategies as st

from mockcloud.contracts.xml_schema import SPELLINGS
from mockcloud.strategies import builtin_types, numbers
from mockcloud.strategies import texts as marks
from mockcloud.strategies.grammar import UNBOUNDED, Simple
from mockcloud.strategies.leaves import Leaf

PLACES: Final = 3
"""Of decimals that are drawn by chance."""

DIGITS: Final = 15

ALPHABET: Final = "".join(map(chr, range(32, 127))) + "éßñdעم中文語€…\u0301😀𝄞"
"""What every validator finds in the same class: not all of them know the letters that were added last."""

_CLASSES: Final = re.compile(r"\\[a-zA-Z]")


@lru_cache(1_024)
def texts(simple: Simple) -> Leaf:
    """The texts of a type; none at all where none was found."""
    if simple.members:
        each = [texts(one) for one in simple.members]
        others = [one.more for one in each if one.more is not None]
        return _leaf(simple, (text for one in each for text in one.notable), st.one_of(others) if others else None)
    if simple.listed:
        return _leaf(simple, simple.listed, None)
    return _marks(simple) if simple.patterns else _MAKERS.get(simple.base, _marks)(simple)


def _leaf(simple: Simple, likely: Iterable[str], others: st.SearchStrategy[str] | None) -> Leaf:
    """Those of the likely texts that are of the type, and the others, of which one that is not counts as the first."""
    keeps = keeping(simple)
    some = [text for text in dict.fromkeys(likely) if keeps(text)]
    if others is None or not some:
        return Leaf(some)
    return Leaf(some, others.map(lambda text: text if keeps(text) else some[0]))


# Whether a text keeps the facets --------------------------------------------------------------------------------------


@lru_cache(1_024)
def keeping(simple: Simple) -> Callable[[str], bool]:
    """Whether a text is of a type."""
    match = [compiled(pattern).fullmatch for pattern in simple.patterns]
    of_base = _in_bounds if simple.base in SPELLINGS else builtin_types.is_of

    def keeps(text: str) -> bool:
        fits = all(one(text) for one in match) and (not simple.listed or text in simple.listed)
        if not fits or not simple.least <= len(text) <= simple.most:
            return False
        return any(keeping(one)(text) for one in simple.members) if simple.members else of_base(simple, text)

    return keeps


def _in_bounds(simple: Simple, text: str) -> bool:
    if not SPELLINGS[simple.base].fullmatch(text):
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
def compiled(pattern: str) -> re.Pattern[str]:
    """A pattern of XSD, which knows no anchors and has classes of its own, as `re` reads it."""
    from elementpath.regex import RegexError, translate_pattern

    try:
        read = translate_pattern(pattern, xsd_version="1.1", back_references=False, lazy_quantifiers=False, anchors=False)
    except RegexError as problem:
        raise ValueError(problem) from None
    return re.compile(read.removeprefix("^").removesuffix(r"$(?!\n\Z)"))


# The texts of each base -----------------------------------------------------------------------------------------------


def _marks(simple: Simple) -> Leaf:
    """Texts of marks, by their pattern or their length."""
    form = builtin_types.FORMS.get(simple.base, "")
    if simple.patterns and simple.base not in builtin_types.READ_BY_VALUE:
        form = simple.patterns[0]
    if not form:
        most = None if simple.most == UNBOUNDED else simple.most
        found = marks.leaf(marks.DOCUMENT, max(simple.least, 1), most)
        return _leaf(simple, [*found.notable, ""], found.more)
    found = marks.leaf(_carrier(form), pattern=compiled(narrowed(form)).pattern, whole=True)
    given = [*builtin_types.SPECIMENS.get(simple.base, ()), *found.notable]
    keeps = keeping(simple)
    given.sort(key=lambda text: not keeps(text))
    bounds = [simple.least, marks.LONG if simple.most == UNBOUNDED else min(simple.most, marks.LONGEST)]
    long = [one for bound in bounds for text in given[:3] for one in stretched(text, bound, keeps)]
    return _leaf(simple, [*given, *long], found.more)


def _carrier(form: str) -> marks.Carrier:
    """What may stand in texts of a pattern: any character, or where it has classes those of which all agree."""
    if not _CLASSES.search(form):
        return marks.DOCUMENT
    allowed = "".join(dict.fromkeys([*ALPHABET, *form]))
    return marks.Carrier(st.characters(categories=(), include_characters=allowed), lambda text: not text.strip(allowed))


NARROW: Final = {
    "i": "A-Za-z_",
    "c": "A-Za-z0-9._",
    "w": "A-Za-z0-9é中",
    "d": "0-9",
    "s": " ",
    "p{L}": "A-Za-zé中",
    "p{Lu}": "A-Z",
    "p{Ll}": "a-z",
    "p{N}": "0-9",
    "p{Nd}": "0-9",
}
"""Some marks of each class: whole classes are long, and not the same to all validators."""

_TOKEN: Final = re.compile(r"\\(p\{\w+\}|.)|\[|\]|[^\\\[\]]+", re.DOTALL)


def narrowed(form: str) -> str:
    """A pattern of XSD that matches some of what another one does."""
    depth, parts = 0, []
    for token in _TOKEN.finditer(form):
        some = NARROW.get(token[1] or "")
        depth += (token[0] == "[") - (token[0] == "]")
        parts.append(token[0] if some is None else some if depth else f"[{some}]")
    return "".join(parts)


def stretched(text: str, length: int, keeps: Callable[[str], bool]) -> Iterator[str]:
    """The text made so long by standing one of its marks there again and again, where that is found."""
    missing = length - len(text)
    for at in reversed(range(len(text))) if missing > 0 else ():
        longer = text[:at] + text[at] * missing + text[at:]
        if keeps(longer):
            yield longer
            return


def _integers(simple: Simple) -> Leaf:
    largest = 10 ** min(simple.digits, DIGITS) - 1 if simple.digits != UNBOUNDED else None
    low = int(-(-simple.low // 1)) if simple.low is not None else None if largest is None else -largest
    high = int(simple.high // 1) if simple.high is not None else largest
    asked = {name: value for name, value in (("minimum", low), ("maximum", high)) if value is not None}
    found = numbers.integers([asked])
    # One is smaller than none to whoever reads it.
    first = ["1", *map(str, found.notable)]
    return _leaf(simple, first, None if found.more is None else found.more.map(str))


def _decimals(simple: Simple) -> Leaf:
    places = min(simple.places, PLACES)
    step, largest = Decimal(1).scaleb(-places), Decimal(10) ** min(simple.digits, DIGITS) - 1
    low = -largest if simple.low is None else simple.low
    high = max(low, largest) if simple.high is None else simple.high
    near = ["1", "0", *(f"{one:f}" for one in (low, high, low + step, high - step)), "0.5", "-1", "1.50", "29.97"]
    least, most = -int(-low // step), int(high // step)
    drawn = st.integers(least, most).map(lambda number: f"{number * step:f}") if least <= most else None
    return _leaf(simple, near, drawn)


_MAKERS: Final[dict[str, Callable[[Simple], Leaf]]] = {"integer": _integers, "decimal": _decimals}
