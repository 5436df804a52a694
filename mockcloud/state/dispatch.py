"""Who goes next: tasks that wait in a queue for a free place.

Knows queues, places and priorities, no vendor. Law: who was let in, and when, follows from what happened until then and
never changes afterwards; asking late gives the same as asking often.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from heapq import heappop, heappush
from math import inf, isfinite

from mockcloud.contracts.lifecycle import DISPATCH, Dispatch, Lifecycle
from mockcloud.contracts.model import Contract
from mockcloud.messages import Json, Refusal
from mockcloud.state.items import Items
from mockcloud.state.lifecycle import Event, Standing, state_at
from mockcloud.state.stores.memory import Key, Store

Task = Json
"""A task as it is kept. `tasks` has the class, and stands above this module."""


@dataclass(slots=True)
class Place:
    """One task of a queue, by its key. What is planned for it holds only while the version is the same."""

    key: Key
    priority: float
    order: int
    version: int = 0
    busy: bool = False
    """Whether it takes one of the places."""
    ends: bool = False
    """Whether nothing more can happen to it after it has given its place back."""


Planned = tuple[float, int, int, Place]
"""A time (or what goes before what), the order of coming, the version of the place, the place."""


@dataclass(slots=True)
class Line:
    """One queue: what is planned for its tasks after the time up to which it is settled."""

    limit: Callable[[], float]
    places: dict[Key, Place] = field(default_factory=dict)
    coming: list[Planned] = field(default_factory=list)
    """By the time from which they may be let in."""
    ready: list[Planned] = field(default_factory=list)
    """By priority."""
    starts: list[Planned] = field(default_factory=list)
    ends: list[Planned] = field(default_factory=list)
    """By the time at which they give their place back."""
    busy: int = 0
    came: int = 0
    changed: set[Key] = field(default_factory=set)
    """Those to whom something happened since the queue was settled."""
    settled: float = -inf
    next: float = inf
    """Nobody can be let in before this time."""
    room: float | None = None
    """How many may wait; None until somebody asks, and after the queue has changed."""

    def plan(self, heap: list[Planned], at: float, place: Place) -> None:
        """Plan something for a place, unless it never happens."""
        if at < inf:
            heappush(heap, (at, place.order, place.version, place))

    def due(self, heap: list[Planned], until: float) -> Iterator[Place]:
        """What is planned until then, taken out, without what holds no more."""
        while heap and heap[0][0] <= until:
            _, _, version, place = heappop(heap)
            if version == place.version:
                yield place

    def take(self, place: Place, *, busy: bool) -> None:
        """Let a task have one of the places, or give it back."""
        self.busy += busy - place.busy
        place.busy = busy

    @property
    def waiting(self) -> int:
        """How many have no place yet, as far as the queue is settled."""
        return len(self.places) - self.busy

    def upcoming(self) -> float:
        """The next time at which somebody may be let in."""
        heaps = (self.coming, self.starts, self.ends) if self.ready else (self.coming,)
        return min((heap[0][0] for heap in heaps if heap), default=inf)


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
        self.lock = threading.RLock()
        """Held by whoever changes a task of these queues."""
        items.watchers.append(self._queue_changes)

    def enter(self, task: Task) -> None:
        """Put a new task at the end of its queue. Raises Refusal when no more may wait there."""
        facts = task.facts
        shown = {"request": facts.request, "sent": facts.sent, "resource": facts.resource, "host": facts.host}
        scope = {"task": shown, "settings": self._settings, "catalog": self._contract.catalog}
        queue, priority = str(self._dispatch.id(scope)), self._dispatch.priority(scope)
        with self.lock:
            line = self._lines.get((*task.tenancy, queue)) or self._opened(task.tenancy, queue)
            self._check_room(line, task, queue)
            line.came += 1
            place = line.places[task.key] = Place(task.key, _number(priority, 0.0), line.came)
            self._line_of[task.key] = line
            if self._table.initial == self._dispatch.state:
                # Nothing has happened to it, and until it is let in time alone does nothing to it.
                at = task.created + self._dispatch.after
                line.plan(line.coming, at, place)
                line.next = min(line.next, at)
            else:
                self._plan(line, task.key, max(line.settled, task.created))
                line.next = min(line.next, line.upcoming())

    def _opened(self, tenancy: tuple[str, ...], queue: str) -> Line:
        line = self._lines[(*tenancy, queue)] = Line(self._limit(tenancy, queue))
        return line

    def _check_room(self, line: Line, task: Task, queue: str) -> None:
        if line.room is None:
            item = self._items.get(self._dispatch.queue, task.tenancy, queue) if self._dispatch.room else None
            line.room = _number(item.get(self._dispatch.room), inf) if item else inf
        room = line.room
        if line.waiting < room:
            return
        self._let_in(line, task.created)
        if line.waiting >= room:
            kind = self._dispatch.queue
            raise Refusal(f"full-{kind}", note=f"{line.waiting} wait in the {kind} {queue!r} already", id=queue, limit=room)

    def settle(self, task: Task, now: float) -> Task:
        """The task after everything that happened in its queue by now."""
        line = self._line_of.get(task.key)
        if line is not None and now >= line.next:
            with self.lock:
                self._let_in(line, now)
        return self._store.get(task.key) or task

    def moved(self, task: Task, now: float) -> None:
        """Something happened now to a task of a queue that is settled; it may let another one in earlier."""
        with self.lock:
            line = self._line_of.get(task.key)
            if line is not None:
                line.settled = max(line.settled, now)
                line.changed.add(task.key)
                line.next = -inf

    def _queue_changes(self, kind: str, tenancy: tuple[str, ...], id: str, now: float) -> None:
        """A queue is about to change or has just changed: until now its limit was the one that it has at this moment."""
        with self.lock:
            line = self._lines.get((*tenancy, id)) if kind == self._dispatch.queue else None
            if line is not None:
                self._let_in(line, now)
                line.next, line.room = -inf, None

    def _limit(self, tenancy: tuple[str, ...], queue: str) -> Callable[[], float]:
        def limit() -> float:
            item = self._items.get(self._dispatch.queue, tenancy, queue)
            return inf if item is None else _number(item.get(self._dispatch.limit), inf)

        return limit

    def _let_in(self, line: Line, now: float) -> None:
        limit = line.limit()
        while line.changed:
            self._plan(line, line.changed.pop(), line.settled)
        while True:
            self._reach(line)
            while line.busy < limit and line.ready:
                place = next(line.due(line.ready, line.ready[0][0]), None)
                if place is not None:
                    self._enter(line, place)
            line.next = line.upcoming()
            if line.next > now:
                break
            line.settled = line.next
        line.settled = max(line.settled, now)

    def _reach(self, line: Line) -> None:
        """What was planned until the time up to which the queue is settled happens."""
        for place in line.due(line.ends, line.settled):
            line.take(place, busy=False)
            if place.ends:
                self._forget(line, place)
        for place in line.due(line.starts, line.settled):
            line.take(place, busy=True)
        for place in line.due(line.coming, line.settled):
            line.plan(line.ready, -place.priority, place)

    def _enter(self, line: Line, place: Place) -> None:
        task = self._store.get(place.key)
        if task is not None:
            self._store.put(task._replace(events=(*task.events, Event(line.settled, DISPATCH))))
        self._plan(line, place.key, line.settled)

    def _plan(self, line: Line, key: Key, moment: float) -> None:
        """Plan anew what time alone will do with a task after a moment."""
        place, task = line.places[key], self._store.get(key)
        place.version += 1
        line.take(place, busy=False)
        path = [] if task is None else list(self._path(task, moment))
        if not path or path[0].state.final:
            self._forget(line, place)
            return
        running = [at for at, standing in enumerate(path) if standing.state.phase == "running"]
        if running:
            start, after = path[running[0]].updated, path[running[-1] + 1 :]
            line.take(place, busy=start <= line.settled)
            if not place.busy:
                line.plan(line.starts, start, place)
            line.plan(line.ends, after[0].updated if after else inf, place)
        last = path[-1]
        place.ends = last.state.final
        if last.state.name == self._dispatch.state:
            line.plan(line.coming, last.updated + self._dispatch.after, place)

    def _path(self, task: Task, moment: float) -> Iterator[Standing]:
        """Where a task stands at a moment and, as far as time alone leads, afterwards."""
        while True:
            standing = state_at(self._table, task.created, bool(task.facts.failure), task.events, moment)
            yield standing
            if standing.state.after is None:
                return
            moment = standing.updated + standing.state.after

    def _forget(self, line: Line, place: Place) -> None:
        place.version += 1
        line.places.pop(place.key, None)
        self._line_of.pop(place.key, None)


def _number(value: Json, default: float) -> float:
    try:
        number = float(value)
    except (TypeError, ValueError, OverflowError):
        return default
    return number if isfinite(number) else default
