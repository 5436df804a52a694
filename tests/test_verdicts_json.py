"""Verdicts as JSON: the documented format, and that nothing is lost in it."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import jsonschema_rs
import pytest
from hypothesis import given
from jsonschema import Draft202012Validator
from verdicts import BROKEN, MADE, UNJUDGED, WIDE, recordings, tally, unhurried, written

from mockcloud import __version__
from mockcloud.contracts import meta
from mockcloud.messages import Violation
from mockcloud.reports.verdicts.plain_data import LONGEST
from mockcloud.traffic.recorded import Place
from mockcloud.traffic.verdict import Excerpt, Finding, Outcome, Verdict

FAST = jsonschema_rs.Draft202012Validator(meta.schema("outputs/verdicts"))


def read(verdicts: list[Verdict]) -> Any:
    return json.loads(written("json", verdicts))


def finding_of(data: Any) -> Finding:
    excerpt = data["excerpt"]
    return Finding(
        Violation(data["rule"], data["where"], data["found"], data["reason"], data["document"], data["document_line"]),
        data["line"],
        data["column"],
        data["end_column"],
        Excerpt(excerpt["text"], excerpt["column"], excerpt["width"]) if excerpt else None,
        tuple(data["evidence"]),
        data["refusal"],
    )


def verdict_of(data: Any) -> Verdict:
    place = Place(data["place"]["file"], data["place"]["number"], data["place"]["line"])
    found = tuple(finding_of(one) for one in data["findings"])
    return Verdict(place, Outcome(data["outcome"]), data["side"], data["operation"], data["subject"], found, data["reason"])


@unhurried
@given(recordings)
def test_whatever_a_recording_holds_the_json_keeps_its_schema_and_reads_back_equal(verdicts: list[Verdict]) -> None:
    told = written("json", verdicts, encoding="ascii")
    data = json.loads(told)
    # The compiled validator takes no half of a pair of surrogates.
    if "\\ud8" in told:
        Draft202012Validator(meta.schema("outputs/verdicts")).validate(data)
    else:
        assert FAST.is_valid(data)
    assert [verdict_of(one) for one in data["verdicts"]] == verdicts


def test_the_format_and_the_tool_stand_first_and_the_tally_last() -> None:
    data = read([*MADE])
    Draft202012Validator(meta.schema("outputs/verdicts")).validate(data)
    assert list(data) == ["format", "tool", "verdicts", "tally"]
    assert (data["format"], data["tool"]) == ("mockcloud.verdicts/1", {"name": "mockcloud", "version": __version__})
    counted = tally(MADE)
    assert data["tally"] == {
        "files": 2,
        "outcomes": {"valid": 2, "violations": 2, "unjudged": 2, "passed-over": 1},
        "findings": counted.findings,
        "status": 1,
    }


def test_each_verdict_has_a_line_of_its_own() -> None:
    first, *between, last = written("json", MADE).splitlines()
    assert len(between) == len(MADE)
    assert [json.loads(line.rstrip(","))["place"]["number"] for line in between] == [one.place.number for one in MADE]
    assert json.loads(f"{first}{last}")["verdicts"] == []


@pytest.mark.parametrize("found", [float("nan"), float("inf"), b"bytes"], ids=["nan", "inf", "bytes"])
def test_a_value_that_is_no_json_is_told_as_null_with_its_beginning(found: Any) -> None:
    broken = replace(WIDE, violation=replace(WIDE.violation, found=found))
    told = read([replace(BROKEN, findings=(broken,))])["verdicts"][0]["findings"][0]
    assert told["found"] is None
    assert told["found_begins"]


def test_a_value_of_more_than_10000_characters_is_told_by_its_beginning() -> None:
    for length, cut in ((LONGEST - 2, False), (LONGEST - 1, True)):
        broken = replace(WIDE, violation=replace(WIDE.violation, found="x" * length))
        data = read([replace(BROKEN, findings=(broken,))])
        Draft202012Validator(meta.schema("outputs/verdicts")).validate(data)
        told = data["verdicts"][0]["findings"][0]
        assert (told["found"] is None, "found_begins" in told) == (cut, cut)
    assert told["found_begins"] == '"' + "x" * (LONGEST - 1)


def test_the_schema_refuses_a_valid_message_with_findings_and_violations_without() -> None:
    data = read([BROKEN, UNJUDGED])
    broken, unjudged = data["verdicts"]
    unjudged["findings"] = broken["findings"]
    broken["findings"] = []
    assert len(list(Draft202012Validator(meta.schema("outputs/verdicts")).iter_errors(data))) == 2
