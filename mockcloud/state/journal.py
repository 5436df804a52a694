"""The ordered record of what was asked and answered. A ring: the oldest exchanges go when it is full, of them or of bytes."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Iterator
from typing import NamedTuple, overload

from mockcloud.messages import Request, Response, Violation

LENGTH = 10_000
BYTES = 64 * 1024 * 1024
"""Of the bodies that are kept: the last exchange always is."""


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


class Journal:
    """The exchanges, oldest first. Iterate, index, slice, or ask for `last`."""

    def __init__(self, length: int = LENGTH, bytes: int = BYTES) -> None:
        self._exchanges: deque[Exchange] = deque()
        self._length = length
        self._room = bytes
        self._lock = threading.Lock()
        self.watcher: Callable[[Exchange], None] | None = None
        """Told of every exchange as it is kept."""

    def record(self, exchange: Exchange) -> None:
        """Keep an exchange."""
        with self._lock:
            self._exchanges.append(exchange)
            self._room -= _weight(exchange)
            while len(self._exchanges) > self._length or (self._room < 0 and len(self._exchanges) > 1):
                self._room += _weight(self._exchanges.popleft())
        if self.watcher is not None:
            self.watcher(exchange)

    def clear(self) -> None:
        """Forget everything."""
        with self._lock:
            while self._exchanges:
                self._room += _weight(self._exchanges.popleft())

    @property
    def last(self) -> Exchange:
        """The newest exchange. Raises IndexError when nothing was asked yet."""
        return self._exchanges[-1]

    def __iter__(self) -> Iterator[Exchange]:
        return iter(list(self._exchanges))

    def __len__(self) -> int:
        return len(self._exchanges)

    @overload
    def __getitem__(self, index: int) -> Exchange: ...

    @overload
    def __getitem__(self, index: slice) -> list[Exchange]: ...

    def __getitem__(self, index: int | slice) -> Exchange | list[Exchange]:
        return list(self._exchanges)[index] if isinstance(index, slice) else self._exchanges[index]

    def __repr__(self) -> str:
        return f"<Journal of {len(self)} exchanges>"


def _weight(exchange: Exchange) -> int:
    return len(exchange.request.body) + len(exchange.response.body)
