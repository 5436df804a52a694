"""A comparison as a page for people: what changed, by operation, and which recorded calls break.

Knows widths and styles through `Page`, and no command. Law: whatever stands in a contract or a recording, what is printed is
printable and short.
"""

from __future__ import annotations

import json
from typing import Any, Final

import click

from mockcloud.changes.calls import Broken, Calls, Cause
from mockcloud.changes.change import Change, Weight
from mockcloud.changes.outline import Group, groups, totals
from mockcloud.changes.values import key_of
from mockcloud.messages import Json
from mockcloud.reports.page import Page, wrapped
from mockcloud.reports.refused import printable

VALUE: Final = 80
"""Characters of a value."""

MOVED: Final = 6
"""Elements of a list that came or went."""

NAMED: Final = 4
"""Operations that a heading names of many."""

SHOWN: Final = 50
"""Broken sides of calls that are shown of many."""

MARKS: Final[dict[Weight, tuple[str, dict[str, Any]]]] = {
    Weight.BREAKING: ("!", {"fg": "red", "bold": True}),
    Weight.COMPATIBLE: ("+", {}),
    Weight.NOTE: ("~", {"dim": True}),
}
"""How each weight is marked, with or without colours."""


def page(changes: list[Change], calls: Calls | None, width: int) -> str:
    """The whole page."""
    made = Page(width)
    for group in groups(changes):
        made.heading(_heading(group))
        for change in group.changes:
            _tell(made, change)
    if calls is not None:
        _calls(made, calls)
    made.space()
    made.lines.append(click.style(totals(changes), bold=True))
    if calls is not None:
        made.lines.append(click.style(_summary(calls), bold=True))
    return str(made)


def _heading(group: Group) -> str:
    left = len(group.names) - NAMED
    return printable(", ".join(group.names[:NAMED]) + (f" and {left} more that change alike" if left > 0 else ""))


def _tell(made: Page, change: Change) -> None:
    mark, style = MARKS[change.verdict.weight]
    said = printable(f"{change.what} {change.how}: {change.local}{_values(change.old, change.new)}", 4 * VALUE)
    for number, line in enumerate(wrapped(said, made.width - 6)):
        made.lines.append(click.style(f"  {' ' if number else mark} {'  ' if number else ''}{line}", **style))
    for line in wrapped(printable(f"{change.why}{_document(change.document, change.line)}"), made.width - 8):
        made.lines.append(f"        {click.style(line, dim=True)}")


def _values(old: Json, new: Json) -> str:
    if isinstance(old, list) and isinstance(new, list):
        before, after = {key_of(one) for one in old}, {key_of(one) for one in new}
        moved = [f"+{_value(one)}" for one in new if key_of(one) not in before]
        moved += [f"-{_value(one)}" for one in old if key_of(one) not in after]
        if moved:
            return f"  {' '.join(moved[:MOVED])}{f' and {len(moved) - MOVED} more' if len(moved) > MOVED else ''}"
    if old is None or new is None:
        return "" if old is None and new is None else f"  {_value(old if new is None else new)}"
    return f"  {_value(old)} -> {_value(new)}"


def _value(value: Json) -> str:
    return printable(json.dumps(value, ensure_ascii=False), VALUE)


def _document(document: str, line: int | str | None) -> str:
    place = "" if line is None else f" line {line}" if isinstance(line, int) else f" {line}"
    return f" [{document}{place}]" if document else ""


def _calls(made: Page, calls: Calls) -> None:
    if calls.sides:
        made.heading("recorded calls that break")
    for side in calls.sides[:SHOWN]:
        _side(made, side)
    if len(calls.sides) > SHOWN:
        made.lines.append(f"  and {len(calls.sides) - SHOWN} more; --format json lists them all")
    if calls.unreadable:
        made.heading("recordings that could not be read")
        made.lines += [
            f"  {line}" for problem in calls.unreadable[:SHOWN] for line in wrapped(printable(problem), made.width - 2)
        ]


def _side(made: Page, side: Broken) -> None:
    said = printable(f"{side.place.file}:{side.at} {side.side} of {side.operation or side.subject}", 4 * VALUE)
    made.lines.append(click.style(f"  ! {said}", fg="red", bold=True))
    for cause in side.causes:
        for line in wrapped(printable(_cause(cause)), made.width - 8):
            made.lines.append(f"        {line}")


def _cause(cause: Cause) -> str:
    return (
        f"{cause.where or '/'} {cause.reason}: {cause.rule}{_document(cause.document, cause.line)}"
        if cause.rule
        else cause.reason
    )


def _summary(calls: Calls) -> str:
    others = [(calls.wrong_before, "not valid before"), (calls.passed_over, "for nobody"), (len(calls.unreadable), "not read")]
    beside = ", ".join(f"{number} {what}" for number, what in others if number)
    said = f"{calls.broken or 'none'} of your {calls.total} calls {'breaks' if calls.broken == 1 else 'break'}"
    because = ", ".join(_line(document, line) for document, line, _ in calls.because()[:3])
    return printable(f"{said}{f', because of {because}' if because else ''}{f' ({beside})' if beside else ''}")


def _line(document: str, line: int | str | None) -> str:
    return f"line {line} of {document}" if isinstance(line, int) else f"{line} of {document}" if line else document
