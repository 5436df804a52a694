"""How a Tencent CI request is written and signed, and how an answer and a callback are read: what both small clients share.

Knows XML, the vendor's signature and its error document; sends nothing. Every step is a method of its own, so that a
defect is one method written as people write it wrong.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import time
import xml.etree.ElementTree as ET
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote, unquote
from xml.sax.saxutils import escape

BUCKET, REGION = "media-1250000000", "ap-chongqing"
WINDOW = 900
POLLS = 50
REPEATABLE = frozenset({"JobsDetail", "NonExistJobIds"})
ENDED = {"Success": "", "Failed": "the job failed", "Cancel": "somebody cancelled the job"}


class JobError(Exception):
    """A job that was refused, failed, or of which nothing can be learnt. `code` is the vendor's, empty where it gave none."""

    def __init__(self, message: str, code: str = "") -> None:
        super().__init__(f"{code}: {message}" if code else message)
        self.code = code


class Messages:
    """What is said to the vendor and what the vendor says."""

    def __init__(self, secret_id: str, secret_key: str, bucket: str, region: str) -> None:
        self.secret_id = secret_id
        self.secret_key = secret_key
        self.host = f"{bucket}.ci.{region}.myqcloud.com"

    # Writing

    def document(self, arguments: Mapping[str, Any]) -> bytes:
        """The body of a request."""
        return self.encoded(f"<Request>{self.children(arguments)}</Request>")

    def children(self, arguments: Mapping[str, Any]) -> str:
        return "".join(self.element(name, value) for name, value in arguments.items())

    def element(self, name: str, value: Any) -> str:
        if isinstance(value, list):
            return "".join(self.element(name, one) for one in value)
        inner = self.children(value) if isinstance(value, Mapping) else self.text(name, value)
        return f"<{name}>{inner}</{name}>"

    def text(self, name: str, value: Any) -> str:
        """A leaf. A bare carriage return would be read as a line feed."""
        del name
        return escape(str(value), {"\r": "&#13;"})

    def encoded(self, text: str) -> bytes:
        return text.encode()

    def job_path(self, job_id: str) -> str:
        return f"/jobs/{self.percent(job_id)}"

    def query(self, arguments: Mapping[str, Any]) -> str:
        return "&".join(f"{name}={self.percent(str(value))}" for name, value in arguments.items())

    # Signing

    def headers(self, method: str, target: str, body: bytes) -> dict[str, str]:
        """The headers of a request, the signature among them."""
        path, _, query = target.partition("?")
        signed = {"host": self.host}
        if method == "POST":
            signed |= {"content-type": "application/xml", "content-length": str(self.length(body))}
        given = dict(pair.split("=", 1) for pair in query.split("&")) if query else {}
        asked = {name: unquote(value) for name, value in given.items()}
        return {**self.sent(signed, body), "Authorization": self.authorization(method, unquote(path), asked, signed)}

    def sent(self, signed: dict[str, str], body: bytes) -> dict[str, str]:
        del body
        return dict(signed)

    def length(self, body: bytes) -> int:
        return len(body)

    def authorization(self, method: str, path: str, query: Mapping[str, str], headers: Mapping[str, str]) -> str:
        lasts = self.lasts()
        names, values = self.listed(query)
        header_names, header_values = self.listed(headers)
        asked = f"{method.lower()}\n{self.signed_path(path)}\n{values}\n{header_values}\n"
        digest = hashlib.sha1(asked.encode()).hexdigest()  # the vendor signs with SHA-1
        text = f"sha1\n{lasts}\n{digest}\n"
        return (
            f"q-sign-algorithm=sha1&q-ak={self.secret_id}&q-sign-time={lasts}&q-key-time={lasts}"
            f"&q-header-list={header_names}&q-url-param-list={names}&q-signature={self.sign(lasts, text)}"
        )

    def lasts(self) -> str:
        """From when to when the signature holds."""
        now = self.now()
        return f"{now - 60};{now + WINDOW}"

    def now(self) -> int:
        return int(time.time())  # a client of the real vendor reads the real clock

    def signed_path(self, path: str) -> str:
        """The vendor signs the path as it reads once decoded."""
        return path

    def listed(self, pairs: Mapping[str, str]) -> tuple[str, str]:
        """The names, and the names with their values, as they are signed."""
        encoded = sorted((self.percent(name).lower(), self.signed_value(value)) for name, value in pairs.items())
        return ";".join(name for name, _ in encoded), "&".join(f"{name}={value}" for name, value in encoded)

    def signed_value(self, value: str) -> str:
        return self.percent(value)

    def percent(self, text: str) -> str:
        return quote(text, safe="-_.~")

    def sign(self, lasts: str, text: str) -> str:
        return self.digest(self.digest(self.secret_key, lasts), text)

    def digest(self, key: str, text: str) -> str:
        return hmac.new(key.encode(), text.encode(), hashlib.sha1).hexdigest()

    # Reading

    def read(self, status: int, body: bytes) -> dict[str, Any]:
        """The answer's members. Raises JobError for a refusal and for what is no answer."""
        if self.refused(status):
            raise self.refusal(status, body)
        if not body:
            return self.nothing()
        found = self.plain(self.parsed(body))
        return found if isinstance(found, dict) else {}

    def nothing(self) -> dict[str, Any]:
        raise JobError("the answer is empty")

    def refused(self, status: int) -> bool:
        return not 200 <= status < 300

    def refusal(self, status: int, body: bytes) -> JobError:
        try:
            found = self.parsed(body)
        except JobError:
            return JobError(f"HTTP {status}")
        return JobError(found.findtext("Message") or f"HTTP {status}", self.code_in(found))

    def code_in(self, error: ET.Element) -> str:
        return error.findtext("Code") or ""

    def parsed(self, body: bytes) -> ET.Element:
        try:
            return ET.fromstring(body)
        except ET.ParseError as wrong:
            raise JobError(f"the answer cannot be read: {wrong}") from wrong

    def plain(self, element: ET.Element) -> Any:
        """An element as its text, or as its children by name: a list where one may be there again, or is."""
        if not len(element):
            return element.text or ""
        found: dict[str, list[Any]] = {}
        for child in element:
            found.setdefault(child.tag, []).append(self.plain(child))
        return {name: values if name in REPEATABLE or len(values) > 1 else values[0] for name, values in found.items()}

    def jobs(self, answer: Mapping[str, Any]) -> list[dict[str, Any]]:
        return [one for one in answer.get("JobsDetail", []) if isinstance(one, dict)]

    # Waiting

    def ended(self, job: Mapping[str, Any]) -> str:
        """The final state of a job that went well, empty for one that goes on. Raises JobError for one that did not."""
        state = str(job.get("State", ""))
        if ENDED.get(state):
            raise JobError(str(job.get("Message") or ENDED[state]), self.code_of(job, state))
        return state if state in ENDED else ""

    def code_of(self, job: Mapping[str, Any], state: str) -> str:
        """The code of a failure. A job that was cancelled still has the code of a job that went well."""
        return str(job.get("Code", "")) if state == "Failed" else ""

    # Callbacks

    def told(self, headers: Mapping[str, str], body: bytes) -> dict[str, Any]:
        """The members of a callback, in either of the vendor's two formats."""
        del headers
        if body.lstrip()[:1] == b"{":
            return self.told_in_json(body)
        found = self.plain(self.parsed(body))
        return found if isinstance(found, dict) else {}

    def told_in_json(self, body: bytes) -> dict[str, Any]:
        try:
            found = json.loads(body)
        except ValueError as wrong:
            raise JobError(f"the callback cannot be read: {wrong}") from wrong
        details = found.get("JobsDetail", [])
        return {**found, "JobsDetail": details if isinstance(details, list) else [details]}
