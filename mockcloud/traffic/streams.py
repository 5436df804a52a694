"""The bytes of a recording: counted as they are read, unpacked where they are gzipped, and looked at before they are read.

Knows files and gzip, and no recording's format. Law: what is read at once is bounded, and so is what a packed file unpacks to;
a file that cannot be read on raises `Unreadable`, and nothing else.
"""

from __future__ import annotations

import gzip
import io
import zlib
from typing import Any, BinaryIO, Final

HEAD: Final = 1024
"""Bytes at the beginning of a file that tell its kind."""

CHUNK: Final = 256 * 1024
"""Bytes that are asked for at once."""

LARGEST: Final = 64 * 1024 * 1024
"""Bytes of one entry, line, message or body, packed or not. A larger one is a problem in words, and is never held in memory."""

EXPANSION: Final = 200
"""Times its size that a gzipped file may unpack to, beyond `LARGEST`. Recordings shrink to a tenth; a bomb to a thousandth."""

_GZIP, _UTF8 = b"\x1f\x8b", b"\xef\xbb\xbf"
_UTF16 = (b"\xff\xfe", b"\xfe\xff")


class Unreadable(Exception):
    """A recording cannot be read, or not any further; the message says why, as the rest of a sentence about the file."""


class Counted(io.RawIOBase):
    """A binary stream that counts what was read of it. Raises Unreadable where the system cannot read on."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self.count = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        read = getattr(self._stream, "read1", self._stream.read)
        try:
            data = read(len(buffer))
        except OSError as problem:
            raise Unreadable(f"cannot be read: {problem.strerror or problem}") from None
        buffer[: len(data)] = data
        self.count += len(data)
        return len(data)

    def close(self) -> None:
        self._stream.close()
        super().close()


class _Unpacked(io.RawIOBase):
    """What a gzipped stream holds. Raises Unreadable where it is broken or a bomb."""

    def __init__(self, packed: io.BufferedReader, counted: Counted) -> None:
        self._packed, self._counted, self._given = gzip.GzipFile(fileobj=packed), counted, 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        try:
            data = self._packed.read1(len(buffer))
        except (OSError, EOFError, zlib.error) as problem:
            raise Unreadable(f"is gzipped and broken: {problem}") from None
        self._given += len(data)
        if self._given > LARGEST + EXPANSION * self._counted.count:
            raise Unreadable(f"is gzipped and unpacks to more than {EXPANSION} times its size: it was not read on")
        buffer[: len(data)] = data
        return len(data)


class _After(io.RawIOBase):
    """Some bytes, and then the rest of the stream that they were read from."""

    def __init__(self, head: bytes, rest: io.BufferedReader) -> None:
        self._head, self._rest = head, rest

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        data = self._head[: len(buffer)] if self._head else self._rest.read1(len(buffer))
        self._head = self._head[len(data) :]
        buffer[: len(data)] = data
        return len(data)


def opened(counted: Counted) -> tuple[bytes, io.BufferedReader]:
    """The first `HEAD` bytes, unpacked and without a byte order mark, and a stream of the whole of that.

    Raises Unreadable for what is gzipped and broken, and for UTF-16.
    """
    head, stream = _looked_at(io.BufferedReader(counted, CHUNK))
    if head.startswith(_GZIP):
        head, stream = _looked_at(io.BufferedReader(_Unpacked(stream, counted), CHUNK))
    if head.startswith(_UTF16):
        raise Unreadable("is UTF-16, as PowerShell's > writes it: save it as UTF-8")
    if head.startswith(_UTF8):
        stream.read(len(_UTF8))
        head = head[len(_UTF8) :]
    return head, stream


def _looked_at(stream: io.BufferedReader) -> tuple[bytes, io.BufferedReader]:
    head = stream.read(HEAD)
    return head, io.BufferedReader(_After(head, stream), CHUNK)
