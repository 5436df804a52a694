"""Runs, told: the table of formats.

Knows every format by name and loads the one that is asked for. Law: what a server answers is never obeyed, by a terminal, a CI
server or a parser.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from importlib import import_module
from typing import Final, TextIO

from mockcloud.fuzzing.deviation import Deviation, Report


@dataclass(frozen=True, slots=True)
class Run:
    """What was run: against which server, with which numbers, and what came of it.

    `start`, `about` and `terms` are the command that repeats it: the second names the providers or operations.
    """

    url: str
    seed: int
    examples: int
    start: str
    about: str
    terms: str
    reports: tuple[Report, ...]
    ignored: Sequence[str] = ()
    """The ids of deviations that are known and do not count, as patterns."""
    color: bool = False

    @property
    def repeat(self) -> str:
        """The command that runs the same again."""
        return f"{self.start} {self.about} {self.terms}"

    def command(self, deviation: Deviation) -> str:
        """The command that asks about the operation of a deviation alone."""
        return f"{self.start} --operation {deviation.operation} {self.terms}"

    @property
    def status(self) -> int:
        """The exit status: 2 where one provider could not be judged, else 1 where anything deviates, else 0."""
        return max((one.status for one in self.reports), default=2)


Write = Callable[[TextIO, Run], None]


def _written(module: str, out: TextIO, run: Run) -> None:
    import_module(f"{__name__}.{module}").write(out, run)


FORMATS: Final[Mapping[str, Write]] = {
    "text": partial(_written, "text"),
    "json": partial(_written, "as_json"),
    "junit": partial(_written, "junit"),
}
"""Every format by the name that `--format` takes."""
