"""Whether schemas take a value, as fast as can be told.

Law: the compiled validator, where it is installed, else the reference, and the same word from both.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from copy import deepcopy

from mockcloud.contracts.json_reader import Place
from mockcloud.contracts.json_schema import JsonSchema, falls_short, holds_at_least
from mockcloud.contracts.rules import Rule
from mockcloud.contracts.vocabulary import JSON_CONDITIONS
from mockcloud.messages import Json
from mockcloud.reports.json_values import valid

Judge = Callable[[Json], bool]


def judge(parts: Sequence[Json]) -> Judge:
    """Whether all of these schemas take a value. Comparisons are looked at where they stand at the value itself."""
    whole = {"allOf": list(parts)}
    comparisons = [one["x-at-least"] for one in parts if "x-at-least" in one]
    is_valid = _compiled(whole)

    def takes(value: Json) -> bool:
        try:
            taken = is_valid(value)
        except ValueError:
            # The compiled validator takes no number with an exponent; the reference does.
            taken = valid(whole, value)
        return taken and all(holds_at_least(demand, value) for demand in comparisons)

    return takes


def breaks_alone(schema: JsonSchema, rule: Rule) -> Judge:
    """Whether a message breaks a rule and no other: the schema refuses it, and would not without this rule."""
    place = next(place for place, one in zip(schema.places, schema.rules.values(), strict=True) if one is rule)
    rest = _without(schema.tree, place)
    is_valid = _compiled(rest)
    comparisons = [one for one in schema.places if one is not place and "x-at-least" in one.schema and one.key == "x-rule"]
    compared = [(tuple(one.path.split("/")[1:]), one.demand) for one in comparisons]

    def breaks(message: Json) -> bool:
        if schema.accepts(message):
            return False
        try:
            return is_valid(message) and not falls_short(message, compared)
        except ValueError:
            return {one.rule for one in schema.violations(message)} == {rule.id}

    return breaks


def _without(tree: Json, place: Place) -> Json:
    """A schema without the constraint of a place."""
    made = deepcopy(tree)
    node = made
    steps = place.at.split("/")[1:]
    for step in steps[:-2] if place.constraint == "required" else steps:
        node = node[int(step)] if isinstance(node, list) else node[step]
    if place.constraint == "required":
        node["required"] = [name for name in node["required"] if name != steps[-1]]
    for keyword in (*JSON_CONDITIONS, "then") if place.key == "x-rule" else (place.key,):
        node.pop(keyword, None)
    return made


def _compiled(whole: Json) -> Judge:
    try:
        import jsonschema_rs
    except ImportError:
        return lambda value: valid(whole, value)
    is_valid: Judge = jsonschema_rs.Draft202012Validator(whole).is_valid
    return is_valid
