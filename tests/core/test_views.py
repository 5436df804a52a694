"""Views: how data says what an answer looks like. What is absent is left out; nothing raises."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mockcloud.contracts.views import ABSENT, FORMS, Roots, Sight, compile_view
from mockcloud.contracts.vocabulary import TASK_MEMBERS
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
        ({"$count": "$rows"}, 3), ({"$count": "$a.b"}, 2), ({"$count": "$a.t"}, 0), ({"$count": "$nobody"}, 0), ({"$count": [1, "$nobody", "$id"]}, 2), ({"$count": {"$each": "$rows", "as": "row", "do": "$row.k"}}, 2), ({"$count": []}, 0),
        ({"$split": "a,b", "by": ","}, ["a", "b"]), ({"$split": ",a,,b,", "by": ","}, ["a", "b"]), ({"$split": "", "by": ","}, []), ({"$split": "a--b-c", "by": "--"}, ["a", "b-c"]), ({"$split": "$nobody", "by": ","}, ABSENT), ({"$split": "$a.list", "by": ","}, ABSENT), ({"$split": 12, "by": ","}, ABSENT),
        ({"$at-least": [2, 1]}, True), ({"$at-least": ["2", 2]}, True), ({"$at-least": [1, 2]}, ABSENT), ({"$at-least": ["10", "9"]}, True), ({"$at-least": [1.2, 1.5]}, ABSENT), ({"$at-least": ["1.5", "1.2"]}, True), ({"$at-least": [-1, "-1.5"]}, True),
        ({"$at-least": ["$nobody", 1]}, ABSENT), ({"$at-least": [1, "$nobody"]}, ABSENT), ({"$at-least": ["x", 1]}, ABSENT), ({"$at-least": [True, 0]}, ABSENT), ({"$at-least": ["inf", 0]}, ABSENT), ({"$at-least": ["nan", "nan"]}, ABSENT), ({"$at-least": ["$a.list", 0]}, ABSENT), ({"$at-least": ["9" * 400, 10**399]}, ABSENT),
        ({"$integer": float("inf")}, ABSENT), ({"$integer": 1.9}, 1),
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
        ({"$each": "$a", "as": "", "do": 1}, "/as", "a text that is not empty is wanted, found ''"),
        ({"$split": "$a", "by": ""}, "/by", "a text that is not empty is wanted, found ''"),
        ({"$split": "$a", "by": 5}, "/by", "a text that is not empty is wanted, found 5"),
        ({"$call": ["join"]}, "/$call", "a text that is not empty is wanted"),
        ({"$at-least": [1, 2, 3]}, "/$at-least", "two views are compared, found 3"),
        ({"$at-least": 1}, "/$at-least", "a list of views is wanted, found int"),
        ({"$first": [], "$text": []}, "", "'$first' takes no '$text'"),
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
        | st.builds(lambda form, one: {form: one}, st.sampled_from(["$integer", "$count"]), inner)
        | st.builds(lambda one: {"$split": one, "by": "x"}, inner)
        | st.builds(lambda one, two: {"$at-least": [one, two]}, inner, inner)
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


ROOTS: Roots = {"request": None, "operation": frozenset({"name"}), "task": TASK_MEMBERS, "tasks": "task", "items": "item", "mine": "task", "item": None, "now": frozenset()}  # fmt: skip


def seen(view: Any, roots: Roots | None = ROOTS) -> set[str]:
    sight = Sight(roots)
    compile_view(view, VALUES, "f", "/top", sight)
    return sight.seen


@pytest.mark.parametrize(
    ("view", "names"),
    [
        ("$task.id", {"task.id"}), ("$task", {"task"}), ("$request.a.b", {"request.a"}), (["$now", {"a": "$task.state"}], {"now", "task.state"}),
        ({"$each": "$tasks", "as": "one", "do": ["$one.id", "$one.request.a"]}, {"tasks", "task.id", "task.request"}), ({"$each": "$tasks", "as": "one", "do": "$one"}, {"tasks", "task"}), ({"$each": "$mine", "as": "one", "do": "$one.id"}, {"mine", "task.id"}),
        ("$tasks", {"tasks", "task"}), ("$mine", {"mine", "task"}), ({"$count": "$tasks"}, {"tasks"}), ({"$count": {"$first": ["$tasks"]}}, {"tasks", "task"}), ({"$each": {"$first": ["$tasks"]}, "as": "one", "do": "$one.id"}, {"tasks", "task"}),
        ({"$each": "$items", "as": "one", "do": "$one.anything"}, {"items", "item.anything"}), ({"$each": "$request.rows", "as": "task", "do": "$task.anything"}, {"request.rows"}),
        ({"$each": "$request.rows", "as": "tasks", "do": {"$each": "$tasks", "as": "one", "do": "$one.anything"}}, {"request.rows"}), ({"$each": "$tasks", "as": "one", "do": {"$each": "$one.request.x", "as": "two", "do": "$two.y"}}, {"tasks", "task.request"}),
    ],
)  # fmt: skip
def test_a_view_tells_what_it_takes_of_its_scope(view: Any, names: set[str]) -> None:
    assert seen(view) == names


def test_a_view_of_an_unknown_scope_goes_through_tasks_and_items_all_the_same() -> None:
    assert seen({"$each": "$tasks", "as": "one", "do": "$one.id"}, None) == {"tasks", "task.id"}
    assert seen({"$each": "$mine", "as": "one", "do": "$one.id"}, None) == {"mine"}


@pytest.mark.parametrize(
    ("view", "pointer", "said"),
    [
        ("$tsk", "", "'$tsk' is nothing that a view can speak of here. Did you mean 'task'?"), ("$task.sate", "", "'$task' has no 'sate'. Did you mean 'state'?"), ("$operation.id", "", "'$operation' has no 'id'"), ("$now.x", "", "'$now' has no 'x'"),
        ("$tasks.id", "", "'$tasks' is a list"), ("$mine.id", "", "'$mine' is a list"), ({"$each": "$tasks", "as": "one", "do": "$one.sate"}, "/do", "'$task' has no 'sate'"), ({"$each": "$mine", "as": "one", "do": {"a": "$one.sate"}}, "/do/a", "'$task' has no 'sate'"),
        ({"$each": "$taks", "as": "one", "do": 1}, "/$each", "Did you mean 'tasks'?"), ({"$count": "$taks"}, "/$count", "Did you mean 'tasks'?"), ([{"$each": "$tasks", "as": "one", "do": 1}, "$one"], "/1", "'$one' is nothing"),
        ({"$if": "$x", "then": 1}, "/$if", "'$x' is nothing"), ({"$split": "$x", "by": ","}, "/$split", "'$x' is nothing"), ({"$at-least": [1, "$x"]}, "/$at-least/1", "'$x' is nothing"), ({"$call": "join", "with": ["$x"]}, "/with/0", "'$x' is nothing"),
    ],
)  # fmt: skip
def test_what_a_scope_cannot_have_is_refused_where_it_stands(view: Any, pointer: str, said: str) -> None:
    with pytest.raises(ContractError) as caught:
        seen(view)
    assert caught.value.pointer == f"/top{pointer}"
    assert said in caught.value.problem


def test_every_form_is_one_of_the_documented() -> None:
    assert set(FORMS) == {"$first", "$text", "$integer", "$count", "$split", "$at-least", "$if", "$each", "$merge", "$call"}
