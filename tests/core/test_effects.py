"""Each effect that data can declare, through requests to a made-up provider."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import made
import pytest
from made import ask, done

from mockcloud import Cloud, VirtualClock
from mockcloud.state.stores.memory import MemoryStore

Opened = Callable[..., Cloud]

BOOKS = made.resource(
    {"id": "b1", "name": "Emma", "pages": 9, "open": True},
    {"id": "b2", "name": "Ulysses", "pages": 730.5},
    {"id": "b3", "name": "Emil", "pages": 100},
    {"id": "b4", "name": "7"},
)
SHOW = {"$each": "$items", "as": "one", "do": "$one.id"}
IDS = {"$each": "$tasks", "as": "one", "do": "$one.id"}
MAKE = {"effect": {"create": "task"}, "result": "$task.id"}


@pytest.fixture
def opened(tmp_path: Path) -> Opened:
    """A cloud of a made-up provider with these operations."""

    def make(operations: dict[str, Any], *, store: Any = None, tick: float = 1, **more: Any) -> Cloud:
        made.loaded(tmp_path / "made", operations, **more)
        return made.cloud_of(tmp_path / "made", store=store, clock=VirtualClock(made.NOON, tick))

    return make


# create


def test_create_makes_a_task_that_view_and_test_see(opened: Opened) -> None:
    cloud = opened({"Make": {"effect": {"create": "task"}, "result": "$task"}})
    assert done(cloud, "Make", a=1) == {
        "id": "task-1", "kind": "task", "state": "New", "phase": "waiting", "created": "12:00:01", "updated": "12:00:01",
        "created_at": 1767268801.0, "sent": {"a": 1}, "request": {"a": 1}, "resource": {}, "host": {"name": "me.made.example", "account": "me"},
    }  # fmt: skip
    assert [(task.id, task.state, task.request) for task in cloud.tasks("made")] == [("task-1", "New", {"a": 1})]


def test_create_each_makes_one_task_for_each_element_and_shows_the_first_and_all(opened: Opened) -> None:
    make = {"effect": {"create": "task", "each": "/parts"}, "result": {"first": "$task.id", "all": {"$each": "$tasks", "as": "one", "do": "$one.request.parts"}}}  # fmt: skip
    cloud = opened({"Make": make})
    assert done(cloud, "Make", parts=["x", {"y": 1}, "z"]) == {"first": "task-1", "all": ["x", {"y": 1}, "z"]}
    assert done(cloud, "Make", parts=[]) == {"first": "task-4", "all": [[]]}
    assert done(cloud, "Make", parts="whole") == {"first": "task-5", "all": ["whole"]}
    assert done(cloud, "Make") == {"first": "task-6", "all": []}


def test_a_create_is_refused_too_many_tasks_when_the_store_is_full(opened: Opened) -> None:
    cloud = opened({"Make": MAKE}, store=MemoryStore(1))
    assert [ask(cloud, "Make")[0] for _ in range(2)] == ["", "No too-many-tasks"]


def test_a_few_large_requests_fill_the_store_as_many_small_ones_do(opened: Opened) -> None:
    cloud, large = opened({"Make": MAKE, **KEEP}, store=MemoryStore(bytes=10_000), **named()), "x" * 6_000
    assert ask(cloud, "Make", note=large)[0] == ""
    assert ask(cloud, "Make", note=large)[0] == ask(cloud, "Add", id="b2", name=large)[0] == "No too-many-tasks"
    done(cloud, "Add", id="b2")
    assert ask(cloud, "Put", id="b2", name=large)[0] == "No too-many-tasks"
    assert "name" not in done(cloud, "Get", id="b2")
    assert done(cloud, "Put", id="b2", name="y")["name"] == "y", "a small change has room"


def test_a_create_each_that_finds_the_store_full_makes_none(opened: Opened) -> None:
    cloud = opened({"Make": {"effect": {"create": "task", "each": "/parts"}, "result": 1}}, store=MemoryStore(2))
    assert ask(cloud, "Make", parts=[1, 2, 3])[0] == "No too-many-tasks"
    assert cloud.tasks("made") == []
    assert ask(cloud, "Make", parts=[1, 2])[0] == ""


# get, find


def test_get_finds_by_argument_by_text_and_by_view_and_refuses_what_nobody_made(opened: Opened) -> None:
    books = {"book": BOOKS}
    cloud = opened({
        "Make": MAKE,
        "Get": {"effect": {"get": "task", "id": "/a/id"}, "result": "$task.state"},
        "Book": {"effect": {"get": "book", "id": "/id"}, "result": "$item.name"},
        "Emma": {"effect": {"get": "book", "id": "b1"}, "result": "$item"},
        "Seen": {"effect": {"get": "book", "id": {"$first": ["$request.id", "b2"]}}, "result": "$item.name"},
        "None": {"effect": {"get": "book", "id": {"$first": []}}},
    }, resources=books)  # fmt: skip
    made_id = done(cloud, "Make")
    assert done(cloud, "Get", a={"id": made_id}) == "New"
    assert ask(cloud, "Get", a={"id": "x"}) == ("No unknown-task", {"id": "x", "name": "id", "field": "a.id", "where": "/a/id"})
    assert ask(cloud, "Get")[1]["id"] == ""
    assert done(cloud, "Book", id="b2") == "Ulysses"
    assert ask(cloud, "Book", id="b9") == ("No unknown-book", {"id": "b9", "name": "id", "field": "id", "where": "/id"})
    assert done(cloud, "Emma") == {"id": "b1", "name": "Emma", "pages": 9, "open": True}
    assert [done(cloud, "Seen"), done(cloud, "Seen", id="b3")] == ["Ulysses", "Emil"]
    assert ask(cloud, "None") == ("No unknown-book", {"id": ""})


@pytest.mark.parametrize(
    ("ids", "found", "missing"),
    [
        ("b2,b9,b1,b2", ["b2", "b1"], ["b9"]), (["b3", "b8", 5], ["b3"], ["b8", "5"]), ("b1", ["b1"], []), (5, [], ["5"]),
        (None, ["b1", "b2", "b3", "b4"], []), ("", ["b1", "b2", "b3", "b4"], []), ([], ["b1", "b2", "b3", "b4"], []), ({"a": 1}, [], ["{'a': 1}"]),
    ],
)  # fmt: skip
def test_find_gives_the_asked_once_in_their_order_and_names_the_missing(
    opened: Opened, ids: Any, found: list[str], missing: list[str]
) -> None:
    find = {"effect": {"find": "book", "ids": "/ids", "separator": ","}, "result": {"found": SHOW, "missing": "$missing"}}
    assert done(opened({"Find": find}, resources={"book": BOOKS}), "Find", ids=ids) == {"found": found, "missing": missing}


def test_find_without_a_separator_takes_the_text_whole(opened: Opened) -> None:
    cloud = opened({"Make": MAKE, "Find": {"effect": {"find": "task", "ids": "/ids"}, "result": {"found": IDS, "missing": "$missing"}}})  # fmt: skip
    one, two = done(cloud, "Make"), done(cloud, "Make")
    assert done(cloud, "Find", ids=two) == {"found": [two], "missing": []}
    assert done(cloud, "Find", ids=f"{one},{two}") == {"found": [], "missing": [f"{one},{two}"]}
    assert done(cloud, "Find", ids=[one, "x"]) == {"found": [one], "missing": ["x"]}
    assert done(cloud, "Find") == {"found": [one, two], "missing": []}


# list


@pytest.mark.parametrize(
    ("value", "operator", "operand", "fit"),
    [
        ("$item.name", "is", "Emma", ["b1"]), ("$item.pages", "is", "9", ["b1"]), ("$item.pages", "is", 9.0, ["b1"]), ("$item.name", "is", 7, ["b4"]), ("$item.open", "is", True, ["b1"]),
        ("$item.name", "in", ["Emil", "Emma", "x"], ["b1", "b3"]), ("$item.name", "in", "Emma", ["b1"]), ("$item.pages", "in", ["100", 9.0], ["b1", "b3"]),
        ("$item.pages", "from", 100, ["b2", "b3"]), ("$item.pages", "from", 99.5, ["b2", "b3"]), ("$item.pages", "to", 100, ["b1", "b3"]), ("$item.pages", "to", 9.5, ["b1"]),
        ("$item.pages", "from", "9", ["b1"]), ("$item.pages", "to", "730.5", ["b2", "b3"]), ("$item.name", "from", "Emma", ["b1", "b2"]), ("$item.name", "to", "Emma", ["b1", "b3", "b4"]),
        ("$item.name", "starts", "Em", ["b1", "b3"]), ("$item.pages", "starts", "7", ["b2"]), ("$item.name", "starts", 7, ["b4"]),
        ("$item.open", "from", False, ["b1"]), ("$item.open", "from", {"a": 1}, []), ("$item", "from", {"a": 1}, ["b1", "b2", "b3", "b4"]),
    ],
)  # fmt: skip
def test_a_filter_compares_numbers_as_numbers_and_all_else_as_text(
    opened: Opened, value: Any, operator: str, operand: Any, fit: list[str]
) -> None:
    listing = {"effect": {"list": "book", "where": [{"value": value, operator: "$request.asked"}]}, "result": SHOW}
    assert done(opened({"List": listing}, resources={"book": BOOKS}), "List", asked=operand) == fit


@pytest.mark.parametrize("operator", ["is", "in", "from", "to", "starts"])
@pytest.mark.parametrize("operand", [None, "", [], {}])
def test_a_filter_that_was_not_asked_for_leaves_everything_in(opened: Opened, operator: str, operand: Any) -> None:
    listing = {"effect": {"list": "book", "where": [{"value": "$item.nothing", operator: "$request.asked"}]}, "result": SHOW}
    cloud = opened({"List": listing}, resources={"book": BOOKS})
    assert done(cloud, "List", asked=operand) == ["b1", "b2", "b3", "b4"]
    assert done(cloud, "List", asked="x") == []


def test_all_filters_have_to_fit_and_speak_of_tasks_as_task(opened: Opened) -> None:
    where = [{"value": "$task.request.k", "is": "$request.k"}, {"value": "$task.state", "in": "$request.states"}]
    cloud = opened({"Make": MAKE, "List": {"effect": {"list": "task", "where": where}, "result": IDS}}, tick=0)
    for k in (1, 2, 1):
        done(cloud, "Make", k=k)
        cloud.clock.advance(1)
    assert done(cloud, "List", k=1) == ["task-1", "task-3"]
    assert done(cloud, "List", k=1, states=["New"]) == ["task-3"]
    assert done(cloud, "List", states=["Good"]) == []


def test_presets_come_before_what_was_made_and_newest_turns_the_list_round(opened: Opened) -> None:
    cloud = opened(
        {
            "Add": {"effect": {"add": "book", "item": {"name": "$request.name"}}, "result": "$item.id"},
            "List": {"effect": {"list": "book", "order": "$request.order"}, "result": SHOW},
            "Mine": {"effect": {"list": "task", "order": {"$if": "$request.order", "then": "newest"}}, "result": IDS},
            "Make": MAKE,
        },
        resources={"book": BOOKS},
    )
    done(cloud, "Add")
    done(cloud, "Add")
    assert done(cloud, "List") == done(cloud, "List", order="oldest") == ["b1", "b2", "b3", "b4", "book-1", "book-2"]
    assert done(cloud, "List", order="newest") == ["book-2", "book-1", "b4", "b3", "b2", "b1"]
    done(cloud, "Make")
    done(cloud, "Make")
    assert (done(cloud, "Mine"), done(cloud, "Mine", order=1)) == (["task-1", "task-2"], ["task-2", "task-1"])


@pytest.mark.parametrize(
    ("size", "number", "ids", "page"),
    [
        (3, 1, ["b1", "b2", "b3"], {"size": 3, "number": 1, "total": 4, "pages": 2, "truncated": True, "next": "b4"}),
        (3, 2, ["b4"], {"size": 3, "number": 2, "total": 4, "pages": 2, "truncated": False}),
        (4, 1, ["b1", "b2", "b3", "b4"], {"size": 4, "number": 1, "total": 4, "pages": 1, "truncated": False}),
        ("2", "2", ["b3", "b4"], {"size": 2, "number": 2, "total": 4, "pages": 2, "truncated": False}),
        (2, 9, [], {"size": 2, "number": 9, "total": 4, "pages": 2, "truncated": False}),
        (None, None, ["b1"], {"size": 1, "number": 1, "total": 4, "pages": 4, "truncated": True, "next": "b2"}),
        (0, 0, ["b1"], {"size": 1, "number": 1, "total": 4, "pages": 4, "truncated": True, "next": "b2"}),
        (-5, -5, ["b1"], {"size": 1, "number": 1, "total": 4, "pages": 4, "truncated": True, "next": "b2"}),
        ("x", [], ["b1"], {"size": 1, "number": 1, "total": 4, "pages": 4, "truncated": True, "next": "b2"}),
        (10**30, 10**30, [], {"size": 10**30, "number": 10**30, "total": 4, "pages": 1, "truncated": False}),
    ],
)  # fmt: skip
def test_a_page_is_told_by_its_number(opened: Opened, size: Any, number: Any, ids: list[str], page: dict[str, Any]) -> None:
    listing = {"effect": {"list": "book", "page": {"size": "$request.size", "number": "$request.number"}}, "result": {"ids": SHOW, "page": "$page"}}  # fmt: skip
    cloud = opened({"List": listing}, resources={"book": BOOKS})
    assert done(cloud, "List", size=size, number=number) == {"ids": ids, "page": page}


def test_markers_lead_through_a_list_page_by_page_and_an_unknown_one_is_refused(opened: Opened) -> None:
    listing = {"effect": {"list": "task", "page": {"size": 2, "marker": "$request.marker"}}, "result": {"state": {"$each": "$tasks", "as": "t", "do": "$t.request.n"}, "page": "$page"}}  # fmt: skip
    cloud = opened({"Make": MAKE, "List": listing})
    assert done(cloud, "List")["page"] == {"size": 2, "number": 1, "total": 0, "pages": 0, "truncated": False}
    for n in range(5):
        done(cloud, "Make", n=n)
    seen, marker = [], ""
    for _ in range(3):
        answer = done(cloud, "List", marker=marker)
        seen += answer["state"]
        marker = answer["page"].get("next", "")
    assert (seen, marker, answer["page"]["truncated"]) == ([0, 1, 2, 3, 4], "", False)
    assert ask(cloud, "List", marker="task-99") == ("No unknown-marker", {"id": "task-99"})
    assert ask(cloud, "List", "you", marker="task-1") == ("No unknown-marker", {"id": "task-1"})


def test_a_marker_keeps_its_place_when_what_it_names_does_not_fit_any_more(opened: Opened) -> None:
    page = {"size": 2, "marker": "$request.from", "about": "/from"}
    where = [{"value": "$item.on", "is": "$request.on"}]
    books = {**BOOKS, "items": [{"id": f"b{n}", "on": n % 2} for n in range(8)]}
    listing = {"effect": {"list": "book", "where": where, "order": "$request.order", "page": page}, "result": {"ids": SHOW, "page": "$page.next"}}  # fmt: skip
    cloud = opened({"List": listing}, resources={"book": books})
    assert done(cloud, "List", **{"on": 1, "from": "b4"}) == {"ids": ["b5", "b7"]}
    assert done(cloud, "List", **{"on": 0, "from": "b1"}) == {"ids": ["b2", "b4"], "page": "b6"}
    assert done(cloud, "List", **{"on": 0, "from": "b5", "order": "newest"}) == {"ids": ["b4", "b2"], "page": "b0"}
    assert done(cloud, "List", **{"on": 0, "from": "b7"}) == {"ids": []}
    assert ask(cloud, "List", **{"on": 0, "from": "b9"}) == ("No unknown-marker", {"id": "b9", "name": "from", "field": "from", "where": "/from"})  # fmt: skip


def test_a_list_of_tasks_by_another_name_shows_of_them_what_a_list_of_its_own_name_shows(opened: Opened) -> None:
    cloud = opened({"Make": MAKE, "List": {"effect": [{"list": "task", "as": "mine"}, {"list": "task"}], "result": {
        "mine": {"$each": "$mine", "as": "one", "do": ["$one.state", "$one.id"]}, "count": {"$count": "$mine"}}}})  # fmt: skip
    done(cloud, "Make")
    assert done(cloud, "List") == {"mine": [["New", "task-1"]], "count": 1}


@pytest.mark.parametrize("view", ["$tasks", {"$first": ["$tasks"]}, {"$call": "kept", "with": ["$tasks"]}])
def test_who_takes_the_whole_list_has_whole_tasks(opened: Opened, view: Any) -> None:
    cloud = opened({"Make": MAKE, "List": {"effect": {"list": "task"}, "result": view}})
    done(cloud, "Make", a=1)
    (task,) = done(cloud, "List")
    assert (task["id"], task["state"], task["request"]) == ("task-1", "New", {"a": 1})


# refuse


def test_refuse_without_is_refuses_what_is_neither_absent_nor_empty(opened: Opened) -> None:
    cloud = opened({"Do": {"effect": {"refuse": "busy", "when": "$request.a", "about": "/x/y"}, "result": 1}})
    for allowed in (None, "", [], {}, 0, False):
        assert ask(cloud, "Do", a=allowed)[0] == "", allowed
    assert ask(cloud, "Do", a=["x"]) == ("No busy", {"name": "y", "field": "x.y", "where": "/x/y", "found": ["x"]})


def test_refuse_with_is_refuses_one_value_or_each_of_several(opened: Opened) -> None:
    cloud = opened({
        "One": {"effect": {"refuse": "busy", "when": {"$count": "$request.a"}, "is": 0}, "result": 1},
        "Many": {"effect": {"refuse": "busy", "when": "$request.a", "is": ["x", "y"]}, "result": 1},
    })  # fmt: skip
    assert [ask(cloud, "One", a=a) for a in ([], [1])] == [("No busy", {"found": 0}), ("", 1)]
    assert [ask(cloud, "Many", a=a)[0] for a in ("x", "y", "z", "")] == ["No busy", "No busy", "", ""]


def test_what_is_refused_as_things_stand_keeps_nothing(opened: Opened) -> None:
    cloud = opened({"Make": {"effect": [{"list": "task", "as": "mine"}, {"refuse": "one-only", "when": "$mine"}, {"create": "task"}], "result": "$task.id"}})  # fmt: skip
    assert [ask(cloud, "Make")[0] for _ in range(3)] == ["", "No one-only", "No one-only"]
    assert ask(cloud, "Make", "you")[0] == ""
    assert len(cloud.tasks("made")) == 2


# event


def test_an_event_happens_to_one_and_is_refused_where_its_state_does_not_react(opened: Opened) -> None:
    event = {"event": "$request.what", "kind": "task", "id": "/id"}
    cloud = opened({"Make": MAKE, "Do": {"effect": event, "result": "$task.state"}}, tick=0)
    done(cloud, "Make")
    assert ask(cloud, "Do", id="x", what="cancel")[0] == "No unknown-task"
    assert done(cloud, "Do", id="task-1", what="pause") == "Held"
    for wrong in ("pause", "cancle", "", None, 5, "dispatch"):
        assert ask(cloud, "Do", id="task-1", what=wrong) == ("No event-refused", {"id": "task-1", "state": "Held"}), wrong
    assert done(cloud, "Do", id="task-1", what="cancel") == "Off"
    assert ask(cloud, "Do", id="task-1", what="cancel")[1]["state"] == "Off"


def test_an_event_happens_to_all_that_fit_and_react(opened: Opened) -> None:
    what = {"event": {"$if": "$request.what", "then": "$request.what"}, "kind": "task", "where": [{"value": "$task.request.k", "is": "$request.k"}]}  # fmt: skip
    cloud = opened({"Make": MAKE, "Do": {"effect": what, "result": 1}}, tick=0)
    for k in (1, 2, 1):
        done(cloud, "Make", k=k)
        cloud.clock.advance(0.9)
    done(cloud, "Make", "you", k=1)
    assert done(cloud, "Do", k=1, what="pause") == done(cloud, "Do", k=1) == done(cloud, "Do", k=1, what="nothing") == 1
    assert [task.state for task in cloud.tasks("made")] == ["Busy", "New", "Held", "New"]
    done(cloud, "Do", what="cancel")
    assert [task.state for task in cloud.tasks("made")] == ["Off", "Off", "Off", "New"]


# add, change, remove


def named(**more: Any) -> dict[str, Any]:
    books = made.resource({"id": "b1", "name": "Emma", "isbn": 1}, id="/id", unique=["name", "isbn"], **more)
    return {"resources": {"book": books}}


KEEP = {
    "Add": {"effect": {"add": "book", "item": {"name": "$request.name", "isbn": "$request.isbn"}}, "result": "$item"},
    "Put": {
        "effect": {"change": "book", "id": "/id", "item": {"$merge": ["$item", {"name": "$request.name"}]}},
        "result": "$item",
    },
    "New": {"effect": {"change": "book", "id": "/id", "item": "$request.item"}, "result": "$item"},
    "Del": {"effect": {"remove": "book", "id": "/id"}, "result": "$item.name"},
    "Get": {"effect": {"get": "book", "id": "/id"}, "result": "$item"},
    "All": {"effect": {"list": "book"}, "result": SHOW},
}


def test_an_item_is_called_what_its_client_calls_it_once(opened: Opened) -> None:
    cloud = opened(KEEP, **named())
    times = {"created": "12:00:01", "updated": "12:00:01", "created_at": 1767268801.0, "updated_at": 1767268801.0}
    assert done(cloud, "Add", id="b2", name="Emil") == {"id": "b2", "name": "Emil", **times}
    again = {"id": "b2", "name": "id", "found": "b2", "field": "id", "where": "/id"}
    assert ask(cloud, "Add", id="b2", name="Other") == ("No duplicate-book", again)
    assert ask(cloud, "Add", id="b1", name="Other")[0] == "No duplicate-book"
    assert done(cloud, "All") == ["b1", "b2"]
    assert done(cloud, "Add", "you", id="b2", name="Emil")["id"] == "b2"


def test_two_items_of_one_client_do_not_share_a_unique_member(opened: Opened) -> None:
    cloud = opened(KEEP, **named())
    assert ask(cloud, "Add", id="b2", name="Emma") == ("No duplicate-book", {"id": "b1", "name": "name", "found": "Emma"})
    assert ask(cloud, "Add", id="b2", isbn=1)[1] == {"id": "b1", "name": "isbn", "found": 1}
    assert [ask(cloud, "Add", id=name)[0] for name in ("b2", "b3")] == ["", ""], "who has no name shares it with nobody"
    done(cloud, "Put", id="b2", name="Emil")
    assert ask(cloud, "Put", id="b3", name="Emil")[1] == {"id": "b2", "name": "name", "found": "Emil"}
    assert done(cloud, "Put", id="b2", name="Emil")["name"] == "Emil", "an item may keep what it has"
    assert done(cloud, "Add", "you", id="b2", name="Emil")["name"] == "Emil"


@pytest.mark.parametrize("given", [{}, {"id": ""}])
def test_an_item_that_its_client_does_not_name_is_named_all_the_same(opened: Opened, given: dict[str, Any]) -> None:
    cloud = opened(KEEP, **named(), identifiers={"request": [{"count": 1}], "task": [{"count": 1}]})
    one, two = (done(cloud, "Add", **given)["id"] for _ in range(2))
    assert len({one, two, "", "None"}) == 4


def test_a_preset_that_is_fixed_is_neither_changed_nor_removed(opened: Opened) -> None:
    cloud = opened(KEEP, **named())
    assert ask(cloud, "Put", id="b1", name="x") == ("No protected-book", {"id": "b1"})
    assert ask(cloud, "Del", id="b1") == ("No protected-book", {"id": "b1"})
    assert done(cloud, "Get", id="b1") == {"id": "b1", "name": "Emma", "isbn": 1}


def test_a_preset_that_is_changeable_changes_for_its_client_alone_and_is_not_removed(opened: Opened) -> None:
    cloud = opened(KEEP, **named(presets="changeable"))
    changed = done(cloud, "Put", id="b1", name="Other")
    assert (changed["name"], changed["isbn"], changed["created"], changed["updated"]) == ("Other", 1, "12:00:01", "12:00:01")
    assert (done(cloud, "Get", id="b1")["name"], done(cloud, "Get", "you", id="b1")["name"]) == ("Other", "Emma")
    assert (done(cloud, "All"), done(cloud, "Put", id="b1", name="Again")["created"]) == (["b1"], "12:00:01")
    assert ask(cloud, "Del", id="b1")[0] == "No protected-book"
    assert done(cloud, "Add", id="b2", name="Emma")["name"] == "Emma", "the preset's name is free once it has another"


def test_a_changed_preset_is_too_many_for_a_full_store(opened: Opened) -> None:
    cloud = opened(KEEP, **named(presets="changeable"), store=MemoryStore(1))
    done(cloud, "Add", id="b2")
    assert ask(cloud, "Put", id="b1", name="x")[0] == ask(cloud, "Add", id="b3")[0] == "No too-many-tasks"
    assert done(cloud, "Put", id="b2", name="x")["name"] == "x"


def test_change_puts_other_members_in_the_place_of_all_and_keeps_id_and_time_of_making(opened: Opened) -> None:
    cloud = opened(KEEP, **named())
    done(cloud, "Add", id="b2", name="Emil", isbn=2)
    changed = done(cloud, "New", id="b2", item={"colour": "red", "id": "b9", "created_at": 5})
    assert changed == {"colour": "red", "id": "b2", "created": "12:00:01", "updated": "12:00:02", "created_at": 1767268801.0, "updated_at": 1767268802.0}  # fmt: skip
    assert ask(cloud, "New", id="b9", item={})[0] == ask(cloud, "New", "you", id="b2", item={})[0] == "No unknown-book"
    for nothing in (None, "text", [1]):
        assert done(cloud, "New", id="b2", item=nothing).keys() == {"id", "created", "updated", "created_at", "updated_at"}


def test_what_is_removed_is_shown_once_more_and_gone(opened: Opened) -> None:
    cloud = opened(KEEP, **named())
    done(cloud, "Add", id="b2", name="Emil")
    assert ask(cloud, "Del", "you", id="b2")[0] == "No unknown-book"
    assert done(cloud, "Del", id="b2") == "Emil"
    assert ask(cloud, "Del", id="b2")[0] == ask(cloud, "Get", id="b2")[0] == "No unknown-book"
    assert done(cloud, "Add", id="b2", name="Emil")["id"] == "b2"


def test_all_that_fit_are_removed_and_none_when_one_is_a_preset(opened: Opened) -> None:
    where = [{"value": "$item.name", "starts": "$request.name"}]
    cloud = opened({**KEEP, "Clear": {"effect": {"remove": "book", "where": where}, "result": 1}}, **named())
    for name in ("Emil", "Emilia", "Ulysses"):
        done(cloud, "Add", id=name, name=name)
    assert ask(cloud, "Clear", name="Em") == ("No protected-book", {"id": "b1"})
    assert done(cloud, "All") == ["b1", "Emil", "Emilia", "Ulysses"]
    assert done(cloud, "Clear", name="Emi") == 1
    assert done(cloud, "All") == ["b1", "Ulysses"]


def test_tasks_are_removed_one_by_one_and_by_what_fits(opened: Opened) -> None:
    cloud = opened({
        "Make": MAKE,
        "Del": {"effect": {"remove": "task", "id": "/id"}, "result": "$task.state"},
        "Clear": {"effect": {"remove": "task", "where": [{"value": "$task.request.k", "is": "$request.k"}]}, "result": 1},
    })  # fmt: skip
    for k in (1, 2, 1, 2):
        done(cloud, "Make", k=k)
    assert ask(cloud, "Del", "you", id="task-1")[0] == "No unknown-task"
    assert done(cloud, "Del", id="task-1") == "Good"
    assert done(cloud, "Clear", k=2) == 1
    assert [task.id for task in cloud.tasks("made")] == ["task-3"]


def test_what_one_client_makes_no_other_sees_changes_or_removes(opened: Opened) -> None:
    cloud = opened({**KEEP, "Find": {"effect": {"find": "book", "ids": "/ids"}, "result": SHOW}}, **named())
    done(cloud, "Add", id="mine")
    assert (done(cloud, "All", "you"), done(cloud, "Find", "you", ids="mine")) == (["b1"], [])
    for name in ("Get", "Put", "Del"):
        assert ask(cloud, name, "you", id="mine")[0] == "No unknown-book"
    assert done(cloud, "All") == ["b1", "mine"]


def test_a_gate_refuses_requests_of_every_operation_before_their_rules_are_asked(opened: Opened) -> None:
    gate = [{"refuse": "closed", "when": "$request.hour", "is": [0, 1], "about": "/hour", "evidence": "decision: a test"}]
    order = ["route", "authentication", "body", "operation", "gate"]
    cloud = opened({"Make": MAKE, "Look": {"result": "$request.hour"}}, gate=gate, order=order)
    assert (done(cloud, "Make", hour=2), done(cloud, "Look", hour=3)) == ("task-1", 3)
    for name in ("Make", "Look"):
        assert ask(cloud, name, hour=1)[0] == "No closed"
    assert len(cloud.tasks("made")) == 1


def test_a_reference_counts_only_where_the_arguments_are_what_it_wants(opened: Opened) -> None:
    refer = {"references": [{"argument": "/book", "resource": "book", "when": {"/kind": "read"}}]}
    cloud = opened({"Look": {**refer, "result": {"$first": ["$resource.book.name", "none"]}}}, resources={"book": BOOKS})
    assert done(cloud, "Look", book="b1", kind="read") != "none"
    assert ask(cloud, "Look", book="b9", kind="read")[0] == "No unknown-book"
    assert done(cloud, "Look", book="b9", kind="lend") == done(cloud, "Look", book="b9") == "none"


def test_a_reference_may_be_to_what_a_client_made(opened: Opened) -> None:
    refer = {"references": [{"argument": "/book", "resource": "book", "where": {"isbn": "/isbn"}}]}
    cloud = opened({**KEEP, "Make": {**MAKE, **refer, "result": "$resource.book.id"}, "Look": {**refer, "result": "$resource.book.name"}}, **named())  # fmt: skip
    done(cloud, "Add", id="mine", name="M", isbn=5)
    assert (done(cloud, "Make", book="mine", isbn=5), done(cloud, "Look", book="b1", isbn=1)) == ("mine", "Emma")
    for wrong in ({"book": "mine", "isbn": 1}, {"book": "none", "isbn": 1}):
        assert ask(cloud, "Make", **wrong) == (
            "No unknown-book",
            {"id": wrong["book"], "name": "book", "field": "book", "where": "/book"},
        )
    assert ask(cloud, "Look", "you", book="mine", isbn=5)[0] == "No unknown-book"
    assert ask(cloud, "Look")[0] == ""
