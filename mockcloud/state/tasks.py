"""Tasks: create, get, list, and let something happen to one. All that a behaviour may do; sole user of the store.

Law: a task of one tenancy cannot be seen from another.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from math import inf
from typing import NamedTuple

from mockcloud.contracts.lifecycle import DISPATCH
from mockcloud.contracts.model import Contract
from mockcloud.messages import Json, Refusal
from mockcloud.state.clock import Clock
from mockcloud.state.dispatch import Dispatcher
from mockcloud.state.identifiers import Identifiers
from mockcloud.state.lifecycle import Event, Standing, state_at
from mockcloud.state.stores.memory import Full, Key, Store


class Facts(NamedTuple):
    """What a task was created with: the arguments as sent and with defaults, what they refer to, the host that was asked.

    `failure` is the code that the task will fail with, empty for success; `hop` how many mocks the request came through;
    `weight` the bytes of the request.
    """

    sent: Json
    request: Json
    resource: Json
    host: Json
    failure: str
    hop: int = 0
    weight: int = 0


class Task(NamedTuple):
    """One task as it is kept. Its state is not kept: it follows from the table, these facts and the time."""

    provider: str
    kind: str
    tenancy: tuple[str, ...]
    id: str
    created: float
    facts: Facts
    key: Key
    """Provider, kind, tenancy and id."""
    events: tuple[Event, ...] = ()

    @property
    def weight(self) -> int:
        """The bytes of the request that created it."""
        return self.facts.weight


class Tasks:
    """The tasks of one provider."""

    def __init__(self, contract: Contract, store: Store[Task], clock: Clock, identifiers: Identifiers) -> None:
        self._contract = contract
        self._store = store
        self._clock = clock
        self._identifiers = identifiers
        self._lock = threading.Lock()
        self.watcher: Callable[[Task], None] | None = None
        """Told of every new task, and of every one to which something happened."""
        self.dispatchers: Mapping[str, Dispatcher] = {}
        """By kind of task, those whose tasks wait for a free place."""

    def create(self, kind: str, tenancy: tuple[str, ...], now: float, facts: Facts) -> Task:
        """Keep a new task of these facts. Raises Refusal when no more can be kept."""
        name, made = self._contract.name, self._identifiers.make(kind, now)
        task = Task(name, kind, tenancy, made, now, facts, (name, kind, *tenancy, made))
        try:
            self._store.put(task)
        except Full:
            raise Refusal("too-many-tasks", note="the mock's store is full; make a new Cloud, or restart the server") from None
        if kind in self.dispatchers:
            try:
                self.dispatchers[kind].enter(task)
            except Refusal:
                self._store.remove(task.key)
                raise
        self._tell(task)
        return task

    def get(self, kind: str, tenancy: tuple[str, ...], id: str) -> Task | None:
        """The task with this id, None where this tenancy has none."""
        return self._store.get((self._contract.name, kind, *tenancy, id))

    def all(self, kind: str, tenancy: tuple[str, ...]) -> list[Task]:
        """All tasks of this tenancy, oldest first."""
        return self._store.below((self._contract.name, kind, *tenancy))

    def remove(self, task: Task, now: float) -> None:
        """Forget a task."""
        with self._changing(task, now):
            self._store.remove(task.key)

    def happen(self, task: Task, name: str, now: float) -> bool:
        """Let an event happen to a task. Returns whether its state reacted; if not, nothing is kept."""
        with self._changing(task, now):
            current = self._store.get(task.key)
            if current is None or name == DISPATCH:
                return False
            # Of two requests at once the later one may have been quicker; what happened stays in its order.
            now = max(now, current.events[-1].at) if current.events else now
            if name not in self._stands(current, now).state.on:
                return False
            self._store.put(current._replace(events=(*current.events, Event(now, name))))
        self._tell(task)
        return True

    def _tell(self, task: Task) -> None:
        if self.watcher is not None:
            self.watcher(task)

    def foreseen_end(self, task: Task, now: float) -> float:
        """The earliest time at which a task that has not ended may end when nothing more happens to it; inf for never."""
        task = self._store.get(task.key) or task
        standing = self._stands(task, inf)
        if standing.ended is None and DISPATCH in standing.state.on:
            standing = self._stands(task._replace(events=(*task.events, Event(now, DISPATCH))), inf)
        return inf if standing.ended is None else standing.ended

    def standing(self, task: Task, now: float) -> Standing:
        """Where a task stands at a time."""
        dispatcher = self.dispatchers.get(task.kind)
        return self._stands(task if dispatcher is None else dispatcher.settle(task, now), now)

    def _stands(self, task: Task, now: float) -> Standing:
        return state_at(self._contract.lifecycles[task.kind], task.created, bool(task.facts.failure), task.events, now)

    @contextmanager
    def _changing(self, task: Task, now: float) -> Iterator[None]:
        """Nobody else changes the task meanwhile, and its queue learns of it."""
        dispatcher = self.dispatchers.get(task.kind)
        if dispatcher is None:
            with self._lock:
                yield
            return
        with dispatcher.lock:
            dispatcher.settle(task, now)
            yield
            dispatcher.moved(task, now)

    def everything(self) -> list[TaskView]:
        """Every task of the provider as it stands now, whoever made it, for a test to look at."""
        now = self._clock.now()
        kinds = self._contract.lifecycles
        kept = [task for kind in kinds for task in self._store.below((self._contract.name, kind))]
        return [TaskView.of(task, self.standing(task, now)) for task in kept]


@dataclass(frozen=True, slots=True)
class TaskView:
    """A task for a test to look at: its id, kind, state in the vendor's word, phase, arguments and failure code."""

    id: str
    kind: str
    state: str
    phase: str
    request: Json
    failure: str
    created: float

    @classmethod
    def of(cls, task: Task, standing: Standing) -> TaskView:
        """The task at this standing."""
        state, facts = standing.state, task.facts
        failure = facts.failure if state.phase == "failed" else ""
        return cls(task.id, task.kind, state.name, state.phase, facts.request, failure, task.created)
