"""The head of an HTTP/1.1 request, from text to values.

Knows RFC 9112's grammar and the limits on it; knows no socket. Law: what two parsers could read in two ways is refused
(threat 15: smuggling), with the sentence that says what was found.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from mockcloud.messages import Pairs

TARGET_LIMIT = 15 * 1024
LINE_LIMIT = 16 * 1024
HEAD_LIMIT = 64 * 1024
HEADERS_LIMIT = 100

_TOKEN = "!#$%&'*+.^_`|~0-9A-Za-z-"  # noqa: S105  # RFC 9110's word for such a name
_REQUEST_LINE = re.compile(rf"([{_TOKEN}]{{1,32}}) ([\x21-\x7e\x80-\xff]+) HTTP/([0-9])\.([0-9])\r\n")
_FIELD = re.compile(rf"([{_TOKEN}]+):([\t\x20-\x7e\x80-\xff]*)\r\n")
_START = re.compile(rf"[{_TOKEN}]".encode())
# What no head may hold, found before its end has arrived: a bare LF, a bare CR, a control character.
_BAD = re.compile(rb"(?<!\r)\n|\r[^\n]|[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_HOST = re.compile(r"[0-9A-Za-z.\-_~%!$&'()*+,;=:\[\]]*")
_FRAMING = frozenset({"host", "content-length", "transfer-encoding", "connection", "expect"})


class BadRequest(Exception):
    """A request that is refused before anybody looks at what it asks: status and sentence."""

    def __init__(self, status: int, sentence: str) -> None:
        super().__init__(sentence)
        self.status = status
        self.sentence = sentence


@dataclass(frozen=True, slots=True)
class Head:
    """A request's head. `length` is the body's, -1 for a chunked one."""

    method: str
    target: str
    protocol: str
    pairs: Pairs
    host: str
    length: int
    keep: bool
    expects: bool


def parse(text: str) -> Head:
    """The head in a text that ends with the last header's line end, decoded as latin-1. Raises BadRequest."""
    line = _REQUEST_LINE.match(text)
    if line is None:
        raise BadRequest(400, "this is no request line")
    method, target, major, minor = line.groups()
    if major != "1" or minor not in "01":
        raise BadRequest(505, f"HTTP/{major}.{minor} is not spoken here")
    _check_target(method, target)
    pairs, framing = _fields(text, line.end())
    persistent = minor == "1"
    return Head(
        method,
        target,
        "HTTP/1.1" if persistent else "HTTP/1.0",
        pairs,
        _host(framing.get("host", ()), required=persistent),
        _length(framing, chunks=persistent),
        persistent and "close" not in ",".join(framing.get("connection", ())).lower(),
        persistent and _expects(framing.get("expect", ())),
    )


def check_partial(data: bytearray, searched: int) -> None:
    """Refuse a head that cannot become right any more. Raises BadRequest."""
    if data and not _START.match(data):
        raise BadRequest(400, "this is no request line")
    bad = _BAD.search(data, max(0, searched - 1))
    if bad is not None:
        raise BadRequest(400, f"{bytes(bad.group())!r} in the head")
    if len(data) > LINE_LIMIT and data.find(b"\r\n", 0, LINE_LIMIT) < 0:
        raise BadRequest(414, f"the target has more than {TARGET_LIMIT} bytes")
    if len(data) > HEAD_LIMIT:
        raise BadRequest(431, f"the head has more than {HEAD_LIMIT} bytes")


def _check_target(method: str, target: str) -> None:
    if len(target) > TARGET_LIMIT:
        raise BadRequest(414, f"the target has more than {TARGET_LIMIT} bytes")
    if target.startswith("/") or target[:7].lower() == "http://" or target[:8].lower() == "https://":
        return
    if method == "CONNECT":
        raise BadRequest(501, "this server tunnels nothing: as a proxy it takes http:// only")
    if not (method == "OPTIONS" and target == "*"):
        raise BadRequest(400, "the target is neither a path nor an http URL")


def _fields(text: str, position: int) -> tuple[Pairs, dict[str, list[str]]]:
    pairs: list[tuple[str, str]] = []
    framing: dict[str, list[str]] = {}
    size = len(text)
    while position < size:
        field = _FIELD.match(text, position)
        if field is None:
            raise BadRequest(400, _complaint(text, position))
        name, value = field.group(1), field.group(2).strip(" \t")
        end = field.end()
        if end - position > LINE_LIMIT:
            raise BadRequest(431, f"a header has more than {LINE_LIMIT} bytes")
        position = end
        pairs.append((name, value))
        low = name.lower()
        if low in _FRAMING:
            framing.setdefault(low, []).append(value)
    if len(pairs) > HEADERS_LIMIT:
        raise BadRequest(431, f"more than {HEADERS_LIMIT} headers")
    return tuple(pairs), framing


def _complaint(text: str, position: int) -> str:
    line = text[position:].partition("\r\n")[0]
    if line[:1] in (" ", "\t"):
        return "a header is folded over two lines"
    name, colon, _ = line.partition(":")
    if colon and name != name.rstrip(" \t"):
        return "white space between a header's name and its colon"
    return f"this is no header: {line[:60]!r}"


def _host(values: list[str] | tuple[()], *, required: bool) -> str:
    if len(values) > 1:
        raise BadRequest(400, "Host stands twice")
    if required and not values:
        raise BadRequest(400, "Host is missing")
    host = values[0] if values else ""
    if not _HOST.fullmatch(host):
        raise BadRequest(400, f"this is no host: {host[:60]!r}")
    return host


def _length(framing: dict[str, list[str]], *, chunks: bool) -> int:
    lengths, codings = framing.get("content-length"), framing.get("transfer-encoding")
    if codings is not None:
        if lengths is not None:
            raise BadRequest(400, "both Content-Length and Transfer-Encoding")
        if not chunks or len(codings) != 1 or codings[0].lower() != "chunked":
            raise BadRequest(400, "Transfer-Encoding is other than exactly 'chunked' in HTTP/1.1")
        return -1
    if lengths is None:
        return 0
    if len(set(lengths)) != 1:
        raise BadRequest(400, "Content-Length stands twice and differs")
    if not (lengths[0].isascii() and lengths[0].isdigit()) or len(lengths[0]) > 18:
        raise BadRequest(400, f"this is no Content-Length: {lengths[0][:60]!r}")
    return int(lengths[0])


def _expects(values: list[str] | tuple[()]) -> bool:
    if any(value.lower() != "100-continue" for value in values):
        raise BadRequest(417, "Expect is other than '100-continue'")
    return bool(values)
