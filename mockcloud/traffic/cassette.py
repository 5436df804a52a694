"""Read cassettes: what the VCR libraries of several languages record, in YAML and in JSON.

Knows under which names they keep their interactions; what is in one, `exchange.py` knows. Law: one tolerant reader for all of
them, and nothing of a cassette is ever run.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Final

from mockcloud.messages import Json
from mockcloud.traffic import json_stream, kinds, yaml_stream
from mockcloud.traffic.exchange import Unfit, recorded
from mockcloud.traffic.json_text import parsed
from mockcloud.traffic.recorded import Place, Recorded
from mockcloud.traffic.streams import HEAD, LARGEST

LISTS: Final = ("interactions", "http_interactions")
"""The names under which a cassette lists its interactions; some are a bare list."""

PATHS: Final[tuple[tuple[str, ...], ...]] = (*((name,) for name in LISTS), ())

HINT: Final = "let the recorder keep bodies"


def read(file: io.BufferedReader, name: str, largest: int = LARGEST) -> Iterator[Recorded]:
    """What each interaction records. Raises MissingExtra for YAML where PyYAML is not installed, and Unreadable."""
    head = file.peek(HEAD).lstrip()
    found = _of_json(file, head, largest) if head[:1] in (b"{", b"[") else yaml_stream.items(file, LISTS, largest)
    for number, (line, data, problem) in enumerate(found, 1):
        place = Place(name, number, line)
        yield Recorded(place, problem=problem) if problem else recorded(data, place, HINT)


def _of_json(file: io.BufferedReader, head: bytes, largest: int) -> Iterator[tuple[int, Json, str]]:
    """Line, data and problem of each interaction, or of the one exchange that the file is."""
    names = kinds.outer_names(head.decode("utf-8", "replace"))
    if head[:1] == b"{" and names & {"request", "response"} and not names & {*LISTS}:
        whole = file.read(largest + 1)
        yield _parsed(1, whole) if len(whole) <= largest else (1, None, f"is larger than {largest} bytes")
        return
    for element in json_stream.elements(file, PATHS, largest):
        yield (element.line, None, element.problem) if element.problem else _parsed(element.line, element.data)


def _parsed(line: int, data: bytes) -> tuple[int, Json, str]:
    try:
        return line, parsed(data, line), ""
    except Unfit as problem:
        return line, None, str(problem)
