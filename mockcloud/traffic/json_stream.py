"""The elements of an array deep in a JSON document of any size, one by one, each with the line on which it begins.

Knows the shape of JSON, and leaves what an element holds to a parser. Law: what is kept in memory is one element, and no more
than `LARGEST` of it; an element that is too large is skipped and said; the first mistake in the document's shape ends the
reading, and what stood before it was given.

The work is done by one regular expression, `_RUN`, which swallows all that leaves the depth of nesting where it is: everything
but brackets, whole strings, and whole objects and arrays that are not nested deeper than `FOLDED`. It never gives back what it
took (`++`, `*+`), so that its time is linear; what it stops at, a chunk's border or a bracket, Python looks at.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from typing import Final, NamedTuple, NoReturn, Protocol

from mockcloud.traffic.streams import CHUNK, LARGEST

DEPTH: Final = 400
"""Levels within an element, more than parsers take when they are called deep in a program."""

FOLDED: Final = 3
"""Levels that are swallowed at once; more are no faster."""

NAME: Final = 64 * 1024
"""Bytes of a member's name that is looked at."""

Path = tuple[str, ...]


class Element(NamedTuple):
    """An element's bytes and the line on which it begins; or a problem in the document, with its line, and no bytes."""

    line: int
    data: bytes
    problem: str = ""


class Readable(Protocol):
    """What can be asked for some more bytes."""

    def read1(self, size: int, /) -> bytes: ...


def elements(stream: Readable, paths: Collection[Path], largest: int = LARGEST, chunk: int = CHUNK) -> Iterator[Element]:
    """The elements of each array that stands at one of the paths (names of members from the outside in), in their order.

    Ends with a problem where the document is no JSON, is cut off, or holds none of the arrays.
    """
    scanner = _Scanner(stream, largest, chunk)
    found = False
    try:
        for element in _walk(scanner, frozenset(paths), ()):
            found = True
            if element is not None:
                yield element
        if scanner.blank():
            scanner.fail("there is something after the end of the document")
    except _Broken as broken:
        yield Element(broken.line, b"", str(broken))
        return
    if not found:
        wanted = " or ".join(".".join(path) or "the outside" for path in sorted(paths))
        yield Element(1, b"", f"holds no array at {wanted}")


class _Broken(Exception):
    def __init__(self, line: int, problem: str) -> None:
        super().__init__(problem)
        self.line = line


def _walk(scanner: _Scanner, paths: frozenset[Path], here: Path) -> Iterator[Element | None]:
    """The elements at and below a value, which is left behind; None once for each array, be it empty."""
    first = scanner.blank()
    if first == b"[" and here in paths:
        yield None
        yield from _array(scanner)
    elif first == b"{" and any(path[: len(here)] == here and path != here for path in paths):
        scanner.at += 1
        for name in _names(scanner):
            yield from _walk(scanner, paths, (*here, name))
    else:
        scanner.value(keep=False)


def _array(scanner: _Scanner) -> Iterator[Element]:
    scanner.at += 1
    if scanner.blank() == b"]":
        scanner.at += 1
        return
    while True:
        scanner.blank()
        line = scanner.line()
        data = scanner.value(keep=True)
        yield Element(line, data) if data else Element(line, b"", f"is larger than {scanner.largest} bytes: it was skipped")
        if not scanner.another(b"]"):
            return


def _names(scanner: _Scanner) -> Iterator[str]:
    """The names of an object's members, each with the scanner at its value."""
    if scanner.blank() == b"}":
        scanner.at += 1
        return
    while True:
        if scanner.blank() != b'"':
            scanner.want("a member's name is expected")
        name = scanner.value(keep=True)[1 : NAME + 1]
        if scanner.blank() != b":":
            scanner.want("a colon is expected")
        scanner.at += 1
        yield name[:-1].decode("utf-8", "replace")
        if not scanner.another(b"}"):
            return


_LETTERS = rb'[^"\\]*+(?:(?>\\.[^"\\]*+))*+'


def _run(levels: int) -> bytes:
    flat = rb'[^"{}\[\]]++|"' + _LETTERS + rb'"'
    inner = flat
    for _ in range(levels):
        inner = flat + rb"|\{" + _again(inner) + rb"\}|\[" + _again(inner) + rb"\]"
    return _again(inner)


def _again(inner: bytes) -> bytes:
    # `(?>...)` goes back where what is in it ends half-way; in CPython before 3.11.5 the `*+` around it alone does not.
    return rb"(?:(?>" + inner + rb"))*+"


