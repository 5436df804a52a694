"""Which of two asserts of an XSD takes more.

Knows XPath as the contracts write it: parts between `and` or `or`. Law: a part more of an `or` takes more, a part more of an
`and` takes less; else elements that only one of the two takes show it, and without one for each direction it is not told.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

from mockcloud.changes.change import How
from mockcloud.changes.relation import TRIES, Relation
from mockcloud.contracts.xml_schema import XmlSchema
from mockcloud.messages import Json

if TYPE_CHECKING:
    from mockcloud.changes.demand import Demand


def compared(old: Demand, new: Demand) -> Relation | None:
    """What the new assert is to the old one, None where they are the same but for blanks."""
    before, after = _spaced(old.value), _spaced(new.value)
    if before == after:
        return None
    how = _by_parts(before, after)
    if how is How.REWORDED:
        return Relation(how)
    lost, gained = _witnesses(old, new)
    if how is None:
        return Relation.shown(lost, gained)
    return Relation(how, lost if how is How.STRICTER else None, gained if how is How.LOOSER else None)


def _spaced(test: str) -> str:
    """The test with one blank for many, where they stand in no text."""
    parts = re.split(r"('[^']*'|\"[^\"]*\")", test)
    return "".join(part if place % 2 else re.sub(r"\s+", " ", part) for place, part in enumerate(parts)).strip()


def _by_parts(before: str, after: str) -> How | None:
    """What the parts of two tests tell, None for nothing."""
    for word, more in ((" or ", How.LOOSER), (" and ", How.STRICTER)):
        old, new = set(split(before, word)), set(split(after, word))
        # An `or` binds weaker: the parts of an `and` are whole only where no `or` stands beside them.
        if word == " and " and any(len(split(test, " or ")) > 1 for test in (before, after)):
            return None
        if old == new:
            return How.REWORDED
        if old < new:
            return more
        if new < old:
            return How.STRICTER if more is How.LOOSER else How.LOOSER
    return None


def split(test: str, word: str) -> list[str]:
    """The parts of a test between words that stand in no brackets and no text."""
    parts, depth, start, quote = [], 0, 0, ""
    for index, mark in enumerate(test):
        if quote:
            quote = "" if mark == quote else quote
        elif mark in "'\"":
            quote = mark
        elif mark in "()[]":
            depth += 1 if mark in "([" else -1
        elif not depth and test.startswith(word, index):
            parts.append(test[start:index])
            start = index + len(word)
    return [part.strip() for part in [*parts, test[start:]]]


def _witnesses(old: Demand, new: Demand) -> tuple[Json, Json]:
    """An element that only the old assert takes, and one that only the new one takes; None where none was found."""
    from mockcloud.reports.xml_examples import holds, specimens

    lost, gained = None, None
    for one in (old, new):
        assert isinstance(one.schema, XmlSchema)  # noqa: S101  # asserts are XML's
        for made in specimens(one.schema, one.rule.path, [old.value, new.value], TRIES):
            if lost is not None and gained is not None:
                return lost, gained
            before, after = holds(old.value, made), holds(new.value, made)
            shown = ET.tostring(made, encoding="unicode")
            lost = shown if lost is None and before and not after else lost
            gained = shown if gained is None and after and not before else gained
    return lost, gained
