"""Read a recording of any kind: the one entrance.

Knows which reader is whose. Law: whatever a file holds, reading it ends, raises nothing but MissingExtra, and gives at least one
value.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from typing import Final

from mockcloud.errors import UsageError, nearest
from mockcloud.traffic import body, cassette, har, journal, kinds, raw
from mockcloud.traffic.recorded import Place, Recorded
from mockcloud.traffic.sources import Source
from mockcloud.traffic.streams import Unreadable

READERS: Final[dict[str, Callable[[io.BufferedReader, str], Iterator[Recorded]]]] = {
    "har": har.read,
    "cassette": cassette.read,
    "journal": journal.read,
    "raw": raw.read,
    "body": body.read,
}
"""The reader of each kind: it is given the file's bytes and its name."""

_ZIP = b"PK\x03\x04"


def read(source: Source, kind: str | None = None) -> Iterator[Recorded]:
    """What a source records, in its order, as it is read; the source is closed after that.

    `kind` is one of `kinds.KINDS`, None for what the source looks like. What cannot be read is a value with its problem.

    Raises:
        UsageError: for a kind that does not exist.
        MissingExtra: where the kind needs a package that is not installed.
    """
    if kind is not None and kind not in READERS:
        raise UsageError(f"there is no kind of recording '{kind}'.{nearest(kind, READERS)}")
    return _read(source, kind)


def _read(source: Source, kind: str | None) -> Iterator[Recorded]:
    last = None
    with source:
        try:
            for last in _told(source, kind):
                yield last
        except Unreadable as problem:
            place = Place(source.name, last.place.number + 1, last.place.line) if last else Place(source.name)
            yield Recorded(place, problem=str(problem))
            return
    if last is None:
        yield Recorded(Place(source.name), problem="holds no exchange")


def _told(source: Source, kind: str | None) -> Iterator[Recorded]:
    if not source.head:
        raise Unreadable("is empty")
    found = kind or kinds.of(source.name, source.head)
    if not found and source.head.startswith(_ZIP):
        raise Unreadable("is a zip archive: unpack it first")
    if not found:
        wanted = "; ".join(f"{name} ({what})" for name, what in kinds.KINDS.items())
        raise Unreadable(f"is no recording of a known kind; known are {wanted}")
    return READERS[found](source.stream, source.name)
