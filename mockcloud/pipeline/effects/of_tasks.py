"""Effects on tasks: create, get, find, list, let something happen, remove.

Law: nothing is kept before everything that could refuse the request has passed.
"""

from __future__ import annotations

from mockcloud.contracts.effects import Effect as Declared
from mockcloud.contracts.filling import ABSENT
from mockcloud.contracts.json_reader import pointed
from mockcloud.contracts.model import Reference
from mockcloud.messages import Json, Refusal
from mockcloud.pipeline.effects.doing import Doing, Effect, Ground, asked, place
from mockcloud.pipeline.effects.selection import cut, fitting
from mockcloud.pipeline.scope import Scope
from mockcloud.state.tasks import Facts, Task


def create(declared: Declared, ground: Ground) -> Effect:
    """One task, or one for each element of the argument that `each` names."""
    kind, tasks, shown = declared.kind, ground.tasks, ground.shown
    references = ground.operation.references

    def make(doing: Doing, sent: Json, filled: Json, resource: Json) -> Task:
        facts = Facts(sent, filled, resource, doing.call.host, doing.failure)
        return tasks.create(kind, doing.tenancy, doing.call.now, facts)

    def one(doing: Doing, scope: Scope) -> None:
        resource = referred(ground, doing, doing.call.arguments) if references else {}
        task = make(doing, doing.call.arguments, scope["request"], resource)
        scope["resource"], scope["task"] = resource, shown(task, doing.call.now)

    def each(doing: Doing, scope: Scope) -> None:
        parts = _each(doing.call.arguments, declared["each"])
        resources = [referred(ground, doing, part) for part in parts]
        filled = ground.operation.request.filled
        made = [make(doing, part, filled(part), resource) for part, resource in zip(parts, resources, strict=True)]
        scope["tasks"] = [shown(task, doing.call.now) for task in made]
        scope["resource"], scope["task"] = resources[0], scope["tasks"][0]

    return each if declared.get("each") else one


def get(declared: Declared, ground: Ground) -> Effect:
    """The task that the argument names."""

    def get_it(doing: Doing, scope: Scope) -> None:
        scope["task"] = ground.shown(_found(declared, ground, doing), doing.call.now)

    return get_it


def find(declared: Declared, ground: Ground) -> Effect:
    """Those with the ids that the argument lists, and the ids that nobody has; without the argument all."""
    kind, tasks, separator = declared.kind, ground.tasks, declared.get("separator")

    def find_them(doing: Doing, scope: Scope) -> None:
        given, now = pointed(doing.call.arguments, declared["ids"]), doing.call.now
        if not given:
            scope["tasks"], scope["missing"] = [ground.shown(task, now) for task in tasks.all(kind, doing.tenancy)], []
            return
        wanted = given.split(separator) if separator else [given]
        found = {one: tasks.get(kind, doing.tenancy, one) for one in wanted}
        scope["tasks"] = [ground.shown(task, now) for task in found.values() if task is not None]
        scope["missing"] = [one for one, task in found.items() if task is None]

    return find_them


def listed(declared: Declared, ground: Ground) -> Effect:
    """The tasks that fit what was asked for, oldest first or `newest` first, one page of them."""
    name, order, page = declared.get("as") or "tasks", declared.views.get("order"), declared.page

    def list_them(doing: Doing, scope: Scope) -> None:
        found = _fitting(declared, ground, doing, scope)
        if order is not None and order(scope) == "newest":
            found.reverse()
        if page is not None:
            found, scope["page"] = cut(found, page, scope)
        scope[name] = found

    return list_them


def event(declared: Declared, ground: Ground) -> Effect:
    """Something happens to the one with the id, or to those that fit and whose state reacts."""
    told = declared.views["event"]

    def to_one(doing: Doing, scope: Scope) -> None:
        task = _found(declared, ground, doing)
        if not ground.tasks.happen(task, str(told(scope)), doing.call.now):
            state = ground.tasks.standing(task, doing.call.now).state.name
            raise Refusal("event-refused", note=f"a task in state {state} does not react to it", id=task.id, state=state)
        scope["task"] = ground.shown(_found(declared, ground, doing), doing.call.now)

    def to_many(doing: Doing, scope: Scope) -> None:
        name = told(scope)
        for shown in _fitting(declared, ground, doing, scope) if name is not ABSENT else ():
            task = ground.tasks.get(declared.kind, doing.tenancy, shown["id"])
            if task is not None:
                ground.tasks.happen(task, str(name), doing.call.now)

    return to_one if declared.get("id") else to_many


def remove(declared: Declared, ground: Ground) -> Effect:
    """Forget the one with the id, or those that fit."""

    def one(doing: Doing, scope: Scope) -> None:
        task = _found(declared, ground, doing)
        scope["task"] = ground.shown(task, doing.call.now)
        ground.tasks.remove(task)

    def many(doing: Doing, scope: Scope) -> None:
        for shown in _fitting(declared, ground, doing, scope):
            task = ground.tasks.get(declared.kind, doing.tenancy, shown["id"])
            if task is not None:
                ground.tasks.remove(task)

    return one if declared.get("id") else many


def _fitting(declared: Declared, ground: Ground, doing: Doing, scope: Scope) -> list[Scope]:
    every = [ground.shown(task, doing.call.now) for task in ground.tasks.all(declared.kind, doing.tenancy)]
    return fitting(every, "task", declared.filters, scope)


def _found(declared: Declared, ground: Ground, doing: Doing) -> Task:
    name = asked(doing, declared["id"])
    task = ground.tasks.get(declared.kind, doing.tenancy, name)
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


def referred(ground: Ground, doing: Doing, part: Json) -> dict[str, Json]:
    """What a part of the request refers to, by kind. Raises Refusal for what does not exist."""
    found = {}
    for reference in ground.operation.references:
        given = pointed(part, reference.argument)
        if given is not None:
            found[reference.resource] = _referred(ground, doing, reference, part, given)
    return found


def _referred(ground: Ground, doing: Doing, reference: Reference, part: Json, given: Json) -> Json:
    item = ground.items.get(reference.resource, doing.tenancy, str(given))
    if item is not None and all(item.get(member) == pointed(part, at) for member, at in reference.where.items()):
        return item
    note = f"there is no {reference.resource} {given!r} that fits the request"
    raise Refusal(f"unknown-{reference.resource}", note=note, id=given, **place(reference.argument))
