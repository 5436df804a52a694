"""Verdicts as JSON: the format `mockcloud.verdicts/1`, described by `schemas/meta/outputs/verdicts.schema.json`.

Knows one verdict at a time; each has a line of its own, so that the file can be cut and compared by lines too.
Law: everything that a verdict says is in it; what is written is ASCII.
"""

from __future__ import annotations

from typing import Final, TextIO

from mockcloud import __version__
from mockcloud.reports.verdicts import Options, Writer
from mockcloud.reports.verdicts.plain_data import dumped, tally, verdict
from mockcloud.traffic.verdict import Tally, Verdict

FORMAT: Final = "mockcloud.verdicts/1"


def writer(out: TextIO, options: Options) -> Writer:
    """A writer of one JSON object."""
    return AsJson(out)


class AsJson:
    """Writes the verdicts as they come, and the tally after them."""

    def __init__(self, out: TextIO) -> None:
        self._out = out
        self._before = "\n"
        tool = dumped({"name": "mockcloud", "version": __version__})
        out.write(f'{{"format": "{FORMAT}", "tool": {tool}, "verdicts": [')

    def write(self, one: Verdict) -> None:
        """Write a verdict."""
        self._out.write(self._before + dumped(verdict(one)))
        self._before = ",\n"

    def close(self, counted: Tally) -> None:
        """Write the tally."""
        self._out.write(f'\n], "tally": {dumped(tally(counted))}}}\n')
