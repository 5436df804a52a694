"""A load generator: keeps connections busy with the requests on its standard input, prints answers per second.

    python -m benchmarks.load HOST PORT CONNECTIONS SECONDS < requests, as base64, one a line

Knows as much HTTP as it takes to find where an answer ends. Law: an answer other than 200, or a short one, ends the run.
"""

from __future__ import annotations

import base64
import re
import selectors
import socket
import sys
from collections.abc import Iterator
from itertools import cycle
from time import perf_counter

WARM_UP = 0.3
_LENGTH = re.compile(rb"\r\ncontent-length:[ \t]*([0-9]+)", re.IGNORECASE)
_CLOSES = re.compile(rb"\r\nconnection:[ \t]*close", re.IGNORECASE)


class Connection:
    """One connection: a request is out, its answer is coming in."""

    def __init__(self, address: tuple[str, int], requests: Iterator[bytes], selector: selectors.BaseSelector) -> None:
        self.address, self.requests, self.selector = address, requests, selector
        self.open()

    def open(self) -> None:
        """Connect and ask."""
        self.socket = socket.create_connection(self.address, timeout=10)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.selector.register(self.socket, selectors.EVENT_READ, self)
        self.ask()

    def ask(self) -> None:
        """Send the next request. They are small: the kernel takes one whole."""
        self.answer = b""
        self.socket.sendall(next(self.requests))

    def close(self) -> None:
        """Hang up."""
        self.selector.unregister(self.socket)
        self.socket.close()

    def read(self) -> int:
        """Take what has come; when an answer is whole, ask again. Returns the answers that ended: 0 or 1."""
        data = self.socket.recv(65536)
        self.answer += data
        head, found, body = self.answer.partition(b"\r\n\r\n")
        length = _LENGTH.search(head) if found else None
        whole = not data if length is None else len(body) >= int(length[1])
        if not whole:
            assert data, f"the server hung up within an answer: {self.answer!r}"
            return 0
        assert head[9:12] == b"200", self.answer
        if head.startswith(b"HTTP/1.0") or _CLOSES.search(head):
            self.close()
            self.open()
        else:
            self.ask()
        return 1


def rate(address: tuple[str, int], requests: list[bytes], connections: int, seconds: float) -> float:
    """Answers per second, after a warm-up."""
    turns = cycle(requests)
    with selectors.DefaultSelector() as selector:
        opened = [Connection(address, turns, selector) for _ in range(connections)]
        _answers(selector, perf_counter() + WARM_UP)
        start = perf_counter()
        answers = _answers(selector, start + seconds)
        taken = perf_counter() - start
        for connection in opened:
            connection.close()
    return answers / taken


def _answers(selector: selectors.BaseSelector, end: float) -> int:
    answers = 0
    while perf_counter() < end:
        ready = selector.select(timeout=5)
        assert ready, "no answer within 5 seconds"
        answers += sum(key.data.read() for key, _ in ready)
    return answers


if __name__ == "__main__":
    host, port, connections, seconds = sys.argv[1:]
    lines = [base64.b64decode(line) for line in sys.stdin]
    print(rate((host, int(port)), lines, int(connections), float(seconds)))
