"""Verdicts as SARIF 2.1.0, as code scanning takes it: a result for each finding, a notification for what was not judged.

Knows the shape of a log; `sarif_parts.py` knows that of what stands in it. Results are written as they come, the rules after
them: keys have no order. Law: the log is valid, no larger than code scanning takes, and says what it left out.
"""

from __future__ import annotations

from collections import Counter
from typing import Final, TextIO

from mockcloud.messages import Json
from mockcloud.reports.verdicts import Options, Writer, sarif_parts, sentences
from mockcloud.reports.verdicts.plain_data import dumped
from mockcloud.reports.verdicts.spool import Spool
from mockcloud.traffic.verdict import Finding, Outcome, Tally, Verdict

SCHEMA: Final = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"

RESULTS: Final = 25_000
"""Results that code scanning takes in one run; a log with more is refused as a whole."""


def writer(out: TextIO, options: Options) -> Writer:
    """A writer of one log with one run."""
    return Sarif(out)


class Sarif:
    """Writes results as they come; keeps a descriptor for each rule, and how often a finding came."""

    def __init__(self, out: TextIO) -> None:
        self._out = out
        self._rules: dict[str, dict[str, Json]] = {}
        self._places: dict[str, int] = {}
        self._alike: Counter[str] = Counter()
        self._notes = Spool()
        self._written = self._left_out = 0
        out.write(f'{{"$schema": "{SCHEMA}", "version": "2.1.0", "runs": [{{"columnKind": "unicodeCodePoints", "results": [')

    def write(self, verdict: Verdict) -> None:
        """Write the findings of a message; keep for later that it was not judged."""
        if verdict.outcome is Outcome.UNJUDGED:
            self._note(sarif_parts.unjudged(verdict))
        for finding in verdict.findings:
            if self._written < RESULTS:
                self._result(verdict, finding)
            else:
                self._left_out += 1

    def close(self, tally: Tally) -> None:
        """Write the rules, and how it ended."""
        if self._left_out:
            told = f"{self._left_out} more findings: code scanning refuses a log with more than {RESULTS}"
            self._note(sarif_parts.notification("left-out", told))
        if sentences.nothing_judged(tally):
            self._note(sarif_parts.notification("nothing-judged", sentences.NOTHING))
        driver = dumped(sarif_parts.driver(list(self._rules.values())))
        invocation = dumped(sarif_parts.invocation(tally))
        self._out.write(
            f'\n], "tool": {{"driver": {driver}}}, "invocations": [{invocation[:-1]}, "toolExecutionNotifications": ['
        )
        self._notes.pour(self._out.write)
        self._out.write("\n]}]}]}\n")

    def _result(self, verdict: Verdict, finding: Finding) -> None:
        rule = finding.violation.rule
        index = self._places.setdefault(rule, len(self._places))
        if rule not in self._rules:
            self._rules[rule] = sarif_parts.descriptor(verdict, finding)
        alike = sarif_parts.fingerprint(verdict, finding)
        self._alike[alike] += 1
        told = sarif_parts.result(verdict, finding, index, f"{alike}:{self._alike[alike]}")
        self._out.write(f"{',' if self._written else ''}\n{dumped(told)}")
        self._written += 1

    def _note(self, told: dict[str, Json]) -> None:
        self._notes.add(f"{',' if self._notes.parts else ''}\n{dumped(told)}")
