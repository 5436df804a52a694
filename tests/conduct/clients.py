"""Small hand-written clients of Pontus, correct ones, and their contracts: what the tests of the client contract try.

Each step is a method of its own, so that a wrong client is a correct one with a method written as people write it wrong.
"""

from __future__ import annotations

import asyncio
import hashlib
import http.client
import itertools
import json
import time
from typing import Any, ClassVar
from urllib.parse import quote, urlsplit

import httpx
import requests

from mockcloud import ClientContract, Cloud

_NONCES = itertools.count(1)


class PontusError(Exception):
    """The vendor said no, or nothing that can be understood. `code` is the vendor's, empty where there is none."""

    def __init__(self, code: str, message: str = "") -> None:
        super().__init__(f"{code}: {message}")
        self.code = code


class Speech:
    """What is said to Pontus, and what its answers mean; sends nothing."""

    def __init__(self, key: str, secret: str, code: str, url: str = "https://media.pontus.com") -> None:
        self.key, self.secret, self.client_code, self.url = key, secret, code, url

    def headers(self) -> dict[str, str]:
        now, nonce = self.now(), self.nonce()
        seal = hashlib.sha1(f"{self.secret}{nonce}{self.client_code}{now}".encode()).hexdigest()
        names = ("apiPublicKey", "apiNonce", "apiClientCode", "apiExecTime", "apiCheckSum")
        return dict(zip(names, (self.key, nonce, self.client_code, now, seal), strict=True))

    def now(self) -> str:
        return str(int(time.time()))

    def nonce(self) -> str:
        return f"{time.time_ns()}{next(_NONCES)}"

    def part(self, text: str) -> str:
        return quote(text, safe="")

    def encoded(self, body: dict[str, Any]) -> bytes:
        return json.dumps(self.body(body)).encode()

    def body(self, body: dict[str, Any]) -> dict[str, Any]:
        return body

    def tasks(self, version: str) -> str:
        return f"/api/{self.part(version)}/task/transcoding"

    def read(self, status: int, body: bytes) -> dict[str, Any]:
        data = self.parsed(body)
        if status != 200:
            raise PontusError(self.code_in(data), str(data))
        if "task_id" not in data:
            raise PontusError("", f"no task: {data}")
        return data

    def parsed(self, body: bytes) -> dict[str, Any]:
        try:
            data = json.loads(body)
        except ValueError:
            raise PontusError("", f"no JSON: {body[:40]!r}") from None
        if not isinstance(data, dict):
            raise PontusError("", f"no object: {body[:40]!r}")
        return data

    def code_in(self, data: dict[str, Any]) -> str:
        return data.get("code", "")

    def ended(self, task: dict[str, Any]) -> bool:
        if task["task_status"] in ("FAILED", "ERROR", "CANCELLED", "CANCELED"):
            raise PontusError(task.get("error", {}).get("code", ""), "the task failed")
        return task["task_status"] in ("COMPLETED", "SUCCESS", "FINISHED")


class Pontus(Speech):
    """By httpx."""

    def __init__(self, *given: str) -> None:
        super().__init__(*given)
        self.http = httpx.Client()

    def close(self) -> None:
        self.http.close()

    def create(self, version: str, **body: Any) -> dict[str, Any]:
        return self.send("POST", self.tasks(version), self.encoded(body))

    def get(self, version: str, task: str) -> dict[str, Any]:
        return self.send("GET", f"{self.tasks(version)}/{self.part(task)}")

    def wait(self, version: str, task: str) -> str:
        while True:
            found = self.get(version, task)
            if self.ended(found):
                return found["task_status"]
            time.sleep(5)  # as a client waits

    def send(self, method: str, path: str, content: bytes = b"") -> dict[str, Any]:
        try:
            answer = self.asked(method, path, {**self.headers(), "Content-Type": "application/json"}, content)
        except httpx.HTTPError as problem:
            raise PontusError("", f"no answer: {problem}") from problem
        return self.read(answer.status_code, answer.content)

    def asked(self, method: str, path: str, headers: dict[str, str], content: bytes) -> httpx.Response:
        return self.http.request(method, self.url + path, headers=headers, content=content)


