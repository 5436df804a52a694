"""HTTP/1.1 over one connection, for Werkzeug's threaded server.

Knows how a WSGI application is asked and how its answer is written; parsing and reading are beside it. Law: every
request that cannot be framed beyond doubt is refused and the connection closed; status, headers and body leave in one
send; nothing is added to the application's headers but what framing needs.
"""

from __future__ import annotations

import contextlib
import socket
import sys
import traceback
from dataclasses import dataclass
from http import HTTPStatus
from io import BytesIO
from typing import TYPE_CHECKING, Any, ClassVar
from urllib.parse import unquote_to_bytes

from werkzeug.serving import WSGIRequestHandler

from mockcloud.messages import TransportFault
from mockcloud.server.application import BODY_LIMIT, PAIRS
from mockcloud.server.misbehaving import misbehave
from mockcloud.server.parsing import BadRequest, Head
from mockcloud.server.reading import Reader

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

_DEFECT = b"the application failed; the traceback is on the server's stderr\n"
_CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"
_BODILESS = frozenset({"204", "304"})


@dataclass(frozen=True, slots=True)
class Limits:
    """What one connection may take: seconds for a request to arrive and an answer to leave, requests, bytes of a body.

    `linger` are the seconds for a client to read a last answer, `hold` those for which an answer is held back whose fault is
    that it never comes.
    """

    timeout: float = 30.0
    requests: int = 10_000
    body: int = BODY_LIMIT
    linger: float = 1.0
    hold: float = 120.0


@dataclass(frozen=True, slots=True)
class Answer:
    """What an application said."""

    status: str
    pairs: list[tuple[str, str]]
    body: bytes


class Handler(WSGIRequestHandler):
    """One connection, request after request."""

    protocol_version = "HTTP/1.1"
    limits: ClassVar[Limits] = Limits()
    verbose: ClassVar[bool] = False

    def setup(self) -> None:
        """Take the socket as it is: no file objects around it."""
        self.connection = self.request
        with contextlib.suppress(OSError):
            # Else the kernel holds a small answer back until the last one is acknowledged.
            self.connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.reader = Reader(self.connection, self.limits.timeout)

    def finish(self) -> None:
        """Nothing to flush: everything was sent."""

    def handle(self) -> None:
        """Answer until one side has enough."""
        with contextlib.suppress(OSError):
            left = self.limits.requests
            while left > 0 and self._exchange(last=left == 1):
                left -= 1

    def _exchange(self, *, last: bool) -> bool:
        try:
            head = self.reader.head()
            if head is None:
                return False
            if head.expects and not self.reader.holds_all(head):
                self.connection.sendall(_CONTINUE)
            body = self.reader.body(head, self.limits.body)
        except BadRequest as refusal:
            self._refuse(refusal)
            return False
        cut = len(body) > self.limits.body
        keep = self._answer(head, body, keep=head.keep and not last and not cut)
        if not keep and (cut or head.keep):
            self._linger()
        return keep

    def _answer(self, head: Head, body: bytes, *, keep: bool) -> bool:
        try:
            answer = self._ask(self._environ(head, body))
        except TransportFault as fault:
            if self.verbose:
                self._say(f"{head.method} {ascii(head.target)[1:-1]} {fault.kind}: {fault}")
            misbehave(fault.kind, self.connection, self.limits.hold)
            return False
        keep = keep and not getattr(self.server, "stopping", False)
        data, keep = written(answer, head.method, keep=keep)
        self.reader.wait_at_most(self.limits.timeout)
        self.connection.sendall(data)
        if self.verbose:
            # Escaped: a terminal obeys what a stranger puts into a URL.
            self._say(f"{head.method} {ascii(head.target)[1:-1]} {answer.status[:3]} {len(answer.body)}")
        return keep

    def _environ(self, head: Head, body: bytes) -> WSGIEnvironment:
        path, _, query = head.target.partition("?")
        name, port = self.server.server_address[:2]
        environ: WSGIEnvironment = {
            "REQUEST_METHOD": head.method,
            "SCRIPT_NAME": "",
            "PATH_INFO": unquote_to_bytes(path.encode("latin-1")).decode("latin-1") if "%" in path else path,
            "QUERY_STRING": query,
            "REQUEST_URI": head.target,
            "RAW_URI": head.target,
            "SERVER_NAME": name,
            "SERVER_PORT": str(port),
            "SERVER_PROTOCOL": head.protocol,
            "REMOTE_ADDR": self.client_address[0],
            PAIRS: head.pairs,
            "werkzeug.socket": self.connection,
            "wsgi.version": (1, 0),
            "wsgi.url_scheme": "http",
            "wsgi.input": BytesIO(body),
            "wsgi.input_terminated": True,
            "wsgi.errors": sys.stderr,
            "wsgi.multithread": True,
            "wsgi.multiprocess": False,
            "wsgi.run_once": False,
        }
        for name, value in head.pairs:
            key = _variable(name)
            if key:
                environ[key] = f"{environ[key]},{value}" if key in environ else value
        return environ

    def _ask(self, environ: WSGIEnvironment) -> Answer:
        said: list[Any] = []
        parts: list[bytes] = []

        def start_response(status: str, pairs: list[tuple[str, str]], exc_info: object = None, /) -> Any:
            said[:] = (status, pairs)
            return parts.append

        try:
            chunks = self.server.app(environ, start_response)
            try:
                parts.extend(chunks)
            finally:
                getattr(chunks, "close", bool)()
            status, pairs = said
            return Answer(status, pairs, b"".join(parts))
        except TransportFault:
            raise
        except Exception:  # noqa: BLE001  # somebody's application: one request fails, the server stays
            self._say(traceback.format_exc().rstrip())
            return Answer("500 Internal Server Error", [("Content-Type", "text/plain")], _DEFECT)

    def _refuse(self, refusal: BadRequest) -> None:
        status = f"{refusal.status} {HTTPStatus(refusal.status).phrase}"
        body = refusal.sentence.encode("ascii", "backslashreplace") + b"\n"
        data, _ = written(Answer(status, [("Content-Type", "text/plain; charset=utf-8")], body), "", keep=False)
        self.reader.wait_at_most(self.limits.linger)
        self.connection.sendall(data)
        if self.verbose:
            self._say(f"refused: {status}: {ascii(refusal.sentence)[1:-1]}")
        self._linger()

    def _linger(self) -> None:
        # Closing with bytes unread resets the connection, and the client may never see the answer.
        self.connection.shutdown(socket.SHUT_WR)
        Reader(self.connection, self.limits.linger).discard()

    def _say(self, line: str) -> None:
        with contextlib.suppress(OSError):  # whoever read it may be gone; who is served is not
            sys.stderr.write(line + "\n")
            sys.stderr.flush()


