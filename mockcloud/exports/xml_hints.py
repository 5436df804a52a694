"""The nodes of an XSD as a JSON Schema with OpenAPI's `xml` hints.

Knows nodes. Law: what JSON Schema cannot say of a document, its asserts, stays in `x-mockcloud-asserts`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from mockcloud.contracts.xsd_reader import UNBOUNDED, Assert, Facet, Node
from mockcloud.exports.xml_conditions import CARRIED, condition
from mockcloud.messages import Json

_TYPES: Final = {"string": "string", "integer": "integer", "decimal": "number"}


def document(root: Node) -> Json:
    """The schema of a whole document."""
    return {**_element(root), "xml": {"name": root.name}}


def _element(node: Node) -> Json:
    made = _leaf(node) if node.children is None else _container(node, node.children)
    if node.default is not None:
        made["default"] = _value(node.base, node.default)
    return {**made, "x-source": list(node.evidence)}


def _leaf(node: Node) -> Json:
    made: Json = {"type": _TYPES[node.base]}
    if node.base == "string" and node.least:
        # An element without a text is as good as none, and control characters are nothing that a document can carry.
        made.update(minLength=1, pattern=CARRIED)
    for facet in node.facets:
        made.update(_FACETS[facet.name](facet, node.base))
    return made


def _container(node: Node, children: Mapping[str, Node]) -> Json:
    made: Json = {"type": "object", "properties": {name: _member(child) for name, child in children.items()}}
    required = [name for name, child in children.items() if child.least]
    if required:
        made["required"] = required
    if node.asserts:
        said = [condition(one.test, node) for one in node.asserts]
        made["x-mockcloud-asserts"] = [
            _assert(one, known=known is not None) for one, known in zip(node.asserts, said, strict=True)
        ]
        made.update({"allOf": kept} if (kept := [known for known in said if known is not None]) else {})
    return made


def _member(node: Node) -> Json:
    if node.most == 1:
        return _element(node)
    made: Json = {"type": "array", "items": {**_element(node), "xml": {"name": node.name}}}
    if node.least:
        made["minItems"] = node.least
    if node.most < UNBOUNDED:
        made["maxItems"] = node.most
    return made


def _assert(one: Assert, *, known: bool) -> Json:
    return {"id": one.name, "test": one.test, "says": one.says, "in-schema": known, "x-source": list(one.evidence)}


def _value(base: str, text: str) -> Json:
    return text if base == "string" else int(text) if base == "integer" else float(text)


_FACETS: Final[Mapping[str, Callable[[Facet, str], Json]]] = {
    "enumeration": lambda facet, base: {"enum": [_value(base, one) for one in facet.demand]},
    "pattern": lambda facet, base: {"pattern": f"^(?:{facet.demand})$"},
    "minLength": lambda facet, base: {"minLength": int(str(facet.demand))},
    "maxLength": lambda facet, base: {"maxLength": int(str(facet.demand))},
    "minInclusive": lambda facet, base: {"minimum": _value(base, str(facet.demand))},
    "maxInclusive": lambda facet, base: {"maximum": _value(base, str(facet.demand))},
}
"""Each facet in the words of JSON Schema."""
