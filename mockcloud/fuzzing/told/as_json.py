"""A run as JSON: the format `mockcloud.fuzz/1`, described by `schemas/meta/outputs/fuzz.schema.json`.

Law: everything that a deviation says is in it; what is written is ASCII.
"""

from __future__ import annotations

import json
from typing import Final, TextIO

from mockcloud import __version__
from mockcloud.fuzzing.deviation import Deviation, Report
from mockcloud.fuzzing.told import Run
from mockcloud.messages import Json, Response
from mockcloud.reports import curl
from mockcloud.state.journal import messages

FORMAT: Final = "mockcloud.fuzz/1"


def write(out: TextIO, run: Run) -> None:
    """Write one object."""
    told = {
        "format": FORMAT,
        "tool": {"name": "mockcloud", "version": __version__},
        "url": run.url,
        "seed": run.seed,
        "examples": run.examples,
        "repeat": run.repeat,
        "ignored": list(run.ignored),
        "providers": [_provider(run, one) for one in run.reports],
        "status": run.status,
    }
    out.write(f"{json.dumps(told, indent=2)}\n")


def _provider(run: Run, report: Report) -> Json:
    return {
        "provider": report.provider,
        "operations": list(report.operations),
        "requests": report.asked,
        "problem": report.problem,
        "ignored": report.ignored,
        "unasked": [{"operation": name, "requests": number} for name, number in report.unasked.items()],
        "deviations": [_deviation(run, one) for one in report.deviations.values()],
        "status": report.status,
    }


def _deviation(run: Run, found: Deviation) -> Json:
    said = messages(found.request, found.response or Response(0))
    return {
        "id": found.id,
        "kind": found.kind,
        "operation": found.operation,
        "rule": found.rule,
        "says": found.says,
        "wanted": found.wanted,
        "found": found.found,
        "document": found.document,
        "line": found.line,
        "evidence": list(found.evidence),
        "seen": found.seen,
        "curl": curl.command(run.url, found.request),
        "repeat": run.command(found),
        "request": said["request"],
        "response": said.get("response"),
    }