_RUN = re.compile(_run(FOLDED), re.DOTALL)
_IN_STRING = re.compile(_LETTERS, re.DOTALL)
_SCALAR = re.compile(rb"[-+.0-9A-Za-z]*+")
_BLANK = re.compile(rb"[ \t\r\n]*+")
_PAIRS = {b"]": b"[", b"}": b"{"}


class _Scanner:
    """A place in a stream: the bytes around it, and the lines before it."""

    def __init__(self, stream: Readable, largest: int, chunk: int) -> None:
        self.at, self.largest = 0, largest
        self._stream, self._chunk, self._bytes = stream, chunk, b""
        self._counted, self._line, self._column = 0, 1, 1
        self._kept: list[bytes] | None = None
        self._room = self._from = 0

    def blank(self) -> bytes:
        """Pass over blanks; the next byte, none at the end."""
        while True:
            self.at = self._end(_BLANK)
            if self.at < len(self._bytes):
                return self._bytes[self.at : self.at + 1]
            if not self._more():
                return b""

    def another(self, close: bytes) -> bool:
        """Pass over the comma before another member or element, or over the bracket that closes them."""
        found = self.blank()
        if found not in (b",", close):
            self.want(f"a comma or {close.decode()} is expected")
        self.at += 1
        return found == b","

    def value(self, *, keep: bool) -> bytes:
        """Pass over a value. Its bytes where they are to be kept and are not too many, else none."""
        first = self.blank()
        self._kept, self._from, self._room = [] if keep else None, self.at, self.largest
        if first == b'"':
            self._string()
        elif first in (b"{", b"["):
            self._nested()
        else:
            self._scalar()
        self._keep()
        kept, self._kept = self._kept, None
        return b"".join(kept) if kept else b""

    def _nested(self) -> None:
        open_brackets = bytearray()
        while True:
            if open_brackets:
                self.at = self._end(_RUN)
            here = self._bytes[self.at : self.at + 1] or self._needed()
            if here == b'"':
                self._string()
            elif here in (b"{", b"["):
                self.at += 1
                open_brackets += here
                if len(open_brackets) > DEPTH:
                    self.fail(f"there are more than {DEPTH} levels of brackets")
            elif here in (b"}", b"]"):
                if open_brackets.pop() != _PAIRS[here][0]:
                    self.fail(f"{here.decode()} closes what it did not open")
                self.at += 1
                if not open_brackets:
                    return

    def _string(self) -> None:
        """Pass over a string, in pieces where a border of chunks is in it."""
        self.at += 1
        while True:
            self.at = self._end(_IN_STRING)
            here = self._bytes[self.at : self.at + 1] or self._needed()
            if here == b'"':
                self.at += 1
                return
            if here == b"\\":  # the border is behind a backslash
                self.at += 1
                if self.at == len(self._bytes):
                    self._needed()
                self.at += 1

    def _scalar(self) -> None:
        found = False
        while True:
            start, self.at = self.at, self._end(_SCALAR)
            found = found or self.at > start
            if self.at < len(self._bytes) or not self._more():
                break
        if not found:
            self.want("a value is expected")

    def _needed(self) -> bytes:
        if not self._more():
            self.fail("the document is cut off")
        return self._bytes[:1]

    def _end(self, pattern: re.Pattern[bytes]) -> int:
        match = pattern.match(self._bytes, self.at)
        assert match is not None  # noqa: S101  # all of these match nothing, too
        return match.end()

    def _more(self) -> bool:
        """Go on to the next chunk, of what is left behind keeping what a value wants."""
        self._keep()
        self._count()
        self._bytes = self._stream.read1(self._chunk)
        self.at = self._from = self._counted = 0
        return bool(self._bytes)

    def _keep(self) -> None:
        if self._kept is not None:
            self._room -= self.at - self._from
            if self._room < 0:
                self._kept = None
            else:
                self._kept.append(self._bytes[self._from : self.at])

    def _count(self) -> None:
        lines = self._bytes.count(b"\n", self._counted, self.at)
        last = self._bytes.rfind(b"\n", self._counted, self.at)
        self._line += lines
        self._column = self.at - last if lines else self._column + self.at - self._counted
        self._counted = self.at

    def line(self) -> int:
        """The line that the scanner is in, from 1."""
        self._count()
        return self._line

    def want(self, problem: str) -> NoReturn:
        """Say what is expected here, or that there is nothing more."""
        self.fail(problem if self.at < len(self._bytes) else "the document is cut off")

    def fail(self, problem: str) -> NoReturn:
        """Raise what ends the reading, with line and column (in bytes)."""
        self._count()
        raise _Broken(self._line, f"is no JSON from line {self._line}, column {self._column} on: {problem}")
