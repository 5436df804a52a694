"""A line of a message with a mark under a value, for a terminal.

Knows widths and what a terminal can show. Law: the mark stands under the value and is as wide as it, whatever stands before
it: Chinese, tabs, accents, control characters.
"""

from __future__ import annotations

from itertools import accumulate
from typing import Final, NamedTuple

from mockcloud.reports.page import columns
from mockcloud.traffic.verdict import Excerpt

CUT: Final = "..."
TAB: Final = "    "
LEAST: Final = 24
"""Columns that a line has at least, however narrow the terminal."""


class Marked(NamedTuple):
    """A line in three parts: what stands before the value, the value, what stands behind it."""

    before: str
    value: str
    after: str

    @property
    def line(self) -> str:
        """The line as it is shown."""
        return "".join(self)

    @property
    def start(self) -> int:
        """Columns left of the mark."""
        return columns(self.before)

    @property
    def mark(self) -> str:
        """What points at the value from the line below: at least one column, though the value may take none."""
        return "^" * max(1, columns(self.value))


def shown(text: str, encoding: str) -> str:
    """A text as a terminal of that encoding shows it in one line: a tab as four blanks, what is no character escaped."""
    if not text.isprintable():
        text = "".join(mark if mark.isprintable() else TAB if mark == "\t" else ascii(mark)[1:-1] for mark in text)
    return text if text.isascii() else encodable(text, encoding)


def encodable(text: str, encoding: str) -> str:
    """The text with what an encoding cannot hold escaped."""
    return text.encode(encoding, "backslashreplace").decode(encoding)


def marked(excerpt: Excerpt, room: int, encoding: str) -> Marked:
    """The excerpt in at most `room` columns: what is far from the value is cut first, then the value's end."""
    start, end = excerpt.column, excerpt.column + excerpt.width
    before, value, after = (shown(part, encoding) for part in (excerpt.text[:start], excerpt.text[start:end], excerpt.text[end:]))
    room = max(room, LEAST)
    if columns(value) > room - 2 * len(CUT):
        value, after = _head(value, room - 2 * len(CUT)), ""
    # A third of what is left is enough to see where one is, unless there is less behind the value.
    left = room - columns(value)
    before = _tail(before, max(left - columns(after), left // 3, len(CUT)))
    return Marked(before, value, _head(after, left - columns(before)))


def _head(text: str, most: int) -> str:
    """As much of the beginning as fits."""
    return text if columns(text) <= most else _fitting(text, most - len(CUT)) + CUT if most >= len(CUT) else ""


def _tail(text: str, most: int) -> str:
    """As much of the end as fits."""
    return text if columns(text) <= most else CUT + _fitting(text[::-1], most - len(CUT))[::-1] if most >= len(CUT) else ""


def _fitting(text: str, most: int) -> str:
    return text[: sum(taken <= most for taken in accumulate(map(columns, text)))]
