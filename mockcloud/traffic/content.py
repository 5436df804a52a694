"""A recorded body as the judge wants it: with its content encoding undone, and with a word on why it is not there.

Knows content encodings and what HTTP says of bodies; knows no recording's format. Law: what a body unpacks to is bounded, and
headers that no longer hold of what is handed on are dropped or corrected.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Callable
from importlib import import_module
from typing import Any, Final

from mockcloud.messages import Pairs
from mockcloud.traffic.streams import LARGEST

_NUMBER = re.compile(r"[0-9]{1,18}")


class Undecodable(ValueError):
    """A body cannot be decoded; the message is a sentence about it."""


def value(headers: Pairs, name: str) -> str:
    """The values of a header by its name in small letters, joined by commas; empty where there is none."""
    return ",".join(text for given, text in headers if given.lower() == name).strip()


def length(headers: Pairs) -> int | None:
    """What Content-Length says; None where it says nothing that is a length."""
    text = value(headers, "content-length")
    return int(text) if _NUMBER.fullmatch(text) else None


def settled(headers: Pairs, body: bytes) -> Pairs:
    """The headers of a body whose content encoding is undone: without the encoding, and with the length that it has now."""
    if not value(headers, "content-encoding"):
        return headers
    kept = ((name, text) for name, text in headers if name.lower() != "content-encoding")
    return tuple((name, str(len(body)) if name.lower() == "content-length" else text) for name, text in kept)


def decoded(headers: Pairs, body: bytes) -> tuple[Pairs, bytes]:
    """Headers and body with the content encoding undone; untouched where there is none.

    A body that its recorder has decoded already, and left the header, is taken as it is. Raises Undecodable.
    """
    codings = [word.strip().lower() for word in value(headers, "content-encoding").split(",")]
    codings = [word for word in codings if word and word != "identity"]
    if len(codings) > 4:
        raise Undecodable("it has more than 4 content encodings")
    for coding in reversed(codings) if body else ():
        body = _decoded(coding, body)
    return settled(headers, body), body


def _decoded(coding: str, body: bytes) -> bytes:
    decode = CODINGS.get(coding)
    if decode is None:
        raise Undecodable(f"its content encoding {coding[:40]!a} is not known; known are {', '.join(CODINGS)}")
    try:
        return decode(body)
    except Undecodable:
        raise
    except Exception as problem:  # noqa: BLE001  # each package raises what it likes at bytes that are not its own
        if _is_text(body):
            return body
        raise Undecodable(f"it is no {coding}, though its Content-Encoding says so: {problem}") from None


def _is_text(body: bytes) -> bool:
    try:
        return "\x00" not in body.decode("utf-8")
    except UnicodeDecodeError:
        return False


def _bounded(packed: Any, body: bytes) -> bytes:
    """What a decompressing object of zlib's form gives, if it is whole and not too much."""
    found: bytes = packed.decompress(body, LARGEST + 1)
    if len(found) > LARGEST:
        raise _too_large()
    if not packed.eof:
        raise ValueError("it is cut off")
    return found


def _too_large() -> Undecodable:
    return Undecodable(f"it unpacks to more than {LARGEST} bytes")


def _gzip(body: bytes) -> bytes:
    return _bounded(zlib.decompressobj(31), body)


def _deflate(body: bytes) -> bytes:
    """`deflate` is zlib's format by the book and the bare one by habit."""
    try:
        return _bounded(zlib.decompressobj(), body)
    except zlib.error:
        return _bounded(zlib.decompressobj(-15), body)


def _package(coding: str, *names: str) -> Any:
    for name in names:
        try:
            return import_module(name)
        except ImportError:
            continue
    raise Undecodable(f"it is packed as {coding}, which needs a package: pip install {names[0]}")


def _brotli(body: bytes) -> bytes:
    """A few bytes at a time: each may be the copy of 16 MB, and old decompressors know no limit."""
    unpacker, found = _package("br", "brotli", "brotlicffi").Decompressor(), bytearray()
    for at in range(0, len(body), 16):
        found += unpacker.process(body[at : at + 16])
        if len(found) > LARGEST:
            raise _too_large()
    if not unpacker.is_finished():
        raise ValueError("it is cut off")
    return bytes(found)


def _zstd(body: bytes) -> bytes:
    found: bytes = _package("zstd", "zstandard").ZstdDecompressor().stream_reader(body).read(LARGEST + 1)
    if len(found) > LARGEST:
        raise _too_large()
    return found


CODINGS: Final[dict[str, Callable[[bytes], bytes]]] = {
    "gzip": _gzip,
    "x-gzip": _gzip,
    "deflate": _deflate,
    "br": _brotli,
    "zstd": _zstd,
}
"""Content encodings, and what undoes them."""


def missing(side: str, headers: Pairs, body: bytes, *, size: int = 0, method: str = "", status: int = 0, hint: str = "") -> str:
    """Why a body that should be there is not; empty where it is, or none is to be expected.

    `size` is what the recording itself says of the body's size, `method` that of the response's request.
    """
    size = size if size > 0 else length(headers) or 0
    if body or size <= 0 or method.upper() == "HEAD" or status in (204, 304) or 100 <= status < 200:
        return ""
    return f"the recording has no body: the {side} had one of {size} bytes{f'; {hint}' if hint else ''}"
