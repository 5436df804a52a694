"""Who goes next: tasks that wait in a queue for a free place.

Knows queues, places and priorities, no vendor. Law: who was let in, and when, follows from what happened until then and
never changes afterwards; asking late gives the same as asking often.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from math import inf

from mockcloud.contracts.lifecycle import DISPATCH, Dispatch, Lifecycle
from mockcloud.contracts.model import Contract
from mockcloud.messages import Json
from mockcloud.state.items import Items
from mockcloud.state.lifecycle import Event, state_at
from mockcloud.state.stores.memory import Key, Store

Task = Json
"""A task as it is kept. `tasks` has the class, and stands above this module."""


@dataclass(slots=True)
class Place:
    """Where one stands in a queue: its priority, and since when it may be let in (inf: not as things stand)."""

    priority: float
    since: float


@dataclass(slots=True)
class Line:
    """One queue: those that wait, in the order in which they came, and those that were let in, by their keys."""

    limit: Callable[[], float]
    waiting: dict[Key, Place] = field(default_factory=dict)
    inside: set[Key] = field(default_factory=set)
    changed: set[Key] = field(default_factory=set)
    """Those to whom something happened since the queue was settled."""
    settled: float = -inf
    next: float = inf
    """Nothing can happen before this time."""


class Dispatcher:
    """The queues of one kind of task of one provider of one cloud."""

    def __init__(
        self, contract: Contract, table: Lifecycle, dispatch: Dispatch, settings: Json, store: Store[Task], items: Items
    ) -> None:
        self._contract = contract
        self._table = table
        self._dispatch = dispatch
        self._settings = settings
        self._store = store
        self._items = items
        self._lines: dict[Key, Line] = {}
        self._line_of: dict[Key, Line] = {}
        self._lock = threading.Lock()

    def enter(self, task: Task) -> None:
        """Put a new task at the end of its queue."""
        facts = task.facts
        shown = {"request": facts.request, "sent": facts.sent, "resource": facts.resource, "host": facts.host}
        scope = {"task": shown, "settings": self._settings, "catalog": self._contract.catalog}
        queue, priority = str(self._dispatch.id(scope)), self._dispatch.priority(scope)
        with self._lock:
            line = self._lines.setdefault((*task.tenancy, queue), Line(self._limit(task.tenancy, queue)))
            since = task.created + self._dispatch.after if self._table.initial == self._dispatch.state else inf
            line.waiting[task.key] = Place(float(priority) if priority else 0.0, since)
            line.next = min(line.next, since)
            self._line_of[task.key] = line

    def settle(self, task: Task, now: float) -> Task:
        """The task after everything that happened in its queue by now."""
        line = self._line_of.get(task.key)
        if line is None or now < line.next:
            return self._store.get(task.key) or task
        with self._lock:
            self._let_in(line, now)
        return self._store.get(task.key) or task

    def moved(self, task: Task) -> None:
        """Something happened to a task of a queue, which may let another one in earlier."""
        line = self._line_of.get(task.key)
        if line is not None:
            line.changed.add(task.key)
            line.next = -inf

    def _limit(self, tenancy: tuple[str, ...], queue: str) -> Callable[[], float]:
        def limit() -> float:
            item = self._items.get(self._dispatch.queue, tenancy, queue)
            return float(item[self._dispatch.limit]) if item and self._dispatch.limit in item else inf

        return limit

    def _let_in(self, line: Line, now: float) -> None:
        moment, limit = line.settled, line.limit()
        self._look_again(line)
        ends = self._ends(line, moment)
        while line.waiting:
            free = limit - sum(end > moment for end in ends)
            due = [key for key, place in line.waiting.items() if place.since <= moment] if free > 0 else []
            if due:
                ends.append(self._enter(line, max(due, key=lambda key: line.waiting[key].priority), moment))
                continue
            times = (place.since for place in line.waiting.values()) if free > 0 else (end for end in ends if end > moment)
            moment = min(times, default=inf)
            if moment > now:
                break
        line.next = moment if line.waiting else inf
        line.settled = now

    def _look_again(self, line: Line) -> None:
        """Find out where those stand to whom something happened; whoever left is forgotten."""
        while line.changed:
            key = line.changed.pop()
            task = self._store.get(key)
            standing = None if task is None else self._standing(task, inf)
            if standing is None or standing.state.final:
                line.waiting.pop(key, None)
                if key not in line.inside:
                    self._line_of.pop(key, None)
            elif key in line.waiting:
                waits = standing.state.name == self._dispatch.state
                line.waiting[key].since = standing.updated + self._dispatch.after if waits else inf

    def _ends(self, line: Line, moment: float) -> list[float]:
        """When those inside leave; whoever left before the moment is forgotten."""
        ends = []
        for key in list(line.inside):
            task = self._store.get(key)
            end = -inf if task is None else self._end(task)
            if end <= moment:
                line.inside.discard(key)
                self._line_of.pop(key, None)
            else:
                ends.append(end)
        return ends

    def _enter(self, line: Line, key: Key, moment: float) -> float:
        """Let one in. Returns when it leaves."""
        del line.waiting[key]
        task = self._store.get(key)
        if task is None:
            self._line_of.pop(key, None)
            return -inf
        entered = task._replace(events=(*task.events, Event(moment, DISPATCH)))
        self._store.put(entered)
        line.inside.add(key)
        return self._end(entered)

    def _standing(self, task: Task, now: float) -> Json:
        return state_at(self._table, task.created, bool(task.facts.failure), task.events, now)

    def _end(self, task: Task) -> float:
        ended = self._standing(task, inf).ended
        return inf if ended is None else float(ended)
