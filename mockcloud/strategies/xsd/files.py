"""The files of an XSD: the document and what it includes, as components that can be found by name.

Knows names, prefixes and which constructs there are. Law: what is not in the table of constructs is refused, with the file, the
construct and what to do; nothing is silently left out.
"""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Iterator
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import Final, NamedTuple

from mockcloud.errors import UsageError

XS: Final = "{http://www.w3.org/2001/XMLSchema}"

KNOWN: Final = frozenset(
    {
        *("schema", "include", "import", "annotation", "element", "complexType", "simpleType", "attribute"),
        *("sequence", "choice", "all", "group", "attributeGroup", "any", "anyAttribute"),
        *("simpleContent", "complexContent", "restriction", "extension", "union", "assert"),
        *("enumeration", "pattern", "length", "minLength", "maxLength", "whiteSpace", "totalDigits", "fractionDigits"),
        *("minInclusive", "maxInclusive", "minExclusive", "maxExclusive"),
    }
)
"""Constructs that are read."""

OUTSIDE: Final = {
    "key": "take it out, or check the documents by it yourself",
    "keyref": "take it out, or check the documents by it yourself",
    "unique": "take it out, or check the documents by it yourself",
    "list": "write the list's texts as a pattern",
    "alternative": "give the element one type",
    "assertion": "write it as a pattern or as bounds",
    "redefine": "include the file and change the types in a copy",
    "override": "include the file and change the types in a copy",
    "notation": "take it out",
    "openContent": "name the elements that may be there",
    "defaultOpenContent": "name the elements that may be there",
}
"""Constructs that are not read, each with what to do."""

NAMED: Final = {
    "element": "element",
    "complexType": "type",
    "simpleType": "type",
    "group": "group",
    "attributeGroup": "attribute group",
    "attribute": "attribute",
}
"""What a global component is found as."""


class Home(NamedTuple):
    """Where a component was written: what its names mean, and whether local ones are qualified."""

    file: str
    target: str
    elements_qualified: bool
    attributes_qualified: bool
    prefixes: tuple[tuple[str, str], ...]


class Component(NamedTuple):
    """A construct with where it was written."""

    item: ET.Element
    home: Home

    def kind(self) -> str:
        """What construct it is."""
        return str(self.item.tag).removeprefix(XS)

    def get(self, name: str, default: str = "") -> str:
        """An attribute, its blanks collapsed."""
        return " ".join(self.item.get(name, default).split())

    def below(self) -> Iterator[Component]:
        """The constructs in it, without annotations."""
        return (Component(one, self.home) for one in self.item if one.tag != f"{XS}annotation")

    def first(self, *kinds: str) -> Component | None:
        """The first construct in it of some kinds."""
        return next((one for one in self.below() if one.kind() in kinds), None)

    def outside(self, what: str, instead: str) -> UsageError:
        """The error for what is not read here."""
        name = self.get("name") or self.get("ref")
        at = f"xs:{self.kind()}" + (f" '{name}'" if name else "")
        return UsageError(f"{self.home.file}: {what} ({at}) is outside what strategies are made of; {instead}")

    def resolved(self, name: str) -> tuple[bool, str]:
        """What a qualified name means: whether it is one of XSD's own, and the name without its prefix."""
        prefix, _, local = name.rpartition(":")
        space = dict(self.home.prefixes).get(prefix, "")
        if space == XS[1:-1]:
            return True, local
        if space not in ("", self.home.target):
            raise self.outside(f"a name of another namespace, '{name}'", "declare it in this schema's namespace")
        return False, local


@dataclass(frozen=True, slots=True)
class Schema:
    """Every global component, by what it is found as and its name."""

    file: str
    target: str
    components: dict[tuple[str, str], Component] = field(default_factory=dict)

    def find(self, what: str, name: str, asked: Component) -> Component:
        """A global component. Raises UsageError where there is none."""
        found = self.components.get((what, name))
        if found is None:
            raise UsageError(f"{asked.home.file}: there is no {what} '{name}', which xs:{asked.kind()} names")
        return found

    def meant(self, reference: Component) -> Component:
        """The global component that a reference names. Raises UsageError where there is none."""
        return self.find(NAMED[reference.kind()], reference.resolved(reference.get("ref"))[1], reference)


def schema_of(path: Path) -> Schema:
    """The schema at a path, with what it includes. Raises UsageError for what is not read."""
    top = _opened(path, None)
    schema = Schema(path.name, top.home.target)
    _take(schema, path, top, [])
    return schema


def _take(schema: Schema, path: Path, top: Component, above: list[Path]) -> None:
    for one in top.below():
        if one.kind() == "include":
            below = (path.parent / one.get("schemaLocation")).resolve()
            if below not in above:
                above.append(below)
                _take(schema, below, _opened(below, top), above)
        elif one.kind() in NAMED:
            schema.components.setdefault((NAMED[one.kind()], one.get("name")), one)


def _opened(path: Path, includer: Component | None) -> Component:
    """The root of a file, every construct of which is known."""
    try:
        body = path.read_bytes()
    except OSError as problem:
        raise UsageError(f"{path}: the schema cannot be read: {problem.strerror}") from None
    if b"<!DOCTYPE" in body or b"<!ENTITY" in body:
        raise UsageError(f"{path.name}: a document type declaration is not read; take it out")
    root, prefixes = _parsed(path.name, body)
    if root.tag != f"{XS}schema":
        raise UsageError(f"{path.name}: an xs:schema is wanted as the root, found '{root.tag}'")
    target = root.get("targetNamespace") or (includer.home.target if includer else "")
    # What is included without a namespace of its own takes the includer's.
    spaces = {**prefixes, "": target} if "targetNamespace" not in root.attrib and "" not in prefixes else prefixes
    elements, attributes = (root.get(name) == "qualified" for name in ("elementFormDefault", "attributeFormDefault"))
    top = Component(root, Home(path.name, target, elements, attributes, tuple(spaces.items())))
    _check(top)
    return top


def _parsed(file: str, body: bytes) -> tuple[ET.Element, dict[str, str]]:
    prefixes: dict[str, str] = {}
    root: ET.Element | None = None
    try:
        for event, found in ET.iterparse(BytesIO(body), ("start-ns", "start")):
            if event == "start":
                root = root if root is not None else found
            elif prefixes.setdefault(*found) != found[1]:
                raise UsageError(f"{file}: the prefix '{found[0]}' means two namespaces; give each one of its own")
    except UsageError:
        raise
    except (ET.ParseError, LookupError, ValueError) as problem:
        # What is no encoding, and one of several bytes, are not parse errors to expat's reader.
        raise UsageError(f"{file}: not XML: {problem}") from None
    assert root is not None  # noqa: S101  # a document without a root is no XML
    return root, prefixes


def _check(component: Component) -> None:
    for one in component.below():
        kind = one.kind()
        if kind not in KNOWN:
            raise one.outside("this construct", OUTSIDE.get(kind, "take it out"))
        if kind in ("element", "attribute") and not (one.get("name") or one.get("ref")):
            raise one.outside("a construct without a name", "give it a 'name' or a 'ref'")
        _check(one)
