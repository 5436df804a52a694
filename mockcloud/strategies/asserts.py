"""Asserts of a kind: whether an element keeps them, and what to put into it where it does not.

Knows the paths that an assert speaks of, and tries their combinations; how often something stands it does not vary. Law: a row
of the table keeps every assert of its kind, and every assert of what stands on a path that it names.
"""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from functools import cached_property
from math import gcd, prod
from typing import Final

from mockcloud.contracts import xml_asserts
from mockcloud.contracts.xsd_reader import Node
from mockcloud.messages import Json
from mockcloud.strategies.facets import keeping, texts
from mockcloud.strategies.grammar import UNBOUNDED, Element, Grammar, Kind, elements_of

TRIES: Final = 4_000
"""Combinations that are tried."""

ROWS: Final = 400
"""Rows that are kept, spread over all that were found."""

EACH: Final = 6
"""Rows from which one is drawn that have the same text in a place."""

DEEPEST: Final = 4
"""How deep paths go."""

_NAME: Final = r"@?[A-Za-z_][\w.-]*"
_PATH: Final = re.compile(rf"{_NAME}(?:/{_NAME})*(?![\w(.:-]|\s*\()")
_QUOTED: Final = re.compile(r"'([^']*)'|\"([^\"]*)\"")
_NUMBER: Final = re.compile(r"(?<![\w.])[0-9]{1,4}(?![\w.])")

Row = Mapping[str, str | None]
"""For each path the text that stands there, empty for an element that has others; None for nothing."""

Holds = Callable[[str, str, ET.Element], bool]
"""Whether an element of a kind keeps a test, by a validator."""


class Asserts:
    """The asserts of one kind. `judge` is asked where the quick reading does not know a test."""

    def __init__(self, grammar: Grammar, name: str, judge: Holds) -> None:
        self.grammar, self.name, self.judge = grammar, name, judge
        self.kind = grammar.kinds[name]
        node = _node(grammar, name, 0)
        self.tests = [(test, xml_asserts.compiled(test, node)) for test in self.kind.asserts]

    def hold(self, element: ET.Element) -> bool:
        """Whether an element keeps all of them."""
        return not self.broken(element)

    def broken(self, element: ET.Element) -> frozenset[str]:
        """The tests that an element does not keep."""
        members = plain(element)
        kept = (test for test, one in self.tests if (one.test(members) if one.asks else self.judge(self.name, test, element)))
        return frozenset(self.kind.asserts) - frozenset(kept)

    @cached_property
    def rows(self) -> list[Row]:
        """Combinations of what the asserts speak of that keep them, those with least in them first."""
        return _smallest([row for row, broken in self._told if not broken])

    def rows_for(self, element: ET.Element) -> list[Row]:
        """Rows that take nothing out which is there, where there are such: every text of theirs comes about as often."""
        present = frozenset(path for path in self._paths if _is_there(element, path))
        if present not in self._chosen:
            kept = [row for row in self.rows if all(row[path] is not None for path in present)]
            self._chosen[present] = _balanced(kept or self.rows)
        return self._chosen[present]

    @cached_property
    def _paths(self) -> list[str]:
        return list(self.spoken())

    @cached_property
    def _chosen(self) -> dict[frozenset[str], list[Row]]:
        return {}

    def breaking(self, test: str) -> list[Row]:
        """Combinations that break this assert and no other, those with least in them first."""
        return _smallest([row for row, broken in self._told if broken == {test}])

    @cached_property
    def _told(self) -> list[tuple[Row, frozenset[str]]]:
        """Combinations of what the asserts speak of, each with the tests that it breaks. Those further down hold."""
        rows = [(row, _built(row)) for row in _combinations(self.spoken())]
        return [(row, self.broken(made)) for row, made in rows if made is not None and self._below_holds(made, self.name)]

    def spoken(self, around: frozenset[str] = frozenset()) -> dict[str, list[str | None]]:
        """The paths that asserts name, each with what is worth trying there: also those of asserts further down the paths.

        `around` are kinds of which this is asked already.
        """
        found: dict[str, list[str | None]] = {}
        for test, one in self.tests:
            for path in paths(test):
                likely = _after(path, test) if one.asks else _all(test)
                self._speak(found, path, likely, around | {self.name})
        return found

    def _speak(self, found: dict[str, list[str | None]], path: str, likely: list[str], around: frozenset[str]) -> None:
        here, at, optional = self.kind, "", False
        steps = path.split("/")
        for number, step in enumerate(steps, 1):
            below = self._below(here, step)
            if below is None:
                return
            here, name, least = below
            at, optional = f"{at}/{step}".removeprefix("/"), optional or not least
            if here.asserts and number < len(steps) and name not in around:
                for inner, tried in self._inner(name).spoken(around).items():
                    _add(found, f"{at}/{inner}", [None, *tried] if optional else tried)
        tried = _likely(here, likely)
        _add(found, at, [None, *tried] if optional else tried)

    def _below(self, kind: Kind, step: str) -> tuple[Kind, str, int] | None:
        """What a step leads to from a kind, by what name, and how often it must be there."""
        if step.startswith("@"):
            found = next((one for one in kind.attributes if one.name == step[1:]), None)
            return None if found is None else (_fixed(Kind(found.text), found.fixed), "", int(found.required))
        part = elements_of(kind.content).get(step)
        if part is None or not isinstance(part.item, Element):
            return None
        return _fixed(self.grammar.kinds[part.item.kind], part.item.fixed), part.item.kind, part.least

    def _below_holds(self, made: ET.Element, name: str) -> bool:
        for step, part in elements_of(self.grammar.kinds[name].content).items():
            below = made.find(step)
            if below is not None and len(below) and isinstance(part.item, Element):
                inner = part.item.kind
                if self.grammar.kinds[inner].asserts and not self._inner(inner).hold(below):
                    return False
                if not self._below_holds(below, inner):
                    return False
        return True

    def _inner(self, name: str) -> Asserts:
        if name not in self._inners:
            self._inners[name] = Asserts(self.grammar, name, self.judge)
        return self._inners[name]

    @cached_property
    def _inners(self) -> dict[str, Asserts]:
        return {}


