"""The values that travel between the stages of a request.

Knows nothing of any transport or vendor. Law: everything here is frozen once made.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple

from mockcloud.errors import UsageError, nearest

Json = Any
"""A decoded body: None, bool, int, float, str, list or dict of these. The only `Any` of the project."""

Pairs = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Request:
    """One HTTP request as it stood on the wire.

    `target` is the raw path and query (no scheme, no authority, nothing decoded), `headers` the
    pairs in their order with their spelling, `host` the Host header as received, port included.
    """

    method: str
    target: str
    host: str
    headers: Pairs = ()
    body: bytes = b""
    _index: dict[str, str] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        index: dict[str, str] = {}
        for name, value in self.headers:
            low = name.lower()
            index[low] = f"{index[low]},{value.strip()}" if low in index else value.strip()
        object.__setattr__(self, "_index", index)

    def header(self, name: str) -> str | None:
        """The value of a header by its lower-case name, repeated ones joined by commas; None when absent."""
        return self._index.get(name)

    @property
    def path(self) -> str:
        """The raw path, still percent-encoded."""
        return self.target.partition("?")[0]

    @property
    def query(self) -> str:
        """The raw query without its question mark."""
        return self.target.partition("?")[2]

    @property
    def size(self) -> int:
        """The bytes of target and body."""
        return len(self.target) + len(self.body)


class Response(NamedTuple):
    """One HTTP response as it goes on the wire."""

    status: int
    headers: Pairs = ()
    body: bytes = b""

    def header(self, name: str) -> str | None:
        """The value of the first header with this lower-case name."""
        return next((value for given, value in self.headers if given.lower() == name), None)


@dataclass(frozen=True, slots=True)
class Violation:
    """A rule that a message breaks: the rule's id, a pointer to the place, the value found and why it is wrong.

    `document` and `line` (a line's number, or a section's name) are where the rule is written down; empty and None for
    one that nobody documents.
    """

    rule: str
    where: str
    found: Json
    reason: str
    document: str = ""
    line: int | str | None = None

    def __str__(self) -> str:
        place = f" {'line ' if isinstance(self.line, int) else ''}{self.line}" if self.line is not None else ""
        source = f" [{self.document}{place}]" if self.document else ""
        found = "" if self.found is None else f" {shortened(self.found)}"
        return f"{self.where or '/'}{found} {self.reason}: {self.rule}{source}"


def shortened(value: Json, length: int = 120) -> str:
    """A value as a person reads it in one line, escaped and cut."""
    text = ascii(value)
    return text if len(text) <= length else f"{text[:length]}..."


def quoted(text: str, length: int = 600) -> str:
    """As much of a text as a note of the journal quotes: what a stranger sent may be long."""
    return text if len(text) <= length else f"{text[:length]}..."


class Refusal(Exception):
    """The cloud says no. Not an error of ours.

    `reason` is a code of the provider's catalogue or a condition that the catalogue maps to one;
    `fields` fill the catalogue's message. Status, code and wording live in `errors.json`.
    """

    def __init__(self, reason: str, /, *, violations: tuple[Violation, ...] = (), note: str = "", **fields: Json) -> None:
        super().__init__(reason)
        self.reason = reason
        self.fields = fields
        self.violations = violations
        self.note = note


FAULTS: Final = {
    "reset": "the connection was reset before an answer came",
    "timeout": "no answer came in time",
    "truncate": "the answer broke off within its body",
    "malformed": "what came was no HTTP",
    "empty": "the connection was closed without an answer",
}
"""The kinds of `TransportFault`, each with what the client meets."""

MALFORMED: Final = b"this is no HTTP\r\n\r\n"
"""What a client gets in place of an answer that is malformed."""


class TransportFault(Exception):
    """The connection misbehaves instead of answering. Not an error of ours: every door lets its client meet it.

    `kind` is one of `FAULTS`. `response` is the whole answer where there is one, though the client never gets it:
    of `truncate` it gets the first part. Raises UsageError for another kind, and for no answer to truncate.
    """

    def __init__(self, kind: str, response: Response | None = None) -> None:
        super().__init__(FAULTS.get(kind, kind))
        if kind not in FAULTS:
            raise UsageError(f"a transport fault is of a kind that is known, found {kind!r}.{nearest(str(kind), FAULTS)}")
        if kind == "truncate" and response is None:
            raise UsageError("what is truncated is an answer: TransportFault('truncate', response)")
        self.kind = kind
        self.response = response or Response(0)

    @property
    def truncated(self) -> Response:
        """As much of the answer as the client gets: its head promises more than its body has."""
        status, headers, body = self.response
        kept = tuple(pair for pair in headers if pair[0].lower() not in ("content-length", "transfer-encoding"))
        return Response(status, (*kept, ("Content-Length", str(len(body) or 1))), body[: len(body) // 2])


@dataclass(frozen=True, slots=True)
class Credential:
    """What a client signs with, and the account that it belongs to."""

    access_key: str
    secret_key: str = field(repr=False)
    client_code: str = ""
    shown: Mapping[str, str] = field(init=False, repr=False, compare=False)
    """The credential as views see it: never its secret."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "shown", {"access_key": self.access_key, "client_code": self.client_code})


class Attempt(NamedTuple):
    """What a provider's verifier may look at to tell who is calling.

    `parameters` are the decoded query and body parameters where the provider signs those (else empty),
    `credentials` the known ones by access key, `now` seconds since the epoch on the mock's clock,
    `settings` the provider's settings. `is_new` says whether a text (a nonce, with whose it is) comes for the first time.
    """

    request: Request
    parameters: Mapping[str, Json]
    credentials: Mapping[str, Credential]
    now: float
    settings: Mapping[str, Json]
    is_new: Callable[[str], bool] = bool
