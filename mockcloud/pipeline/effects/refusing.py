"""The effect that refuses: what a request may not do as things stand, and what stands at a provider's gate."""

from __future__ import annotations

from collections.abc import Callable

from mockcloud.contracts.effects import Effect as Declared
from mockcloud.contracts.filling import ABSENT
from mockcloud.contracts.model import Contract
from mockcloud.messages import Refusal
from mockcloud.pipeline.call import Call
from mockcloud.pipeline.effects.ground import Effect, Ground, place
from mockcloud.pipeline.scope import Scope, at_the_gate


def gate(contract: Contract) -> Callable[[Call], None]:
    """The check that asks what the contract's gate asks."""
    checks = [_check(declared) for declared in contract.gate]

    def ask(call: Call) -> None:
        scope = at_the_gate(call)
        for check in checks:
            check(call, scope)

    return ask


def refuse(declared: Declared, ground: Ground) -> Effect:
    """Refuse with a condition when the view gives one of the values of `is` or, without it, anything that is not empty."""
    return _check(declared)


def _check(declared: Declared) -> Effect:
    view, about = declared.views["when"], declared.get("about")
    fields = place(about) if about else {}
    wanted = declared.get("is")
    listed = wanted if wanted is None or isinstance(wanted, list) else [wanted]

    def check(call: Call, scope: Scope) -> None:
        value = view(scope)
        if (value is not ABSENT and value) if listed is None else value in listed:
            raise Refusal(
                declared.kind, note=f"the request is not allowed as things stand: {declared.kind}", found=value, **fields
            )

    return check
