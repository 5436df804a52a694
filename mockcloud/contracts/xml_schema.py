"""An XSD of our closed vocabulary: its rules, its defaults, and the two validators that must agree.

xmlschema (XSD 1.1) is the oracle and explains. lxml, where installed, says "valid" faster: it sees the
1.0 part and evaluates the asserts as XPath 1.0. Law: a document is judged after `settle`, which removes
empty and unknown nodes and puts the others in the schema's order.
"""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections import Counter
from collections.abc import Callable, Iterator
from functools import cached_property
from pathlib import Path
from typing import Any

from mockcloud.codecs import xml_body
from mockcloud.codecs.xml_body import Element
from mockcloud.contracts import rules, xsd_reader
from mockcloud.contracts.rules import Rule
from mockcloud.contracts.xsd_reader import UNBOUNDED, Node
from mockcloud.errors import ContractError
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


_SPELLINGS = {"integer": re.compile(r"[+-]?[0-9]+"), "decimal": re.compile(r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)")}
"""How XSD spells the numbers of its base types."""


SHAPES = 256
"""How many shapes of one element's content are remembered."""


class XmlSchema:
    """One XSD, read for one side of one operation. Implements `rules.Schema`; messages are element trees."""

    def __init__(self, path: Path, owner: tuple[str, str]) -> None:
        self.root, self._source = xsd_reader.read(path)
        self.rules: dict[str, Rule] = {rule.id: rule for rule in _rules(self.root, owner)}
        self._at = {(rule.path, rule.constraint): rule for rule in self.rules.values()}
        self._check("/".join(path.parts[-3:]))

    def _check(self, file: str) -> None:
        """Raise ContractError for what no validator would take: a pattern, a facet's value, an XPath."""
        try:
            from lxml import etree
        except ImportError:
            return
        try:
            _ = self._is_valid
        except (etree.XMLSchemaParseError, etree.XPathError) as problem:
            raise ContractError(file, "", f"does not compile: {problem}") from None

    def settle(self, element: Element) -> Json:
        """Remove empty and unknown nodes and put the others in the schema's order, in place.

        Returns what is left as plain data: text for a leaf, an object for a container, a list for what repeats.
        """
        return _settle(element, self.root)

    def write(self, data: dict[str, Json]) -> bytes:
        """The document of an answer: compact UTF-8, children in the schema's order."""
        return _written(self.root.name, data.get(self.root.name), self.root).encode("utf-8", "replace")

    def sources(self) -> list[str]:
        """Every piece of evidence that the schema names, of elements without a rule too."""
        return list(_sources(self.root))

    def filled(self, message: Json) -> Json:
        """Plain data (not an element) with defaults in the places of absent leaves."""
        return _defaulted(message, self.root)

    def accepts(self, message: Element) -> bool:
        return self._is_valid(message)

    def violations(self, message: Element) -> tuple[Violation, ...]:
        found: list[Violation] = []
        for error in self._oracle.iter_errors(message):
            found.extend(self._explain(error))
        found.extend(self._misspelt(message, self.root, ""))
        return rules.in_order(found, self.rules)

    @cached_property
    def _oracle(self) -> Any:
        import xmlschema

        return xmlschema.XMLSchema11(ET.tostring(self._source, encoding="unicode"), allow="none")

    @cached_property
    def _is_valid(self) -> Callable[[Element], bool]:
        try:
            from lxml import etree
        except ImportError:
            return lambda message: not self.violations(message)
        facets = etree.XMLSchema(etree.fromstring(xsd_reader.plain_dialect(self._source)))
        asserts = etree.XPath(f"boolean({_all_asserts(self.root) or 'true()'})")

        def accepts(message: Element) -> bool:
            return facets(message) and bool(asserts(message))

        return accepts

    def _misspelt(self, element: Element, node: Node, where: str) -> Iterator[Violation]:
        """Numbers that Python reads and XSD does not, such as `0_5` and digits of other scripts: the oracle takes them."""
        spelling = _SPELLINGS.get(node.base)
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

    def _content(self, element: Element, path: str, where: str) -> Iterator[Violation]:
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


def _rules(node: Node, owner: tuple[str, str]) -> Iterator[Rule]:
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
        yield from _rules(child, owner)


def _sources(node: Node) -> Iterator[str]:
    yield from node.evidence
    for facet in node.facets:
        yield from facet.evidence
    for condition in node.asserts:
        yield from condition.evidence
    for child in (node.children or {}).values():
        yield from _sources(child)


def _all_asserts(root: Node) -> str:
    """Every assert of the schema as one expression about the root: calling the evaluator costs more than what it evaluates."""
    return " and ".join(f"not({path}[not({test})])" for path, test in _asserts(root, "."))


def _asserts(node: Node, path: str) -> Iterator[tuple[str, str]]:
    for condition in node.asserts:
        yield path if path != "." else "self::node()", condition.test
    for name, child in (node.children or {}).items():
        yield from _asserts(child, name if path == "." else f"{path}/{name}")


def _node_at(node: Node, path: str) -> Node:
    for step in path.split("/")[1:]:
        node = (node.children or {})[step]
    return node


def _settle(element: Element, node: Node) -> dict[str, Json]:
    data: dict[str, Json] = {}
    order, children = node.order, node.children or {}
    last, sorted_already = -1, True
    for child in list(element):
        name = child.tag
        known = children.get(name)
        value = None if known is None else _text(child) if known.children is None else _settle(child, known)
        # A required container stays though it is empty, so that what it lacks is told, not that it lacks.
        if not value and (value is None or not (known and known.least)):
            element.remove(child)
            continue
        if child.tail and not child.tail.isspace():
            child.tail = None
        data[name] = value if name not in data else _with(data[name], value)
        place = order[name]
        sorted_already = sorted_already and place >= last
        last = place
    if not sorted_already:
        element[:] = sorted(element, key=lambda child: order[child.tag])
    if element.text and not element.text.isspace():
        element.text = None
    return data


def _with(found: Json, another: Json) -> list[Json]:
    return [*found, another] if isinstance(found, list) else [found, another]


def _text(leaf: Element) -> str | None:
    if len(leaf):
        del leaf[:]
    return leaf.text or None


def _written(name: str, data: Json, node: Node | None) -> str:
    # Names are the contract's own, never a request's; what is written is parsed again before it leaves.
    if isinstance(data, dict):
        inside = "".join(
            [
                f"<{child}>{xml_body.escaped(value)}</{child}>"
                if value.__class__ is str and value
                else _member(child, value, known)
                for child, value, known in _ordered(data, node)
            ]
        )
    else:
        inside = "" if data is None else xml_body.escaped(str(data))
    return f"<{name}>{inside}</{name}>" if inside else f"<{name}/>"


def _member(name: str, value: Json, node: Node | None) -> str:
    if isinstance(value, list):
        return "".join([_written(name, item, node) for item in value])
    return _written(name, value, node)


def _ordered(data: dict[str, Json], node: Node | None) -> list[tuple[str, Json, Node | None]]:
    """The members of an object in the schema's order, each with its node; an answer's shapes are few and are remembered."""
    names = tuple(data)
    found = node.shapes.get(names) if node else [(name, None) for name in names]
    if node and found is None:
        children = node.children or {}
        found = [(name, children.get(name)) for name in sorted(names, key=lambda name: node.order.get(name, UNBOUNDED))]
        if len(node.shapes) < SHAPES:
            node.shapes[names] = found
    return [(name, data[name], known) for name, known in found or ()]


def _defaulted(data: Json, node: Node) -> Json:
    if not node.fills:
        return data
    if isinstance(data, list):
        return [_defaulted(item, node) for item in data]
    filled = dict(data)
    for name, child in (node.children or {}).items():
        if name in filled:
            filled[name] = _defaulted(filled[name], child)
        elif child.default is not None:
            filled[name] = child.default
    return filled
