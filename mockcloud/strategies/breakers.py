"""Values that break one constraint of a JSON Schema: near misses first, then anything beyond.

Knows every constraint of the vocabulary, no operation. Law: whether a value breaks the one rule and no other is for others to
judge; here it is only likely.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Final

from hypothesis import strategies as st

from mockcloud.messages import Json
from mockcloud.reports.json_values import ABSENT, LONGEST, is_number, sample
from mockcloud.reports.patterns import matcher
from mockcloud.strategies import texts
from mockcloud.strategies.edges import edges
from mockcloud.strategies.leaves import Leaf

BEYOND: Final = (1, 2, 10, 1_000, 2**31, 2**53)
"""How far outside of a bound a number is."""

STRANGERS: Final[tuple[Json, ...]] = ("x", "8", "", "true", 1, 0, -1, 1.5, True, False, [], {}, ["x"], [1], {"x": 1}, [[]], [{}])
"""A value of every type, the mistakes that clients make first."""

_TYPES: Final[dict[str, Callable[[Json], bool]]] = {
    "string": lambda value: isinstance(value, str),
    "integer": lambda value: is_number(value) and float(value).is_integer(),
    "number": is_number,
    "boolean": lambda value: isinstance(value, bool),
    "object": lambda value: isinstance(value, dict),
    "array": lambda value: isinstance(value, list),
    "null": lambda value: value is None,
}


def _type(demand: Json, around: Json) -> Leaf:
    kinds = demand if isinstance(demand, list) else [demand]
    likely = (
        ["8", 8.5, "1.0", 99.5] if {"integer", "number"} & set(kinds) else ["true", 1, 0] if "boolean" in kinds else [1, True]
    )
    return Leaf(one for one in (*likely, *STRANGERS) if not any(_TYPES[kind](one) for kind in kinds))


def _listed(listed: list[Json], around: Json) -> Leaf:
    if all(is_number(one) or isinstance(one, bool) for one in listed):
        near = [one + step for one in listed if is_number(one) for step in (1, -1, 1_000)]
        return Leaf(one for one in (*near, *([1, "true"] if True in listed else [])) if not _among(one, listed))
    found = [miss for one in listed if isinstance(one, str) for miss in near_misses(one)]
    found += [f"{listed[0]},{listed[-1]}", "other", "none", "null", "0"]
    others = st.text(texts.PLAIN.characters, min_size=1).filter(lambda text: not _among(text, listed))
    return Leaf((one for one in found if not _among(one, listed)), others)


def _among(value: Json, listed: list[Json]) -> bool:
    return any(type(value) is type(one) and value == one for one in listed)


def near_misses(text: str) -> Iterable[str]:
    """Texts that a slip makes of one: in another case, with a blank, cut, doubled."""
    return (
        text.swapcase(),
        text.upper(),
        text.lower(),
        text.capitalize(),
        f"{text} ",
        f" {text}",
        text[:-1],
        f"{text}s",
        text * 2,
        "",
    )


def _below(demand: Json, around: Json) -> Leaf:
    near = [demand - 0.5] if around.get("type") == "number" else []
    return Leaf([demand - 1, *near, *(demand - step for step in BEYOND)], st.integers(max_value=-int(-demand // 1) - 1))


def _above(demand: Json, around: Json) -> Leaf:
    near = [demand + 0.5] if around.get("type") == "number" else []
    return Leaf([demand + 1, *near, *(demand + step for step in BEYOND)], st.integers(min_value=int(demand // 1) + 1))


def _shorter(demand: int, around: Json) -> Leaf:
    if demand > LONGEST:
        return Leaf([])
    return Leaf(("x" * (demand - 1), "中" * (demand - 1), ""), st.text(texts.PLAIN.characters, max_size=demand - 1))


def _longer(demand: int, around: Json) -> Leaf:
    if demand >= LONGEST:
        return Leaf([])
    counts = (demand + 1, demand + 2, demand + 100, demand * 2 + 2)
    return Leaf(mark * count for count in counts for mark in ("x", "中") if count <= LONGEST)


def _unlike(demand: str, around: Json) -> Leaf:
    fits = matcher(demand, whole=False)
    kept = edges(demand, whole=False)
    slips = [f"{text}{mark}" for text in kept for mark in ("x", "0", " ", "-", "\n")] + [
        miss for text in kept for miss in near_misses(text)
    ]
    found = [one for one in (*texts.NOTABLE[:2], *slips, *texts.NOTABLE) if not fits(one)]
    return Leaf(found, st.text(texts.PLAIN.characters).filter(lambda text: not fits(text)))


def _fewer(demand: int, around: Json) -> Leaf:
    element = sample(around.get("items", {}))
    return Leaf([element] * count for count in dict.fromkeys((demand - 1, 0))) if demand <= LONGEST else Leaf([])


def _more(demand: int, around: Json) -> Leaf:
    element = sample(around.get("items", {}))
    return Leaf([element] * (demand + step) for step in (1, 2, 10)) if demand < LONGEST else Leaf([])


BREAKERS: Final[dict[str, Callable[[Json, Json], Leaf]]] = {
    "type": _type,
    "required": lambda demand, around: Leaf([ABSENT]),
    "minItems": _fewer,
    "maxItems": _more,
    "enum": _listed,
    "const": lambda demand, around: _listed([demand], around),
    "minimum": _below,
    "maximum": _above,
    "minLength": _shorter,
    "maxLength": _longer,
    "pattern": _unlike,
}
"""For each constraint the values that break it, given its demand and the schema around it. Conditions are searched for."""
