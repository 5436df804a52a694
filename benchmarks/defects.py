"""What it takes to find a defect of a client: by a client contract, and beside it one of a server by Schemathesis."""

from __future__ import annotations

import json
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from benchmarks.generation import OPERATION, ROOT, SCHEMATHESIS
from benchmarks.targets import CONTRACT, DEFECTS, EVERY_DEFECT, PLANTED
from mockcloud import ClientContract
from mockcloud.exports.openapi import export
from tests.clients.defects import Defect, everything, questions, tried

SEARCHES = 5
"""Searches of which one figure is the median."""


@dataclass(frozen=True, slots=True)
class Timed:
    """Something that takes milliseconds."""

    name: str
    milliseconds: Callable[[], float]

    def sample(self, seconds: float) -> float:
        """Milliseconds of one go."""
        return self.milliseconds()


def _killing(defect: Defect) -> float:
    """Milliseconds of the test that kills a defect."""
    verdict = tried(defect.suite, defect.killed_by)
    assert verdict.failed, defect.name
    return verdict.seconds * 1000


def _whole(defect: Defect) -> float:
    """Milliseconds of every test of the contract over the correct client."""
    whole = type(defect.correct.__name__, (defect.correct,), {"examples": ClientContract.examples})
    verdicts = [tried(whole, test) for test in questions(whole)]
    assert not any(one.failed for one in verdicts)
    return sum(one.seconds for one in verdicts) * 1000


def _planted(document: Path) -> float:
    """Milliseconds of Schemathesis's search."""
    command = [str(SCHEMATHESIS), "-m", "benchmarks.planted", str(document), str(SEARCHES)]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    return float(median(json.loads(run.stdout.splitlines()[-1])))


@contextmanager
def subjects() -> Iterator[list[Timed]]:
    """All of the group. The exported document lives as long as the context."""
    defects = {f"{one.provider}.{one.client.__name__}": one for one in everything("DEFECTS")}
    with tempfile.TemporaryDirectory() as name:
        [exported] = export(OPERATION.partition(".")[0])
        document = Path(name, exported.name)
        document.write_bytes(exported.content)
        first = next(iter(DEFECTS))
        yield [
            Timed(PLANTED, lambda: _planted(document)),
            *(
                Timed(row, lambda one=defects[key]: median(_killing(one) for _ in range(SEARCHES)))
                for key, row in DEFECTS.items()
            ),
            Timed(CONTRACT, lambda: _whole(defects[first])),
            Timed(EVERY_DEFECT, lambda: sum(_killing(one) for one in defects.values())),
        ]
