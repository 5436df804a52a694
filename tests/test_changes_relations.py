"""Which of two demands takes more: what is said is so for every text and value, and what cannot be told is not said."""

from __future__ import annotations

from itertools import product
from pathlib import Path
from typing import Any

import pytest
from editions import changes, copied
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from mockcloud.changes.asserts import split
from mockcloud.changes.automaton import Unknown, automaton
from mockcloud.changes.change import MIRRORED, How
from mockcloud.changes.conditions import included
from mockcloud.changes.patterns import compared
from mockcloud.changes.values import VALUES, of_sets
from mockcloud.contracts import folders
from mockcloud.reports.json_values import valid
from mockcloud.reports.patterns import matcher

LAW = settings(max_examples=60, deadline=None, database=None, derandomize=True)

# Patterns -------------------------------------------------------------------------------------------------------------

TEXTS = ["".join(marks) for length in range(5) for marks in product("ab-", repeat=length)]
ATOMS = st.sampled_from(["a", "b", "-", ".", "[ab]", "[^a]", "[a-b-]", "(?:a|bb)", "(?P<n>ab)", "(a|)"])
REPEATED = st.tuples(ATOMS, st.sampled_from(["", "", "*", "+", "?", "{2}", "{1,2}", "{0,3}", "{2,}"])).map("".join)
SEQUENCES = st.lists(REPEATED, max_size=3).map("".join)
NESTED = st.tuples(SEQUENCES, st.sampled_from(["", "*", "{1,2}"])).map(
    lambda pair: f"({pair[0].replace('(?P<n>', '(')}){pair[1]}"
)
ALTERNATIVES = st.lists(SEQUENCES | NESTED, min_size=1, max_size=2).map(lambda parts: "|".join(parts).replace("(?P<n>", "(", 5))
ANCHORED = st.tuples(st.sampled_from(["", "^"]), ALTERNATIVES, st.sampled_from(["", "$"])).map("".join)


def holds(how: How, before: Any, after: Any, among: Any) -> bool:
    """Whether a relation is so of these texts or values."""
    lost = any(before(one) and not after(one) for one in among)
    gained = any(after(one) and not before(one) for one in among)
    return {How.REWORDED: not lost and not gained, How.STRICTER: not gained, How.LOOSER: not lost}.get(how, True)


@LAW
@given(ANCHORED, ANCHORED)
def test_what_is_said_of_two_patterns_is_so_of_every_short_text(old: str, new: str) -> None:
    relation = compared(old, new, whole=False)
    if relation is not None:
        assert holds(relation.how, matcher(old, whole=False), matcher(new, whole=False), TEXTS), (relation, old, new)


@LAW
@given(ALTERNATIVES, ALTERNATIVES)
def test_what_is_said_of_two_patterns_of_a_whole_text_is_so_of_every_short_text(old: str, new: str) -> None:
    relation = compared(old, new, whole=True)
    if relation is not None:
        assert holds(relation.how, matcher(old, whole=True), matcher(new, whole=True), TEXTS), (relation, old, new)
        assert relation.how is not How.UNTOLD


@LAW
@given(ANCHORED)
def test_an_automaton_takes_what_the_pattern_matches(pattern: str) -> None:
    made, matches = automaton(pattern, whole=False), matcher(pattern, whole=False)
    for text in TEXTS[:60]:
        states, start = made.closure([0], start=True), not text
        for mark in text:
            states = made.after(states, ord(mark))
        assert made.accepts(states, start=start) == matches(text), (pattern, text)


@LAW
@given(ANCHORED, ANCHORED)
def test_patterns_the_other_way_round_are_related_the_other_way_round(old: str, new: str) -> None:
    one, other = compared(old, new, whole=False), compared(new, old, whole=False)
    assert (one is None) == (other is None)
    if one is not None and other is not None:
        assert (MIRRORED[one.how], one.lost, one.gained) == (other.how, other.gained, other.lost)


