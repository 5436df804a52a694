"""Which of two named conditions of a JSON Schema takes more.

Knows the keywords that conditions are made of. Law: what follows from the keywords is certain; else a value that only one of
the two takes shows a direction, and without one for each the relation is not told.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from mockcloud.changes import patterns
from mockcloud.changes.change import How
from mockcloud.changes.relation import TRIES, Relation
from mockcloud.changes.values import VALUES
from mockcloud.contracts.json_schema import JsonSchema
from mockcloud.contracts.vocabulary import JSON_ANNOTATIONS, JSON_CONSTRAINTS
from mockcloud.messages import Json
from mockcloud.reports.json_conditions import specimens
from mockcloud.reports.json_values import applying, valid

if TYPE_CHECKING:
    from mockcloud.changes.demand import Demand


def compared(old: Demand, new: Demand) -> Relation | None:
    """What the new condition is to the old one, None where they are the same."""
    if old.value == new.value:
        return None
    narrower, wider = included(new.value, old.value), included(old.value, new.value)
    if narrower and wider:
        return Relation(How.REWORDED)
    lost, gained = _witnesses(old, new)
    if narrower or wider:
        return Relation(How.STRICTER, lost) if narrower else Relation(How.LOOSER, None, gained)
    return Relation.shown(lost, gained)


def included(one: Json, other: Json) -> bool:
    """Whether whatever `one` takes `other` takes too, as far as their keywords tell: False where they do not."""
    listed = one.get("enum", [one["const"]] if "const" in one else None)
    if listed is not None:
        return all(valid(other, value) for value in listed if valid(one, value))
    branches = one.get("allOf", ())
    return all(
        INCLUDED[key](one, other[key], other) or any(included(branch, _alone(key, other)) for branch in branches)
        for key in other
        if key not in _SILENT
    )


def _alone(key: str, schema: Json) -> Json:
    """One keyword of a schema, an `if` with its `then`."""
    return {key: schema[key], **({"then": schema["then"]} if key == "if" else {})}


_SILENT: Final = frozenset({"then", "title", "$schema"}) | JSON_ANNOTATIONS
"""Keywords that take nothing away by themselves; `then` is told with its `if`."""


def _bound(key: str) -> Callable[[Json, Json, Json], bool]:
    def implied(one: Json, demand: Json, other: Json) -> bool:
        return key in one and VALUES[key](demand, one[key]) in (None, How.STRICTER)

    return implied


def _pattern(one: Json, demand: Json, other: Json) -> bool:
    if "pattern" not in one:
        return False
    relation = patterns.compared(demand, one["pattern"], whole=False)
    return relation is None or relation.how in (How.STRICTER, How.REWORDED)


def _members(one: Json, demand: Json, other: Json) -> bool:
    own = one.get("properties", {})
    return all(included(own.get(name, {}), member) for name, member in demand.items())


def _any_of(one: Json, demand: Json, other: Json) -> bool:
    if any(included(one, branch) for branch in demand):
        return True
    return "anyOf" in one and all(any(included(branch, into) for into in demand) for branch in one["anyOf"])


def _if(one: Json, demand: Json, other: Json) -> bool:
    then = other["then"]
    same = "if" in one and included(demand, one["if"]) and included(one["then"], then)
    return same or included({key: value for key, value in one.items() if key not in ("if", "then")}, then)


INCLUDED: Final[dict[str, Callable[[Json, Json, Json], bool]]] = {
    **{key: _bound(key) for key in VALUES.keys() & JSON_CONSTRAINTS},
    **dict.fromkeys(("enum", "const"), lambda one, demand, other: False),  # nothing but a list keeps to a list
    "pattern": _pattern,
    "required": lambda one, demand, other: set(demand) <= set(one.get("required", ())),
    "properties": _members,
    "items": lambda one, demand, other: included(one.get("items", {}), demand),
    "allOf": lambda one, demand, other: all(included(one, branch) for branch in demand),
    "anyOf": _any_of,
    "not": lambda one, demand, other: "not" in one and included(demand, one["not"]),
    "if": _if,
    "x-at-least": lambda one, demand, other: one.get("x-at-least") == demand,
}
"""For each keyword whether a schema takes only what the keyword of another takes: (schema, demand, other)."""


def _witnesses(old: Demand, new: Demand) -> tuple[Json, Json]:
    """A value that only the old condition takes, and one that only the new one takes; None where none was found."""
    assert isinstance(old.schema, JsonSchema)  # noqa: S101  # conditions are JSON's
    assert isinstance(new.schema, JsonSchema)  # noqa: S101  # as above
    lost, gained = None, None
    for here in (applying(old.schema.tree, old.rule.path), applying(new.schema.tree, new.rule.path)):
        for value in specimens([old.value, new.value], here, TRIES):
            if lost is not None and gained is not None:
                return lost, gained
            before, after = valid(old.value, value), valid(new.value, value)
            lost = value if lost is None and before and not after else lost
            gained = value if gained is None and after and not before else gained
    return lost, gained
