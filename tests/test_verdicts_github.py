"""Verdicts as workflow commands of GitHub Actions: as its own toolkit writes them, and the few that are shown well chosen."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from cases import ROOT
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from verdicts import (
    BROKEN,
    BROKEN_ANSWER,
    MADE,
    NASTY,
    NOBODYS,
    UNJUDGED,
    UNREADABLE,
    VALID,
    WIDE,
    place,
    recordings,
    unhurried,
    written,
)

from mockcloud.reports.verdicts import sentences
from mockcloud.reports.verdicts.github import command
from mockcloud.reports.verdicts.step_summary import MOST, text
from mockcloud.traffic.verdict import Finding, Verdict

PACKAGES = Path(os.environ.get("MOCKCLOUD_NODE_MODULES", ROOT / ".venv" / "node" / "node_modules"))
NODE = shutil.which("node")
toolkit = pytest.mark.skipif(
    NODE is None or not (PACKAGES / "@actions" / "core").is_dir(),
    reason="Node and @actions/core are not installed; make test installs them where npm is",
)

COMMAND = re.compile(r"::(error|warning|notice)(?: ([^\n]*?))?::([^\r\n]*)")


def unescaped(value: str, *marks: str) -> str:
    """What a runner reads in an escaped value: the percent sign comes last, or it would be read twice."""
    for mark in ("\r", "\n", *marks, "%"):
        value = value.replace(f"%{ord(mark):02X}", mark)
    return value


def read(line: str) -> tuple[str, dict[str, str], str]:
    """A command as a runner reads it: its name, its properties, its message."""
    found = COMMAND.fullmatch(line)
    assert found, line
    pairs = (pair.partition("=") for pair in (found[2] or "").split(",") if pair)
    return found[1], {name: unescaped(value, ":", ",") for name, _, value in pairs}, unescaped(found[3])


def commands(verdicts: list[Verdict], **options: Any) -> list[tuple[str, dict[str, str], str]]:
    return [read(line) for line in written("github", verdicts, **options).splitlines() if line.startswith("::")]


# As the toolkit writes them ------------------------------------------------------------------------------------------------

encodable = st.text(st.characters(exclude_categories=("Cs",)), max_size=30)
pieces = st.one_of(encodable, st.sampled_from([one for one in NASTY if "\ud800" not in one]))
NAMES = {"title": "title", "file": "file", "startLine": "line", "startColumn": "col", "endColumn": "endColumn"}
TOOLKITS = ("title", "file", "startLine", "startColumn", "endColumn")


@toolkit
@settings(unhurried, max_examples=4)
@given(
    st.lists(
        st.tuples(st.sampled_from(("error", "warning", "notice")), pieces, pieces, pieces, st.integers(0, 9), st.integers(0, 9)),
        max_size=40,
    )
)
def test_a_command_is_byte_for_byte_what_actions_core_writes(drawn: list[tuple[str, str, str, str, int, int]]) -> None:
    asked, told = [], ""
    for name, message, title, file, line, column in drawn:
        values = dict(zip(TOOLKITS, (title, file, line, column, column + 4), strict=True))
        asked.append(json.dumps([name, message, values]))
        told += command(name, message, [(NAMES[key], value) for key, value in values.items()]) + "\n"
    environment = {**os.environ, "NODE_PATH": str(PACKAGES)}
    script = ROOT / "tests" / "node" / "workflow_commands.js"
    run = subprocess.run(
        [str(NODE), str(script)], input="\n".join(asked).encode(), capture_output=True, check=False, env=environment, timeout=60
    )
    assert run.returncode == 0, run.stderr
    assert run.stdout == told.encode()


@unhurried
@given(pieces, pieces, pieces)
def test_a_command_is_one_line_that_a_runner_reads_back(message: str, title: str, file: str) -> None:
    told = command("error", message, [("title", title), ("file", file), ("line", 3)])
    assert "\n" not in told
    assert "\r" not in told
    expected = {name: value for name, value in (("title", title), ("file", file), ("line", "3")) if value}
    head, _, data = told.partition("::")[2].partition("::")
    assert unescaped(data) == message
    assert {
        name: unescaped(value, ":", ",") for name, _, value in (pair.partition("=") for pair in head[len("error ") :].split(","))
    } == expected


# What is told ---------------------------------------------------------------------------------------------------------------


def test_a_finding_is_an_error_at_its_place_with_rule_source_refusal_and_message() -> None:
    name, properties, message = commands([BROKEN])[0]
    assert name == "error"
    assert properties == {
        "title": "request of jdcloud.createThumbnailTask",
        "file": "traffic/upload.har",
        "line": "118",
        "col": "21",
        "endColumn": "25",
    }
    assert message.splitlines() == [
        "/target/widthInPixel 5000 is greater than 4096",
        "rule: jdcloud.createThumbnailTask/request#/target/widthInPixel:maximum",
        "source: [001_20d4131b6d265f54.txt line 43]",
        "refused: with INVALID_ARGUMENT",
        "in: POST mps.jdcloud-api.com/v1/regions/cn-north-1/thumbnail",
    ]


def test_what_was_not_judged_is_a_warning_and_the_totals_are_a_notice() -> None:
    warning, notice = commands([UNJUDGED, VALID, NOBODYS])
    assert warning[:2] == ("warning", {"title": "not judged", "file": "traffic/upload.har", "line": "140"})
    assert warning[2].endswith(
        "to do: name the operation with --operation, or pass over what `mockcloud contracts` does not list: --skip-unknown"
    )
    assert notice == (
        "notice",
        {"title": "mockcloud validate"},
        "1 of 2 messages keep the rules; 1 could not be judged; 1 passed over",
    )


def test_a_finding_in_standard_input_names_no_file() -> None:
    assert set(commands([BROKEN_ANSWER])[0][1]) == {"title", "col", "endColumn"}


def finding(rule: int, place: int) -> Finding:
    return replace(WIDE, line=place, violation=replace(WIDE.violation, rule=f"p.O/request#/m{rule}:type", where=f"/m{rule}"))


def test_the_ten_annotations_that_are_shown_are_of_ten_rules_where_there_are_as_many() -> None:
    """A rule that is broken first and often does not push the others out."""
    broken = [finding(rule=min(place // 30, 9), place=place + 1) for place in range(300)]
    told = written("github", [replace(BROKEN, findings=(one,)) for one in broken])
    errors = [read(line) for line in told.splitlines() if line.startswith("::error")]
    assert {message.splitlines()[1] for _, _, message in errors[:10]} == {
        f"rule: p.O/request#/m{rule}:type" for rule in range(10)
    }


def test_where_one_rule_is_broken_twelve_times_ten_annotations_are_still_shown_and_each_finding_is_told_once() -> None:
    told = written("github", [replace(BROKEN, findings=(finding(1, place),)) for place in range(1, 13)]).splitlines()
    assert sum(line.startswith("::error") for line in told) == 11
    assert sum(line.startswith("also: ") for line in told) == 1
    lines = [re.search(r"line=(\d+),|upload\.har:(\d+):", line) for line in told[:-1]]
    assert sorted(int(found[1] or found[2]) for found in lines if found) == list(range(1, 13))
    assert told[-1].endswith("12 of 12 messages break 1 rule, 12 times in all")
    assert told[-1].startswith("::notice")


@unhurried
@given(recordings)
def test_whatever_a_recording_holds_only_our_own_commands_are_written(verdicts: list[Verdict]) -> None:
    many = [verdict for verdict in verdicts for _ in range(14)]
    for line in written("github", many).splitlines():
        if line.startswith("also: "):
            assert "##[" not in line
        else:
            name, properties, _ = read(line)
            assert name in ("error", "warning", "notice")
            assert set(properties) <= {"title", "file", "line", "col", "endColumn"}


def test_a_command_of_the_old_kind_in_a_recording_is_none_in_a_plain_line() -> None:
    evil = replace(WIDE, violation=replace(WIDE.violation, found="##[add-mask]x"))
    told = written("github", [replace(BROKEN, findings=(evil,))] * 12).splitlines()
    assert [line for line in told if "##[" in line and not line.startswith("::")] == []
    assert any("## [add-mask]x" in line for line in told)


# The step's summary -----------------------------------------------------------------------------------------------------------

MARKDOWN = MarkdownIt("commonmark").enable("table")


def cells(summary: str) -> list[list[str]]:
    """The rows of the tables of a Markdown text, as a reader sees them; fails where a cell has anything but text."""
    rows: list[list[str]] = []
    for token in MARKDOWN.parse(summary):
        if token.type == "tr_open":
            rows.append([])
        elif token.type == "inline" and rows:
            assert {child.type for child in token.children or []} <= {"text", "text_special"}, token
            rows[-1].append("".join(child.content for child in token.children or []))
    return rows


def summary_of(verdicts: list[Verdict], path: Path) -> str:
    path.unlink(missing_ok=True)
    written("github", verdicts, summary=str(path))
    return path.read_text(encoding="utf-8")


def test_the_summary_has_a_row_for_each_rule_the_most_broken_first_and_the_messages_not_judged(tmp_path: Path) -> None:
    told = summary_of([*MADE, BROKEN_ANSWER], tmp_path / "summary.md")
    heads, first, *others = cells(told)
    assert heads == ["rule", "broken", "first at", "what is wrong there", "source", "refused with"]
    assert first == [
        "ucloud.DescribeMediaTask/response#/RetCode:type",
        "2",
        "<stdin>:1204:30",
        '/RetCode "0" is not of type integer',
        "[guide.md line 7]",
        "",
    ]
    assert [row[1] for row in others[:3]] == ["1", "1", "1"]
    assert [row[0] for row in others[4:]] == [sentences.place(UNJUDGED), sentences.place(UNREADABLE)]
    assert told.startswith("### mockcloud validate\n\n")


def test_the_summary_is_appended_to_what_the_step_has_written(tmp_path: Path) -> None:
    file = tmp_path / "summary.md"
    file.write_text("before\n")
    written("github", [VALID], summary=str(file))
    assert file.read_text().startswith("before\n### mockcloud validate\n\nthe message keeps the rules\n")


def test_no_summary_is_written_where_none_is_asked_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    written("github", [*MADE])
    assert list(tmp_path.iterdir()) == []


@unhurried
@given(st.one_of(encodable, st.sampled_from(NASTY), st.text("\\`*_{}[]()<>#+-.!|~&;:/@w", max_size=20)))
def test_text_of_a_recording_is_text_in_a_cell(words: str) -> None:
    said = sentences.printable(words)
    rows = cells(f"| {text('a')} | {text('b')} |\n| --- | --- |\n| {text(said)} | {text('end')} |\n")
    assert rows[1] == [said.strip(" "), "end"]


def test_a_summary_of_more_than_a_mebibyte_with_what_was_there_is_cut_and_says_so(tmp_path: Path) -> None:
    file = tmp_path / "summary.md"
    file.write_text("x" * (MOST - 3000))
    broken = tuple(finding(rule, 1) for rule in range(100))
    written("github", [replace(BROKEN, findings=broken)], summary=str(file))
    assert MOST - 1500 < file.stat().st_size <= MOST
    assert file.read_text().endswith("The summary is cut here: GitHub takes no more. The log of the step has the rest.\n")


def test_a_summary_that_is_full_already_is_left_as_it_is(tmp_path: Path) -> None:
    file = tmp_path / "summary.md"
    file.write_text("x" * MOST)
    written("github", [BROKEN], summary=str(file))
    assert file.stat().st_size == MOST


def test_20_messages_that_were_not_judged_are_in_the_summary_at_most(tmp_path: Path) -> None:
    many = [replace(UNJUDGED, place=place(number, number)) for number in range(1, 50)]
    assert len(cells(summary_of(many, tmp_path / "summary.md"))) == 1 + 20
