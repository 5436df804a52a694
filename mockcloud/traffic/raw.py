"""Read HTTP/1.1 messages as text: logs, captures, the files of REST clients, and what `curl -v` prints.

Knows what a message looks like; lengths and remarks are `lines.py`'s. Law: every line is of a message, or blank, or a comment,
or it is said: a run of others is one problem with the line on which it begins.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

from mockcloud.messages import Pairs, Request, Response, shortened
from mockcloud.traffic import content, urls
from mockcloud.traffic.exchange import decoded
from mockcloud.traffic.kinds import BARE
from mockcloud.traffic.lines import MOST, Body, Line, Lines, body
from mockcloud.traffic.recorded import Place, Recorded
from mockcloud.traffic.streams import LARGEST

HEAD: Final = 1024 * 1024
"""Bytes of a message's headers."""

_REQUEST = re.compile(rb"([!#$%&'*+.^_`|~0-9A-Za-z-]{1,32}) (\S+)(?: HTTP/[0-9](?:\.[0-9])?)?\s*\Z")
_RESPONSE = re.compile(rb"HTTP/[0-9](?:\.[0-9])? ([0-9]{3})(?:\s|\Z)")
_HEADER = re.compile(rb"([!#$%&'*+.^_`|~0-9A-Za-z-]+):(.*)\Z", re.DOTALL)
_COMMENT = re.compile(rb"#|//|@\w+\s*=|-{3,}\s*\Z")
_SIZE = re.compile(rb"([0-9A-Fa-f]{1,8})[ \t]*(?:;[^\r\n]*)?\r?\n")
_INCLUDED = re.compile(rb"<@?\s+(\S[^\r\n]*)\s*\Z")
_WITHOUT_BODY = frozenset({"GET", "HEAD", "DELETE", "OPTIONS", "TRACE", "CONNECT"})
"""Methods of which what follows the headers is a body only where the headers say so."""


@dataclass(slots=True)
class _Message:
    """A message as far as it was read; `problem` says why it could not be read on, `lack` why its body is not there."""

    line: int
    request: tuple[str, str] | None = None
    status: int = 0
    headers: Pairs = ()
    body: bytes = b""
    body_line: int | None = None
    problem: str = ""
    lack: str = ""


def read(file: io.BufferedReader, name: str, largest: int = LARGEST) -> Iterator[Recorded]:
    """What each message records, a response with the request right before it. Raises Unreadable."""
    asked: _Message | None = None
    number = 0
    for message in _messages(Lines(file), largest):
        found: list[Recorded] = []
        if message.problem:
            found = [Recorded(Place(name, line=message.line), problem=message.problem)]
        elif message.request:
            found, asked = [_recorded(asked, None, name)] if asked else [], message
        else:
            found, asked = [_recorded(asked, message, name)], None
        for one in found:
            number += 1
            yield replace(one, place=replace(one.place, number=number))
    if asked:
        yield _recorded(asked, None, name, number + 1)


def _messages(lines: Lines, largest: int) -> Iterator[_Message]:
    for line in lines:
        if line.is_start or (line.fresh and BARE.match(line.data)):
            message = _message(line, lines, largest)
            if not 100 <= message.status < 200 or message.status == 101:
                yield message
        elif not _passes(line):
            yield _strange(line, lines)


def _passes(line: Line) -> bool:
    """Whether a line between messages says nothing: it is blank or a comment."""
    return line.is_blank or line.is_noise or _COMMENT.match(line.data) is not None


def _strange(line: Line, lines: Lines) -> _Message:
    """A run of lines that are none of a message."""
    count = 1
    for other in lines:
        if other.is_border or (other.fresh and BARE.match(other.data)):
            lines.back([other])
            break
        count += other.fresh
    said = f"{count} lines that are" if count > 1 else "a line that is"
    return _Message(line.number, problem=f"holds {said} no HTTP message: {shortened(_text(line.data.strip()), 60)}")


# A message -----------------------------------------------------------------------------------------------------------


def _message(start: Line, lines: Lines, largest: int) -> _Message:
    mark = start.data[:1] if start.data[:2] in (b"> ", b"< ") else b""
    message = _started(start, start.data[2:] if mark else start.data)
    _read_head(message, lines, mark)
    if message.problem:
        return message
    length = content.length(message.headers)
    chunked = "chunked" in content.value(message.headers, "transfer-encoding").lower()
    if message.request and message.request[0] in _WITHOUT_BODY and not _announces_body(message.headers):
        return message
    found = body(lines, None if chunked else length, largest, noisy=bool(mark))
    if not found.is_whole:
        message.lack = f"its body is larger than {largest} bytes or {MOST} lines: it was passed over"
        return message
    message.body, message.body_line = found.data, found.line
    if chunked:
        _join_chunks(message, found)
    if message.request and length is None and not chunked and (included := _INCLUDED.match(message.body)):
        message.lack = f"its body is in the file {_text(included[1])[:100]!a}, which is not read"
    return message


