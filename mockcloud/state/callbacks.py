"""Which messages are due: those of tasks that ended, each as often as its receiver does not take it.

Knows tasks and time, no vendor and no network. Law: a message is sent at the moment of its task's end or later,
never before, and what is due is sent in the order in which it fell due, whichever provider's it is.
"""

from __future__ import annotations

import heapq
import threading
from collections import deque
from collections.abc import Sequence
from itertools import count
from math import inf, nextafter
from typing import NamedTuple

from mockcloud.contracts.callbacks import Callback
from mockcloud.contracts.filling import ABSENT
from mockcloud.contracts.model import Contract
from mockcloud.messages import Json
from mockcloud.state.messenger import Messenger
from mockcloud.state.shown import Shown
from mockcloud.state.stores.memory import Key
from mockcloud.state.tasks import Task, Tasks


class Due(NamedTuple):
    """A message that is to be sent at a time: the how-manieth try it is, and what is still to be waited for after it."""

    at: float
    order: tuple[int, int]
    """Of messages of one moment the older task's goes first, and of one task's the one that the contract names first."""
    callback: Callback
    task: Task
    attempt: int
    gaps: tuple[float, ...]


class Check(NamedTuple):
    """A task that is looked at again at a time; `age` keeps two of one moment apart."""

    at: float
    age: int
    task: Task


class Callbacks:
    """The messages of one provider's tasks."""

    def __init__(self, contract: Contract, tasks: Tasks, messenger: Messenger, shown: Shown) -> None:
        self._callbacks = [callback for callback in contract.callbacks.values() if callback.of]
        self._kinds = frozenset(callback.of for callback in self._callbacks)
        self._tasks = tasks
        self._messenger = messenger
        self._shown = shown
        self._changed: deque[Task] = deque()
        """Tasks that are new, or to which something happened."""
        self._ages: dict[Key, int] = {}
        """The tasks that have not been told of yet, by their keys: how-manieth each is."""
        self._checks: list[Check] = []
        self._due: list[Due] = []
        self._order = count()

    def watch(self, task: Task) -> None:
        """Tell of this task when it ends, if there is anything to tell. Called again when something happened to it."""
        if task.kind in self._kinds:
            self._changed.append(task)

    @property
    def upcoming(self) -> float:
        """When the next message that is known of is due; inf when there is none."""
        return self._due[0].at if self._due else inf

    def look(self, now: float) -> None:
        """Put the messages of the tasks that have ended among those that are due."""
        while self._changed:
            task = self._changed.popleft()
            age = self._ages.setdefault(task.key, next(self._order))
            heapq.heappush(self._checks, Check(-inf, age, task))
        while self._checks and self._checks[0].at <= now:
            check = heapq.heappop(self._checks)
            if check.task.key in self._ages:
                self._look_at(check, now)

    def _look_at(self, check: Check, now: float) -> None:
        kept = check.task
        task = self._tasks.get(kept.kind, kept.tenancy, kept.id)
        standing = None if task is None else self._tasks.standing(task, now)
        if task is not None and standing is not None and standing.ended is None:
            # Only an event could bring the end nearer, and that is told of.
            end = max(self._tasks.foreseen_end(task, now), nextafter(now, inf))
            heapq.heappush(self._checks, Check(end, check.age, task))
            return
        del self._ages[kept.key]
        if task is None or standing is None or standing.ended is None:
            return
        for place, callback in enumerate(self._callbacks):
            if callback.of == task.kind and standing.state.name in callback.on:
                heapq.heappush(self._due, Due(standing.ended, (check.age, place), callback, task, 1, ()))

    def send(self) -> None:
        """Send the next message, and plan another try when it is not taken."""
        due = heapq.heappop(self._due)
        task = due.task
        scope = self._messenger.scope(self._shown(task, due.at), due.at)
        message, used = self._messenger.tell(due.callback, scope, task.tenancy, due.at, task.id, due.attempt, task.facts.hop)
        if message is None or message.kept_back or message.delivered:
            return
        gaps = _gaps(due.callback, used) if due.attempt == 1 else due.gaps
        if gaps:
            heapq.heappush(self._due, due._replace(at=due.at + gaps[0], attempt=due.attempt + 1, gaps=gaps[1:]))


class Deliveries:
    """Sends what is due in one cloud. Safe to call from several threads, and from within a receiver: one of them sends."""

    def __init__(self) -> None:
        self._asked: deque[tuple[Sequence[Callbacks], float]] = deque()
        self._lock = threading.Lock()

    def deliver(self, providers: Sequence[Callbacks], now: float) -> None:
        """Send what is due by now. Returns at once while another thread does it, which then goes on until now as well."""
        self._asked.append((providers, now))
        while self._asked and self._lock.acquire(blocking=False):
            try:
                while self._asked:
                    self._until(*self._asked.popleft())
            finally:
                self._lock.release()

    def _until(self, providers: Sequence[Callbacks], now: float) -> None:
        for one in providers:
            one.look(now)
        while providers and (first := min(providers, key=lambda one: one.upcoming)).upcoming <= now:
            first.send()


def _gaps(callback: Callback, scope: Json) -> tuple[float, ...]:
    found = ABSENT if callback.retries is None else callback.retries(scope)
    return tuple(_seconds(gap) for gap in found) if isinstance(found, list) else ()


def _seconds(gap: Json) -> float:
    try:
        return max(0.0, float(gap))
    except (TypeError, ValueError):
        return inf  # what is no time never comes
