"""Pontus by plain httpx (no vendor SDK exists): create, poll to the end, an unknown profile, a wrong private key."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from mockcloud.messages import Credential
from mockcloud.providers.demo.steps import Step, path_of

if TYPE_CHECKING:
    import httpx

PACKAGE = "httpx"
NONCE, TIME = "938219048", "1432038519"
TASK = {
    "source": {"source_url": "rtmp://media.example/live/in"},
    "profile_name": "video_mp4_1280x720_1728kbps",
    "targets": [{"target_url": "rtmp://media.example/live/out"}],
}


def walk(url: str, credential: Credential) -> Iterator[Step]:
    """The steps, against a server at the URL."""
    import httpx

    with httpx.Client(base_url=f"{url}/api/v1/task", trust_env=False) as client:
        signed = _headers(credential, credential.secret_key)
        made = client.post("/transcoding", json=TASK, headers=signed)
        task = made.json().get("task_id")
        yield Step("create", "POST /task/transcoding", f"{made.status_code} task_id {task}", bool(task))
        states = (client.get(f"/transcoding/{task}", headers=signed).json()["task_status"] for _ in iter(int, 1))
        seen, ended = path_of(states, "SUCCESS")
        yield Step("poll to the end", "GET /task/transcoding/{task_id}", seen, ended)
        refused = client.post("/transcoding", json={**TASK, "profile_name": "no-such"}, headers=signed)
        yield Step("unknown profile", "profile_name=no-such", _shown(refused), _is(refused, 404, "NoSuchProfile"))
        refused = client.get(f"/transcoding/{task}", headers=_headers(credential, "wrong"))
        yield Step("tampered signature", "signed with another private key", _shown(refused), _is(refused, 403, "AccessDenied"))


def _is(response: httpx.Response, status: int, code: str) -> bool:
    answer: Any = response.json()
    return response.status_code == status and answer["code"] == code


def _shown(response: httpx.Response) -> str:
    answer: Any = response.json()
    return f"{response.status_code} {answer['code']} {answer['message']}"


def _headers(credential: Credential, secret: str) -> dict[str, str]:
    text = f"{secret}{NONCE}{credential.client_code}{TIME}"
    return {
        "apiPublicKey": credential.access_key,
        "apiNonce": NONCE,
        "apiClientCode": credential.client_code,
        "apiExecTime": TIME,
        "apiCheckSum": hashlib.sha1(text.encode(), usedforsecurity=False).hexdigest(),
    }
