"""Verdicts for people: each message that is not in order, with its findings, and at the end a line of totals.

Knows a terminal's width, encoding and colours. Law: nothing that stands in a recording reaches the terminal as it is; what is
in order is told only where that is asked for.
"""

from __future__ import annotations

from typing import Final, TextIO

import click

from mockcloud.reports.page import WIDEST
from mockcloud.reports.refused import printable
from mockcloud.reports.verdicts import Options, Writer, findings, sentences
from mockcloud.reports.verdicts.excerpts import encodable
from mockcloud.reports.verdicts.findings import folded
from mockcloud.traffic.verdict import Outcome, Tally, Verdict

NARROWEST: Final = 40

STYLES: Final[dict[str, dict[str, str | bool]]] = {
    "error": {"fg": "red", "bold": True},
    "warning": {"fg": "yellow", "bold": True},
    "good": {"fg": "green", "bold": True},
    "strong": {"bold": True},
    "frame": {"fg": "blue", "bold": True},
    "label": {"fg": "cyan"},
    "quiet": {"dim": True},
}
"""How each kind of text is coloured."""


def writer(out: TextIO, options: Options) -> Writer:
    """A writer of text for people."""
    return Text(out, options)


class Text:
    """Writes messages as they come."""

    def __init__(self, out: TextIO, options: Options) -> None:
        self._out = out
        self._color = options.color
        self._verbose = options.verbose
        self._width = max(NARROWEST, min(options.width, WIDEST))
        self._encoding = out.encoding or "utf-8"
        self._rules: set[str] = set()
        self._first = ""

    def write(self, verdict: Verdict) -> None:
        """Tell a message that is not in order."""
        _TELLERS[verdict.outcome](self, verdict)

    def close(self, tally: Tally) -> None:
        """Say how it ended, and which command says more."""
        said = sentences.totals(tally, len(self._rules))
        style = ("good", "error", "warning")[tally.status]
        for line in folded(said, self._width):
            self._line(self._pen(line, style))
        if self._first:
            self._line(self._pen(f"more: mockcloud explain '{self._first}'", "quiet"))

    def broken(self, verdict: Verdict) -> None:
        """A message with findings."""
        self._head(verdict, f"{sentences.what(verdict)}: {sentences.counted(len(verdict.findings), 'finding')}")
        for finding in verdict.findings:
            self._rules.add(finding.violation.rule)
            self._first = self._first or printable(finding.violation.rule)
            for line in findings.lines(verdict, finding, self._width - 2, self._encoding, self._pen):
                self._line(f"  {line}")
            self._line("")

    def unjudged(self, verdict: Verdict) -> None:
        """A message that could not be judged, why, and what to do."""
        self._head(verdict, sentences.what(verdict))
        self._wrapped("not judged", "warning", sentences.headline(verdict))
        self._wrapped("to do", "label", sentences.remedy(verdict))
        self._line("")

    def aside(self, verdict: Verdict) -> None:
        """A message that is in order or nobody's, in a line."""
        if self._verbose:
            style = "good" if verdict.outcome is Outcome.VALID else "quiet"
            outcome = self._pen(verdict.outcome.replace("-", " "), style)
            reason = f" ({printable(verdict.reason)})" if verdict.reason else ""
            self._line(f"{sentences.place(verdict)}: {outcome}: {sentences.subject(verdict)}{reason}")

    def _head(self, verdict: Verdict, below: str) -> None:
        self._line(f"{self._pen(sentences.place(verdict), 'strong')}: {sentences.subject(verdict)}")
        if verdict.side or verdict.operation:
            self._line(self._pen(below, "quiet"))

    def _wrapped(self, label: str, style: str, text: str) -> None:
        start = f"  {self._pen(label, style)}: "
        for line in folded(text, self._width - len(label) - 4):
            self._line(start + line)
            start = " " * (len(label) + 4)

    def _line(self, text: str) -> None:
        self._out.write(f"{encodable(text, self._encoding)}\n")

    def _pen(self, text: str, style: str) -> str:
        return click.style(text, **STYLES[style]) if self._color else text  # type: ignore[arg-type]  # a table of keywords


_TELLERS: Final = {
    Outcome.VIOLATIONS: Text.broken,
    Outcome.UNJUDGED: Text.unjudged,
    Outcome.VALID: Text.aside,
    Outcome.PASSED_OVER: Text.aside,
}
"""How each outcome is told."""
