"""What operations that share a path and a method take, as OpenAPI's parameters and request bodies.

Knows the ways of reading (`json`, `xml`, `query`, `parameters`, `none`). Law: operations that a selector tells apart are
alternatives of one schema, each under its own name among the components.
"""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Callable, Mapping
from typing import Final

from mockcloud.contracts.json_schema import JsonSchema
from mockcloud.contracts.model import Contract, Operation
from mockcloud.contracts.xml_schema import XmlSchema
from mockcloud.exports import openapi_paths, xml_hints
from mockcloud.exports.openapi_conditions import without_if
from mockcloud.exports.openapi_nulls import nullable
from mockcloud.exports.openapi_paths import Path, path_of
from mockcloud.exports.standard import standard
from mockcloud.messages import Json
from mockcloud.reports import json_values, xml_examples

FORM: Final = "application/x-www-form-urlencoded"
BODILESS: Final = frozenset({"GET", "HEAD", "DELETE"})
"""Methods whose body OpenAPI calls undefined."""


class Requests:
    """The requests of one contract. Schemas that it refers to are put into `components`."""

    def __init__(self, contract: Contract, components: dict[str, Json], signature: frozenset[str]) -> None:
        self.contract = contract
        self.components = components
        self.signature = signature
        """Names of the parameters that the signature adds: no operation has to list them."""

    def described(self, method: str, path: Path, group: list[Operation]) -> Json:
        """`parameters` and `requestBody` of the operations that share this method and path."""
        parameters = openapi_paths.parameters(path, self.members(group[0]))
        more = _WAYS[group[0].reads](self, method, path, group)
        return {"parameters": parameters + more.pop("parameters", []), **more}

    def members(self, operation: Operation) -> Json:
        """The schemas of an operation's arguments by name; none where a document has them."""
        if not isinstance(operation.request, JsonSchema):
            return {}
        return standard(operation.request, self.contract).get("properties", {})

    def in_path(self, method: str, path: Path, group: list[Operation]) -> Json:
        return {}

    def in_query(self, method: str, path: Path, group: list[Operation]) -> Json:
        if len(group) > 1 or self.has_conditions(group[0]):
            return {"parameters": [self.exploded(group)]}
        return {"parameters": self.one_by_one(group[0], path)}

    def anywhere(self, method: str, path: Path, group: list[Operation]) -> Json:
        if method in BODILESS:
            return {**self.in_query(method, path, group), "x-mockcloud-also-in": "body"}
        body = {"schema": self.alternatives(group)}
        content = {FORM: body, "application/json": body}
        return {"requestBody": {"required": True, "content": content}, "x-mockcloud-also-in": "query"}

    def in_json(self, method: str, path: Path, group: list[Operation]) -> Json:
        body: Json = {"schema": self.alternatives(group)}
        assert isinstance(group[0].request, JsonSchema)  # noqa: S101  # the loader gives what is no XML a JSON Schema
        example = json_values.sample(group[0].request.tree)
        if len(group) == 1 and isinstance(example, dict):
            body["example"] = {name: value for name, value in example.items() if name not in path.names}
        return {"requestBody": {"required": True, "content": {"application/json": body}}}

    def in_xml(self, method: str, path: Path, group: list[Operation]) -> Json:
        body: Json = {"schema": self.alternatives(group)}
        examples = {operation.name: {"value": text} for operation in group if (text := _document(operation.request))}
        if examples:
            body["examples"] = examples
        return {"requestBody": {"required": True, "content": {"application/xml": body}}}

    def one_by_one(self, operation: Operation, path: Path) -> list[Json]:
        assert isinstance(operation.request, JsonSchema)  # noqa: S101  # as above
        required = {operation.query, *operation.request.tree.get("required", ())}
        if operation.selector is not None and operation.selector.equals is not None:
            required.add(operation.selector.argument[1:])
        members = {name: one for name, one in self.members(operation).items() if name not in path.names | self.signature}
        if operation.query:
            members.setdefault(operation.query, {})
        return [
            {"name": name, "in": "query", "required": name in required, "schema": {"type": "string", **schema}}
            for name, schema in members.items()
        ]

    def exploded(self, group: list[Operation]) -> Json:
        """All of a query as one parameter, each of whose members is a parameter of the query."""
        schema = self.alternatives(group)
        return {"name": "arguments", "in": "query", "required": True, "style": "form", "explode": True, "schema": schema}

    def has_conditions(self, operation: Operation) -> bool:
        """Whether there is a rule about several arguments at once."""
        plain = {"type", "properties", "required", "title", "$schema", "x-source"}
        return isinstance(operation.request, JsonSchema) and bool(operation.request.tree.keys() - plain)

    def alternatives(self, group: list[Operation]) -> Json:
        """One schema for all operations of a group."""
        references = {operation.name: self.component(operation) for operation in group}
        if len(group) == 1:
            return references[group[0].name]
        made: Json = {"type": "object", "oneOf": list(references.values())}
        named = [operation.selector for operation in group if operation.selector is not None]
        if all(selector.equals is not None for selector in named):
            mapping = {str(one.equals): reference["$ref"] for one, reference in zip(named, references.values(), strict=True)}
            made["discriminator"] = {"propertyName": named[0].argument[1:], "mapping": mapping}
        if group[0].root:
            made["xml"] = {"name": group[0].root}
        return made

    def component(self, operation: Operation) -> Json:
        """A reference to the schema of what an operation takes beside its path."""
        name = f"{operation.name}.request"
        self.components[name] = _selected(self.body(operation), operation)
        return {"$ref": f"#/components/schemas/{name}"}

    def body(self, operation: Operation) -> Json:
        if isinstance(operation.request, XmlSchema):
            return xml_hints.document(operation.request.root)
        whole = {"type": "object", **without_if(standard(operation.request, self.contract))}
        left_out = path_of(operation).names | self.signature
        members = {name: one for name, one in whole.get("properties", {}).items() if name not in left_out}
        required = [name for name in whole.get("required", ()) if name not in left_out]
        made = {key: value for key, value in whole.items() if key not in ("$schema", "properties", "required")}
        made = {**made, "properties": members, **({"required": required} if required else {})}
        return nullable(made) if operation.reads == "json" else made


def _selected(schema: Json, operation: Operation) -> Json:
    """A schema that no message of a neighbouring operation keeps."""
    selector = operation.selector
    if selector is None:
        return schema
    name = selector.argument[1:]
    if selector.equals is None:
        return {**schema, "not": {"required": [name]}}
    properties = {**schema["properties"], name: {**schema["properties"].get(name, {}), "const": selector.equals}}
    return {**schema, "properties": properties, "required": list(dict.fromkeys([*schema.get("required", ()), name]))}


def _document(schema: object) -> str:
    """The smallest document of a request, empty where it is not one that is accepted."""
    if not isinstance(schema, XmlSchema):
        return ""
    made = xml_examples.element(schema.root)
    return ET.tostring(made, encoding="unicode") if schema.accepts(schema.settle(made)) else ""


_WAYS: Final[Mapping[str, Callable[[Requests, str, Path, list[Operation]], Json]]] = {
    "none": Requests.in_path,
    "query": Requests.in_query,
    "parameters": Requests.anywhere,
    "json": Requests.in_json,
    "xml": Requests.in_xml,
}
"""How each way of reading is said."""
