"""The engine for JSON Schema: what it draws is valid, of every kind, small when it fails, and nothing is thrown away."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from random import Random
from typing import Any

import pytest
from draws import law
from hypothesis import Phase, find, given, settings
from hypothesis import strategies as st
from hypothesis.strategies import DrawFn

from mockcloud.contracts.json_schema import JsonSchema
from mockcloud.messages import Json
from mockcloud.reports.dossier import dossiers
from mockcloud.reports.patterns import matcher
from mockcloud.strategies import edges, texts, values
from mockcloud.strategies.judging import judge
from mockcloud.strategies.leaves import Leaf
from mockcloud.strategies.values import Plan

S = {"x-source": "d"}
SIDES = {
    f"{one.id}/{side}": schema
    for entry in dossiers()
    for one in entry.contract.operations.values()
    for side, schema in (("request", one.request), ("response", one.response))
    if isinstance(schema, JsonSchema)
}
PATTERNS = sorted({rule.demand for schema in SIDES.values() for rule in schema.rules.values() if rule.constraint == "pattern"})


def of(tmp_path: Path, tree: dict[str, Any]) -> JsonSchema:
    path = tmp_path / "requests" / "x.schema.json"
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps(tree), encoding="utf-8")
    return JsonSchema(path, ("p.Op", "request"), text=False)


def drawn(schema: JsonSchema, draws: int = 200) -> list[Json]:
    return sample(values.values(schema), draws)


def sample(strategy: st.SearchStrategy[Json], draws: int) -> list[Json]:
    found: list[Json] = []

    @law(draws)
    @given(strategy)
    def run(value: Json) -> None:
        found.append(value)

    run()
    return found


@st.composite
def of_plan(draw: DrawFn, plan: Plan) -> Json:
    """What a plan draws, whether or not the schema takes it."""
    return plan.draw(draw)


def smallest(schema: JsonSchema, wanted: Any) -> Json:
    """The smallest message that some searches end at: members are drawn four at a time, and one search may not part them."""
    how = settings(law(2_000), phases=list(Phase), derandomize=False)
    found = [find(values.values(schema), wanted, settings=how, random=Random(chance)) for chance in range(6)]
    return min(found, key=lambda message: len(json.dumps(message)))


def member(tmp_path: Path, **schema: Any) -> list[Json]:
    return [one["x"] for one in drawn(of(tmp_path, {"required": ["x"], "properties": {"x": {**schema, **S}}}))]


def test_at_most_one_draw_in_ten_is_thrown_away_over_all_schemas_and_none_by_most() -> None:
    thrown: Counter[str] = Counter()
    for name, schema in SIDES.items():
        made = sample(of_plan(values.plan(schema)), 10)
        thrown[name] = sum(not schema.accepts(one) for one in made) / len(made)
    assert {name: share for name, share in thrown.items() if share > 0.1} == {}
    assert sum(share > 0 for share in thrown.values()) <= len(SIDES) / 10


def test_the_same_draws_come_in_every_run(tmp_path: Path) -> None:
    schema = SIDES["jdcloud.createThumbnailTask/request"]
    assert drawn(schema, 50) == drawn(schema, 50)


def test_the_first_draw_is_the_smallest_message() -> None:
    first = drawn(SIDES["jdcloud.createThumbnailTask/request"], 5)[0]
    assert first == {"source": {"bucket": "x", "key": "x"}, "target": {"destBucket": "x"}}


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        (lambda one: "%" in one["source"]["key"], {"source": {"bucket": "x", "key": "%"}, "target": {"destBucket": "x"}}),
        (lambda one: "widthInPixel" in one["target"], {"source": {"bucket": "x", "key": "x"}, "target": {"destBucket": "x", "widthInPixel": 0}}),
        (lambda one: not one["source"]["key"].isascii(), {"source": {"bucket": "x", "key": "é"}, "target": {"destBucket": "x"}}),
        (lambda one: one.get("rule", {}).get("count", 0) > 1, None),
    ],
    ids=["a sign", "a member", "a letter", "a condition"],
)  # fmt: skip
def test_a_failure_shrinks_to_a_message_that_can_be_read(wanted: Any, found: Json) -> None:
    shrunk = smallest(SIDES["jdcloud.createThumbnailTask/request"], wanted)
    if found is None:
        assert set(shrunk) == {"source", "target", "rule"}
        assert set(shrunk["rule"]) == {"mode", "count"}
        assert shrunk["rule"]["count"] == 2
    else:
        assert shrunk == found


def test_integers_are_drawn_at_their_bounds_beside_them_and_between(tmp_path: Path) -> None:
    found = member(tmp_path, type="integer", minimum=-3, maximum=4_000)
    assert {-3, -2, 0, 1, 3_999, 4_000} <= set(found)
    assert len(set(found)) > 20
    assert all(type(one) is int and -3 <= one <= 4_000 for one in found)


def test_numbers_are_drawn_whole_and_with_a_fraction(tmp_path: Path) -> None:
    found = member(tmp_path, type="number", minimum=0)
    assert {0, 0.5} <= set(found)
    assert all(one >= 0 for one in found)


def test_numbers_keep_bounds_that_no_float_has(tmp_path: Path) -> None:
    found = member(tmp_path, type="number", minimum=2**53 + 1, maximum=2**63 - 1)
    assert {2**53 + 1, 2**63 - 1} <= set(found)
    assert all(2**53 < one < 2**63 for one in found)
    assert any(isinstance(one, float) for one in found)


def test_texts_are_drawn_empty_long_and_of_many_scripts(tmp_path: Path) -> None:
    found = member(tmp_path, type="string", maxLength=64)
    assert {"", "x" * 64, "中" * 64, "+", "%", "😀", "x\u0301", "שלום", "\x01"} <= set(found)
    assert all(len(one) <= 64 for one in found)


def test_what_may_be_null_is_null_and_not(tmp_path: Path) -> None:
    found = member(tmp_path, anyOf=[{"type": "null"}, {"type": "integer", "minimum": 1}], **{"x-rule": "r", "x-says": "s"})
    assert None in found
    assert {1, 2} <= set(found)


def test_a_value_of_several_types_is_of_each(tmp_path: Path) -> None:
    found = member(tmp_path, type=["string", "integer", "boolean"])
    assert {type(one) for one in found} == {str, int, bool}


def test_lists_are_empty_of_one_of_two_alike_and_as_long_as_they_may_be(tmp_path: Path) -> None:
    found = member(tmp_path, type="array", maxItems=7, items={"enum": ["a", "b", "c"], **S})
    assert {0, 1, 2, 7} <= {len(one) for one in found}
    assert any(len(one) == 2 and one[0] == one[1] for one in found)
    assert any(len(set(one)) > 1 for one in found)


def test_members_that_are_only_read_are_never_given(tmp_path: Path) -> None:
    tree = {"properties": {"a": {"type": "string", **S}, "b": {"readOnly": True, **S}}}
    assert not [one for one in drawn(of(tmp_path, tree), 50) if "b" in one]


CONDITIONS = {
    "if and then": {"if": {"properties": {"a": {"const": 1}}, "required": ["a"]}, "then": {"required": ["b"]}},
    "forbidden": {"if": {"required": ["a"]}, "then": {"not": {"required": ["b"]}}},
    "either": {"anyOf": [{"required": ["a"]}, {"required": ["b", "c"]}]},
    "at least": {"x-at-least": {"member": "a", "other": "b"}},
    "deep": {"if": {"properties": {"d": {"properties": {"e": {"const": "x"}}, "required": ["e"]}}, "required": ["d"]}, "then": {"required": ["c"]}},
    "all at once": {"anyOf": [{"required": ["a", "b", "c", "d"]}, {"properties": {"a": {"const": 2}}, "required": ["a"]}]},
}  # fmt: skip


@pytest.mark.parametrize("name", CONDITIONS)
def test_a_condition_is_kept_in_several_ways_and_nothing_is_thrown_away(name: str, tmp_path: Path) -> None:
    below = {"type": "object", "properties": {"e": {"enum": ["x", "y"], **S}}, **S}
    members = {**{one: {"type": "integer", "minimum": 0, "maximum": 5, **S} for one in "abc"}, "d": below}
    schema = of(tmp_path, {"properties": members, "allOf": [{**CONDITIONS[name], "x-rule": "r", "x-says": "s", **S}]})
    found = sample(of_plan(values.plan(schema)), 150)
    assert all(map(schema.accepts, found))
    assert len({frozenset(one) for one in found}) >= 6


@pytest.mark.parametrize("pattern", PATTERNS)
def test_what_is_drawn_of_a_pattern_matches_it_and_is_of_several_lengths_or_letters(pattern: str) -> None:
    found = sample(of_plan(texts.leaf(pattern=pattern)), 30)
    assert all(map(matcher(pattern, whole=False), found))
    assert len(set(found)) > 2
    takes = judge([{"pattern": pattern}])
    assert all(map(takes, found))


@pytest.mark.parametrize(
    ("pattern", "wanted"),
    [
        ("^(?:[1-9][0-9]{0,2}|1000)$", {"1", "9", "10", "999", "1000"}),
        ("^(a|bc)?x{2,4}$", {"xx", "xxx", "xxxx", "axx", "bcxx"}),
        ("^[^a]$", {"x"}),
        (r"^\.[.]\\$", {"..\\"}),
        ("^0*([0-9]|5[01])$", {"0", "9", "50", "51"}),
    ],
)
def test_the_edges_of_a_pattern_are_each_alternative_each_count_and_the_ends_of_its_classes(
    pattern: str, wanted: set[str]
) -> None:
    assert wanted <= set(edges.edges(pattern, whole=False))


@pytest.mark.parametrize("carrier", [texts.PLAIN, texts.SEGMENT, texts.SEGMENTS, texts.DOCUMENT])
def test_a_carrier_brings_over_every_text_that_is_drawn_for_it(carrier: texts.Carrier) -> None:
    found = sample(of_plan(texts.leaf(carrier, 1)), 200)
    assert all(map(carrier.carries, found))
    assert {"x", "中文", "😀"} <= set(found)


def test_a_leaf_without_others_draws_its_only_value_without_a_choice() -> None:
    assert sample(of_plan(Leaf(["x"])), 20) == ["x"]
