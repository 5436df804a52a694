"""A contract on trial: its own examples sent through its own stages, and what came of each.

Knows the stages of a request and the state behind them, and no socket. Law: nothing leaves the process, and the clock moves
only when it is told to.
"""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import Final

from mockcloud.contracts.lifecycle import DISPATCH, Lifecycle
from mockcloud.contracts.model import Operation
from mockcloud.contracts.routes import in_path
from mockcloud.contracts.sketches import sketch
from mockcloud.messages import Json, Refusal, Violation
from mockcloud.outbound import Sender
from mockcloud.pipeline import behaviour, rendering, routing, validation
from mockcloud.pipeline.call import Call
from mockcloud.pipeline.service import WELL_KNOWN, Service
from mockcloud.reports.laws.specimens import Message, request, specimen
from mockcloud.reports.laws.subject import Subject
from mockcloud.reports.patterns import matching
from mockcloud.state.clock import VirtualClock
from mockcloud.state.items import Items
from mockcloud.state.messenger import Messages
from mockcloud.state.stores.memory import MemoryStore
from mockcloud.state.tasks import Task

NOON: Final = 1_767_268_800.0
"""2026-01-01T12:00:00Z, when every trial begins."""

_CHANGING = ("event", "change", "remove")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one example: the kind and state of the task that it was about (empty for none), and the answer's defects.

    `refused` is why it was refused, `raised` what a module raised, both empty where nothing was; `arrived` whether it came
    past route, authentication and body to its operation.
    """

    operation: str
    kind: str
    state: str
    arrived: bool
    refused: str = ""
    note: str = ""
    raised: str = ""
    defects: tuple[Violation, ...] = ()


class Trial:
    """One provider at work, without a cloud around it."""

    def __init__(self, subject: Subject) -> None:
        self.contract, self.drafts = subject.contract, subject.drafts
        self.clock = VirtualClock(NOON, tick=0)
        store = MemoryStore[Task]()
        self.sign = self.contract.behaviours.sign
        self.host = self.contract.hosts[0].example
        self.parts = routing.host_parts(sketch(subject.folder), self.host.lower()) or {"name": self.host}
        self.service = Service.opened(
            subject.folder,
            store=store,
            clock=self.clock,
            seed=0,
            strict=self.sign is not None,
            credentials={WELL_KNOWN.access_key: WELL_KNOWN},
            settings={},
            sender=Sender(()),
            messages=Messages(),
        )
        self.items: Items = Items(self.contract, store, self.service.identifiers)  # type: ignore[arg-type]  # one store for both
        self.tenancy: tuple[str, ...] = ()

    def ask(self, operation: Operation, *, kind: str = "", state: str = "", failure: str = "") -> Outcome | None:
        """Send an example of an operation; None where none was found."""
        found = ((given, self._draft(operation, given)) for given in self._given(operation))
        given, message = next(((given, one) for given, one in found if one is not None), ({}, None))
        if message is None:
            return None
        asked = request(operation, message, self.host, given)
        call = self.service.receive(asked, self.parts, self.clock.tick())
        outcome = partial(Outcome, operation.name, kind, state)
        try:
            answer = self._answered(call, failure)
        except Refusal as refused:
            reason = refused.violations[0].rule if refused.violations else refused.reason
            return outcome(_came_to(call, operation), refused=reason, note=refused.note)
        except Exception as problem:  # noqa: BLE001  # a module of somebody else's may raise anything
            return outcome(_came_to(call, operation), raised=f"{type(problem).__name__}: {problem}")
        self.tenancy = call.tenancy
        return outcome(_came_to(call, operation), defects=answer.defects)

    def _draft(self, operation: Operation, given: dict[str, Json]) -> Message | None:
        name = f"{operation.name} {given}"
        if name not in self.drafts:
            self.drafts[name] = specimen(operation, given)
        return self.drafts[name]

    def _answered(self, call: Call, failure: str) -> rendering.Rendered:
        if self.sign is not None:
            call.request = self.sign(call.request, WELL_KNOWN, self.clock.now())
        for check in self.service.checks:
            check(call)
        validation.check(call)
        call.failure = failure
        return rendering.success(call, behaviour.perform(call, self.service.actions))

    def _given(self, operation: Operation) -> Iterator[dict[str, Json]]:
        """Values for the arguments that name what is there, the likeliest first; none at all last."""
        path = [f"/{one.name}" for one in in_path(operation)][-1:]
        about = [(effect.kind, effect.get("id") or effect.get("ids")) for effect in operation.effects]
        # An id that a view makes is most likely made of the path.
        places = [(at, kind) for kind, one in about for at in (path if isinstance(one, dict) else [str(one)])]
        named = {at: self._ids(kind) for at, kind in places if at.startswith("/")}
        ids = {at: found[-1] for at, found in named.items() if found}
        for reference in operation.references:
            for item in reversed(self.items.all(reference.resource, self.tenancy)):
                where = {at: item[member] for member, at in reference.where.items() if member in item}
                yield {**ids, reference.argument: item["id"], **where}
        yield ids
        yield {}

    def _ids(self, kind: str) -> list[str]:
        if kind in self.contract.lifecycles:
            return [task.id for task in self.service.tasks.everything() if task.kind == kind]
        return [str(item["id"]) for item in self.items.all(kind, self.tenancy)]

    def task(self, kind: str) -> Task:
        """The last task of a kind."""
        return self.service.tasks.all(kind, self.tenancy)[-1]

    def state(self, kind: str) -> str:
        """Where the last task of a kind stands."""
        return self.service.tasks.standing(self.task(kind), self.clock.now()).state.name

    def go(self, kind: str, way: list[tuple[str, float]]) -> None:
        """Let the last task of a kind go a way: events, or (without a name) times."""
        for event, seconds in way:
            self.clock.advance(seconds)
            if event:
                self.service.tasks.happen(self.task(kind), event, self.clock.now())


def _came_to(call: Call, operation: Operation) -> bool:
    return call.chosen and call.operation.name == operation.name


@lru_cache(1)
def outcomes(subject: Subject) -> list[Outcome | str]:
    """What came of every example: of each operation, then of those for each state of a task. A name: it has no example."""
    if subject.uncompiled:
        return []
    return [*_whole(subject), *(one for kind in subject.contract.lifecycles for one in _states(subject, kind))]


def _makes(operation: Operation) -> bool:
    return any(effect.verb in ("create", "add") for effect in operation.effects)


def _changes(operation: Operation) -> bool:
    return any(effect.verb in _CHANGING for effect in operation.effects)


def _whole(subject: Subject) -> Iterator[Outcome | str]:
    trial = Trial(subject)
    # What makes something may need what another makes; then what looks, then what changes.
    operations = sorted(subject.contract.operations.values(), key=lambda one: (not _makes(one), _changes(one)))
    for operation in (*(one for one in operations if _makes(one)), *operations):
        yield trial.ask(operation) or operation.name


def _states(subject: Subject, kind: str) -> Iterator[Outcome]:
    operations = subject.contract.operations.values()
    creator = next((one for one in operations if any(e.verb == "create" and e.kind == kind for e in one.effects)), None)
    about = [one for one in operations if not _makes(one) and any(e.of_tasks and e.kind == kind for e in one.effects)]
    looking, changing = [one for one in about if not _changes(one)], [one for one in about if _changes(one)]
    for state in subject.contract.lifecycles[kind].states if creator else ():
        # What changes a task gets one of its own, so that the next finds it in the same state.
        for group in (looking, *([one] for one in changing)):
            trial = made(subject, kind, creator, state)
            for operation in group if trial else ():
                found = trial.ask(operation, kind=kind, state=state) if trial else None
                yield from [found] if found else ()


def made(subject: Subject, kind: str, creator: Operation | None, state: str) -> Trial | None:
    """A trial in which the last task of a kind stands in a state; None where it could not be brought there."""
    way = None if subject.uncompiled else ways(subject.contract.lifecycles[kind]).get(state)
    if way is None or creator is None:
        return None
    steps, fails = way
    trial = Trial(subject)
    for operation in subject.contract.operations.values():
        if any(effect.verb == "add" for effect in operation.effects):
            trial.ask(operation)
    outcome = trial.ask(creator, failure=_code(subject) if fails else "")
    if outcome is None or outcome.refused or outcome.raised or not trial.service.tasks.all(kind, trial.tenancy):
        return None
    trial.go(kind, steps)
    return trial if trial.state(kind) == state else None


def ways(table: Lifecycle) -> Mapping[str, tuple[list[tuple[str, float]], bool]]:
    """The shortest way to each state: events and times, and whether the task has to fail on it."""
    found: dict[str, tuple[list[tuple[str, float]], bool]] = {table.initial: ([], False)}
    waiting = deque([table.initial])
    while waiting:
        name = waiting.popleft()
        state, (way, fails) = table.states[name], found[name]
        edges = [(state.then, ("", state.after or 0.0), fails), (state.fails, ("", state.after or 0.0), True)]
        inside = table.dispatch.after if table.dispatch else 0.0
        edges += [(to, ("", inside) if event == DISPATCH else (event, 0.0), fails) for event, to in state.on.items()]
        for to, step, failing in edges:
            if to and to not in found:
                found[to] = [*way, step], failing
                waiting.append(to)
    return found


def _code(subject: Subject) -> str:
    """A code that a task can fail with."""
    listed = next((code for code, one in subject.contract.errors.codes.items() if one.where != "request"), "")
    pattern = subject.data["errors"].get("task_codes", {}).get("pattern", "")
    return listed or matching(pattern, whole=True) or ""


def shown(value: Json) -> str:
    """A value as a finding shows it."""
    return json.dumps(value, ensure_ascii=False, default=str)[:80]
