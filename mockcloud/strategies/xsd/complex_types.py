"""What stands in the elements of an XSD: its complex types, groups and attributes, as kinds of a grammar.

Knows derivation, references and occurrence. Law: a kind is read once, so that it may stand within itself.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from mockcloud.strategies.grammar import UNBOUNDED, Attribute, Element, Grammar, Group, Kind, Part, Simple
from mockcloud.strategies.xsd.files import Component, Schema
from mockcloud.strategies.xsd.simple_types import defined, restricted, simple_type

ANYTHING: Final = "xs:anyType"
"""The kind of an element without a type. Any content goes; a text is drawn."""

_GROUPS: Final = ("sequence", "choice", "all", "group")


class Reader:
    """Reads the kinds of a schema, beginning with its elements."""

    def __init__(self, schema: Schema) -> None:
        self.schema = schema
        self.kinds: dict[str, Kind] = {ANYTHING: Kind(Simple(), open=True)}
        self._names: dict[int, str] = {}

    def grammar(self, root: Component) -> Grammar:
        """The documents that have this global element as their root."""
        return Grammar(self.element(root), self.kinds, self.schema.target)

    def element(self, item: Component) -> Element:
        """An element, by its declaration or by a reference to it."""
        if item.get("ref"):
            return self.element(self.schema.meant(item))
        if item.get("abstract") == "true" or item.get("substitutionGroup"):
            raise item.outside("a substitution group", "name the elements in a xs:choice")
        is_global = self.schema.components.get(("element", item.get("name"))) == item
        form = item.get("form") or ("qualified" if item.home.elements_qualified else "unqualified")
        qualified = bool(item.home.target) and (is_global or form == "qualified")
        fixed = item.item.get("fixed")
        return Element(item.get("name"), self.kind(item), fixed, item.get("nillable") == "true", qualified)

    def kind(self, item: Component) -> str:
        """The name of an element's kind, which is read when it is first asked for."""
        inline = item.first("complexType", "simpleType")
        named = item.get("type")
        if named:
            built_in, local = item.resolved(named)
            if built_in:
                return self._text(f"xs:{local}", ANYTHING if local == "anyType" else simple_type(self.schema, item, named))
            return self._defined(self.schema.find("type", local, item), local)
        return ANYTHING if inline is None else self._defined(inline, item.get("name"))

    def _text(self, name: str, text: Simple | str) -> str:
        if isinstance(text, str):
            return text
        self.kinds.setdefault(name, Kind(text))
        return name

    def _defined(self, type: Component, name: str) -> str:
        known = self._names.get(id(type.item))
        if known is not None:
            return known
        while name in self._names.values() or name in self.kinds:
            name = f"{name}'"
        self._names[id(type.item)] = name
        self.kinds[name] = Kind(defined(self.schema, type)) if type.kind() == "simpleType" else self.complex_type(type)
        return name

    def complex_type(self, type: Component) -> Kind:
        """What an xs:complexType says."""
        if type.get("abstract") == "true":
            raise type.outside("an abstract type", "give the element a type that extends it")
        return self._complex(type)

    def _complex(self, type: Component) -> Kind:
        derived = type.first("simpleContent", "complexContent")
        if derived is None:
            kind = self._content(type)
            mixed = type.get("mixed") == "true" and kind.content is None
            return replace(kind, text=Simple()) if mixed else kind
        how = derived.first("extension", "restriction")
        if how is None:
            raise derived.outside("a type that is derived from nothing", "extend or restrict one")
        return self._simple_content(how) if derived.kind() == "simpleContent" else self._complex_content(how)

    def _content(self, owner: Component) -> Kind:
        """The elements, attributes and asserts that stand in a construct itself."""
        group = owner.first(*_GROUPS)
        part = None if group is None else self.part(group)
        content = None if part is None or not part.most else Group("sequence", (part,))
        if part is not None and (part.least, part.most) == (1, 1) and isinstance(part.item, Group):
            content = part.item
        attributes = {one.name: one for one in self._attributes(owner)}
        # The validator knows a test by what is written, blanks and all.
        asserts = tuple(one.item.get("test", "").strip() for one in owner.below() if one.kind() == "assert")
        content = content if content and content.parts else None
        return Kind(None, content, tuple(attributes.values()), asserts, self._is_open(owner))

    def _is_open(self, owner: Component) -> bool:
        """Whether elements or attributes may stand there that the schema does not name, by its groups too."""
        groups = (one for one in owner.below() if one.kind() in (*_GROUPS, "attributeGroup"))
        is_open = any(one.kind() in ("any", "anyAttribute") for one in owner.below())
        return is_open or any(self._is_open(self.schema.meant(one) if one.get("ref") else one) for one in groups)

    def _base(self, how: Component) -> Kind:
        """The kind that another is derived from."""
        built_in, name = how.resolved(how.get("base"))
        if built_in:
            return Kind() if name == "anyType" else Kind(simple_type(self.schema, how, how.get("base")))
        found = self.schema.find("type", name, how)
        return Kind(defined(self.schema, found)) if found.kind() == "simpleType" else self._complex(found)

    def _simple_content(self, how: Component) -> Kind:
        base, own = self._base(how), self._content(how)
        text = base.text or Simple()
        if how.kind() == "restriction":
            inline = how.first("simpleType")
            text = restricted(text if inline is None else defined(self.schema, inline), how)
        return Kind(text, None, _both(base, own, how), (*base.asserts, *own.asserts), base.open or own.open)

    def _complex_content(self, how: Component) -> Kind:
        base, own = self._base(how), self._content(how)
        content = own.content
        if how.kind() == "extension" and base.content is not None:
            joined = (Part(base.content), *([Part(own.content)] if own.content else []))
            content = base.content if own.content is None else _joined(base.content, own.content) or Group("sequence", joined)
        is_open = own.open or (base.open and how.kind() == "extension")
        return Kind(base.text, content, _both(base, own, how), (*base.asserts, *own.asserts), is_open)

    # Groups -----------------------------------------------------------------------------------------------------------

    def part(self, item: Component) -> Part | None:
        """An element or group with how often it stands; None for what never needs to be there and is not known here."""
        least, most = _occurs(item)
        if item.kind() == "any":
            if least:
                raise item.outside("an element that may be any, and must be there", "name it, or let it be absent")
            return None
        if not most:
            return None
        if item.kind() == "element":
            return Part(self.element(item), least, most)
        if item.kind() == "group":
            found = self.schema.meant(item).first(*_GROUPS)
            return None if found is None else Part(self._group(found), least, most)
        return Part(self._group(item), least, most)

    def _group(self, item: Component) -> Group:
        parts = (self.part(one) for one in item.below())
        return Group(item.kind(), tuple(part for part in parts if part is not None))

    # Attributes -------------------------------------------------------------------------------------------------------

    def _attributes(self, owner: Component) -> Iterator[Attribute]:
        for one in owner.below():
            if one.kind() == "attributeGroup":
                yield from self._attributes(self.schema.meant(one))
            elif one.kind() == "attribute" and one.get("use") != "prohibited":
                found = self._attribute(one)
                if found is not None:
                    yield found

    def _attribute(self, item: Component) -> Attribute | None:
        required = item.get("use") == "required"
        declared, qualified = item, item.get("form") == "qualified" or item.home.attributes_qualified
        if item.get("ref"):
            prefix = item.get("ref").partition(":")[0]
            # Those of other namespaces, such as xml:lang, are left out where they may be.
            if not required and (prefix == "xml" or dict(item.home.prefixes).get(prefix, "") != item.home.target):
                return None
            declared, qualified = self.schema.meant(item), True
        text = simple_type(self.schema, declared, declared.get("type"))
        fixed = item.item.get("fixed", declared.item.get("fixed"))
        return Attribute(declared.get("name"), text, required, fixed, qualified and bool(item.home.target))


def _both(base: Kind, own: Kind, how: Component) -> tuple[Attribute, ...]:
    gone = {one.get("name") for one in how.below() if one.kind() == "attribute" and one.get("use") == "prohibited"}
    found = {one.name: one for one in (*base.attributes, *own.attributes) if one.name not in gone}
    return tuple(found.values())


def _joined(base: Group, own: Group) -> Group | None:
    """Two groups as one, where nothing but their order is said twice."""
    if base.order == own.order and base.order in ("sequence", "all"):
        return Group(base.order, (*base.parts, *own.parts))
    return None


def _occurs(item: Component) -> tuple[int, int]:
    least, most = item.get("minOccurs", "1"), item.get("maxOccurs", "1")
    if not least.isdecimal() or not (most.isdecimal() or most == "unbounded"):
        raise item.outside(f"an occurrence of '{least}' to '{most}'", "give numbers")
    return int(least), UNBOUNDED if most == "unbounded" else int(most)
