"""The ordered record of what was asked and answered, and the lines of a file in which it is written down."""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Callable
from pathlib import Path
from typing import Final, NamedTuple

from mockcloud.messages import Json, Request, Response, Violation
from mockcloud.state.ring import BYTES, LENGTH, Ring

FORMAT: Final = "mockcloud.journal/1"
"""The format of a line; `schemas/meta/outputs/journal.schema.json` describes it."""


class Exchange(NamedTuple):
    """One request and its answer.

    `provider` and `operation` are empty where none was told; the status of `response` is 0 where nothing was answered, and
    `note` says why; `refusal` is the vendor's code, empty on success;
    `violations` are the rules that the request broke; `note` says what the vendor's answer does not. `reason` is the
    condition (or the planned code) that a refusal is for which no broken rule earned; empty otherwise.
    """

    at: float
    provider: str
    operation: str
    request: Request
    response: Response
    violations: tuple[Violation, ...] = ()
    refusal: str = ""
    note: str = ""
    reason: str = ""

    def __str__(self) -> str:
        """What a developer wants to read of it: a line, and for a refusal why, with the rule and where it is written down."""
        asked = f"{self.request.method} {ascii(self.request.target)[1:-1]}"
        outcome = f"{self.response.status or 'no answer'} {self.refusal}".rstrip()
        lines = [f"{asked} -> {outcome} ({self.operation or self.provider or 'nobody'})", *map(str, self.violations)]
        return "\n  ".join([*lines, *([ascii(self.note)[1:-1]] if self.note else [])])

    def as_line(self) -> str:
        """The exchange as one line of JSON, in the format `mockcloud.journal/1`, without its line feed; ASCII alone.

        A body is the text `body`, or `body_base64` where it is not UTF-8.
        """
        return json.dumps(
            {
                "format": FORMAT,
                "at": self.at,
                "provider": self.provider,
                "operation": self.operation,
                **messages(self.request, self.response),
                "refusal": self.refusal,
                "violations": [_violation(one) for one in self.violations],
                "note": self.note,
            }
        )


class Journal(Ring[Exchange]):
    """The latest exchanges, oldest first: iterate, index, slice, or ask for `last`. Weighs targets and bodies."""

    def __init__(self, length: int = LENGTH, bytes: int = BYTES) -> None:
        super().__init__(_weight, length, bytes)
        self.watcher: Callable[[Exchange], None] | None = None
        """Told of every exchange as it is kept."""

    def record(self, exchange: Exchange) -> None:
        """Keep an exchange."""
        super().record(exchange)
        if self.watcher is not None:
            self.watcher(exchange)

    @property
    def last(self) -> Exchange:
        """The newest exchange. Raises IndexError when nothing was asked yet."""
        return self[-1]

    def save(self, path: str | Path) -> None:
        """Write what is kept to a file, an exchange a line; `mockcloud validate` and `mockcloud diff --journal` read it.

        What a client signed with stands in it as it was sent. Raises OSError for a file that cannot be written.
        """
        with Path(path).open("w", encoding="ascii", newline="\n") as file:
            file.writelines(f"{exchange.as_line()}\n" for exchange in self)

    def __repr__(self) -> str:
        return f"<Journal of {len(self)} exchanges>"


def _weight(exchange: Exchange) -> int:
    return exchange.request.size + len(exchange.response.body)


def messages(asked: Request, answered: Response) -> dict[str, Json]:
    """A request and its answer as members of an object: `request` and, where something was answered, `response`."""
    said: dict[str, Json] = {
        "request": {
            "method": asked.method,
            "target": asked.target,
            "host": asked.host,
            "headers": [list(pair) for pair in asked.headers],
            **_body(asked.body),
        }
    }
    if answered.status:
        headers = [list(pair) for pair in answered.headers]
        said["response"] = {"status": answered.status, "headers": headers, **_body(answered.body)}
    return said


def _body(body: bytes) -> dict[str, str]:
    try:
        return {"body": body.decode("utf-8")}
    except UnicodeDecodeError:
        return {"body_base64": b64encode(body).decode("ascii")}


def _violation(broken: Violation) -> dict[str, Json]:
    return {name: getattr(broken, name) for name in ("rule", "where", "found", "reason", "document", "line")}
