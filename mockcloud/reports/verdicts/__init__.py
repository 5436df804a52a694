"""Verdicts, told: the table of formats, and what a writer of one is asked.

Knows every format by name and loads the one that is asked for. Law: a writer holds no more than it must, however many
verdicts come; what a recording holds is never obeyed, by a terminal, a CI server or a parser.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from importlib import import_module
from typing import Final, Protocol, TextIO

from mockcloud.traffic.verdict import Tally, Verdict


@dataclass(frozen=True, slots=True)
class Options:
    """How to write. A format takes what concerns it.

    `color` and `width` (columns) are of text, and so is `verbose`: tell the valid and the passed over too. `at` is when the
    judging began, in seconds since the epoch, for JUnit; None for now. `summary` is the file to which the GitHub writer
    appends a table in Markdown, as GITHUB_STEP_SUMMARY names it.
    """

    color: bool = False
    width: int = 100
    verbose: bool = False
    at: float | None = None
    summary: str = ""


class Writer(Protocol):
    """Takes verdicts as they come, and at the end how many there were. Raises OSError where its file does."""

    def write(self, verdict: Verdict) -> None:
        """Tell one verdict."""

    def close(self, tally: Tally) -> None:
        """Finish the report; the file stays open."""


Opener = Callable[[TextIO, Options], Writer]


def _opened(module: str, out: TextIO, options: Options) -> Writer:
    writer: Writer = import_module(f"{__name__}.{module}").writer(out, options)
    return writer


WRITERS: Final[Mapping[str, Opener]] = {
    "text": partial(_opened, "text"),
    "json": partial(_opened, "as_json"),
    "junit": partial(_opened, "junit"),
    "sarif": partial(_opened, "sarif"),
    "github": partial(_opened, "github"),
}
"""Every format by the name that `--format` takes; a module is loaded when its format is asked for."""
