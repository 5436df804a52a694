"""Verdicts as JUnit XML: what CI servers read, held to the schemas that they go by."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from cases import ROOT
from hypothesis import given
from lxml import etree
from verdicts import BROKEN, BROKEN_ANSWER, LENIENT, MADE, NOBODYS, UNJUDGED, VALID, place, recordings, unhurried, written

from mockcloud.traffic.verdict import Verdict

SCHEMAS = {name: etree.XMLSchema(file=ROOT / "tests" / "official" / f"{name}.xsd") for name in ("junit-10", "ant-junit")}
KINDS = ("tests", "failures", "errors", "skipped")


def read(verdicts: list[Verdict], **options: Any) -> Any:
    root = etree.fromstring(written("junit", verdicts, **options).encode(options.get("encoding", "utf-8")))
    for name, schema in SCHEMAS.items():
        assert schema.validate(root), f"{name}: {schema.error_log}"
    return root


def counts(suite: Any) -> dict[str, int]:
    return {kind: int(suite.get(kind)) for kind in KINDS}


@unhurried
@given(recordings)
def test_whatever_a_recording_holds_the_document_keeps_both_schemas_and_counts_its_cases(verdicts: list[Verdict]) -> None:
    root = read(verdicts)
    for suite in root:
        cases = suite.findall("testcase")
        found = {kind: len(suite.findall(f"testcase/{kind.removesuffix('s')}")) for kind in ("failures", "errors")}
        skipped = len(suite.findall("testcase/skipped"))
        assert counts(suite) == {"tests": len(cases), **found, "skipped": skipped}
    assert [suite.get("id") for suite in root] == [str(number) for number in range(len(root))]


def test_a_file_is_a_suite_and_a_message_a_case() -> None:
    first, second = read([*MADE])
    assert (first.get("name"), second.get("name")) == ("traffic/upload.har", "<stdin>")
    assert counts(first) == {"tests": 6, "failures": 1, "errors": 2, "skipped": 1}
    assert counts(second) == {"tests": 1, "failures": 1, "errors": 0, "skipped": 0}
    case = first.find("testcase")
    assert case.get("classname") == "jdcloud.createThumbnailTask"
    assert case.get("name") == "POST mps.jdcloud-api.com/v1/regions/cn-north-1/thumbnail (message 3)"


def test_a_failure_names_the_rule_and_holds_every_finding_with_its_document_and_line() -> None:
    failure = read([BROKEN])[0].find("testcase/failure")
    assert failure.get("type") == BROKEN.findings[0].violation.rule
    assert failure.get("message") == "/target/widthInPixel 5000 is greater than 4096, and 2 more"
    for finding in BROKEN.findings:
        assert finding.violation.rule in failure.text
    assert "[001_20d4131b6d265f54.txt line 43]" in failure.text
    assert '"图片桶"' in failure.text


def test_an_unjudged_message_is_an_error_with_what_to_do_and_a_passed_over_one_is_skipped() -> None:
    suite = read([UNJUDGED, NOBODYS])[0]
    error = suite.find("testcase/error")
    assert (error.get("type"), error.get("message")) == ("unjudged", UNJUDGED.reason)
    assert "to do: name the operation with --operation" in error.text
    assert suite.find("testcase/skipped").get("message") == NOBODYS.reason


def test_what_a_valid_message_was_let_through_in_spite_of_is_the_output_of_its_suite() -> None:
    suite = read([LENIENT, VALID])[0]
    assert counts(suite) == {"tests": 2, "failures": 0, "errors": 0, "skipped": 0}
    assert suite.find("system-out").text == f"{LENIENT.subject} (message 8): {LENIENT.reason}\n"


def test_a_suite_carries_the_time_at_which_the_judging_began_without_a_zone() -> None:
    assert read([VALID])[0].get("timestamp") == "2026-01-01T12:00:00"
    assert read([VALID], at=None)[0].get("timestamp") > "2026-01-01T12:00:00"


@pytest.mark.parametrize("encoding", ["ascii", "gbk", "cp1252", "utf-8"])
def test_the_document_is_utf_8_as_it_says_whatever_the_file_encodes(encoding: str) -> None:
    told = written("junit", [BROKEN], encoding)
    assert told.startswith('<?xml version="1.0" encoding="UTF-8"?>')
    assert '"图片桶"' in etree.fromstring(told.encode("utf-8")).findtext("testsuite/testcase/failure")
    assert told.isascii() == (encoding != "utf-8")


@pytest.mark.parametrize(
    ("file", "name"), [("   ", "mockcloud validate"), ("", "''"), ("a\x00\ud800b", "a\\x00\\ud800b"), ("-", "<stdin>")]
)
def test_a_suite_has_a_name_whatever_its_file_is_called(file: str, name: str) -> None:
    assert read([replace(VALID, place=place(1, 1, file))])[0].get("name") == name


def test_a_suite_of_more_than_a_megabyte_is_spooled_and_whole() -> None:
    many = [replace(BROKEN_ANSWER, place=place(number, number)) for number in range(1, 2001)]
    told = written("junit", many)
    assert len(told) > 1_000_000
    suite = etree.fromstring(told.encode())[0]
    assert counts(suite) == {"tests": 2000, "failures": 2000, "errors": 0, "skipped": 0}
    assert [case.get("name").rpartition("message ")[2] for case in suite.findall("testcase")] == [f"{n})" for n in range(1, 2001)]
