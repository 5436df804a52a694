"""Valid requests that differ: the fullest, and one for each value that a rule lists or bounds.

Knows both languages of schemas. Law: a variant keeps every rule and has the value that it is about.
"""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import Final, NamedTuple

from mockcloud.contracts.json_schema import JsonSchema
from mockcloud.contracts.model import Operation, Schema
from mockcloud.contracts.rules import Rule
from mockcloud.drafting.requests import places
from mockcloud.drafting.requests.amending import amended
from mockcloud.drafting.requests.drafts import Change, Draft
from mockcloud.messages import Json, shortened
from mockcloud.reports import json_examples
from mockcloud.reports.json_values import ABSENT, sample
from mockcloud.reports.words import dotted

LONGEST: Final = 4_096
"""Characters of the longest text, and elements of the longest list, that a pack holds."""

SHOWN: Final = 40
"""Characters of the longest text that is named by itself."""

CHOICES: Final = frozenset({"enum", "enumeration"})
"""Constraints whose values decide what else may be there."""

CHOSEN: Final = 24
"""How many requests with a listed value are tried as the ground of another."""

VALUES: Final[dict[str, Callable[[Json, Json], list[Json]]]] = {
    "enum": lambda demand, element: demand,
    "enumeration": lambda demand, element: demand,
    "type": lambda demand, element: [True, False] if demand == "boolean" else [],
    "minimum": lambda demand, element: [demand],
    "maximum": lambda demand, element: [demand],
    "minInclusive": lambda demand, element: [demand],
    "maxInclusive": lambda demand, element: [demand],
    "minLength": lambda demand, element: ["x" * int(demand)] if 0 < int(demand) <= LONGEST else [],
    "maxLength": lambda demand, element: ["x" * int(demand)] if int(demand) <= LONGEST else [],
    "minItems": lambda demand, element: [[element] * demand] if demand <= LONGEST else [],
    "maxItems": lambda demand, element: [[element] * demand] if demand <= LONGEST else [],
}
"""For each constraint the values that keep it and are worth a request of their own, given its demand and a list's element."""


class Variant(NamedTuple):
    """A valid request, the place that it is about, a short name of what stands there, and a sentence."""

    at: str
    name: str
    says: str
    draft: Draft


def fullest(smallest: Draft) -> Draft:
    """The smallest request with every further member that fits in."""
    full = smallest
    for at, changes in places.members(smallest.operation.request):
        if full.at(at) is ABSENT:
            full = _first([full], changes, partial(_grown, at, _size(full.message))) or full
    return full


def variants(smallest: Draft, full: Draft) -> Iterator[Variant]:
    """A request for each value that a rule of the operation lists or bounds, and for two of what may repeat."""
    schema, bases = smallest.operation.request, [smallest, full]
    missed = []
    for rule, value in _worthwhile(smallest.operation):
        found = _of_value(rule, value, bases[:2])
        if found is None:
            missed.append((rule, value))
            continue
        yield found
        if rule.constraint in CHOICES:
            bases.append(found.draft)
    # A member may go only with a certain value of another: `count` with one mode, say.
    grounds = bases[2 : 2 + CHOSEN]
    yield from (one for one in (_of_value(rule, value, grounds) for rule, value in missed) if one is not None)
    for at, changes in places.repeatable(schema):
        twice = _first(bases[:2], changes, partial(_twice, at))
        if twice is not None:
            yield Variant(at, "twice", f"{dotted(at)} stands there twice.", twice)


def _worthwhile(operation: Operation) -> Iterator[tuple[Rule, Json]]:
    """The rules with the values that are worth a request; another selector would be another operation's."""
    for rule in operation.request.rules.values():
        if operation.selector is None or rule.path != operation.selector.argument:
            yield from ((rule, value) for value in values(operation.request, rule))


def values(schema: Schema, rule: Rule) -> list[Json]:
    """The values that a rule lists or bounds."""
    make = VALUES.get(rule.constraint)
    return make(rule.demand, _element(schema, rule)) if make else []


def _of_value(rule: Rule, value: Json, bases: Iterable[Draft]) -> Variant | None:
    found = _first(bases, [[(rule.path, value)]], partial(_holds, rule.path, value))
    if found is None:
        return None
    shown = _shown(value)
    return Variant(rule.path, shown, f"{dotted(rule.path)} is {shown}, which {rule.constraint} allows.", found)


def _shown(value: Json) -> str:
    if isinstance(value, list):
        return f"a list of {len(value)}"
    return f"{len(value)} characters long" if isinstance(value, str) and len(value) > SHOWN else shortened(value)


def _element(schema: Schema, rule: Rule) -> Json:
    if not isinstance(schema, JsonSchema) or rule.constraint not in ("minItems", "maxItems"):
        return None
    return sample(json_examples.around(schema, rule).get("items", {}))


def _first(bases: Iterable[Draft], changes: Iterable[Change], fits: Callable[[Draft], bool]) -> Draft | None:
    """The first of the bases that can be changed so and fits."""
    tried = (amended(base.changed(change)) for change in changes for base in bases)
    return next((one for one in tried if one is not None and fits(one)), None)


def _grown(at: str, size: int, draft: Draft) -> bool:
    return draft.at(at) is not ABSENT and _size(draft.message) > size


def _twice(at: str, draft: Draft) -> bool:
    return draft.count(at) == 2


def _holds(at: str, value: Json, draft: Draft) -> bool:
    """Whether a place has the value, which may have become text there."""
    found = draft.at(at)
    if isinstance(found, str) and not isinstance(value, str):
        return found == (str(value).lower() if isinstance(value, bool) else str(value))
    return type(found) is type(value) and bool(found == value)


def _size(message: Json) -> int:
    if isinstance(message, ET.Element):
        return sum(1 for _ in message.iter())
    if isinstance(message, dict):
        return sum(1 + _size(one) for one in message.values())
    return sum(map(_size, message)) if isinstance(message, list) else 0
