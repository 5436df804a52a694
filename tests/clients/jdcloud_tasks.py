"""What every client of JD Cloud MPS here does alike: read tasks, wait for them, read messages.

Knows the vendor's answers as plain data, no library. Law: whatever is wrong is an MpsError. A defect is one method.
"""

from __future__ import annotations

import base64
import json
import time
from collections.abc import Mapping
from typing import Any, NamedTuple

POLLS = 200
"""How often a task is looked at before it is given up."""

PAUSE = 1.0
"""Seconds between two looks."""


class MpsError(Exception):
    """The vendor refused, or could not be understood, or a task failed. `code` is the vendor's word, empty for none."""

    def __init__(self, code: str, message: str = "") -> None:
        super().__init__(f"{code}: {message}")
        self.code = code


class Made(NamedTuple):
    """A task that was made, and where."""

    region: str
    id: str


class Thumbnail(NamedTuple):
    """A task as it stands. None is what the answer does not say."""

    id: str
    status: str
    error_code: int | None
    created: str | None
    changed: str | None
    source: Mapping[str, Any]
    target: Mapping[str, Any]
    rule: Mapping[str, Any]
    keys: list[str]


class Page(NamedTuple):
    """Some tasks of a list, and whether and where it goes on."""

    thumbnails: list[Thumbnail]
    truncated: bool
    next: str | None


class Tasks:
    """Reads answers and messages. `get_thumbnail` is the client's own."""

    def get_thumbnail(self, region: str, task: str) -> Thumbnail:
        """A task as it stands."""
        raise NotImplementedError

    def wait(self, made: Made) -> Thumbnail:
        """A task once it has ended well. Raises MpsError with the vendor's code for one that failed."""
        for _ in range(POLLS):
            found = self.get_thumbnail(made.region, made.id)
            if found.status == "SUCCESS":
                return found
            if found.status == "ERROR":
                raise MpsError(str(found.error_code), f"task {made.id} failed")
            time.sleep(PAUSE)
        raise MpsError("", f"task {made.id} does not end")

    def made(self, region: str, result: Mapping[str, Any]) -> Made:
        """The task that an answer names."""
        return Made(region, text(flat(result, "thumbnailTaskID"), "taskID"))

    def thumbnail(self, result: Mapping[str, Any]) -> Thumbnail:
        """A task of an answer."""
        target = result.get("target") or {}
        return Thumbnail(
            text(result, "taskID"),
            text(result, "status"),
            result.get("errorCode"),
            result.get("createdTime"),
            result.get("lastUpdatedTime"),
            result.get("source") or {},
            target,
            result.get("rule") or {},
            list(target.get("keys") or []),
        )

    def page(self, result: Mapping[str, Any]) -> Page:
        """Some tasks of an answer."""
        thumbnails = [self.thumbnail(one) for one in result.get("taskList") or []]
        return Page(thumbnails, bool(result.get("truncated")), result.get("nextMarker"))

    def received(self, headers: Mapping[str, str], body: bytes) -> tuple[bytes, Mapping[str, Any]]:
        """What to answer to a message of the vendor, and what it says of a task: nothing when it is the handshake."""
        kind = next((value for name, value in headers.items() if name.lower() == "x-jdcloud-message-type"), "")
        message = self.message(body)
        if kind == "SubscriptionConfirmation":
            return base64.b64encode(message), {}
        said = read(message)
        return b"", {**said, "taskID": text(said, "taskID")}

    def message(self, body: bytes) -> bytes:
        """The message of a body: the body itself, or what its envelope holds."""
        try:
            envelope = json.loads(body)
        except ValueError:
            return body
        enveloped = isinstance(envelope, dict) and isinstance(envelope.get("message"), str)
        return envelope["message"].encode() if enveloped else body


def read(body: bytes, status: str = "") -> Mapping[str, Any]:
    """A JSON object. Raises MpsError for anything else."""
    try:
        said = json.loads(body)
    except ValueError as error:
        raise MpsError(status, f"no JSON: {body[:80]!r}") from error
    if not isinstance(said, dict):
        raise MpsError(status, f"no object: {body[:80]!r}")
    return said


def flat(result: Mapping[str, Any], wrapper: str) -> Mapping[str, Any]:
    """The members of a result, which stand in it, or in a wrapper, or both: the pages say one, the vendor's clients the other."""
    inner = result.get(wrapper)
    return {**inner, **result} if isinstance(inner, dict) else result


def text(found: Mapping[str, Any], name: str) -> str:
    """A member that every answer has. Raises MpsError where this one has not."""
    if not isinstance(found.get(name), str):
        raise MpsError("", f"the answer has no {name}: {found}")
    return str(found[name])
