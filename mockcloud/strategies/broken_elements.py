"""Documents of our own XSDs that break one rule and no other.

Knows every constraint of the vocabulary. Law: the labelled rule is broken on the wire, in one place, and what else an assert
would say about that is mended.
"""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Callable
from copy import deepcopy
from typing import Final, NamedTuple

from hypothesis import reject
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from mockcloud.contracts.rules import Rule
from mockcloud.contracts.xml_schema import XmlSchema
from mockcloud.contracts.xsd_reader import Node
from mockcloud.errors import UsageError
from mockcloud.reports.xml_examples import node_at
from mockcloud.strategies import spoiling
from mockcloud.strategies.asserts import Row
from mockcloud.strategies.elements import elements, simple, trees
from mockcloud.strategies.trees import PLAIN, Drawing

EXTRA: Final = (1, 2, 5)
"""How many elements there are too many."""


class Place(NamedTuple):
    """An element of a document on the way to what is broken, with the path of its node."""

    element: ET.Element
    path: str


Break = Callable[["_Breaking", list[Place]], Row]
"""Breaks a rule in the last of these places, and says what must stay so: paths below it, each with its text."""


def broken_elements(schema: XmlSchema, rule: Rule) -> SearchStrategy[ET.Element]:
    """Documents that break the rule and no other, made from valid ones. Raises UsageError where no document does."""
    stated = {one.name: one.test for one in node_at(schema.root, rule.path).asserts}
    test = stated.get(rule.constraint, "")
    make = _of_assert(schema, rule, test) if test else BREAKERS[rule.constraint](schema, rule)
    at = rule.path if test else rule.path.rpartition("/")[0]
    valid = elements(schema, empties=False)

    @st.composite
    def broken(draw: st.DrawFn) -> ET.Element:
        root = draw(valid)
        _bare(root, schema.root)
        breaking = _Breaking(schema, draw)
        places = breaking.way(root, at)
        fixed = make(breaking, places)
        if not breaking.mended(places, fixed, test):
            reject()
        return root

    return broken()


def _bare(owner: ET.Element, node: Node) -> None:
    """Take out the texts below an element that are empty: they count as none, and a test would take them for some."""
    for one in list(owner):
        below = (node.children or {}).get(one.tag)
        if below is not None and below.children is not None:
            _bare(one, below)
        elif not one.text:
            owner.remove(one)


class _Breaking:
    """One document that is being broken."""

    def __init__(self, schema: XmlSchema, draw: st.DrawFn) -> None:
        self.draw = draw
        self.trees = trees(schema)
        self.mender = Drawing(self.trees, draw, PLAIN).mender

    def way(self, root: ET.Element, path: str) -> list[Place]:
        """The elements from the root to one at a path. What is missing is put in; of several one is drawn."""
        places = [Place(root, "")]
        for step in path.split("/")[1:]:
            owner, above = places[-1]
            there = owner.findall(step) or [self.mender.added(owner, above, step)]
            element = there[0] if len(there) == 1 else self.draw(st.sampled_from(there))
            places.append(Place(element, f"{above}/{step}"))
        return places

    def mended(self, places: list[Place], fixed: Row, spared: str) -> bool:
        """Let the asserts of all places hold but the spared one, innermost first, and leave what is fixed as it is."""
        asserts, kept, below = self.trees.asserts, dict(fixed), ""
        for element, path in reversed(places):
            kept = {f"{below}/{at}" if below else at: text for at, text in kept.items()}
            # All of the element in which something is broken stays, where that is enough.
            ways: list[Row] = [{below: ""}, kept] if below else [kept]
            spare = "" if below else spared
            below = path.rpartition("/")[2]
            wrong = path in asserts and asserts[path].broken(element) - {spare}
            if wrong and not any(self._mended(element, path, way) for way in ways):
                return False
        return all(
            asserts[path].broken(element) == ({spared} if path == places[-1].path and spared else set())
            for element, path in places
            if path in asserts
        )

    def _mended(self, element: ET.Element, path: str, kept: Row) -> bool:
        asserts = self.trees.asserts[path]
        rows = asserts.rows_for(element)
        tried = [self.draw(st.sampled_from(rows)), *rows, *asserts.rows] if rows else []
        return self.mender.mend(element, path, tried, kept)


