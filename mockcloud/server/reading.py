"""One request's bytes off a socket: head, body by length, body in chunks.

Knows the socket, a buffer and a deadline; knows nothing of WSGI. Law: a whole request must arrive within one deadline (a
byte now and then does not move it: slow loris), and nothing is kept beyond the limits.
"""

from __future__ import annotations

import re
import socket
from time import monotonic

from mockcloud.server.parsing import HEAD_LIMIT, BadRequest, Head, check_partial, parse

_PIECE = 64 * 1024
_SIZE_LINE = re.compile(rb"([0-9A-Fa-f]{1,15})(?:[ \t]*;[\t\x20-\x7e\x80-\xff]*)?")
_SIZE_LINE_LIMIT = 256
_TRAILER = re.compile(rb"[!#$%&'*+.^_`|~0-9A-Za-z-]+:[\t\x20-\x7e\x80-\xff]*")
_TRAILERS_LIMIT = 8 * 1024
_CUT_SHORT = "the connection ended within the request"


class Reader:
    """A connection's incoming side."""

    __slots__ = ("_buffer", "_connection", "_deadline", "_set", "_timeout")

    def __init__(self, connection: socket.socket, timeout: float) -> None:
        self._connection = connection
        self._timeout = timeout
        self._buffer = bytearray()
        self._deadline = 0.0
        self._set = -1.0

    def wait_at_most(self, seconds: float) -> None:
        """Let the connection's next operation take so long. Setting what is set already would let go of the interpreter, too."""
        if seconds != self._set:
            self._connection.settimeout(seconds)
            self._set = seconds

    def head(self) -> Head | None:
        """The next request's head; None when the peer has no more. Raises BadRequest, OSError; TimeoutError between requests."""
        if not self._buffer:
            self.wait_at_most(self._timeout)
            if not self._received():
                return None
        self._deadline = monotonic() + self._timeout
        try:
            data = self._until_empty_line()
        except TimeoutError:
            raise BadRequest(408, f"the head took longer than {self._timeout:g} s") from None
        return None if data is None else parse(data.decode("latin-1"))

    def _fill(self) -> bool:
        left = self._deadline - monotonic()
        if left <= 0:
            raise TimeoutError
        self.wait_at_most(left)
        return self._received()

    def _received(self) -> bool:
        data = self._connection.recv(_PIECE)
        self._buffer += data
        return bool(data)

    def _until_empty_line(self) -> bytes | None:
        buffer = self._buffer
        searched, skipped = 0, False
        while True:
            if not skipped and buffer.startswith(b"\r\n"):
                # RFC 9112, 2.2: some clients end a body with a line end too many.
                del buffer[:2]
                skipped = True
            end = buffer.find(b"\r\n\r\n", searched)
            if end >= 0:
                return self._taken(end)
            if buffer != b"\r":
                check_partial(buffer, searched)
            searched = max(0, len(buffer) - 3)
            if not self._fill():
                if buffer:
                    raise BadRequest(400, _CUT_SHORT)
                return None

    def _taken(self, end: int) -> bytes:
        if end > HEAD_LIMIT:
            raise BadRequest(431, f"the head has more than {HEAD_LIMIT} bytes")
        data = bytes(self._buffer[: end + 2])
        del self._buffer[: end + 4]
        return data

    def discard(self) -> None:
        """Read to the end and keep nothing. Raises OSError, which TimeoutError is."""
        self._deadline = monotonic() + self._timeout
        while self._fill():
            self._buffer.clear()

    def holds_all(self, head: Head) -> bool:
        """Whether the body has arrived already, so that nobody need be told to continue."""
        return 0 <= head.length <= len(self._buffer)

    def body(self, head: Head, limit: int) -> bytes:
        """The body; of one over the limit, its first `limit + 1` bytes. Raises BadRequest, OSError."""
        if head.length == 0:
            return b""
        try:
            return self._chunks(limit) if head.length < 0 else self._exactly(min(head.length, limit + 1))
        except TimeoutError:
            raise BadRequest(408, f"the body took longer than {self._timeout:g} s") from None

    def _exactly(self, size: int) -> bytes:
        while len(self._buffer) < size:
            if not self._fill():
                raise BadRequest(400, _CUT_SHORT)
        data = bytes(self._buffer[:size])
        del self._buffer[:size]
        return data

    def _chunks(self, limit: int) -> bytes:
        body = bytearray()
        while (size := self._chunk_size()) > 0:
            room = limit + 1 - len(body)
            body += self._exactly(min(size, room))
            if size >= room:
                return bytes(body)
            if self._exactly(2) != b"\r\n":
                raise BadRequest(400, "a chunk does not end where its size says")
        self._skip_trailers()
        return bytes(body)

    def _chunk_size(self) -> int:
        line = self._line(_SIZE_LINE_LIMIT)
        size = _SIZE_LINE.fullmatch(line)
        if size is None:
            raise BadRequest(400, f"this is no chunk size: {line[:60]!r}")
        return int(size.group(1), 16)

    def _skip_trailers(self) -> None:
        room = _TRAILERS_LIMIT
        while line := self._line(room):
            if not _TRAILER.fullmatch(line):
                raise BadRequest(400, f"this is no trailer: {line[:60]!r}")
            room -= len(line)

    def _line(self, limit: int) -> bytes:
        while (end := self._buffer.find(b"\n", 0, limit + 2)) < 0:
            if len(self._buffer) > limit + 1:
                raise BadRequest(400, "a line of the chunked coding is too long")
            if not self._fill():
                raise BadRequest(400, _CUT_SHORT)
        line = bytes(self._buffer[: end + 1])
        if not line.endswith(b"\r\n"):
            raise BadRequest(400, "a line of the chunked coding ends without CR")
        del self._buffer[: end + 1]
        return line[:-2]
