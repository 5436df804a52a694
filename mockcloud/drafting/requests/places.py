"""The places that a schema knows in a message, and what can stand in them.

Knows both languages of schemas. Law: places above come before those below, in the schema's order.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from mockcloud.contracts.model import Schema
from mockcloud.contracts.xml_schema import XmlSchema
from mockcloud.contracts.xsd_reader import Node
from mockcloud.drafting.requests.drafts import Change, Times
from mockcloud.messages import Json
from mockcloud.reports import xml_examples
from mockcloud.reports.json_values import applying, sample

Place = tuple[str, Iterable[Change]]
"""A pointer, and the changes that put something there, the likeliest first."""

LETTERS: Final = "é中文字ß😀e\u0301Ａ"
"""Letters of which each is another, or none, to somebody who takes one encoding or one normal form for another."""


def members(schema: Schema) -> Iterator[Place]:
    """Every member that the schema knows."""
    if isinstance(schema, XmlSchema):
        yield from ((at, ways(node, at)) for at, node in _nodes(schema.root, ""))
        return
    for at in _paths(schema.tree, ""):
        here = applying(schema.tree, at)
        values = [sample({"allOf": here}), *(value for one in here for value in one.get("enum", ()))]
        yield at, [[(at, value)] for value in values]


def repeatable(schema: Schema) -> Iterator[Place]:
    """Every member that may be there more than once, with what puts it there twice."""
    if isinstance(schema, XmlSchema):
        nodes = ((at, node) for at, node in _nodes(schema.root, "") if node.most > 1)
        yield from ((at, ([*way, (at, Times(2))] for way in ways(node, at))) for at, node in nodes)
        return
    for at in _paths(schema.tree, ""):
        items = [one["items"] for one in applying(schema.tree, at) if "items" in one]
        if items:
            yield at, [[(at, [sample({"allOf": items})] * 2)]]


def ways(node: Node, path: str) -> Iterator[list[tuple[str, Json]]]:
    """How an element can be there, the smallest way first, then with each text that it may have."""
    yield list(_there(node, path))
    for facet in node.facets:
        yield from ([(path, text)] for text in facet.demand if facet.name == "enumeration" and text)


def _there(node: Node, path: str) -> Iterator[tuple[str, Json]]:
    """What makes an element be there with all that it must have. A text is what an element is there by."""
    needed = [child for child in (node.children or {}).values() if child.least]
    for child in needed:
        yield from _there(child, f"{path}/{child.name}")
    if not needed:
        part = xml_examples.part(path, node, "")
        yield part["at"], part["value"]


def _paths(tree: Json, above: str) -> Iterator[str]:
    here = applying(tree, above)
    if any("items" in one for one in here):
        yield from _paths(tree, f"{above}/*")
    for name in dict.fromkeys(name for one in here for name in one.get("properties", ())):
        at = f"{above}/{name}"
        # An answer says more of what a request may not have.
        if not all(one.get("readOnly") for one in applying(tree, at)):
            yield at
            yield from _paths(tree, at)


def _nodes(node: Node, above: str) -> Iterator[tuple[str, Node]]:
    for child in (node.children or {}).values():
        at = f"{above}/{child.name}"
        yield at, child
        yield from _nodes(child, at)
