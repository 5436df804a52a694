"""Connections that misbehave instead of answering, as a real socket shows it.

Knows sockets, and each fault that is no answer. Law: a connection that is held back blocks no other, and is let go when its
client goes away, when the server stops, or when its time is over.
"""

from __future__ import annotations

import contextlib
import socket
import struct
from collections.abc import Callable
from typing import Final

from mockcloud.messages import MALFORMED
from mockcloud.server.reading import Reader


def misbehave(kind: str, connection: socket.socket, hold: float) -> None:
    """Let the client of a connection meet a fault. The connection cannot be used again. Raises OSError where it is gone."""
    _FAULTS[kind](connection, hold)


def _reset(connection: socket.socket, hold: float) -> None:
    # With no time to linger the end of a connection is a reset; the server's own closing would send an ordinary end before it.
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.close()


def _hold(connection: socket.socket, hold: float) -> None:
    with contextlib.suppress(TimeoutError):
        Reader(connection, hold).discard()


def _garble(connection: socket.socket, hold: float) -> None:
    connection.sendall(MALFORMED)


def _end(connection: socket.socket, hold: float) -> None:
    """Nothing is sent: that the connection is closed is the fault."""


_FAULTS: Final[dict[str, Callable[[socket.socket, float], None]]] = {
    "reset": _reset,
    "timeout": _hold,
    "malformed": _garble,
    "empty": _end,
}
"""By kind; `truncate` is an answer, which the application gives."""
