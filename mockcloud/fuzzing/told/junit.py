"""A run as JUnit XML, as CI servers read test results: a suite for each provider, a case for each operation and deviation.

Law: what comes out is well-formed, whatever a server sent; a provider that could not be judged is an error.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import TextIO

from mockcloud.codecs.xml_body import escaped
from mockcloud.fuzzing.deviation import Deviation, Report
from mockcloud.fuzzing.target import wall
from mockcloud.fuzzing.told import Run, text
from mockcloud.reports.refused import printable


def write(out: TextIO, run: Run) -> None:
    """Write one document."""
    at = datetime.fromtimestamp(wall(), UTC).strftime("%Y-%m-%dT%H:%M:%S")
    out.write('<?xml version="1.0" encoding="UTF-8"?>\n<testsuites>\n')
    out.writelines(f"{_suite(run, report, number, at)}\n" for number, report in enumerate(run.reports))
    out.write("</testsuites>\n")


def _suite(run: Run, report: Report, number: int, at: str) -> str:
    cases = list(_cases(run, report))
    counts = {name: sum(kind == name for kind, _ in cases) for name in ("failures", "errors")}
    head = f'name="{_attribute(f"mockcloud fuzz {report.provider}")}" package="mockcloud" id="{number}" hostname="localhost"'
    figures = f'tests="{len(cases)}" failures="{counts["failures"]}" errors="{counts["errors"]}" skipped="0" time="0"'
    body = "\n".join(case for _, case in cases)
    note = escaped(printable(f"{text.summary(report)}; repeat: {run.repeat}"))
    return (
        f'<testsuite {head} timestamp="{at}" {figures}>\n<properties/>\n{body}\n'
        f"<system-out>{note}</system-out>\n<system-err/>\n</testsuite>"
    )


def _cases(run: Run, report: Report) -> Iterator[tuple[str, str]]:
    if report.problem:
        yield "errors", _case(report.provider, "can be judged", _told("error", "unjudged", text.summary(report), ""))
    wrong = {one.operation for one in report.deviations.values()}
    for operation in report.operations:
        if operation not in wrong and not report.problem:
            yield "passed", _case(operation, "answers as documented", "")
    for one in report.deviations.values():
        whole = "\n".join(text.lines(run, one))
        told = _told("failure", one.id, f"wanted {one.wanted}, found {one.found}", whole)
        yield "failures", _case(one.operation, _name(one), told)


def _name(found: Deviation) -> str:
    return f"{found.says} ({found.id})"


def _case(owner: str, name: str, told: str) -> str:
    return f'<testcase classname="{_attribute(owner)}" name="{_attribute(name)}" time="0">{told}</testcase>'


def _told(tag: str, kind: str, message: str, whole: str) -> str:
    body = escaped("\n".join(printable(line, 30_000) for line in whole.split("\n")))
    return f'<{tag} type="{_attribute(kind)}" message="{_attribute(message)}">{body}</{tag}>'


def _attribute(said: str) -> str:
    return escaped(printable(said)).replace('"', "&quot;")
