"""The members of a schema, each with its rules and with what else is said of it, whatever language the schema is written in.

Knows JSON Schema and XSD as the loader has read them. Law: every keyword and construct of the vocabulary ends in a rule, in
the tree of members, or among what is `said`: nothing is left out.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from mockcloud.contracts.json_schema import JsonSchema
from mockcloud.contracts.model import Schema
from mockcloud.contracts.rules import Rule
from mockcloud.contracts.vocabulary import JSON_ANNOTATIONS
from mockcloud.contracts.xml_schema import XmlSchema
from mockcloud.contracts.xsd_reader import Node
from mockcloud.messages import Json

_SAID: Final = (JSON_ANNOTATIONS - {"x-rule", "x-says", "x-about"}) | {"title", "$schema"}
_OF_RULES: Final = ("x-says", "x-about")


@dataclass(slots=True)
class Member:
    """One place of a message, `\"\"` for the whole: its rules by constraint or name, and what is said of it by keyword."""

    path: str
    rules: dict[str, Rule] = field(default_factory=dict)
    said: dict[str, Json] = field(default_factory=dict)

    @property
    def is_element(self) -> bool:
        """Whether it stands for what a list holds: it is there with the list."""
        return self.path.endswith("/*")


def members(schema: Schema | None) -> dict[str, Member]:
    """The members of a schema by path, each behind the one that it lies in."""
    if schema is None:
        return {}
    found: dict[str, Member] = {}
    if isinstance(schema, XmlSchema):
        _of_node(schema.root, found)
    else:
        _of_tree(schema.tree, "", found, schema)
    for rule in schema.rules.values():
        found[rule.path].rules[rule.constraint] = rule
    return found


def _of_tree(node: Json, path: str, found: dict[str, Member], schema: JsonSchema) -> None:
    member = found.setdefault(path, Member(path))
    for keyword, value in _said(node, path, schema):
        # Several parts of an `allOf` may say something of one member.
        member.said[keyword] = value if keyword not in member.said else [member.said[keyword], value]
    for name, below in node.get("properties", {}).items():
        _of_tree(below, f"{path}/{name}", found, schema)
    for part in node.get("allOf", ()):
        _of_tree(part, path, found, schema)
    if "items" in node:
        _of_tree(node["items"], f"{path}/*", found, schema)


def _said(node: Json, path: str, schema: JsonSchema) -> Iterator[tuple[str, Json]]:
    for keyword in node:
        if keyword in _SAID:
            yield keyword, node[keyword]
        elif keyword in _OF_RULES:
            yield f"{keyword} {node.get('x-rule', '')}", node[keyword]
    if "type" in node and f"{_owner(schema)}#{path}:type" not in schema.rules:
        yield "type", node["type"]  # what cannot be broken, because each leaf is text


def _owner(schema: JsonSchema) -> str:
    return next((rule.partition("#")[0] for rule in schema.rules), "")


def _of_node(node: Node, found: dict[str, Member]) -> None:
    said: dict[str, Json] = {"x-source": [*node.evidence, *(one for facet in node.facets for one in facet.evidence)]}
    if node.default is not None:
        said["default"] = node.default
    for condition in node.asserts:
        said[f"x-says {condition.name}"] = condition.says
        said["x-source"] += condition.evidence
    found[node.path] = Member(node.path, {}, said)
    for child in (node.children or {}).values():
        _of_node(child, found)
