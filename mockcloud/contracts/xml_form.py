"""Plain data as the elements of a schema: how it is written, and whether what is written is certainly valid.

Knows nodes, their occurrence, facets and asserts. Does not know what is wrong with a document: the validators do. Law:
whatever the data, there is a document; and data is certain only when no validator would find a rule broken in its document.
"""

from __future__ import annotations

from typing import Any, Final, NamedTuple

from mockcloud.codecs.xml_body import escaped
from mockcloud.contracts import xml_asserts, xml_facets
from mockcloud.contracts.xsd_reader import UNBOUNDED, Node
from mockcloud.messages import Json

SHAPES: Final = 256
"""How many shapes of one element's content are remembered."""

REPLACED: Final = "\ufffd"
"""What stands in a document for a character that XML cannot carry: `is_certain` has seen another one."""


class Shape(NamedTuple):
    """The members of an object by their names alone, in the schema's order."""

    complete: bool
    """Whether all are known and none is missing."""
    leaves: list[tuple[str, Form, xml_facets.Fits | None]]
    containers: list[tuple[str, Form]]
    members: list[tuple[str, Form]]
    """Leaves, containers and, last, those that are not known."""
    template: str
    """The content, with the places of its members."""


class Form:
    """One element of the schema."""

    def __init__(self, node: Node) -> None:
        self.node = node
        self.start, self.end, self.alone = f"<{node.name}>", f"</{node.name}>", f"<{node.name}/>"
        self.is_leaf = node.children is None
        self.children = {name: Form(child) for name, child in (node.children or {}).items()}
        self.fits = xml_facets.fits(node) if self.is_leaf else xml_facets.never
        self.tests = [xml_asserts.compiled(condition.test, node) for condition in node.asserts]
        self.shapes: dict[tuple[str, ...], Shape] = {}

    def written(self, value: Json) -> str:
        """The elements of a value: one, or those of a list."""
        if isinstance(value, list):
            return "".join([self.written(item) for item in value])
        inside = self.content(value) if isinstance(value, dict) else "" if value is None else escaped(str(value))
        return f"{self.start}{inside}{self.end}" if inside else self.alone

    def content(self, data: dict[str, Json]) -> str:
        """What stands between the tags of an element with these members."""
        shape = self.shapes.get(tuple(data)) or self.shape(tuple(data))
        texts = [text if (text := data[name]).__class__ is str else _shown(text) for name, _, _ in shape.leaves]
        if not _stand_as_they_are(texts):
            return "".join([form.written(data[name]) for name, form in shape.members])
        inside = shape.template % tuple(_in_order(texts, shape, data) if shape.containers else texts)
        for name, form, _ in shape.leaves if "" in texts else ():
            if data[name] in (None, ""):
                inside = inside.replace(form.start + form.end, form.alone)
        return inside

    def is_certain(self, value: Json) -> bool:
        """Whether one element of this value, of texts that XML can carry, is certainly valid."""
        if value.__class__ is dict:
            return not self.is_leaf and self.holds_certainly(value)
        if not self.is_leaf:
            return value in (None, "") and self.holds_certainly({})
        text = _shown(value)
        return text is not None and (self.fits is None or bool(self.fits(text)))

    def holds_certainly(self, data: dict[str, Json]) -> bool:
        """Whether an element with these members is certainly valid."""
        shape = self.shapes.get(tuple(data)) or self.shape(tuple(data))
        if not shape.complete:
            return False
        for name, form, fits in shape.leaves:
            text = data[name]
            if text.__class__ is not str:
                if not form.are_certain(text):
                    return False
            elif fits is not None and not fits(text):
                return False
        for name, form in shape.containers:
            if not form.are_certain(data[name]):
                return False
        for test in self.tests:  # noqa: SIM110  # `all` costs as much as the tests
            if not test(data):
                return False
        return True

    def are_certain(self, value: Json) -> bool:
        """Whether the elements of a value, one or those of a list, are certainly valid, and not too few or many."""
        if not isinstance(value, list):
            return self.is_certain(value)
        return self.node.least <= len(value) <= self.node.most and all(self.is_certain(item) for item in value)

    def shape(self, names: tuple[str, ...]) -> Shape:
        """What the names of an object's members tell; messages have few shapes, and they are remembered."""
        known = [(name, form) for name, form in self.children.items() if name in names]
        strange = [(name, _stranger(name)) for name in names if name not in self.children]
        # A child that must come twice, or must not come, is no case worth a quick answer.
        certain = all(_may_be(form.node, name in names) for name, form in self.children.items())
        shape = Shape(
            certain and not strange,
            [(name, form, form.fits) for name, form in known if form.is_leaf],
            [(name, form) for name, form in [*known, *strange] if not form.is_leaf],
            [*known, *strange],
            "".join([f"{form.start}%s{form.end}" if form.is_leaf else "%s" for name, form in [*known, *strange]]),
        )
        if len(self.shapes) < SHAPES:
            self.shapes[names] = shape
        return shape


def _shown(value: Json) -> str | None:
    """A leaf's value as text; None for what is no leaf's."""
    return None if isinstance(value, (list, dict)) else "" if value is None else str(value)


def _stand_as_they_are(texts: list[Any]) -> bool:
    """Whether all are texts, without a character that is written otherwise."""
    try:
        joined = "".join(texts)
    except TypeError:
        return False
    return escaped(joined) is joined


def _in_order(texts: list[Any], shape: Shape, data: dict[str, Json]) -> list[str]:
    """The texts of the leaves with the written containers in between, in the schema's order."""
    leaves = iter(texts)
    return [next(leaves) if form.is_leaf else form.written(data[name]) for name, form in shape.members]


def _may_be(node: Node, given: bool) -> bool:
    return node.least <= 1 <= node.most if given else not node.least


def _stranger(name: str) -> Form:
    return Form(Node(name, "", 0, UNBOUNDED, (), children={}))
