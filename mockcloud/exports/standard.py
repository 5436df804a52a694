"""A JSON Schema of our vocabulary in the words of the standard, for validators that know nothing of us.

Knows what the standard lacks: a comparison of two members, and a rule that a setting lets pass. Law: what a plain validator
refuses by the outcome we refuse; what it cannot see stays in an `x-` key, and a `$comment` says so.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Final

from mockcloud.contracts.json_schema import JsonSchema
from mockcloud.contracts.model import Contract
from mockcloud.contracts.sources import sources
from mockcloud.contracts.vocabulary import JSON_CONDITIONS, JSON_CONSTRAINTS
from mockcloud.messages import Json

UNSAID: Final = (
    "JSON Schema cannot compare two members. What it can say is said here: the case in which the other one is absent "
    "and has a default. "
    "x-at-least is the whole rule: where both are numbers, the member is not less than the other."
)
PASSED: Final = (
    "x-unless holds what the contract demands here, and the setting by which mockcloud lets it pass, as it does by default."
)

Passed = Mapping[tuple[int, str], Json]
"""The settings that let a rule pass, by the schema that it stands in and the key that breaks it there."""


def standard(schema: JsonSchema, contract: Contract) -> Json:
    """The schema as one tree of standard keywords, with evidence and reasons beside the rules."""
    return _Writer(_passed(schema, contract)).written(schema.tree)


def unsaid(schema: JsonSchema) -> set[str]:
    """The rules of a schema that plain JSON Schema says only in part."""
    return {name for name, place in zip(schema.rules, schema.places, strict=True) if "x-at-least" in place.schema}


def cited(contract: Contract, evidence: Iterator[str]) -> Json:
    """The documents and contradictions that evidence names, by their ids: title, kind and place, or decision and reason."""
    found: dict[str, Json] = {}
    for source in sources(contract, dict.fromkeys(evidence)):
        if source.kind == "contradiction":
            found[f"contradiction#{source.document}"] = {"decision": source.title, "reason": source.reason}
        elif source.document:
            found[source.document] = {"title": source.title, "kind": source.kind, "where": source.where}
    return dict(sorted(found.items()))


def _passed(schema: JsonSchema, contract: Contract) -> Passed:
    settings = contract.defaults
    passed = {}
    for name, place in zip(schema.rules, schema.places, strict=True):
        setting = contract.errors.passed_over(name, settings) if contract.errors.broken(name) else ""
        if setting:
            passed[id(place.schema), place.key] = {"setting": setting, "is": settings[setting]}
    return passed


class _Writer:
    def __init__(self, passed: Passed) -> None:
        self.passed = passed

    def written(self, node: Json) -> Json:
        made: dict[str, Json] = {}
        for key, value in node.items():
            if key in JSON_CONSTRAINTS and (id(node), key) in self.passed:
                made.setdefault("x-unless", []).append({key: value, **self.passed[id(node), key]})
                made["$comment"] = PASSED
            else:
                made[key] = self.member(key, value)
        self.required(node, made)
        if (id(node), "x-rule") in self.passed:
            _let_pass(node, made, self.passed[id(node), "x-rule"])
        elif "x-at-least" in node:
            made.setdefault("allOf", []).extend(_without_the_other(node["x-at-least"]))
            made["$comment"] = UNSAID
        if "x-says" in node:
            about = node.get("x-about", "")
            made["description"] = f"Refused: {about} {node['x-says']}".replace("  ", " ")
        return made

    def member(self, key: str, value: Json) -> Json:
        below = _BELOW.get(key)
        return below(self, value) if below else value

    def each(self, value: list[Json]) -> Json:
        return [self.written(one) for one in value]

    def by_name(self, value: dict[str, Json]) -> Json:
        return {name: self.written(one) for name, one in value.items()}

    def required(self, node: Json, made: dict[str, Json]) -> None:
        for name in node.get("required", ()):
            if (id(node), f"required {name}") in self.passed:
                made["required"] = [one for one in made["required"] if one != name]
                made.setdefault("x-unless", []).append({"required": [name], **self.passed[id(node), f"required {name}"]})
                made["$comment"] = PASSED


_BELOW: Final[Mapping[str, Callable[[_Writer, Json], Json]]] = {
    **dict.fromkeys(("not", "if", "then", "items"), _Writer.written),
    **dict.fromkeys(("anyOf", "allOf"), _Writer.each),
    "properties": _Writer.by_name,
}
"""How what stands below a keyword is written, where schemas stand there."""


def _let_pass(node: Json, made: dict[str, Json], setting: Json) -> None:
    demand = {key: made.pop(key) for key in sorted({*JSON_CONDITIONS, "then"}) if key in made}
    made.setdefault("x-unless", []).append({**demand, **setting})
    made["$comment"] = PASSED


def _without_the_other(demand: Json) -> list[Json]:
    """The comparison where the other member is absent, and so has its default; nothing where it has none."""
    if "other_default" not in demand:
        return []
    enough: list[Json] = [{"minimum": demand["other_default"]}]
    if "unless" in demand:
        enough.append({"enum": demand["unless"]})
    return [{"anyOf": [{"required": [demand["other"]]}, {"properties": {demand["member"]: {"anyOf": enough}}}]}]
