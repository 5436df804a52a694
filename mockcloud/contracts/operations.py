"""Operations as the loader puts them together: effects, references, and routes that never tie.

Law: a request can be for one operation only. Two that tie are a ContractError when the contract loads.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from mockcloud.contracts.model import Operation, Reference, Route
from mockcloud.contracts.views import View
from mockcloud.errors import ContractError, nearest
from mockcloud.messages import Json

__all__ = ["EFFECTS", "View", "conditions", "effect", "reference", "routes", "verb"]

EFFECTS: Final = {
    "create": ({"create"}, {"each"}),
    "get": ({"get", "id"}, set[str]()),
    "find": ({"find", "ids"}, {"separator"}),
    "event": ({"event", "kind", "id"}, set[str]()),
    "select": ({"select"}, {"where"}),
}
"""The effects that data can declare, each with the keys that it must and may have."""


def verb(entry: Json) -> str:
    """Which effect an entry declares, empty for none."""
    return next((key for key in EFFECTS if key in entry), "")


def effect(entry: Json, lifecycles: Json, resources: Json, file: str, name: str) -> Json:
    """The effect of an operation, checked. Raises ContractError."""
    at = f"/{name}/effect"
    if not entry:
        return entry
    name_of_effect = verb(entry)
    must, may = EFFECTS.get(name_of_effect, (set(EFFECTS), set[str]()))
    stray, missing = set(entry) - must - may, must - set(entry) if name_of_effect else set[str]()
    if stray or not name_of_effect:
        raise ContractError(file, at, f"'{min(stray)}' is not known here.{nearest(min(stray), must | may)}")
    if missing:
        raise ContractError(file, at, f"the effect '{name_of_effect}' needs '{min(missing)}'")
    if entry.get("each", "/x").count("/") != 1:
        raise ContractError(file, f"{at}/each", f"'{entry['each']}' is no argument of the first level")
    kind = entry["kind"] if name_of_effect == "event" else entry[name_of_effect]
    known = resources if name_of_effect == "select" else lifecycles
    if kind not in known:
        raise ContractError(file, at, f"'{kind}' is nothing that is declared.{nearest(kind, known)}")
    if name_of_effect == "event" and not any(
        entry["event"] in state.get("on", {}) for state in lifecycles[kind]["states"].values()
    ):
        raise ContractError(file, at, f"no state of '{kind}' reacts to the event '{entry['event']}'")
    return entry


def reference(entry: Json, resources: Json, file: str, name: str) -> Reference:
    """A reference, checked. Raises ContractError."""
    if entry["resource"] not in resources:
        raise ContractError(
            file, f"/{name}/references", f"there is no resource '{entry['resource']}'.{nearest(entry['resource'], resources)}"
        )
    return Reference(entry["argument"], entry["resource"], entry.get("where", {}))


def conditions(operation: Operation) -> set[str]:
    """The conditions that an operation can raise."""
    found = {f"unknown-{reference.resource}" for reference in operation.references}
    if operation.selector:
        found |= {"missing-operation", "unknown-operation"}
    if "create" in operation.effect:
        found.add("too-many-tasks")
    if "get" in operation.effect:
        found.add(f"unknown-{operation.effect['get']}")
    if "event" in operation.effect:
        found |= {f"unknown-{operation.effect['kind']}", "event-refused"}
    return found


def routes(operations: Mapping[str, Operation], file: str) -> tuple[Route, ...]:
    """The routes of a contract, those with literal segments first. Raises ContractError where two operations tie."""
    shapes: dict[tuple[str, ...], dict[str, list[Operation]]] = {}
    for operation in operations.values():
        by_method = shapes.setdefault(tuple(operation.path.split("/")[1:]), {})
        for method in operation.methods:
            _add(by_method.setdefault(method, []), operation, file)
    _check_overlaps(list(shapes), file)
    ordered = sorted(shapes, key=lambda segments: [segment.startswith("{") for segment in segments])
    return tuple(Route(segments, {method: tuple(found) for method, found in shapes[segments].items()}) for segments in ordered)


def _add(group: list[Operation], operation: Operation, file: str) -> None:
    for other in group:
        apart = operation.selector and other.selector and operation.selector[0] == other.selector[0]
        if not apart or operation.selector == other.selector or (operation.reads, operation.root) != (other.reads, other.root):
            raise ContractError(
                file, f"/{operation.name}", f"ties with '{other.name}'; tell them apart by 'select' on one argument"
            )
    group.append(operation)


def _check_overlaps(shapes: list[tuple[str, ...]], file: str) -> None:
    for index, one in enumerate(shapes):
        for two in shapes[index + 1 :]:
            if len(one) != len(two):
                continue
            pairs = [(a.startswith("{"), b.startswith("{"), a == b) for a, b in zip(one, two, strict=True)]
            meet = all(a or b or same for a, b, same in pairs)
            # Each more particular than the other somewhere, or neither anywhere: no order decides between them.
            if meet and any(a and not b for a, b, _ in pairs) == any(b and not a for a, b, _ in pairs):
                raise ContractError(file, "", f"the paths /{'/'.join(one)} and /{'/'.join(two)} tie")
