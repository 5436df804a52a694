"""Recorded calls that a change of contract breaks: each once, with the rule, the document's line and the place in the file."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from cases import ROOT
from editions import both, copied, dropped, put

from mockcloud.changes.calls import Calls, compared
from mockcloud.contracts import folders
from mockcloud.traffic import readers, sources
from mockcloud.traffic.judge import Judge
from mockcloud.traffic.recorded import Place, Recorded
from mockcloud.traffic.verdict import Outcome, Verdict

RECORDINGS = ROOT / "fixtures" / "recordings"
JOURNAL = RECORDINGS / "journal.jsonl"
EVERY = [RECORDINGS / name for name in ("journal.jsonl", "browser.har", "suite.yaml", "raw.http")]
REQUEST = "requests/createTranscodingTask.schema.json"
URL = ("properties", "source", "properties", "source_url")
RULE = "pontus.createTranscodingTask/request#/source/source_url:pattern"


def judged(new: dict[str, Path], *files: Path) -> Calls:
    """What becomes of recorded calls when some of our contracts give way to others."""
    recordings = (one for source in sources.sources(map(str, files)) for one in readers.read(source))
    old = folders.known()
    return compared(recordings, Judge(old, strict=False), Judge({**old, **new}, strict=False))


def stricter(target: Path) -> Path:
    return copied(target, "pontus", {REQUEST: put(*URL, "pattern", value="^https?://")})


def test_nothing_breaks_when_nothing_changes_and_what_was_wrong_before_is_counted_apart() -> None:
    calls = judged({}, *EVERY)
    assert (calls.broken, calls.sides, calls.unreadable) == (0, [], [])
    assert calls.total > 10
    assert calls.passed_over == 6


def test_a_stricter_rule_breaks_the_call_that_it_would_refuse_with_the_documents_line(tmp_path: Path) -> None:
    calls = judged({"pontus": stricter(tmp_path)}, JOURNAL)
    assert (calls.broken, len(calls.sides)) == (1, 1)
    side = calls.sides[0]
    assert (side.side, side.operation, side.at) == ("request", "pontus.createTranscodingTask", 5)
    assert (str(side.place), side.place.number) == (f"{JOURNAL}:5", 5)
    assert [(one.rule, one.where, one.document, one.line) for one in side.causes] == [
        (RULE, "/source/source_url", "004_e3af1399623ce22a.txt", 35)
    ]
    assert calls.because() == [("004_e3af1399623ce22a.txt", 35, 1)]


def test_an_answer_that_the_new_contract_no_longer_describes_breaks_who_reads_it(tmp_path: Path) -> None:
    folder = copied(
        tmp_path, "pontus", {"responses/createTranscodingTask.schema.json": put("properties", "task_id", "type", value="integer")}
    )
    sides = judged({"pontus": folder}, JOURNAL).sides
    assert [(one.side, one.causes[0].rule) for one in sides] == [
        ("response", "pontus.createTranscodingTask/response#/task_id:type")
    ]


def test_an_operation_that_is_gone_breaks_its_calls_once_each_with_the_reason_in_words(tmp_path: Path) -> None:
    gone = {"operations.json": dropped("createTranscodingTask"), "errors.json": dropped("conditions", "no-target")}
    calls = judged({"pontus": copied(tmp_path, "pontus", gone)}, JOURNAL)
    assert (calls.broken, len(calls.sides)) == (1, 1)
    cause = calls.sides[0].causes[0]
    assert cause.rule == ""
    assert "'/api/v1/task/transcoding'" in cause.reason


def test_a_provider_that_is_gone_breaks_its_calls() -> None:
    known = folders.known()
    recordings = [one for source in sources.sources([str(JOURNAL)]) for one in readers.read(source)]
    others = {name: folder for name, folder in known.items() if name != "pontus"}
    calls = compared(recordings, Judge(known, strict=False), Judge(others, strict=False))
    assert [(one.operation, one.causes[0].reason) for one in calls.sides] == [
        ("pontus.createTranscodingTask", "'media.pontus.com' is no vendor's host")
    ]


def test_a_looser_contract_breaks_nobody_and_does_not_mend_what_was_wrong(tmp_path: Path) -> None:
    looser = both(dropped(*URL, "minLength"), lambda tree: tree["required"].remove("source"))
    before, after = judged({}, JOURNAL), judged({"pontus": copied(tmp_path, "pontus", {REQUEST: looser})}, JOURNAL)
    assert (after.total, after.broken, after.wrong_before) == (before.total, 0, before.wrong_before)


def test_what_cannot_be_read_is_told_with_its_place_and_is_no_call(tmp_path: Path) -> None:
    broken = tmp_path / "calls.jsonl"
    broken.write_bytes(JOURNAL.read_bytes() + b"{not json}\n")
    calls = judged({}, broken)
    assert len(calls.unreadable) == 1
    assert calls.unreadable[0].startswith(f"{broken}:6: ")
    assert calls.total == judged({}, JOURNAL).total


class Said:
    """A judge that says what it is told to."""

    def __init__(self, *verdicts: Verdict) -> None:
        self.verdicts = verdicts

    def judge(self, recorded: Recorded) -> Iterator[Verdict]:
        yield from self.verdicts


PLACE = Place("calls", 1, 1)
VALID = [Verdict(PLACE, Outcome.VALID, side, "p.Op", "GET /") for side in ("request", "response")]


@pytest.mark.parametrize(
    ("old", "new", "sides"),
    [
        (VALID, VALID, []),
        (VALID, [Verdict(PLACE, Outcome.UNJUDGED, "request", reason="no such path")], ["request"]),
        (VALID, [Verdict(PLACE, Outcome.PASSED_OVER, reason="nobody's")], ["request"]),
        (VALID, [VALID[0], Verdict(PLACE, Outcome.UNJUDGED, "response", reason="no JSON")], ["response"]),
        (VALID, [Verdict(PLACE, Outcome.UNJUDGED, one.side, reason="x") for one in VALID], ["request", "response"]),
        ([VALID[0]], [Verdict(PLACE, Outcome.VIOLATIONS, "response", reason="x"), VALID[0]], []),
        ([Verdict(PLACE, Outcome.UNJUDGED)], [Verdict(PLACE, Outcome.UNJUDGED)], []),
    ],
)
def test_each_side_that_was_valid_is_looked_for_among_the_new_verdicts(
    old: list[Verdict], new: list[Verdict], sides: list[str]
) -> None:
    calls = compared([Recorded(PLACE)], Said(*old), Said(*new))
    assert [one.side for one in calls.sides] == sides
    assert calls.broken == bool(sides)
    assert all(one.causes[0].reason for one in calls.sides)
