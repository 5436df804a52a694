"""How far a long run is, in the last line of a terminal.

Law: nothing is drawn where nobody looks (standard error is no terminal) or when it is over soon; what is printed in between
is never mixed with it.
"""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable
from time import monotonic
from typing import Final, TextIO

SOON: Final = 1.0
"""Seconds after which a run is long."""

REDRAWN: Final = 0.1
"""Seconds between two drawings."""

BAR: Final = 24
"""Columns of the bar itself."""

_ERASE = "\r\x1b[K"


class Progress:
    """The progress through some bytes, of which the number may not be known, or through what `shown` puts into words."""

    def __init__(self, total: int | None, out: TextIO | None = None, shown: Callable[[int], str] | None = None) -> None:
        self._out = sys.stderr if out is None else out
        self._total = total
        self._shown = shown or _size
        self._draws = self._out.isatty()
        self._next = monotonic() + SOON
        self._drawn = False

    def at(self, done: int, says: Callable[[], str]) -> None:
        """So many bytes are done; what is said goes behind the bar, and is asked for only when that is drawn."""
        if self._draws and monotonic() >= self._next:
            self._next = monotonic() + REDRAWN
            width = shutil.get_terminal_size().columns - 1
            self._out.write(f"{_ERASE}{self._line(done, says())[:width]}")
            self._out.flush()
            self._drawn = True

    def _line(self, done: int, says: str) -> str:
        if not self._total:
            return f"{self._shown(done)}, {says}"
        share = min(done / self._total, 1)
        filled = round(share * BAR)
        return f"[{'#' * filled}{'.' * (BAR - filled)}] {share:4.0%} of {self._shown(self._total)}, {says}"

    def erase(self) -> None:
        """Make room for something else to be printed."""
        if self._drawn:
            self._out.write(_ERASE)
            self._out.flush()
            self._drawn = False


def _size(number: int) -> str:
    return f"{number / 1_000_000:,.1f} MB" if number >= 100_000 else f"{number / 1000:,.1f} kB"
