"""Do what the operation's data declares, and gather what its answer may speak of.

Knows the effects, no vendor. Law: nothing is kept before everything that could refuse the request has passed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from mockcloud.contracts.json_reader import pointed
from mockcloud.contracts.model import Operation, Reference
from mockcloud.contracts.times import http_date
from mockcloud.messages import Json, Refusal
from mockcloud.pipeline.call import Call
from mockcloud.state.tasks import Facts, Task, Tasks

Scope = dict[str, Json]


def base_scope(call: Call) -> Scope:
    """What every view may speak of, however far the request came."""
    credential = call.credential
    return {
        "request": call.arguments,
        "operation": {"name": call.chosen[0].name} if call.chosen else {},
        "credential": {"access_key": credential.access_key, "client_code": credential.client_code},
        "host": call.host,
        "path": call.request.path,
        "settings": call.settings,
        "request_id": call.request_id,
        "date": http_date(int(call.now)),
        "catalog": call.contract.resources,
    }


def perform(call: Call, tasks: Tasks, failure: str) -> Scope:
    """Check the references, have the effect, and return the scope of the answer. Raises Refusal."""
    scope = base_scope(call)
    operation = call.operation
    scope["request"] = operation.request.filled(call.arguments)
    parts = [(part, _resources(call, operation, part)) for part in _each(call.arguments, operation.effect.get("each"))]
    scope["resource"] = parts[0][1]
    tenancy = tuple([str(view(scope)) for view in call.contract.tenancy])
    if operation.verb:
        EFFECTS[operation.verb](_Doing(call, tasks, tenancy, scope, failure, parts), operation.effect)
    return scope


class _Doing:
    """An effect at work: the call, the tasks it may touch, the scope it adds to.

    `parts` are the parts of the request that it is had for, each with what it refers to.
    """

    def __init__(
        self, call: Call, tasks: Tasks, tenancy: tuple[str, ...], scope: Scope, failure: str, parts: list[tuple[Json, Json]]
    ) -> None:
        self.call, self.tasks, self.tenancy = call, tasks, tenancy
        self.scope, self.failure, self.parts = scope, failure, parts

    def create(self, effect: Mapping[str, Json]) -> None:
        """One task, or one for each element of the argument that `each` names."""
        made = [self.made(effect["create"], sent, resource) for sent, resource in self.parts]
        self.scope["tasks"] = [self.shown(task) for task in made]
        self.scope["task"] = self.scope["tasks"][0]

    def made(self, kind: str, sent: Json, resource: Json) -> Task:
        """One task of what was sent, with the defaults filled in beside it."""
        # The whole request is filled in already; a part of it is not.
        whole = sent is self.call.arguments
        filled = self.scope["request"] if whole else self.call.operation.request.filled(sent)
        facts = Facts(sent, filled, resource, self.call.host, self.failure)
        return self.tasks.create(kind, self.tenancy, self.call.now, facts)

    def get(self, effect: Mapping[str, Json]) -> None:
        self.scope["task"] = self.shown(self.found(effect["get"], effect["id"]))

    def find(self, effect: Mapping[str, Json]) -> None:
        """Those with the ids that the argument lists, and the ids that nobody has; without the argument all."""
        kind, given = effect["find"], pointed(self.call.arguments, effect["ids"])
        if not given:
            self.scope["tasks"] = [self.shown(task) for task in self.tasks.all(kind, self.tenancy)]
            self.scope["missing"] = []
            return
        asked = given.split(effect["separator"]) if "separator" in effect else [given]
        found = {one: self.tasks.get(kind, self.tenancy, one) for one in asked}
        self.scope["tasks"] = [self.shown(task) for task in found.values() if task is not None]
        self.scope["missing"] = [one for one, task in found.items() if task is None]

    def event(self, effect: Mapping[str, Json]) -> None:
        task = self.found(effect["kind"], effect["id"])
        if not self.tasks.happen(task, effect["event"], self.call.now):
            state = self.tasks.standing(task, self.call.now).state.name
            raise Refusal("event-refused", note=f"a task in state {state} does not react to it", id=task.id, state=state)
        self.scope["task"] = self.shown(self.found(effect["kind"], effect["id"]))

    def select(self, effect: Mapping[str, Json]) -> None:
        """The resources whose members equal the arguments; an absent argument does not filter."""
        wanted = {member: pointed(self.call.arguments, at) for member, at in effect.get("where", {}).items()}
        self.scope["resources"] = [
            item
            for item in self.call.contract.resources[effect["select"]]
            if all(not value or item.get(member) == value for member, value in wanted.items())
        ]

    def found(self, kind: str, pointer: str) -> Task:
        asked = str(pointed(self.call.arguments, pointer))
        task = self.tasks.get(kind, self.tenancy, asked)
        if task is None:
            raise Refusal(f"unknown-{kind}", note=f"no {kind} {asked!r} was created here", id=asked, **_place(pointer))
        return task

    def shown(self, task: Task) -> Json:
        """A task as views see it."""
        standing = self.tasks.standing(task, self.call.now)
        state, render = standing.state, self.call.contract.times.render
        created = render(task.created)
        shown: Scope = {
            "id": task.id,
            "state": state.name,
            "phase": state.phase,
            "created": created,
            "updated": created if standing.updated == task.created else render(standing.updated),
            "sent": task.facts.sent,
            "request": task.facts.request,
            "resource": task.facts.resource,
            "host": task.facts.host,
        }
        if state.progress is not None:
            shown["progress"] = state.progress
        if standing.started is not None:
            shown["started"] = render(standing.started)
        if standing.ended is not None:
            shown["ended"] = render(standing.ended)
        if state.phase == "failed":
            code = task.facts.failure
            shown["failure"] = {"code": code, "message": self.call.contract.errors.failure_message(code)}
        return shown


EFFECTS: Final[dict[str, Callable[[_Doing, Mapping[str, Json]], None]]] = {
    "create": _Doing.create,
    "get": _Doing.get,
    "find": _Doing.find,
    "event": _Doing.event,
    "select": _Doing.select,
}


def _resources(call: Call, operation: Operation, part: Json) -> dict[str, Json]:
    """What a part of the request refers to, by kind."""
    if not operation.references:
        return {}
    return {one.resource: item for one in operation.references if (item := _referred(call, one, part))}


def _referred(call: Call, reference: Reference, part: Json) -> Json:
    given = pointed(part, reference.argument)
    if given is None:
        return None
    for item in call.contract.resources[reference.resource]:
        if item["id"] == given and all(item.get(member) == pointed(part, at) for member, at in reference.where.items()):
            return item
    note = f"there is no {reference.resource} {given!r} that fits the request"
    raise Refusal(f"unknown-{reference.resource}", note=note, id=given, **_place(reference.argument))


def _place(pointer: str) -> dict[str, Json]:
    return {"name": pointer.rpartition("/")[2], "field": pointer.lstrip("/").replace("/", "."), "where": pointer}


def _each(request: Json, pointer: str | None) -> list[Json]:
    items = pointed(request, pointer) if pointer else None
    if not isinstance(items, list) or not items or pointer is None:
        return [request]
    name = pointer.rpartition("/")[2]
    return [{**request, name: item} for item in items]
