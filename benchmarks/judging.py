"""What it costs to judge recordings: a large HAR, with the extra [fast] and without it, and the memory that it takes."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks.recordings import write_har
from benchmarks.targets import HAR, HAR_LOADED, HAR_SMALL, WITHOUT

ROOT = Path(__file__).resolve().parent.parent
LARGE, SMALL = 50, 5
"""Megabytes."""


@dataclass(frozen=True, slots=True)
class Judging:
    """A process that reads a recording to its end; `figure` is `speed`, exchanges a second, or `memory`, its peak in MB."""

    name: str
    way: str
    path: Path
    figure: str

    def sample(self, seconds: float) -> float:
        """One run."""
        command = [sys.executable, "-m", "benchmarks.judged", self.way, str(self.path)]
        said = json.loads(subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout)
        return float(said["peak"] / 1e6 if self.figure == "memory" else said["exchanges"] / said["seconds"])


@contextmanager
def subjects(figure: str) -> Iterator[list[Judging]]:
    """All of a group. The recordings live as long as the context."""
    with tempfile.TemporaryDirectory() as name:
        large, small = Path(name, "large.har"), Path(name, "small.har")
        write_har(large, LARGE)
        write_har(small, SMALL)
        found = [
            Judging(HAR, "validate", large, figure),
            Judging(WITHOUT + HAR, "plain", large, figure),
            Judging(HAR_LOADED, "json", large, figure),
        ]
        yield [*found, Judging(HAR_SMALL, "validate", small, figure)] if figure == "memory" else found
