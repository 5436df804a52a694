"""Where in a text a value stands that a violation points at.

Knows the texts of JSON, XML and form bodies and the pointers of violations (`/target/times/0`, `/Input[2]/Object`), and no
schema. Law: what is not there has no span; the text has been decoded before, so it is well-formed.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final, NamedTuple
from xml.parsers import expat

from mockcloud.codecs import form_body
from mockcloud.traffic.verdict import Excerpt

SHOWN: Final = 110
"""Characters of a line that are shown around a value."""

BEFORE: Final = 40
"""Characters of a cut line that are shown before it."""


class Span(NamedTuple):
    """The characters of a value: its first, and the one behind its last."""

    start: int
    end: int


def in_json(text: str, where: str) -> Span | None:
    """The value at a pointer; for a member that is missing the brace that opens its object."""
    decoder, blank = json.JSONDecoder(), re.compile(r"[\s,:]*")
    start = _past(blank, text, 0)
    for step in where.split("/")[1:]:
        place = _members(decoder, blank, text, start).get(step)
        if place is None:
            return Span(start, start + 1)
        start = place
    return Span(start, decoder.raw_decode(text, start)[1])


def _members(decoder: json.JSONDecoder, blank: re.Pattern[str], text: str, start: int) -> dict[str, int]:
    """Where the members of an object or the elements of a list begin, by name or number."""
    found: dict[str, int] = {}
    opening, at = text[start], _past(blank, text, start + 1)
    while opening in "{[" and text[at] not in "}]":
        name: object = len(found)
        if opening == "{":
            name, at = decoder.raw_decode(text, at)
            at = _past(blank, text, at)
        found[str(name)] = at
        at = _past(blank, text, decoder.raw_decode(text, at)[1])
    return found


def _past(blank: re.Pattern[str], text: str, at: int) -> int:
    match = blank.match(text, at)
    return match.end() if match else at


def in_xml(text: str, where: str) -> Span | None:
    """The text of the element at a path below the root, or its start tag where it holds elements or nothing; for an element
    that is missing the start tag of the one that should hold it."""
    body = text.encode("utf-8", "surrogatepass")
    spans = dict(_Elements(body).spans())
    path = where.replace("[1]", "")
    while path not in spans:
        path = path.rpartition("/")[0]
    return Span(*(len(body[:at].decode("utf-8", "replace")) for at in spans[path]))


@dataclass(slots=True)
class _Node:
    name: str
    start: int
    closed: int = 0
    text: bool = False
    children: list[_Node] = field(default_factory=list)

    @property
    def holds(self) -> bool:
        return self.text or any(child.holds for child in self.children)


class _Elements:
    """The elements of a document with their places in its bytes."""

    def __init__(self, body: bytes) -> None:
        self._body = body
        self._open = [_Node("", 0)]
        self._parser = expat.ParserCreate()
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = self._text
        self._parser.Parse(body, True)

    def _start(self, name: str, attributes: Mapping[str, str]) -> None:
        node = _Node(name, self._parser.CurrentByteIndex)
        self._open[-1].children.append(node)
        self._open.append(node)

    def _text(self, text: str) -> None:
        self._open[-1].text |= bool(text.strip())

    def _end(self, name: str) -> None:
        self._open.pop().closed = self._parser.CurrentByteIndex

    def spans(self) -> Iterator[tuple[str, Span]]:
        """Each element's path below the root with what shows it. The first of several has no number."""
        yield from self._spans(self._open[0].children[0], "")

    def _spans(self, node: _Node, path: str) -> Iterator[tuple[str, Span]]:
        opened = self._body.index(b">", node.start) + 1
        # What holds elements is shown by its tag, and an empty element's tag is its end as well.
        yield path, Span(node.start, opened) if node.children or node.closed <= opened else Span(opened, node.closed)
        seen = Counter[str]()
        # Empty ones are as good as absent, and are not counted.
        for child in sorted(node.children, key=lambda child: not child.holds):
            seen[child.name] += 1
            number = f"[{seen[child.name]}]" if seen[child.name] > 1 else ""
            yield from self._spans(child, f"{path}/{child.name}{number}")


def in_form(text: str, where: str) -> Span | None:
    """The value of a parameter; None where there is no such parameter."""
    at, found = 0, None
    for part in text.split("&"):
        name, sign, value = part.partition("=")
        if _names(name, where[1:]):
            # The last one counts, as the readers have it.
            found = Span(at + len(name) + len(sign), at + len(part)) if value else Span(at, at + len(part))
        at += len(part) + 1
    return found


def _names(written: str, name: str) -> bool:
    return any(given == name for given, _ in form_body.pairs(written))


FINDERS: Final[Mapping[str, Callable[[str, str], Span | None]]] = {"json": in_json, "xml": in_xml, "form": in_form}
"""By the language of the text."""


def excerpt(text: str, span: Span) -> Excerpt:
    """The line of a value, cut around it, and where in what is left the value stands."""
    start = text.rfind("\n", 0, span.start) + 1
    end = text.find("\n", span.start)
    line = text[start : len(text) if end < 0 else end].rstrip("\r")
    column, width = span.start - start, min(span.end, start + len(line)) - span.start
    if len(line) <= SHOWN:
        return Excerpt(line, column, max(width, 1))
    left = max(0, min(column - BEFORE, len(line) - SHOWN))
    shown = line[left : left + SHOWN]
    return Excerpt(shown, column - left, max(1, min(width, len(shown) - column + left)))
