"""An XSD of our closed vocabulary: its rules, its defaults, and the three validators that must agree.

A message is plain data; what is judged is the document that it is written as, without what a request had empty or
unknown (`settle`), its elements in the schema's order. Our own forms look at the data and are nearly always certain that
the document is valid. Where they are not, lxml decides, where installed. xmlschema (XSD 1.1) is the oracle, and explains.
Law: the faster ones only ever say "valid".
"""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections import Counter
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any

from mockcloud.codecs.xml_body import Element
from mockcloud.contracts import rules
from mockcloud.contracts.rules import Rule
from mockcloud.contracts.xsd import Xsd
from mockcloud.contracts.xsd_reader import UNBOUNDED, Node
from mockcloud.messages import Json, Violation

FACETS = {
    "XsdEnumerationFacets": "enumeration",
    "XsdPatternFacets": "pattern",
    "XsdMinLengthFacet": "minLength",
    "XsdMaxLengthFacet": "maxLength",
    "XsdMinInclusiveFacet": "minInclusive",
    "XsdMaxInclusiveFacet": "maxInclusive",
}
"""The oracle's names for the facets; any other validator of a leaf means that the text is not of its base type."""


SPELLINGS = {"integer": re.compile(r"[+-]?[0-9]+"), "decimal": re.compile(r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)")}
"""How XSD spells the numbers of its base types."""


class XmlSchema:
    """One XSD, read for one side of one operation. Implements `rules.Schema`; messages are what stands below the root."""

    def __init__(self, path: Path, owner: tuple[str, str], xsd: Xsd | None = None) -> None:
        self._xsd = xsd or Xsd(path)
        self.root, self._form = self._xsd.root, self._xsd.form
        self.rules: dict[str, Rule] = {rule.id: rule for rule in rules_of(self.root, owner)}
        self._at = {(rule.path, rule.constraint): rule for rule in self.rules.values()}

    def settle(self, element: Element) -> dict[str, Json]:
        """What stands below a root, as plain data, without empty and unknown nodes.

        Text for a leaf, an object for a container, a list for what repeats.
        """
        return _settled(element, self.root)

    def write(self, data: dict[str, Json]) -> bytes:
        """The document of an answer, an object with one member, the root: compact UTF-8, children in the schema's order."""
        return _encoded(self._form.written(data.get(self.root.name))[0])

    def encode(self, data: dict[str, Json]) -> tuple[bytes, tuple[Violation, ...]]:
        """The document of an answer, and every rule that it breaks."""
        document, certain = self._form.written(data.get(self.root.name))
        body = _encoded(document)
        if certain or self._is_valid(body):
            return body, ()
        return body, self._explained(body)

    def sources(self) -> list[str]:
        """Every piece of evidence that the schema names, of elements without a rule too."""
        return list(_sources(self.root))

    def filled(self, message: Json) -> Json:
        """The message with defaults in the places of absent leaves."""
        return _defaulted(message, self.root)

    def accepts(self, message: Json) -> bool:
        """Whether the message keeps every rule."""
        document, certain = self._form.written(self._plain(message))
        return certain or self._is_valid(_encoded(document))

    def violations(self, message: Json) -> tuple[Violation, ...]:
        """Every rule that the message breaks, by the oracle."""
        return self._explained(_encoded(self._form.written(self._plain(message))[0]))

    def _plain(self, message: Json) -> dict[str, Json]:
        return message if isinstance(message, dict) else self.settle(message)

    def _explained(self, body: bytes) -> tuple[Violation, ...]:
        document = ET.fromstring(body)
        found: list[Violation] = []
        for error in islice(self._oracle.iter_errors(document), rules.TOLD):
            found.extend(self._explain(error))
        found.extend(islice(self._misspelt(document, self.root, ""), rules.TOLD))
        return rules.in_order(found, self.rules)

    @property
    def _oracle(self) -> Any:
        return self._xsd.oracle

    @property
    def _is_valid(self) -> Callable[[bytes], bool]:
        return self._xsd.is_valid or (lambda body: not self._explained(body))

    def _misspelt(self, element: ET.Element, node: Node, where: str) -> Iterator[Violation]:
        """Numbers that Python reads and XSD does not, such as `0_5` and digits of other scripts: the oracle takes them."""
        spelling = SPELLINGS.get(node.base)
        if spelling and not spelling.fullmatch((element.text or "").strip(" \t\r\n")):
            yield self._violation(node.path, "type", where, element.text)
        children = node.children or {}
        counts = Counter(child.tag for child in element)
        seen = Counter[str]()
        for child in element:
            seen[child.tag] += 1
            place = f"{where}/{child.tag}" + (f"[{seen[child.tag]}]" if counts[child.tag] > 1 else "")
            if child.tag in children:
                yield from self._misspelt(child, children[child.tag], place)

    def _explain(self, error: Any) -> Iterator[Violation]:
        where = re.sub(r"^/[^/]+", "", error.path or "")
        path = re.sub(r"\[\d+\]", "", where)
        kind = type(error.validator).__name__
        if kind == "XsdAssert":
            yield self._violation(path, error.validator.id, where, None)
        elif kind == "Xsd11Group":
            yield from self._content(error.elem, path, where)
        else:
            yield self._violation(path, FACETS.get(kind, "type"), where, error.elem.text if error.elem is not None else error.obj)

    def _content(self, element: ET.Element, path: str, where: str) -> Iterator[Violation]:
        """What is missing from an element, and what it has too often: the oracle names only the place."""
        counts: dict[str, int] = {}
        for child in element:
            counts[child.tag] = counts.get(child.tag, 0) + 1
        for name, node in (_node_at(self.root, path).children or {}).items():
            if counts.get(name, 0) < node.least:
                yield self._violation(node.path, "required", f"{where}/{name}", None)
            if counts.get(name, 0) > node.most:
                yield self._violation(node.path, "maxOccurs", f"{where}/{name}", counts[name])

    def _violation(self, path: str, constraint: str, where: str, found: Json) -> Violation:
        rule = self._at[path, constraint]
        return Violation(rule.id, where, found, rule.reason)


def rules_of(node: Node, owner: tuple[str, str]) -> Iterator[Rule]:
    """The rules of a node and of what is below it, for the operation and side that own them."""
    if node.path and node.least:
        yield rules.make(owner, node.path, "required", node.least, node.evidence)
    if node.path and node.most < UNBOUNDED:
        yield rules.make(owner, node.path, "maxOccurs", node.most, node.evidence)
    if node.base not in ("", "string"):
        yield rules.make(owner, node.path, "type", node.base, node.evidence)
    for facet in node.facets:
        yield rules.make(owner, node.path, facet.name, facet.demand, facet.evidence)
    for condition in node.asserts:
        yield rules.make(owner, node.path, condition.name, condition.test, condition.evidence, condition.says)
    for child in (node.children or {}).values():
        yield from rules_of(child, owner)


def _sources(node: Node) -> Iterator[str]:
    yield from node.evidence
    for facet in node.facets:
        yield from facet.evidence
    for condition in node.asserts:
        yield from condition.evidence
    for child in (node.children or {}).values():
        yield from _sources(child)


def _node_at(node: Node, path: str) -> Node:
    for step in path.split("/")[1:]:
        node = (node.children or {})[step]
    return node


def _settled(element: Element, node: Node) -> dict[str, Json]:
    data: dict[str, Json] = {}
    children = node.children or {}
    for child in element:
        name = child.tag
        known = children.get(name)
        if known is None:
            continue
        value: Json = child.text if known.children is None else _settled(child, known)
        # A required container stays though it is empty, so that what it lacks is told, not that it lacks.
        if not value and (known.children is None or not known.least):
            continue
        if name not in data:
            data[name] = value
        elif isinstance(data[name], list):
            data[name].append(value)
        else:
            data[name] = [data[name], value]
    return data


def _encoded(document: str) -> bytes:
    return document.encode("utf-8", "replace")


def _defaulted(data: Json, node: Node) -> Json:
    if not node.fills:
        return data
    if isinstance(data, list):
        return [_defaulted(item, node) for item in data]
    filled = dict(data)
    for name, child in node.fills:
        if name not in filled:
            if child.default is not None:
                filled[name] = child.default
        elif child.fills:
            filled[name] = _defaulted(filled[name], child)
    return filled
