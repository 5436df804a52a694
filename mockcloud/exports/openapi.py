"""Export a contract as one OpenAPI 3.1 document.

Knows how the document is put together; its parts are modules beside this one. Law: everything in it is the contract's; what
OpenAPI cannot say stands in an `x-mockcloud-` key (docs/exports.md), never in prose alone.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator

from mockcloud.contracts.model import Contract, Operation
from mockcloud.contracts.sources import first_document
from mockcloud.exports import openapi_security
from mockcloud.exports.exported import Exported
from mockcloud.exports.openapi_paths import Path, path_of
from mockcloud.exports.openapi_requests import Requests
from mockcloud.exports.openapi_responses import Responses, schema_of
from mockcloud.exports.standard import cited
from mockcloud.exports.subject import chosen, contract_of, sides
from mockcloud.messages import Json

FORMAT = "mockcloud.openapi/1"
Group = tuple[Path, str, list[Operation]]


def export(provider: str, operations: Collection[str] = ()) -> Iterator[Exported]:
    """One file, `openapi.json`.

    Raises:
        UsageError: for a provider or an operation that is not there.
    """
    contract = contract_of(provider)
    text = json.dumps(described(contract, chosen(contract, operations), whole=not operations), indent=2, ensure_ascii=False)
    yield Exported("openapi.json", f"{text}\n".encode())


def described(contract: Contract, operations: list[Operation], *, whole: bool) -> Json:
    """The document of some operations; `whole` says that they are all, and that the messages to clients belong to it."""
    components: dict[str, Json] = {}
    signature = frozenset(one.name for one in openapi_security.added(contract) if one.where == "query")
    requests, responses = Requests(contract, components, signature), Responses(contract, components)
    paths: dict[str, Json] = {}
    for path, method, group in _groups(operations):
        item = paths.setdefault(path.text, {})
        operation = _operation(contract, path, method, group, requests, responses)
        if method.lower() in item:
            # Told apart by a parameter of the query that only one of them asks for, which OpenAPI cannot say.
            item[method.lower()].setdefault("x-mockcloud-alternatives", []).append(operation)
        else:
            item[method.lower()] = operation
    webhooks = _webhooks(contract, components) if whole else {}
    security = openapi_security.schemes(contract)
    return {
        "openapi": "3.1.0",
        "info": _info(contract),
        "servers": [_server(contract, place) for place in range(len(contract.hosts))],
        **({"security": [{name: [] for name in security}]} if security else {}),
        "paths": paths,
        **({"webhooks": webhooks} if webhooks else {}),
        "components": {"schemas": dict(sorted(components.items())), **({"securitySchemes": security} if security else {})},
        "x-mockcloud-format": FORMAT,
        "x-mockcloud-documents": cited(contract, _evidence(contract, operations, whole=whole)),
    }


def _info(contract: Contract) -> Json:
    return {
        "title": contract.title,
        "version": "1",
        "description": f"Made by mockcloud from its contract {contract.name}, which is made from the vendor's documents. "
        "x-source says of each rule why it is believed; x-mockcloud-documents says what is meant by it.",
        "x-mockcloud-provider": contract.name,
        "x-mockcloud-settings": {
            name: {"default": setting.default, "says": setting.says} for name, setting in contract.settings.items()
        },
    }


def _server(contract: Contract, place: int) -> Json:
    host = contract.hosts[place]
    return {"url": f"https://{host.example}", "x-mockcloud-host-pattern": host.pattern.pattern}


def _groups(operations: list[Operation]) -> list[Group]:
    """The operations that share method and path, in the order of the first of each."""
    texts: dict[str, Path] = {}
    groups: dict[tuple[str, str, str, str], Group] = {}
    for operation in operations:
        path = path_of(operation)
        # Two paths that differ only in the names of their arguments are one to OpenAPI: the first one's names hold.
        path = texts.setdefault(path.shape, path)
        for method in operation.methods:
            key = (path.text, method, operation.query, operation.reads)
            groups.setdefault(key, (path, method, []))[2].append(operation)
    return list(groups.values())


def _operation(
    contract: Contract, path: Path, method: str, group: list[Operation], requests: Requests, responses: Responses
) -> Json:
    first = group[0]
    several = len(first.methods) > 1
    name = first.name if len(group) == 1 else f"{method.lower()}-{path.text.strip('/').replace('/', '-') or 'root'}"
    made: Json = {
        "operationId": f"{name}-{method.lower()}" if several and len(group) == 1 else name,
        "summary": ", ".join(operation.name for operation in group),
    }
    partly = {operation.name: operation.partly for operation in group if operation.partly}
    if partly:
        made["description"] = " ".join(f"{name}: {text}." for name, text in partly.items()).replace("..", ".")
    made.update(requests.described(method, path, group))
    made["responses"] = responses.described(group)
    made["x-mockcloud-operations"] = [_facts(contract, operation) for operation in group]
    return made


def _facts(contract: Contract, operation: Operation) -> Json:
    """What OpenAPI has no word for."""
    source = first_document(contract, operation.evidence)
    selector = operation.selector
    return {
        "id": operation.id,
        "path": operation.template,
        **({"select": {"argument": selector.argument, "equals": selector.equals}} if selector else {}),
        "x-source": list(operation.evidence),
        **({"document": source.title} if source else {}),
        **(
            {"references": [_reference(one.argument, one.resource) for one in operation.references]}
            if operation.references
            else {}
        ),
        **({"webhooks": sent} if (sent := _sent(contract, operation)) else {}),
    }


def _reference(argument: str, resource: str) -> Json:
    return {"argument": argument, "resource": resource}


def _sent(contract: Contract, operation: Operation) -> list[str]:
    made = {effect.kind for effect in operation.effects if effect.verb == "create"}
    asked = {str(effect["ask"]) for effect in operation.effects if effect.verb == "ask"}
    return [name for name, callback in contract.callbacks.items() if callback.of in made or name in asked]


def _webhooks(contract: Contract, components: dict[str, Json]) -> Json:
    found = {}
    for name, callback in contract.callbacks.items():
        content: dict[str, Json] = {}
        for codec, schema in callback.schemas.items():
            components[f"{name}.callback"] = schema_of(schema, contract)
            content[f"application/{codec}"] = {"schema": {"$ref": f"#/components/schemas/{name}.callback"}}
        body = content or {"*/*": {}}
        taken = [status for status in range(200, 600) if status in callback.taken_by]
        found[name] = {
            callback.method.lower(): {
                "operationId": name,
                "security": [],
                "requestBody": {"required": True, "content": body},
                "responses": {
                    _statuses(taken): {"description": "Taken; any other answer is tried again, where the contract says so."}
                },
                "x-mockcloud-sent": {"task": callback.of, "states": sorted(callback.on)},
                "x-source": list(callback.evidence),
            }
        }
    return found


def _statuses(taken: list[int]) -> str:
    return str(taken[0]) if len(taken) == 1 else f"{taken[0] // 100}XX" if taken else "default"


def _evidence(contract: Contract, operations: list[Operation], *, whole: bool) -> Iterator[str]:
    names = () if whole else tuple(operation.name for operation in operations)
    for side in sides(contract, names):
        yield from side.schema.sources()
    for operation in operations:
        yield from operation.evidence
    if contract.refusal.schema is not None:
        yield from contract.refusal.schema.sources()
    for callback in contract.callbacks.values() if whole else ():
        yield from callback.evidence
