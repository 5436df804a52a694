"""The ordered record of what was asked and answered."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from mockcloud.messages import Request, Response, Violation
from mockcloud.state.ring import BYTES, LENGTH, Ring


class Exchange(NamedTuple):
    """One request and its answer.

    `provider` and `operation` are empty where none was told; `refusal` is the vendor's code, empty on success;
    `violations` are the rules that the request broke; `note` says what the vendor's answer does not.
    """

    at: float
    provider: str
    operation: str
    request: Request
    response: Response
    violations: tuple[Violation, ...] = ()
    refusal: str = ""
    note: str = ""

    def __str__(self) -> str:
        """What a developer wants to read of it: a line, and for a refusal why, with the rule and where it is written down."""
        asked = f"{self.request.method} {ascii(self.request.target)[1:-1]}"
        outcome = f"{self.response.status} {self.refusal}".rstrip()
        lines = [f"{asked} -> {outcome} ({self.operation or self.provider or 'nobody'})", *map(str, self.violations)]
        return "\n  ".join([*lines, *([ascii(self.note)[1:-1]] if self.note else [])])


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

    def __repr__(self) -> str:
        return f"<Journal of {len(self)} exchanges>"


def _weight(exchange: Exchange) -> int:
    return exchange.request.size + len(exchange.response.body)
