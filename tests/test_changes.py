"""What changed between two contracts: nothing is passed over, and each change is judged for those who send and those who read."""

from __future__ import annotations

import random
import re
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from editions import both, changes, copied, dropped, put, told
from mutation import laboratory, table
from mutation.folder import read
from mutation.laboratory import Laboratory
from mutation.mutant import Mutant, other, walked
from mutation.run import Study, studies

from mockcloud.changes.bearings import MEMBERS, RULES, SAID, Flow
from mockcloud.changes.change import MIRRORED, Change, How, Weight
from mockcloud.changes.comparisons import COMPARISONS
from mockcloud.changes.diff import changes as changes_of
from mockcloud.changes.diff import diff
from mockcloud.changes.edition import Edition, Pair, edition
from mockcloud.changes.facets import Facet
from mockcloud.changes.tables import FILES
from mockcloud.contracts import folders, json_reader, loader, meta, operations
from mockcloud.contracts.loader import FILES as LOADED
from mockcloud.contracts.loader import OPTIONAL
from mockcloud.contracts.vocabulary import CONSTRAINTS, JSON_ANNOTATIONS
from mockcloud.errors import ContractError

OURS = sorted(table.providers())
DAY = int(time.strftime("%Y%j", time.gmtime()))
SAMPLE = 60
"""Mutants of one provider that are compared each day, in both directions."""

HERE = "pontus"
OPERATION = f"{HERE}.createTranscodingTask"
REQUEST = "requests/createTranscodingTask.schema.json"
RESPONSE = "responses/getTranscodingTask.schema.json"
DECIDED = "decision: made up"


# The tables -----------------------------------------------------------------------------------------------------------


class TestTables:
    def test_every_constraint_of_the_vocabulary_has_its_comparison_and_nothing_else_has_one(self) -> None:
        assert set(COMPARISONS) == set(CONSTRAINTS)

    def test_every_way_to_change_is_judged_for_both_directions_of_a_message(self) -> None:
        assert {flow: set(RULES[flow]) for flow in RULES} == {flow: set(How) for flow in Flow}
        assert set(MEMBERS) == set(Flow)

    def test_everything_that_a_schema_says_of_a_member_is_judged(self) -> None:
        assert set(SAID) == (JSON_ANNOTATIONS - {"x-rule"}) | {"title", "$schema", "type"}
        assert all(set(by_flow) == set(Flow) for by_flow in SAID.values())

    def test_every_file_of_a_contract_has_its_table(self) -> None:
        assert set(FILES) == {*LOADED, *OPTIONAL}

    @pytest.mark.parametrize("file", FILES)
    def test_a_table_has_exactly_the_keys_of_its_meta_schema(self, file: str) -> None:
        schema = meta.schema(file)
        missing = list(unmatched(FILES[file][0], schema, schema, f"{file}.json#"))
        assert missing == []

    def test_what_is_added_is_removed_the_other_way_round(self) -> None:
        assert all(MIRRORED[MIRRORED[how]] is how for how in How)


def unmatched(facet: Facet, schema: Any, whole: Any, at: str) -> Iterator[str]:
    """The keys that a meta-schema has and a table has not, and the other way round. What is compared whole has no keys."""
    if "effect" in at or not isinstance(schema, dict) or not (facet.members or facet.each):
        return
    schema = whole["$defs"][schema["$ref"].rpartition("/")[2]] if "$ref" in schema else schema
    holder = facet.each if facet.each is not None and facet.by is not None else facet
    schema = schema.get("items", {}) if schema.get("type") == "array" else schema
    keys = schema.get("properties", {})
    if holder.members:
        yield from (f"{at}/{key}" for key in (set(keys) - {"like"}) ^ set(holder.members))
        for key in keys.keys() & holder.members.keys():
            yield from unmatched(holder.members[key], keys[key], whole, f"{at}/{key}")
    if facet.each is not None and facet.by is None:
        each = schema.get("additionalProperties") or {"properties": dict.fromkeys(facet.each.members)}
        yield from unmatched(facet.each, each, whole, f"{at}/*")


