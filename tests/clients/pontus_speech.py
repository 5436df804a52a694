"""What every client of Pontus here does alike: the five headers, requests and answers as plain data.

Knows the vendor's pages, no library. Law: whatever is wrong is a PontusError. A defect is one method.
"""

from __future__ import annotations

import json
import secrets
import time
from collections.abc import Mapping
from hashlib import sha1
from typing import Any, NamedTuple
from urllib.parse import quote

URL = "http://media.pontus.com"
POLLS = 200
"""How often a task is looked at before it is given up."""

PAUSE = 1.0
"""Seconds between two looks."""

TRIES = 3
"""How often a question that changes nothing is asked."""


class PontusError(Exception):
    """The vendor refused, or could not be understood, or a task failed. `code` is the vendor's word, empty for none."""

    def __init__(self, code: str, message: str = "") -> None:
        super().__init__(f"{code}: {message}")
        self.code = code


class Asked(NamedTuple):
    """A request before it is signed."""

    method: str
    path: str
    body: bytes | None = None


class Task(NamedTuple):
    """A task as it stands. None is what the answer does not say."""

    id: str
    status: str
    source: str
    targets: list[str]
    profile: str | None
    created: str | None
    started: str | None
    ended: str | None
    code: str | None
    message: str | None


class Profile(NamedTuple):
    """How something is transcoded. None is what the answer does not say."""

    name: str
    description: str | None
    created: str | None
    qualities: list[Mapping[str, Any]]


class Made(NamedTuple):
    """A task that was made, and the version by which it is asked for."""

    version: str
    id: str


class Speech:
    """Says requests and reads answers."""

    def __init__(self, public_key: str, private_key: str, client_code: str) -> None:
        self.public_key, self.private_key, self.client_code = public_key, private_key, client_code

    # Requests

    def headers(self) -> dict[str, str]:
        """The headers of a request that is sent now."""
        nonce, now = self.nonce(), self.now()
        return {
            "apiPublicKey": self.public_key,
            "apiNonce": nonce,
            "apiClientCode": self.client_code,
            "apiExecTime": now,
            "apiCheckSum": self.checksum(nonce, now),
            "Content-Type": "application/json",
        }

    def checksum(self, nonce: str, now: str) -> str:
        """The vendor's checksum, which is SHA-1 and covers no request."""
        return sha1(f"{self.private_key}{nonce}{self.client_code}{now}".encode(), usedforsecurity=False).hexdigest()

    def nonce(self) -> str:
        """Digits that never came before."""
        return str(secrets.randbelow(10**30))

    def now(self) -> str:
        """Now, in seconds since the epoch."""
        return str(int(time.time()))

    def creating(self, version: str, source: Mapping[str, Any], targets: Any, profile: str | None) -> Asked:
        """The request for a task."""
        said = {"source": source, "targets": targets, **({} if profile is None else {"profile_name": profile})}
        return Asked("POST", f"/api/{self.part(version)}/task/transcoding", self.encoded(said))

    def getting(self, version: str, task: str) -> Asked:
        """The question for a task."""
        return Asked("GET", f"/api/{self.part(version)}/task/transcoding/{self.part(task)}")

    def adding(self, version: str, profile: Mapping[str, Any]) -> Asked:
        """The request for a profile."""
        return Asked("POST", f"/api/{self.part(version)}/profile", self.encoded(profile))

    def listing(self, version: str) -> Asked:
        """The question for all profiles."""
        return Asked("GET", f"/api/{self.part(version)}/profiles")

    def part(self, text: str) -> str:
        """A text as a part of a path."""
        return quote(text, safe="")

    def encoded(self, body: Mapping[str, Any]) -> bytes:
        """A body as bytes."""
        return json.dumps(body).encode()

    def tries(self, asked: Asked) -> int:
        """How often a request is sent: what may have made something is not repeated."""
        return TRIES if asked.method == "GET" else 1

    # Answers

    def answered(self, status: int, body: bytes) -> Mapping[str, Any]:
        """What an answer says, nothing for an empty one. Raises PontusError for a refusal and for what is no answer of this vendor."""
        if status == 200 and not body:
            return {}
        said = self.read(status, body)
        if status != 200:
            raise PontusError(self.refused(said) or str(status), str(said.get("message")))
        return said

    def read(self, status: int, body: bytes) -> Mapping[str, Any]:
        """A JSON object."""
        try:
            said = json.loads(body)
        except ValueError as error:
            raise PontusError(str(status), f"no JSON: {body[:80]!r}") from error
        if not isinstance(said, dict):
            raise PontusError(str(status), f"no object: {body[:80]!r}")
        return said

    def refused(self, said: Mapping[str, Any]) -> str:
        """The code of a refusal."""
        return str(said.get("code") or "")

    def made(self, version: str, said: Mapping[str, Any]) -> Made:
        """The task that an answer names."""
        return Made(version, text(said, "task_id"))

    def task(self, said: Mapping[str, Any]) -> Task:
        """A task of an answer."""
        error = said.get("error") or {}
        return Task(
            text(said, "task_id"),
            text(said, "task_status"),
            text(said.get("source") or {}, "source_url"),
            [text(one, "target_url") for one in said.get("targets") or []],
            said.get("profile_name"),
            said.get("create_time"),
            said.get("start_time"),
            said.get("end_time"),
            error.get("code"),
            error.get("message"),
        )

    def profiles(self, said: Mapping[str, Any]) -> list[Profile]:
        """The profiles of an answer."""
        if not isinstance(said.get("profiles"), list):
            raise PontusError("", f"the answer has no profiles: {said}")
        return [self.profile(one) for one in said["profiles"]]

    def profile(self, said: Mapping[str, Any]) -> Profile:
        """One of them."""
        qualities = [dict(one) for one in said.get("qlties") or []]
        return Profile(text(said, "profile_name"), said.get("description"), said.get("create_time"), qualities)

    def over(self, task: Task) -> bool:
        """Whether a task has ended. Raises PontusError with the vendor's code for one that failed."""
        if task.status == "FAILED":
            raise PontusError(task.code or "", task.message or f"task {task.id} failed")
        return task.status == "SUCCESS"


def text(found: Mapping[str, Any], name: str) -> str:
    """A member that every answer has. Raises PontusError where this one has not."""
    if not isinstance(found.get(name), str):
        raise PontusError("", f"the answer has no {name}: {found}")
    return str(found[name])
