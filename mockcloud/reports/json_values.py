"""Small values that a JSON Schema speaks of, and whether it takes them.

Knows the vocabulary of our schemas. Law: a sample is given out only after the reference validator has taken it.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any, Final

from mockcloud.contracts.json_schema import holds_at_least
from mockcloud.messages import Json
from mockcloud.reports.patterns import matching

ABSENT: Final = object()
"""Stands for a member that is left out."""

LONGEST: Final = 100_000
"""A text or list that is longer than this is no small example."""


def applying(tree: Json, path: str) -> list[Json]:
    """The schemas that a value at the path is held to, outermost first."""
    here = list(alternatives(tree))
    for step in path.split("/")[1:]:
        below = [one["items"] for one in here if "items" in one] if step == "*" else []
        below += [one["properties"][step] for one in here if step in one.get("properties", {})]
        here = [part for one in below for part in alternatives(one)]
    return here


def alternatives(schema: Json) -> Iterator[Json]:
    """A schema and the parts of its `allOf`."""
    yield schema
    for one in schema.get("allOf", ()):
        yield from alternatives(one)


def without(schema: Json, keys: tuple[str, ...]) -> Json:
    """A schema without some constraints; the parts of its `allOf` are listed beside it already."""
    return {key: value for key, value in schema.items() if key not in (*keys, "allOf")}


def sample(schema: Json) -> Json:
    """A small value that the schema takes, None where none was found."""
    return next((one for one in _likely(schema) if one is not None and valid(schema, one)), None)


def _likely(schema: Json) -> Iterator[Json]:
    parts = list(alternatives(schema))
    for part in parts:
        yield from (part[key] for key in ("const", "default") if key in part)
        yield from part.get("enum", ())
    if any("properties" in part or "object" in _listed(part.get("type")) for part in parts):
        yield from (filled([*parts, branch]) for branch in ({}, *(one for part in parts for one in part.get("anyOf", ()))))
    for part in parts:
        yield from _of_type(part)
        yield from (value for below in part.get("anyOf", ()) for value in _likely(below))
    yield from ("x", 1, 0, True, {}, [])


def _of_type(part: Json) -> Iterator[Json]:
    kinds = _listed(part.get("type"))
    if "pattern" in part:
        yield matching(part["pattern"], whole=False)
    if "minLength" in part or "maxLength" in part or "string" in kinds:
        yield "x" * min(max(part.get("minLength", 1), 1), LONGEST)
        yield ""
    if {"integer", "number"} & set(kinds) or "minimum" in part or "maximum" in part:
        yield from (part[key] for key in ("minimum", "maximum") if key in part)
        yield from (1, 0)
    if "array" in kinds or "items" in part:
        yield [sample(part.get("items", {}))] * min(max(part.get("minItems", 1), 1), LONGEST)
        yield []


def filled(parts: list[Json]) -> Json:
    """An object with what must be there."""
    members = {name: member for part in parts for name, member in part.get("properties", {}).items()}
    required = {name for part in parts for name in part.get("required", ())}
    return {name: sample(members.get(name, {})) for name in members if name in required}


def others_than(listed: list[Json]) -> list[Json]:
    """Values of the same type that are none of the listed ones."""
    if all(isinstance(one, bool) for one in listed):
        return [one for one in (True, False) if one not in listed]
    if all(is_number(one) for one in listed):
        return [max(listed) + 1]
    return [one for one in ("other", "none of these") if one not in listed]


def _listed(kind: Json) -> list[str]:
    return kind if isinstance(kind, list) else [kind] if kind else []


def is_number(one: Json) -> bool:
    """Whether a value is a number; true and false are none."""
    return isinstance(one, (int, float)) and not isinstance(one, bool)


def same(one: Json, other: Json) -> bool:
    """Whether two values are one: `1` and `true` are not."""
    return type(one) is type(other) and bool(one == other)


def valid(schema: Json, value: Json) -> bool:
    """Whether the schema takes the value. What is left out is not taken."""
    return value is not ABSENT and bool(_validators()(schema).is_valid(value))


@cache
def _validators() -> Any:
    from jsonschema import Draft202012Validator, ValidationError, validators

    def at_least(validator: Any, demand: Json, instance: Json, schema: Json) -> Iterator[Any]:
        if not holds_at_least(demand, instance):
            yield ValidationError("is less")

    return validators.extend(Draft202012Validator, {"x-at-least": at_least})
