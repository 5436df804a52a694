"""Judge one message against one operation's contract, without a cloud.

Knows nothing of signatures and state: only what the schemas say.
"""

from __future__ import annotations

from collections.abc import Mapping

from mockcloud.contracts import folders
from mockcloud.contracts.loader import load
from mockcloud.contracts.model import Contract, Operation
from mockcloud.errors import UsageError, nearest
from mockcloud.messages import Json, Request, Violation
from mockcloud.pipeline import reading, routing, validation
from mockcloud.pipeline.call import Call
from mockcloud.pipeline.service import chosen_settings


def validate(operation: str, request: Request, settings: Mapping[str, Json] | None = None) -> tuple[Violation, ...]:
    """Every rule of the operation's request schema that the request breaks, in the schema's order.

    Each with the value found and the document and line of the rule, as the journal has them. `settings` are the provider's,
    by name, where they are not to be its defaults.

    Raises:
        UsageError: when there is no such operation or setting.
        Refusal: when the request is not one that the schema can judge, such as a body that is not XML.
    """
    contract, found = _operation(operation)
    call = Call(contract, routing.origin_form(request), 0.0, "", {}, chosen_settings(contract, settings or {}))
    call.candidates = (found,)
    call.in_path = routing.in_path(call)
    reading.body(call)
    routing.choose(call, found)
    return () if found.request.accepts(call.document) else validation.violations_of(call)


def _operation(operation: str) -> tuple[Contract, Operation]:
    provider, _, name = operation.partition(".")
    contract = load(next(iter(folders.chosen([provider]).values())))
    if name not in contract.operations:
        known = (entry.id for entry in contract.operations.values())
        raise UsageError(f"there is no operation '{operation}'.{nearest(operation, known)}")
    return contract, contract.operations[name]
