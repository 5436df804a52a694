"""The ways through a state table, from the first state to each end, and the codes of those that fail.

Knows states, the time that leads on and the events that do; no vendor and no cloud. Law: no arrow is gone twice on one way.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Final, NamedTuple

from mockcloud.contracts.catalogue import Catalogue
from mockcloud.contracts.lifecycle import DISPATCH, Lifecycle, State
from mockcloud.reports.patterns import matching

STAY: Final = 4.0
"""Seconds in a state that only an event ends."""


class Stay(NamedTuple):
    """A state, how long a task stands in it, and the event that ends that; empty where time does it, or nothing.

    `fails` says that the task fails by itself behind it.
    """

    state: str
    seconds: float
    event: str = ""
    fails: bool = False


Path = tuple[Stay, ...]
"""The states of one way, the last one final; one in which no time passes is seen by nobody and left out."""


def paths(table: Lifecycle, events: Collection[str]) -> tuple[Path, ...]:
    """Every way to an end, by time and by these events; of two, the one that fewer others have a hand in comes first."""
    found = _onwards(table, table.initial, frozenset(events), frozenset())
    return tuple(sorted(found, key=lambda path: (sum(bool(stay.event) for stay in path), len(path))))


def fails(path: Path) -> bool:
    """Whether a task has to fail by itself to go this way."""
    return any(stay.fails for stay in path)


def codes(errors: Catalogue) -> list[str]:
    """The codes with which tasks fail: those that the catalogue lists, else one that its pattern takes."""
    listed = [code for code in errors.codes if errors.task_code(code)]
    if listed or errors.task_pattern is None:
        return listed
    other = matching(errors.task_pattern.pattern, whole=True)
    return [] if other is None else [other]


def _onwards(table: Lifecycle, name: str, events: frozenset[str], gone: frozenset[tuple[str, str]]) -> Iterator[Path]:
    state = table.states[name]
    if state.final:
        yield (Stay(name, 0.0),)
    for way, stay in _ways(table, state, events):
        if (name, way) not in gone:
            for first, *rest in _onwards(table, way, events, gone | {(name, way)}):
                yield (stay, first, *rest) if stay.seconds else (first._replace(fails=first.fails or stay.fails), *rest)


def _ways(table: Lifecycle, state: State, events: frozenset[str]) -> Iterator[tuple[str, Stay]]:
    after, then = state.after, state.then
    if table.dispatch is not None and state.name == table.dispatch.state:
        after, then = table.dispatch.after, state.on[DISPATCH]
    if after is not None:
        ends = ((then, False), (state.fails, True))
        yield from ((way, Stay(state.name, float(after), fails=fails)) for way, fails in ends if way)
    for event, way in state.on.items():
        if event in events and after != 0:
            yield way, Stay(state.name, STAY if after is None else after / 2, event)
