"""Every law of `mockcloud contracts --check` can be broken, and the finding says where, what is wanted and what to do."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from cases import ROOT
from click.testing import CliRunner

from mockcloud.cli import cli
from mockcloud.contracts import folders
from mockcloud.errors import ContractError
from mockcloud.reports import checks
from mockcloud.reports.laws.specimens import specimen
from mockcloud.reports.laws.subject import subject
from mockcloud.reports.laws.trial import outcomes, ways

SAMPLE = ROOT / "examples" / "provider"
ACME = "acme_transcode"
Edit = Callable[[Any], Any]

TRIED = [name for name, law in checks.LAWS.items() if law.__module__.endswith("answers")]
"""The laws of the trial: whoever breaks one of them answers wrongly."""


@pytest.fixture(autouse=True)
def _importable(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.syspath_prepend(str(SAMPLE))
    monkeypatch.syspath_prepend(str(tmp_path))


def altered(tmp_path: Path, edits: dict[str, Any], module: str = "") -> Path:
    """A copy of the sample with its files edited by functions, or written; its module replaced where one is given."""
    folder = tmp_path / ACME
    shutil.copytree(SAMPLE / ACME, folder, ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    if module:
        name = f"module_of_{abs(hash(str(tmp_path)))}"
        (tmp_path / f"{name}.py").write_text(module)
        edits = {**edits, "provider.json": both(edits.get("provider.json", lambda data: data), put("/module", name))}
    for file, edit in edits.items():
        path = folder / file
        data = edit(json.loads(path.read_text())) if callable(edit) else edit
        path.write_text(data if isinstance(data, str) else json.dumps(data))
    return folder


def put(pointer: str, value: Any) -> Edit:
    def edit(data: Any) -> Any:
        owner, *steps = data, *pointer.split("/")[1:]
        for step in steps[:-1]:
            owner = owner[int(step)] if isinstance(owner, list) else owner[step]
        if isinstance(owner, list):
            owner.insert(int(steps[-1]), value)
        else:
            owner[steps[-1]] = value
        return data

    return edit


def drop(pointer: str) -> Edit:
    def edit(data: Any) -> Any:
        owner, *steps = data, *pointer.split("/")[1:]
        for step in steps[:-1]:
            owner = owner[step]
        del owner[steps[-1]]
        return data

    return edit


def both(*edits: Edit) -> Edit:
    def edit(data: Any) -> Any:
        for one in edits:
            data = one(data)
        return data

    return edit


class Case(NamedTuple):
    """One way to break a law: the edits, where the finding points to, what it says, and the module that goes with it."""

    law: str
    edits: dict[str, Any]
    place: str
    said: str
    module: str = ""


SOURCE = (SAMPLE / ACME / "__init__.py").read_text()
VALUE = SOURCE + "\n\n@behaviours.value('size')\ndef size(task):\n    return RESULT\n"
UNSIGNED = SOURCE + "\n\nbehaviours.signer(lambda request, credential, now: request)\n"


def announcing(condition: str) -> str:
    return SOURCE.replace('"date-stale"}', f'"date-stale", "{condition}"}}')


TABLE = json.loads((SAMPLE / ACME / "lifecycle.json").read_text())["job"]
DONE = {"of": "job", "on": ["done"], "to": "$request.input", "codec": "json", "body": {"job": "$task.id"}, "evidence": "api#push"}
PUSH = {"properties": {"jobId": {"type": "string", "x-source": "api#push"}}, "required": ["jobId"]}
CASES = [
    Case("documents-are-cited", {"documents.json": put("/old", {"kind": "sdk", "title": "t", "where": "w"})}, "documents.json#/old", "nothing cites 'old'"),
    Case("contradictions-are-cited", {"contradictions.json": put("/odd", {"readings": [{"reading": "r", "evidence": "api"}], "decision": "d", "reason": "r", "evidence": "api"})}, "contradictions.json#/odd", "contradiction#odd"),
    Case("schema-files-are-used", {"requests/Old.schema.json": {"title": "old"}}, "requests/Old.schema.json#", "nothing uses this file"),
    Case("definitions-are-used", {"responses/GetJob.schema.json": put("/$defs/old", {"type": "string", "x-source": "api"})}, "responses/GetJob.schema.json#/$defs/old", "nothing refers"),
    Case("settings-are-used", {"provider.json": put("/settings/odd", {"default": 1, "type": "number", "says": "s", "evidence": "api"})}, "provider.json#/settings/odd", "'odd'"),
    Case("resources-are-used", {"provider.json": put("/resources/codec", {"items": [{"id": "h264"}], "evidence": "api"})}, "provider.json#/resources/codec", "'codec'"),
    Case("identifiers-are-used", {"provider.json": put("/identifiers/clip", ["clip-", {"count": 1}])}, "provider.json#/identifiers/clip", "'clip'"),
    Case("kinds-are-created", {"lifecycle.json": put("/clip", TABLE), "provider.json": put("/identifiers/clip", ["clip-", {"count": 1}])}, "lifecycle.json#/clip", "no operation creates a 'clip'"),
    Case("values-are-called", {}, "provider.json#/module", "'size'", VALUE.replace("RESULT", "1")),
    Case("messages-are-sent", {"callbacks.json": {"push": {key: DONE[key] for key in DONE if key not in ("of", "on", "body")} | {"body": "b"}}}, "callbacks.json#/push", "nothing sends 'push'"),
    Case("lines-of-seeds-are-numbers", {"documents.json": put("/api/kind", "seed")}, "operations.json#/CreateJob/evidence", "'api#create-job' names no line"),
    Case("settings-follow-their-contradictions", {"provider.json": both(put("/settings/max_skew_seconds/default", 60), put("/settings/max_skew_seconds/evidence", "api"))}, "contradictions.json#/age-of-a-date/setting", "'60' is not in the decision"),
    Case("sources-are-arguments", {"operations.json": put("/CreateJob/source", "/inputs")}, "operations.json#/CreateJob/source", "it has 'input'"),
    Case("references-are-arguments", {"operations.json": put("/CreateJob/references", [{"argument": "/profile", "resource": "preset"}])}, "operations.json#/CreateJob/references/0/argument", "'/profile' is not in the request of CreateJob"),
    Case("references-are-arguments", {"operations.json": put("/CreateJob/references/0/where", {"id": "/profile"})}, "operations.json#/CreateJob/references/0/where/id", "'/profile'"),
    Case("effects-are-about-arguments", {"operations.json": put("/GetJob/effect/id", "/job")}, "operations.json#/GetJob/effect/id", "'/job'"),
    Case("effects-are-about-arguments", {"operations.json": put("/GetJob/effect/id", "/jobId/text")}, "operations.json#/GetJob/effect/id", "'/jobId/text'"),
    Case("views-speak-of-arguments", {"operations.json": put("/GetJob/result/note", "$task.request.note")}, "operations.json#/GetJob/result/note", "'note' is not in the request of CreateJob"),
    Case("views-speak-of-arguments", {"operations.json": put("/ListJobs/result/jobs/do/note", "$each.sent.note")}, "operations.json#/ListJobs/result/jobs/do/note", "'note' is not in the request of CreateJob"),
    Case("views-speak-of-arguments", {"operations.json": put("/ListJobs/effect/page/size", "$request.size")}, "operations.json#/ListJobs/effect/page/size", "'size' is not in the request of ListJobs"),
    Case("views-speak-of-arguments", {"provider.json": put("/refusal/headers/X-Note", "$request.note")}, "provider.json#/refusal/headers/X-Note", "CreateJob or GetJob or ListJobs"),
    Case("views-speak-of-arguments", {"callbacks.json": {"push": {**DONE, "to": "$request.url"}}}, "callbacks.json#/push/to", "'url' is not in the request of CreateJob"),
    Case("defaults-come-from-arguments", {"requests/CreateJob.schema.json": put("/properties/priority/default", 10)}, "requests/CreateJob.schema.json#/properties/priority/default", "10 breaks a rule"),
    Case("defaults-come-from-arguments", {"requests/CreateJob.schema.json": put("/properties/preset/x-default-from", "/profile")}, "requests/CreateJob.schema.json#/properties/preset/x-default-from", "'/profile'"),
    Case("hosts-fit-their-patterns", {"provider.json": put("/hosts/0/example", "acme.example")}, "provider.json#/hosts/0/example", "'acme.example' does not match"),
    Case("hosts-are-its-own", {"provider.json": put("/hosts/1", {"pattern": "media\\.pontus\\.com", "example": "media.pontus.com", "evidence": "api"})}, "provider.json#/hosts/1", "host of 'pontus' too"),
    Case("hosts-are-its-own", {"provider.json": put("/hosts/1", {"pattern": ".*\\.com", "example": "acme.com", "evidence": "api"})}, "provider.json#/hosts/1", "matches"),
    Case("paths-are-its-own", {"provider.json": put("/paths/1", "/api/v1/")}, "provider.json#/paths/1", "of 'pontus' claim the same requests"),
    Case("identifiers-differ", {"provider.json": put("/identifiers/job", ["job-000000", {"random": "01", "length": 6}])}, "provider.json#/identifiers/job", "is made twice"),
    Case("identifiers-differ", {"provider.json": both(put("/identifiers/job", [{"count": 1}]), put("/identifiers/request", [{"count": 1}]))}, "provider.json#/identifiers/request", "is one of 'job' too"),
    Case("codes-can-be-provoked", {"operations.json": both(put("/CreateJob/effect", {"list": "job"}), put("/CreateJob/result", {"jobId": "x"}))}, "errors.json#/codes/InputUnreadable", "no operation creates a task"),
    Case("conditions-can-happen", {"errors.json": put("/conditions/content-digest", {"code": "InvalidRequest", "evidence": "api"})}, "errors.json#/conditions/content-digest", "nothing of this contract raises it"),
    Case("conditions-are-raised", {"errors.json": put("/conditions/locked", {"code": "Unauthorized", "evidence": "api"})}, "provider.json#/module", "announces 'locked'", announcing("locked")),
    Case("patterns-match-rules", {"errors.json": put("/rules/0", {"match": "*#/inputs:*", "code": "InvalidRequest", "evidence": "api"})}, "errors.json#/rules/0", "'*#/inputs:*' matches no rule"),
    Case("patterns-match-rules", {"errors.json": put("/rules/1", {"match": "*#/input:*", "code": "InvalidRequest", "evidence": "api"})}, "errors.json#/rules/1", "that an entry above has left"),
    Case("messages-are-filled", {"errors.json": put("/conditions/unknown-job/message", "There is no job {job}.")}, "errors.json#/conditions/unknown-job", "use one of field, id, name, where"),
    Case("messages-are-filled", {"errors.json": put("/conditions/too-many-tasks/message", "No more than {limit}.")}, "errors.json#/conditions/too-many-tasks", "use one of none"),
    Case("messages-are-filled", {"errors.json": put("/conditions/date-stale/message", "More than {seconds}.")}, "errors.json#/conditions/date-stale", "use one of limit,"),
    Case("messages-are-filled", {"errors.json": put("/codes/MethodNotAllowed/message", "Use {methods}.")}, "errors.json#/conditions/unknown-method", "the message of 'MethodNotAllowed' has {methods}"),
    Case("messages-are-filled", {"errors.json": put("/rules/0/message", "{code} is wrong")}, "errors.json#/rules/0", "{code}"),
    Case("messages-are-filled", {"errors.json": put("/codes/InternalError/message", "Call {number}.")}, "errors.json#/codes/InternalError/message", "only fail_next answers it"),
    Case("messages-are-filled", {"operations.json": put("/CreateJob/effect", [{"refuse": "busy", "when": "$settings.max_skew_seconds", "about": "/input"}, {"create": "job"}]), "errors.json": put("/conditions/busy", {"code": "QuotaExceeded", "message": "{id}", "evidence": "api"})}, "errors.json#/conditions/busy", "use one of field, found, name, where"),
    Case("tasks-can-fail", {"lifecycle.json": both(drop("/job/states/processing/fails"), drop("/job/states/failed"))}, "lifecycle.json#/job/states", "there is the code 'InputUnreadable'"),
    Case("tasks-can-fail", {"errors.json": both(put("/codes/InputUnreadable/where", "request"), put("/codes/InternalError/where", "request"))}, "lifecycle.json#/job/states", "no code says with what"),
    Case("requests-can-be-made", {"requests/CreateJob.schema.json": both(put("/required", ["input", "priority"]), put("/properties/priority/minimum", 10))}, "operations.json#/CreateJob/request", "no request was found"),
    Case("requests-arrive", {}, "operations.json#/CreateJob", "refused as 'header-missing'", UNSIGNED),
    Case("requests-arrive", {"operations.json": put("/Any", {"methods": ["GET"], "path": "/transcode/v2/jobs/{jobId:job-[0-9a-f]+}", "reads": "none", "request": "GetJob.schema.json", "evidence": "api"})}, "operations.json#/GetJob", "taken for another operation's"),
    Case("modules-raise-refusals", {"operations.json": put("/GetJob/result/size", {"$call": "size", "with": ["$task.id"]})}, "operations.json#/GetJob", "ends in ZeroDivisionError", VALUE.replace("RESULT", "1 / 0")),
    Case("states-are-shown", {"responses/GetJob.schema.json": put("/$defs/job/properties/status/enum", ["queued", "processing", "failed"])}, "lifecycle.json#/job/states/done", "does not list 'done'"),
    Case("answers-keep-their-schemas", {"responses/GetJob.schema.json": put("/$defs/job/properties/progress/maximum", 50)}, "operations.json#/GetJob/result", "of a job that is 'done'"),
    Case("answers-keep-their-schemas", {"operations.json": put("/ListJobs/result/jobs", "none")}, "operations.json#/ListJobs/result", "with \"none\""),
    Case("refusals-keep-their-schema", {"errors.json": put("/codes/Unauthorized/message", "")}, "errors.json#/conditions/key-unknown", "minLength"),
    Case("refusals-keep-their-schema", {"errors.json": put("/rules/0/message", "")}, "errors.json#/rules/0", "minLength"),
    Case("messages-keep-their-schemas", {"callbacks.json": {"push": {**DONE, "schemas": {"json": "Push.schema.json"}}}, "responses/Push.schema.json": PUSH}, "callbacks.json#/push/body", "the message of a job that is 'done'"),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.law}-{case.place}")
def test_a_contract_that_breaks_a_law_is_told_where_and_why(case: Case, tmp_path: Path) -> None:
    found = [one for one in checks.check(altered(tmp_path, case.edits, case.module)) if one.law == case.law]
    lines = [str(one) for one in found]
    here = [line for line in lines if line.startswith(f"{ACME}/{case.place}: ")]
    assert here, f"no finding of {case.law} at {case.place}: {lines}"
    assert any(case.said in line for line in here), here
    assert all(checks.sentence(case.law) in line and "To do: " in line for line in lines)


def test_the_sample_keeps_every_law() -> None:
    assert [str(one) for one in checks.check(SAMPLE / ACME)] == []


def test_each_law_has_one_sentence_and_a_case_that_breaks_it() -> None:
    assert {case.law for case in CASES} | {"schemas-compile"} == set(checks.LAWS)
    for name in checks.LAWS:
        sentence = checks.sentence(name)
        assert sentence.endswith("."), name
        assert "\n" not in sentence, name


@pytest.mark.parametrize("provider", sorted(path.parent.name for path in folders.own_folder().glob("*/provider.json")))
def test_our_own_contracts_keep_every_law(provider: str) -> None:
    assert [str(one) for one in checks.check(folders.own_folder() / provider)] == []


def test_a_module_that_fails_in_a_refusal_or_a_message_is_told_and_not_a_traceback(tmp_path: Path) -> None:
    size = {"$call": "size", "with": ["$request_id"]}
    edits = {
        "provider.json": put("/refusal/body/error/size", size),
        "callbacks.json": {"push": {**DONE, "body": {"size": size}, "schemas": {"json": "CreateJob.schema.json"}}},
    }
    found = checks.check(altered(tmp_path, edits, VALUE.replace("RESULT", "1 / 0")))
    assert {one.law for one in found} == {"refusals-keep-their-schema", "messages-keep-their-schemas"}
    assert all("ends in ZeroDivisionError" in one.found for one in found)


# What the laws let be ---------------------------------------------------------------------------------------------------


def test_a_setting_that_only_the_module_reads_is_used(tmp_path: Path) -> None:
    found = checks.check(altered(tmp_path, {}, SOURCE))
    assert [one.law for one in found] == []


def test_a_condition_whose_name_is_put_together_counts_as_raised(tmp_path: Path) -> None:
    module = announcing("account-locked") + "\n\ndef no(why='locked'):\n    return f'account-{why}'\n"
    edits = {"errors.json": put("/conditions/account-locked", {"code": "Unauthorized", "evidence": "api"})}
    assert "conditions-are-raised" not in {one.law for one in checks.check(altered(tmp_path, edits, module))}


def test_what_lies_below_a_member_of_any_shape_may_be_spoken_of(tmp_path: Path) -> None:
    edits = {
        "requests/CreateJob.schema.json": put("/properties/notify", {"x-source": "api"}),
        "operations.json": put("/GetJob/result/url", "$task.request.notify.url"),
    }
    assert checks.check(altered(tmp_path, edits)) == []


def test_what_lies_below_a_text_may_not(tmp_path: Path) -> None:
    found = checks.check(altered(tmp_path, {"operations.json": put("/GetJob/result/url", "$task.request.input.url")}))
    assert [(one.law, one.pointer) for one in found] == [("views-speak-of-arguments", "/GetJob/result/url")]


# Examples ---------------------------------------------------------------------------------------------------------------

CONDITIONS = {
    "properties": {
        "input": {"type": "string", "x-source": "api"},
        "preset": {"type": "string", "x-source": "api"},
        "priority": {"type": "integer", "x-source": "api"},
        "from": {"type": "integer", "x-source": "api"},
        "to": {"type": "integer", "maximum": 90, "x-source": "api"},
        "audio": {
            "type": "object",
            "properties": {"mode": {"enum": ["copy", "encode"], "x-source": "api"}, "rate": {"enum": [1, 2], "x-source": "api"}},
            "required": ["mode"],
            "if": {"type": "object", "properties": {"mode": {"const": "copy"}}},
            "then": {"required": ["rate"]},
            "x-rule": "rate-when-copied",
            "x-says": "has no rate",
            "x-source": "api",
        },
    },
    "required": ["input", "audio", "from", "to"],
    "allOf": [
        {"x-at-least": {"member": "to", "other": "from"}, "x-rule": "to-after-from", "x-says": "is before", "x-source": "api"},
        {"anyOf": [{"required": ["preset"]}, {"required": ["priority"]}], "x-rule": "one", "x-says": "none", "x-source": "api"},
        {"not": {"required": ["preset"]}, "x-rule": "no-preset", "x-says": "is given", "x-source": "api"},
    ],
}


def test_an_example_is_found_through_conditions_that_depend_on_each_other(tmp_path: Path) -> None:
    folder = altered(tmp_path, {"requests/CreateJob.schema.json": CONDITIONS})
    operation = subject(folder).contract.operations["CreateJob"]
    found = specimen(operation)
    assert found is not None
    assert operation.request.accepts(found)
    assert "priority" in found
    assert "preset" not in found


def test_every_operation_of_the_sample_is_answered_in_every_state() -> None:
    asked = [one for one in outcomes(subject(SAMPLE / ACME)) if not isinstance(one, str)]
    assert {(one.operation, one.state) for one in asked if not one.refused} == {
        *((name, "") for name in ("CreateJob", "GetJob", "ListJobs")),
        *((name, state) for name in ("GetJob", "ListJobs") for state in ("queued", "processing", "done", "failed")),
    }


def test_an_id_that_a_view_makes_is_looked_for_in_the_path(tmp_path: Path) -> None:
    edits = {"operations.json": put("/GetJob/effect/id", {"$text": ["$request.jobId"]})}
    asked = [one for one in outcomes(subject(altered(tmp_path, edits))) if not isinstance(one, str) and one.operation == "GetJob"]
    assert {(one.state, one.refused) for one in asked} == {
        (state, "") for state in ("", "queued", "processing", "done", "failed")
    }


def test_the_way_to_a_state_is_the_shortest_by_times_failures_and_events(tmp_path: Path) -> None:
    edits = {
        "lifecycle.json": both(
            put("/job/states/processing/on", {"pause": "paused"}),
            put("/job/states/paused", {"phase": "paused", "on": {"resume": "processing"}, "evidence": "api"}),
        )
    }
    table = subject(altered(tmp_path, edits)).contract.lifecycles["job"]
    assert ways(table) == {
        "queued": ([], False),
        "processing": ([("", 2)], False),
        "done": ([("", 2), ("", 3)], False),
        "failed": ([("", 2), ("", 3)], True),
        "paused": ([("", 2), ("pause", 0.0)], False),
    }


# XML --------------------------------------------------------------------------------------------------------------------

APPINFO = "<xs:annotation><xs:appinfo>api</xs:appinfo></xs:annotation>"


def xsd(root: str, *parts: str) -> str:
    head = '<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema">'
    return f'{head}<xs:element name="{root}" type="{root}">{APPINFO}</xs:element>{"".join(parts)}</xs:schema>'


def leaf(name: str, more: str = "", kind: str = "xs:string") -> str:
    return f'<xs:element name="{name}" type="{kind}" {more}>{APPINFO}</xs:element>'


def group(name: str, *members: str, test: str = "") -> str:
    says = "<xs:annotation><xs:documentation>none is given</xs:documentation></xs:annotation>"
    condition = f'<xs:assert id="one-of-two" test="{test}">{says}</xs:assert>' if test else ""
    return f'<xs:complexType name="{name}"><xs:all>{"".join(members)}</xs:all>{condition}</xs:complexType>'


def in_xml(tmp_path: Path, request: str, result: Any = None) -> Path:
    """The sample with one operation, in XML."""
    operation = {
        "methods": ["POST"], "path": "/transcode/v2/jobs", "reads": "xml", "root": "Job", "request": "Create.xsd",
        "response": "Create.xsd", "source": "/Input", "effect": {"create": "job"}, "evidence": "api",
        "result": result or {"Id": "$task.id", "State": "$task.state"},
    }  # fmt: skip
    refusal = {"headers": {}, "codec": "xml", "schema": "Error.xsd", "body": {"Error": {"Code": "$error.code"}}}
    edits = {
        "operations.json": {"CreateJob": operation},
        "errors.json": both(
            drop("/conditions/unknown-job"), drop("/conditions/unknown-marker"), drop("/conditions/unknown-preset")
        ),
        "provider.json": both(
            put("/success", {"status": 200, "headers": {}, "codec": "xml", "body": {"Done": "$result"}}),
            put("/refusal", refusal),
            put("/resources", {}),
        ),
        "requests/Create.xsd": request,
        "responses/Create.xsd": xsd("Done", group("Done", leaf("Id"), leaf("State", kind="State")), STATE),
        "responses/Error.xsd": xsd("Error", group("Error", leaf("Code"))),
    }
    folder = altered(tmp_path, edits)
    for path in folder.rglob("*.schema.json"):
        path.unlink()
    return folder


STATE = (
    f'<xs:simpleType name="State">{APPINFO}<xs:restriction base="xs:string"><xs:enumeration value="queued"/></xs:restriction>'
    "</xs:simpleType>"
)
JOB = group(
    "Job",
    leaf("Input"),
    leaf("Part", 'minOccurs="2" maxOccurs="3"'),
    leaf("Url", 'minOccurs="0"'),
    leaf("Queue", 'minOccurs="0"'),
    test="Url or Queue",
)


def test_a_contract_in_xml_keeps_the_laws_too_and_its_examples_have_what_must_be_there_twice(tmp_path: Path) -> None:
    folder = in_xml(tmp_path, xsd("Job", JOB))
    assert [
        str(one) for one in checks.check(folder) if one.law not in ("lines-of-seeds-are-numbers", "contradictions-are-cited")
    ] == []
    found = specimen(subject(folder).contract.operations["CreateJob"])
    assert [child.tag for child in found] == ["Input", "Part", "Part", "Queue"] or [child.tag for child in found] == [
        "Input",
        "Part",
        "Part",
        "Url",
    ]


def test_views_of_a_contract_in_xml_are_held_to_its_elements(tmp_path: Path) -> None:
    result = {"Id": "$task.id", "State": "$task.state", "Note": "$request.Input.Note"}
    found = checks.check(in_xml(tmp_path, xsd("Job", JOB), result))
    assert ("views-speak-of-arguments", "/CreateJob/result/Note") in {(one.law, one.pointer) for one in found}


def test_a_type_that_no_element_has_is_found(tmp_path: Path) -> None:
    found = checks.check(in_xml(tmp_path, xsd("Job", JOB, group("Old", leaf("Name")))))
    assert [(one.file, one.pointer) for one in found if one.law == "definitions-are-used"] == [
        (f"{ACME}/requests/Create.xsd", "/Old")
    ]


def test_a_schema_that_only_the_reference_validator_refuses_is_found_and_nothing_is_tried_with_it(tmp_path: Path) -> None:
    twice = group("Part", leaf("A", 'minOccurs="0"'), leaf("B", 'minOccurs="0"'), test="A or B")
    parts = JOB.replace('name="Part" type="xs:string"', 'name="Part" type="Part"')
    found = [one for one in checks.check(in_xml(tmp_path, xsd("Job", parts, twice))) if one.law in TRIED]
    assert [(one.law, one.file) for one in found] == [("schemas-compile", f"{ACME}/requests/Create.xsd")]
    assert "one-of-two" in found[0].found


# The command ------------------------------------------------------------------------------------------------------------


EVERY = checks.sentence("documents-are-cited")


def run(*arguments: str) -> tuple[int, str]:
    ended = CliRunner().invoke(cli, ["contracts", *arguments])
    return ended.exit_code, ended.output


def test_a_contract_that_keeps_every_law_ends_with_0() -> None:
    assert run("--check", str(SAMPLE / ACME)) == (0, f"{ACME} keeps all {len(checks.LAWS)} laws.\n")


def test_findings_end_with_1_one_line_each_and_their_number(tmp_path: Path) -> None:
    status, text = run(
        "--check", str(altered(tmp_path, {"documents.json": put("/old", {"kind": "sdk", "title": "t", "where": "w"})}))
    )
    assert status == 1
    assert text.splitlines() == [
        f"{ACME}/documents.json#/old: nothing cites 'old'. {EVERY} To do: cite it where it is believed, or take it out.",
        f"{ACME}: 1 finding, {len(checks.LAWS)} laws.",
    ]


def test_findings_as_json_have_all_of_their_parts(tmp_path: Path) -> None:
    edits = {"provider.json": put("/hosts/0/example", "acme.example"), "requests/Old.schema.json": {}}
    status, text = run("--json", "--check", str(altered(tmp_path, edits)))
    told = json.loads(text)
    assert (status, told["laws"]) == (1, len(checks.LAWS))
    assert {"law", "file", "pointer", "found", "wanted", "remedy"} == set(told["findings"][0])


@pytest.mark.parametrize(
    ("edits", "said"),
    [
        ({"operations.json": drop("/GetJob/evidence")}, f"{ACME}/operations.json#/GetJob: "),
        ({"operations.json": put("/GetJob/effect/get", "jobs")}, f"{ACME}/operations.json#/GetJob/effect: 'jobs'"),
        ({"provider.json": put("/module", "no_such_module_of_acme")}, "set PYTHONPATH to the folder that it lies in"),
        ({"errors.json": "{"}, "errors.json#: is not JSON"),
        ({"requests/Unused.xsd": "<"}, "requests/Unused.xsd#: is not XML"),
    ],
)
def test_a_folder_that_is_no_contract_ends_with_2_and_says_what_the_loader_says(tmp_path: Path, edits: Any, said: str) -> None:
    status, text = run("--check", str(altered(tmp_path, edits)))
    assert status == 2
    assert said in text


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("nowhere\x1b[31m", r"'nowhere\x1b[31m' is no folder: --check takes the folder of one provider"),
        (str(ROOT / "README.md"), "is no folder"),
        (str(SAMPLE / ACME / "requests"), "has no provider.json"),
        (str(SAMPLE), f"Did you mean '{SAMPLE / ACME}'?"),
    ],
)
def test_a_path_that_is_no_providers_folder_ends_with_2_and_one_line_that_says_what_is_wanted(path: str, said: str) -> None:
    status, text = run("--check", path)
    assert (status, text.count("\n")) == (2, 1)
    assert said in text


def test_a_module_that_raises_while_it_is_imported_is_told_and_not_a_traceback(tmp_path: Path) -> None:
    folder = altered(tmp_path, {}, "raise KeyError('acme')\n")
    with pytest.raises(ContractError, match="its module does not load: KeyError: 'acme'"):
        checks.check(folder)


def test_a_folder_is_checked_from_within_itself() -> None:
    command = [sys.executable, "-m", "mockcloud", "contracts", "--check", "."]
    ended = subprocess.run(
        command, capture_output=True, text=True, check=False, cwd=SAMPLE / ACME, env={"PYTHONPATH": f"{SAMPLE}:{ROOT}"}
    )
    assert (ended.returncode, ended.stdout) == (0, f"{ACME} keeps all {len(checks.LAWS)} laws.\n")
