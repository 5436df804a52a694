"""Where a task stands in its state table at a time: pure, no thread, no sleep.

Law: the same task at the same time is in the same state, however often and in whatever order anybody asks.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from mockcloud.contracts.lifecycle import Lifecycle, State


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened to a task from outside, such as `cancel`."""

    at: float
    name: str


class Standing(NamedTuple):
    """Where a task stands: its state, and when it changed, first ran and ended (None: not yet)."""

    state: State
    updated: float
    started: float | None
    ended: float | None


def state_at(table: Lifecycle, created: float, fails: bool, events: tuple[Event, ...], now: float) -> Standing:
    """Follow the table from the creation to now.

    `fails` says whether the task takes `fails` where a state offers it; an event that the state of its
    moment does not react to does nothing.
    """
    state, updated = table.states[table.initial], created
    started = created if state.phase == "running" else None
    pending = list(events)
    while True:
        due = None if state.after is None else updated + state.after
        if pending and pending[0].at <= now and (due is None or pending[0].at < due):
            event = pending.pop(0)
            target, moment = state.on.get(event.name), event.at
        elif due is not None and due <= now:
            target, moment = (state.fails if fails and state.fails else state.then), due
        else:
            break
        if target is None:
            continue
        state, updated = table.states[target], moment
        if started is None and state.phase == "running":
            started = moment
    return Standing(state, updated, started, updated if state.final else None)
