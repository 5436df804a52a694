"""Requests over a socket, byte for byte, and the answers to them.

Knows HTTP/1.1 as far as a client must; the standard library reads the answers. Law: nothing is added to a request, followed or
guessed; one deadline holds for an exchange; whatever a server does otherwise than answering becomes a sentence.
"""

from __future__ import annotations

import io
import socket
import ssl
from contextlib import suppress
from http.client import HTTPException, HTTPResponse
from typing import Any, Final
from urllib.parse import urlsplit

from mockcloud.errors import UsageError
from mockcloud.fuzzing.target import Gone, NoAnswer, Unreachable
from mockcloud.messages import Request, Response
from mockcloud.outbound.connection import Deadline

TIMEOUT: Final = 10.0
"""Seconds for one exchange, from its first byte to its last."""

ANSWER_LIMIT: Final = 4 * 1024 * 1024
"""Bytes of an answer's body that are read; no documented answer is near that."""

PIECE: Final = 64 * 1024


class Connection:
    """Requests to one server, one after the other, over a connection that is kept open while the server lets it.

    Raises UsageError for a URL that names no server.
    """

    def __init__(self, url: str, timeout: float = TIMEOUT) -> None:
        self.url, self._timeout = url, timeout
        try:
            parts = urlsplit(url)
            port, usable = parts.port, parts.scheme in ("http", "https") and parts.hostname and "@" not in parts.netloc
        except ValueError:
            usable = False
        if not usable or port == 0 or parts.path not in ("", "/") or parts.query or parts.fragment:
            raise UsageError(f"a server is http://HOST[:PORT] or https://HOST[:PORT], found {url!a}")
        self._secure = parts.scheme == "https"
        self._address = str(parts.hostname), port or (443 if self._secure else 80)
        self.host = parts.netloc
        self._open: socket.socket | None = None
        self._reached = False

    def send(self, request: Request) -> Response:
        """Ask once; once more where the server had closed the open connection meanwhile. Raises NoAnswer."""
        deadline, used = Deadline(self._timeout), self._open is not None
        try:
            return self._exchange(request, deadline)
        except _Closed as closed:
            if not used:
                raise NoAnswer(str(closed)) from None
        try:
            return self._exchange(request, deadline)
        except _Closed as closed:
            raise NoAnswer(str(closed)) from None

    def close(self) -> None:
        """Let go of the connection."""
        if self._open is not None:
            self._open.close()
            self._open = None

    def _exchange(self, request: Request, deadline: Deadline) -> Response:
        if self._open is None:
            self._open = self._connected(deadline)
        answer = HTTPResponse(_Timed(self._open, deadline), method=request.method)  # type: ignore[arg-type]  # what it reads of
        begun = False
        try:
            self._write(request, deadline)
            answer.begin()
            begun = True
            body = _read(answer)
        except (HTTPException, ValueError) as problem:
            self.close()
            raise _no_answer(problem) from None
        except TimeoutError:
            self.close()
            raise NoAnswer(f"no whole answer within {self._timeout:g} s") from None
        except OSError as problem:
            self.close()
            # Whoever has begun to answer has done what was asked: to ask again would be to ask for it twice.
            raise (NoAnswer if begun else _Closed)(f"the connection broke: {problem.strerror or problem}") from None
        self._reached = True
        if answer.will_close:
            self.close()
        return Response(answer.status, tuple((name, value) for name, value in answer.getheaders()), body)

    def _write(self, request: Request, deadline: Deadline) -> None:
        assert self._open is not None  # noqa: S101  # opened above
        head = [f"{request.method} {request.target} HTTP/1.1", *(f"{name}: {value}" for name, value in request.headers)]
        self._open.settimeout(deadline.left())
        # Who has seen enough may answer before the whole request has arrived: that answer counts.
        with suppress(BrokenPipeError, ConnectionResetError):
            self._open.sendall("".join(f"{line}\r\n" for line in head).encode("latin-1", "replace") + b"\r\n" + request.body)

    def _connected(self, deadline: Deadline) -> socket.socket:
        host, port = self._address
        try:
            made = socket.create_connection(self._address, timeout=deadline.left())
            made.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            return ssl.create_default_context().wrap_socket(made, server_hostname=host) if self._secure else made
        except ssl.SSLCertVerificationError as problem:
            advice = "name the file of its authority in the environment's SSL_CERT_FILE"
            raise Unreachable(f"the certificate of {host} is not trusted ({problem.verify_message}): {advice}") from None
        except (OSError, UnicodeError) as problem:
            reason = getattr(problem, "strerror", None) or str(problem) or "out of time"
            sentence = f"no connection to {host}:{port}: {reason}"
            raise (Gone if self._reached else Unreachable)(sentence) from None


class _Closed(NoAnswer):
    """The connection ended before an answer began."""


class _Timed(io.RawIOBase):
    """A connection as a file that is read within a deadline."""

    def __init__(self, connection: socket.socket, deadline: Deadline) -> None:
        super().__init__()
        self._connection, self._deadline = connection, deadline

    def makefile(self, mode: str = "rb") -> io.BufferedReader:
        """What `http.client` asks a socket for."""
        return io.BufferedReader(self)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        self._connection.settimeout(self._deadline.left())
        return self._connection.recv_into(buffer)


def _read(answer: HTTPResponse) -> bytes:
    body = bytearray()
    while len(body) <= ANSWER_LIMIT and (piece := answer.read1(PIECE)):
        body += piece
    if len(body) > ANSWER_LIMIT:
        raise ValueError(f"the answer's body is longer than {ANSWER_LIMIT} bytes")
    if answer.length:
        raise ValueError(f"the connection ended {answer.length} bytes before the answer's end")
    return bytes(body)


def _no_answer(problem: Exception) -> NoAnswer:
    name = type(problem).__name__
    if name == "RemoteDisconnected":
        return _Closed("the connection was closed without an answer")
    return NoAnswer(str(problem) if name == "ValueError" else f"what came is no HTTP ({name}: {ascii(str(problem))[:120]})")
