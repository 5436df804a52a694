"""Read a file that is one body and nothing else: JSON, XML or a form.

Knows nothing of what is in it. Law: the bytes are handed on as they stand, so that the lines of the file are those of the body.
"""

from __future__ import annotations

import io
from collections.abc import Iterator

from mockcloud.traffic import journal, kinds
from mockcloud.traffic.recorded import Place, Recorded
from mockcloud.traffic.streams import LARGEST


def read(file: io.BufferedReader, name: str, largest: int = LARGEST) -> Iterator[Recorded]:
    """The body; of JSON Lines, which one may take for JSON, each line's."""
    data = file.read(largest + 1)
    if len(data) > largest:
        yield Recorded(Place(name), problem=f"is larger than {largest} bytes, which no body is; JSON Lines are named .jsonl")
    elif not data.strip():
        yield Recorded(Place(name), problem="holds nothing but blanks")
    elif kinds.is_lines(data):
        yield from journal.read(io.BytesIO(data), name, largest)
    elif data[:1] in b"{[<\n\r\t ":
        yield Recorded(Place(name), body=data)
    else:
        # An editor ends a file with a line feed, which a form would take into its last value.
        yield Recorded(Place(name), body=data.rstrip(b"\r\n"))
