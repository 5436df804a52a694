"""Views: how data says what an answer looks like. What is absent is left out; nothing raises."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mockcloud.contracts.views import ABSENT, FORMS, compile_view
from mockcloud.errors import ContractError

LAW = settings(max_examples=150, deadline=None, database=None, derandomize=True)
VALUES = {"join": lambda *parts: "+".join(str(part) for part in parts), "nothing": lambda *parts: None}
SCOPE: dict[str, Any] = {
    "a": {"b": {"c": 1, "n": None}, "list": [1, 2], "t": "text", "yes": True},
    "id": "x",
    "rows": [{"k": 1}, {"k": 2}, {}],
    "none": None,
}


def fill(view: Any, scope: dict[str, Any] | None = None) -> Any:
    return compile_view(view, VALUES, "f")(SCOPE if scope is None else scope)


@pytest.mark.parametrize(
    ("view", "wanted"),
    [
        ("text", "text"), ("", ""), (5, 5), (None, None), (True, True), (1.5, 1.5),
        ("$$id", "$id"), ("$$$", "$$"), ("$id", "x"), ("$a.t", "text"), ("$a.b.c", 1), ("$a.b.n", None), ("$a.list", [1, 2]),
        ("$nobody", ABSENT), ("$a.x", ABSENT), ("$a.b.x.y", ABSENT), ("$id.x", ABSENT), ("$id.x.y", ABSENT), ("$none.x", ABSENT), ("$", ABSENT), ("$a.list.0", ABSENT),
        ({}, {}), ([], []), ({"p": "$id", "q": "$nobody", "r": ["$nobody", "$id"]}, {"p": "x", "r": ["x"]}),
        ({"$first": ["$nobody", "$none", "$id"]}, None), ({"$first": ["$nobody", "$id"]}, "x"), ({"$first": ["$nobody"]}, ABSENT), ({"$first": []}, ABSENT),
        ({"$text": ["a", "$nobody", "$none", "$a.b.c", "$id"]}, "a1x"), ({"$text": []}, ""),
        ({"$integer": "12"}, 12), ({"$integer": "$a.b.c"}, 1), ({"$integer": "1.5"}, ABSENT), ({"$integer": "$nobody"}, ABSENT), ({"$integer": "9" * 5000}, ABSENT),
        ({"$if": "$id", "then": 1, "else": 2}, 1), ({"$if": "$nobody", "then": 1, "else": 2}, 2), ({"$if": "$none", "then": 1}, 1), ({"$if": "$nobody", "then": 1}, ABSENT), ({"$if": "$id", "else": 1}, ABSENT),
        ({"$if": "$id", "is": "x", "then": 1, "else": 2}, 1), ({"$if": "$id", "is": ["y", "x"], "then": 1}, 1), ({"$if": "$id", "is": "y", "then": 1}, ABSENT), ({"$if": "$a.list", "is": [[1, 2]], "then": 1}, 1), ({"$if": "$nobody", "is": "x", "else": 3}, 3),
        ({"$each": "$rows", "as": "row", "do": "$row.k"}, [1, 2]), ({"$each": "$rows", "as": "row", "do": {"k": "$row.k", "id": "$id"}}, [{"k": 1, "id": "x"}, {"k": 2, "id": "x"}, {"id": "x"}]), ({"$each": "$nobody", "as": "row", "do": 1}, []), ({"$each": "$id", "as": "row", "do": 1}, []),
        ({"$merge": [{"p": 1, "q": 1}, "$nobody", {"q": 2}, "text", "$a.b"]}, {"p": 1, "q": 2, "c": 1, "n": None}), ({"$merge": []}, {}),
        ({"$call": "join", "with": ["a", "$nobody", "$id"]}, "a+None+x"), ({"$call": "join"}, ""), ({"$call": "nothing"}, ABSENT), ({"p": {"$call": "nothing"}}, {}),
    ],
)  # fmt: skip
def test_a_view_is_filled_from_its_scope(view: Any, wanted: Any) -> None:
    found = fill(view)
    assert found is ABSENT if wanted is ABSENT else found == wanted


def test_an_each_does_not_leak_its_name() -> None:
    scope = {"rows": [1], "row": "mine"}
    assert fill([{"$each": "$rows", "as": "row", "do": "$row"}, "$row"], scope) == [[1], "mine"]


@pytest.mark.parametrize(
    ("view", "pointer", "said"),
    [
        ({"$frist": []}, "", "unknown view form '$frist'. Did you mean '$first'?"),
        ({"a": [{"$cal": "x"}]}, "/a/0", "Did you mean '$call'?"),
        ({"$first": [], "else": 1}, "", "'$first' takes no 'else'."),
        ({"$if": 1, "thn": 1}, "", "'$if' takes no 'thn'. Known: else, is, then."),
        ({"$first": "x"}, "/$first", "a list of views is wanted, found str"),
        ({"$merge": {}}, "/$merge", "a list of views is wanted, found dict"),
        ({"$call": "jion"}, "/$call", "the module has no value 'jion'. Did you mean 'join'?"),
        ({"$call": "join", "with": "x"}, "/with", "a list of views is wanted"),
        ({"$text": [{"$x": 1}]}, "/$text/0", "unknown view form"),
        ({"$each": "$a", "as": "b", "do": {"$x": 1}}, "/do", "unknown view form"),
    ],
)
def test_a_view_of_an_unknown_form_is_refused_where_it_stands(view: Any, pointer: str, said: str) -> None:
    with pytest.raises(ContractError) as caught:
        compile_view(view, VALUES, "f", "/top")
    assert (caught.value.file, caught.value.pointer) == ("f", f"/top{pointer}")
    assert said in caught.value.problem


@pytest.mark.parametrize("view", [{"$each": "$a"}, {"$each": "$a", "as": "b"}, {"$each": "$a", "do": 1}])
def test_an_each_without_its_name_or_its_view_is_a_contract_error(view: Any) -> None:
    with pytest.raises(ContractError):
        compile_view(view, VALUES, "f")


def test_absent_is_false_and_says_its_name() -> None:
    assert not ABSENT
    assert repr(ABSENT) == "ABSENT"


NAMES = st.sampled_from(["$a", "$a.b", "$a.b.c", "$rows", "$id", "$x", "$none", "text", "$$x", 5, None, True])
VIEWS = st.recursive(
    NAMES,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from("pqr"), inner, max_size=3)
        | st.builds(
            lambda form, views: {form: views}, st.sampled_from(["$first", "$text", "$merge"]), st.lists(inner, max_size=3)
        )
        | st.builds(lambda one, two, three: {"$if": one, "then": two, "else": three}, inner, inner, inner)
        | st.builds(lambda one, two: {"$each": one, "as": "row", "do": two}, inner, inner)
        | st.builds(lambda views: {"$call": "join", "with": views}, st.lists(inner, max_size=2))
        | st.builds(lambda one: {"$integer": one}, inner)
    ),
    max_leaves=8,
)
SCOPES = st.dictionaries(
    st.sampled_from(["a", "rows", "id", "none"]),
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=3),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("bck"), inner, max_size=2),
        max_leaves=5,
    ),
)


def holds_absent(value: Any) -> bool:
    if isinstance(value, dict):
        return any(holds_absent(member) for member in value.values())
    return any(holds_absent(item) for item in value) if isinstance(value, list) else value is ABSENT


@LAW
@given(VIEWS, SCOPES)
def test_no_view_raises_or_leaves_an_absence_in_what_it_gives(view: Any, scope: dict[str, Any]) -> None:
    found = fill(view, scope)
    assert found is ABSENT or not holds_absent(found)


def test_every_form_is_one_of_the_documented() -> None:
    assert set(FORMS) == {"$first", "$text", "$integer", "$count", "$split", "$at-least", "$if", "$each", "$merge", "$call"}
