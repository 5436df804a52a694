"""The smallest combinations of members that break a condition of a JSON Schema, and that keep it.

Knows what conditions can speak of. Law: a combination breaks the one condition and nothing else at its place, as far as one can.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from itertools import islice, product
from typing import Final

from mockcloud.contracts.vocabulary import JSON_CONDITIONS
from mockcloud.messages import Json
from mockcloud.reports.json_values import ABSENT, alternatives, applying, filled, is_number, same, sample, valid, without
from mockcloud.reports.patterns import matching

Given = dict[str, Json]
"""Places below a condition, each with its value or ABSENT; `\"\"` for the value itself."""
TRIES: Final = 5_000
"""How many combinations are tried: a condition speaks of few members, each with few values that matter."""


def combinations(named: Json, here: list[Json]) -> tuple[Given, Given]:
    """What the condition of the schema `named` speaks of, as it refuses it, and as near to that as it takes it; empty for none.

    `here` are all schemas that stand at the same place.
    """
    wanted = condition(named)
    others = {"allOf": [without(one, tuple(wanted) if one is named else ()) for one in here]}
    spoken = spoken_places([wanted], others)
    sound = _sound(spoken, others)
    if all(valid(wanted, value) for _, value in sound):
        # Another condition stands in the way: what it speaks of is varied too.
        sound = _sound(spoken_places([wanted, *(condition(one) for one in here if "x-rule" in one)], others), others)
    breaks = next((given for given, value in sound if not valid(wanted, value)), None)
    if breaks is None:
        return {}, {}
    kept = [given for given, value in sound if valid(wanted, value)]
    keeps = min(kept, key=lambda given: _distance(given, breaks), default={})
    return _shown(breaks, spoken), _shown(keeps, spoken)


def condition(named: Json) -> Json:
    """The keywords that make a named rule."""
    return {key: value for key, value in named.items() if key in JSON_CONDITIONS or key == "then"}


def specimens(conditions: list[Json], here: list[Json], tries: int) -> Iterator[Json]:
    """Values that keep everything at their place but its conditions, and vary what these conditions speak of.

    `here` are all schemas that stand at the place, `tries` how many combinations are looked at.
    """
    named = (*JSON_CONDITIONS, "then")
    others = {"allOf": [without(one, named if "x-rule" in one else ()) for one in here]}
    for given in islice(assignments(spoken_places(conditions, others)), tries):
        value = built(given, others)
        if valid(others, value):
            yield value


def _sound(spoken: dict[str, list[Json]], others: Json) -> list[tuple[Given, Json]]:
    """The combinations that break nothing else, the smallest first, each with the value that it makes."""
    tried = ((given, built(given, others)) for given in islice(assignments(spoken), TRIES))
    return sorted(((given, value) for given, value in tried if valid(others, value)), key=lambda one: _size(one[0]))


def _shown(given: Given, spoken: Iterable[str]) -> Given:
    """What is there, and what the condition itself wants left out."""
    return {at: value for at, value in given.items() if value is not ABSENT or at in spoken}


def _distance(given: Given, other: Given) -> tuple[int, int, tuple[int, int]]:
    """How far two combinations are apart: first in what differs, then in what is there at all."""
    differing = [at for at in given if given[at] is not other[at] and given[at] != other[at]]
    return len(differing), sum(ABSENT in (given[at], other[at]) for at in differing), _size(given)


def _size(given: Given) -> tuple[int, int]:
    present = [value for value in given.values() if value is not ABSENT]
    return len(present), sum(len(json.dumps(value)) for value in present)


def spoken_places(conditions: list[Json], others: Json) -> dict[str, list[Json]]:
    """The places below conditions, each with the values worth trying there; `""` for the value itself."""
    spoken: dict[str, list[Json]] = {}
    for one in conditions:
        _collect(one, "", spoken)
    if len(spoken) > 1:
        # What is told by its members is not tried as a whole.
        spoken = {at: values for at, values in spoken.items() if not any(one.startswith(f"{at}/") for one in spoken)}
    for at, values in spoken.items():
        held = [part for one in others["allOf"] for part in applying(one, at)]
        values.extend(
            one for one in [sample({"allOf": held}), *(one for part in held for one in part.get("enum", ()))] if one is not None
        )
        values.extend(one + step for one in list(values) if is_number(one) for step in (1, -1))
        values[:] = [one for i, one in enumerate(values) if not any(same(one, other) for other in values[:i])]
        if at:
            values.insert(0, ABSENT)
    return spoken


def _collect(node: Json, at: str, spoken: dict[str, list[Json]]) -> None:
    values = spoken.setdefault(at, [])
    for key, step in (("minimum", -1), ("maximum", 1)):
        values.extend([node[key], node[key] + step] if key in node else [])
    values.extend([*node.get("enum", ()), *([node["const"]] if "const" in node else [])])
    fitting = matching(node["pattern"], whole=False) if "pattern" in node else None
    values.extend([] if fitting is None else [fitting])
    for name in node.get("required", ()):
        spoken.setdefault(f"{at}/{name}", [])
    for name, member in node.get("properties", {}).items():
        _collect(member, f"{at}/{name}", spoken)
    if "minItems" in node or "maxItems" in node:
        values.extend([[]])
    if "x-at-least" in node:
        for name in (node["x-at-least"]["member"], node["x-at-least"]["other"]):
            spoken.setdefault(f"{at}/{name}", []).extend([0, 1])
    for below in (*node.get("anyOf", ()), *node.get("allOf", ()), *(node[key] for key in ("not", "if", "then") if key in node)):
        _collect(below, at, spoken)


def assignments(spoken: dict[str, list[Json]]) -> Iterator[Given]:
    for values in product(*spoken.values()):
        yield dict(zip(spoken, values, strict=True))


def built(given: Given, others: Json) -> Json:
    """The value at the condition's place with the given members, and with what else must be there."""
    if list(given) == [""]:
        return given[""]
    built = filled(list(alternatives(others)))
    for at, value in given.items():
        steps = at.split("/")[1:]
        owner = built
        for step in steps[:-1]:
            below = owner.get(step)
            if not isinstance(below, dict):
                below = {}
                if value is not ABSENT:
                    owner[step] = below
            owner = below
        if value is ABSENT:
            owner.pop(steps[-1], None)
        else:
            owner[steps[-1]] = value
    return built
