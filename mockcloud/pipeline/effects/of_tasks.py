"""Effects on tasks: create, get, find, list, let something happen, remove.

Law: nothing is kept before everything that could refuse the request has passed.
"""

from __future__ import annotations

from mockcloud.contracts.effects import Effect as Declared
from mockcloud.contracts.filling import ABSENT
from mockcloud.contracts.json_reader import pointed
from mockcloud.contracts.model import Reference
from mockcloud.messages import Json, Refusal
from mockcloud.outbound import HOP_HEADER, hop_of
from mockcloud.pipeline.call import Call
from mockcloud.pipeline.effects.ground import Effect, Ground, asked, asked_for, place
from mockcloud.pipeline.effects.selection import fitting, listing
from mockcloud.pipeline.scope import Scope
from mockcloud.state.tasks import Facts, Task


def create(declared: Declared, ground: Ground) -> Effect:
    """One task, or one for each element of the argument that `each` names."""
    kind, tasks, shown = declared.kind, ground.tasks, ground.shown
    references = ground.operation.references

    def make(call: Call, sent: Json, filled: Json, resource: Json) -> Task:
        hop = hop_of(call.request.header(HOP_HEADER))
        facts = Facts(sent, filled, resource, call.host, call.failure, hop, call.request.size)
        return tasks.create(kind, call.tenancy, call.now, facts)

    def one(call: Call, scope: Scope) -> None:
        resource = referred(ground, call, call.arguments) if references else {}
        task = make(call, call.arguments, scope["request"], resource)
        scope["resource"], scope["task"] = resource, shown(task, call.now)

    def each(call: Call, scope: Scope) -> None:
        parts = _each(call.arguments, declared["each"])
        resources = [referred(ground, call, part) for part in parts]
        filled = ground.operation.request.filled
        made: list[Task] = []
        try:
            for part, resource in zip(parts, resources, strict=True):
                # The whole request is filled in already.
                whole = scope["request"] if part is call.arguments else filled(part)
                made.append(make(call, part, whole, resource))
        except Refusal:
            for task in made:
                tasks.remove(task, call.now)
            raise
        scope["tasks"] = [shown(task, call.now) for task in made]
        scope["resource"], scope["task"] = resources[0], scope["tasks"][0]

    return each if declared.get("each") else one


def get(declared: Declared, ground: Ground) -> Effect:
    """The task that the argument names."""

    def get_it(call: Call, scope: Scope) -> None:
        scope["task"] = ground.shown(_found(declared, ground, call, scope), call.now)

    return get_it


def find(declared: Declared, ground: Ground) -> Effect:
    """Those with the ids that the argument lists, and the ids that nobody has; without the argument all."""
    kind, tasks = declared.kind, ground.tasks

    def find_them(call: Call, scope: Scope) -> None:
        wanted, now = asked_for(declared, call), call.now
        if not wanted:
            scope["tasks"], scope["missing"] = [ground.shown(task, now) for task in tasks.all(kind, call.tenancy)], []
            return
        found = {one: tasks.get(kind, call.tenancy, one) for one in wanted}
        scope["tasks"] = [ground.shown(task, now) for task in found.values() if task is not None]
        scope["missing"] = [one for one, task in found.items() if task is None]

    return find_them


def listed(declared: Declared, ground: Ground) -> Effect:
    """The tasks that fit what was asked for."""
    return listing(declared, "task", lambda call: _every(declared, ground, call))


def event(declared: Declared, ground: Ground) -> Effect:
    """Something happens to the one with the id, or to those that fit and whose state reacts."""
    told = declared.views["event"]

    def to_one(call: Call, scope: Scope) -> None:
        task = _found(declared, ground, call, scope)
        if not ground.tasks.happen(task, str(told(scope)), call.now):
            state = ground.tasks.standing(task, call.now).state.name
            raise Refusal("event-refused", note=f"a task in state {state} does not react to it", id=task.id, state=state)
        scope["task"] = ground.shown(_found(declared, ground, call, scope), call.now)

    def to_many(call: Call, scope: Scope) -> None:
        name = told(scope)
        for task in _those(declared, ground, call, scope) if name is not ABSENT else ():
            ground.tasks.happen(task, str(name), call.now)

    return to_one if declared.get("id") else to_many


def remove(declared: Declared, ground: Ground) -> Effect:
    """Forget the one with the id, or those that fit."""

    def one(call: Call, scope: Scope) -> None:
        task = _found(declared, ground, call, scope)
        scope["task"] = ground.shown(task, call.now)
        ground.tasks.remove(task, call.now)

    def many(call: Call, scope: Scope) -> None:
        for task in _those(declared, ground, call, scope):
            ground.tasks.remove(task, call.now)

    return one if declared.get("id") else many


def _fitting(declared: Declared, ground: Ground, call: Call, scope: Scope) -> list[Scope]:
    return fitting(_every(declared, ground, call), "task", declared.filters, scope)


def _every(declared: Declared, ground: Ground, call: Call) -> list[Scope]:
    return [ground.shown(task, call.now) for task in ground.tasks.all(declared.kind, call.tenancy)]


def _those(declared: Declared, ground: Ground, call: Call, scope: Scope) -> list[Task]:
    """The tasks that fit, as they are kept; another request may have removed one meanwhile."""
    kept = [ground.tasks.get(declared.kind, call.tenancy, shown["id"]) for shown in _fitting(declared, ground, call, scope)]
    return [task for task in kept if task is not None]


def _found(declared: Declared, ground: Ground, call: Call, scope: Scope) -> Task:
    name = asked(declared, call, scope)
    task = ground.tasks.get(declared.kind, call.tenancy, name)
    if task is None:
        note = f"no {declared.kind} {name!r} was created here"
        raise Refusal(f"unknown-{declared.kind}", note=note, id=name, **place(declared["id"]))
    return task


def _each(request: Json, pointer: str) -> list[Json]:
    items = pointed(request, pointer)
    if not isinstance(items, list) or not items:
        return [request]
    name = pointer.rpartition("/")[2]
    return [{**request, name: item} for item in items]


def referred(ground: Ground, call: Call, part: Json) -> dict[str, Json]:
    """What a part of the request refers to, by kind. Raises Refusal for what does not exist."""
    found = {}
    for reference in ground.operation.references:
        given = pointed(part, reference.argument)
        if given is not None and (not reference.when or all(pointed(part, at) == one for at, one in reference.when.items())):
            found[reference.resource] = _referred(ground, call, reference, part, given)
    return found


def _referred(ground: Ground, call: Call, reference: Reference, part: Json, given: Json) -> Json:
    item = ground.items.get(reference.resource, call.tenancy, str(given))
    if item is not None and all(item.get(member) == pointed(part, at) for member, at in reference.where.items()):
        return item
    note = f"there is no {reference.resource} {given!r} that fits the request"
    raise Refusal(f"unknown-{reference.resource}", note=note, id=given, **place(reference.argument))