# Nothing is passed over -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("provider", OURS)
def test_a_contract_and_a_copy_of_it_differ_in_nothing(provider: str, tmp_path: Path) -> None:
    assert changes(folders.known()[provider], copied(tmp_path, provider)) == []


@pytest.fixture(scope="module")
def study() -> Iterator[Study]:
    provider = OURS[DAY % len(OURS)]
    with studies([provider]) as chosen:
        with chosen[provider].laboratory.open() as held:
            _ = held.plain
        yield chosen[provider]


class Reloader(laboratory._Loader):
    """The laboratory's loader, which keeps what did not change, and reads the file that did."""

    def schema(self, side: str, name: str, owner: tuple[str, str], *, text: bool = False) -> Any:
        if self.changed is not None and f"{side}/{name}" == self.changed.file:
            return loader._Loader.schema(self, side, name, owner, text=text)
        return super().schema(side, name, owner, text=text)


def pair(held: Laboratory, mutant: Mutant) -> Pair | None:
    """The contract without and with a mutant; None where the loader refuses it."""
    folder = held.folder
    old = Edition(folder, held.plain, data_of(folder))
    with held.open(), held._changed(mutant):
        try:
            contract = Reloader(folder, held.kept, mutant, lambda _: None).contract()
            return Pair(folder.name, old, Edition(folder, contract, data_of(folder)))
        except ContractError:
            return None


def data_of(folder: Path) -> dict[str, Any]:
    data = {name: read(folder / f"{name}.json") for name in (*LOADED, *OPTIONAL) if (folder / f"{name}.json").exists()}
    return {**data, "operations": operations.whole(data["operations"], "")}


def mirrored(found: list[Change]) -> set[tuple[str, str, str]]:
    return {(change.what, MIRRORED[change.how], change.place) for change in found}


def test_every_mutant_of_a_contract_is_a_change_that_names_its_place_and_is_mirrored(study: Study) -> None:
    again, compared = f"sample {SAMPLE} of seed {DAY}", 0
    for name in study.sample(SAMPLE, DAY):
        mutant = study.mutants[name]
        both_editions = pair(study.laboratory, mutant)
        if both_editions is None:
            continue
        compared += 1
        found = list(changes_of(both_editions))
        back = list(changes_of(Pair(both_editions.provider, both_editions.new, both_editions.old)))
        places = {change.place for change in found}
        assert found, f"{name} changes nothing ({again})"
        assert mirrored(found) == {(one.what, one.how, one.place) for one in back}, f"{name} ({again})"
        for rule in mutant.rules:
            assert any(place == rule or place.startswith(f"{rule}:") for place in places), f"{name}: {places} ({again})"
        if mutant.place:
            assert any(f"{mutant.side}#{mutant.place}" in place for place in places), f"{name}: {places} ({again})"
        if mutant.kind in ("error", "lifecycle", "callback", "provider", "view", "effect"):
            assert any(mutant.file in place for place in places), f"{name}: {places} ({again})"
    assert compared, again


def leaves(folder: Path) -> list[tuple[str, tuple[str | int, ...], Any]]:
    """Every value of every JSON file of a contract that is no object and no list."""
    found = []
    for file in sorted([*folder.glob("*.json"), *folder.glob("*/*.json")]):
        for steps, node in walked(json_reader.load(file)):
            found += [
                (str(file.relative_to(folder)), (*steps, key), value)
                for key, value in node.items()
                if not isinstance(value, (dict, list))
            ]
    return found


@pytest.mark.parametrize("provider", ["pontus", "ucloud"])
def test_whatever_value_is_another_there_is_a_change_unless_the_loader_refuses_it(provider: str, tmp_path: Path) -> None:
    folder = copied(tmp_path, provider)
    old = edition(folders.known()[provider])
    compared = 0
    for number, (file, steps, value) in enumerate(random.Random(DAY).sample(leaves(folder), 30)):
        changed = copied(tmp_path / str(number), provider, {file: put(*steps, value=other(value))})
        try:
            new = edition(changed)
        except ContractError:
            continue
        compared += 1
        assert diff({provider: old}, {provider: new}), f"{file} {steps}: {value!r} (seed {DAY})"
    assert compared


