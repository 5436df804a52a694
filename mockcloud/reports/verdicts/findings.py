"""A finding as lines of text: what is wrong, where, the place itself with a mark below it, the rule, and on whose word.

Knows a width and a pen, no terminal. Law: a rule's id is never broken, so that it can be copied; every other line fits the
width where its words do.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

from mockcloud.reports.page import columns, wrapped
from mockcloud.reports.refused import printable
from mockcloud.reports.verdicts import sentences
from mockcloud.reports.verdicts.excerpts import encodable, marked
from mockcloud.traffic.verdict import Finding, Verdict

Pen = Callable[[str, str], str]
"""Takes a text and what it is, as `STYLES` names it, and gives it back coloured, or as it is."""

GUTTER: Final = 5
"""Columns of a line's number, at least."""
LABEL: Final = 8


def plain(text: str, style: str) -> str:
    """The pen that colours nothing."""
    return text


def lines(verdict: Verdict, finding: Finding, width: int, encoding: str = "utf-8", pen: Pen = plain) -> Iterator[str]:
    """What there is to say of a finding, first what is wrong."""
    first, *rest = folded(encodable(sentences.broken(finding.violation), encoding), width - len("error: "))
    yield f"{pen('error', 'error')}{pen(f': {first}', 'strong')}"
    yield from (pen(f"  {line}", "strong") for line in rest)
    gutter = max(GUTTER, len(str(finding.line)))
    yield f"{' ' * gutter}{pen('-->', 'frame')} {encodable(sentences.place(verdict, finding), encoding)}"
    yield from _excerpt(finding, gutter, width, encoding, pen)
    for label, text in _notes(finding):
        yield from _note(label, encodable(text, encoding), gutter, width, pen)


def folded(text: str, width: int) -> list[str]:
    """The text in lines of at most this width. One that fits is left as it is, several blanks in a value too."""
    return [text] if columns(text) <= width else wrapped(text, width) or [text]


def _excerpt(finding: Finding, gutter: int, width: int, encoding: str, pen: Pen) -> Iterator[str]:
    if finding.excerpt is None:
        return
    shown = marked(finding.excerpt, width - gutter - 3, encoding)
    # Where the file holds the message escaped, what is shown is the message's line and not the file's.
    number = "" if finding.column is None else str(finding.line)
    bar, blank = pen("|", "frame"), " " * gutter
    yield f"{blank} {bar}"
    yield f"{pen(number.rjust(gutter), 'frame')} {bar} {shown.line}".rstrip()
    yield f"{blank} {bar} {' ' * shown.start}{pen(shown.mark, 'error')}"


def _notes(finding: Finding) -> Iterator[tuple[str, str]]:
    yield "rule", printable(finding.violation.rule)
    yield "source", sentences.grounds(finding)
    if finding.refusal:
        yield "refused", f"with {printable(finding.refusal)}"


def _note(label: str, text: str, gutter: int, width: int, pen: Pen) -> Iterator[str]:
    start = f"{' ' * gutter} {pen('=', 'frame')} {pen(f'{label}:'.ljust(LABEL), 'label')} "
    for line in folded(text, width - gutter - LABEL - 4):
        yield start + line
        start = " " * (gutter + LABEL + 4)
