"""JSON Schema of the closed vocabulary: rules, defaults, and two validators that agree."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mockcloud.contracts import folders, rules, vocabulary
from mockcloud.contracts.json_reader import pointed
from mockcloud.contracts.json_schema import JsonSchema, holds_at_least
from mockcloud.contracts.loader import load
from mockcloud.contracts.vocabulary import TEXT_READS

LAW = settings(max_examples=60, deadline=None, database=None, derandomize=True)
S = {"x-source": "d"}


def of(tmp_path: Path, tree: dict[str, Any], *, text: bool = False) -> JsonSchema:
    path = tmp_path / "requests" / "x.schema.json"
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps(tree), encoding="utf-8")
    return JsonSchema(path, ("p.Op", "request"), text=text)


def ids(schema: JsonSchema) -> list[str]:
    return [rule.removeprefix("p.Op/request#") for rule in schema.rules]


def broken(schema: JsonSchema, message: Any) -> list[tuple[str, str]]:
    """The rules broken, with their places; the fast validator has to agree."""
    found = schema.violations(message)
    assert schema.accepts(message) == (not found), "the two validators do not agree"
    return [(violation.rule.removeprefix("p.Op/request#"), violation.where) for violation in found]


WHOLE = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "title": "everything",
    "type": "object",
    "x-source": "d",
    "required": ["name", "box"],
    "properties": {
        "name": {"type": "string", "minLength": 2, "maxLength": 4, "pattern": "^[a-z]+$", "x-source": "d"},
        "kind": {"enum": ["a", "b", 1], "default": "a", "x-source": "d"},
        "fixed": {"const": "x", "x-source": "d"},
        "count": {"type": "integer", "minimum": 1, "maximum": 9, "x-source": {"minimum": ["m", "n"], "*": "d"}},
        "box": {"$ref": "#/$defs/Box", "x-source": "d"},
        "list": {
            "type": "array",
            "minItems": 1,
            "maxItems": 3,
            "x-source": "d",
            "items": {
                "type": "object",
                "x-source": "d",
                "required": ["id"],
                "properties": {"id": {"minLength": 1, "x-source": "d"}, "n": {"default": 7}, "from": {}, "to": {}},
                "x-at-least": {"member": "to", "other": "from", "other_default": 5, "unless": [-1]},
                "x-rule": "to-not-before-from",
                "x-says": "is before from",
                "x-about": "to",
            },
        },
    },
    "$defs": {
        "Box": {
            "type": "object",
            "properties": {
                "size": {
                    "anyOf": [{"const": 0}, {"minimum": 8}],
                    "x-rule": "zero-or-8",
                    "x-says": "is neither 0 nor at least 8",
                    "x-source": "d",
                },
                "copy": {"x-default-from": "/name"},
                "mode": {"default": "one"},
                "end": {},
            },
            "allOf": [
                {
                    "if": {"type": "object", "properties": {"mode": {"const": "all"}}, "required": ["mode"]},
                    "then": {"not": {"required": ["end"]}},
                    "x-rule": "end-forbidden",
                    "x-says": "is not allowed when mode is all",
                    "x-about": "end",
                    "x-source": "d",
                },
                {
                    "if": {"type": "object"},
                    "then": {"not": {"required": ["odd"]}},
                    "x-rule": "no-odd",
                    "x-says": "is odd",
                    "x-source": "d",
                },
            ],
        }
    },
}
GOOD = {"name": "abc", "box": {}}


@pytest.fixture
def whole(tmp_path: Path) -> JsonSchema:
    return of(tmp_path, WHOLE)


def test_every_constraint_is_a_rule_at_the_path_of_its_member(whole: JsonSchema) -> None:
    assert ids(whole) == [
        ":type", "/name:required", "/name:type", "/name:minLength", "/name:maxLength", "/name:pattern",
        "/kind:enum", "/fixed:const", "/count:type", "/count:minimum", "/count:maximum",
        "/box:required", "/box:type", "/box/size:zero-or-8", "/box:end-forbidden", "/box:no-odd",
        "/list:type", "/list:minItems", "/list:maxItems", "/list/*:to-not-before-from", "/list/*:type", "/list/*/id:required",
        "/list/*/id:minLength",
    ]  # fmt: skip


def test_the_evidence_of_a_constraint_is_its_own_else_that_of_the_star(whole: JsonSchema) -> None:
    evidence = {name.partition("#")[2]: rule.evidence for name, rule in whole.rules.items()}
    assert (evidence["/count:minimum"], evidence["/count:maximum"]) == (("m", "n"), ("d",))


def test_the_reason_of_a_rule_is_its_sentence_else_made_of_its_demand(whole: JsonSchema) -> None:
    reasons = {name.partition("#")[2]: rule.reason for name, rule in whole.rules.items()}
    assert reasons["/count:maximum"] == "is greater than 9"
    assert reasons["/kind:enum"] == "is not one of a, b, 1"
    assert reasons["/name:required"] == "is missing"
    assert reasons["/box/size:zero-or-8"] == "is neither 0 nor at least 8"


ALONE = [
    ({**GOOD, "name": 5}, "/name:type", "/name"),
    ({**GOOD, "name": "a"}, "/name:minLength", "/name"),
    ({**GOOD, "name": "abcde"}, "/name:maxLength", "/name"),
    ({**GOOD, "name": "aB"}, "/name:pattern", "/name"),
    ({**GOOD, "name": "ab\n"}, "/name:pattern", "/name"),
    ({**GOOD, "kind": "c"}, "/kind:enum", "/kind"),
    ({**GOOD, "kind": True}, "/kind:enum", "/kind"),
    ({**GOOD, "fixed": "y"}, "/fixed:const", "/fixed"),
    ({**GOOD, "count": 0}, "/count:minimum", "/count"),
    ({**GOOD, "count": 10}, "/count:maximum", "/count"),
    ({**GOOD, "count": 1.5}, "/count:type", "/count"),
    ({**GOOD, "count": True}, "/count:type", "/count"),
    ({**GOOD, "count": "5"}, "/count:type", "/count"),
    ({"box": {}}, "/name:required", "/name"),
    ({"name": "abc"}, "/box:required", "/box"),
    ({**GOOD, "box": []}, "/box:type", "/box"),
    ({**GOOD, "box": {"size": 7}}, "/box/size:zero-or-8", "/box/size"),
    ({**GOOD, "box": {"size": -0.5}}, "/box/size:zero-or-8", "/box/size"),
    ({**GOOD, "box": {"mode": "all", "end": 1}}, "/box:end-forbidden", "/box/end"),
    ({**GOOD, "box": {"odd": 1}}, "/box:no-odd", "/box"),
    ({**GOOD, "list": {}}, "/list:type", "/list"),
    ({**GOOD, "list": []}, "/list:minItems", "/list"),
    ({**GOOD, "list": [{"id": "x"}] * 4}, "/list:maxItems", "/list"),
    ({**GOOD, "list": [{"id": "x"}, 5]}, "/list/*:type", "/list/1"),
    ({**GOOD, "list": [{"id": "x"}, {}]}, "/list/*/id:required", "/list/1/id"),
    ({**GOOD, "list": [{"id": ""}]}, "/list/*/id:minLength", "/list/0/id"),
    ({**GOOD, "list": [{"id": "x"}, {"id": "x", "from": 3, "to": 2}]}, "/list/*:to-not-before-from", "/list/1/to"),
    ({**GOOD, "list": [{"id": "x", "to": 4}]}, "/list/*:to-not-before-from", "/list/0/to"),
    ([], ":type", ""),
]  # fmt: skip


@pytest.mark.parametrize(("message", "rule", "where"), ALONE, ids=[f"{row[1]} {row[0]}"[:60] for row in ALONE])
def test_a_constraint_broken_alone_gives_exactly_its_rule(whole: JsonSchema, message: Any, rule: str, where: str) -> None:
    assert broken(whole, message) == [(rule, where)]


@pytest.mark.parametrize(
    "message",
    [
        GOOD,
        {**GOOD, "unknown": None, "count": 5.0, "kind": 1.0},
        {**GOOD, "box": {"size": 0, "mode": "one", "end": 1}},
        {**GOOD, "box": {"size": "text"}},
        {**GOOD, "box": {"end": 1}},
        {**GOOD, "list": [{"id": "x", "to": -1}, {"id": 5, "to": "text"}, {"id": "x", "from": True, "to": 0}]},
    ],
)  # fmt: skip
def test_a_message_that_keeps_every_rule_breaks_none(whole: JsonSchema, message: Any) -> None:
    assert broken(whole, message) == []


def test_the_violations_come_in_the_schemas_order_and_carry_what_was_found(whole: JsonSchema) -> None:
    message = {"list": [{"id": ""}, {}], "count": 10, "name": "A", "box": {"odd": 1, "size": 3}}
    assert [rule for rule, _ in broken(whole, message)] == [
        "/name:minLength", "/name:pattern", "/count:maximum", "/box/size:zero-or-8", "/box:no-odd",
        "/list/*/id:required", "/list/*/id:minLength",
    ]  # fmt: skip
    found = {violation.rule.partition("#")[2]: violation.found for violation in whole.violations(message)}
    assert found["/count:maximum"] == 10
    assert found["/list/*/id:required"] is None


def test_two_missing_members_are_two_violations(whole: JsonSchema) -> None:
    assert broken(whole, {}) == [("/name:required", "/name"), ("/box:required", "/box")]


def test_the_found_value_of_a_condition_about_a_member_is_that_members(whole: JsonSchema) -> None:
    (violation,) = whole.violations({**GOOD, "box": {"mode": "all", "end": 99}})
    assert (violation.found, violation.reason) == (99, "is not allowed when mode is all")


def test_a_condition_deep_inside_then_is_named_by_the_rule_that_holds_it(tmp_path: Path) -> None:
    schema = of(tmp_path, {"if": {"required": ["a"]}, "then": {"properties": {"b": {"minimum": 5}}}, "x-rule": "b-with-a", "x-says": "is too small with a", "x-about": "b", **S})  # fmt: skip
    assert broken(schema, {"a": 1, "b": 4}) == [(":b-with-a", "/b")]
    assert schema.violations({"a": 1, "b": 4})[0].found == 4
    assert broken(schema, {"b": 4}) == []


def test_members_called_properties_and_items_are_members_like_any_other(tmp_path: Path) -> None:
    tree = {
        "properties": {
            "properties": {"properties": {"items": {"anyOf": [{"const": 1}], "x-rule": "one", "x-says": "is not 1", **S}}}
        }
    }
    schema = of(tmp_path, tree)
    assert broken(schema, {"properties": {"items": 2}}) == [("/properties/items:one", "/properties/items")]


def test_a_bare_not_is_a_condition_of_its_own_name(tmp_path: Path) -> None:
    schema = of(tmp_path, {"not": {"required": ["odd"]}, "x-rule": "no-odd", "x-says": "is odd", **S})
    assert broken(schema, {"odd": 1}) == [(":no-odd", "")]
    assert broken(schema, {"even": 1}) == []


def test_a_rule_that_is_named_twice_at_one_place_is_told_once(tmp_path: Path) -> None:
    schema = of(
        tmp_path, {"properties": {"n": {"anyOf": [{"const": 1}], "not": {"const": 2}, "x-rule": "one", "x-says": "x", **S}}}
    )
    assert broken(schema, {"n": 2}) == [("/n:one", "/n")]


def test_where_every_leaf_is_text_type_string_is_no_rule(tmp_path: Path) -> None:
    tree = {"type": "object", "properties": {"a": {"type": "string", "minLength": 1, **S}}}
    assert ids(of(tmp_path, tree, text=True)) == ["/a:minLength"]


def test_a_ref_beside_a_ref_is_inlined_too(tmp_path: Path) -> None:
    tree = {
        "properties": {"a": {"$ref": "#/$defs/A", "properties": {"b": {"$ref": "#/$defs/B"}}}},
        "$defs": {"A": {}, "B": {"const": 1, **S}},
    }
    schema = of(tmp_path, tree)
    assert ids(schema) == ["/a/b:const"]
    assert broken(schema, {"a": {"b": 2}}) == [("/a/b:const", "/a/b")]


def test_two_places_that_refer_to_one_definition_are_two_rules(tmp_path: Path) -> None:
    tree = {"properties": {"a": {"$ref": "#/$defs/A"}, "b": {"$ref": "#/$defs/A"}}, "$defs": {"A": {"const": 1, **S}}}
    schema = of(tmp_path, tree)
    assert broken(schema, {"a": 1, "b": 2}) == [("/b:const", "/b")]


def test_a_ref_may_point_into_another_file_of_the_folder(tmp_path: Path) -> None:
    (tmp_path / "requests").mkdir()
    (tmp_path / "requests" / "other.schema.json").write_text(
        json.dumps({"$defs": {"A": {"$ref": "#/$defs/B"}, "B": {"const": 1, **S}}})
    )
    schema = of(tmp_path, {"properties": {"a": {"$ref": "other.schema.json#/$defs/A"}}})
    assert ids(schema) == ["/a:const"]


def test_defaults_are_put_in_where_a_member_is_absent_at_every_depth(whole: JsonSchema) -> None:
    filled = whole.filled({"name": "abc", "box": {}, "list": [{"id": "x"}, {"id": "y", "n": 1}]})
    assert filled == {
        "name": "abc", "kind": "a", "box": {"copy": "abc", "mode": "one"}, "list": [{"id": "x", "n": 7}, {"id": "y", "n": 1}]
    }  # fmt: skip


def test_filling_leaves_the_message_itself_and_what_is_of_another_shape_alone(whole: JsonSchema) -> None:
    message = {"name": "abc", "box": "text", "list": "text"}
    assert whole.filled(message) == {**message, "kind": "a"}
    assert message == {"name": "abc", "box": "text", "list": "text"}
    assert whole.filled([]) == []


def test_a_default_from_a_place_where_nothing_is_stays_absent(whole: JsonSchema) -> None:
    assert "copy" not in whole.filled({"box": {}})["box"]


def test_an_object_that_is_its_own_default_is_filled_with_the_defaults_of_its_members(tmp_path: Path) -> None:
    schema = of(tmp_path, {"properties": {"rule": {"default": {}, "properties": {"mode": {"default": "single"}}}}})
    assert schema.filled({}) == {"rule": {"mode": "single"}}


def test_a_schema_without_defaults_gives_the_message_back(tmp_path: Path) -> None:
    message: dict[str, Any] = {"a": [1]}
    assert of(tmp_path, {"properties": {"a": {"items": {}}}}).filled(message) is message


@pytest.mark.parametrize(
    ("instance", "holds"),
    [
        ({"a": 2, "b": 1}, True), ({"a": 1, "b": 1}, True), ({"a": 0, "b": 1}, False), ({"a": -1, "b": 1}, True),
        ({"a": 0}, True), ({"b": 1}, True), ({"a": "0", "b": 1}, True), ({"a": 0, "b": True}, True), ([], True), ({"a": 0.5, "b": 1}, False),
    ],
)  # fmt: skip
def test_at_least_holds_for_numbers_that_are_not_less_and_for_all_that_are_no_numbers(instance: Any, holds: bool) -> None:
    assert holds_at_least({"member": "a", "other": "b", "unless": [-1]}, instance) is holds


@pytest.mark.parametrize(
    ("pointer", "value"), [("", {"a": {"b": 1}}), ("/a/b", 1), ("/a/c", None), ("/a/b/c", None), ("/x", None)]
)
def test_a_pointer_gives_what_stands_there_else_None(pointer: str, value: Any) -> None:
    assert pointed({"a": {"b": 1}}, pointer) == value


# Our own schemas, drawn near.


def _own() -> list[Any]:
    found = []
    for provider, folder in folders.known().items():
        contract = load(folder)
        listed = [(f"{op.id}/{side}", schema) for op in contract.operations.values() for side, schema in (("request", op.request), ("response", op.response))]  # fmt: skip
        texts = {f"{op.id}/request" for op in contract.operations.values() if op.reads in TEXT_READS}
        for name, schema in (*listed, (f"{provider}.refusal", contract.refusal.schema)):
            if isinstance(schema, JsonSchema):
                found.append(pytest.param(schema, name in texts, id=name))
    return found


def _scalars(node: Any) -> list[Any]:
    """Every scalar that a schema speaks of, wherever: what its conditions compare with is among them."""
    if isinstance(node, dict):
        return [leaf for key, value in node.items() if not key.startswith(("x-s", "$")) for leaf in _scalars(value)]
    if isinstance(node, list):
        return [leaf for value in node for leaf in _scalars(value)]
    return [node]


def near(schema: Any, pool: list[Any]) -> st.SearchStrategy[Any]:
    """Messages near a schema: right, wrong by one, of another type, absent."""
    edges: list[Any] = [*schema.get("enum", ()), *([schema["const"]] if "const" in schema else ())]
    for key in ("minimum", "maximum"):
        edges += [schema[key] + by for by in (-1, -0.5, 0, 0.5, 1, 1.0)] if key in schema else []
    for key in ("minLength", "maxLength"):
        edges += ["é" * max(0, schema[key] + by) for by in (-1, 0, 1)] if key in schema else []
    choices: list[st.SearchStrategy[Any]] = [
        st.sampled_from(
            [*edges, *pool, 0, 1, 7, 8, -1, 5.0, 1e300, 10**30, -0.0, True, "", "v1", "v1\n", "V1", ",", "\n", [], {}]
        )
    ]
    if "pattern" in schema:
        choices.append(st.from_regex(schema["pattern"]))
    if "properties" in schema:
        members = {name: near(member, pool) for name, member in schema["properties"].items()}
        choices += [st.fixed_dictionaries({}, optional={**members, "unknown": st.integers()})] * 2
        needed = {name: members[name] for name in schema.get("required", ())}
        choices += [
            st.fixed_dictionaries(needed, optional={name: one for name, one in members.items() if name not in needed})
        ] * 4
    if "items" in schema:
        choices += [st.lists(near(schema["items"], pool), max_size=3)] * 3
    if edges:
        choices += [st.sampled_from(edges)] * 2
    return st.one_of(choices)


def as_arguments(message: Any) -> Any:
    """The message as a way of reading that gives texts alone would give it."""
    return {name: str(value) for name, value in message.items()} if isinstance(message, dict) else {}


@pytest.mark.parametrize(("schema", "text"), _own())
def test_the_fast_validator_and_the_oracle_agree_on_every_message_near_the_schema(schema: JsonSchema, text: bool) -> None:
    pytest.importorskip("jsonschema_rs")
    drawn = near(schema.tree, _scalars(schema.tree))

    @LAW
    @given(drawn.map(as_arguments) if text else drawn)
    def agree(message: Any) -> None:
        violations = schema.violations(message)
        assert schema.accepts(message) == (not violations), violations
        assert {violation.rule for violation in violations} <= set(schema.rules)

    agree()


@pytest.mark.parametrize(("schema", "text"), _own())
def test_filling_in_the_defaults_twice_changes_nothing_more(schema: JsonSchema, text: bool) -> None:
    @settings(LAW, max_examples=25)
    @given(near(schema.tree, []))
    def idempotent(message: Any) -> None:
        once = schema.filled(message)
        assert schema.filled(once) == once

    idempotent()


def test_a_lone_surrogate_in_a_message_is_judged_and_raises_nothing(tmp_path: Path) -> None:
    schema = of(tmp_path, {"properties": {"a": {"enum": ["x"], **S}}})
    assert broken(schema, {"a": "\ud800"}) == [("/a:enum", "/a")]


@pytest.mark.parametrize("number", [10**400, -(10**400), 2**63, 2**64, 10**4000])
def test_a_huge_integer_is_judged_alike_by_both(whole: JsonSchema, number: int) -> None:
    assert [rule for rule, _ in broken(whole, {**GOOD, "count": number})] == [
        "/count:minimum" if number < 0 else "/count:maximum"
    ]


def test_every_constraint_of_the_vocabulary_has_a_reason_or_is_named_and_says_its_own() -> None:
    assert set(rules.REASONS) == vocabulary.CONSTRAINTS - {"condition", "assert"}


@pytest.mark.parametrize(
    ("pattern", "text", "is_kept"),
    [
        ("^(?:x|$)", "", True),
        ("^(?:x|$)", "\n", False),
        ("^x$|^y", "x\n", False),
        ("^[$]$", "$", True),
        ("^[]$]$", "$", True),
        (r"^\$", "$", True),
    ],
)
def test_a_dollar_is_the_very_end_wherever_it_stands_in_a_pattern(
    tmp_path: Path, pattern: str, text: str, *, is_kept: bool
) -> None:
    schema = of(tmp_path, {"properties": {"x": {"pattern": pattern, **S}}})
    assert broken(schema, {"x": text}) == ([] if is_kept else [("/x:pattern", "/x")])