@pytest.mark.parametrize(
    ("file", "edit"),
    [
        ("requests/common.xsd", lambda text: text.replace("<xs:schema ", '<xs:schema version="7" ')),
        ("requests/audio.xsd", lambda text: re.sub(r"</xs:schema>", '<xs:simpleType name="Unused"><xs:restriction base="xs:string"/></xs:simpleType></xs:schema>', text)),
    ],
)  # fmt: skip
def test_a_schema_file_that_means_the_same_is_a_note(file: str, edit: Any, tmp_path: Path) -> None:
    found = changes(folders.known()["tencent_ci"], copied(tmp_path, "tencent_ci", {file: edit}))
    assert [(change.place, change.verdict.weight) for change in found] == [(f"tencent_ci/{file}#", Weight.NOTE)]


def test_a_comment_in_a_schema_file_is_nothing(tmp_path: Path) -> None:
    edits = {"requests/common.xsd": lambda text: text.replace("</xs:schema>", "<!-- more to come --></xs:schema>")}
    assert changes(folders.known()["tencent_ci"], copied(tmp_path, "tencent_ci", edits)) == []


def test_data_that_is_written_in_another_order_is_nothing(tmp_path: Path) -> None:
    def turned(data: Any) -> None:
        for key in reversed(list(data)):
            data[key] = data.pop(key)

    assert changes(folders.known()[HERE], copied(tmp_path, HERE, {"lifecycle.json": turned, "errors.json": turned})) == []


def test_what_is_left_out_because_it_is_usual_may_be_written_down(tmp_path: Path) -> None:
    usual = {"provider.json": both(put("content_length", value="optional"), put("content_md5", value="ignored"))}
    assert changes(folders.known()[HERE], copied(tmp_path, HERE, usual)) == []


# Judging --------------------------------------------------------------------------------------------------------------

URL = ("properties", "source", "properties", "source_url")
STATUS = ("properties", "task_status", "enum")
OF_REQUEST, OF_RESPONSE = f"{OPERATION}/request#", f"{HERE}.getTranscodingTask/response#"
MEMBER = {"type": "string", "x-source": DECIDED}

