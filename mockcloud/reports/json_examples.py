"""The smallest message parts that break a rule of a JSON Schema, and that keep it.

Knows every constraint of the vocabulary. An example is a list of parts, each with the place (`at`) and either a `value` or
`left_out`. Law: a part is given out only after the schema of its place has agreed that it breaks the one, and keeps the
other; where nothing is found, nothing is given.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from mockcloud.contracts.json_schema import JsonSchema
from mockcloud.contracts.rules import Rule
from mockcloud.messages import Json
from mockcloud.reports import json_conditions
from mockcloud.reports.json_values import ABSENT, LONGEST, applying, others_than, sample, valid, without
from mockcloud.reports.patterns import failing

Example = list[dict[str, Json]]
_STRANGE: Final[dict[str, Json]] = {"string": 1, "integer": "8", "number": "8", "boolean": "true", "object": [], "array": {}}
"""For each type the mistake that clients make."""

BREAKERS: Final[dict[str, Callable[[Json, Json], list[Json]]]] = {
    "type": lambda demand, schema: [_STRANGE.get(one, 1) for one in (demand if isinstance(demand, list) else [demand])] + [1, {}],
    "required": lambda demand, schema: [ABSENT],
    "minItems": lambda demand, schema: [[sample(schema.get("items", {}))] * (demand - 1)] if demand < LONGEST else [],
    "maxItems": lambda demand, schema: [[sample(schema.get("items", {}))] * (demand + 1)] if demand < LONGEST else [],
    "enum": lambda demand, schema: others_than(demand),
    "const": lambda demand, schema: others_than([demand]),
    "minimum": lambda demand, schema: [demand - 1],
    "maximum": lambda demand, schema: [demand + 1],
    "minLength": lambda demand, schema: ["x" * (demand - 1)] if demand < LONGEST else [],
    "maxLength": lambda demand, schema: ["x" * (demand + 1)] if demand < LONGEST else [],
    "pattern": lambda demand, schema: [one for one in [failing(demand, whole=False)] if one is not None],
}
"""For each constraint the values that break it, given its demand and the schema around it. Conditions are searched for."""


def examples(schema: JsonSchema, rule: Rule) -> tuple[Example, Example]:
    """What breaks the rule and what keeps it; empty where nothing was found."""
    if rule.constraint == "required":
        return [_part(rule.path, ABSENT)], _parts(rule.path, sample({"allOf": applying(schema.tree, rule.path)}))
    here = applying(schema.tree, rule.path)
    named = next((one for one in here if one.get("x-rule") == rule.constraint), None)
    if named is not None:
        breaks, keeps = json_conditions.combinations(named, here)
        return _shown(rule.path, breaks), _shown(rule.path, keeps)
    return _of_constraint(rule, {"allOf": here}, around(schema, rule))


def around(schema: JsonSchema, rule: Rule) -> Json:
    """The schema in which the constraint of a rule stands."""
    return next(one for one in applying(schema.tree, rule.path) if rule.constraint in one)


def condition(schema: JsonSchema, rule: Rule) -> Json:
    """The keywords that make a named rule."""
    return json_conditions.condition(
        next(one for one in applying(schema.tree, rule.path) if one.get("x-rule") == rule.constraint)
    )


def _of_constraint(rule: Rule, whole: Json, alone: Json) -> tuple[Example, Example]:
    demand = {rule.constraint: rule.demand}
    others = {"allOf": [without(one, (rule.constraint,)) for one in whole["allOf"]]}
    broken = [one for one in BREAKERS[rule.constraint](rule.demand, alone) if not valid(demand, one)]
    best = next((one for one in broken if valid(others, one)), broken[0] if broken else None)
    kept = next((one for one in _bounds(rule) if valid(whole, one)), None)
    return _parts(rule.path, best), _parts(rule.path, sample(whole) if kept is None else kept)


def _bounds(rule: Rule) -> list[Json]:
    """The last value that still keeps a bound."""
    if rule.constraint in ("minimum", "maximum"):
        return [rule.demand]
    lengths = rule.constraint in ("minLength", "maxLength") and rule.demand < LONGEST
    return ["x" * rule.demand] if lengths else []


def _shown(path: str, given: json_conditions.Given) -> Example:
    return [_part(f"{path}{at}", value) for at, value in given.items()]


def _parts(path: str, value: Json) -> Example:
    return [] if value is None else [_part(path, value)]


def _part(at: str, value: Json) -> dict[str, Json]:
    return {"at": at, "left_out": True} if value is ABSENT else {"at": at, "value": value}
