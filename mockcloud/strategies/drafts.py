"""Drafts of valid requests: what plans draw, with what stands in the path and by which method.

Knows both languages of schemas, and routes. Law: what is drawn comes to its operation, on the wire as here.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Final

from hypothesis import assume
from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from mockcloud.contracts.json_schema import JsonSchema
from mockcloud.contracts.model import Contract, Operation
from mockcloud.contracts.routes import Segment, in_path
from mockcloud.contracts.xml_schema import XmlSchema
from mockcloud.drafting.decks import operation_of
from mockcloud.drafting.requests.arguments import as_arguments, signing
from mockcloud.drafting.requests.drafts import Draft
from mockcloud.errors import UsageError, nearest
from mockcloud.messages import Json
from mockcloud.reports.json_values import alternatives, applying
from mockcloud.reports.patterns import matching
from mockcloud.strategies import texts, values
from mockcloud.strategies.leaves import Leaf
from mockcloud.strategies.values import Plan

if TYPE_CHECKING:
    import xml.etree.ElementTree as ET

PUT_IN: Final = "x"
"""What stands where signing will put something in."""

FILES: Final = ("x.mp4", "a/b/x.mp4", "视频/x 1.mp4")
"""What the rest of a path is likely to be."""


@dataclass(frozen=True)
class Source:
    """Draws drafts of one operation. `left_out` are the names of arguments that are not given unless a rule asks for them."""

    contract: Contract
    operation: Operation
    left_out: frozenset[str] = frozenset()

    def draw(self, draw: DrawFn) -> Draft:
        """A draft that keeps every rule."""
        if isinstance(self.operation.request, XmlSchema):
            made = self.around(draw, self._pruned(draw(self._documents)))
        else:
            made = Draft(self.operation, {}, {}, self._method(draw)).saying(self.plan.draw(draw))
        assume(made.accepted())
        return made

    def around(self, draw: DrawFn, document: ET.Element) -> Draft:
        """A draft of a document, with what stands in the path."""
        given = {f"/{name}": leaf.draw(draw) for name, leaf in self.in_path.items()}
        return Draft(self.operation, document, given, self._method(draw))

    def _pruned(self, document: ET.Element) -> ET.Element:
        """The document without the elements that are not given, but with those of them that it needs to be valid."""
        removed = [one for one in document if one.tag in self.left_out]
        for one in removed:
            document.remove(one)
        for one in removed:
            if self.operation.request.accepts(document):
                break
            document.append(one)
        return document

    def _method(self, draw: DrawFn) -> str:
        methods = self.operation.methods
        return methods[draw(st.integers(0, len(methods) - 1))] if len(methods) > 1 else ""

    def arguments(self, draft: Draft) -> Mapping[str, Json]:
        """What a draft says, by the vendor's names."""
        if not isinstance(draft.message, dict):
            return as_arguments(self.contract, draft)
        return {name: value for name, value in draft.message.items() if name not in self.put_in} if self.put_in else draft.message

    @cached_property
    def plan(self) -> Plan:
        """How the message is drawn where it is plain data."""
        schema, selector = self.operation.request, self.operation.selector
        assert isinstance(schema, JsonSchema)  # noqa: S101  # documents are drawn by the other engine
        given: dict[str, Plan] = {f"/{name}": Leaf([PUT_IN]) for name in self.put_in if name in self.names}
        given |= {f"/{name}": leaf for name, leaf in self.in_path.items()}
        given |= {selector.argument: Leaf([selector.equals])} if selector and selector.equals is not None else {}
        return values.plan(schema, given=given, left_out=[f"/{name}" for name in self.left_out])

    @cached_property
    def _documents(self) -> SearchStrategy[ET.Element]:
        from mockcloud.strategies.elements import elements

        schema = self.operation.request
        assert isinstance(schema, XmlSchema)  # noqa: S101  # plain data is drawn by the other engine
        return elements(schema)

    @cached_property
    def put_in(self) -> frozenset[str]:
        """The names of what signing puts in."""
        return signing(self.contract, self.operation)

    @cached_property
    def names(self) -> Collection[str]:
        """The names of the operation's arguments, those of the path first."""
        schema, path = self.operation.request, [one.name for one in in_path(self.operation)]
        if isinstance(schema, XmlSchema):
            return list(dict.fromkeys([*path, *(schema.root.children or ())]))
        members = (part.get("properties", {}) for part in alternatives(schema.tree))
        return list(
            dict.fromkeys([*path, *(name for one in members for name, member in one.items() if not member.get("readOnly"))])
        )

    @cached_property
    def in_path(self) -> dict[str, Leaf]:
        """What may stand in the path, by name."""
        found: dict[str, Leaf] = {}
        for segment in in_path(self.operation):
            leaf = self._segment(segment)
            found[segment.name] = leaf.within(_Fits(self.contract, self.operation, segment))
        return found

    def fitting(self, path: str, leaf: Leaf) -> Leaf:
        """Of the values of a place those that the wire brings there: what stands in the path must be a segment of it."""
        segment = next((one for one in in_path(self.operation) if f"/{one.name}" == path), None)
        return leaf if segment is None else leaf.within(_Fits(self.contract, self.operation, segment))

    def _segment(self, segment: Segment) -> Leaf:
        schema = self.operation.request
        here = applying(schema.tree, f"/{segment.name}") if isinstance(schema, JsonSchema) else []
        carrier = texts.SEGMENTS if segment.rest else texts.SEGMENT
        form = segment.form.pattern if segment.form else ""
        found = values.leaf(here, carrier) if here else texts.leaf(carrier, 1, pattern=form, whole=True)
        return Leaf([*found.notable[:1], *FILES, *found.notable[1:]], found.more) if segment.rest else found


@dataclass(frozen=True)
class _Fits:
    """Whether a text in the path comes to its operation, and out of the path again."""

    contract: Contract
    operation: Operation
    segment: Segment

    def __call__(self, text: Json) -> bool:
        if not isinstance(text, str) or not (texts.SEGMENTS if self.segment.rest else texts.SEGMENT).carries(text):
            return False
        asked = Draft(self.operation, {**self._others, self.segment.name: text}, {}).request("")
        found = self.contract.routes.find(asked.path, asked.method, self.operation.query)
        if found is None or found[1].get(self.segment.name) != text:
            return False
        return self.operation in found[0].operations.get(asked.method, ())

    @cached_property
    def _others(self) -> dict[str, Json]:
        forms = {one.name: one.form.pattern if one.form else "" for one in in_path(self.operation)}
        return {name: matching(form, whole=True) or PUT_IN if form else PUT_IN for name, form in forms.items()}


@lru_cache(256)
def source(operation: str, arguments: frozenset[str] | None = None) -> Source:
    """The source of an operation's drafts. `arguments` are the only ones that are given, unless a rule asks for more."""
    entry, found = operation_of(operation)
    whole = Source(entry.contract, found)
    if arguments is None:
        return whole
    for name in sorted(arguments):
        if name not in whole.names:
            raise UsageError(f"'{name}' is no argument of {operation}.{nearest(name, whole.names)}")
    return Source(entry.contract, found, frozenset(whole.names) - arguments)
