"""The ordered record of what was asked and answered."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from cases import all_cases, cloud_of, request_of, send
from jsonschema import Draft202012Validator

from mockcloud import Cloud
from mockcloud.contracts import meta
from mockcloud.messages import Request, Response, Violation
from mockcloud.state.journal import Exchange, Journal


def exchange(at: float) -> Exchange:
    return Exchange(at, "p", "p.Op", Request("GET", "/", "h"), Response(200))


@pytest.fixture
def journal() -> Journal:
    found = Journal(3)
    for at in range(5):
        found.record(exchange(at))
    return found


def test_a_full_journal_forgets_the_oldest(journal: Journal) -> None:
    assert [one.at for one in journal] == [2, 3, 4]
    assert len(journal) == 3


def test_a_journal_is_indexed_from_both_ends_and_knows_its_last(journal: Journal) -> None:
    assert (journal[0].at, journal[-1].at, journal.last.at) == (2, 4, 4)


def test_a_journal_is_sliced(journal: Journal) -> None:
    assert [one.at for one in journal[1:]] == [3, 4]


def test_a_journal_may_grow_while_it_is_read(journal: Journal) -> None:
    for one in journal:
        journal.record(one)
    assert len(journal) == 3


def test_a_cleared_journal_is_empty_and_has_no_last(journal: Journal) -> None:
    journal.clear()
    assert len(journal) == 0
    assert repr(journal) == "<Journal of 0 exchanges>"
    with pytest.raises(IndexError):
        _ = journal.last


def test_10000_exchanges_are_kept_by_default() -> None:
    journal = Journal()
    for at in range(10_001):
        journal.record(exchange(at))
    assert (len(journal), journal[0].at) == (10_000, 1)


def test_a_journal_keeps_the_latest_bytes_and_always_the_last_exchange() -> None:
    journal = Journal(bytes=100)
    for at, size in enumerate((40, 50, 30, 20)):
        journal.record(Exchange(at, "p", "p.Op", Request("POST", "/", "h", (), b"x" * (size - 6)), Response(200, (), b"y" * 5)))
    assert [one.at for one in journal] == [1, 2, 3]
    journal.record(Exchange(4, "p", "p.Op", Request("POST", "/", "h", (), b"x" * 1000), Response(200)))
    assert [one.at for one in journal] == [4]
    journal.clear()
    for at in range(3):
        journal.record(Exchange(at, "p", "p.Op", Request("POST", "/", "h", (), b"x" * 32), Response(200)))
    assert len(journal) == 3


def test_a_journal_tells_its_watcher(journal: Journal) -> None:
    told: list[Exchange] = []
    journal.watcher = told.append
    journal.record(exchange(5))
    assert [one.at for one in told] == [5]


def test_an_exchange_says_in_lines_what_was_refused_and_on_which_grounds() -> None:
    known = Violation("p.O/request#/a:maximum", "/a", 5, "is greater than 4", "guide.txt", 12)
    bare = Violation("p.O/request#/b:required", "", None, "is missing")
    section = Violation("p.O/request#/c:enum", "/c", "\x1b[31m" + "x" * 200, "is not one of y", "guide", "limits")
    exchange = Exchange(0, "p", "p.O", Request("GET", "/a\n", "h"), Response(400), (known, bare, section), "Bad", "because\x07")
    assert str(exchange).splitlines() == [
        "GET /a\\n -> 400 Bad (p.O)",
        "  /a 5 is greater than 4: p.O/request#/a:maximum [guide.txt line 12]",
        "  / is missing: p.O/request#/b:required",
        f"  /c '\\x1b[31m{'x' * 111}... is not one of y: p.O/request#/c:enum [guide limits]",
        "  because\\x07",
    ]
    assert str(Exchange(0, "", "", Request("GET", "/", "h"), Response(200))) == "GET / -> 200 (nobody)"


def test_a_fixture_of_every_kind_is_a_line_of_the_documented_format_that_holds_what_was_on_the_wire() -> None:
    line_format = Draft202012Validator(meta.schema("outputs/journal"))
    for case in all_cases()[::10]:
        cloud = cloud_of(case)
        cloud.report = lambda problem: None
        send(case, cloud, Cloud.handle)
        line = json.loads(cloud.journal.last.as_line())
        line_format.validate(line)
        assert request_of(line["request"]) == cloud.journal.last.request
        assert [one["rule"] for one in line["violations"]] == [one.rule for one in cloud.journal.last.violations]


def test_a_body_that_is_no_text_is_kept_in_base64() -> None:
    found = exchange(0)._replace(request=Request("POST", "/", "h", (), b"\xff\x00"))
    assert json.loads(found.as_line())["request"]["body_base64"] == "/wA="


def test_a_journal_is_saved_as_a_line_for_each_exchange_that_it_keeps(journal: Journal, tmp_path: Path) -> None:
    journal.save(tmp_path / "journal.jsonl")
    lines = (tmp_path / "journal.jsonl").read_text().splitlines()
    assert [json.loads(line)["at"] for line in lines] == [2, 3, 4]
