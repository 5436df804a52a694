"""Histories of tasks as polling clients see them: every way, any number of looks at any time, every failure.

Knows the ways that the deck of histories is made of. Law: what is drawn is played like a history of the deck.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from mockcloud.drafting.histories.histories import Course, courses, lost, sentence
from mockcloud.drafting.histories.history import History
from mockcloud.drafting.histories.timing import Looks
from mockcloud.drafting.tasks.others import REMOVE
from mockcloud.drafting.tasks.paths import Stay, codes

PARTS: Final = 100
"""Into how many parts the time in a state is divided: so few that a look is never as near to its end as the last digit."""

LEAST: Final = 10
"""Of these the fewest after which others do something."""

LOOKS: Final = 6
"""How often a state is seen, at most."""

LONGEST: Final = 12
"""Characters of the longest code that is made up after a catalogue's pattern."""


def histories(operation: str) -> SearchStrategy[History]:
    """Every history of a task that an operation makes; nothing where it makes none.

    Raises UsageError for an operation that is not there.
    """
    return _history(operation) if courses(operation) else st.nothing()


@st.composite
def _history(draw: DrawFn, operation: str) -> History:
    one = draw(st.sampled_from(courses(operation)))
    path = tuple(_shifted(draw, stay) for stay in draw(st.sampled_from(one.ways)))
    if REMOVE in one.deeds and len(path) > 1 and draw(st.booleans()):
        seen = path[: draw(st.integers(1, len(path) - 1))]
        return replace(lost(one, seen, [_looks(draw, 0) for _ in seen]), operation=operation)
    looks = [*(_looks(draw, 0) for _ in path[:-1]), _looks(draw, 1)]
    failure = draw(_codes(one)) if one.failing(path) else ""
    return replace(one.history(path, looks, f"{sentence(path, failure)}.", failure), operation=operation)


def _shifted(draw: DrawFn, stay: Stay) -> Stay:
    """The state, ended by others at another time."""
    if not stay.event:
        return stay
    return stay._replace(seconds=stay.seconds * 2 * draw(st.integers(LEAST, PARTS - LEAST)) / PARTS)


def _looks(draw: DrawFn, least: int) -> Looks:
    drawn: list[int] = draw(st.lists(st.integers(1, PARTS - 1), min_size=least, max_size=LOOKS))
    return [part / PARTS for part in sorted(drawn)]


def _codes(one: Course) -> SearchStrategy[str]:
    listed, pattern = st.sampled_from(codes(one.contract.errors)), one.contract.errors.task_pattern
    if pattern is None:
        return listed
    return listed | st.from_regex(pattern, fullmatch=True).map(_short).filter(one.contract.errors.task_code)


def _short(code: str) -> str:
    return code[:LONGEST]