class AsyncPontus(Speech):
    """By httpx, awaited."""

    timeout: float | None = 5.0

    async def create(self, version: str, **body: Any) -> dict[str, Any]:
        return await self.send("POST", self.tasks(version), self.encoded(body))

    async def wait(self, version: str, task: str) -> str:
        while not self.ended(found := await self.send("GET", f"{self.tasks(version)}/{self.part(task)}")):
            await asyncio.sleep(5)
        return found["task_status"]

    async def send(self, method: str, path: str, content: bytes = b"") -> dict[str, Any]:
        headers = {**self.headers(), "Content-Type": "application/json"}
        try:
            async with httpx.AsyncClient(timeout=self.timeout) as client:
                answer = await client.request(method, self.url + path, headers=headers, content=content)
        except httpx.HTTPError as problem:
            raise PontusError("", f"no answer: {problem}") from problem
        return self.read(answer.status_code, answer.content)


class RequestsPontus(Pontus):
    """By requests."""

    def __init__(self, *given: str) -> None:
        Speech.__init__(self, *given)
        self.http = requests.Session()

    def send(self, method: str, path: str, content: bytes = b"") -> dict[str, Any]:
        headers = {**self.headers(), "Content-Type": "application/json"}
        try:
            answer = self.http.request(method, self.url + path, headers=headers, data=content, timeout=10)
        except requests.RequestException as problem:
            raise PontusError("", f"no answer: {problem}") from problem
        return self.read(answer.status_code, answer.content)


class PlainPontus(Pontus):
    """By http.client, which nothing intercepts."""

    patience: ClassVar[float | None] = 10

    def __init__(self, *given: str) -> None:
        Speech.__init__(self, *given)

    def close(self) -> None:
        """Every connection is closed behind its answer."""

    def send(self, method: str, path: str, content: bytes = b"") -> dict[str, Any]:
        connection = http.client.HTTPConnection(urlsplit(self.url).netloc, timeout=self.patience)
        try:
            connection.request(method, path, content or None, {**self.headers(), "Content-Type": "application/json"})
            answer = connection.getresponse()
            status, body = answer.status, answer.read()
        except (OSError, http.client.HTTPException) as problem:
            raise PontusError("", f"no answer: {problem}") from problem
        finally:
            connection.close()
        return self.read(status, body)


class Creating(ClientContract):
    """Tasks: created and waited for."""

    operation = "pontus.createTranscodingTask"
    error = PontusError
    made_of: ClassVar[type] = Pontus

    def client(self, cloud: Cloud) -> Any:
        known = cloud.credentials("pontus")
        return self.made_of(known.access_key, known.secret_key, known.client_code)

    def call(self, client: Any, args: dict[str, Any]) -> Any:
        return client.create(**args)

    def result(self, returned: Any) -> Any:
        return returned

    def code(self, error: PontusError) -> str:
        return error.code

    def wait(self, client: Any, returned: Any) -> Any:
        return client.wait("v1", returned["task_id"])


class Getting(Creating):
    """One task."""

    operation = "pontus.getTranscodingTask"
    wait = None

    def call(self, client: Any, args: dict[str, Any]) -> Any:
        return client.get(args["version"], args["task_id"])


class AsyncCreating(Creating):
    """As `Creating`, awaited."""

    made_of = AsyncPontus
    examples = 8

    async def call(self, client: Any, args: dict[str, Any]) -> Any:
        return await client.create(**args)

    async def wait(self, client: Any, returned: Any) -> Any:
        return await client.wait("v1", returned["task_id"])


class RequestsCreating(Creating):
    """As `Creating`, by requests."""

    made_of = RequestsPontus
    examples = 8


class ServedCreating(Creating):
    """As `Creating`, over the loopback server."""

    made_of = PlainPontus
    examples = 8

    def client(self, cloud: Any) -> Any:
        known = cloud.credentials("pontus")
        return self.made_of(known.access_key, known.secret_key, known.client_code, cloud.base_url)


CORRECT = (Creating, Getting, AsyncCreating, RequestsCreating, ServedCreating)