def _announces_body(headers: Pairs) -> bool:
    return any(content.value(headers, name) for name in ("content-type", "content-length", "transfer-encoding"))


def _started(start: Line, data: bytes) -> _Message:
    answer = _RESPONSE.match(data)
    if answer:
        return _Message(start.number, status=int(answer[1]))
    asked = _REQUEST.match(data)
    assert asked is not None  # noqa: S101  # start lines are of these two forms
    return _Message(start.number, request=(_text(asked[1]), _text(asked[2])))


def _read_head(message: _Message, lines: Lines, mark: bytes) -> None:
    headers: list[tuple[str, list[str]]] = []
    size = 0
    for line in lines:
        size += len(line.data)
        if mark and line.is_noise:
            continue
        data = line.data[1:].removeprefix(b" ") if mark and line.data[:1] == mark else line.data
        if line.is_border or not data.strip():
            lines.back([line] if line.is_border else [])
            break
        match = _HEADER.match(data)
        if size > HEAD or not (match or (data[:1] in b" \t" and headers)):
            what = f"{shortened(_text(data.strip()), 60)} is no header"
            what = f"the headers are larger than {HEAD} bytes" if size > HEAD else what
            message.problem = f"cannot be read from line {line.number} on: {what}"
            _to_border(lines)
            break
        if match:
            headers.append((_text(match[1]), []))
        headers[-1][1].append(_text((match[2] if match else data).strip()))
    message.headers = tuple((name, " ".join(folded)) for name, folded in headers)


def _to_border(lines: Lines) -> None:
    for line in lines:
        if line.is_border:
            lines.back([line])
            break


def _join_chunks(message: _Message, found: Body) -> None:
    """Chunks into a body. Many who write logs have joined them already."""
    at, chunks, data = 0, list[bytes](), found.data + b"\n"
    while len(chunks) < MOST and (match := _SIZE.match(data, at)):
        size = int(match[1], 16)
        if size == 0:
            message.body, message.body_line = b"".join(chunks), None
            return
        chunk = data[match.end() : match.end() + size]
        end = b"\r\n" if match[0].endswith(b"\r\n") else b"\n"
        if not data.startswith(end, match.end() + size):
            break
        chunks.append(chunk)
        at = match.end() + size + len(end)
    if chunks or _SIZE.match(data):
        message.lack = "its body is chunked, and its chunks are not of the sizes that they say"


# Values --------------------------------------------------------------------------------------------------------------


def _recorded(asked: _Message | None, answered: _Message | None, name: str, number: int = 1) -> Recorded:
    first = asked or answered
    assert first is not None  # noqa: S101  # one of them is there
    request = response = request_line = response_line = None
    trouble = lack = ""
    if asked:
        request, trouble, request_line = _asked(asked)
    if answered:
        response, lack, response_line = _answered(answered, request.method if request else "")
    place = Place(name, number, first.line)
    return Recorded(
        place,
        request,
        response,
        request_problem=trouble,
        response_problem=lack,
        request_line=request_line,
        response_line=response_line,
    )


def _asked(message: _Message) -> tuple[Request, str, int | None]:
    assert message.request is not None  # noqa: S101  # the caller saw to it
    method, address = message.request
    host, target = urls.parts(address)
    # A tunnel's host is asked of a proxy, and nothing of it.
    host = "" if method == "CONNECT" else urls.host(host, message.headers)
    headers, data, trouble = decoded("request", message.headers, message.body)
    lack = message.lack or trouble or content.missing("request", headers, data, hint="curl -v, for one, prints no request bodies")
    return Request(method, target, host, headers, b"" if lack else data), lack, _line(message, data, lack)


def _answered(message: _Message, method: str) -> tuple[Response, str, int | None]:
    headers, data, trouble = decoded("response", message.headers, message.body)
    lack = message.lack or trouble or content.missing("response", headers, data, method=method, status=message.status)
    return Response(message.status, headers, b"" if lack else data), lack, _line(message, data, lack)


def _line(message: _Message, data: bytes, lack: str) -> int | None:
    return message.body_line if data and not lack and data == message.body else None


def _text(data: bytes) -> str:
    """Bytes as text: UTF-8 if they are, else each byte as the character of its number."""
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return data.decode("latin-1")
