"""A run for people: each deviation with the smallest request that shows it, and at the end what it came to.

Law: a deviation is told in a few lines, and nothing that a server sent reaches the terminal as it is.
"""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from typing import Final, TextIO

import click

from mockcloud.fuzzing.deviation import Deviation, Report
from mockcloud.fuzzing.told import Run
from mockcloud.reports import curl
from mockcloud.reports.refused import printable

TOLD: Final = 40
"""Deviations of one provider that are told; the JSON report has all."""

BODY: Final = 300
"""Characters of an answer."""


def write(out: TextIO, run: Run) -> None:
    """Write the run."""
    for report in run.reports:
        out.writelines(f"{line}\n" for line in _of_provider(run, report))
    out.write(f"repeat: {run.repeat}\n")


def _of_provider(run: Run, report: Report) -> Iterator[str]:
    found = list(report.deviations.values())
    for one in found[:TOLD]:
        yield from lines(run, one)
        yield ""
    if len(found) > TOLD:
        yield f"and {len(found) - TOLD} more: --report json=FILE has all of them"
    yield _pen(run, summary(report), ("green", "red", "yellow")[report.status])
    for operation, number in report.unasked.items():
        yield f"not asked: {number} of {operation}, because the server has not made what they name"


def summary(report: Report) -> str:
    """How it ended, in a sentence."""
    if report.problem:
        return f"{report.provider}: cannot be judged: {printable(report.problem)}"
    number = len(report.deviations)
    told = {0: "no deviation", 1: "1 deviation"}.get(number, f"{number} deviations")
    ignored = f", {report.ignored} more ignored" if report.ignored else ""
    operations = "1 operation" if len(report.operations) == 1 else f"{len(report.operations)} operations"
    return f"{report.provider}: {told}{ignored} in {report.asked:,} requests about {operations}"


def lines(run: Run, found: Deviation) -> Iterator[str]:
    """One deviation."""
    yield _pen(run, f"{found.kind}: {found.operation}: {printable(found.says)}", "red")
    yield f"  wanted    {printable(found.wanted)}"
    yield f"  found     {printable(found.found)}"
    if found.rule:
        yield f"  rule      {printable(found.rule)}"
    if found.document:
        place = f"line {found.line}" if isinstance(found.line, int) else found.line or ""
        yield f"  source    {printable(f'{found.document} {place}'.strip())}"
    decisions = [one.removeprefix("decision: ") for one in found.evidence if one.startswith("decision: ")]
    if not found.document and decisions:
        yield f"  source    nobody documents it; decided: {printable(decisions[0])}"
    yield f"  asked     {printable(curl.command(run.url, found.request), curl.LONGEST + 100)}"
    if found.response is not None:
        body = printable(found.response.body[:BODY].decode("utf-8", "replace")) or "no body"
        yield f"  answered  {found.response.status} {body}{'...' if len(found.response.body) > BODY else ''}"
    if found.seen > 1:
        yield f"  seen      {found.seen} times"
    yield f"  ignore    --ignore {shlex.quote(printable(found.id))}"
    yield f"  again     {run.command(found)}"


def _pen(run: Run, text: str, color: str) -> str:
    return click.style(text, fg=color, bold=True) if run.color else text
