"""READ FIRST. What changed between two contracts: every change, judged for the clients of the old one.

    folders -> editions -> pairs -> changes of operations, schemas, errors, lifecycle, callbacks, provider, documents

Knows which part of a contract is compared by whom, and compares nothing itself. Law: `diff` of a contract and itself is
empty; the other way round the same places are told, and what was added is removed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from mockcloud.changes import catalogues, files, wordings
from mockcloud.changes.bearings import Flow
from mockcloud.changes.change import Change, How
from mockcloud.changes.edition import Edition, Pair
from mockcloud.changes.schemas import Sides
from mockcloud.changes.tables import FILES
from mockcloud.contracts.model import Contract, Schema

Editions = Mapping[str, Edition]


def diff(old: Editions, new: Editions) -> list[Change]:
    """Every change between the contracts of two folders, by provider: operations and their schemas first."""
    found: list[Change] = []
    for provider in dict.fromkeys([*new, *old]):
        if provider in old and provider in new:
            found.extend(changes(Pair(provider, old[provider], new[provider])))
        else:
            found.append(_provider(provider, old, new))
    return found


def _provider(provider: str, old: Editions, new: Editions) -> Change:
    (facet, side), place = FILES["provider"], f"{provider}/provider.json#"
    if provider in new:
        names = list(new[provider].contract.operations)
        return Pair(provider, new[provider], new[provider]).change("provider", How.ADDED, side, place, facet.added, new=names)
    names = list(old[provider].contract.operations)
    return Pair(provider, old[provider], old[provider]).change("provider", How.REMOVED, side, place, facet.removed, old=names)


def changes(pair: Pair) -> Iterator[Change]:
    """Every change between two editions of one provider."""
    yield from files.changes(pair, "operations")
    of_schemas = list(_schemas(pair))
    yield from of_schemas
    yield from catalogues.changes(pair)
    for file in FILES:
        if file not in ("operations", "errors"):
            yield from files.changes(pair, file)
    yield from wordings.changes(pair, {change.operation for change in of_schemas})


def _schemas(pair: Pair) -> Iterator[Change]:
    before, after = (dict(_sides(edition.contract)) for edition in (pair.old, pair.new))
    for (owner, side, codec), new in after.items():
        was = before.get((owner, side, codec))
        if was is not None and was is not new:
            flow, shown = SIDES[side]
            yield from Sides(pair, owner, side, flow, was, new, shown).changes()


SIDES: Final = {
    "request": (Flow.SENT, "request"),
    "response": (Flow.READ, "response"),
    "callback": (Flow.READ, "callbacks"),
}
"""For each side of a rule who writes its messages, and where its changes belong."""


def _sides(contract: Contract) -> Iterator[tuple[tuple[str, str, str], Schema]]:
    """Every schema of a contract: whose it is, its side as in rules' ids, of callbacks the codec too."""
    for one in contract.operations.values():
        yield (one.id, "request", ""), one.request
        if one.response is not None:
            yield (one.id, "response", ""), one.response
    for name, callback in contract.callbacks.items():
        for codec, schema in callback.schemas.items():
            yield (f"{contract.name}.{name}", "callback", codec), schema
    if contract.refusal.schema is not None:
        yield (f"{contract.name}.refusal", "response", ""), contract.refusal.schema