SCHEMAS = {
    "a rule that is new breaks who sends": (REQUEST, put(*URL, "maxLength", value=1024), ("rule-added", f"{OF_REQUEST}/source/source_url:maxLength", True)),
    "a rule that is stricter breaks who sends": (REQUEST, put(*URL, "minLength", value=2), ("rule-stricter", f"{OF_REQUEST}/source/source_url:minLength", True)),
    "a rule that is looser breaks nobody who sends": (REQUEST, put(*URL, "minLength", value=0), ("rule-looser", f"{OF_REQUEST}/source/source_url:minLength", False)),
    "a rule that is gone breaks nobody who sends": (REQUEST, dropped(*URL, "minLength"), ("rule-removed", f"{OF_REQUEST}/source/source_url:minLength", False)),
    "a pattern that takes less breaks who sends": (REQUEST, put("properties", "version", "pattern", value="^v[1-9]$"), ("rule-stricter", f"{OF_REQUEST}/version:pattern", True)),
    "a pattern that takes more breaks nobody who sends": (REQUEST, put("properties", "version", "pattern", value="^v?[0-9]+$"), ("rule-looser", f"{OF_REQUEST}/version:pattern", False)),
    "a pattern in other words is a note": (REQUEST, put("properties", "version", "pattern", value="^v[0-9]{1,}$"), ("rule-reworded", f"{OF_REQUEST}/version:pattern", False)),
    "a type that is another breaks who sends": (REQUEST, put(*URL, "type", value="integer"), ("rule-changed", f"{OF_REQUEST}/source/source_url:type", True)),
    "a member that may be left out breaks nobody who sends": (REQUEST, put("properties", "priority", value=MEMBER), ("member-added", f"{OF_REQUEST}/priority", False)),
    "a member that must be there breaks who sends": (REQUEST, both(put("properties", "priority", value=MEMBER), lambda tree: tree["required"].append("priority")), ("member-added", f"{OF_REQUEST}/priority", True)),
    "a member that is gone breaks who sends it": (REQUEST, dropped("properties", "profile_name"), ("member-removed", f"{OF_REQUEST}/profile_name", True)),
    "a member that must be there now breaks who sends": (REQUEST, lambda tree: tree["required"].append("profile_name"), ("rule-added", f"{OF_REQUEST}/profile_name:required", True)),
    "a default that is new breaks nobody": (REQUEST, put("properties", "profile_name", "default", value="p"), ("default-added", f"{OF_REQUEST}/profile_name:default", False)),
    "a rule of what a list holds is a rule": (REQUEST, put("properties", "targets", "items", "properties", "target_url", "maxLength", value=9), ("rule-added", f"{OF_REQUEST}/targets/*/target_url:maxLength", True)),
    "evidence that is another is a note": (REQUEST, put("properties", "profile_name", "x-source", value="task-transcoding#37"), ("evidence-changed", f"{OF_REQUEST}/profile_name:x-source", False)),
    "a title is a note": (REQUEST, put("title", value="another"), ("title-changed", f"{OF_REQUEST}:title", False)),
    "a value that is new breaks who reads": (RESPONSE, lambda tree: tree["properties"]["task_status"]["enum"].append("PAUSED"), ("rule-looser", f"{OF_RESPONSE}/task_status:enum", True)),
    "a value that is gone breaks nobody who reads": (RESPONSE, dropped(*STATUS, 1), ("rule-stricter", f"{OF_RESPONSE}/task_status:enum", False)),
    "a member that is gone breaks who reads it": (RESPONSE, dropped("properties", "profile_name"), ("member-removed", f"{OF_RESPONSE}/profile_name", True)),
    "a member that need not be there now breaks who reads it": (RESPONSE, lambda tree: tree["required"].remove("create_time"), ("rule-removed", f"{OF_RESPONSE}/create_time:required", True)),
    "a member more breaks nobody who reads": (RESPONSE, put("properties", "priority", value=MEMBER), ("member-added", f"{OF_RESPONSE}/priority", False)),
    "a rule more breaks nobody who reads": (RESPONSE, put("properties", "profile_name", "minLength", value=1), ("rule-added", f"{OF_RESPONSE}/profile_name:minLength", False)),
    "a rule beside a list of values that says it already breaks nobody": (RESPONSE, put("properties", "task_status", "type", value="string"), ("rule-added", f"{OF_RESPONSE}/task_status:type", False)),
    "a type that is another breaks who reads": (RESPONSE, put("properties", "profile_name", "type", value="integer"), ("rule-changed", f"{OF_RESPONSE}/profile_name:type", True)),
    "a condition of which nothing shows what it means breaks who reads": (RESPONSE, put("allOf", 0, "if", "properties", "task_status", "const", value="GONE"), ("rule-cannot-be-told", f"{OF_RESPONSE}:error-when-failed", True)),
}  # fmt: skip


@pytest.mark.parametrize("claim", SCHEMAS)
def test_of_a_schema(claim: str, tmp_path: Path) -> None:
    file, edit, wanted = SCHEMAS[claim]
    assert told(changes(folders.known()[HERE], copied(tmp_path, HERE, {file: edit}))) == [wanted]


