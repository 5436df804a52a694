"""Elements of our own XSDs: documents that keep every rule of one.

Knows how we read XML: in any order of children, and what is empty counts as absent. Law: what is drawn keeps every rule on the
wire, whoever judges it.
"""

from __future__ import annotations

import xml.etree.ElementTree as ET
from decimal import Decimal
from functools import cache

from hypothesis.strategies import SearchStrategy

from mockcloud.contracts.xml_schema import XmlSchema
from mockcloud.contracts.xsd_reader import Node
from mockcloud.reports import xml_examples
from mockcloud.strategies.grammar import UNBOUNDED, Element, Grammar, Group, Kind, Part, Simple
from mockcloud.strategies.trees import Trees


def elements(schema: XmlSchema, *, empties: bool = True) -> SearchStrategy[ET.Element]:
    """Documents that keep every rule of the schema: the root, with its children in any order.

    Every optional element is absent and present, a repeatable one there never, once, twice and many times. With `empties`
    texts that are absent sometimes stand there empty, which counts as the same.
    """
    return trees(schema, empties=empties).documents()


@cache
def trees(schema: XmlSchema, *, empties: bool = True) -> Trees:
    """How the schema's documents are drawn."""
    kinds: dict[str, Kind] = {}
    _take(schema.root, kinds)
    grammar = Grammar(Element(schema.root.name, schema.root.path), kinds)
    return Trees(grammar, _holds, hollow_is_absent=True, empties=empties)


def _holds(kind: str, test: str, element: ET.Element) -> bool:
    from elementpath import ElementPathError

    try:
        return xml_examples.holds(test, element)
    except ElementPathError:
        return False  # what cannot be evaluated is not true


def _take(node: Node, kinds: dict[str, Kind]) -> None:
    """The kinds of a node, which goes by its path, and of those below it."""
    tests = tuple(one.test for one in node.asserts)
    if node.children is None:
        kinds[node.path] = Kind(simple(node))
        return
    parts = tuple(Part(Element(one.name, one.path), one.least, one.most) for one in node.children.values())
    kinds[node.path] = Kind(None, Group("all", parts), (), tests)
    for child in node.children.values():
        _take(child, kinds)


def simple(node: Node) -> Simple:
    """The type of a leaf that is there: an empty text would count as none."""
    facets = {facet.name: facet.demand for facet in node.facets}
    number = {name: Decimal(str(facets[name])) if name in facets else None for name in ("minInclusive", "maxInclusive")}
    patterns = [str(facet.demand) for facet in node.facets if facet.name == "pattern"]
    return Simple(
        node.base,
        tuple(text for text in facets.get("enumeration", ()) if text),
        ("|".join(patterns),) if patterns else (),
        max(1, int(str(facets.get("minLength", 1)))),
        int(str(facets.get("maxLength", UNBOUNDED))),
        number["minInclusive"],
        number["maxInclusive"],
    )
