"""Effects on items: add, get, find, list, change, remove."""

from __future__ import annotations

from collections.abc import Mapping

from mockcloud.contracts.effects import Effect as Declared
from mockcloud.contracts.filling import View, as_text
from mockcloud.contracts.json_reader import pointed
from mockcloud.messages import Json, Refusal
from mockcloud.pipeline.call import Call
from mockcloud.pipeline.effects.ground import Effect, Ground, asked, asked_for, place
from mockcloud.pipeline.effects.selection import fitting, listing
from mockcloud.pipeline.scope import Scope


def add(declared: Declared, ground: Ground) -> Effect:
    """A new item with the members that the view gives."""
    kind, view, named = declared.kind, declared.views["item"], ground.contract.resources[declared.kind].id

    def add_it(call: Call, scope: Scope) -> None:
        name = as_text(pointed(call.arguments, named)) if named else ""
        try:
            members = _members(view, scope)
            added = ground.items.add(kind, call.tenancy, call.now, name, members, weight=call.request.size)
        except Refusal as refused:
            raise _about(refused, named) from None
        scope["item"] = ground.item(added)

    return add_it


def get(declared: Declared, ground: Ground) -> Effect:
    """The item that the argument names."""

    def get_it(call: Call, scope: Scope) -> None:
        scope["item"] = ground.item(_found(declared, ground, call, scope))

    return get_it


def find(declared: Declared, ground: Ground) -> Effect:
    """Those with the ids that the argument lists, and the ids that nobody has; without the argument all."""

    def find_them(call: Call, scope: Scope) -> None:
        wanted = asked_for(declared, call)
        if not wanted:
            scope["items"], scope["missing"] = _every(declared, ground, call), []
            return
        found = {one: ground.items.get(declared.kind, call.tenancy, one) for one in wanted}
        scope["items"] = [ground.item(item) for item in found.values() if item is not None]
        scope["missing"] = [one for one, item in found.items() if item is None]

    return find_them


def listed(declared: Declared, ground: Ground) -> Effect:
    """The items that fit what was asked for."""
    return listing(declared, "item", lambda call: _every(declared, ground, call))


def change(declared: Declared, ground: Ground) -> Effect:
    """Other members in the place of those that the item has; the view sees the present ones as `$item`."""
    view = declared.views["item"]

    def change_it(call: Call, scope: Scope) -> None:
        present = _found(declared, ground, call, scope)
        members = _members(view, {**scope, "item": ground.item(present)})
        weight = call.request.size
        changed = ground.items.change(declared.kind, call.tenancy, call.now, present, members, weight=weight)
        scope["item"] = ground.item(changed)

    return change_it


def remove(declared: Declared, ground: Ground) -> Effect:
    """Forget the one with the id, or those that fit."""

    def one(call: Call, scope: Scope) -> None:
        item = _found(declared, ground, call, scope)
        scope["item"] = ground.item(item)
        ground.items.remove(declared.kind, call.tenancy, call.now, str(item["id"]))

    def many(call: Call, scope: Scope) -> None:
        for item in _fitting(declared, ground, call, scope):
            ground.items.remove(declared.kind, call.tenancy, call.now, str(item["id"]))

    return one if declared.get("id") else many


def _members(view: View, scope: Scope) -> Mapping[str, Json]:
    members = view(scope)
    return members if isinstance(members, dict) else {}


def _every(declared: Declared, ground: Ground, call: Call) -> list[Scope]:
    return [ground.item(item) for item in ground.items.all(declared.kind, call.tenancy)]


def _fitting(declared: Declared, ground: Ground, call: Call, scope: Scope) -> list[Scope]:
    return fitting(_every(declared, ground, call), "item", declared.filters, scope)


def _found(declared: Declared, ground: Ground, call: Call, scope: Scope) -> Mapping[str, Json]:
    name = asked(declared, call, scope)
    item = ground.items.get(declared.kind, call.tenancy, name)
    if item is None:
        note = f"there is no {declared.kind} {name!r}"
        raise Refusal(f"unknown-{declared.kind}", note=note, id=name, **place(declared["id"]))
    return item


def _about(refused: Refusal, named: str) -> Refusal:
    """The refusal of a duplicate, with the argument's place in place of the member's name when the client named the item."""
    if named and refused.fields.get("name") == "id":
        return Refusal(refused.reason, note=refused.note, **{**refused.fields, **place(named)})
    return refused
