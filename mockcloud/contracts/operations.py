"""Operations as the loader puts them together: what they refer to, and what they can be refused with."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import Final

from mockcloud.contracts.effects import Resource
from mockcloud.contracts.model import Operation, Reference, Selector
from mockcloud.errors import ContractError, nearest
from mockcloud.messages import Json


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
