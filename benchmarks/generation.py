"""What it costs to draw requests: ours, Schemathesis's of our own export, a strategy by hand, and Hypothesis's own floor."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks.drawing import OPERATION
from benchmarks.targets import BY_HAND, FLOOR, NEGATIVE, OUR_BROKEN, OUR_SIGNED, OUR_VALID, POSITIVE
from mockcloud.exports.openapi import export

ROOT = Path(__file__).resolve().parent.parent
SCHEMATHESIS = Path(os.environ.get("MOCKCLOUD_SCHEMATHESIS", ROOT / ".venv" / "schemathesis" / "bin" / "st")).parent / "python"
"""The Python of the environment that Schemathesis has of its own."""

A_SECOND = 250
"""Cases that are drawn for each second of a sample."""


@dataclass(frozen=True, slots=True)
class Drawing:
    """A process that draws cases one way, with an environment's Python."""

    name: str
    way: str
    python: str
    document: Path

    def sample(self, seconds: float) -> float:
        """Cases a second."""
        command = [self.python, "-m", "benchmarks.drawing", self.way, str(int(seconds * A_SECOND)), str(self.document)]
        run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
        said = json.loads(run.stdout.splitlines()[-1])
        return float(said["drawn"] / said["seconds"])


@contextmanager
def subjects() -> Iterator[list[Drawing]]:
    """All of the group. The exported document lives as long as the context."""
    if not SCHEMATHESIS.exists():
        raise SystemExit("not installed: Schemathesis; `make test` installs it in .venv/schemathesis")
    with tempfile.TemporaryDirectory() as name:
        [exported] = export(OPERATION.partition(".")[0])
        document = Path(name, exported.name)
        document.write_bytes(exported.content)
        ours, theirs = sys.executable, str(SCHEMATHESIS)
        yield [
            Drawing(FLOOR, "floor", ours, document),
            Drawing(BY_HAND, "by_hand", ours, document),
            Drawing(POSITIVE, "positive", theirs, document),
            Drawing(OUR_VALID, "valid", ours, document),
            Drawing(OUR_SIGNED, "signed", ours, document),
            Drawing(NEGATIVE, "negative", theirs, document),
            Drawing(OUR_BROKEN, "broken", ours, document),
        ]
