"""Small hand-written clients of Pontus, correct ones, for the tests of the client contract."""

from __future__ import annotations

import hashlib
import itertools
import json
import time
from typing import Any
from urllib.parse import quote

import httpx

from mockcloud import ClientContract, Cloud

_NONCES = itertools.count(1)


class PontusError(Exception):
    """The vendor said no, or nothing that can be understood."""

    def __init__(self, code: str, message: str = "") -> None:
        super().__init__(f"{code}: {message}")
        self.code = code


class Pontus:
    """A client by httpx."""

    FAILED = ("Failed", "Canceled")

    def __init__(self, key: str, secret: str, code: str, url: str = "https://media.pontus.com") -> None:
        self.key, self.secret, self.client_code, self.url = key, secret, code, url
        self.http = httpx.Client()

    def headers(self) -> dict[str, str]:
        now = str(int(time.time()))
        nonce = f"{now}{next(_NONCES)}"
        seal = hashlib.sha1(f"{self.secret}{nonce}{self.client_code}{now}".encode()).hexdigest()
        names = ("apiPublicKey", "apiNonce", "apiClientCode", "apiExecTime", "apiCheckSum")
        return dict(zip(names, (self.key, nonce, self.client_code, now, seal), strict=True))

    def send(self, method: str, path: str, body: Any = None) -> Any:
        headers, content = self.headers(), None
        if body is not None:
            headers["Content-Type"], content = "application/json", self.encoded(body)
        try:
            answer = self.http.request(method, self.url + path, headers=headers, content=content)
        except httpx.HTTPError as problem:
            raise PontusError("Transport", str(problem)) from problem
        return self.decoded(answer)

    def encoded(self, body: Any) -> bytes:
        return json.dumps(body).encode()

    def decoded(self, answer: httpx.Response) -> Any:
        try:
            data = answer.json() if answer.content else {}
        except ValueError:
            raise PontusError("Unreadable", answer.text[:40]) from None
        if answer.status_code != 200:
            raise PontusError(data.get("code", "") if isinstance(data, dict) else "", str(data))
        if not isinstance(data, dict):
            raise PontusError("Unreadable", answer.text[:40])
        return data

    def create(self, version: str, **body: Any) -> Any:
        made = self.send("POST", f"/api/{quote(version, safe='')}/task/transcoding", body)
        if "task_id" not in made:
            raise PontusError("Unreadable", str(made))
        return made

    def get(self, version: str, task: str) -> Any:
        return self.send("GET", f"/api/{quote(version, safe='')}/task/transcoding/{quote(task, safe='')}")


class Creating(ClientContract):
    operation = "pontus.createTranscodingTask"
    error = PontusError

    def client(self, cloud: Cloud) -> Pontus:
        known = cloud.credentials("pontus")
        return Pontus(known.access_key, known.secret_key, known.client_code)

    def call(self, client: Pontus, args: dict[str, Any]) -> Any:
        return client.create(**args)

    def result(self, returned: Any) -> Any:
        return returned

    def code(self, error: PontusError) -> str:
        return error.code


class Getting(Creating):
    operation = "pontus.getTranscodingTask"

    def call(self, client: Pontus, args: dict[str, Any]) -> Any:
        return client.get(args["version"], args["task_id"])
