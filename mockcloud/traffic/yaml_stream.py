"""The items of a list in a YAML document of any size, one by one, each with the line on which it begins.

Knows YAML's events, and makes nothing of them but dicts, lists, texts and bytes. Law: no tag builds an object: what carries one
that would is said; depth, size and what anchors keep are bounded; an alias is the very value that it stands for, so that a
bomb of aliases is as large as its text.
"""

from __future__ import annotations

from base64 import b64decode
from collections.abc import Collection, Iterator
from importlib import import_module
from typing import Any, Final, NamedTuple, NoReturn, Protocol

from mockcloud.errors import MissingExtra
from mockcloud.messages import Json, quoted
from mockcloud.traffic.streams import LARGEST, Unreadable

DEPTH: Final = 64
"""Levels of nesting in a document."""

NODES: Final = 1_000_000
"""Values in one item, or in all that stands beside the list: each takes memory, however short it is."""

_PLAIN_NULLS = frozenset({"", "~", "null", "Null", "NULL"})
_YAML_ORG = "tag:yaml.org,2002:"
_TEXTS = frozenset(
    {f"{_YAML_ORG}{name}" for name in ("str", "int", "float", "bool", "timestamp", "null", "python/unicode", "python/str")}
)
_BYTES = frozenset({f"{_YAML_ORG}binary", f"{_YAML_ORG}python/bytes", "!binary"})
_BOXES = frozenset(
    {f"{_YAML_ORG}map", f"{_YAML_ORG}seq", f"{_YAML_ORG}omap", f"{_YAML_ORG}python/tuple", f"{_YAML_ORG}python/dict"}
)


class Item(NamedTuple):
    """An item and the line on which it begins; or a problem with its line, and nothing."""

    line: int
    data: Json
    problem: str = ""


class Readable(Protocol):
    """What can be asked for some more bytes."""

    def read1(self, size: int, /) -> bytes: ...


def items(stream: Readable, names: Collection[str], largest: int = LARGEST) -> Iterator[Item]:
    """The items of the list under one of the names in each document's outermost mapping, or of a document that is a list.

    A document with none of the names is an item itself. Scalars are texts as they are written, whatever they look like (None
    for a plain null), or bytes where they are tagged so. Ends with a problem where the file is no YAML, or too large.

    Raises MissingExtra where PyYAML is not installed, and Unreadable.
    """
    try:
        yaml = import_module("yaml")
    except ImportError:
        raise MissingExtra("reading YAML", "yaml") from None
    composer, held = _Composer(yaml, stream, largest), list[Item]()
    # One item is held back: where the stream breaks off, YAML's last one may be half of what it was.
    try:
        for item in composer.items(frozenset(names)):
            yield from held
            held = [item]
    except _Broken as broken:
        held.append(Item(broken.line, None, str(broken)))
    yield from held


class _Broken(Exception):
    def __init__(self, line: int, problem: str) -> None:
        super().__init__(problem)
        self.line = line


class _Bounded:
    """A stream that ends where a single event wants too much of it, or where it cannot be read on; and then says why."""

    def __init__(self, stream: Readable, largest: int) -> None:
        self._stream = stream
        self.largest = self.room = largest
        self.failure: Exception | None = None

    def read(self, size: int) -> bytes:
        if self.room <= 0:
            self.failure = self.failure or _Broken(0, f"is larger than {self.largest} bytes: it was not read on")
            return b""
        try:
            data = self._stream.read1(min(size, 1 << 16))
        except Unreadable as problem:
            self.failure, data = problem, b""
        self.room -= len(data)
        return data


