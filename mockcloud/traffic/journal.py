"""Read JSON Lines: our journal, other tools' exchanges, or bodies, one to a line.

Law: a line that cannot be read is a problem with its number, and those after it are still read; a line longer than `LARGEST`
is passed over without being held.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

from mockcloud.errors import nearest
from mockcloud.messages import Json
from mockcloud.state.journal import FORMAT
from mockcloud.traffic.exchange import Unfit, recorded
from mockcloud.traffic.json_text import parsed
from mockcloud.traffic.recorded import Place, Recorded
from mockcloud.traffic.streams import LARGEST


class Lined(Protocol):
    """What can be asked for a line, or for the first bytes of one."""

    def readline(self, size: int, /) -> bytes: ...


def read(file: Lined, name: str, largest: int = LARGEST) -> Iterator[Recorded]:
    """What each line records, blank ones passed over."""
    number = 0
    for index, line in enumerate(_lines(file, largest), 1):
        if line is None or line.strip():
            number += 1
            yield _read(line, Place(name, number, index), largest)


def _lines(file: Lined, largest: int) -> Iterator[bytes | None]:
    """Each line; None for one that is too long."""
    while line := file.readline(largest + 1):
        if len(line) <= largest:
            yield line
            continue
        while line and not line.endswith(b"\n"):
            line = file.readline(largest)
        yield None


def _read(line: bytes | None, place: Place, largest: int) -> Recorded:
    if line is None:
        return Recorded(place, problem=f"the line is longer than {largest} bytes: it was passed over")
    try:
        return _told(parsed(line.strip(), place.line), line.strip(), place)
    except Unfit as problem:
        return Recorded(place, problem=str(problem))


def _told(data: Json, line: bytes, place: Place) -> Recorded:
    """An exchange where there is one, else the line is a body. What bears another format's name is neither."""
    if not isinstance(data, dict):
        return Recorded(place, body=line)
    said = data.get("format")
    if isinstance(said, str) and said.startswith("mockcloud.") and said != FORMAT:
        return Recorded(place, problem=f"the line is of the format {said[:60]!a}, wanted {FORMAT}.{nearest(said, [FORMAT])}")
    if said == FORMAT or isinstance(data.get("request"), dict) or isinstance(data.get("response"), dict):
        return recorded(data, place)
    return Recorded(place, body=line)
