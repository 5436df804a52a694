"""A small client of JD Cloud MPS, written by hand on httpx: thumbnails, and where messages of them go.

Knows the vendor's pages about requests and signatures. Law: whatever goes wrong is an MpsError. A defect is one method.
"""

from __future__ import annotations

import hmac
import json
import re
import time
import uuid
from collections.abc import Mapping
from hashlib import sha256
from typing import Any
from urllib.parse import quote, unquote_plus

import httpx

from .jdcloud_tasks import Made, MpsError, Page, Tasks, Thumbnail, flat, read

HOST = "mps.jdcloud-api.com"
ALGORITHM = "JDCLOUD2-HMAC-SHA256"
SIGNED = "content-type;host;x-jdcloud-date;x-jdcloud-nonce"
TRIES = 3
"""How often a question that changes nothing is asked."""


class Signer:
    """Signs by the vendor's generation 2."""

    def __init__(self, access_key: str, secret_key: str) -> None:
        self.access_key, self.secret_key = access_key, secret_key

    def headers(self, method: str, target: str, body: bytes, region: str) -> dict[str, str]:
        """The headers of a request that is signed now."""
        stamp = self.stamp()
        headers = {
            "Host": HOST,
            "Content-Type": "application/json",
            "x-jdcloud-date": stamp,
            "x-jdcloud-nonce": self.nonce(),
        }
        scope = f"{stamp[:8]}/{region}/mps/jdcloud2_request"
        asked = self.canonical(method, target, headers, body)
        text = f"{ALGORITHM}\n{stamp}\n{scope}\n{sha256(asked.encode()).hexdigest()}"
        signature = hmac.new(self.key(scope), text.encode(), sha256).hexdigest()
        credential = f"Credential={self.access_key}/{scope}"
        return {**headers, "Authorization": f"{ALGORITHM} {credential}, SignedHeaders={SIGNED}, Signature={signature}"}

    def canonical(self, method: str, target: str, headers: Mapping[str, str], body: bytes) -> str:
        """The canonical request."""
        path, _, query = target.partition("?")
        low = {name.lower(): value for name, value in headers.items()}
        lines = "".join(f"{name}:{low[name]}\n" for name in SIGNED.split(";"))
        digest = sha256(body).hexdigest()
        return f"{method}\n{self.path(path)}\n{self.query(query)}\n{lines}\n{SIGNED}\n{digest}"

    def path(self, path: str) -> str:
        """The canonical path."""
        return quote(re.sub("/+", "/", unquote_plus(path)), safe="/~")

    def query(self, query: str) -> str:
        """The canonical query: sorted."""
        return "&".join(sorted(query.split("&")))

    def stamp(self) -> str:
        """Now, as the vendor writes it, in UTC."""
        return time.strftime("%Y%m%dT%H%M%SZ", time.gmtime())

    def nonce(self) -> str:
        """A text that never came before."""
        return str(uuid.uuid4())

    def key(self, scope: str) -> bytes:
        """The key of a day, a region and a service."""
        key = f"JDCLOUD2{self.secret_key}".encode()
        for part in scope.split("/"):
            key = hmac.digest(key, part.encode(), "sha256")
        return key


class Mps(Tasks):
    """The client."""

    library = "httpx"
    caught: Any = httpx.HTTPError
    """What of the library's errors becomes the client's own."""
    Signer = Signer

    def __init__(self, access_key: str, secret_key: str) -> None:
        self._signer = self.Signer(access_key, secret_key)
        self._http = httpx.Client(timeout=10)

    def create_thumbnail(
        self, region: str, source: Mapping[str, Any], target: Mapping[str, Any], rule: Mapping[str, Any] | None = None
    ) -> Made:
        """Let pictures be taken of a video."""
        said = {"source": source, "target": target, **({} if rule is None else {"rule": rule})}
        return self.made(region, self._ask("POST", f"{self.place(region)}/thumbnail", region, body=said))

    def get_thumbnail(self, region: str, task: str) -> Thumbnail:
        """A task as it stands."""
        found = self._ask("GET", f"{self.place(region)}/thumbnail/{self.part(task)}", region)
        return self.thumbnail(flat(found, "thumbnailTask"))

    def list_thumbnails(self, region: str, **filters: str) -> Page:
        """The tasks of a region, newest first."""
        found = self._ask("GET", f"{self.place(region)}/thumbnail", region, query=filters)
        return self.page(flat(found, "thumbnailQuery"))

    def set_notification(self, region: str, enabled: bool, **rest: Any) -> None:
        """Say where messages go."""
        self._ask("PUT", f"{self.place(region)}/notification", region, body={"enabled": enabled, **rest})

    # What follows is how.

    def part(self, text: str) -> str:
        """A text as a part of a path."""
        return quote(text, safe="")

    def place(self, region: str) -> str:
        """The path of a region."""
        return f"/regions/{self.part(region)}"

    def search(self, query: Mapping[str, str]) -> str:
        """Names and values as a query."""
        return "&".join(f"{quote(name, safe='')}={quote(str(value), safe='')}" for name, value in query.items())

    def encoded(self, body: Mapping[str, Any]) -> bytes:
        """A body as bytes."""
        return json.dumps(body).encode()

    def _ask(
        self,
        method: str,
        path: str,
        region: str,
        query: Mapping[str, str] | None = None,
        body: Mapping[str, Any] | None = None,
    ) -> Mapping[str, Any]:
        target = f"/v1{path}" + (f"?{self.search(query)}" if query else "")
        content = b"" if body is None else self.encoded(body)
        for left in reversed(range(self.tries(method))):
            try:
                answer = self.sent(method, target, content, region)
            except self.caught as error:
                if not left:
                    raise MpsError("", f"no answer: {error}") from error
                continue
            if answer.status_code < 500 or not left:
                return self.answered(answer)
        raise AssertionError("the last try returns or raises")

    def tries(self, method: str) -> int:
        """How often a request is sent: what may have made something is not repeated."""
        return TRIES if method == "GET" else 1

    def sent(self, method: str, target: str, content: bytes, region: str) -> httpx.Response:
        """One request."""
        headers = self._signer.headers(method, target, content, region)
        return self._http.request(method, f"https://{HOST}{target}", content=content, headers=headers)

    def answered(self, answer: httpx.Response) -> Mapping[str, Any]:
        """The result of an answer. Raises MpsError for a refusal and for what is no answer of this vendor."""
        said = read(answer.content, str(answer.status_code))
        error = said.get("error")
        if error:
            raise MpsError(*self.refused(error, answer.status_code))
        if not answer.is_success:
            raise MpsError(str(answer.status_code), "the vendor does not say why")
        return said.get("result") or {}

    def refused(self, error: Mapping[str, Any], status: int) -> tuple[str, str]:
        """The code of a refusal, and its sentence."""
        return str(error.get("status") or status), str(error.get("message"))
