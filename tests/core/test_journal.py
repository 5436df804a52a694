"""The ordered record of what was asked and answered."""

from __future__ import annotations

import pytest

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
