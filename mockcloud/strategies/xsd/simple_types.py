"""Simple types of an XSD: built-in ones, restrictions and unions, as what a text must be.

Knows facets. Law: a type admits nothing that its XSD does not; where it admits less (an exclusive bound of a decimal is kept by a
thousandth), only what is near the bound is never drawn.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from typing import Any, Final

from mockcloud.strategies.builtin_types import FORMS
from mockcloud.strategies.facets import compiled
from mockcloud.strategies.grammar import Simple
from mockcloud.strategies.xsd.files import Component, Schema

_BITS: Final = {"long": 64, "int": 32, "short": 16, "byte": 8}
_NUMBERS: Final = {
    "integer": Simple("integer"),
    "positiveInteger": Simple("integer", low=Decimal(1)),
    "nonNegativeInteger": Simple("integer", low=Decimal(0)),
    "negativeInteger": Simple("integer", high=Decimal(-1)),
    "nonPositiveInteger": Simple("integer", high=Decimal(0)),
    **{name: Simple("integer", low=Decimal(-(2 ** (b - 1))), high=Decimal(2 ** (b - 1) - 1)) for name, b in _BITS.items()},
    **{f"unsigned{name.title()}": Simple("integer", low=Decimal(0), high=Decimal(2**b - 1)) for name, b in _BITS.items()},
    "decimal": Simple("decimal"),
}
BUILT_IN: Final = {
    "string": Simple(),
    "anySimpleType": Simple(),
    "anyAtomicType": Simple(),
    **{name: Simple(name) for name in FORMS},
    **_NUMBERS,
}
"""The built-in types that are read."""

_COUNTED: Final = frozenset({"hexBinary", "base64Binary"})
_FLOATS: Final = frozenset({"float", "double"})
_BOUNDED: Final = _FLOATS | {"integer", "decimal"}


def simple_type(schema: Schema, owner: Component, name: str) -> Simple:
    """The type that a construct names, or that stands in it where it names none."""
    if name:
        built_in, local = owner.resolved(name)
        if built_in:
            return _built_in(owner, local)
        return defined(schema, schema.find("type", local, owner))
    inline = owner.first("simpleType")
    return Simple() if inline is None else defined(schema, inline)


def _built_in(owner: Component, name: str) -> Simple:
    if name not in BUILT_IN:
        raise owner.outside(f"the type xs:{name}", "use xs:string with a pattern")
    return BUILT_IN[name]


def defined(schema: Schema, type: Component) -> Simple:
    """What an xs:simpleType says."""
    union = type.first("union")
    if union is not None:
        named = [simple_type(schema, union, name) for name in union.get("memberTypes").split()]
        return Simple("string", members=(*named, *(defined(schema, one) for one in union.below())))
    restriction = type.first("restriction")
    if restriction is None:
        raise type.outside("a simple type that restricts nothing", "restrict a built-in type")
    return restricted(simple_type(schema, restriction, restriction.get("base")), restriction)


def restricted(base: Simple, restriction: Component) -> Simple:
    """A type within further facets."""
    values: dict[str, list[str]] = {}
    for facet in restriction.below():
        values.setdefault(facet.kind(), []).append(facet.item.get("value", ""))
    found = base
    for name, texts in values.items():
        if name in _FACETS:
            try:
                found = replace(found, **_FACETS[name](found, texts))
            except (ArithmeticError, ValueError, LookupError, re.error):
                raise restriction.outside(f"{name} '{texts[-1]}' of a type of {base.base}", "take it out") from None
    return found


def _bound(name: str, step: int) -> Callable[[Simple, list[str]], dict[str, Any]]:
    def bound(simple: Simple, texts: list[str]) -> dict[str, Any]:
        value = Decimal(texts[-1]) + (step if simple.base == "integer" else step * Decimal("0.001"))
        if simple.base not in _BOUNDED or simple.members or not value.is_finite():
            raise ValueError(simple.base)
        # A number with a point and no exponent is of both types.
        return {name: value, "base": "decimal" if simple.base in _FLOATS else simple.base}

    return bound


def _length(*names: str) -> Callable[[Simple, list[str]], dict[str, Any]]:
    def length(simple: Simple, texts: list[str]) -> dict[str, Any]:
        if simple.base in _COUNTED:
            raise ValueError(simple.base)
        return dict.fromkeys(names, int(texts[-1]))

    return length


def _listed(simple: Simple, texts: list[str]) -> dict[str, Any]:
    return {"listed": tuple(texts if simple.base in ("string", "normalizedString") else [" ".join(one.split()) for one in texts])}


def _patterns(simple: Simple, texts: list[str]) -> dict[str, Any]:
    for one in texts:
        compiled(one)
    return {"patterns": (*simple.patterns, texts[0] if len(texts) == 1 else "|".join(f"({one})" for one in texts))}


_WHITE: Final = {"preserve": "string", "replace": "normalizedString", "collapse": "token"}


def _white(simple: Simple, texts: list[str]) -> dict[str, Any]:
    return {"base": _WHITE[texts[-1]]} if simple.base == "string" else {}


_FACETS: Final[dict[str, Callable[[Simple, list[str]], dict[str, Any]]]] = {
    "enumeration": _listed,
    "pattern": _patterns,
    "length": _length("least", "most"),
    "minLength": _length("least"),
    "maxLength": _length("most"),
    "minInclusive": _bound("low", 0),
    "maxInclusive": _bound("high", 0),
    "minExclusive": _bound("low", 1),
    "maxExclusive": _bound("high", -1),
    "totalDigits": lambda simple, texts: {"digits": int(texts[-1])},
    "fractionDigits": lambda simple, texts: {"places": int(texts[-1])},
    "whiteSpace": _white,
}
"""What each facet says of a type, given its values."""
