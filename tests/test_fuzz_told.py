"""What a run says of a deviation can be used: the id that is printed is the one that is ignored, and nothing that was found is lost."""

from __future__ import annotations

import io
import shlex
import xml.etree.ElementTree as ET

import pytest

from mockcloud.fuzzing.deviation import Deviation, Report
from mockcloud.fuzzing.told import FORMATS, Run, text
from mockcloud.messages import Request

OPERATION = "pontus.listProfiles"


def deviation(rule: str, body: bytes = b"") -> Deviation:
    return Deviation("state", OPERATION, rule, "A task.", "this", "that", Request("POST", "/", "h", (), body))


def run(*reports: Report) -> Run:
    return Run("http://h", 0, 0, "mockcloud fuzz http://h", "--provider pontus", "--seed 0", reports)


def written(name: str, *reports: Report) -> str:
    out = io.StringIO()
    FORMATS[name](out, run(*reports))
    return out.getvalue()


@pytest.mark.parametrize("rule", ["valid", "word:it's", "word:[DONE]", "word:$(x) `y`", "answer#/a/*:type"])
def test_a_deviation_is_ignored_by_what_a_shell_makes_of_the_option_that_it_is_told_with(rule: str) -> None:
    found = deviation(rule)
    (line,) = [one for one in text.lines(run(), found) if one.startswith("  ignore ")]
    _, option, pattern = shlex.split(line)
    assert option == "--ignore"
    report = Report("pontus", (OPERATION,), patterns=(pattern,))
    assert not report.add(found)
    assert (report.deviations, report.ignored, report.status) == ({}, 1, 0)


def test_a_deviation_that_many_requests_show_is_one_also_where_it_is_ignored() -> None:
    told, ignoring = Report("pontus", (OPERATION,)), Report("pontus", (OPERATION,), patterns=("state:*",))
    for body in (b"long", b"x", b"xx"):
        told.add(deviation("valid", body))
        ignoring.add(deviation("valid", body))
    ((shown,), ignored) = told.deviations.values(), ignoring.ignored
    assert (shown.request.body, shown.seen, ignored) == (b"x", 3, 1)


def test_what_was_found_before_a_server_went_away_is_told_in_every_format_and_nothing_is_called_in_order() -> None:
    report = Report("pontus", (OPERATION, "pontus.listChannels"), problem="the server went away: no connection")
    report.add(deviation("valid"))
    (suite,) = ET.fromstring(written("junit", report))
    assert (suite.get("tests"), suite.get("failures"), suite.get("errors")) == ("2", "1", "1")
    assert [case[0].tag for case in suite.iter("testcase")] == ["error", "failure"]
    for name in ("text", "json"):
        assert "state:valid" in written(name, report)
        assert "the server went away" in written(name, report)
