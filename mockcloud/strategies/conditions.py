"""Conditions between members: which combinations keep them, and how an object that was drawn freely is brought to keep them.

Knows what conditions speak of. Law: of what was drawn as much stays as can; nothing is thrown away.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from copy import deepcopy
from itertools import islice
from typing import Final

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn

from mockcloud.contracts.vocabulary import JSON_CONDITIONS
from mockcloud.messages import Json
from mockcloud.reports.json_conditions import Given, assignments, built, condition, spoken_places
from mockcloud.reports.json_values import ABSENT, alternatives, filled, without
from mockcloud.strategies.judging import Judge, judge
from mockcloud.strategies.leaves import distinct

TRIES: Final = 1_500
"""How many combinations are looked at."""

KEPT: Final = 48
"""How many of those that keep the conditions are remembered."""

Likely = Mapping[str, list[Json]]
MemberOf = Callable[[DrawFn, str], Json]
"""Draws a member by its name."""


class Tie:
    """Conditions of one place that speak of the same members.

    `ways` are combinations that keep them, the smallest first: pointers below the place, each with a value or ABSENT.
    """

    def __init__(self, named: list[Json], here: list[Json], likely: Likely) -> None:
        self.named = named
        self.holds = judge([condition(one) for one in named])
        self.ways = _spread(list(_ways(named, here, self.holds, likely)))
        self._index = st.integers(0, max(0, len(self.ways) - 1))

    def keep(self, drawn: Json, draw: DrawFn, member: MemberOf) -> Json:
        """The object, changed where it has to be."""
        if self.holds(drawn) or not self.ways:
            return drawn
        first = draw(self._index)
        # First only what is there and what is not, with values that are drawn: they are of more kinds.
        way = self.ways[first]
        loose = put(drawn, {at: value for at, value in way.items() if value is ABSENT})
        for name in dict.fromkeys(at.split("/")[1] for at, value in way.items() if value is not ABSENT):
            if name not in loose:
                loose[name] = member(draw, name)
        if self.holds(loose):
            return loose
        made = (put(loose, way) for way in (*self.ways[first:], *self.ways[:first]))
        return next((one for one in made if self.holds(one)), loose)


def ties(here: list[Json], likely: Likely) -> list[Tie]:
    """The conditions of a place, those together that speak of the same members. `here` are all schemas that stand there.

    `likely` are values of members that are worth trying.
    """
    groups: list[tuple[set[str], list[Json]]] = []
    for one in (one for one in here if "x-rule" in one):
        names = {at.split("/")[1] for at in spoken_places([condition(one)], {"allOf": []}) if at}
        joined = [group for group in groups if group[0] & names]
        merged = (names.union(*(group[0] for group in joined)), [*(part for group in joined for part in group[1]), one])
        groups = [*(group for group in groups if group not in joined), merged]
    return [Tie(named, here, likely) for names, named in groups if names]


def put(value: Json, given: Given) -> Json:
    """A copy of a value with others at pointers, ABSENT for nothing; the first element of lists is meant."""
    for at, other in given.items():
        value = _put(value, at.split("/")[1:], other)
    return value


def _put(owner: Json, steps: list[str], value: Json) -> Json:
    step, *rest = steps
    if step == "*":
        return (
            [_put(owner[0], rest, value) if rest else deepcopy(value), *owner[1:]] if isinstance(owner, list) and owner else owner
        )
    made = dict(owner) if isinstance(owner, dict) else {}
    if rest:
        return owner if value is ABSENT and step not in made else {**made, step: _put(made.get(step), rest, value)}
    if value is ABSENT:
        made.pop(step, None)
    else:
        made[step] = deepcopy(value)
    return made


def _ways(named: list[Json], here: list[Json], holds: Judge, likely: Likely) -> Iterator[Given]:
    keywords = (*JSON_CONDITIONS, "then")
    others = {"allOf": [without(one, keywords if "x-rule" in one else ()) for one in here]}
    sound = judge(others["allOf"])
    conditions = [condition(one) for one in named]
    spoken = spoken_places(conditions, others)
    for at, values in spoken.items():
        values[:] = [ABSENT, *distinct([*values[1:], *likely.get(at[1:], ())])]
    for given in islice(assignments(spoken), TRIES):
        value = built(given, others)
        if holds(value) and sound(value):
            yield given
    for branch in (branch for one in conditions for branch in one.get("anyOf", ())):
        value = filled([*alternatives(others), branch])
        if holds(value) and sound(value):
            yield {f"/{name}": value[name] for name in branch.get("required", ()) if name in value}


def _spread(ways: list[Given]) -> list[Given]:
    ordered = sorted((way for way in ways if way), key=_size)
    if len(ordered) <= KEPT:
        return ordered
    # The smallest are all there: failures shrink to them.
    first, rest = ordered[: KEPT // 2], ordered[KEPT // 2 :]
    return first + [rest[index * (len(rest) - 1) // (KEPT // 2 - 1)] for index in range(KEPT // 2)]


def _size(given: Mapping[str, Json]) -> int:
    return sum(value is not ABSENT for value in given.values())
