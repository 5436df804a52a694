"""The answer to a message, off the wire: head, body by length, in chunks or to the end.

Knows RFC 9112's grammar of a response and the limits on it; knows nothing of what it means. Law: nothing is kept beyond the
limits, nothing is guessed, and what was read before a fault is kept beside the sentence that says what the fault was.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from mockcloud.messages import Pairs
from mockcloud.outbound.connection import Wire

ANSWER_LIMIT = 64 * 1024
HEAD_LIMIT = 32 * 1024

_STATUS_LINE = re.compile(r"HTTP/1\.[01] ([1-5][0-9]{2})(?: [\t\x20-\x7e\x80-\xff]*)?")
_FIELD = re.compile(r"([!#$%&'*+.^_`|~0-9A-Za-z-]+):([\t\x20-\x7e\x80-\xff]*)")
_LENGTH = re.compile(r"[0-9]{1,18}")
_SIZE = re.compile(r"([0-9A-Fa-f]{1,15})(?:[ \t]*;[\t\x20-\x7e\x80-\xff]*)?")
_SIZE_LINE_LIMIT = 256
_BODILESS = frozenset({204, 304})


class Answer(NamedTuple):
    """What was read of an answer; `status` is 0 when its head is missing or malformed. `problem` says what is wrong."""

    status: int
    headers: Pairs
    body: bytes
    problem: str


class _Malformed(Exception):
    """An answer is not what HTTP/1.1 allows: what was found, what was wanted."""


def read_answer(wire: Wire, method: str) -> Answer:
    """The answer to a request of this method. Never raises for what arrives or does not."""
    status, body, problem = 0, bytearray(), ""
    headers: Pairs = ()
    try:
        status, headers = _head(wire)
        if method != "HEAD" and status not in _BODILESS:
            _fill_body(wire, headers, body)
    except _Malformed as malformed:
        problem = str(malformed)
    except TimeoutError:
        problem = f"found {_extent(status, body)} when the time was over, wanted the whole answer"
    except OSError as error:
        problem = f"found {_extent(status, body)} when the connection broke ({error.strerror or error}), wanted the whole answer"
    return Answer(status, headers, bytes(body), problem)


def _extent(status: int, body: bytearray) -> str:
    return f"the head and {len(body)} bytes of the body" if status else "no whole head"


def _shown(line: str) -> str:
    return ascii(line[:60])


def _head(wire: Wire) -> tuple[int, Pairs]:
    room = HEAD_LIMIT
    status = 100
    fields: list[tuple[str, str]] = []
    while status < 200:  # what comes before the answer itself, such as 103 Early Hints, counts towards the limit only
        line = _line(wire, room, "the head")
        match = _STATUS_LINE.fullmatch(line)
        if match is None:
            raise _Malformed(f"found {_shown(line)}, wanted a status line such as 'HTTP/1.1 200 OK'")
        status, fields = int(match[1]), []
        room -= len(line)
        while line := _line(wire, room, "the head"):
            field = _FIELD.fullmatch(line)
            if field is None:
                raise _Malformed(f"found {_shown(line)}, wanted a header such as 'Content-Length: 0'")
            fields.append((field[1], field[2].strip(" \t")))
            room -= len(line)
    return status, tuple(fields)


def _line(wire: Wire, limit: int, of: str) -> str:
    buffer = wire.buffer
    while (end := buffer.find(b"\n", 0, limit + 2)) < 0:
        if len(buffer) >= limit + 2:
            raise _Malformed(f"found more bytes in {of} than are read, wanted fewer")
        if not wire.fill():
            raise _Malformed(f"found the connection's end after {_shown(buffer.decode('latin-1'))}, wanted the rest of {of}")
    line = bytes(buffer[: end + 1])
    if not line.endswith(b"\r\n"):
        raise _Malformed(f"found a line of {of} that ends with LF alone, wanted CR LF")
    del buffer[: end + 1]
    return line[:-2].decode("latin-1")


def _fill_body(wire: Wire, headers: Pairs, body: bytearray) -> None:
    lengths = {value for name, value in headers if name.lower() == "content-length"}
    codings = [value.lower() for name, value in headers if name.lower() == "transfer-encoding"]
    if codings and (lengths or codings != ["chunked"]):
        raise _Malformed("found a Transfer-Encoding that is not just 'chunked', or a Content-Length beside it, wanted either")
    if codings:
        _in_chunks(wire, body)
    elif lengths:
        length = lengths.pop()
        if lengths or not _LENGTH.fullmatch(length):
            raise _Malformed(f"found the Content-Length {_shown(length)}, wanted one number")
        _take(wire, int(length), body)
    else:
        _to_the_end(wire, body)


def _in_chunks(wire: Wire, body: bytearray) -> None:
    while len(body) < ANSWER_LIMIT:
        line = _line(wire, _SIZE_LINE_LIMIT, "a chunk")
        match = _SIZE.fullmatch(line)
        if match is None:
            raise _Malformed(f"found {_shown(line)}, wanted a chunk's size in hexadecimal digits")
        size = int(match[1], 16)
        if size == 0:
            return  # the connection ends here: nobody needs the trailers
        _take(wire, size, body)
        if len(body) < ANSWER_LIMIT and _line(wire, _SIZE_LINE_LIMIT, "a chunk"):
            raise _Malformed("found a chunk that goes on after its size, wanted CR LF there")


def _take(wire: Wire, size: int, body: bytearray) -> None:
    """Move so many bytes from the wire to the body, as far as the body has room."""
    missing = min(size, ANSWER_LIMIT - len(body))
    while missing > 0:
        if not wire.buffer and not wire.fill():
            raise _Malformed(f"found the connection's end {missing} bytes too early, wanted the whole body")
        piece = wire.buffer[:missing]
        del wire.buffer[: len(piece)]
        body += piece
        missing -= len(piece)


def _to_the_end(wire: Wire, body: bytearray) -> None:
    try:
        while len(body) + len(wire.buffer) < ANSWER_LIMIT and wire.fill():
            pass
    except ConnectionError:
        # Who answers without having read the whole message resets the connection when closing it: an end like another.
        pass
    finally:
        body += wire.buffer[: ANSWER_LIMIT - len(body)]
