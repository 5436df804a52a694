"""Verdicts as JUnit XML, as CI servers read test results: a suite for each file, a case for each message.

Knows the names that the readers of that format agree on. A suite says how many cases it has before the first: they are
spooled. Law: what comes out is well-formed and keeps the schemas of Jenkins and of Ant at once; an empty report fails.
"""

from __future__ import annotations

from codecs import lookup
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Final, TextIO

from mockcloud.codecs.xml_body import escaped
from mockcloud.reports.refused import printable
from mockcloud.reports.verdicts import Options, Writer, findings, sentences
from mockcloud.reports.verdicts.spool import Spool
from mockcloud.state.clock import RealClock
from mockcloud.traffic.verdict import Outcome, Tally, Verdict

Write = Callable[[str], object]
WIDTH: Final = 100
SUITE: Final = "mockcloud validate"
"""What a suite is called that is of no file."""


def writer(out: TextIO, options: Options) -> Writer:
    """A writer of one XML document."""
    return JUnit(out, RealClock().now() if options.at is None else options.at)


class JUnit:
    """Writes a suite when its file is at its end."""

    def __init__(self, out: TextIO, at: float) -> None:
        self._write = _carrier(out)
        self._at = datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%dT%H:%M:%S")
        self._number = 0
        self._suite: _Suite | None = None
        self._write('<?xml version="1.0" encoding="UTF-8"?>\n<testsuites>\n')

    def write(self, verdict: Verdict) -> None:
        """Add a case to the suite of its file."""
        name = sentences.file_of(verdict)
        if self._suite is None or self._suite.name != name:
            self._finish()
            self._suite = _Suite(name)
        self._suite.add(verdict)

    def close(self, tally: Tally) -> None:
        """Finish the document. Where nothing was judged, a case of its own says so."""
        self._finish()
        if sentences.nothing_judged(tally):
            self._suite = _Suite(SUITE)
            self._suite.case("mockcloud", "something to judge", "errors", _element("error", "nothing-judged", sentences.NOTHING))
            self._finish()
        self._write("</testsuites>\n")

    def _finish(self) -> None:
        if self._suite is not None:
            self._suite.pour(self._write, self._number, self._at)
            self._number += 1
        self._suite = None


class _Suite:
    """The cases of one file so far."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._counts: Counter[str] = Counter()
        self._cases = Spool()
        self._notes = Spool()

    def add(self, verdict: Verdict) -> None:
        """A case for a message."""
        name = f"{sentences.subject(verdict)} (message {verdict.place.number})"
        counted, told = _TOLD[verdict.outcome](verdict)
        self.case(printable(verdict.operation) or "no operation", name, counted, told)
        if verdict.outcome is Outcome.VALID and verdict.reason:
            # Ant's schema gives a case no place for what is said of it though it passed.
            self._notes.add(escaped(f"{name}: {printable(verdict.reason)}\n"))

    def case(self, owner: str, name: str, counted: str, told: str) -> None:
        """A case, and what it counts as beside a test."""
        self._counts.update(("tests", counted))
        self._cases.add(f'<testcase classname="{_attribute(owner)}" name="{_attribute(name)}" time="0">{told}</testcase>\n')

    def pour(self, write: Write, number: int, at: str) -> None:
        """Write the suite: first how many cases of each kind it has."""
        counts = " ".join(f'{name}="{self._counts[name]}"' for name in ("tests", "failures", "errors", "skipped"))
        name = _attribute(self.name) if self.name.strip() else SUITE
        write(f'<testsuite name="{name}" package="mockcloud" id="{number}" hostname="localhost" timestamp="{at}" ')
        write(f'{counts} time="0">\n<properties/>\n')
        self._cases.pour(write)
        write("<system-out>")
        self._notes.pour(write)
        write("</system-out>\n<system-err/>\n</testsuite>\n")


def _failure(verdict: Verdict) -> tuple[str, str]:
    told = [f"{sentences.place(verdict)}: {sentences.subject(verdict)}"]
    for finding in verdict.findings:
        told += ["", *findings.lines(verdict, finding, WIDTH)]
    rule = verdict.findings[0].violation.rule if verdict.findings else "none"
    return "failures", _element("failure", rule, sentences.headline(verdict), "\n".join(told))


def _error(verdict: Verdict) -> tuple[str, str]:
    told = f"{sentences.place(verdict)}: {sentences.headline(verdict)}\nto do: {sentences.remedy(verdict)}"
    return "errors", _element("error", "unjudged", sentences.headline(verdict), told)


def _skipped(verdict: Verdict) -> tuple[str, str]:
    return "skipped", f'<skipped message="{_attribute(sentences.headline(verdict))}"/>'


_TOLD: Final = {
    Outcome.VALID: lambda verdict: ("passed", ""),
    Outcome.VIOLATIONS: _failure,
    Outcome.UNJUDGED: _error,
    Outcome.PASSED_OVER: _skipped,
}
"""For each outcome what a case counts as, and what stands in it."""


def _element(tag: str, type: str, message: str, text: str = "") -> str:
    return f'<{tag} type="{_attribute(type)}" message="{_attribute(message)}">{escaped(text)}</{tag}>'


def _attribute(text: str) -> str:
    return escaped(printable(text)).replace('"', "&quot;")


def _carrier(out: TextIO) -> Write:
    """How to write to a file. The document says that it is UTF-8, so any other encoding gets ASCII alone."""
    if lookup(out.encoding or "utf-8").name == "utf-8":
        return out.write
    return lambda text: out.write(text.encode("ascii", "xmlcharrefreplace").decode("ascii"))
