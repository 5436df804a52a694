"""Values of our JSON Schemas: every member absent and present, every value of an enum, every boundary, every kind of text.

Knows the closed vocabulary. Law: a schema is read once, into plans; a draw follows them and throws nothing away. The first choice
everywhere is the smallest, so that failures shrink to what can be read.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from itertools import product
from typing import Final, Protocol

from hypothesis import assume
from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from mockcloud.contracts.json_schema import JsonSchema
from mockcloud.messages import Json
from mockcloud.reports.json_values import alternatives, without
from mockcloud.strategies import numbers, texts
from mockcloud.strategies.conditions import Tie, ties
from mockcloud.strategies.judging import judge
from mockcloud.strategies.leaves import Leaf
from mockcloud.strategies.texts import PLAIN, Carrier

TOGETHER: Final = 4
"""Optional members of which one draw says which are there: more would not shrink one by one."""

FULLER: Final = 2
"""Further draws of some optional members that mean all of them."""

LIKELY: Final = 3
"""Values of a member that are tried where a condition speaks of it."""

MANY: Final = 3
"""Elements of a list of several, beyond those that it must have."""

REPEATED: Final = 64
"""Elements of the longest list."""


class Plan(Protocol):
    """How values of one place are drawn."""

    @property
    def smallest(self) -> Json:
        """What a failure shrinks to."""

    def draw(self, draw: DrawFn) -> Json:
        """A value."""


def values(schema: JsonSchema, *, carrier: Carrier = PLAIN) -> SearchStrategy[Json]:
    """Messages that keep every rule of a schema; `carrier` is what carries their texts."""
    return kept(schema, plan(schema, carrier=carrier))


def plan(
    schema: JsonSchema,
    *,
    given: Mapping[str, Plan] | None = None,
    left_out: Collection[str] = (),
    carrier: Carrier = PLAIN,
) -> Plan:
    """How messages are drawn that keep every rule of a schema.

    Args:
        schema: one side of an operation.
        given: plans for members by their pointers (`/taskId`), which are always there: in place of what the schema would make.
        left_out: pointers of members that are not there, but where a rule asks for them.
        carrier: what carries the texts.
    """
    return _Reading(given or {}, left_out, carrier).plan([schema.tree], "")


def leaf(here: list[Json], carrier: Carrier = PLAIN) -> Leaf:
    """The values without members that some schemas all take."""
    return _Reading({}, (), carrier).leaf(here, _kinds(here))


@st.composite
def kept(draw: DrawFn, schema: JsonSchema, plan: Plan) -> Json:
    """What a plan draws, where the schema takes it: plans see to that, and this is the proof."""
    drawn = plan.draw(draw)
    assume(schema.accepts(drawn))
    return drawn


class Members:
    """An object. `members` are plans by name, `required` the names of those that are always there."""

    def __init__(self, members: Mapping[str, Plan], required: Collection[str], bound: list[Tie]) -> None:
        self.members, self.bound = members, bound
        self.required = [name for name in members if name in required]
        optional = [name for name in members if name not in required]
        groups = [optional[at : at + TOGETHER] for at in range(0, len(optional), TOGETHER)]
        self._masks = [(group, 2 ** len(group) - 1, st.integers(0, 2 ** len(group) - 1 + FULLER)) for group in groups]

    @property
    def smallest(self) -> Json:
        """What a failure shrinks to, where no condition asks for more."""
        return {name: self.members[name].smallest for name in self.required}

    def draw(self, draw: DrawFn) -> Json:
        """An object that keeps its conditions."""
        names = set(self.required)
        for group, everyone, mask in self._masks:
            there = min(draw(mask), everyone)
            names.update(name for bit, name in enumerate(group) if there >> bit & 1)
        made = {name: plan.draw(draw) for name, plan in self.members.items() if name in names}
        for tie in self.bound:
            made = tie.keep(made, draw, self.member)
        return made

    def member(self, draw: DrawFn, name: str) -> Json:
        """One of the members."""
        return self.members[name].draw(draw)


class Elements:
    """A list of `least` to `most` elements, once all alike, once each of its own."""

    def __init__(self, element: Plan, least: int, most: int | None) -> None:
        self.element = element
        longest = least + MANY if most is None else most
        few = [count for count in (least, 1, 2, least + MANY) if least <= count <= longest]
        self._alike = list(dict.fromkeys([count for count in (2, longest) if least <= count <= min(longest, REPEATED)]))
        self._counts = list(dict.fromkeys(few))
        self._index = st.integers(0, len(self._counts) + len(self._alike) - 1)

    @property
    def smallest(self) -> Json:
        """What a failure shrinks to."""
        return [self.element.smallest] * self._counts[0]

    def draw(self, draw: DrawFn) -> Json:
        """A list."""
        index = draw(self._index)
        if index < len(self._counts):
            return [self.element.draw(draw) for _ in range(self._counts[index])]
        return [self.element.draw(draw)] * self._alike[index - len(self._counts)]


class Either:
    """A value of one of several kinds."""

    def __init__(self, plans: list[Plan]) -> None:
        self.plans = plans
        self._index = st.integers(0, len(plans) - 1)

    @property
    def smallest(self) -> Json:
        """What a failure shrinks to."""
        return self.plans[0].smallest

    def draw(self, draw: DrawFn) -> Json:
        """A value."""
        return self.plans[draw(self._index)].draw(draw)


class _Reading:
    """Reads a schema into a plan."""

    def __init__(self, given: Mapping[str, Plan], left_out: Collection[str], carrier: Carrier) -> None:
        self.given, self.left_out, self.carrier = given, left_out, carrier

    def plan(self, schemas: list[Json], path: str) -> Plan:
        """The plan of a place. `schemas` all stand there."""
        if path in self.given:
            return self.given[path]
        here = [part for one in schemas for part in alternatives(one)]
        kinds = _kinds(here)
        found: list[Plan] = []
        if kinds & {"object"}:
            found.append(self.members(here, path))
        if kinds & {"array"}:
            found.append(self.elements(here, path))
        if kinds - {"object", "array"} or not found:
            leaf = self.leaf(here, kinds)
            found[:0] = [leaf] if leaf.possible else []
        return found[0] if len(found) == 1 else Either(found)

    def members(self, here: list[Json], path: str) -> Plan:
        below: dict[str, list[Json]] = {}
        for one in here:
            for name, member in one.get("properties", {}).items():
                below.setdefault(name, []).append(member)
        required = {name for one in here for name in one.get("required", ())}
        given = [name for above, _, name in (at.rpartition("/") for at in self.given) if above == path]
        # What is only read is not asked for.
        names = [name for name, parts in below.items() if not all(part.get("readOnly") for part in parts)]
        names = [name for name in names if name in required or f"{path}/{name}" not in self.left_out]
        names = list(dict.fromkeys([*names, *given]))
        members = {name: self.plan(below.get(name, []), f"{path}/{name}") for name in names}
        likely = {name: list(plan.notable[:LIKELY]) for name, plan in members.items() if isinstance(plan, Leaf)}
        return Members(members, required.union(given), ties(here, likely))

    def elements(self, here: list[Json], path: str) -> Plan:
        least = max((one["minItems"] for one in here if "minItems" in one), default=0)
        most = min((one["maxItems"] for one in here if "maxItems" in one), default=None)
        return Elements(self.plan([one["items"] for one in here if "items" in one], f"{path}/*"), least, most)

    def leaf(self, here: list[Json], kinds: set[str]) -> Leaf:
        takes = judge([without(one, ()) for one in here])
        plain = [without(one, ("anyOf",)) for one in here]
        branches = product(*(one["anyOf"] for one in here if "anyOf" in one))
        leaves = [_of_kinds([*plain, *parts], kinds, self.carrier) for parts in branches]
        said = [one["default"] for one in here if "default" in one]
        notable = [value for value in (*said, *(value for leaf in leaves for value in leaf.notable)) if takes(value)]
        more = [leaf.more for leaf in leaves if leaf.more is not None]
        return Leaf(notable, st.one_of(*more).filter(takes) if more else None)


def _of_kinds(parts: list[Json], kinds: set[str], carrier: Carrier) -> Leaf:
    """The values of the plain kinds that these schemas have."""
    listed = [one["enum"] for one in parts if "enum" in one] + [[one["const"]] for one in parts if "const" in one]
    if listed:
        return Leaf(value for value in listed[0] if all(value in others for others in listed))
    kinds = kinds & _kinds(parts) or kinds
    leaves = [make(parts, carrier) for kind, make in _LEAVES.items() if kind in kinds]
    more = [leaf.more for leaf in leaves if leaf.more is not None]
    return Leaf((value for leaf in leaves for value in leaf.notable), st.one_of(*more) if more else None)


def _text(parts: list[Json], carrier: Carrier) -> Leaf:
    least = max((one["minLength"] for one in parts if "minLength" in one), default=0)
    most = min((one["maxLength"] for one in parts if "maxLength" in one), default=None)
    patterns = [one["pattern"] for one in parts if "pattern" in one]
    return texts.leaf(carrier, least, most, patterns[0] if patterns else "")


_LEAVES: Final[dict[str, Callable[[list[Json], Carrier], Leaf]]] = {
    "boolean": lambda parts, carrier: Leaf([False, True]),
    "integer": lambda parts, carrier: numbers.integers(parts),
    "number": lambda parts, carrier: numbers.decimals(parts),
    "string": _text,
    "null": lambda parts, carrier: Leaf([None]),
}
"""The kinds of values without members."""

_TOLD_BY: Final = {
    "properties": {"object"},
    "required": {"object"},
    "items": {"array"},
    "minItems": {"array"},
    "maxItems": {"array"},
    "pattern": {"string"},
    "minLength": {"string"},
    "maxLength": {"string"},
    "minimum": {"integer"},
    "maximum": {"integer"},
}
"""The kind of values that a keyword is about, for schemas that name none."""


def _kinds(parts: list[Json]) -> set[str]:
    """The kinds of values that schemas allow; where none is named those that they speak of, and a text where they say nothing."""
    named = [set(kind) if isinstance(kind, list) else {kind} for one in parts if (kind := one.get("type"))]
    if named:
        return set.intersection(*named)
    spoken = [kinds for one in parts for keyword, kinds in _TOLD_BY.items() if keyword in one]
    branches = [_kinds([branch]) for one in parts for branch in one.get("anyOf", ())]
    return {kind for kinds in (*spoken, *branches) for kind in kinds} or {"string"}
