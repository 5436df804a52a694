"""Do what the operation's data declares, and gather what its answer may speak of.

Knows the effects, no vendor. Law: what is done is bound to an operation once, when it is first asked for; every later request
finds it ready.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext
from threading import RLock
from typing import Final, NamedTuple

from mockcloud.contracts.effects import KEEPING, VERBS
from mockcloud.contracts.effects import Effect as Declared
from mockcloud.contracts.model import Contract, Operation
from mockcloud.pipeline.call import Call
from mockcloud.pipeline.effects import asking, of_items, of_tasks, refusing
from mockcloud.pipeline.effects.ground import Effect, Ground
from mockcloud.pipeline.scope import Scope, base
from mockcloud.state.items import Items
from mockcloud.state.lazy import Lazy
from mockcloud.state.messenger import Messenger
from mockcloud.state.shown import shower
from mockcloud.state.tasks import Tasks

Bind = Callable[[Declared, Ground], Effect]

_TASKS: Final[dict[str, Bind]] = {
    "create": of_tasks.create,
    "get": of_tasks.get,
    "find": of_tasks.find,
    "list": of_tasks.listed,
    "event": of_tasks.event,
    "remove": of_tasks.remove,
}
_ITEMS: Final[dict[str, Bind]] = {
    "get": of_items.get,
    "find": of_items.find,
    "list": of_items.listed,
    "add": of_items.add,
    "change": of_items.change,
    "remove": of_items.remove,
    "refuse": refusing.refuse,
    "ask": asking.ask,
}
assert _TASKS.keys() | _ITEMS.keys() == VERBS.keys()  # noqa: S101  # the loader lets these effects through


class Action(NamedTuple):
    """What one operation of one cloud does."""

    effects: tuple[Effect, ...]
    refers: Ground | None
    """Where references are looked up when no effect does it."""
    alone: AbstractContextManager[object]
    """Held while the effects are had: what is refused as things stand must find them so when something is kept."""


def actions(contract: Contract, tasks: Tasks, items: Items, messenger: Messenger) -> Mapping[str, Action]:
    """The action of every operation, by name, bound when it is first asked for."""
    lock = RLock()
    return Lazy(lambda name: _bound(contract.operations[name], contract, tasks, items, messenger, lock))


def _bound(
    operation: Operation,
    contract: Contract,
    tasks: Tasks,
    items: Items,
    messenger: Messenger,
    lock: AbstractContextManager[object],
) -> Action:
    ground = Ground(contract, operation, tasks, items, shower(contract, tasks, operation.speaks_of), messenger)
    effects = tuple((_TASKS if one.of_tasks else _ITEMS)[one.verb](one, ground) for one in operation.effects)
    # Asking waits for somebody else's answer; nobody may have to wait for that.
    verbs = [one.verb for one in operation.effects]
    judges = "refuse" in verbs and not KEEPING.isdisjoint(verbs) and "ask" not in verbs
    return Action(effects, ground if operation.references and not operation.creates else None, lock if judges else nullcontext())


def perform(call: Call, actions: Mapping[str, Action]) -> Scope:
    """Check the references, have the effects, and return the scope of the answer. Raises Refusal."""
    operation = call.operation
    effects, refers, alone = actions[operation.name]
    scope = base(call)
    scope["request"] = operation.request.filled(call.arguments)
    call.tenancy = tuple([str(view(scope)) for view in call.contract.tenancy])
    if refers is not None:
        scope["resource"] = of_tasks.referred(refers, call, call.arguments)
    with alone:
        for effect in effects:
            effect(call, scope)
    return scope
