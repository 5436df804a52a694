"""A page of text for a terminal: headings, labelled rows, tables; wrapped to a width.

Knows widths (a Chinese character takes two columns, an accent none) and styles; knows nothing of contracts. Law: what
somebody may want to copy, an id or a path, is never broken.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence

import click

WIDEST = 120
"""Sentences wider than this are hard to read, however wide the terminal."""
NARROWEST = 24
"""What a last column has at least, whatever stands before it."""


class Page:
    """Lines of text, gathered from the top down. `str(page)` is the styled page; `click.echo` takes the styles off for a pipe."""

    def __init__(self, width: int) -> None:
        self.width = max(min(width, WIDEST), 2 * NARROWEST)
        self.lines: list[str] = []

    def __str__(self) -> str:
        return "\n".join(line.rstrip() for line in self.lines)

    def title(self, text: str, below: str = "") -> None:
        """What the page is about, and of which kind that is."""
        self.lines += [click.style(text, bold=True), *(click.style(line, dim=True) for line in wrapped(below, self.width)), ""]

    def heading(self, text: str) -> None:
        """The heading of what follows."""
        self.lines += [*([""] if self.lines and self.lines[-1] else []), click.style(text, fg="cyan", bold=True)]

    def row(self, label: str, texts: str | Iterable[str], column: int = 11) -> None:
        """A label with one text or several below one another. A label that is too long for its column has a line of its own."""
        told = label
        if columns(label) > column:
            self.lines.append(f"  {click.style(label, fg='cyan')}")
            told = ""
        for text in [texts] if isinstance(texts, str) else texts:
            for place, line in enumerate(wrapped(text, self.width - column - 4)):
                self.lines.append(f"  {click.style(padded(told, column), fg='cyan')}{'  ' if place else ''}{line}")
                told = ""

    def table(self, rows: Sequence[Sequence[str]], heads: Sequence[str] = ()) -> None:
        """Columns as wide as what stands in them; the last one is wrapped. Stacked where they do not fit beside one another."""
        if not rows:
            return
        listed = [tuple(heads), *rows] if heads else list(rows)
        widths = [max(columns(row[i]) for row in listed) for i in range(len(listed[0]) - 1)]
        left = 2 + sum(width + 2 for width in widths)
        if left + NARROWEST > self.width:
            self._stack(rows, heads)
            return
        for place, row in enumerate(listed):
            start = "  " + "".join(f"{padded(text, width)}  " for text, width in zip(row, widths, strict=False))
            for line in wrapped(row[-1], self.width - left) or [""]:
                self.lines.append(click.style(start + line, dim=True) if heads and not place else start + line)
                start = " " * left

    def _stack(self, rows: Sequence[Sequence[str]], heads: Sequence[str]) -> None:
        """Each row as its first cell, and below it the others, each behind its head."""
        for first, *others in rows:
            self.lines.append(f"  {first}")
            told = [f"{head} {text}".strip() for head, text in zip(heads[1:] or [""] * len(others), others, strict=True) if text]
            self.lines += [f"      {line}" for line in wrapped("; ".join(told), self.width - 6)]

    def space(self) -> None:
        """An empty line, unless there is one."""
        if self.lines and self.lines[-1]:
            self.lines.append("")


def columns(text: str) -> int:
    """How many columns of a terminal a text takes."""
    return len(text) if text.isascii() else sum(map(_columns, text))


def _columns(mark: str) -> int:
    # What is drawn onto the mark before it takes none: accents, the vowels and finals of a Korean syllable in pieces.
    if unicodedata.category(mark) in ("Mn", "Me") or "\u1160" <= mark <= "\u11ff":
        return 0
    return 2 if unicodedata.east_asian_width(mark) in "WF" else 1


def padded(text: str, width: int) -> str:
    """The text with blanks behind it."""
    return text + " " * (width - columns(text))


def wrapped(text: str, width: int) -> list[str]:
    """The text in lines of at most this width, broken at blanks only."""
    lines: list[str] = []
    for word in text.split():
        if lines and columns(lines[-1]) + 1 + columns(word) <= width:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return lines
