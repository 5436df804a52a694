"""How two demands compare that are plain values: sets, bounds, types.

Knows no schema around them. Law: every answer is certain.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import Final

from mockcloud.changes.change import How
from mockcloud.messages import Json

_PARTS: Final = {"number": ("integer", "fraction"), "decimal": ("integer", "fraction")}
"""Types that hold others."""


def of_sets(old: Iterable[Json], new: Iterable[Json]) -> How | None:
    """How two sets of what is taken compare, None where they are the same."""
    before, after = ({key_of(one) for one in listed} for listed in (old, new))
    if before == after:
        return None
    if before < after:
        return How.LOOSER
    return How.STRICTER if after < before else How.CHANGED


def key_of(value: Json) -> Json:
    """What tells a value apart from others: `1` and `true` are two values, `1` and `1.0` are one."""
    return ("number", value) if isinstance(value, (int, float)) and not isinstance(value, bool) else repr(value)


def _types(old: Json, new: Json) -> How | None:
    return of_sets(_kinds(old), _kinds(new))


def _kinds(demand: Json) -> list[str]:
    named = demand if isinstance(demand, list) else [demand]
    return [part for one in named for part in _PARTS.get(one, (one,))]


def least(old: Json, new: Json) -> How | None:
    """How two lower bounds compare."""
    before, after = _number(old), _number(new)
    return None if before == after else How.STRICTER if after > before else How.LOOSER


def most(old: Json, new: Json) -> How | None:
    """How two upper bounds compare."""
    return least(new, old)


def _number(demand: Json) -> Decimal:
    """A bound, which XSD writes as text; `required` demands true in JSON and a number in XML."""
    return Decimal(str(int(demand)) if isinstance(demand, bool) else str(demand))


VALUES: Final[dict[str, Callable[[Json, Json], How | None]]] = {
    "type": _types,
    "required": least,
    "minItems": least,
    "maxItems": most,
    "enum": of_sets,
    "const": lambda old, new: of_sets([old], [new]),
    "minimum": least,
    "maximum": most,
    "minLength": least,
    "maxLength": most,
    "maxOccurs": most,
    "enumeration": of_sets,
    "minInclusive": least,
    "maxInclusive": most,
}
"""Every constraint whose demand is a plain value: what the new one is to the old one, None for the same."""
