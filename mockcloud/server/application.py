"""A cloud as a WSGI application.

Knows WSGI's environment and nothing of sockets; imports no framework. Law: the core sees the raw target wherever the
server hands it over (`PATH_INFO` has lost `%2F` by then), no body is read beyond one byte more than the limit, and no
exception leaves but a TransportFault, to a handler that knows us.
"""

from __future__ import annotations

import sys
import traceback
from collections.abc import Callable, Iterable
from functools import partial
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Protocol
from urllib.parse import quote

from mockcloud.errors import UnmatchedRequest
from mockcloud.messages import Pairs, Request, Response, TransportFault
from mockcloud.reports.refused import printable

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

BODY_LIMIT = 8 * 1024 * 1024
"""Bytes of a request's body. Of a larger one the core gets one byte more than this, and refuses it."""

PAIRS = "mockcloud.headers"
"""The environment's key for header pairs as they stood on the wire, from a server that has them."""

_LINES = {status.value: f"{status.value} {status.phrase}" for status in HTTPStatus}
_HOP_BY_HOP = frozenset({"connection", "keep-alive", "proxy-connection", "te", "trailer", "transfer-encoding", "upgrade"})
_DEFAULT_PORTS = {"http": "80", "https": "443"}
_PATH_SAFE = "/:@!$&'()*+,;=~-._"
_QUERY_SAFE = _PATH_SAFE + "?%"


class Handling(Protocol):
    """What the application needs of a cloud."""

    def handle(self, request: Request) -> Response:
        """Answer one request."""

    def handle_for(self, provider: str, request: Request) -> Response:
        """Answer one request as this provider."""


def application(cloud: Handling, provider: str | None = None, limit: int = BODY_LIMIT) -> WSGIApplication:
    """The WSGI application of a cloud, or of one provider of it whatever a request's host and path say."""
    handle = cloud.handle if provider is None else partial(cloud.handle_for, provider)

    def answer(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        response = _response(handle, environ, limit)
        body = b"" if environ["REQUEST_METHOD"] == "HEAD" else response.body
        status = _LINES.get(response.status) or f"{response.status} Unknown"
        # Only a handler that knows us frames by our own headers; WSGI forbids these to an application.
        pairs = response.headers if PAIRS in environ else _without_hops(response.headers)
        start_response(status, _printable(pairs))
        return [body]

    return answer


def _response(handle: Callable[[Request], Response], environ: WSGIEnvironment, limit: int) -> Response:
    try:
        body = _body(environ, limit)
    except OSError as error:
        return _plain(400, f"the body of this request could not be read: {error}")
    try:
        return handle(_request(environ, body))
    except UnmatchedRequest as raised:
        # Only where warnings are errors: the client gets its answer, the developer the sentence.
        print(f"mockcloud: {printable(str(raised))}", file=sys.stderr)
        return raised.response or _plain(404, str(raised))
    except TransportFault as fault:
        if fault.kind == "truncate":
            return fault.truncated
        if PAIRS in environ:
            raise
        return _plain(501, f"mockcloud: planned was '{fault.kind}' ({fault}), which needs its own server: use Cloud.serve")
    except Exception:  # noqa: BLE001  # the last resort: a defect of ours must not end the user's server
        traceback.print_exc(file=sys.stderr)
        return _plain(500, "mockcloud failed; this is a defect of mockcloud, the traceback is on its stderr")


def _plain(status: int, sentence: str) -> Response:
    body = sentence.encode("utf-8", "replace") + b"\n"
    return Response(status, (("Content-Type", "text/plain; charset=utf-8"), ("Content-Length", str(len(body)))), body)


def _request(environ: WSGIEnvironment, body: bytes) -> Request:
    target = environ.get("REQUEST_URI") or environ.get("RAW_URI") or _requoted(environ)
    host = environ.get("HTTP_HOST") or _server_host(environ)
    pairs = environ.get(PAIRS)
    return Request(environ["REQUEST_METHOD"], target, host, _pairs(environ) if pairs is None else pairs, body)


def _requoted(environ: WSGIEnvironment) -> str:
    path = _octets(environ.get("SCRIPT_NAME", "") + environ.get("PATH_INFO", ""))
    query = _octets(environ.get("QUERY_STRING", ""))
    target = quote(path, _PATH_SAFE) or "/"
    return f"{target}?{quote(query, _QUERY_SAFE)}" if query else target


def _octets(text: str) -> bytes:
    try:
        return text.encode("latin-1")
    except UnicodeEncodeError:
        # WSGI wants octets dressed as latin-1; httpx's WSGITransport hands over the text itself.
        return text.encode("utf-8", "replace")


def _server_host(environ: WSGIEnvironment) -> str:
    name, port = environ.get("SERVER_NAME", "localhost"), str(environ.get("SERVER_PORT", ""))
    name = f"[{name}]" if ":" in name else name
    usual = _DEFAULT_PORTS.get(environ.get("wsgi.url_scheme", "http"))
    return name if port in ("", usual) else f"{name}:{port}"


def _pairs(environ: WSGIEnvironment) -> Pairs:
    named = [(_title(key[5:]), value) for key, value in environ.items() if key.startswith("HTTP_")]
    length, kind = environ.get("CONTENT_LENGTH"), environ.get("CONTENT_TYPE")
    return (
        *named,
        *([("Content-Type", kind)] if kind else []),
        *([("Content-Length", length)] if length else []),
    )


def _title(name: str) -> str:
    return name.replace("_", "-").title()


def _body(environ: WSGIEnvironment, limit: int) -> bytes:
    length = environ.get("CONTENT_LENGTH") or ""
    if length.isascii() and length.isdigit():
        # int() of a thousand digits would be a bomb, and any number that long is over the limit.
        return _read(environ["wsgi.input"], min(int(length[:19]), limit + 1) if len(length) < 20 else limit + 1)
    if environ.get("wsgi.input_terminated") or "chunked" in environ.get("HTTP_TRANSFER_ENCODING", "").lower():
        return _read(environ["wsgi.input"], limit + 1)
    return b""


def _read(stream: Any, wanted: int) -> bytes:
    first: bytes = stream.read(wanted) if wanted else b""
    if len(first) == wanted or not first:
        return first
    parts, missing = [first], wanted - len(first)
    while missing and (part := stream.read(missing)):
        parts.append(part)
        missing -= len(part)
    return b"".join(parts)


def _without_hops(pairs: Pairs) -> Pairs:
    return tuple(pair for pair in pairs if pair[0].lower() not in _HOP_BY_HOP)


def _printable(pairs: Pairs) -> list[tuple[str, str]]:
    # What a vendor reflects of a request must not end the header; the core sees to it, this is the net below.
    text = "".join(map("".join, pairs))
    if text.isascii() and text.isprintable():
        return list(pairs)
    return [(_clean(name), _clean(value)) for name, value in pairs]


def _clean(text: str) -> str:
    shown = "".join(mark if mark.isprintable() or mark == "\t" else " " for mark in text)
    return shown.encode("utf-8", "replace").decode("latin-1")
