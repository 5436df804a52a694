"""What httpx, and httpcore below it, meet when a connection misbehaves.

Knows their words for each fault. Law: type and text are those of a real socket, which a sync client's are not always those of
an async one.
"""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Callable, Iterator
from errno import ECONNRESET
from types import ModuleType
from typing import Final

import httpx

from mockcloud.interceptors import warn_endless
from mockcloud.messages import MALFORMED, Response, TransportFault

_ERRORS: Final[dict[str, tuple[str, Callable[[bool], str]]]] = {
    "reset": ("ReadError", lambda waits: "" if waits else str(ConnectionResetError(ECONNRESET, os.strerror(ECONNRESET)))),
    "timeout": ("ReadTimeout", lambda waits: "" if waits else "timed out"),
    "malformed": ("RemoteProtocolError", lambda _: f"illegal status line: {bytearray(MALFORMED.rstrip())!r}"),
    "empty": ("RemoteProtocolError", lambda _: "Server disconnected without sending a response."),
}
"""Kind to the name of the error, which both libraries have, and its text; given is whether the client is an async one, of which
asyncio's and trio's streams say less."""


def error(fault: TransportFault, request: httpx.Request, library: ModuleType, *, asynchronous: bool) -> Exception:
    """What the library raises for every fault but an answer that is truncated."""
    if fault.kind == "timeout" and request.extensions.get("timeout", {}).get("read") is None:
        warn_endless(request.url.host)
    name, text = _ERRORS[fault.kind]
    made: Exception = getattr(library, name)(text(asynchronous))
    return made


class Truncated(httpx.SyncByteStream, httpx.AsyncByteStream):
    """A body that breaks off before the length that its head promises."""

    def __init__(self, part: Response, library: ModuleType) -> None:
        self._body = part.body
        received = f"(received {len(part.body)} bytes, expected {part.header('content-length')})"
        self._error: Exception = library.RemoteProtocolError(
            f"peer closed connection without sending complete message body {received}"
        )

    def __iter__(self) -> Iterator[bytes]:
        yield from self._parts()
        raise self._error

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for part in self._parts():
            yield part
        raise self._error

    def _parts(self) -> list[bytes]:
        return [self._body] if self._body else []