def _leaf(node: Node) -> str:
    return node.path.rpartition("/")[2]


def _of_text(schema: XmlSchema, rule: Rule) -> Break:
    """Breaks a facet or the type of a leaf."""
    node = node_at(schema.root, rule.path)
    text, name = simple(node), _leaf(node)
    some, others = spoiling.spoilt(text, rule.constraint), spoiling.others(text, rule.constraint)
    if not some:
        raise _impossible(rule, "no text breaks it and nothing else")
    wrong = st.sampled_from(some) if others is None else st.sampled_from(some) | others

    def spoil(breaking: _Breaking, places: list[Place]) -> Row:
        owner, path = places[-1]
        chosen = breaking.way(owner, f"/{name}")[-1].element if owner.find(name) is not None else None
        leaf = breaking.mender.added(owner, path, name) if chosen is None else chosen
        leaf.text = breaking.draw(wrong)
        return {name: leaf.text}

    return spoil


def _of_absence(schema: XmlSchema, rule: Rule) -> Break:
    """Takes out an element that must be there."""
    node = node_at(schema.root, rule.path)
    above = node_at(schema.root, rule.path.rpartition("/")[0])
    name, beside = _leaf(node), [one for one in (above.children or {}) if one != _leaf(node)]
    if not beside and not above.least:
        raise _impossible(rule, "without it nothing is left of what it stands in")

    def leave_out(breaking: _Breaking, places: list[Place]) -> Row:
        owner, path = places[-1]
        for one in owner.findall(name):
            owner.remove(one)
        if beside and not any(len(one) or one.text for one in owner):
            breaking.mender.added(owner, path, breaking.draw(st.sampled_from(beside)))
        return {name: None}

    return leave_out


def _of_number(schema: XmlSchema, rule: Rule) -> Break:
    """Lets an element stand more often than it may."""
    name = rule.path.rpartition("/")[2]
    extra = st.sampled_from(EXTRA)

    def repeat(breaking: _Breaking, places: list[Place]) -> Row:
        owner, path = places[-1]
        there = [one for one in owner.findall(name) if len(one) or one.text] or [breaking.mender.added(owner, path, name)]
        wanted = rule.demand + breaking.draw(extra)
        at = list(owner).index(there[-1]) + 1 if breaking.draw(st.booleans()) else len(owner)
        for _ in range(wanted - len(there)):
            owner.insert(at, deepcopy(there[0]))
        return {name: ""}

    return repeat


def _of_assert(schema: XmlSchema, rule: Rule, test: str) -> Break:
    """Puts in a combination that an assert forbids."""
    node, asserts = node_at(schema.root, rule.path), trees(schema).asserts[rule.path]
    beside = [name for name in node.children or {} if name not in {path.partition("/")[0] for path in asserts.spoken()}]
    stays = bool(beside) or bool(node.least) or not rule.path
    # An element in which nothing is left counts as none.
    rows = [row for row in asserts.breaking(test) if stays or any(text is not None for text in row.values())]
    if not rows:
        raise _impossible(rule, "no combination of what it speaks of breaks it and nothing else")
    wrong = st.sampled_from(rows)

    def combine(breaking: _Breaking, places: list[Place]) -> Row:
        element, path = places[-1]
        row: Row = breaking.draw(wrong)
        breaking.mender.put_row(element, path, row, frozenset([test]))
        if not len(element) and beside:
            breaking.mender.added(element, path, breaking.draw(st.sampled_from(beside)))
        # Of a text that was left as it was drawn what matters is that it is there.
        return row

    return combine


def _impossible(rule: Rule, why: str) -> UsageError:
    return UsageError(f"no document breaks '{rule.id}' alone: {why}")


BREAKERS: Final[dict[str, Callable[[XmlSchema, Rule], Break]]] = {
    **dict.fromkeys(spoiling.WITHOUT, _of_text),
    "required": _of_absence,
    "maxOccurs": _of_number,
}
"""For each constraint how it is broken. An assert has a name of its own."""
