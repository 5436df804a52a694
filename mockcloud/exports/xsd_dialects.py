"""A schema's nodes as XSD, in its two versions: elements within elements, evidence in `xs:appinfo`.

Knows nodes and no file. What each version can say of children in any order, of elements that are not known and of empty ones
is a table of it. Law: what it cannot say, the normal form takes away before.
"""

from __future__ import annotations

import xml.etree.ElementTree as ET
from dataclasses import dataclass
from typing import Final

from mockcloud.contracts.xsd_reader import UNBOUNDED, XS, Assert, Facet, Node

NOTHING: Final = "mockcloud-nothing"
"""The type of an element that is there without a text, which a request may have in the place of none."""


@dataclass(frozen=True, slots=True)
class Dialect:
    """One version of XSD."""

    version: str
    repeats_in_all: bool
    """Whether `xs:all`, in which the order is free, may hold an element more than once."""
    asserts: bool
    open: bool
    """Whether elements that are not known may stand anywhere."""

    def written(self, root: Node, title: str, *, settled: bool) -> bytes:
        """The schema of a root. `settled` says that an empty element counts as one that is absent."""
        ET.register_namespace("xs", XS[1:-1])
        return _Writer(self, settled).schema(root, title)


XSD_10: Final = Dialect("1.0", repeats_in_all=False, asserts=False, open=False)
XSD_11: Final = Dialect("1.1", repeats_in_all=True, asserts=True, open=True)


class _Writer:
    def __init__(self, dialect: Dialect, settled: bool) -> None:
        self.dialect = dialect
        self.settled = settled

    def schema(self, root: Node, title: str) -> bytes:
        made = ET.Element(f"{XS}schema", {"version": self.dialect.version})
        _annotate(made, (), f"{title}, as XSD {self.dialect.version}")
        if self.dialect.open:
            content = ET.SubElement(made, f"{XS}defaultOpenContent", {"mode": "interleave", "appliesToEmpty": "true"})
            ET.SubElement(content, f"{XS}any", {"processContents": "skip", "notQName": "##definedSibling"})
        self.element(made, root)
        if self.settled:
            nothing = ET.SubElement(made, f"{XS}simpleType", {"name": NOTHING})
            ET.SubElement(_restriction(nothing, "string"), f"{XS}maxLength", {"value": "0"})
        ET.indent(made)
        return f'<?xml version="1.0" encoding="utf-8"?>\n{ET.tostring(made, encoding="unicode")}\n'.encode()

    def element(self, owner: ET.Element, node: Node) -> None:
        made = ET.SubElement(owner, f"{XS}element", {"name": node.name, **(_occurs(node) if node.path else {})})
        if node.default is not None and not node.least:
            made.set("default", node.default)
        _annotate(made, node.evidence)
        if node.children is None:
            self.leaf(made, node)
        else:
            self.container(made, node)

    def container(self, owner: ET.Element, node: Node) -> None:
        children = list((node.children or {}).values())
        made = ET.SubElement(owner, f"{XS}complexType")
        free = self.dialect.repeats_in_all or all(child.most <= 1 for child in children)
        group = ET.SubElement(made, f"{XS}{'all' if free else 'sequence'}")
        if self.absent(node):
            group.set("minOccurs", "0")
        for child in children:
            self.element(group, child)
        ET.SubElement(made, f"{XS}anyAttribute", {"processContents": "skip"})
        for condition in node.asserts if self.dialect.asserts else ():
            self.condition(made, condition, unless_empty=self.absent(node))

    def condition(self, owner: ET.Element, condition: Assert, *, unless_empty: bool) -> None:
        test = f"not(*) or ({condition.test})" if unless_empty else condition.test
        made = ET.SubElement(owner, f"{XS}assert", {"test": test})
        _annotate(made, condition.evidence, f"{condition.name}: {condition.says}")

    def leaf(self, owner: ET.Element, node: Node) -> None:
        kind = ET.SubElement(owner, f"{XS}simpleType")
        if self.absent(node) and (node.facets or node.base != "string"):
            union = ET.SubElement(kind, f"{XS}union", {"memberTypes": NOTHING})
            kind = ET.SubElement(union, f"{XS}simpleType")
        restriction = _restriction(kind, node.base)
        _annotate(restriction, tuple(one for facet in node.facets if facet.name == "enumeration" for one in facet.evidence))
        for facet in node.facets:
            _facet(restriction, facet)
        if self.settled and node.least and node.base == "string" and not any(map(_never_empty, node.facets)):
            made = ET.SubElement(restriction, f"{XS}minLength", {"value": "1"})
            _annotate(made, (), "required, and an empty element counts as one that is absent")

    def absent(self, node: Node) -> bool:
        """Whether the element may be there empty and is then as good as absent."""
        return self.settled and not node.least and bool(node.path)


def _restriction(owner: ET.Element, base: str) -> ET.Element:
    return ET.SubElement(owner, f"{XS}restriction", {"base": f"xs:{base}"})


def _never_empty(facet: Facet) -> bool:
    return facet.name == "minLength" or (facet.name == "enumeration" and "" not in facet.demand)


def _occurs(node: Node) -> dict[str, str]:
    least = {} if node.least == 1 else {"minOccurs": str(node.least)}
    most = "unbounded" if node.most >= UNBOUNDED else str(node.most)
    return {**least, **({} if most == "1" else {"maxOccurs": most})}


def _facet(owner: ET.Element, facet: Facet) -> None:
    for value in facet.demand if isinstance(facet.demand, list) else [facet.demand]:
        made = ET.SubElement(owner, f"{XS}{facet.name}", {"value": value})
        if not isinstance(facet.demand, list):
            _annotate(made, facet.evidence)


def _annotate(owner: ET.Element, evidence: tuple[str, ...], says: str = "") -> None:
    if not evidence and not says:
        return
    made = ET.SubElement(owner, f"{XS}annotation")
    for source in evidence:
        ET.SubElement(made, f"{XS}appinfo").text = source
    if says:
        ET.SubElement(made, f"{XS}documentation").text = says
