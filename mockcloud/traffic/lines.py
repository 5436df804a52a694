"""The lines of a log of HTTP messages, with their numbers, and the bodies that stand among them.

Knows where a message begins and what `curl -v` writes beside messages. Law: a body ends where its length says, unless what
follows shows that the length is wrong: editors change line ends, people change bodies.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterable, Iterator
from itertools import dropwhile
from typing import Final, NamedTuple, Protocol

from mockcloud.traffic.kinds import START

PIECE: Final = 64 * 1024
"""Bytes of a line that are read at once; the rest of it follows as if it were lines, which begin no message."""

LOOKAHEAD: Final = 64
"""Lines behind what looks like a message's beginning that may still be of the body before it, as its length says."""

MOST: Final = 1_000_000
"""Lines of one body: each takes memory, however short it is."""

_NOISE = re.compile(rb"\* |[{}] \[[0-9]+ bytes data\]|  % Total|\s*Dload  Upload|\r *[0-9]+ |note: ", re.IGNORECASE)
_TAIL = re.compile(rb"\* (?:Connection #|Closing connection|shutting down connection)[^\r\n*]*\r?\n?\Z", re.IGNORECASE)
_KNOWN = re.compile(rb"HTTP/|(?:GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS|CONNECT|TRACE) ")
_BRACKETS = {b"{": b"}", b"[": b"]", b"<": b">"}


class Line(NamedTuple):
    """A line with its end, or a piece of a long one, which is not `fresh` after the first."""

    number: int
    data: bytes
    fresh: bool = True

    @property
    def is_blank(self) -> bool:
        """Whether nothing stands on it."""
        return not self.data.strip()

    @property
    def is_start(self) -> bool:
        """Whether a message begins here."""
        return self.fresh and START.match(self.data) is not None

    @property
    def is_border(self) -> bool:
        """Whether no body goes on here: a message begins, or a client's file has its line between requests."""
        return self.is_start or (self.fresh and self.data.startswith(b"###"))

    @property
    def is_noise(self) -> bool:
        """Whether `curl -v` says something here that is no part of a message."""
        return self.fresh and _NOISE.match(self.data) is not None


class Readable(Protocol):
    """What can be asked for a line, or for the first bytes of one."""

    def readline(self, size: int, /) -> bytes: ...


class Lines:
    """The lines of a stream, of which some may be given back."""

    def __init__(self, stream: Readable) -> None:
        self._stream, self._waiting = stream, deque[Line]()
        self._number, self._fresh = 1, True

    def next(self) -> Line | None:
        """The next line; None at the end."""
        if self._waiting:
            return self._waiting.popleft()
        data = self._stream.readline(PIECE)
        if not data:
            return None
        line = Line(self._number, data, self._fresh)
        self._fresh = data.endswith(b"\n")
        self._number += self._fresh
        return line

    def back(self, lines: Iterable[Line]) -> None:
        """Give lines back, to come again in their order."""
        self._waiting.extendleft(reversed([line for line in lines if line.data]))

    def __iter__(self) -> Iterator[Line]:
        while (line := self.next()) is not None:
            yield line


class Body(NamedTuple):
    """A body and the line on which it begins, None where it does not stand in the file as one piece."""

    data: bytes
    line: int | None
    is_whole: bool = True
    """False for one that is too large: it was passed over."""


def body(lines: Lines, length: int | None, largest: int, *, noisy: bool) -> Body:
    """The body that begins here: of the length, if what follows allows it, else up to the next message or the end.

    `noisy` is for what `curl -v` wrote: its remarks stand between the lines of a body.
    """
    taken: list[Line] = []
    if length is not None and 0 <= length <= largest and not noisy:
        found = _exact(lines, length, taken)
        if found is not None:
            return found
    return _to_border(lines, taken, largest, noisy=noisy)


def _exact(lines: Lines, length: int, taken: list[Line]) -> Body | None:
    """The body of just this length; None where that cannot be, with the lines of it that come before a border in `taken`."""
    size, border = 0, None
    while size < length and len(taken) < MOST and (border is None or len(taken) - border < LOOKAHEAD):
        line = lines.next()
        if line is None:
            break
        border = len(taken) if border is None and line.is_border else border
        taken.append(line)
        size += len(line.data)
    if size >= length and _ends_here(lines, taken, size - length):
        data = b"".join(line.data for line in taken)[:length]
        return Body(data, taken[0].number if taken else None)
    if border is not None:
        lines.back(taken[border:])
        del taken[border:]
    return None


def _ends_here(lines: Lines, taken: list[Line], over: int) -> bool:
    """Whether a body may end so many bytes before the last line does; what is left of that line is given back."""
    last = taken[-1] if taken else Line(0, b"")
    rest = Line(last.number, last.data[len(last.data) - over :] if over else b"")
    if rest.is_start and _KNOWN.match(rest.data):
        lines.back([rest])
        return True
    if not rest.is_blank:
        return False
    blank = _blank_lines(lines)
    following = lines.next()
    lines.back([*blank, *([following] if following else [])])
    if following is None or following.is_border:
        return True
    return last.data.endswith(b"\n") and _looks_whole(b"".join(line.data for line in taken).strip())


def _looks_whole(body: bytes) -> bool:
    """Whether a body that something else follows than a message may end here: whoever made one longer by hand cut it there."""
    close = _BRACKETS.get(body[:1])
    return body.endswith(close) if close else bool(body) and b"\n" not in body


def _blank_lines(lines: Lines) -> list[Line]:
    found: list[Line] = []
    for line in lines:
        if not line.is_blank or len(found) >= LOOKAHEAD:
            lines.back([line])
            break
        found.append(line)
    return found


def _to_border(lines: Lines, taken: list[Line], largest: int, *, noisy: bool) -> Body:
    size, is_whole = sum(len(line.data) for line in taken), True
    for line in lines:
        if line.is_border:
            lines.back([line])
            break
        kept = _quiet(line) if noisy else line
        size += len(kept.data)
        is_whole = is_whole and size <= largest and len(taken) < MOST
        if not is_whole:
            taken = []
        elif kept.data:
            taken.append(kept)
    if not is_whole:
        return Body(b"", None, is_whole=False)
    taken = list(dropwhile(lambda line: line.is_blank, taken))
    data = b"".join(line.data for line in taken).rstrip(b"\r\n")
    return Body(data, taken[0].number if data and _is_one_piece(taken) else None)


def _is_one_piece(taken: list[Line]) -> bool:
    filled = [line.number for line in taken if not line.is_blank]
    return filled[-1] - filled[0] < len(taken)


def _quiet(line: Line) -> Line:
    """A line without what `curl -v` says on it."""
    return line._replace(data=b"" if line.is_noise else _TAIL.sub(b"", line.data))
