"""The facets of a leaf as one quick question: is this text certainly valid?

Knows the base types and facets of our XSD vocabulary. Law: the answer is yes only where every validator says so. What they
might see differently (numbers of many digits, patterns that XSD and Python read differently) is never certain.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal
from functools import reduce
from typing import Final

from mockcloud.contracts.xsd_reader import Node

Fits = Callable[[str], object]
"""Whether a text is certainly valid: true or false as conditions are."""

_NUMBERS: Final = {
    "integer": re.compile(r"[ \t\r\n]*[+-]?[0-9]{1,18}[ \t\r\n]*"),
    "decimal": re.compile(r"[ \t\r\n]*[+-]?([0-9]{1,18}(\.[0-9]{0,18})?|\.[0-9]{1,18})[ \t\r\n]*"),
}

_ESCAPE: Final = r"\\[\\.?*+(){}\[\]|^sS-]"
_MEMBER: Final = rf"([^\\\[\]^&|~-]|{_ESCAPE})(-[0-9A-Za-z~])?"
_COMMON: Final = re.compile(
    rf"(([^\\.?*+(){{}}\[\]|^$]|{_ESCAPE}|\[\^?({_MEMBER})+-?\]|\))([?*+]|\{{[0-9]{{1,4}}(,[0-9]{{0,4}})?\}})?|\((?!\?)|\|)*"
)
"""Patterns that XSD and Python read alike, of a text that is printable: in it only the space is white."""


def fits(leaf: Node) -> Fits | None:
    """The question for a leaf's texts; None when every text is valid."""
    questions: list[Fits] = [_NUMBERS[leaf.base].fullmatch] if leaf.base in _NUMBERS else []
    try:
        questions += [_QUESTIONS[facet.name, leaf.base](facet.demand) for facet in leaf.facets]
    except (LookupError, ArithmeticError, ValueError, re.error):
        # A facet that does not go with its type or has no value; the validators will tell.
        return never
    return reduce(_both, questions) if questions else None


def never(text: str) -> bool:
    """For what only the validators can judge."""
    return False


def _both(first: Fits, second: Fits) -> Fits:
    return lambda text: first(text) and second(text)


def _pattern(demand: str) -> Fits:
    if not _COMMON.fullmatch(demand):
        return never
    matches = re.compile(demand).fullmatch
    return lambda text: text.isprintable() and matches(text)


def _at_least(demand: str) -> Fits:
    least = Decimal(demand)
    return lambda text: Decimal(text) >= least


def _at_most(demand: str) -> Fits:
    most = Decimal(demand)
    return lambda text: Decimal(text) <= most


def _not_shorter(demand: str) -> Fits:
    least = int(demand)
    return lambda text: len(text) >= least


def _not_longer(demand: str) -> Fits:
    most = int(demand)
    return lambda text: len(text) <= most


def _one_of(demand: list[str]) -> Fits:
    return frozenset(demand).__contains__


_QUESTIONS: Final[dict[tuple[str, str], Callable[..., Fits]]] = {
    ("enumeration", "string"): _one_of,
    ("pattern", "string"): _pattern,
    ("minLength", "string"): _not_shorter,
    ("maxLength", "string"): _not_longer,
    **{("minInclusive", base): _at_least for base in _NUMBERS},
    **{("maxInclusive", base): _at_most for base in _NUMBERS},
}
"""What each facet asks, of a text that is of the base type."""