FREE = {"type": "object", "x-source": DECIDED}
STATES = ("task", "states")
NEW_CODE = {"status": 429, "where": "request", "message": "Later.", "evidence": DECIDED}
DATA = {
    "an operation more breaks nobody": ("operations", put("ping", value={"methods": ["GET"], "path": "/api/{version}/ping", "reads": "none", "request": "listProfiles.schema.json", "evidence": DECIDED}), [("operation-added", "operations.json#/ping", False)]),
    "an operation that is gone breaks who asks for it": ("operations", dropped("listMembers"), [("operation-removed", "operations.json#/listMembers", True)]),
    "a method that is gone breaks who uses it": ("operations", put("createChannel", "methods", value=["PUT"]), [("method-added", "operations.json#/createChannel/methods/PUT", False), ("method-removed", "operations.json#/createChannel/methods/POST", True)]),
    "a path that is another breaks who asks for it": ("operations", put("createTranscodingTask", "path", value="/api/{version}/task/coding"), [("path-changed", "operations.json#/createTranscodingTask/path", True)]),
    "a reference that is gone breaks nobody": ("operations", dropped("createTranscodingTask", "references"), [("reference-removed", "operations.json#/createTranscodingTask/references//profile_name profile", False)]),
    "an answer that says more breaks nobody": ("operations", put("createTranscodingTask", "result", "source", value="$task.request.source"), [("view-changed", "operations.json#/createTranscodingTask/result", False)]),
    "an answer that says less breaks who reads it": ("operations", dropped("getTranscodingTask", "result", "profile_name"), [("view-changed", "operations.json#/getTranscodingTask/result", True)]),
    "an answer that says something else cannot be told": ("operations", put("createTranscodingTask", "result", "task_id", value="$task.state"), [("view-cannot-be-told", "operations.json#/createTranscodingTask/result", True)]),
    "a code more that requests can earn breaks nobody by itself": ("errors", put("codes", "TooMany", value=NEW_CODE), [("code-added", "errors.json#/codes/TooMany", False)]),
    "a code more that tasks can have breaks who reads it": ("errors", put("codes", "TooMany", value={**NEW_CODE, "where": "task"}), [("code-added", "errors.json#/codes/TooMany", True)]),
    "a code that is gone breaks who handles it": ("errors", dropped("codes", "TimeOut"), [("code-removed", "errors.json#/codes/TimeOut", True)]),
    "a status of a code that is another breaks who reads it": ("errors", put("codes", "NoSuchTask", "status", value=410), [("status-changed", "errors.json#/codes/NoSuchTask/status", True)]),
    "a code that is met in more places breaks who reads it": ("errors", put("codes", "TimeOut", "where", value="both"), [("code-place-looser", "errors.json#/codes/TimeOut/where", True)]),
    "a condition that earns another code breaks who tells refusals apart": ("errors", put("conditions", "unknown-task", "code", value="NoSuchMember"), [("condition-code-changed", "errors.json#/conditions/unknown-task", True), ("condition-message-changed", "errors.json#/conditions/unknown-task", True)]),
    "a condition that says what its code says anyway is a note": ("errors", put("conditions", "unknown-task", "status", value=404), [("evidence-changed", "errors.json#/conditions/unknown-task", False)]),
    "a state more breaks who reads it": ("lifecycle", both(put(*STATES, "HELD", value={"phase": "paused", "on": {"go": "RUNNING"}, "evidence": DECIDED}), put(*STATES, "PENDING", "on", value={"hold": "HELD"})), [("event-added", "lifecycle.json#/task/states/PENDING/on/hold", False), ("state-added", "lifecycle.json#/task/states/HELD", True)]),
    "a task that no longer fails breaks nobody, but for who waits for the state": ("lifecycle", both(dropped(*STATES, "RUNNING", "fails"), dropped(*STATES, "FAILED")), [("failing-removed", "lifecycle.json#/task/states/RUNNING/fails", False), ("state-removed", "lifecycle.json#/task/states/FAILED", True)]),
    "a phase that is another breaks who reads it": ("lifecycle", put(*STATES, "PENDING", "phase", value="running"), [("phase-changed", "lifecycle.json#/task/states/PENDING/phase", True)]),
    "time is nothing that a client can count on": ("lifecycle", put(*STATES, "PENDING", "after", value=5), [("duration-changed", "lifecycle.json#/task/states/PENDING/after", False)]),
    "a setting's default that is another breaks who does not set it": ("provider", put("settings", "max_member", "default", value=2), [("setting-default-changed", "provider.json#/settings/max_member/default", True)]),
    "a value of a setting that is gone breaks who sets it": ("provider", put("settings", "auth_codes", "values", value=["one", "two"]), [("setting-value-added", "provider.json#/settings/auth_codes/values/two", False), ("setting-value-removed", "provider.json#/settings/auth_codes/values/ancestor", True)]),
    "a setting more breaks nobody": ("provider", put("settings", "more", value={"default": 1, "type": "number", "says": "more", "evidence": DECIDED}), [("setting-added", "provider.json#/settings/more", False)]),
    "a host that is another is one more and one that is gone": ("provider", put("hosts", 0, "pattern", value="new\\.pontus\\.com"), [("host-added", "provider.json#/hosts/new\\.pontus\\.com", False), ("host-removed", "provider.json#/hosts/media\\.pontus\\.com", True)]),
    "a slash at the end that is no longer tolerated breaks who sends it": ("provider", dropped("trailing_slash"), [("trailing-slash-stricter", "provider.json#/trailing_slash", True)]),
    "a status of success that is another breaks who reads it": ("provider", put("success", "status", value=202), [("status-changed", "provider.json#/success/status", True)]),
    "a header more breaks nobody": ("provider", put("success", "headers", "X-More", value="1"), [("header-added", "provider.json#/success/headers/X-More", False)]),
    "a header that is gone breaks who reads it": ("provider", dropped("refusal", "headers", "Server"), [("header-removed", "provider.json#/refusal/headers/Server", True)]),
    "an order of checks that is another breaks who has several things wrong": ("provider", put("order", value=["route", "authentication", "body", "operation"]), [("order-changed", "provider.json#/order", True)]),
    "the words of a decision are a note": ("contradictions", put("exec-time-digits", "reason", value="because"), [("wording-changed", "contradictions.json#/exec-time-digits/reason", False)]),
    "a document's title is a note": ("documents", put("task-transcoding", "title", value="another"), [("source-changed", "documents.json#/task-transcoding/title", False)]),
}  # fmt: skip


