"""A made-up provider, written by a test in a few lines: its folder, its module, and how to ask it."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from mockcloud import Cloud, Request, VirtualClock
from mockcloud.contracts.behaviours import Behaviours
from mockcloud.contracts.loader import load
from mockcloud.contracts.model import Contract
from mockcloud.contracts.sketches import sketch
from mockcloud.errors import ContractError
from mockcloud.messages import Attempt, Credential, Refusal
from mockcloud.pipeline.service import given_credentials

WHY = "decision: made up"
CORE = ("unknown-route", "unknown-method", "malformed-body", "missing-body", "body-too-large", "unlisted-code", "event-refused", "too-many-tasks")  # fmt: skip
SCHEMA = {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "anything"}

behaviours = Behaviours()


@behaviours.verifier
def verify(attempt: Attempt) -> Credential:
    return next(iter(attempt.credentials.values()))


@behaviours.value("kept")
def kept(value: Any) -> Any:
    return value


@behaviours.value("refused")
def refused_by_module(value: Any) -> Any:
    raise Refusal("unlisted-code", note=str(value))


LIFE: dict[str, Any] = {
    "task": {
        "initial": "New",
        "states": {
            "New": {"phase": "waiting", "after": 2, "then": "Busy", "on": {"cancel": "Off", "pause": "Held"}, "evidence": WHY},
            "Held": {"phase": "paused", "on": {"resume": "New", "cancel": "Off"}, "evidence": WHY},
            "Busy": {"phase": "running", "after": 3, "then": "Good", "fails": "Bad", "progress": 50, "on": {"cancel": "Off"}, "evidence": WHY},
            "Good": {"phase": "succeeded", "progress": 100, "evidence": WHY},
            "Bad": {"phase": "failed", "evidence": WHY},
            "Off": {"phase": "cancelled", "evidence": WHY},
        },
    }
}  # fmt: skip
DISPATCH: dict[str, Any] = {"from": "New", "queue": "queue", "id": "$task.request.queue", "limit": "size", "priority": "$task.request.priority", "evidence": WHY}  # fmt: skip


def with_dispatch(**others: Any) -> dict[str, Any]:
    return {"task": {**LIFE["task"], "dispatch": {**DISPATCH, **others}}}


def resource(*items: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"evidence": WHY, "items": list(items), **more}


def operation(name: str, entry: dict[str, Any]) -> dict[str, Any]:
    return {"methods": ["POST"], "path": f"/{name}", "reads": "json", "request": "any.schema.json", "evidence": WHY, **entry}


def write(
    folder: Path,
    operations: dict[str, dict[str, Any]],
    *,
    resources: dict[str, Any] | None = None,
    lifecycle: dict[str, Any] | None = None,
    callbacks: dict[str, Any] | None = None,
    conditions: tuple[str, ...] = (),
    **provider: Any,
) -> Path:
    """The folder of a contract. Each operation is `POST /<its name>` with a JSON body unless it says otherwise."""
    kinds = LIFE if lifecycle is None else lifecycle
    names = [*kinds, *(resources or {}), "request"]
    about: dict[str, Any] = {
        "provider": folder.name,
        "title": "Made up",
        "module": "made",
        "hosts": [{"pattern": rf"(?P<account>[a-z]+)\.{folder.name}\.example", "example": f"me.{folder.name}.example", "evidence": WHY}],
        "paths": [f"/{folder.name}/"],
        "order": ["route", "authentication", "body", "operation"],
        "order_evidence": WHY,
        "tenancy": ["$host.account"],
        "times": {"format": "%H:%M:%S", "offset": "+00:00", "evidence": WHY},
        "identifiers": {name: [f"{name}-", {"count": 1}] for name in names},
        "settings": {},
        "resources": resources or {},
        "success": {"status": 200, "headers": {"Content-Type": "application/json"}, "codec": "json", "body": "$result"},
        "refusal": {"headers": {}, "codec": "json", "schema": "any.schema.json", "body": {"code": "$error.code", "fields": "$error.fields"}},
        **provider,
    }  # fmt: skip
    files: dict[str, Any] = {
        "provider.json": about,
        "documents.json": {"page": {"kind": "document", "title": "A page", "where": "nowhere"}},
        "operations.json": {name: operation(name, entry) for name, entry in operations.items()},
        "errors.json": errors((*CORE, *conditions)),
        "lifecycle.json": kinds,
        "contradictions.json": {},
        "requests/any.schema.json": SCHEMA,
        "responses/any.schema.json": SCHEMA,
    }
    if callbacks is not None:
        files["callbacks.json"] = {name: {"evidence": WHY, **entry} for name, entry in callbacks.items()}
    for name, data in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(json.dumps(data), encoding="utf-8")
    return folder


def errors(conditions: tuple[str, ...]) -> dict[str, Any]:
    """A catalogue in which each condition has a code of its own, `No <condition>`."""
    codes = {f"No {name}": {"status": 400, "where": "request", "message": name, "evidence": WHY} for name in conditions}
    return {
        "codes": {**codes, "broken": {"status": 400, "where": "both", "message": "broken", "evidence": WHY}},
        "conditions": {name: {"code": f"No {name}", "evidence": WHY} for name in conditions},
        "rules": [{"match": "*", "code": "broken", "evidence": WHY}],
    }


def loaded(folder: Path, operations: dict[str, dict[str, Any]], **more: Any) -> Contract:
    """The contract of a folder that is written with whatever conditions it turns out to need."""
    conditions = list(more.pop("conditions", ()))
    while True:
        try:
            return load(write(folder, operations, conditions=tuple(conditions), **more))
        except ContractError as problem:
            needed = re.match(r"'([^']+)' can happen and is mapped to no code", problem.problem)
            if needed is None:
                raise
            conditions.append(needed[1])


def ask(cloud: Cloud, name: str, account: str = "me", provider: str = "made", /, **arguments: Any) -> tuple[str, Any]:
    """The code of an operation's answer, empty when it was done, and what it says: its result, or a refusal's fields."""
    request = Request("POST", f"/{name}", f"{account}.{provider}.example", (), json.dumps(arguments).encode())
    response = cloud.handle(request)
    said = json.loads(response.body) if response.body else None
    return ("", said) if response.status == 200 else (said["code"], said.get("fields"))


def done(cloud: Cloud, name: str, account: str = "me", /, **arguments: Any) -> Any:
    """What an operation answers that is done."""
    code, said = ask(cloud, name, account, **arguments)
    assert code == "", f"{name} is refused with {code}: {said}"
    return said


NOON = 1_767_268_800.0


def cloud_of(*folders: Path, store: Any = None, **options: Any) -> Cloud:
    """A cloud at noon that answers by the contracts of these folders and lets everybody in."""
    cloud = Cloud([], **{"auth": "off", "clock": VirtualClock(NOON), **options})
    cloud._sketches = {folder.name: sketch(folder) for folder in folders}
    cloud._credentials = given_credentials({}, cloud._sketches)
    cloud._store = cloud._store if store is None else store
    for folder in folders:
        cloud._service(folder.name)
    return cloud