def paths(test: str) -> list[str]:
    """The paths that a test seems to name."""
    return list(dict.fromkeys(_PATH.findall(_QUOTED.sub("''", test))))


def plain(element: ET.Element) -> Json:
    """An element as plain data: its text, or its children by name, a list where several have one name."""
    if not len(element):
        return element.text or ""
    found: dict[str, Json] = {}
    for child in element:
        value, name = plain(child), child.tag
        if name not in found:
            found[name] = value
        elif isinstance(found[name], list):
            found[name].append(value)
        else:
            found[name] = [found[name], value]
    return found


def _combinations(spoken: Mapping[str, list[str | None]]) -> Iterator[Row]:
    """All combinations, or `TRIES` of them that are spread evenly."""
    total = prod(map(len, spoken.values()))
    step = max(1, total // TRIES)
    while gcd(step, total) > 1:
        step += 1
    for number in range(0, total, step) if total > TRIES else range(total):
        row, rest = {}, number
        for path, tried in spoken.items():
            rest, at = divmod(rest, len(tried))
            row[path] = tried[at]
        yield row


def _smallest(rows: list[Row]) -> list[Row]:
    """The rows with least in them first; of many, some that are spread over all."""
    rows.sort(key=lambda row: sum(1 + len(text) for text in row.values() if text is not None))
    return rows[:: max(1, len(rows) // ROWS)]


def _balanced(rows: list[Row]) -> list[Row]:
    """The first row, and for each text of each path some rows that have it: a text that few rows have is not rare then."""
    having: dict[tuple[str, str | None], list[Row]] = {}
    for row in rows:
        for cell in row.items():
            having.setdefault(cell, []).append(row)
    return [*rows[:1], *(row for found in having.values() for row in found[:: -(-len(found) // EACH)])]


def _is_there(element: ET.Element, path: str) -> bool:
    above, _, last = path.rpartition("/")
    owner = element.find(above) if above else element
    if owner is None:
        return False
    return last[1:] in owner.attrib if last.startswith("@") else owner.find(last) is not None


def _fixed(kind: Kind, text: str | None) -> Kind:
    """A kind, with this as its only text unless it is None."""
    return kind if text is None or kind.text is None else replace(kind, text=replace(kind.text, listed=(text,)))


def _add(found: dict[str, list[str | None]], at: str, tried: list[str | None]) -> None:
    found[at] = list(dict.fromkeys([*found.get(at, ()), *tried]))


def _after(path: str, test: str) -> list[str]:
    """The texts to which a test compares what is at a path."""
    compared = re.findall(rf"(?<![\w./@-]){re.escape(path)}\s*!?=\s*(?:'([^']*)'|\"([^\"]*)\")", test)
    return [one or two for one, two in compared]


def _all(test: str) -> list[str]:
    """Every text and number of a test, and what is near them."""
    quoted = [one or two for one, two in _QUOTED.findall(test)]
    numbers = [int(number) + step for number in _NUMBER.findall(_QUOTED.sub("", test)) for step in (0, -1, 1)]
    return [*quoted, *map(str, numbers), *("x" * number for number in numbers if "string-length" in test)]


def _likely(kind: Kind, named: list[str]) -> list[str | None]:
    """Texts that a test may tell apart, and some that it does not name. What has no text is told by being there."""
    if kind.text is None:
        return [""]
    if kind.text.listed:
        return list(texts(kind.text).notable)
    keeps = keeping(kind.text)
    fitting = [text for text in named if text and keeps(text)]
    others = [text for text in texts(kind.text).notable if text and text not in fitting]
    return list(dict.fromkeys([*others[: 1 if kind.text.base == "string" else 3], *fitting]))


def _built(row: Row) -> ET.Element | None:
    """An element with what a row says; None where something would stand in what is not there."""
    made = ET.Element("made")
    absent = tuple(f"{path}/" for path, text in row.items() if text is None)
    for path, text in row.items():
        if text is not None:
            if path.startswith(absent):
                return None
            _put(made, path, text)
    return made


def _put(made: ET.Element, path: str, text: str) -> None:
    owner = made
    *steps, last = path.split("/")
    for step in steps:
        below = owner.find(step)
        owner = below if below is not None else ET.SubElement(owner, step)
    if last.startswith("@"):
        owner.set(last[1:], text)
    elif text or owner.find(last) is None:
        ET.SubElement(owner, last).text = text or None


def _node(grammar: Grammar, name: str, depth: int) -> Node:
    """The kind as the quick reading of asserts knows it, as deep as paths go."""
    kind = grammar.kinds[name]
    if kind.content is None or depth > DEEPEST:
        base = kind.text.base if kind.text and not kind.text.members and not kind.attributes else ""
        return Node("", "", 0, UNBOUNDED, (), base=base)
    items = {step: part.item for step, part in elements_of(kind.content).items()}
    below = {step: _node(grammar, item.kind, depth + 1) for step, item in items.items() if isinstance(item, Element)}
    return Node("", "", 0, UNBOUNDED, (), children=below, base="")
