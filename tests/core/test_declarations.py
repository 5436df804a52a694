"""Whatever a contract declares of effects, callbacks and queues that cannot be meant is refused when it loads."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import made
import pytest
from made import WHY

from mockcloud.errors import ContractError

BOOK = {"book": made.resource({"id": "b1", "name": "Emma"}), "queue": made.resource({"id": "q1", "size": 1})}
CHECK = {"to": "$request.url", "codec": "json", "body": "$random"}
END = {**CHECK, "of": "task", "on": ["Good"]}


def refused(folder: Path, operations: dict[str, Any], **more: Any) -> ContractError:
    with pytest.raises(ContractError) as caught:
        made.loaded(folder, operations, **{"resources": BOOK, "callbacks": {"check": CHECK}, **more})
    return caught.value


FILTER = {"value": "$item.name", "is": "$request.name"}
GET = {"get": "task", "id": "/id"}
EFFECTS: list[tuple[str, Any, str, str]] = [
    ("no effect at all", [{}], "an effect is one of create, get", "/0"),
    ("unknown effect", {"gett": "task", "id": "/id"}, "'gett' is not known here. Did you mean 'get'?", ""),
    ("unknown key", {"get": "task", "id": "/id", "ids": "/id"}, "'ids' is not known here. Did you mean 'id'?", ""),
    ("key of another effect", {"create": "task", "id": "/id"}, "'id' is not known here", ""),
    ("unknown kind of task", {"create": "tsk"}, "'tsk' is nothing that is declared. Did you mean 'task'?", ""),
    ("a resource created", {"create": "book"}, "'book' is nothing that is declared", ""),
    ("a task added", {"add": "task", "item": {}}, "'task' is nothing that is declared", ""),
    ("a task changed", {"change": "task", "id": "/id", "item": {}}, "'task' is nothing that is declared", ""),
    ("an event of a resource", {"event": "cancel", "kind": "book", "id": "/id"}, "'book' is nothing that is declared", ""),
    ("unknown resource listed", {"list": "boook"}, "Did you mean 'book'?", ""),
    ("unknown kind removed", {"remove": "bok", "id": "/id"}, "Did you mean 'book'?", ""),
    ("kind that is a number", {"list": 5}, "a text that is not empty is wanted, found 5", "/list"),
    ("kind that is a list", {"get": ["task"], "id": "/id"}, "a text that is not empty is wanted", "/get"),
    ("get without id", {"get": "task"}, "'get' needs 'id'", ""),
    ("find without ids", {"find": "task"}, "needs 'ids'", ""),
    ("add without item", {"add": "book"}, "needs 'item'", ""),
    ("change without item", {"change": "book", "id": "/id"}, "needs 'item'", ""),
    ("refuse without when", {"refuse": "busy"}, "needs 'when'", ""),
    ("ask without refuse", {"ask": "check"}, "needs 'refuse'", ""),
    ("event without kind", {"event": "cancel", "id": "/id"}, "needs 'kind'", ""),
    ("event for nobody", {"event": "cancel", "kind": "task"}, "with an 'id' or for those that 'where' fits", ""),
    ("event for one and many", {"event": "cancel", "kind": "task", "id": "/id", "where": []}, "with an 'id' or for those that 'where' fits", ""),
    ("remove of nobody", {"remove": "book"}, "with an 'id' or for those that 'where' fits", ""),
    ("event that nobody reacts to", {"event": "cancle", "kind": "task", "id": "/id"}, "no state of 'task' reacts to the event 'cancle'", ""),
    ("event of being let in", {"event": "dispatch", "kind": "task", "id": "/id"}, "no state of 'task' reacts", ""),
    ("ids that are no pointer", {"find": "task", "ids": "ids"}, "'ids' is no pointer; one is like '/taskId'", "/ids"),
    ("ids that are a view", {"find": "task", "ids": {"$first": []}}, "a text that is not empty is wanted", "/ids"),
    ("id that is a number", {"get": "task", "id": 5}, "a text that is not empty is wanted, found 5", "/id"),
    ("id that is empty", {"get": "task", "id": ""}, "a text that is not empty is wanted, found ''", "/id"),
    ("id that is half a pointer", {"get": "task", "id": "/a//b"}, "'/a//b' is no pointer", "/id"),
    ("about that is no pointer", {"refuse": "busy", "when": 1, "about": "name"}, "'name' is no pointer", "/about"),
    ("separator that is empty", {"find": "task", "ids": "/ids", "separator": ""}, "a text that is not empty is wanted", "/separator"),
    ("each below the first level", {"create": "task", "each": "/a/b"}, "'/a/b' is no argument of the first level", "/each"),
    ("each that is no pointer", {"create": "task", "each": "a"}, "'a' is no pointer", "/each"),
    ("where that is an object", {"list": "book", "where": FILTER}, "'where' is a list of filters", ""),
    ("filter that is a text", {"list": "book", "where": ["name"]}, "'where' is a list of filters", ""),
    ("filter without value", {"list": "book", "where": [{"is": 1}]}, "a filter needs 'value'", "/where/0"),
    ("filter without operator", {"list": "book", "where": [FILTER, {"value": "$item.name"}]}, "by one of from, in, is, starts, to", "/where/1"),
    ("filter with two operators", {"list": "book", "where": [{**FILTER, "in": []}]}, "by one of from, in, is, starts, to", "/where/0"),
    ("filter with an unknown operator", {"list": "book", "where": [{"value": "$item.name", "strts": "x"}]}, "'strts' is not known here. Did you mean 'starts'?", "/where/0"),
    ("page that is a number", {"list": "book", "page": 5}, "'page' an object", ""),
    ("page without size", {"list": "book", "page": {"number": 1}}, "a page needs 'size'", "/page"),
    ("page with both", {"list": "book", "page": {"size": 1, "number": 1, "marker": ""}}, "by its 'number' or by a 'marker'", "/page"),
    ("page about nothing", {"list": "book", "page": {"size": 1, "marker": "", "about": "marker"}}, "the argument that is the marker is wanted, found 'marker'", "/page/about"),
    ("number about an argument", {"list": "book", "page": {"size": 1, "number": 1, "about": "/n"}}, "the argument that is the marker is wanted, found '/n'", "/page/about"),
    ("page with neither", {"list": "book", "page": {"size": 1}}, "by its 'number' or by a 'marker'", "/page"),
    ("page with an unknown key", {"list": "book", "page": {"size": 1, "numbre": 1}}, "Did you mean 'number'?", "/page"),
    ("as a name that every scope has", {"list": "book", "as": "request"}, "one that the scope has already", "/as"),
    ("as a name that an effect gives", {"list": "book", "as": "page"}, "one that the scope has already", "/as"),
    ("as a name that was given", [{"list": "book", "as": "mine"}, {"list": "book", "as": "mine"}], "one that the scope has already", "/1/as"),
    ("as what is no name", {"list": "book", "as": "my.books"}, "'my.books' is no name for a list", "/as"),
    ("refuse after something is kept", [{"create": "task"}, {"refuse": "busy", "when": "$task.id"}], "'refuse' stands before the effects that keep something", "/1"),
    ("ask after something is kept", [{"remove": "book", "where": [FILTER]}, {"ask": "check", "refuse": "busy"}], "'ask' stands before the effects", "/1"),
    ("two creates", [{"create": "task"}, {"create": "task"}], "one 'create' at most", ""),
    ("ask with an unknown message", {"ask": "chek", "refuse": "busy"}, "'chek' is no callback. Did you mean 'check'?", ""),
    ("view of what is not there yet", [{"refuse": "busy", "when": "$items"}, {"list": "book"}], "'$items' is nothing that a view can speak of here", "/0/when"),
    ("view of an unknown root", {"refuse": "busy", "when": "$requst.a"}, "Did you mean 'request'?", "/when"),
    ("view of an unknown member", {"refuse": "busy", "when": "$operation.nam"}, "'$operation' has no 'nam'. Did you mean 'name'?", "/when"),
    ("view of an unknown setting", {"refuse": "busy", "when": "$settings.strict"}, "'$settings' has no 'strict'", "/when"),
    ("view of an unknown resource", {"refuse": "busy", "when": "$catalog.boks"}, "Did you mean 'book'?", "/when"),
    ("view of an unknown member of a task", [GET, {"refuse": "busy", "when": "$task.stat"}], "'$task' has no 'stat'. Did you mean 'state'?", "/1/when"),
    ("view of an unknown member of a page", [{"list": "book", "page": {"size": 1, "number": 1}}, {"refuse": "busy", "when": "$page.nxt"}], "Did you mean 'next'?", "/1/when"),
    ("view of a member of a list", [{"list": "task"}, {"refuse": "busy", "when": "$tasks.id"}], "'$tasks' is a list; '$each' goes through it", "/1/when"),
    ("view of a task in a filter of items", {"list": "book", "where": [{"value": "$task.id", "is": 1}]}, "'$task' is nothing", "/where/0/value"),
    ("view of an element outside of its filter", {"list": "book", "where": [{"value": "$item.id", "is": "$item.name"}]}, "'$item' is nothing", "/where/0/is"),
    ("unknown member of each of the tasks", [{"list": "task"}, {"refuse": "busy", "when": {"$each": "$tasks", "as": "one", "do": "$one.stat"}}], "Did you mean 'state'?", "/1/when/do"),
    ("unknown member of each of a list by another name", [{"list": "task", "as": "mine"}, {"refuse": "busy", "when": {"$each": "$mine", "as": "one", "do": "$one.stat"}}], "Did you mean 'state'?", "/1/when/do"),
    ("count of what is not there", {"refuse": "busy", "when": {"$count": "$tasks"}}, "'$tasks' is nothing", "/when/$count"),
    ("tasks of a create without each", [{"create": "task"}, {"event": "cancel", "kind": "task", "where": [{"value": "$task.id", "in": "$tasks"}]}], "'$tasks' is nothing", "/1/where/0/in"),
    ("task after a remove of many", [{"remove": "task", "where": []}, {"event": {"$first": ["$task.id"]}, "kind": "task", "where": []}], "'$task' is nothing", "/1/event/$first/0"),
    ("unknown view form", {"add": "book", "item": {"name": {"$txt": []}}}, "Did you mean '$text'?", "/item/name"),
    ("each without as", {"refuse": "busy", "when": {"$each": "$request.a", "do": 1}}, "'$each' needs 'as'", "/when"),
    ("split without by", {"refuse": "busy", "when": {"$split": "$request.a"}}, "'$split' needs 'by'", "/when"),
    ("at-least of one", {"refuse": "busy", "when": {"$at-least": [1]}}, "two views are compared, found 1", "/when/$at-least"),
]  # fmt: skip


@pytest.mark.parametrize(("effect", "said", "at"), [row[1:] for row in EFFECTS], ids=[row[0] for row in EFFECTS])
def test_an_effect_that_cannot_be_meant_is_refused_where_it_stands(tmp_path: Path, effect: Any, said: str, at: str) -> None:
    error = refused(tmp_path / "made", {"Do": {"effect": effect}})
    assert (error.file, error.pointer) == ("made/operations.json", f"/Do/effect{at}"), str(error)
    assert said in error.problem, str(error)


def test_a_kind_that_is_task_and_resource_at_once_is_refused_where_it_is_used(tmp_path: Path) -> None:
    error = refused(tmp_path / "made", {"Do": {"effect": {"list": "task"}}}, resources={"task": made.resource()})
    assert "is a kind of task and a resource" in error.problem


def test_what_a_view_of_the_result_cannot_speak_of_is_refused(tmp_path: Path) -> None:
    for effect, view in (({"remove": "task", "where": []}, "$task"), ({"create": "task"}, "$tasks"), ({"list": "task", "as": "mine"}, "$tasks"), ({"find": "task", "ids": "/x"}, "$page"), (GET, "$item")):  # fmt: skip
        error = refused(tmp_path / "made", {"Do": {"effect": effect, "result": view}})
        assert (error.pointer, f"'{view}' is nothing" in error.problem) == ("/Do/result", True), str(error)


CONDITIONS: list[tuple[str, Any, dict[str, Any], set[str]]] = [
    ("create", {"create": "task"}, {}, {"too-many-tasks"}),
    ("get", GET, {}, {"unknown-task"}),
    ("get of a preset", {"get": "book", "id": "b1"}, {}, set()),
    ("find", {"find": "book", "ids": "/ids"}, {}, set()),
    ("numbered page", {"list": "book", "page": {"size": 1, "number": 1}}, {}, set()),
    ("marked page", {"list": "book", "page": {"size": 1, "marker": ""}}, {}, {"unknown-marker"}),
    ("refuse", {"refuse": "busy", "when": 1}, {}, {"busy"}),
    ("ask", {"ask": "check", "refuse": "deaf"}, {}, {"deaf"}),
    ("event to one", {"event": "cancel", "kind": "task", "id": "/id"}, {}, {"unknown-task", "event-refused"}),
    ("event to many", {"event": "cancel", "kind": "task", "where": []}, {}, set()),
    ("add", {"add": "book", "item": {}}, {}, {"too-many-tasks"}),
    ("add by name", {"add": "book", "item": {}}, {"id": "/id"}, {"too-many-tasks", "duplicate-book"}),
    ("add of unique", {"add": "book", "item": {}}, {"unique": ["name"]}, {"too-many-tasks", "duplicate-book"}),
    ("change", {"change": "book", "id": "/id", "item": {}}, {}, {"unknown-book", "protected-book"}),
    ("change of unique", {"change": "book", "id": "/id", "item": {}}, {"unique": ["name"], "id": "/id"}, {"unknown-book", "protected-book", "duplicate-book"}),
    ("change of changeable", {"change": "book", "id": "/id", "item": {}}, {"presets": "changeable"}, {"unknown-book", "too-many-tasks"}),
    ("change where there is no preset", {"change": "book", "id": "/id", "item": {}}, {"items": []}, {"unknown-book"}),
    ("remove", {"remove": "book", "id": "/id"}, {"unique": ["name"], "presets": "changeable"}, {"unknown-book", "protected-book"}),
    ("remove of many", {"remove": "book", "where": []}, {}, {"protected-book"}),
    ("remove of tasks", {"remove": "task", "where": []}, {}, set()),
]  # fmt: skip


@pytest.mark.parametrize(("effect", "more", "conditions"), [row[1:] for row in CONDITIONS], ids=[row[0] for row in CONDITIONS])
def test_an_effect_names_the_conditions_that_it_can_raise(tmp_path: Path, effect: Any, more: Any, conditions: set[str]) -> None:
    resources = {**BOOK, "book": {**BOOK["book"], **more}}
    contract = made.loaded(tmp_path / "made", {"Do": {"effect": effect}}, resources=resources, callbacks={"check": CHECK})
    (declared,) = contract.operations["Do"].effects
    assert set(declared.conditions(contract.resources)) == conditions
    assert declared.get("nothing") is None


CALLBACKS: list[tuple[str, dict[str, Any], str, str]] = [
    ("unknown key", {**END, "boddy": 1}, "unknown key 'boddy'. Did you mean 'body'?", ""),
    ("without to", {key: END[key] for key in END if key != "to"}, "'to' is a required property", ""),
    ("unknown kind", {**END, "of": "tsk"}, "'tsk' is no kind of task. Did you mean 'task'?", "/of"),
    ("unknown state", {**END, "on": ["Good", "Godo"]}, "'Godo' is no state. Did you mean 'Good'?", "/on"),
    ("state that is not final", {**END, "on": ["Busy"]}, "'Busy' is not final; a message is sent when a task ends", "/on"),
    ("of without on", {**CHECK, "of": "task"}, "'of' and 'on' belong together", ""),
    ("on without of", {**CHECK, "on": ["Good"]}, "'of' and 'on' belong together", ""),
    ("gather of an unknown resource", {**END, "gather": {"book": {"resource": "boook", "id": "b1"}}}, "there is no resource 'boook'. Did you mean 'book'?", "/gather/book"),
    ("gather by a name of every scope", {**END, "gather": {"host": {"resource": "book", "id": "b1"}}}, "'host' is a name that every scope has", "/gather/host"),
    ("gather that speaks of itself", {**END, "gather": {"book": {"resource": "book", "id": "$book.id"}}}, "'$book' is nothing that a view can speak of here", "/gather/book/id"),
    ("xml without schema", {**END, "codec": "xml"}, "a message in XML needs an 'xml' schema", "/schemas"),
    ("xml within a view without schema", {**END, "codec": {"$if": "$request.xml", "then": "xml", "else": "json"}}, "a message in XML needs an 'xml' schema", "/schemas"),
    ("schema that is missing", {**END, "schemas": {"json": "nothing.schema.json"}}, "the file is missing", ""),
    ("schema of an unknown codec", {**END, "schemas": {"yaml": "x"}}, "unknown key 'yaml'", "/schemas"),
    ("unknown method", {**END, "method": "PSOT"}, "Did you mean 'POST'?", "/method"),
    ("view of an operation, when nobody is calling", {**END, "body": "$operation.name"}, "'$operation' is nothing", "/body"),
    ("view of a credential, when nobody is calling", {**END, "headers": {"X": "$credential.access_key"}}, "'$credential' is nothing", "/headers/X"),
    ("view of an unknown member of the task", {**END, "to": "$task.url"}, "'$task' has no 'url'", "/to"),
    ("view of a task that nobody asks about", {**CHECK, "body": "$task.id"}, "'$task' is nothing", "/body"),
    ("view of the body where it is not made", {**CHECK, "to": "$body"}, "'$body' is nothing", "/to"),
    ("unknown member of the random text", {**CHECK, "body": "$random.x"}, "'$random' has no 'x'", "/body"),
    ("evidence that is nothing", {**END, "evidence": "pge"}, "'pge' is not in documents.json. Did you mean 'page'?", "/evidence"),
]  # fmt: skip


@pytest.mark.parametrize(("callback", "said", "at"), [row[1:] for row in CALLBACKS], ids=[row[0] for row in CALLBACKS])
def test_a_callback_that_cannot_be_meant_is_refused_where_it_stands(tmp_path: Path, callback: Any, said: str, at: str) -> None:
    error = refused(tmp_path / "made", {"Make": {"effect": {"create": "task"}}}, callbacks={"end": callback})
    assert said in error.problem, str(error)
    if "file is missing" not in said:
        assert (error.file, error.pointer) == ("made/callbacks.json", f"/end{at}"), str(error)


def test_a_callback_keeps_all_that_is_said_of_it(tmp_path: Path) -> None:
    told = {
        **END,
        "evidence": ["page", WHY],
        "schemas": {"json": "any.schema.json"},
        "retries": [1],
        "expects": "$body",
        "record": "x",
    }
    callback = made.loaded(tmp_path / "made", {}, callbacks={"end": told}).callbacks["end"]
    assert (callback.name, callback.of, callback.on, callback.method) == ("end", "task", {"Good"}, "POST")
    assert (callback.evidence, set(callback.schemas)) == (("page", WHY), {"json"})
    assert callback.retries is not None
    assert callback.expects is not None


QUEUES: list[tuple[str, dict[str, Any], str, str]] = [
    ("unknown key", {"form": "New"}, "unknown key 'form'. Did you mean 'from'?", ""),
    ("unknown state", {"from": "Nwe"}, "'Nwe' is no state that time leads out of. Did you mean 'New'?", "/from"),
    ("state without a time", {"from": "Held"}, "'Held' is no state that time leads out of", "/from"),
    ("final state", {"from": "Good"}, "'Good' is no state that time leads out of", "/from"),
    ("unknown queue", {"queue": "quee"}, "there is no resource 'quee'. Did you mean 'queue'?", "/queue"),
    ("view of what a new task has not", {"id": "$task.state"}, "'$task' has no 'state'", "/id"),
    ("view of a request that is not there", {"priority": "$request.priority"}, "'$request' is nothing", "/priority"),
]  # fmt: skip


@pytest.mark.parametrize(("dispatch", "said", "at"), [row[1:] for row in QUEUES], ids=[row[0] for row in QUEUES])
def test_a_queue_that_cannot_be_meant_is_refused_where_it_stands(tmp_path: Path, dispatch: Any, said: str, at: str) -> None:
    error = refused(tmp_path / "made", {}, lifecycle=made.with_dispatch(**dispatch))
    assert (error.file, error.pointer) == ("made/lifecycle.json", f"/task/dispatch{at}"), str(error)
    assert said in error.problem


def test_a_state_that_names_the_event_of_being_let_in_is_refused(tmp_path: Path) -> None:
    kinds = made.with_dispatch()
    states = kinds["task"]["states"]
    kinds["task"] = {
        **kinds["task"],
        "states": {**states, "New": {**states["New"], "on": {"dispatch": "Busy", "cancel": "Off", "pause": "Held"}}},
    }
    error = refused(tmp_path / "made", {}, lifecycle=kinds)
    assert "'dispatch' is the event of being let in" in error.problem


def test_a_state_that_waits_for_a_place_and_fails_is_refused(tmp_path: Path) -> None:
    kinds = made.with_dispatch()
    states = kinds["task"]["states"]
    kinds["task"] = {**kinds["task"], "states": {**states, "New": {**states["New"], "fails": "Bad"}}}
    error = refused(tmp_path / "made", {}, lifecycle=kinds)
    assert (error.pointer, "'New' has 'fails'" in error.problem) == ("/task/dispatch/from", True)