class _Composer:
    """The events of a stream, composed into plain data."""

    def __init__(self, yaml: Any, stream: Readable, largest: int) -> None:
        self._errors: tuple[type[Exception], ...] = (yaml.YAMLError, ValueError, OverflowError)
        self._bytes = _Bounded(stream, largest)
        self._parsed = yaml.parse(self._bytes, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
        self._anchors: dict[str, Json] = {}
        self._anchored = self._size = self._nodes = self._depth = 0
        self._line, self._trouble = 1, ""

    def items(self, names: frozenset[str]) -> Iterator[Item]:
        """The items of every document."""
        while (event := self._next()) is not None:
            kind = type(event).__name__
            if kind == "SequenceStartEvent":
                yield from self._list()
            elif kind == "MappingStartEvent":
                yield from self._mapping(names)
            elif kind in ("ScalarEvent", "AliasEvent"):
                yield self._item(event)

    def _mapping(self, names: frozenset[str]) -> Iterator[Item]:
        """The items of the list under a name; else the mapping itself."""
        start, others, found = self._line, dict[Json, Json](), False
        self._begin()
        while not _ends(event := self._needed()):
            name = self._composed(event)
            event = self._needed()
            named = isinstance(name, (str, bytes)) or name is None
            if named and name in names and type(event).__name__ == "SequenceStartEvent":
                found = True
                yield from self._list()
                self._begin()
            elif named:
                others[name] = self._composed(event)
            else:
                self._composed(event)
        if not found:
            yield Item(start, None if self._trouble else others, self._trouble)

    def _list(self) -> Iterator[Item]:
        while not _ends(event := self._needed()):
            yield self._item(event)

    def _item(self, event: Any) -> Item:
        line = self._line
        self._begin()
        data = self._composed(event)
        return Item(line, None if self._trouble else data, self._trouble)

    def _begin(self) -> None:
        self._size = self._nodes = 0
        self._trouble = ""

    def _composed(self, event: Any) -> Json:
        """The value that begins with an event."""
        before, self._nodes = self._size, self._nodes + 1
        if self._nodes > NODES:
            self._fail(f"there are more than {NODES} values in one item")
        made = _COMPOSED[type(event).__name__](self, event)
        if event.anchor is not None and type(event).__name__ != "AliasEvent":
            self._anchored += self._size - before + 1
            if self._anchored > self._bytes.largest:
                self._fail(f"anchors keep more than {self._bytes.largest} bytes")
            self._anchors[event.anchor] = made
        return made

    def _alias(self, event: Any) -> Json:
        if event.anchor not in self._anchors:
            name = quoted(event.anchor, 40)
            self._trouble = self._trouble or f"*{name} on line {self._line} stands for nothing that is complete before it"
        return self._anchors.get(event.anchor)

    def _scalar(self, event: Any) -> str | bytes | None:
        text: str = event.value
        self._size += len(text)
        if event.tag in _BYTES:
            return self._binary(text)
        if event.tag is not None and event.tag not in _TEXTS and event.tag != "!":
            self._complain(event.tag)
        # Quoted or tagged texts are meant, however empty they are.
        return None if event.implicit[0] and text in _PLAIN_NULLS else text

    def _binary(self, text: str) -> bytes:
        try:
            return b64decode("".join(text.split()), validate=True)
        except ValueError:
            self._trouble = self._trouble or f"what is tagged as binary on line {self._line} is no base64"
            return b""

    def _sequence(self, event: Any) -> list[Json]:
        found: list[Json] = []
        self._enter(event)
        while not _ends(event := self._needed()):
            found.append(self._composed(event))
        self._depth -= 1
        return found

    def _object(self, event: Any) -> dict[Json, Json]:
        found: dict[Json, Json] = {}
        self._enter(event)
        while not _ends(event := self._needed()):
            name = self._composed(event)
            member = self._composed(self._needed())
            if isinstance(name, (str, bytes)) or name is None:
                found[name] = member
        self._depth -= 1
        return found

    def _enter(self, event: Any) -> None:
        if event.tag is not None and event.tag not in _BOXES and event.tag != "!":
            self._complain(event.tag)
        self._depth += 1
        if self._depth > DEPTH:
            self._fail(f"is nested deeper than {DEPTH}")

    def _complain(self, tag: str) -> None:
        self._trouble = self._trouble or (
            f"the tag {quoted(tag, 80)!a} on line {self._line} builds an object, which no recording needs: it was not read"
        )

    def _needed(self) -> Any:
        event = self._next()
        assert event is not None  # noqa: S101  # YAML's parser ends what it has begun, or fails
        return event

    def _next(self) -> Any:
        """The next event; None at the end."""
        self._bytes.room = self._bytes.largest
        try:
            event = next(self._parsed, None)
        except self._errors as problem:
            self._raise_failure()
            mark = getattr(problem, "problem_mark", None)
            self._line = mark.line + 1 if mark else self._line
            said = getattr(problem, "problem", None) or getattr(problem, "reason", None) or problem
            self._fail(f"is no YAML from line {self._line} on: {said}")
        if event is None:
            self._raise_failure()
            return None
        self._line = event.start_mark.line + 1
        if isinstance(self._bytes.failure, _Broken):
            self._raise_failure()
        if self._size > self._bytes.largest:
            self._fail(f"an item is larger than {self._bytes.largest} bytes")
        return event

    def _raise_failure(self) -> None:
        if isinstance(self._bytes.failure, _Broken):
            self._fail(str(self._bytes.failure))
        if self._bytes.failure:
            raise self._bytes.failure

    def _fail(self, problem: str) -> NoReturn:
        raise _Broken(self._line, problem)


def _ends(event: Any) -> bool:
    return type(event).__name__ in ("SequenceEndEvent", "MappingEndEvent")


_COMPOSED: Final = {
    "AliasEvent": _Composer._alias,  # noqa: SLF001  # the table of what this class does
    "ScalarEvent": _Composer._scalar,  # noqa: SLF001  # as above
    "SequenceStartEvent": _Composer._sequence,  # noqa: SLF001  # as above
    "MappingStartEvent": _Composer._object,  # noqa: SLF001  # as above
}
