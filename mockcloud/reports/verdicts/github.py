"""Verdicts as workflow commands of GitHub Actions: an error for each finding, a warning for what was not judged.

Knows how a command is written and how few are shown. GitHub shows ten annotations of a kind in a step, the first ones: so the
first finding of each rule is told at once, and the next of a rule that was told wait for the end. Law: each finding is told
once, and nothing in a recording becomes a command.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, TextIO

from mockcloud.reports.refused import printable
from mockcloud.reports.verdicts import Options, Writer, sentences
from mockcloud.reports.verdicts.excerpts import encodable
from mockcloud.reports.verdicts.step_summary import StepSummary
from mockcloud.traffic.verdict import Finding, Outcome, Tally, Verdict

SHOWN: Final = 10
"""Annotations of one kind that GitHub shows of a step."""

TITLE: Final = "mockcloud validate"

_DATA: Final = str.maketrans({"%": "%25", "\r": "%0D", "\n": "%0A"})
_PROPERTY: Final = str.maketrans({"%": "%25", "\r": "%0D", "\n": "%0A", ":": "%3A", ",": "%2C"})

Property = tuple[str, str | int | None]


def command(name: str, message: str, properties: Iterable[Property] = ()) -> str:
    """A workflow command, as `@actions/core` writes it: a property that is empty is left out."""
    told = ",".join(f"{key}={str(value).translate(_PROPERTY)}" for key, value in properties if value)
    return f"::{name}{f' {told}' if told else ''}::{message.translate(_DATA)}"


def writer(out: TextIO, options: Options) -> Writer:
    """A writer of workflow commands, and of the step's summary where its file is named."""
    return GitHub(out, options.summary)


class GitHub:
    """Writes commands as they come, but for as many repeated ones as GitHub shows."""

    def __init__(self, out: TextIO, summary: str) -> None:
        self._out = out
        self._encoding = out.encoding or "utf-8"
        self._summary = StepSummary(summary)
        self._rules: set[str] = set()
        self._waiting: list[str] = []

    def write(self, verdict: Verdict) -> None:
        """Tell what is wrong with a message."""
        self._summary.note(verdict)
        if verdict.outcome is Outcome.UNJUDGED:
            self._line(_warning(verdict))
        for finding in verdict.findings:
            self._error(verdict, finding)

    def close(self, tally: Tally) -> None:
        """Tell the findings that waited, and how it ended."""
        for line in self._waiting:
            self._line(line)
        if sentences.nothing_judged(tally):
            self._line(command("error", sentences.NOTHING, [("title", TITLE)]))
        totals = sentences.totals(tally, len(self._rules))
        self._line(command("notice", totals, [("title", TITLE)]))
        self._summary.close(totals)

    def _error(self, verdict: Verdict, finding: Finding) -> None:
        line, rule = _finding(verdict, finding), finding.violation.rule
        if rule in self._rules and len(self._waiting) < SHOWN:
            self._waiting.append(line)
        elif rule in self._rules:
            self._line(_also(verdict, finding))
        else:
            self._rules.add(rule)
            self._line(line)

    def _line(self, text: str) -> None:
        self._out.write(f"{encodable(text, self._encoding)}\n")


def _finding(verdict: Verdict, finding: Finding) -> str:
    broken = finding.violation
    refused = f"refused: with {printable(finding.refusal)}" if finding.refusal else ""
    told = [
        sentences.broken(broken),
        f"rule: {printable(broken.rule)}",
        f"source: {sentences.grounds(finding)}",
        refused,
        f"in: {sentences.subject(verdict)}",
    ]
    place = [*_place(verdict, finding.line), ("col", finding.column), ("endColumn", finding.end_column)]
    return command("error", "\n".join(filter(None, told)), [("title", sentences.what(verdict)), *place])


def _also(verdict: Verdict, finding: Finding) -> str:
    """A finding as a line that is no command: runners look for those of the old kind, `##[...]`, anywhere in a line."""
    told = f"also: {sentences.place(verdict, finding)}: {sentences.broken(finding.violation)} ({finding.violation.rule})"
    return printable(told).replace("##[", "## [")


def _warning(verdict: Verdict) -> str:
    told = f"{sentences.subject(verdict)}: {sentences.headline(verdict)}\nto do: {sentences.remedy(verdict)}"
    return command("warning", told, [("title", "not judged"), *_place(verdict, verdict.place.line)])


def _place(verdict: Verdict, line: int) -> list[Property]:
    """The file and the line; nothing for standard input, which is no file of the repository."""
    return [] if verdict.place.file == "-" else [("file", sentences.file_of(verdict)), ("line", line)]
