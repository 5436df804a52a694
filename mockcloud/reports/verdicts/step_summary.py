"""The summary of a GitHub Actions step, in Markdown: a table of the rules that were broken, the most broken first.

Knows the file that a step appends to and how much GitHub takes of it. Law: what stands in a recording is text in a table's
cell and nothing else; a summary that would not be taken is cut, and says so.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from mockcloud.reports.refused import printable
from mockcloud.reports.verdicts import sentences
from mockcloud.traffic.verdict import Outcome, Verdict

MOST: Final = 1024 * 1024
"""Bytes that GitHub takes of a step's summary, of all of its commands together."""

CUT: Final = b"\nThe summary is cut here: GitHub takes no more. The log of the step has the rest.\n"

UNJUDGED: Final = 20
"""Messages that were not judged of which the summary tells."""

_SPECIAL: Final = {mark: f"\\{mark}" for mark in r"""!"#$%&'()*+,-./:;<=>?@[\]^_`{|}~"""}
_ESCAPES: Final = str.maketrans(_SPECIAL)


@dataclass(slots=True)
class _Row:
    """A rule: what is wrong, where it came first, how often it came."""

    rule: str
    first: str
    wrong: str
    source: str
    refusal: str
    times: int = 0


class StepSummary:
    """Gathers a row for each rule; writes nothing where no file is named. Raises OSError where the file does."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._rows: dict[str, _Row] = {}
        self._unjudged: list[tuple[str, str, str]] = []

    def note(self, verdict: Verdict) -> None:
        """Take a verdict into account."""
        if not self._path:
            return
        if verdict.outcome is Outcome.UNJUDGED and len(self._unjudged) < UNJUDGED:
            self._unjudged.append((sentences.place(verdict), sentences.subject(verdict), sentences.headline(verdict)))
        for finding in verdict.findings:
            rule = finding.violation.rule
            if rule not in self._rows:
                told = sentences.broken(finding.violation)
                self._rows[rule] = _Row(
                    printable(rule),
                    sentences.place(verdict, finding),
                    told,
                    sentences.grounds(finding),
                    printable(finding.refusal),
                )
            self._rows[rule].times += 1

    def close(self, totals: str) -> None:
        """Append the summary to its file, as much of it as there is room for."""
        if not self._path:
            return
        file = Path(self._path)
        room = MOST - len(CUT) - (file.stat().st_size if file.exists() else 0)
        if room < 0:
            return
        with file.open("ab") as out:
            for line in self._lines(totals):
                data = f"{line}\n".encode()
                room -= len(data)
                if room < 0:
                    out.write(CUT)
                    return
                out.write(data)

    def _lines(self, totals: str) -> Iterator[str]:
        yield from ("### mockcloud validate", "", text(totals), "")
        rows = sorted(self._rows.values(), key=lambda row: -row.times)
        if rows:
            yield from _heads("rule", "broken", "first at", "what is wrong there", "source", "refused with")
        for row in rows:
            yield _cells(row.rule, str(row.times), row.first, row.wrong, row.source, row.refusal)
        if self._unjudged:
            yield from ("", *_heads("not judged", "message", "why"))
        for one in self._unjudged:
            yield _cells(*one)
        yield ""


def text(words: str) -> str:
    """Text that means itself in Markdown: every mark that could mean something is escaped."""
    return words.translate(_ESCAPES)


def _cells(*texts: str) -> str:
    return f"| {' | '.join(map(text, texts))} |"


def _heads(*texts: str) -> tuple[str, str]:
    return _cells(*texts), f"|{' --- |' * len(texts)}"
