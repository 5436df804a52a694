"""Mend a message that breaks a rule of a JSON Schema: what to put where, so that it breaks fewer.

Knows conditions and what they speak of. Law: of all that was tried, the change that leaves the fewest rules broken is made.
"""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy
from itertools import combinations, islice, product
from typing import Final

from mockcloud.contracts.json_schema import JsonSchema
from mockcloud.contracts.rules import Rule
from mockcloud.messages import Json
from mockcloud.reports import json_conditions, json_examples
from mockcloud.reports.json_values import applying, filled, is_number, sample

TRIES: Final = 400
"""How many changes are tried: a condition speaks of few members."""

Change = dict[str, Json]
"""Places in the message, each with its new value; None takes out what is there."""


def mended(schema: JsonSchema, rule: Rule, message: Json, spared: str = "") -> Json:
    """The message with a change that keeps the rule and breaks the fewest others; as it is where none was found.

    `spared` is a broken rule that is to stay broken.
    """
    best, least = message, 1 << 30
    for change in islice(_changes(schema, rule), TRIES):
        tried = deepcopy(message)
        for at, value in change.items():
            put(tried, at, value)
        broken = {one.rule for one in schema.violations(tried)}
        if spared and spared not in broken:
            continue
        broken.discard(spared)
        if rule.id not in broken and len(broken) < least:
            best, least = tried, len(broken)
        if not broken:
            break
    return best


def _changes(schema: JsonSchema, rule: Rule) -> Iterator[Change]:
    _, keeps = json_examples.examples(schema, rule)
    if keeps:
        yield {part["at"]: None if part.get("left_out") else part["value"] for part in keeps}
    here = applying(schema.tree, rule.path)
    named = next((one for one in here if one.get("x-rule") == rule.constraint), None)
    if named is None:
        yield {rule.path: filled(here)}
        return
    spoken: dict[str, list[Json]] = {}
    _collect(json_conditions.condition(named), rule.path, spoken)
    values = {at: list(_values(schema, at, parts)) for at, parts in spoken.items()}
    for size in (1, 2):
        for places in combinations(values, size):
            yield from (dict(zip(places, chosen, strict=True)) for chosen in product(*(values[at] for at in places)))


def _values(schema: JsonSchema, at: str, parts: list[Json]) -> Iterator[Json]:
    """What is worth trying at a place: nothing, what its schema takes, and what the condition asks for."""
    held = applying(schema.tree, at)
    found = [sample({"allOf": held}), *(sample({"allOf": [*held, part]}) for part in parts)]
    found += [value for part in parts for value in (*part.get("enum", ()), *([part["const"]] if "const" in part else []))]
    found += [value for part in held for value in part.get("enum", ())]
    found += [one + step for one in found if is_number(one) for step in (1, -1)]
    yield None
    yield from (one for one in found if one is not None)


def _collect(node: Json, at: str, spoken: dict[str, list[Json]]) -> None:
    for name in node.get("required", ()):
        spoken.setdefault(f"{at}/{name}", [])
    for name, member in node.get("properties", {}).items():
        spoken.setdefault(f"{at}/{name}", []).append(member)
        _collect(member, f"{at}/{name}", spoken)
    if "x-at-least" in node:
        for key in ("member", "other"):
            spoken.setdefault(f"{at}/{node['x-at-least'][key]}", [])
    for below in (*node.get("anyOf", ()), *node.get("allOf", ()), *(node[key] for key in ("not", "if", "then") if key in node)):
        _collect(below, at, spoken)


def put(owner: Json, at: str, value: Json) -> None:
    """Put a value in plain data at a pointer, `*` being every element of a list; None takes out what is there."""
    _put(owner, at.split("/")[1:], value)


def _put(owner: Json, steps: list[str], value: Json) -> None:
    step, *rest = steps
    if step == "*":
        for index in range(len(owner) if isinstance(owner, list) else 0):
            if rest:
                _put(owner[index], rest, value)
            else:
                owner[index] = value
    elif not isinstance(owner, dict):
        return
    elif not rest and value is None:
        owner.pop(step, None)
    elif not rest:
        owner[step] = deepcopy(value)
    else:
        if value is not None and not isinstance(owner.get(step), (dict, list)):
            owner[step] = [{}] if rest[0] == "*" else {}
        _put(owner.get(step), rest, value)
