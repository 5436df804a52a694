"""Read an XSD file of our closed vocabulary: a tree of nodes, the rules that stand on them, and the schema in two dialects.

Knows elements, occurrence, facets and asserts. Law: what is not in the vocabulary does not load.
"""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from mockcloud.contracts.vocabulary import XSD_ATTRIBUTES, XSD_BASES, XSD_FACETS
from mockcloud.errors import ContractError, nearest

XS = "{http://www.w3.org/2001/XMLSchema}"
UNBOUNDED = 1_000_000_000
DEEPEST = 32
"""No document of a vendor nests its elements as deep as the codec reads."""


@dataclass(frozen=True, slots=True)
class Facet:
    """One constraint of a leaf: `demand` is the list of an enumeration, else the one value."""

    name: str
    demand: str | list[str]
    evidence: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Assert:
    """A named condition on an element, in XPath."""

    name: str
    test: str
    says: str
    evidence: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Node:
    """One element of the schema. A container has `children`, a leaf has `facets`."""

    name: str
    path: str
    least: int
    most: int
    evidence: tuple[str, ...]
    default: str | None = None
    children: dict[str, Node] | None = None
    base: str = "string"
    facets: tuple[Facet, ...] = ()
    asserts: tuple[Assert, ...] = ()
    fills: tuple[tuple[str, Node], ...] = ()
    """The children that have a default, or below which something has one."""


def read(path: Path) -> tuple[Node, ET.Element]:
    """The root node of the schema, and the schema itself with its includes put in.

    Raises ContractError for what the vocabulary does not hold and for anything without evidence.
    """
    reader = _Reader(path)
    return reader.root(), reader.schema


