"""What effects share: the ground that they work on, and how they speak of arguments."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from mockcloud.contracts.effects import Effect as Declared
from mockcloud.contracts.filling import as_text
from mockcloud.contracts.json_reader import pointed
from mockcloud.contracts.model import Contract, Operation
from mockcloud.messages import Json
from mockcloud.pipeline.call import Call
from mockcloud.pipeline.scope import Scope
from mockcloud.state.items import Items
from mockcloud.state.messenger import Messenger
from mockcloud.state.shown import Shown
from mockcloud.state.tasks import Tasks


@dataclass(frozen=True, slots=True)
class Ground:
    """What the effects of one operation work on."""

    contract: Contract
    operation: Operation
    tasks: Tasks
    items: Items
    shown: Shown
    messenger: Messenger

    def item(self, item: Json) -> Scope:
        """An item as views see it."""
        render = self.contract.times.render
        times = {name: render(item[f"{name}_at"]) for name in ("created", "updated") if f"{name}_at" in item}
        return {**item, **times}


Effect = Callable[[Call, Scope], None]
"""Does something for a request and adds what came of it to the scope of its answer. Raises Refusal."""


def place(pointer: Json) -> dict[str, Json]:
    """The fields of a refusal that speaks of an argument; none where what is spoken of is no argument."""
    if not isinstance(pointer, str) or not pointer.startswith("/"):
        return {}
    return {"name": pointer.rpartition("/")[2], "field": pointer.lstrip("/").replace("/", "."), "where": pointer}


def asked_for(declared: Declared, call: Call) -> list[str]:
    """The ids that an argument lists: a list, or a text of several where there is a separator."""
    given, separator = pointed(call.arguments, declared["ids"]), declared.get("separator")
    if isinstance(given, list):
        return [str(one) for one in given]
    if given is None or given == "":
        return []
    return str(given).split(separator) if separator else [str(given)]


def asked(declared: Declared, call: Call, scope: Scope) -> str:
    """The id that an effect is about: what its view gives, the argument that a pointer names, or the text itself."""
    view, named = declared.views.get("id"), declared["id"]
    if view is not None:
        return as_text(view(scope))
    return as_text(pointed(call.arguments, named)) if named.startswith("/") else str(named)
