"""The fields of an operation's request, one row each.

Knows both languages of schemas. Law: every member that the schema names has its row, and every rule stands on one.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

from mockcloud.contracts.json_schema import JsonSchema
from mockcloud.contracts.model import Operation
from mockcloud.contracts.rules import Rule
from mockcloud.contracts.vocabulary import TEXT_READS
from mockcloud.contracts.xsd_reader import UNBOUNDED, Node
from mockcloud.messages import Json
from mockcloud.reports.dossier import Side
from mockcloud.reports.words import is_named, phrase

_IN_COLUMNS = {"type", "required"}


def fields(operation: Operation) -> list[dict[str, Json]]:
    """The rows: `path`, `type`, `required`, `default` (None for none), `constraints` (phrases, and the names of conditions)."""
    schema = operation.request
    text = operation.reads in TEXT_READS
    side = Side(operation, schema, text)
    by_path: dict[str, list[Rule]] = {}
    for rule in schema.rules.values():
        by_path.setdefault(side.place(rule), []).append(rule)
    if isinstance(schema, JsonSchema):
        in_path = {step[1:-1] for step in operation.path.split("/") if step.startswith("{")}
        whole = [_row("", "object", None, required=True)] if "" in by_path else []
        rows = chain(whole, _of_json(schema.tree, "", text=text, always=in_path))
    else:
        rows = chain(_of_xml(schema.root))
    return [{**row, "constraints": _phrases(by_path.get(row["path"], []))} for row in rows]


def _phrases(rules: list[Rule]) -> list[str]:
    once = [rule for rule in rules if not (rule.constraint == "maxOccurs" and rule.demand == 1)]
    return [rule.constraint if is_named(rule) else phrase(rule) for rule in once if rule.constraint not in _IN_COLUMNS]


def _row(path: str, kind: str, default: Json, *, required: bool) -> dict[str, Json]:
    return {"path": path, "type": kind, "required": required, "default": default}


def _of_json(schema: Json, path: str, *, text: bool, always: set[str]) -> Iterator[dict[str, Json]]:
    required = set(schema.get("required", ())) | always
    for name, member in schema.get("properties", {}).items():
        below = f"{path}/{name}"
        default = member.get("default")
        if "x-default-from" in member:
            default = f"the value of {member['x-default-from']}"
        yield _row(below, _kind(member, text=text), default, required=name in required)
        yield from _of_json(member, below, text=text, always=set())
    for part in schema.get("allOf", ()):
        yield from _of_json(part, path, text=text, always=set()) if "properties" in part and "if" not in part else ()
    if "items" in schema:
        below = f"{path}/*"
        yield _row(below, _kind(schema["items"], text=text), None, required=False)
        yield from _of_json(schema["items"], below, text=text, always=set())


def _kind(member: Json, *, text: bool) -> str:
    if member.get("readOnly"):
        return "ignored"
    kind = member.get("type")
    if kind:
        return " or ".join(kind) if isinstance(kind, list) else str(kind)
    if text:
        return "string"
    values = [*member.get("enum", ()), *([member["const"]] if "const" in member else [])]
    kinds = {_KINDS.get(type(value), "any") for value in values}
    return kinds.pop() if len(kinds) == 1 else "object" if "properties" in member else "any"


_KINDS = {str: "string", int: "integer", float: "number", bool: "boolean", dict: "object", list: "array"}


def _of_xml(node: Node) -> Iterator[dict[str, Json]]:
    if node.path or node.asserts:
        kind = "element" if node.children is not None else node.base
        repeated = " (repeated)" if node.most == UNBOUNDED or node.most > 1 else ""
        yield _row(node.path, kind + repeated, node.default, required=bool(node.least))
    for child in (node.children or {}).values():
        yield from _of_xml(child)
