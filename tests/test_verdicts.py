"""The formats of verdicts, all of them: what each is asked, however it comes out."""

from __future__ import annotations

import io
import subprocess
import sys
import tracemalloc
from dataclasses import replace
from typing import Any, TextIO

import pytest
from hypothesis import given
from verdicts import BROKEN, MADE, NOBODYS, NOON, UNJUDGED, VALID, place, recordings, tally, unhurried, written

from mockcloud.messages import Violation
from mockcloud.reports.verdicts import WRITERS, Options, sentences
from mockcloud.traffic.verdict import Finding, Outcome, Tally

FORMATS = sorted(WRITERS)
MESSAGES = 3000


def test_the_formats_are_the_five_that_the_command_offers() -> None:
    assert FORMATS == ["github", "json", "junit", "sarif", "text"]


@pytest.mark.parametrize("format", FORMATS)
def test_a_format_loads_no_other_and_nothing_that_is_slow(format: str) -> None:
    code = (
        "import io, sys\n"
        "from mockcloud.reports.verdicts import WRITERS, Options\n"
        "from mockcloud.traffic.verdict import Tally\n"
        f"WRITERS[{format!r}](io.StringIO(), Options(at=0.0)).close(Tally())\n"
        "print(*[n for n in sys.modules if n.startswith('mockcloud.reports.verdicts.')])\n"
        "print(*[n for n in ('xmlschema', 'jsonschema', 'jsonschema_rs', 'werkzeug', 'rich', 'yaml') if n in sys.modules])"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded, slow = run.stdout.split("\n")[:2]
    own = {"text", "as_json", "junit", "sarif", "github"} & {name.rpartition(".")[2] for name in loaded.split()}
    assert own == {"as_json" if format == "json" else format}
    assert slow == ""


@pytest.mark.parametrize("encoding", ["ascii", "utf-8", "gbk", "cp1252"])
@pytest.mark.parametrize("format", FORMATS)
def test_a_file_of_any_encoding_takes_what_is_written(format: str, encoding: str) -> None:
    assert written(format, MADE, encoding)


@unhurried
@given(recordings)
def test_whatever_a_recording_holds_no_character_that_a_terminal_obeys_is_written_in_any_format(verdicts: list[Any]) -> None:
    for name in FORMATS:
        told = written(name, verdicts, verbose=True)
        assert not [mark for mark in told if mark != "\n" and not mark.isprintable()], name


class Sink(io.TextIOBase):
    """Takes everything and keeps nothing but its length."""

    encoding = "utf-8"
    taken = 0

    def write(self, text: str) -> int:
        self.taken += len(text)
        return len(text)


def messages() -> Any:
    """Many different messages that break a rule with a long value, and as many that were not judged."""
    for number in range(1, MESSAGES + 1):
        broken = Violation(f"p.O/request#/m{number % 50}:type", f"/m{number}", "v" * 1500, "is not of type integer")
        yield replace(BROKEN, place=place(number, number), findings=(Finding(broken, number),))
        yield replace(UNJUDGED, place=place(number, number), reason=f"{number} {'r' * 900}")


@pytest.mark.parametrize("format", FORMATS)
def test_6000_verdicts_take_no_more_memory_than_a_spool_and_a_little(format: str) -> None:
    sink, counted = Sink(), Tally()
    out: TextIO = sink  # type: ignore[assignment]
    tracemalloc.start()
    try:
        writer = WRITERS[format](out, Options(at=NOON))
        for verdict in messages():
            counted.count(verdict)
            writer.write(verdict)
        writer.close(counted)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert sink.taken > 1_000_000
    # Spools keep a megabyte at most, of text that takes up to four bytes a character while it is moved.
    assert peak < 6_000_000, f"{peak} bytes for {sink.taken} characters"


# How it ended, in words ------------------------------------------------------------------------------------------------


def counts(**outcomes: int) -> Tally:
    made = Tally(findings=outcomes.pop("findings", 0))
    made.outcomes.update({Outcome(name.replace("_", "-")): number for name, number in outcomes.items()})
    return made


@pytest.mark.parametrize(
    ("tallied", "rules", "said"),
    [
        (counts(valid=36, violations=3, unjudged=2, passed_over=380, findings=4), 4, "3 of 41 messages break 4 rules; 2 could not be judged; 380 passed over"),
        (counts(violations=1, findings=1), 1, "1 of 1 message breaks 1 rule"),
        (counts(violations=5, valid=1, findings=9), 2, "5 of 6 messages break 2 rules, 9 times in all"),
        (counts(valid=1), 0, "the message keeps the rules"),
        (counts(valid=7), 0, "all 7 messages keep the rules"),
        (counts(valid=7, unjudged=1), 0, "7 of 8 messages keep the rules; 1 could not be judged"),
        (counts(unjudged=1), 0, "1 message could not be judged"),
        (counts(unjudged=3, passed_over=1), 0, "3 messages could not be judged; 1 passed over"),
        (counts(passed_over=9), 0, "no message was judged: the recordings hold none for a vendor; 9 passed over"),
        (counts(), 0, "no message was judged: the recordings hold none for a vendor"),
    ],
)  # fmt: skip
def test_the_totals_say_the_verdict_in_words(tallied: Tally, rules: int, said: str) -> None:
    assert sentences.totals(tallied, rules) == said


@pytest.mark.parametrize("verdicts", [[], [NOBODYS]], ids=["nothing", "nobody's"])
@pytest.mark.parametrize(
    ("format", "told"),
    [("text", "no message was judged"), ("json", '"status": 2'), ("junit", 'errors="1"'), ("sarif", '"executionSuccessful": false'), ("github", "::error title=mockcloud validate::no message was judged")],
)  # fmt: skip
def test_where_nothing_was_judged_no_format_looks_like_success(format: str, told: str, verdicts: list[Any]) -> None:
    assert tally(verdicts).status == 2
    assert told in written(format, verdicts)


@pytest.mark.parametrize(
    ("format", "told"),
    [("text", "the message keeps the rules"), ("json", '"status": 0'), ("junit", 'failures="0" errors="0"'), ("sarif", '"executionSuccessful": true'), ("github", "::notice")],
)  # fmt: skip
def test_a_valid_message_alone_is_success_in_every_format(format: str, told: str) -> None:
    assert told in written(format, [VALID])
    assert "::error" not in written("github", [VALID])
