"""Operations as the loader puts them together: what they refer to, and what they can be refused with."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import Final

from mockcloud.contracts.model import Operation, Reference, Selector
from mockcloud.contracts.resources import Resource
from mockcloud.errors import ContractError, nearest
from mockcloud.messages import Json


def whole(entries: Json, file: str) -> Json:
    """The entries of an `operations.json`, each that is like another with what it takes from it.

    Raises ContractError for an entry that is like nothing that stands on its own.
    """
    return {name: _whole(name, entry, entries, file) for name, entry in entries.items()}


def _whole(name: str, entry: Json, entries: Json, file: str) -> Json:
    if "like" not in entry:
        return entry
    alone = {other: one for other, one in entries.items() if "like" not in one}
    if entry["like"] not in alone:
        problem = f"there is no entry '{entry['like']}' that stands on its own.{nearest(entry['like'], alone)}"
        raise ContractError(file, f"/{name}/like", problem)
    return {**alone[entry["like"]], **{key: value for key, value in entry.items() if key != "like"}}


def reference(entry: Json, resources: Collection[str], file: str, name: str) -> Reference:
    """A reference, checked. Raises ContractError."""
    if entry["resource"] not in resources:
        raise ContractError(
            file, f"/{name}/references", f"there is no resource '{entry['resource']}'.{nearest(entry['resource'], resources)}"
        )
    return Reference(entry["argument"], entry["resource"], entry.get("where", {}), entry.get("when", {}))


def selector(entry: Json) -> Selector | None:
    """What tells the operation apart, None where its path does."""
    return Selector(entry["argument"], entry["equals"]) if entry else None


def of_provider(provider: Json) -> set[str]:
    """The conditions that the rules of `provider.json` for every request can raise."""
    gate = {entry["refuse"] for entry in provider.get("gate", ())}
    return gate | {condition for condition, raised in _OF_PROVIDER.items() if raised(provider)}


_OF_PROVIDER: Final[Mapping[str, Callable[[Json], bool]]] = {
    "missing-content-length": lambda provider: provider.get("content_length") == "required",
    "content-digest": lambda provider: provider.get("content_md5") == "checked",
    "target-too-long": lambda provider: "target_limit" in provider,
}


def conditions(operation: Operation, resources: Mapping[str, Resource]) -> set[str]:
    """The conditions that an operation can raise."""
    found = {f"unknown-{reference.resource}" for reference in operation.references}
    if operation.selector:
        found |= {"missing-operation", "unknown-operation"}
    if operation.reads in ("json", "xml"):
        found.add("missing-body")  # other arguments may stand in the query, so without a body they are missing, not it
    for effect in operation.effects:
        found |= set(effect.conditions(resources))
    return found
