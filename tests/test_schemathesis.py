"""Schemathesis, which knows nothing of us, reads each exported document and tests our server by it.

It has an environment of its own: its pins are not ours. Law: what it objects to is a row of docs/schemathesis.md, and each row
is something that it objects to.
"""

from __future__ import annotations

import base64
import json
import os
import re
import subprocess
from collections.abc import Iterator
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from cases import ROOT

from mockcloud import Cloud
from mockcloud.contracts import folders
from mockcloud.exports.openapi import export

PAGE = ROOT / "docs" / "schemathesis.md"
ST = Path(os.environ.get("MOCKCLOUD_SCHEMATHESIS", ROOT / ".venv" / "schemathesis" / "bin" / "st"))
EXAMPLES, SEED = 3, 1
pytestmark = pytest.mark.skipif(
    not ST.exists(), reason="Schemathesis is not installed in .venv/schemathesis; make test installs it there"
)


class Explained(NamedTuple):
    """A row of the page."""

    provider: str
    check: str
    operation: str
    answers: list[str]
    why: str

    def is_about(self, failure: Failure) -> bool:
        alike = self.check == failure.check and fnmatchcase(failure.operation, self.operation)
        return alike and any(fnmatchcase(failure.answer, answer) for answer in self.answers)


class Failure(NamedTuple):
    """A check that failed: the operation, the status with the body, and what was wrong with the request on purpose."""

    check: str
    operation: str
    answer: str


def explained(provider: str) -> list[Explained]:
    rows = [
        [cell.strip() for cell in line.strip("|\n").split(" | ")]
        for line in PAGE.read_text(encoding="utf-8").splitlines()
        if line.startswith("| ")
    ]
    return [
        Explained(row[0], row[1], row[2].strip("`"), re.findall("`([^`]+)`", row[3]), row[4])
        for row in rows
        if row[0] == provider
    ]


def events(report: Path) -> Iterator[tuple[str, Any]]:
    for line in report.read_text(encoding="utf-8").splitlines():
        yield from json.loads(line).items()


def failures(recorder: Any) -> Iterator[Failure]:
    for case, checks in recorder.get("checks", {}).items():
        value, response = recorder["cases"][case]["value"], recorder["interactions"][case]["response"]
        for check in checks:
            if check["status"] == "failure":
                on_purpose = ((value.get("meta") or {}).get("phase", {}).get("data") or {}).get("description") or ""
                body = base64.b64decode(((response or {}).get("content") or {}).get("$base64", "")).decode("utf-8", "replace")
                answer = f"{(response or {}).get('status_code')} {body} {on_purpose}"
                yield Failure(check["name"], f"{value['method']} {value['path']}", answer)


def run(provider: str, folder: Path) -> Path:
    """The report of a run against a server of its own, on which everybody is who signs as `mockcloud`."""
    [document] = export(provider)
    (folder / document.name).write_bytes(document.content)
    report = folder / "report.ndjson"
    environment = {
        **os.environ,
        "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "tests")]),
        "PYTHONHASHSEED": "0",
        "SCHEMATHESIS_HOOKS": "schemathesis_auth",
        "MOCKCLOUD_PROVIDER": provider,
    }
    cloud = Cloud([provider], clock="real")
    cloud.report = str  # what it would warn of is asked for on purpose
    with cloud.serve(listen={provider: 0}) as server:
        address = ["--url", f"http://127.0.0.1:{server.ports[provider]}"]
        bounds = ["--seed", str(SEED), "--max-examples", str(EXAMPLES), "--no-shrink", "--continue-on-failure", "--workers", "1"]
        steady = ["--generation-database", "none", "--suppress-health-check", "all", "--checks", "all"]
        written = ["--report", "ndjson", "--report-ndjson-path", str(report)]
        command = [str(ST), "run", document.name, *address, *bounds, *steady, *written]
        done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=folder, env=environment, timeout=540)
    assert done.returncode in (0, 1), done.stdout[-4000:] + done.stderr[-4000:]
    return report


@pytest.mark.parametrize("provider", sorted(folders.known()))
def test_schemathesis_objects_to_exactly_what_is_explained(provider: str, tmp_path: Path) -> None:
    told = list(events(run(provider, tmp_path)))
    errors = [event for name, event in told if name in ("NonFatalError", "FatalError")]
    assert not errors, json.dumps(errors)[:4000]
    tested = [event["recorder"] for name, event in told if name == "ScenarioFinished"]
    found = {failure for recorder in tested for failure in failures(recorder)}
    rows = explained(provider)
    new = [failure for failure in found if not any(row.is_about(failure) for row in rows)]
    assert not new, f"{len(new)} are not explained in {PAGE.name}, such as\n" + "\n".join(str(one)[:600] for one in new[:10])
    gone = [row for row in rows if not row.why.startswith("at times") and not any(map(row.is_about, found))]
    assert not gone, f"nothing is the matter any more with {gone}"
    document = json.loads((tmp_path / "openapi.json").read_text(encoding="utf-8"))
    everything = {f"{method.upper()} {path}" for path, item in document["paths"].items() for method in item}
    assert everything <= {recorder["label"] for recorder in tested}