def written(answer: Answer, method: str, *, keep: bool) -> tuple[bytes, bool]:
    """The bytes of an answer, and whether the connection can be used again after them."""
    pairs, body = answer.pairs, answer.body
    framing = {name.lower(): value for name, value in pairs}
    if framing.get("transfer-encoding", "").lower() == "chunked":
        body = b"%x\r\n%b\r\n0\r\n\r\n" % (len(body), body) if body else b"0\r\n\r\n"
    elif "content-length" in framing:
        # A length that is not the body's is somebody's fault on purpose: only the end of the connection ends the body.
        keep = keep and (method == "HEAD" or framing["content-length"] == str(len(body)))
    elif method != "HEAD" and answer.status[:3] not in _BODILESS:
        pairs = [*pairs, ("Content-Length", str(len(body)))]
    keep = keep and "close" not in framing.get("connection", "").lower()
    if not keep:
        pairs = [*(pair for pair in pairs if pair[0].lower() != "connection"), ("Connection", "close")]
    lines = "\r\n".join([f"HTTP/1.1 {answer.status}", *[f"{name}: {value}" for name, value in pairs], "\r\n"])
    if method == "HEAD" or answer.status[:3] in _BODILESS:
        body = b""
    return lines.encode("latin-1", "replace") + body, keep


_KEPT = 512
_variables: dict[str, str] = {}


def _variable(name: str) -> str:
    known = _variables.get(name)
    if known is not None:
        return known
    # With an underscore it could pass for another header (nginx drops such names for the same reason): only the pairs have it.
    key = "" if "_" in name else name.upper().replace("-", "_")
    variable = key if key in ("", "CONTENT_TYPE", "CONTENT_LENGTH") else f"HTTP_{key}"
    if len(_variables) < _KEPT:
        _variables[name] = variable
    return variable
