"""`mockcloud diff`: what it prints, what it says to machines, and how it ends."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from cases import ROOT
from click.testing import CliRunner, Result
from editions import both, copied, dropped, put
from jsonschema import Draft202012Validator

from mockcloud.changes.change import How, Weight
from mockcloud.changes.outline import PLURALS
from mockcloud.cli import cli, main
from mockcloud.contracts import folders, meta
from mockcloud.errors import UsageError

OLD = folders.known()["pontus"]
JOURNAL = ROOT / "fixtures" / "recordings" / "journal.jsonl"
REQUEST = "requests/createTranscodingTask.schema.json"
RESPONSE = "responses/getTranscodingTask.schema.json"
URL = ("properties", "source", "properties", "source_url")
STRICTER = {REQUEST: put(*URL, "pattern", value="^https?://")}
SCHEMA = meta.schema("outputs/diff")


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(cli, ["diff", *map(str, arguments)])


def machine(*arguments: str | Path) -> tuple[int, dict[str, Any]]:
    result = run(*arguments, "--format", "json")
    data = json.loads(result.output)
    Draft202012Validator(SCHEMA).validate(data)
    return result.exit_code, data


@pytest.fixture
def mixed(tmp_path: Path) -> Path:
    """Two changes that break who sends, one that breaks who reads, one that breaks nobody, and a note."""
    return copied(
        tmp_path,
        "pontus",
        {
            REQUEST: both(put(*URL, "maxLength", value=3), put(*URL, "minLength", value=2), put("title", value="another")),
            RESPONSE: both(
                dropped("properties", "profile_name"), put("properties", "more", value={"x-source": "task-transcoding#35"})
            ),
        },
    )


# Text -----------------------------------------------------------------------------------------------------------------


def test_no_change_is_told_in_two_words_and_ends_with_0() -> None:
    result = run(OLD, OLD)
    assert (result.output.strip(), result.exit_code) == ("no changes", 0)


def test_the_last_line_counts_the_changes_and_those_that_break_by_side(mixed: Path) -> None:
    result = run(OLD, mixed)
    assert result.output.splitlines()[-1] == "5 changes, 3 breaking (2 requests, 1 responses)"
    assert result.exit_code == 1


def test_changes_stand_below_their_operation_and_what_breaks_comes_first_and_is_marked(mixed: Path) -> None:
    lines = [line for line in run(OLD, mixed).output.splitlines() if re.match(r"\S|  [!+~] ", line)][:-1]
    assert [line.split(": ")[0].strip() for line in lines] == [
        "pontus.createTranscodingTask",
        "! rule stricter",
        "! rule added",
        "~ title changed",
        "pontus.getTranscodingTask",
        "! member removed",
        "+ member added",
    ]


def test_a_change_is_told_with_old_and_new_the_reason_and_the_documents_line(mixed: Path) -> None:
    text = run(OLD, mixed).output
    assert "! rule stricter: request#/source/source_url:minLength 1 -> 2" in " ".join(text.split())
    assert "a request that was taken before can be refused now [004_e3af1399623ce22a.txt line 35]" in " ".join(text.split())


def test_a_list_is_told_by_what_came_and_what_went(tmp_path: Path) -> None:
    new = copied(
        tmp_path,
        "pontus",
        {RESPONSE: put("properties", "task_status", "enum", value=["PENDING", "RUNNING", "SUCCESS", "FAILED", "HELD"])},
    )
    assert 'response#/task_status:enum +"HELD"' in " ".join(run(OLD, new).output.split())


def test_operations_that_change_alike_are_told_together(tmp_path: Path) -> None:
    edit = {
        "requests/CreateMediaJobs.other.xsd": lambda text: text.replace(
            "</xs:schema>", '<xs:simpleType name="More"><xs:restriction base="xs:string"/></xs:simpleType></xs:schema>'
        )
    }
    edit |= {
        "operations.json": lambda data: [
            entry.update(partly="not all is known")
            for name, entry in data.items()
            if name in ("DescribeMediaJob", "CancelMediaJob")
        ]
    }
    result = run(folders.known()["tencent_ci"], copied(tmp_path, "tencent_ci", edit))
    assert "tencent_ci.DescribeMediaJob, tencent_ci.CancelMediaJob\n" in result.output
    assert result.exit_code == 0


def test_what_is_piped_has_no_colours_and_no_control_characters(tmp_path: Path) -> None:
    edit = put("task-transcoding", "title", value="\x1b[31mred\x1b[0m\r\n")
    text = run(OLD, copied(tmp_path, "pontus", {"documents.json": edit})).output
    assert "red" in text
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f]", text)


def test_a_terminal_has_colours(mixed: Path) -> None:
    result = CliRunner().invoke(cli, ["diff", str(OLD), str(mixed)], color=True)
    assert "\x1b[31m" in result.output


# JSON -----------------------------------------------------------------------------------------------------------------


def test_json_has_every_change_with_its_rule_evidence_and_line_and_the_counts(mixed: Path) -> None:
    status, data = machine(OLD, mixed)
    assert status == 1
    assert data["summary"] == {
        "changes": 5,
        "breaking": 3,
        "compatible": 1,
        "notes": 1,
        "breaking_by_side": {"request": 2, "response": 1},
    }
    rule = "pontus.createTranscodingTask/request#/source/source_url:maxLength"
    change = next(one for one in data["changes"] if one["place"] == rule)
    assert change == {
        "id": f"rule-added {rule}",
        "kind": "rule-added",
        "what": "rule",
        "how": "added",
        "side": "request",
        "weight": "breaking",
        "breaking": True,
        "provider": "pontus",
        "operation": "pontus.createTranscodingTask",
        "place": rule,
        "old": None,
        "new": 3,
        "why": "a request that was taken before can be refused now",
        "old_evidence": [],
        "new_evidence": ["task-transcoding#35"],
        "document": "004_e3af1399623ce22a.txt",
        "line": 35,
    }
    assert (data["old"], data["new"], data["calls"]) == (str(OLD), str(mixed), None)


def test_json_of_calls_says_which_of_them_break_and_by_which_line(tmp_path: Path) -> None:
    status, data = machine(OLD.parent, shared(tmp_path), "--journal", JOURNAL)
    calls = data["calls"]
    assert status == 1
    assert (calls["broken"], calls["total"], calls["because"]) == (
        1,
        5,
        [{"document": "004_e3af1399623ce22a.txt", "line": 35, "calls": 1}],
    )
    assert (calls["sides"][0]["file"], calls["sides"][0]["line"]) == (str(JOURNAL), 5)


def test_the_schema_knows_every_word_that_is_used() -> None:
    words = SCHEMA["$defs"]["change"]["properties"]
    assert words["how"]["enum"] == [str(how) for how in How]
    assert words["weight"]["enum"] == [str(weight) for weight in Weight]
    assert SCHEMA["$defs"]["side"]["enum"] == list(PLURALS)


def test_the_schema_takes_no_other_keys() -> None:
    _, data = machine(OLD, OLD)
    assert list(Draft202012Validator(SCHEMA).iter_errors({**data, "more": 1}))


# Calls, and how it ends -----------------------------------------------------------------------------------------------


def shared(tmp_path: Path) -> Path:
    """A folder of all providers, of which one is stricter."""
    for name in folders.known():
        copied(tmp_path, name, STRICTER if name == "pontus" else None)
    return tmp_path


def test_the_calls_that_break_are_told_with_their_place_and_the_line_that_breaks_them(tmp_path: Path) -> None:
    result = run(OLD.parent, shared(tmp_path), "--journal", JOURNAL)
    text = " ".join(result.output.split())
    assert f"{JOURNAL}:5 request of pontus.createTranscodingTask" in text.replace("- ", "-")
    assert "1 of your 5 calls breaks, because of line 35 of 004_e3af1399623ce22a.txt" in text
    assert result.exit_code == 1


@pytest.mark.parametrize(
    ("fail_on", "edits", "status"),
    [
        ("breaking", STRICTER, 1),
        ("breaking", {REQUEST: put("title", value="another")}, 0),
        ("any", {REQUEST: put("title", value="another")}, 1),
        ("any", {}, 0),
        ("never", STRICTER, 0),
    ],
)
def test_what_ends_with_1_is_chosen(fail_on: str, edits: Any, status: int, tmp_path: Path) -> None:
    assert run(OLD, copied(tmp_path, "pontus", edits), "--fail-on", fail_on).exit_code == status


def test_a_recording_of_which_nothing_could_be_compared_ends_with_2(tmp_path: Path) -> None:
    nothing = tmp_path / "calls.jsonl"
    nothing.write_text("", encoding="utf-8")
    assert run(OLD, OLD, "--journal", nothing).exit_code == 2
    result = run(OLD, OLD, "--journal", tmp_path / "missing.jsonl")
    assert result.exit_code == 2
    assert "missing.jsonl" in result.output


def test_a_host_may_stand_for_a_vendors_and_one_of_no_providers_is_refused(tmp_path: Path) -> None:
    gateway = tmp_path / "calls.jsonl"
    gateway.write_text(
        JOURNAL.read_text(encoding="utf-8").replace("media.pontus.com", "gateway.example").replace('"pontus', '"other'),
        encoding="utf-8",
    )
    assert machine(OLD, OLD, "--journal", gateway)[1]["calls"]["total"] == 0
    assert machine(OLD, OLD, "--journal", gateway, "--host", "pontus=gateway.example")[1]["calls"]["total"] == 1
    refused = run(OLD, OLD, "--journal", gateway, "--host", "pontos=gateway.example").exception
    assert isinstance(refused, UsageError)
    assert "Did you mean 'pontus'?" in str(refused)


def test_a_recording_may_come_from_standard_input() -> None:
    result = CliRunner().invoke(cli, ["diff", str(OLD.parent), str(OLD.parent), "--journal", "-"], input=JOURNAL.read_bytes())
    assert result.output.splitlines()[-1] == "none of your 5 calls break"


@pytest.mark.parametrize("name", ["no-such-revision-or-folder", "tests"])
def test_what_cannot_be_compared_is_one_line_and_ends_with_2(
    name: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(ROOT)
    monkeypatch.setattr("sys.argv", ["mockcloud", "diff", name, "schemas"])
    with pytest.raises(SystemExit) as caught:
        main()
    said = capsys.readouterr().err
    assert caught.value.code == 2
    assert said.startswith(f"mockcloud: '{name}'")
    assert said.count("\n") == 1


def test_a_contract_that_does_not_load_is_a_sentence(tmp_path: Path) -> None:
    result = run(OLD, copied(tmp_path, "pontus", {"lifecycle.json": dropped("task", "initial")}))
    assert isinstance(result.exception, UsageError)
    assert "does not load here: pontus/lifecycle.json#/task: 'initial' is a required property" in str(result.exception)
