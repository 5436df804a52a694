"""The effect that refuses: what a request may not do as things stand."""

from __future__ import annotations

from mockcloud.contracts.effects import Effect as Declared
from mockcloud.contracts.filling import ABSENT
from mockcloud.messages import Json, Refusal
from mockcloud.pipeline.call import Call
from mockcloud.pipeline.effects.ground import Effect, Ground, place
from mockcloud.pipeline.scope import Scope


def refuse(declared: Declared, ground: Ground) -> Effect:
    """Refuse with a condition when the view gives one of the values of `is` or, without it, anything that is not empty."""
    view, about = declared.views["when"], declared.get("about")
    fields = place(about) if about else {}
    wanted = declared.get("is")
    listed = wanted if isinstance(wanted, list) else [wanted]

    def met(value: Json) -> bool:
        return value in listed if wanted is not None else value is not ABSENT and bool(value)

    def check(call: Call, scope: Scope) -> None:
        value = view(scope)
        if met(value):
            raise Refusal(
                declared.kind, note=f"the request is not allowed as things stand: {declared.kind}", found=value, **fields
            )

    return check