@pytest.mark.parametrize(
    ("old", "new", "how", "witness"),
    [
        ("^[a-z]{1,255}$", "^[a-z]{1,256}$", How.LOOSER, "a" * 256),
        ("^https?://", "^http://", How.STRICTER, "https://"),
        ("^[0-9]+$", "^[0-9]{1,}$", How.REWORDED, None),
        ("^(a|ab)(c|bcd)$", "^a(c|bcd|bc|bbcd)$", How.REWORDED, None),
        ("^v[0-9]+$", "^v[1-9][0-9.]*$", How.CHANGED, "v0"),
        ("[一-龥]", "^[一-龥]", How.STRICTER, "x一"),
        ("^(?!x)", "^(?!y)", How.UNTOLD, None),
        ("^a{1,3000}$", "^(a{1,3000}){1,9}$", How.UNTOLD, None),
        ("(a|b)*a(a|b){12}", "(a|b)*a(a|b){13}", How.UNTOLD, None),
        ("^(a?){80}a{80}$", "^(a?){81}a{80}$", How.LOOSER, "a" * 161),
    ],
)
def test_of_two_patterns(old: str, new: str, how: How, witness: str | None) -> None:
    relation = compared(old, new, whole=False)
    assert relation is not None
    assert relation.how is how
    assert witness in (None, relation.lost, relation.gained)


@pytest.mark.parametrize("pattern", [r"\d", "(?=a)", "a*?", "a{2}{3}", "(" * 60 + ")" * 60, r"(a)\1", "a{1,100000}", "(?i:a)"])
def test_what_an_automaton_does_not_know_it_refuses(pattern: str) -> None:
    with pytest.raises(Unknown):
        automaton(pattern, whole=False)


def test_an_anchor_in_a_pattern_of_a_whole_text_is_not_told_because_validators_differ() -> None:
    with pytest.raises(Unknown):
        automaton("^a$", whole=True)


# Values ---------------------------------------------------------------------------------------------------------------

NUMBERS = st.integers(-3, 3) | st.sampled_from([0.5, 1.5])
DEMANDS: dict[str, Any] = {
    "type": st.lists(
        st.sampled_from(["string", "integer", "number", "boolean", "null", "array", "object"]), min_size=1, unique=True
    ),
    "enum": st.lists(st.sampled_from([1, 1.0, True, "1", None, "a"]), min_size=1),
    "const": st.sampled_from([1, 1.0, True, "1", None]),
    "minimum": NUMBERS,
    "maximum": NUMBERS,
    **dict.fromkeys(("minLength", "maxLength", "minItems", "maxItems"), st.integers(0, 3)),
}
SOME = [None, True, False, 0, 1, 1.0, -1, 2, 0.5, 3.5, "", "1", "a", "ab", "abc", [], [1], [1, 2], [1, 2, 3], {}, {"a": 1}]


@LAW
@given(st.data())
def test_what_is_said_of_two_demands_of_one_constraint_is_so_of_every_value(data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(sorted(DEMANDS)))
    old, new = data.draw(DEMANDS[name]), data.draw(DEMANDS[name])
    how = VALUES[name](old, new) or How.REWORDED
    assert holds(how, lambda one: valid({name: old}, one), lambda one: valid({name: new}, one), SOME), (name, old, new, how)
    assert VALUES[name](new, old) is (None if how is How.REWORDED else MIRRORED[how])


@pytest.mark.parametrize(
    ("constraint", "old", "new", "how"),
    [
        ("minInclusive", "1", "01.0", None),
        ("maxInclusive", "10", "9.5", How.STRICTER),
        ("required", True, 1, None),
        ("required", 1, 2, How.STRICTER),
        ("maxOccurs", 6, 7, How.LOOSER),
        ("type", "integer", "decimal", How.LOOSER),
        ("type", "integer", ["integer", "null"], How.LOOSER),
        ("type", "string", "integer", How.CHANGED),
        ("enumeration", ["a", "b"], ["b", "a"], None),
    ],
)
def test_of_two_values(constraint: str, old: Any, new: Any, how: How | None) -> None:
    assert VALUES[constraint](old, new) is how


def test_one_and_true_are_two_values() -> None:
    assert of_sets([1], [True]) is How.CHANGED
    assert of_sets([1], [1.0]) is None


# Conditions -----------------------------------------------------------------------------------------------------------

MEMBERS = st.sampled_from(["a", "b"])
LEAVES = st.one_of(
    st.builds(lambda one: {"const": one}, st.sampled_from([1, 2, "x", True])),
    st.builds(lambda listed: {"enum": listed}, st.lists(st.sampled_from([1, 2, 3, "x", "xy"]), min_size=1, unique=True)),
    st.builds(lambda one: {"minimum": one}, st.integers(0, 3)),
    st.builds(lambda one: {"maximum": one}, st.integers(0, 3)),
    st.builds(lambda one: {"type": one}, st.sampled_from(["integer", "string", "object"])),
    st.builds(lambda one: {"pattern": one}, st.sampled_from(["^x", "^x$", "x|y", "^[xy]+$"])),
    st.builds(lambda names: {"required": names}, st.lists(MEMBERS, min_size=1, unique=True)),
)


