"""Laws of arguments: what a contract says of a request is in the request's schema.

Knows the schemas of both languages. Law: where a schema leaves the shape of a member open, anything may be below it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from difflib import get_close_matches

from mockcloud.contracts.json_schema import JsonSchema
from mockcloud.contracts.model import Operation
from mockcloud.contracts.routes import in_path
from mockcloud.contracts.xsd_reader import Node
from mockcloud.messages import Json
from mockcloud.reports.laws.subject import Broken, Subject, nodes

_PLAIN = {"string", "integer", "number", "boolean"}


def sources_are_arguments(subject: Subject) -> Iterator[Broken]:
    """The argument that names the input is one that the request has."""
    for name, entry in subject.data["operations"].items():
        if "source" in entry:
            yield from _pointed(subject, name, "source", entry["source"])


def references_are_arguments(subject: Subject) -> Iterator[Broken]:
    """Arguments that refer to something are some that the request has."""
    for name, entry in subject.data["operations"].items():
        for index, reference in enumerate(entry.get("references", ())):
            at = f"references/{index}"
            yield from _pointed(subject, name, f"{at}/argument", reference["argument"])
            for member, pointer in reference.get("where", {}).items():
                yield from _pointed(subject, name, f"{at}/where/{member}", pointer)


def effects_are_about_arguments(subject: Subject) -> Iterator[Broken]:
    """Arguments that effects and selectors are about are some that the request has."""
    for name, entry in subject.data["operations"].items():
        # Who is told by the absence of an argument need not know it.
        if entry.get("select", {}).get("equals") is not None:
            yield from _pointed(subject, name, "select/argument", entry["select"]["argument"])
        for at, effect in nodes(entry.get("effect", {})):
            for key in ("id", "ids", "each", "about"):
                if str(effect.get(key, "")).startswith("/"):
                    yield from _pointed(subject, name, f"effect{at}/{key}", effect[key])
            resource = subject.contract.resources.get(str(effect.get("add", "")))
            if resource and resource.id:
                yield from _pointed(subject, name, f"effect{at}/add", resource.id)


def views_speak_of_arguments(subject: Subject) -> Iterator[Broken]:
    """What a view says of a request is something that the request has."""
    operations = subject.contract.operations
    for file, at, root, steps in subject.spoken("provider", "operations", "lifecycle", "callbacks"):
        owner = at.split("/")[1]
        if root == "task" and len(steps) > 1 and steps[0] in ("request", "sent"):
            asked, rest = _creators(subject, file, owner), steps[1:]
        elif root == "request" and steps:
            asked = [operations[owner]] if file == "operations.json" else _creators(subject, file, owner)
            rest = steps
        else:
            continue
        if asked and not any(_has(one, rest) for one in asked):
            whose = " or ".join(one.name for one in asked[:3]) + (" and others" if len(asked) > 3 else "")
            found = f"'{'.'.join(rest)}' is not in the request of {whose}"
            yield Broken(file, at, found, _remedy(asked, rest))


def defaults_come_from_arguments(subject: Subject) -> Iterator[Broken]:
    """What a default is taken from is something that the request has, and a default that is written keeps the rules."""
    from mockcloud.reports.json_values import valid, without

    for operation in subject.contract.operations.values():
        file = f"requests/{subject.data['operations'][operation.name]['request']}"
        for at, node in nodes(subject.schemas[file] if isinstance(operation.request, JsonSchema) else {}):
            origin = node.get("x-default-from")
            if isinstance(origin, str) and not _has(operation, origin.split("/")[1:]):
                yield Broken(file, f"{at}/x-default-from", f"the request has no '{origin}'", "point to a member of the request")
            # A member may be called `default`; then it is a schema.
            if "x-source" in node and "default" in node and "$ref" not in node and not valid(without(node, ()), node["default"]):
                yield Broken(file, f"{at}/default", f"{node['default']!r} breaks a rule beside it", "correct one of the two")


def _creators(subject: Subject, file: str, owner: str) -> list[Operation]:
    """The operations whose requests a view of a task, or of an envelope, may speak of."""
    every = list(subject.contract.operations.values())
    if file == "provider.json":
        return every
    kinds: set[str] = set()
    if file == "lifecycle.json":
        kinds = {owner}
    elif file == "callbacks.json":
        kinds = {subject.contract.callbacks[owner].of} - {""}
        if not kinds:
            asked = [name for name, entry in subject.data["operations"].items() if _asks(entry, owner)]
            return [subject.contract.operations[name] for name in asked]
    else:
        kinds = {effect.kind for effect in subject.contract.operations[owner].effects if effect.of_tasks}
    return [one for one in every if any(effect.verb == "create" and effect.kind in kinds for effect in one.effects)]


def _asks(entry: Json, name: str) -> bool:
    return any(node.get("ask") == name for _, node in nodes(entry.get("effect", {})))


def _pointed(subject: Subject, name: str, at: str, pointer: str) -> Iterator[Broken]:
    operation, steps = subject.contract.operations[name], pointer.split("/")[1:]
    if not _has(operation, steps):
        found = f"'{pointer}' is not in the request of {name}"
        yield Broken("operations.json", f"/{name}/{at}", found, _remedy([operation], steps))


def _remedy(asked: Iterable[Operation], steps: list[str]) -> str:
    known = sorted({name for one in asked for name in _names(one)})
    close = get_close_matches(steps[0], known, 1, 0.5)
    near = f"it has '{close[0]}'" if close and close[0] != steps[0] else f"it has {', '.join(known) or 'no arguments'}"
    return f"correct the name ({near}), or describe it in the schema"


def _names(operation: Operation) -> set[str]:
    found = {one.name for one in in_path(operation)}
    if isinstance(operation.request, JsonSchema):
        return found.union(*(part.get("properties", {}) for part in _parts(operation.request.tree)))
    return found | set(operation.request.root.children or {})


def _has(operation: Operation, steps: list[str]) -> bool:
    if steps[0] not in _names(operation):
        return False
    if len(steps) == 1:
        return True
    if isinstance(operation.request, JsonSchema):
        return _reaches([operation.request.tree], steps)
    return _stands(operation.request.root, steps)


def _stands(node: Node, steps: list[str]) -> bool:
    below = (node.children or {}).get(steps[0])
    return below is not None and (len(steps) == 1 or _stands(below, steps[1:]))


def _reaches(schemas: list[Json], steps: list[str]) -> bool:
    here = [part for one in schemas for part in _parts(one)]
    if not steps:
        return True
    if not any("properties" in part for part in here):
        return not any(part.get("type") in _PLAIN for part in here if isinstance(part.get("type"), str))
    step, *rest = steps
    below = [part["properties"][step] for part in here if step in part.get("properties", {})]
    return _reaches(below, rest) if below else step.isdecimal() and _reaches(here, rest)


def _parts(schema: Json) -> Iterator[Json]:
    """A schema and what stands beside it: parts, branches, and the elements of a list."""
    yield schema
    for key in ("allOf", "anyOf"):
        for one in schema.get(key, ()):
            yield from _parts(one)
    for key in ("if", "then", "items"):
        if key in schema:
            yield from _parts(schema[key])
