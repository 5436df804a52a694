"""Messages of plain data that break one rule and no other, made from any valid one.

Knows the JSON engine's plans and breakers. Law: a message is given out only after its bytes, decoded again, were found to break
the rule alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cached_property
from itertools import islice
from typing import Final

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn

from mockcloud.contracts.json_schema import JsonSchema
from mockcloud.contracts.rules import Rule
from mockcloud.contracts.vocabulary import JSON_CONDITIONS, TEXT_READS
from mockcloud.drafting.requests import parameters
from mockcloud.drafting.requests.arguments import heard
from mockcloud.drafting.requests.drafts import Draft, draft
from mockcloud.drafting.spoiling import breaking
from mockcloud.messages import Json, Request
from mockcloud.reports import json_examples
from mockcloud.reports.json_conditions import Given, assignments, built, condition, spoken_places
from mockcloud.reports.json_values import ABSENT, applying, without
from mockcloud.strategies import numbers, texts
from mockcloud.strategies.breakers import BREAKERS, near_misses
from mockcloud.strategies.conditions import TRIES, put
from mockcloud.strategies.drafts import Source
from mockcloud.strategies.judging import breaks_alone, judge
from mockcloud.strategies.leaves import Leaf, distinct
from mockcloud.strategies.opening import mended, opened

Broken = tuple[Request, Json]
"""Signed bytes, and the message that they say."""

LIKELY: Final = 12
"""How many values are tried before a way is searched for."""


class Breach:
    """How one rule of an operation is broken. `sign` signs as the vendor's clients do."""

    def __init__(self, source: Source, rule: Rule, sign: Callable[[Request], Request], host: str) -> None:
        schema = source.operation.request
        assert isinstance(schema, JsonSchema)  # noqa: S101  # documents are broken by the other engine
        self.source, self.rule, self.schema = source, rule, schema
        self._sign, self._host = sign, host
        self._breaks = breaks_alone(schema, rule)
        self._here = applying(schema.tree, rule.path)
        self._named = next((one for one in self._here if one.get("x-rule") == rule.constraint), None)
        self._is_put_in = source.operation.reads in TEXT_READS and rule.path[1:] in source.put_in

    def draw(self, draw: DrawFn) -> Broken:
        """A request that breaks the rule alone."""
        base = self.source.draw(draw)
        change = self.changes.draw(draw)
        tried = self._beside(base, change) if self._is_put_in else self._within(draw, base, change)
        found = next((one for one in map(self._judged, tried) if one is not None), None) or self.certain
        assert found is not None  # noqa: S101  # a rule that no request breaks alone is not drawn
        return found

    @cached_property
    def certain(self) -> Broken | None:
        """A request that breaks the rule alone, the smallest; None where none was found."""
        smallest = draft(self.source.operation)
        if smallest is None:
            return None
        for change in islice(self.changes.notable, 0 if self._is_put_in else LIKELY):
            message = put(smallest.message, change)
            found = self._judged(self._sign(smallest.saying(message).request(self._host))) if self._breaks(message) else None
            if found is not None:
                return found
        asked = breaking.broken(self.rule, [smallest], self._sign, self._host)
        return None if asked is None else self._judged(asked)

    @cached_property
    def changes(self) -> Leaf:
        """What is put where: pointers, each with a value or ABSENT."""
        path = self.rule.path
        if self._named is not None and (combined := list(self._combinations(self._named))):
            return Leaf({f"{path}{at}": value for at, value in given.items()} for given in combined)
        values = self.source.fitting(path, self._values()) if self.rule.constraint != "required" else self._values()
        more = values.more.map(lambda value: {path: value}) if values.more is not None else None
        return Leaf(({path: value} for value in values.notable), more)

    def _judged(self, asked: Request) -> Broken | None:
        message = heard(self.source.contract, self.source.operation, asked)
        return (asked, message) if message is not None and self._breaks(message) else None

    def _within(self, draw: DrawFn, base: Draft, change: Given) -> Iterator[Request]:
        """The drawn request changed, then with its conditions mended, then the smallest one changed."""
        plan, steps = self.source.plan, self.rule.path.split("/")[1:]
        message = put(opened(plan, base.message, steps, draw), change)
        yield self._asked(base, message)
        yield self._asked(base, put(mended(plan, message, steps, draw, self._named), change))
        if self.certain is not None:
            yield self._asked(base, put(self.certain[1], change))

    def _beside(self, base: Draft, change: Given) -> Iterator[Request]:
        """The drawn request with another value of what signing puts in."""
        value = next(iter(change.values()))
        yield parameters.altered(self._asked(base, base.message), self.rule.path[1:], None if value is ABSENT else str(value))

    def _asked(self, base: Draft, message: Json) -> Request:
        return self._sign(base.saying(message).request(self._host))

    def _values(self) -> Leaf:
        """Values that break the rule where it stands, and nothing else there."""
        constraint, named = self.rule.constraint, self._named
        if constraint == "required":
            return Leaf([ABSENT])
        if named is not None:
            owner, keywords, refused, found = named, (*JSON_CONDITIONS, "then"), condition(named), _near(named)
        else:
            owner = json_examples.around(self.schema, self.rule)
            keywords, refused = (constraint,), {constraint: self.rule.demand}
            found = BREAKERS[constraint](self.rule.demand, owner)
        takes = judge([without(one, keywords if one is owner else ()) for one in self._here])
        keeps = judge([refused])
        fits = [value for value in found.notable if takes(value) and not keeps(value)]
        # Where every such value breaks something else as well, only what stands around it can help.
        more = found.more.filter(lambda value: takes(value) and not keeps(value)) if fits and found.more is not None else None
        return Leaf(fits or found.notable, more)

    def _combinations(self, named: Json) -> Iterator[Given]:
        """Combinations below the rule's place that break it and no other condition there."""
        keywords = (*JSON_CONDITIONS, "then")
        others = {"allOf": [without(one, keywords if one is named else ()) for one in self._here]}
        refuses, takes = judge([condition(named)]), judge(others["allOf"])
        if list(spoken_places([condition(named)], others)) == [""]:
            return
        # Where another condition stands in the way, what it speaks of is varied too.
        for conditions in ([named], [named, *(one for one in self._here if "x-rule" in one and one is not named)]):
            found = False
            for given in islice(assignments(spoken_places([condition(one) for one in conditions], others)), TRIES):
                value = built(given, others)
                if takes(value) and not refuses(value):
                    found = True
                    yield given
            if found:
                return


def _near(named: Json) -> Leaf:
    """Values near to those of which a condition on one value speaks."""
    spoken = spoken_places([condition(named)], {"allOf": []}).get("", [])
    near = [miss for one in spoken if isinstance(one, str) for miss in near_misses(one)]
    found = [*(one for one in spoken if one is not ABSENT), *near, *numbers.NOTABLE, *numbers.FRACTIONS, *texts.NOTABLE]
    return Leaf(distinct(found), st.integers(-1_000, 10_000).flatmap(lambda one: st.sampled_from([one, str(one)])))
