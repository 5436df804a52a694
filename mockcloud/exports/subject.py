"""What an export is about: a provider's contract, some or all of its operations, and the schemas of their messages.

Knows contracts and no format. Law: a schema is told by whose it is and on which side it stands, as its rules are.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import NamedTuple

from mockcloud.contracts import folders
from mockcloud.contracts.loader import load
from mockcloud.contracts.model import Contract, Operation, Schema
from mockcloud.errors import UsageError, nearest


class Side(NamedTuple):
    """One side of one operation, or what belongs to none: a callback, and the refusal that all operations share."""

    owner: str
    """The operation's name, the callback's, or `refusal`."""
    side: str
    """`request`, `response` or `callback`."""
    schema: Schema
    reads: str
    """How the operation's request is read; empty for what is no request."""

    @property
    def name(self) -> str:
        """Folder and file without their ending: `CreateMediaTask/request`."""
        return f"{self.owner}/{self.side}"


def contract_of(provider: str) -> Contract:
    """The contract of a provider. Raises UsageError where there is no such provider, naming the nearest."""
    return load(folders.chosen([provider])[provider])


def chosen(contract: Contract, operations: Collection[str] = ()) -> list[Operation]:
    """The named operations in the contract's order, all where none is named; with or without the provider before their names.

    Raises:
        UsageError: for an operation that is not there, naming the nearest.
    """
    named = {name.removeprefix(f"{contract.name}.") for name in operations}
    for name in sorted(named - contract.operations.keys()):
        raise UsageError(f"{contract.name} has no operation '{name}'.{nearest(name, contract.operations)}")
    return [operation for name, operation in contract.operations.items() if not named or name in named]


def sides(contract: Contract, operations: Collection[str] = ()) -> Iterator[Side]:
    """Every schema of the chosen operations; those of callbacks and of the refusal too where all are chosen."""
    for operation in chosen(contract, operations):
        yield Side(operation.name, "request", operation.request, operation.reads)
        if operation.response is not None:
            yield Side(operation.name, "response", operation.response, "")
    if operations:
        return
    if contract.refusal.schema is not None:
        yield Side("refusal", "response", contract.refusal.schema, "")
    for name, callback in contract.callbacks.items():
        for schema in callback.schemas.values():
            yield Side(name, "callback", schema, "")
