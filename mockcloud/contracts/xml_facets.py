"""The facets of a leaf as one quick question: is this text certainly valid?

Knows the base types and facets of our XSD vocabulary. Law: the answer is yes only where every validator says so. What they
might see differently (numbers of many digits, patterns that XSD and Python read differently) is never certain.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Final, NamedTuple

from mockcloud.contracts.xsd_reader import Node

Fits = Callable[[str], object]
"""Whether a text is certainly valid: true or false as conditions are."""

_NUMBERS: Final = {
    "integer": r"[ \t\r\n]*[+-]?[0-9]{1,18}[ \t\r\n]*",
    "decimal": r"[ \t\r\n]*[+-]?(?:[0-9]{1,18}(?:\.[0-9]{0,18})?|\.[0-9]{1,18})[ \t\r\n]*",
}

_ESCAPE: Final = r"\\[\\.?*+(){}\[\]|^sS-]"
_MEMBER: Final = rf"([^\\\[\]^&|~-]|{_ESCAPE})(-[0-9A-Za-z~])?"
_COMMON: Final = re.compile(
    rf"(([^\\.?*+(){{}}\[\]|^$]|{_ESCAPE}|\[\^?({_MEMBER})+-?\]|\))([?*+]|\{{[0-9]{{1,4}}(,[0-9]{{0,4}})?\}})?|\((?!\?)|\|)*"
)
"""Patterns that XSD and Python read alike, of a text that is printable: in it only the space is white."""


class Demand(NamedTuple):
    """What a leaf asks of its text: to match a pattern whole, where there is one, and to keep bounds besides."""

    pattern: str = ""
    bounds: tuple[Fits, ...] = ()
    """Asked only of what matches."""
    printable: bool = False
    """Whether the pattern is certain of printable texts only."""


ANYTHING: Final = Demand()
NOTHING: Final = Demand("(?!)")
"""For what only the validators can judge."""

BETWEEN: Final = "\u00a6"
"""Stands between texts that are asked about together: printable, and in few texts."""

_TOKEN: Final = re.compile(r"\\.|\[(?:\\.|[^\]])*\]|.", re.DOTALL)


def demand(leaf: Node) -> Demand:
    """What the type and the facets of a leaf ask."""
    found = Demand(_NUMBERS[leaf.base]) if leaf.base in _NUMBERS else ANYTHING
    for facet in leaf.facets:
        try:
            found = _both(found, _DEMANDS[facet.name, leaf.base](facet.demand))
        except (LookupError, ArithmeticError, ValueError, re.error):
            # A facet that does not go with its type or has no value; the validators will tell.
            return NOTHING
    return found


def fits(asked: Demand) -> Fits:
    """The question about one text."""
    matches = re.compile(asked.pattern or ".*", re.DOTALL).fullmatch
    bounds, printable = asked.bounds, asked.printable

    def fit(text: str) -> bool:
        return bool(matches(text)) and (text.isprintable() or not printable) and all(bound(text) for bound in bounds)

    return fit


def all_fit(asked: Sequence[Demand]) -> Fits | None:
    """The question about the patterns of several texts, with `BETWEEN` between them; None where there is none.

    Of texts that have no such mark in them: as many are asked for as there are, so none can pass for a part of a text. A
    text that matched is not gone back to, so the whole takes no longer than its parts.
    """
    if not any(one.pattern for one in asked):
        return None
    parts = [f"(?:{_TOKEN.sub(_short_of_the_mark, one.pattern or '.*')})" for one in asked]
    return re.compile("".join([f"(?>{part}{BETWEEN})" for part in parts[:-1]]) + parts[-1]).fullmatch


def _short_of_the_mark(token: re.Match[str]) -> str:
    """A piece of a pattern as one that does not run into the next text, which would cost it the match."""
    text = token[0]
    if text == ".":
        return f"[^{BETWEEN}]"
    if text == r"\S":
        return rf"[^\s{BETWEEN}]"
    return f"[^{BETWEEN}{text[2:]}" if text.startswith("[^") else text


def _both(first: Demand, second: Demand) -> Demand:
    if first.pattern and second.pattern:
        second = Demand(bounds=(fits(second),))
    return Demand(first.pattern or second.pattern, first.bounds + second.bounds, first.printable or second.printable)


def _pattern(text: str) -> Demand:
    re.compile(text)
    return Demand(text, printable=True) if _COMMON.fullmatch(text) else NOTHING


def _one_of(texts: list[str]) -> Demand:
    return Demand("|".join(map(re.escape, texts)))


def _at_least(text: str) -> Demand:
    least = Decimal(text)
    return Demand(bounds=(lambda text: Decimal(text) >= least,))


def _at_most(text: str) -> Demand:
    most = Decimal(text)
    return Demand(bounds=(lambda text: Decimal(text) <= most,))


def _not_shorter(text: str) -> Demand:
    least = int(text)
    return Demand(bounds=(lambda text: len(text) >= least,))


def _not_longer(text: str) -> Demand:
    most = int(text)
    return Demand(bounds=(lambda text: len(text) <= most,))


_DEMANDS: Final[dict[tuple[str, str], Callable[..., Demand]]] = {
    ("enumeration", "string"): _one_of,
    ("pattern", "string"): _pattern,
    ("minLength", "string"): _not_shorter,
    ("maxLength", "string"): _not_longer,
    **{("minInclusive", base): _at_least for base in _NUMBERS},
    **{("maxInclusive", base): _at_most for base in _NUMBERS},
}
"""What each facet asks of a text that is of the base type."""