class _Reader:
    def __init__(self, path: Path) -> None:
        self.file = "/".join(path.parts[-3:])
        self.schema = self._merged(path, ())
        self.types = self._types()

    def _types(self) -> dict[str, ET.Element]:
        types: dict[str, ET.Element] = {}
        for item in self.schema:
            name = item.get("name", "")
            if name and item.tag != f"{XS}element":
                if name in types:
                    raise self.fail(name, f"the type '{name}' stands twice")
                types[name] = item
        return types

    def _merged(self, path: Path, above: tuple[Path, ...]) -> ET.Element:
        if path in above:
            raise self.fail("include", f"'{path.name}' includes itself")
        schema = self._parse(path)
        for include in schema.findall(f"{XS}include"):
            name = include.get("schemaLocation", "")
            if not name or "/" in name or "\\" in name:
                raise self.fail("include", f"'{name}' is not a file of the same folder")
            schema.remove(include)
            schema.extend(list(self._merged(path.parent / name, (*above, path))))
        return schema

    def _parse(self, path: Path) -> ET.Element:
        try:
            schema = ET.parse(path).getroot()
        except FileNotFoundError:
            raise self.fail("", f"the file {path.name} is missing") from None
        except ET.ParseError as problem:
            raise self.fail("", f"{path.name} is not XML: {problem}") from None
        for item in schema.iter():
            self._check(item)
        return schema

    def _check(self, item: ET.Element) -> None:
        name = str(item.tag).removeprefix(XS)
        if name not in XSD_ATTRIBUTES or not str(item.tag).startswith(XS):
            raise self.fail(name, f"unknown construct '{name}'.{nearest(name, XSD_ATTRIBUTES)}")
        if name == "complexType" and len(item.findall(f"{XS}all")) > 1:
            raise self.fail(item.get("name", name), "one xs:all is wanted, found several")
        for attribute in item.attrib:
            if attribute not in XSD_ATTRIBUTES[name]:
                raise self.fail(name, f"'{name}' takes no attribute '{attribute}'.{nearest(attribute, XSD_ATTRIBUTES[name])}")

    def fail(self, at: str, problem: str) -> ContractError:
        return ContractError(self.file, f"/{at}", problem)

    def root(self) -> Node:
        roots = self.schema.findall(f"{XS}element")
        if len(roots) != 1:
            raise self.fail("", f"one root element is wanted, found {len(roots)}")
        return self.node(roots[0], "", top=True)

    def occurs(self, item: ET.Element, path: str) -> tuple[int, int]:
        least, most = item.get("minOccurs", "1"), item.get("maxOccurs", "1")
        if not least.isdecimal() or not (most.isdecimal() or most == "unbounded"):
            raise self.fail(path, f"minOccurs and maxOccurs are numbers, found '{least}' and '{most}'")
        return int(least), UNBOUNDED if most == "unbounded" else int(most)

    def node(self, item: ET.Element, above: str, *, top: bool = False) -> Node:
        name = item.get("name", "")
        if above.count("/") > DEEPEST:
            raise self.fail(above, "a type stands within itself, or too deep")
        path = "" if top else f"{above}/{name}"
        evidence = self.evidence(item, path)
        occurs = self.occurs(item, path)
        kind = self.kind(item, path)
        if kind is None:
            return Node(name, path, *occurs, evidence, item.get("default"))
        if kind.tag == f"{XS}complexType":
            return self.container(name, path, occurs, evidence, kind)
        return self.leaf(name, path, occurs, evidence, item.get("default"), kind)

    def kind(self, item: ET.Element, path: str) -> ET.Element | None:
        inline = item.find(f"{XS}complexType")
        inline = inline if inline is not None else item.find(f"{XS}simpleType")
        named = item.get("type")
        if inline is not None or named in (None, "xs:string"):
            return inline
        if named not in self.types:
            raise self.fail(path, f"unknown type '{named}'.{nearest(str(named), self.types)}")
        return self.types[named]

    def container(self, name: str, path: str, occurs: tuple[int, int], evidence: tuple[str, ...], kind: ET.Element) -> Node:
        children = {}
        for child in kind.iterfind(f"{XS}all/{XS}element"):
            node = self.node(child, path)
            children[node.name] = node
        asserts = tuple(self.condition(item, path, evidence) for item in kind.iterfind(f"{XS}assert"))
        fills = tuple((key, child) for key, child in children.items() if child.fills or child.default is not None)
        return Node(name, path, *occurs, evidence, None, children, "", (), asserts, fills)

    def condition(self, item: ET.Element, path: str, evidence: tuple[str, ...]) -> Assert:
        name = item.get("id")
        says = item.findtext(f"{XS}annotation/{XS}documentation", "").strip()
        if not name or not says:
            raise self.fail(path, "an assert needs an 'id', the rule's name, and an xs:documentation, its reason")
        own = _appinfo(item)
        return Assert(name, item.get("test", ""), says, own or evidence)

    def leaf(
        self, name: str, path: str, occurs: tuple[int, int], evidence: tuple[str, ...], default: str | None, kind: ET.Element
    ) -> Node:
        restriction = kind.find(f"{XS}restriction")
        base = "" if restriction is None else restriction.get("base", "").removeprefix("xs:")
        if restriction is None or base not in XSD_BASES:
            raise self.fail(path, f"a leaf restricts one of {', '.join(sorted(XSD_BASES))}, found '{base}'")
        facets = tuple(self.facets(restriction, _appinfo(kind) or evidence))
        return Node(name, path, *occurs, evidence, default, None, base, facets)

    def facets(self, restriction: ET.Element, evidence: tuple[str, ...]) -> Iterator[Facet]:
        listed = [item for item in restriction if item.tag == f"{XS}enumeration"]
        if listed:
            sources = tuple(dict.fromkeys(source for item in listed for source in _appinfo(item))) or evidence
            yield Facet("enumeration", [item.get("value", "") for item in listed], sources)
        for item in restriction:
            name = str(item.tag).removeprefix(XS)
            if name in XSD_FACETS and name != "enumeration":
                yield Facet(name, item.get("value", ""), _appinfo(item) or evidence)

    def evidence(self, item: ET.Element, path: str) -> tuple[str, ...]:
        found = _appinfo(item)
        if not found:
            raise self.fail(path, "has no evidence; add xs:annotation/xs:appinfo")
        return found


def _appinfo(item: ET.Element) -> tuple[str, ...]:
    return tuple(" ".join((info.text or "").split()) for info in item.iterfind(f"{XS}annotation/{XS}appinfo"))


def plain_dialect(schema: ET.Element) -> bytes:
    """The schema in XSD 1.0, for a validator that sees children in the schema's order: `all` as `sequence`, no asserts."""
    plain = ET.fromstring(ET.tostring(schema))
    for owner in plain.iter(f"{XS}complexType"):
        for condition in owner.findall(f"{XS}assert"):
            owner.remove(condition)
    for group in plain.iter(f"{XS}all"):
        group.tag = f"{XS}sequence"
    return ET.tostring(plain)
