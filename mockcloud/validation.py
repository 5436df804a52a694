"""Judge one message against one operation's contract, without a cloud.

Knows nothing of signatures and state: only what the schemas say.
"""

from __future__ import annotations

from dataclasses import replace

from mockcloud.contracts import folders
from mockcloud.contracts.loader import load
from mockcloud.contracts.model import Contract, Operation
from mockcloud.contracts.sources import first_document
from mockcloud.errors import UsageError, nearest
from mockcloud.messages import Request, Violation
from mockcloud.pipeline import reading, routing
from mockcloud.pipeline.call import Call


def validate(operation: str, request: Request) -> tuple[Violation, ...]:
    """Every rule of the operation's request schema that the request breaks, in the schema's order.

    Each with the value found and the document and line of the rule, as the journal has them.

    Raises:
        UsageError: when there is no such operation.
        Refusal: when the request is not one that the schema can judge, such as a body that is not XML.
    """
    contract, found = _operation(operation)
    request = routing.origin_form(request)
    call = Call(contract, request, 0.0, "", {}, {})
    call.candidates = (found,)
    call.in_path = routing.in_path(call)
    reading.body(call)
    routing.choose(call, found)
    if found.request.accepts(call.document):
        return ()
    return tuple(_sourced(contract, found, one) for one in found.request.violations(call.document))


def _sourced(contract: Contract, operation: Operation, violation: Violation) -> Violation:
    """The violation with the document that its rule comes from, as the journal has it."""
    source = first_document(contract, operation.request.rules[violation.rule].evidence)
    return violation if source is None else replace(violation, document=source.name, line=source.place)


def _operation(operation: str) -> tuple[Contract, Operation]:
    provider, _, name = operation.partition(".")
    contract = load(next(iter(folders.chosen([provider]).values())))
    if name not in contract.operations:
        known = (entry.id for entry in contract.operations.values())
        raise UsageError(f"there is no operation '{operation}'.{nearest(operation, known)}")
    return contract, contract.operations[name]