@pytest.mark.parametrize("claim", DATA)
def test_of_a_data_file(claim: str, tmp_path: Path) -> None:
    file, edit, wanted = DATA[claim]
    found = told(changes(folders.known()[HERE], copied(tmp_path, HERE, {f"{file}.json": edit})))
    assert sorted(found) == sorted((kind, f"{HERE}/{place}", breaks) for kind, place, breaks in wanted)


def test_a_refusal_that_is_gone_breaks_nobody_and_nor_does_its_condition(tmp_path: Path) -> None:
    edits = {
        "operations.json": dropped("createTranscodingTask", "effect", 0),
        "errors.json": dropped("conditions", "no-target"),
    }
    assert told(changes(folders.known()[HERE], copied(tmp_path, HERE, edits))) == [
        ("effect-refusal-removed", f"{HERE}/operations.json#/createTranscodingTask/effect/refuse no-target", False),
        ("condition-removed", f"{HERE}/errors.json#/conditions/no-target", False),
    ]


@pytest.mark.parametrize(
    ("old", "new", "kinds"),
    [
        ([200, 204], [204, 200], []),
        ([200], [200, 204], ["taken-by-looser"]),
        ([200, 204], [200], ["taken-by-stricter"]),
        ([200], [204], ["taken-by-changed"]),
    ],
)
def test_statuses_that_take_a_message_are_a_set(old: list[int], new: list[int], kinds: list[str], tmp_path: Path) -> None:
    name = next(iter(json_reader.load(folders.known()["jdcloud"] / "callbacks.json")))
    before, after = (
        copied(tmp_path / word, "jdcloud", {"callbacks.json": put(name, "taken_by", value=value)})
        for word, value in (("old", old), ("new", new))
    )
    assert [change.kind for change in changes(before, after)] == kinds