def wider(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """Schemas that hold others."""
    return st.one_of(
        st.builds(lambda one: {"not": one}, inner),
        st.builds(lambda several: {"anyOf": several}, st.lists(inner, min_size=1, max_size=2)),
        st.builds(lambda several: {"allOf": several}, st.lists(inner, min_size=1, max_size=2)),
        st.builds(lambda one, two: {"if": one, "then": two}, inner, inner),
        st.builds(lambda name, one: {"properties": {name: one}}, MEMBERS, inner),
        st.builds(lambda one: {"items": one}, inner),
        st.builds(lambda one, two: {**one, **two}, inner, inner).filter(lambda one: ("if" in one) == ("then" in one)),
    )


CONDITIONS = st.recursive(LEAVES, wider, max_leaves=5)
PARTS = [1, 2, 3, True, "x", "xy", "y"]
WITNESSES = [
    *SOME,
    *PARTS,
    *({"a": one} for one in PARTS),
    *({"a": 1, "b": one} for one in PARTS),
    {"b": 1},
    ["x"],
    [1, "x"],
    [{"a": 1}],
]


def validator(schema: Any) -> Any:
    return Draft202012Validator(schema).is_valid


@settings(LAW, max_examples=200)
@given(CONDITIONS, CONDITIONS)
def test_a_schema_that_is_included_in_another_takes_nothing_that_the_other_does_not(one: Any, other: Any) -> None:
    if included(one, other):
        takes, also = validator(one), validator(other)
        assert [value for value in WITNESSES if takes(value) and not also(value)] == []


@LAW
@given(CONDITIONS)
def test_a_schema_that_lists_no_values_is_included_in_itself(one: Any) -> None:
    assert included(one, one)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"anyOf": [{"enum": ["10", "50"]}, {"pattern": "^[0-9]{2}$"}]}, {"anyOf": [{"pattern": "^[0-9]{2}$"}]}),
        (
            {"if": {"required": ["a"]}, "then": {"required": ["b", "c"]}},
            {"if": {"required": ["a", "d"]}, "then": {"required": ["b"]}},
        ),
        ({"not": {"required": ["a"]}}, {"not": {"required": ["a", "b"]}}),
        ({"enum": ["a", "b"]}, {"type": "string"}),
    ],
)
def test_what_follows_from_the_keywords_is_seen(one: Any, other: Any) -> None:
    assert included(one, other)
    assert not included(other, one) or all(valid(one, value) == valid(other, value) for value in WITNESSES)


# Asserts --------------------------------------------------------------------------------------------------------------

AUDIO = "requests/CreateMediaJobs.MediaInfo.xsd"
TDMQ = "not(CallBackType = 'TDMQ') or CallBackMqConfig"
RULE = "tencent_ci.CreateMediaJobs.MediaInfo/request#:mq-config-when-tdmq"


@pytest.mark.parametrize(
    ("test", "how", "breaks"),
    [
        (f"{TDMQ} or QueueId", How.LOOSER, False),
        ("CallBackMqConfig", How.STRICTER, True),
        ("CallBackMqConfig or  not(CallBackType = 'TDMQ')", How.REWORDED, False),
        ("not(CallBackType = 'Url') or CallBackMqConfig", How.CHANGED, True),
    ],
)
def test_of_two_asserts(test: str, how: How, breaks: bool, tmp_path: Path) -> None:
    edit = {AUDIO: lambda text: text.replace(f'test="{TDMQ}"', f'test="{test}"')}
    found = changes(folders.known()["tencent_ci"], copied(tmp_path, "tencent_ci", edit))
    assert [(change.how, change.place, change.breaking) for change in found] == [(how, RULE, breaks)]


@pytest.mark.parametrize(
    ("test", "word", "parts"),
    [
        ("A or B", " or ", ["A", "B"]),
        ("not(A or B) or C = ' or '", " or ", ["not(A or B)", "C = ' or '"]),
        ("A and B", " or ", ["A and B"]),
    ],
)
def test_an_assert_is_split_where_no_bracket_and_no_text_is(test: str, word: str, parts: list[str]) -> None:
    assert split(test, word) == parts
