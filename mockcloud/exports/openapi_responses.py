"""What operations answer, as OpenAPI's responses: the result, and every refusal that a request can earn, as it is answered.

Knows rules, conditions and the catalogue, no status and no code of its own. Law: the examples are the answers that the mock's own
rendering gives.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import NamedTuple

from mockcloud.contracts import operations
from mockcloud.contracts.json_schema import JsonSchema
from mockcloud.contracts.model import Contract, Envelope, Operation, Schema
from mockcloud.contracts.views import ABSENT
from mockcloud.exports import xml_hints
from mockcloud.exports.openapi_conditions import without_if
from mockcloud.exports.standard import standard
from mockcloud.messages import Json, Refusal, Request, Response, Violation
from mockcloud.pipeline import rendering
from mockcloud.pipeline.call import Call
from mockcloud.pipeline.validation import fields
from mockcloud.reports import json_values
from mockcloud.state.identifiers import Identifiers

UNLIKELY = frozenset({"unknown-route", "unknown-method"})
"""What no request to a path and method of the contract earns."""

OF_BODIES = frozenset({"malformed-body", "body-too-large", "missing-body", "missing-content-length", "content-digest"})
_TYPES = {"json": "application/json", "xml": "application/xml"}
_ENDING = ("content-type", "content-length")


class Earned(NamedTuple):
    """A refusal with what earns it: a rule or a condition."""

    by: str
    code: str
    refusal: Refusal


class Responses:
    """The responses of one contract. Schemas that it refers to are put into `components`."""

    def __init__(self, contract: Contract, components: dict[str, Json]) -> None:
        self.contract = contract
        self.components = components
        self._special = {operation.name: self._conditions(operation) for operation in contract.operations.values()}
        special = {one for found in self._special.values() for one in found}
        self._shared = set(contract.errors.conditions) - special - UNLIKELY - {"unlisted-code"}

    def described(self, group: list[Operation]) -> Json:
        """The responses of the operations that share a method and path, by status."""
        found: dict[str, Json] = {}
        self.successes(group, found)
        for operation in group:
            for earned in self.earned(operation):
                self.refused(operation, earned, found)
        return dict(sorted(found.items()))

    def successes(self, group: list[Operation], found: dict[str, Json]) -> None:
        envelope = self.contract.success
        response: Json = {"description": "Done", "headers": self._headers(envelope)}
        bodies = [(operation, operation.response) for operation in group if operation.response is not None]
        if bodies:
            references = [self._component(f"{operation.name}.response", schema) for operation, schema in bodies]
            media: Json = {"schema": references[0] if len(references) == 1 else {"anyOf": references}}
            example = _sample(bodies[0][1]) if len(group) == 1 else None
            if example is not None:
                media["examples"] = {bodies[0][0].name: {"value": example}}
            response["content"] = {self.media_type(bodies[0][0]): media}
        found[str(envelope.status)] = response

    def refused(self, operation: Operation, earned: Earned, found: dict[str, Json]) -> None:
        answer = self.answered(operation, earned.refusal)
        response = found.setdefault(str(answer.status), {"description": "", "headers": self._headers(self.contract.refusal)})
        codes = response.setdefault("x-mockcloud-codes", {})
        by = codes.setdefault(earned.code, [])
        if earned.by not in by:
            by.append(earned.by)
        done = response["description"].startswith("Done")
        response["description"] = ("Done, or refused: " if done else "Refused: ") + ", ".join(codes)
        media = response.setdefault("content", {}).setdefault(_media_type(answer), {})
        self._take(media)
        media.setdefault("examples", {}).setdefault(earned.code, {"summary": earned.by, "value": _shown(answer)})

    def _take(self, media: Json) -> None:
        """Let the schema of what is answered here take a refusal too."""
        if self.contract.refusal.schema is None:
            return
        reference = self._component("refusal.response", self.contract.refusal.schema)
        if "schema" not in media:
            media["schema"] = reference
        elif reference not in (media["schema"], *media["schema"].get("anyOf", ())):
            media["schema"] = {"anyOf": [*media["schema"].get("anyOf", [media["schema"]]), reference]}

    def earned(self, operation: Operation) -> Iterator[Earned]:
        """Every refusal that a request of the operation can earn: by its rules in their order, then by conditions."""
        errors = self.contract.errors
        for rule in operation.request.rules.values():
            answer = errors.broken(rule.id)
            if answer is not None and not errors.passed_over(rule.id, self.contract.defaults):
                broken = Violation(rule.id, rule.path.replace("/*", "/0"), None, rule.reason)
                yield Earned(rule.id, answer.code, Refusal("", violations=(broken,), **fields(broken)))
        for name in sorted(self._shared | self._special[operation.name]):
            if name not in OF_BODIES or operation.reads in ("json", "xml", "parameters"):
                yield Earned(name, errors.conditions[name].code, Refusal(name))

    def _conditions(self, operation: Operation) -> set[str]:
        found = operations.conditions(operation, self.contract.resources) & set(self.contract.errors.conditions)
        for effect in operation.effects:
            dispatch = self.contract.lifecycles[effect.kind].dispatch if effect.verb == "create" else None
            if dispatch is not None and dispatch.room:
                found.add(f"full-{dispatch.queue}")
        # Without the parameter of the query that it asks for, the path is nobody's.
        return found | ({"unlisted-code"} if operation.source else set()) | ({"unknown-route"} if operation.query else set())

    def answered(self, operation: Operation, refusal: Refusal) -> Response:
        """The answer to a refused request, at the beginning of time."""
        host = self.contract.hosts[0]
        match = host.pattern.fullmatch(host.example)
        parts = {"name": host.example, **({name: text for name, text in match.groupdict().items() if text} if match else {})}
        call = Call(
            self.contract,
            Request(operation.methods[0], operation.path, host.example),
            0.0,
            Identifiers(self.contract.identifiers, 0, self.contract.name).make("request", 0.0),
            parts,
            self.contract.defaults,
        )
        call.operation, call.chosen = operation, True
        return rendering.refusal(call, refusal).response

    def media_type(self, operation: Operation) -> str:
        """The type of an operation's result."""
        envelope = self.contract.success
        view = next((view for name, view in envelope.headers if name.lower() == "content-type"), "")
        said = view if isinstance(view, str) else view({"operation": operation.shown, "result": {}})
        return str(said) if said and said is not ABSENT else _TYPES[envelope.codec]

    def _headers(self, envelope: Envelope) -> Json:
        names = [name for name, _ in envelope.headers if name.lower() not in _ENDING]
        return {name: {"schema": {"type": "string"}} for name in names}

    def _component(self, name: str, schema: Schema) -> Json:
        made = schema_of(schema, self.contract)
        # Operations that answer alike share the schema of the first one.
        known = next((one for one, other in self.components.items() if other == made), name)
        self.components[known] = made
        return {"$ref": f"#/components/schemas/{known}"}


def schema_of(schema: Schema, contract: Contract) -> Json:
    """A schema as OpenAPI has it."""
    if not isinstance(schema, JsonSchema):
        return xml_hints.document(schema.root)
    tree = without_if(standard(schema, contract))
    return {"type": "object", **{key: value for key, value in tree.items() if key != "$schema"}}


def _media_type(response: Response) -> str:
    return response.header("content-type") or "application/octet-stream"


def _shown(response: Response) -> Json:
    text = response.body.decode()
    return json.loads(text) if "json" in _media_type(response) else text


def _sample(schema: Schema) -> Json:
    return json_values.sample(schema.tree) if isinstance(schema, JsonSchema) else None
