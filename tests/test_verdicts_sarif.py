"""Verdicts as SARIF 2.1.0: the official schema, and what code scanning makes of a log."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import unquote_to_bytes, urlsplit

import jsonschema_rs
import pytest
from cases import ROOT
from hypothesis import given
from jsonschema import Draft202012Validator
from verdicts import (
    BROKEN,
    BROKEN_ANSWER,
    KEY,
    MADE,
    MISSING,
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

from mockcloud import __version__
from mockcloud.reports.verdicts import sarif
from mockcloud.reports.verdicts.sarif_parts import fingerprint, uri
from mockcloud.traffic.verdict import Outcome, Verdict

SCHEMA = json.loads((ROOT / "tests" / "official" / "sarif-2.1.0.json").read_text(encoding="utf-8"))
FAST = jsonschema_rs.Draft202012Validator(SCHEMA, validate_formats=True)
URI = re.compile(r"(file:///)?([A-Za-z0-9._~!$&'()*+,;=@/-]|%[0-9A-F]{2})*")


def run_of(verdicts: list[Verdict]) -> Any:
    told = written("sarif", verdicts, encoding="ascii")
    log = json.loads(told)
    # The compiled validator takes no half of a pair of surrogates.
    if "\\ud8" in told:
        Draft202012Validator(SCHEMA).validate(log)
    else:
        assert FAST.is_valid(log), next(FAST.iter_errors(log)).message
    assert (log["version"], len(log["runs"])) == ("2.1.0", 1)
    return log["runs"][0]


@unhurried
@given(recordings)
def test_whatever_a_recording_holds_the_log_keeps_the_official_schema_and_reads_back_equal(verdicts: list[Verdict]) -> None:
    run = run_of(verdicts)
    found = [(verdict, finding) for verdict in verdicts for finding in verdict.findings]
    assert len(run["results"]) == len(found)
    rules = run["tool"]["driver"]["rules"]
    assert len({rule["id"] for rule in rules}) == len(rules)
    for told, (verdict, finding) in zip(run["results"], found, strict=True):
        broken, kept = finding.violation, told["properties"]
        assert told["ruleId"] == rules[told["ruleIndex"]]["id"] == broken.rule
        assert [kept[name] for name in ("where", "found", "document", "documentLine")] == [
            broken.where,
            broken.found,
            broken.document,
            broken.line,
        ]
        assert [kept[name] for name in ("operation", "side", "subject", "messageNumber", "refusal")] == [
            verdict.operation, verdict.side, verdict.subject, verdict.place.number, finding.refusal,
        ]  # fmt: skip
        physical = told["locations"][0]["physicalLocation"]
        region = physical["region"]
        assert [region.get(name) for name in ("startLine", "startColumn")] == [finding.line, finding.column]
        assert URI.fullmatch(physical["artifactLocation"]["uri"])
        assert len(region.get("snippet", {"text": ""})["text"]) in (0, region.get("endColumn", 0) - region.get("startColumn", 0))
        wider = physical.get("contextRegion")
        if wider:
            assert (wider["startColumn"], wider["endColumn"]) != (region["startColumn"], region["endColumn"])
            assert wider["startColumn"] <= region["startColumn"] <= region["endColumn"] <= wider["endColumn"]


def test_each_rule_is_described_once_with_its_document_line_and_evidence() -> None:
    run = run_of([BROKEN, BROKEN, BROKEN_ANSWER])
    driver = run["tool"]["driver"]
    assert (driver["name"], driver["version"]) == ("mockcloud", __version__)
    assert [rule["id"] for rule in driver["rules"]] == [one.violation.rule for one in (*BROKEN.findings, *BROKEN_ANSWER.findings)]
    wide = driver["rules"][0]
    assert wide["shortDescription"]["text"] == "/target/widthInPixel is greater than 4096"
    assert wide["fullDescription"]["text"].startswith(
        "A request of jdcloud.createThumbnailTask is wrong where /target/widthInPixel"
    )
    assert "[001_20d4131b6d265f54.txt line 43]" in wide["help"]["text"]
    assert "INVALID_ARGUMENT" in wide["help"]["text"]
    assert wide["properties"]["evidence"] == ["create-thumbnail-task#43"]
    assert [result["ruleIndex"] for result in run["results"]] == [0, 1, 2, 0, 1, 2, 3]


def test_a_region_counts_characters_and_quotes_the_value_and_its_line() -> None:
    run = run_of([BROKEN])
    assert run["columnKind"] == "unicodeCodePoints"
    wide, key, missing = (result["locations"][0]["physicalLocation"] for result in run["results"])
    assert wide["region"] == {"startLine": 118, "startColumn": 21, "endColumn": 25, "snippet": {"text": "5000"}}
    context = wide["contextRegion"]
    assert (context["startColumn"], context["endColumn"]) == (1, 26)
    assert context["snippet"]["text"] == WIDE.excerpt.text
    assert key["region"] == missing["region"] == {"startLine": 112}


def test_an_excerpt_that_is_all_value_has_no_wider_region() -> None:
    whole = replace(WIDE, excerpt=replace(WIDE.excerpt, text="5000", column=0))
    physical = run_of([replace(BROKEN, findings=(whole,))])["results"][0]["locations"][0]["physicalLocation"]
    assert "contextRegion" not in physical


@pytest.mark.parametrize(
    ("finding", "region"),
    [
        (replace(WIDE, end_column=None, excerpt=None), {"startLine": 118, "startColumn": 21}),
        (replace(KEY, excerpt=None), {"startLine": 112}),
    ],
)
def test_what_is_not_known_of_a_place_is_not_told(finding: Any, region: dict[str, int]) -> None:
    physical = run_of([replace(BROKEN, findings=(finding,))])["results"][0]["locations"][0]["physicalLocation"]
    assert physical["region"] == region
    assert "contextRegion" not in physical


@pytest.mark.parametrize(
    ("file", "told"),
    [
        ("-", "stdin"),
        ("a.har", "a.har"),
        ("./a//b.har", "a/b.har"),
        ("a b#c?d%41.har", "a%20b%23c%3Fd%2541.har"),
        ("c:evil.har", "c%3Aevil.har"),
        ("流量/上传.har", "%E6%B5%81%E9%87%8F/%E4%B8%8A%E4%BC%A0.har"),
        ("caf\udce9.har", "caf%E9.har"),
        ("\ud800.har", "%ED%A0%80.har"),
        ("/elsewhere/a b.har", "file:///elsewhere/a%20b.har"),
        ("../up.har", "../up.har"),
    ],
)
def test_a_file_is_a_uri_reference_percent_encoded(file: str, told: str) -> None:
    assert uri(file) == told
    if not file.startswith(("-", ".", "/", "\ud800")):
        assert unquote_to_bytes(urlsplit(told).path) == file.encode("utf-8", "surrogateescape")


def test_an_absolute_path_below_the_working_directory_is_relative_to_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert uri(str(tmp_path / "traffic" / "a.har")) == "traffic/a.har"


def test_standard_input_is_said_to_be_that() -> None:
    artifact = run_of([BROKEN_ANSWER])["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"]
    assert artifact == {"uri": "stdin", "description": {"text": "standard input"}}


def test_a_fingerprint_stays_when_lines_come_and_go_and_differs_for_rule_place_operation_and_file() -> None:
    moved = replace(BROKEN, place=place(30, 900))
    assert fingerprint(BROKEN, WIDE) == fingerprint(moved, replace(WIDE, line=1000, column=1, excerpt=None))
    others = [
        fingerprint(BROKEN, MISSING),
        fingerprint(BROKEN, replace(WIDE, violation=replace(WIDE.violation, where="/elsewhere"))),
        fingerprint(replace(BROKEN, operation="jdcloud.other"), WIDE),
        fingerprint(replace(BROKEN, side="response"), WIDE),
        fingerprint(replace(BROKEN, place=place(file="b.har")), WIDE),
        fingerprint(BROKEN, WIDE),
    ]
    assert len(set(others)) == 6


def test_findings_that_are_alike_are_told_apart_by_their_order() -> None:
    prints = [result["partialFingerprints"]["primaryLocationLineHash"] for result in run_of([BROKEN, BROKEN])["results"]]
    assert len(set(prints)) == 6
    assert [one.partition(":")[2] for one in prints] == ["1", "1", "1", "2", "2", "2"]
    assert all(re.fullmatch(r"[0-9a-f]{16}:\d+", one) for one in prints)


def test_what_was_not_judged_is_a_notification_and_the_execution_no_success() -> None:
    run = run_of([UNJUDGED, UNREADABLE, VALID])
    invocation = run["invocations"][0]
    assert (invocation["executionSuccessful"], invocation["exitCode"]) == (False, 2)
    first, second = invocation["toolExecutionNotifications"]
    assert UNJUDGED.reason in first["message"]["text"]
    assert "to do: name the operation" in first["message"]["text"]
    assert first["locations"][0]["physicalLocation"]["region"] == {"startLine": 140}
    described = {one["id"] for one in run["tool"]["driver"]["notifications"]}
    assert {first["descriptor"]["id"], second["descriptor"]["id"]} <= described
    assert run["results"] == []


def test_rules_that_are_broken_make_no_failed_execution() -> None:
    invocation = run_of([BROKEN, NOBODYS])["invocations"][0]
    assert invocation == {"executionSuccessful": True, "exitCode": 1, "toolExecutionNotifications": []}


@pytest.mark.parametrize(
    ("found", "told"),
    [
        ("[click](https://example.com)", r"\[click](https://example.com)"),
        ("{0} {12} {a} {}", "{{0}} {{12}} {a} {}"),
        ("[1, 2] (3)", "[1, 2] (3)"),
    ],
)
def test_a_value_makes_neither_a_link_nor_a_placeholder_of_a_message(found: str, told: str) -> None:
    broken = replace(WIDE, violation=replace(WIDE.violation, found=found))
    message = run_of([replace(BROKEN, findings=(broken,))])["results"][0]["message"]["text"]
    assert message == f'/target/widthInPixel "{told}" is greater than 4096 [001_20d4131b6d265f54.txt line 43]'


def test_a_rule_that_says_much_is_described_within_what_code_scanning_shows() -> None:
    broken = replace(WIDE, violation=replace(WIDE.violation, reason="x" * 5000))
    rule = run_of([replace(BROKEN, findings=(broken,))])["tool"]["driver"]["rules"][0]
    assert max(len(rule[name]["text"]) for name in ("shortDescription", "fullDescription", "help")) <= 1024


def test_of_more_results_than_code_scanning_takes_the_first_are_told_and_the_others_counted(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert sarif.RESULTS == 25_000
    monkeypatch.setattr(sarif, "RESULTS", 4)
    run = run_of([BROKEN, BROKEN, BROKEN])
    assert len(run["results"]) == 4
    (note,) = run["invocations"][0]["toolExecutionNotifications"]
    assert note["message"]["text"] == "5 more findings: code scanning refuses a log with more than 4"


def test_every_made_verdict_is_in_the_log() -> None:
    run = run_of([*MADE])
    broken = sum(len(one.findings) for one in MADE)
    unjudged = [one for one in MADE if one.outcome is Outcome.UNJUDGED]
    assert (len(run["results"]), len(run["invocations"][0]["toolExecutionNotifications"])) == (broken, len(unjudged))
