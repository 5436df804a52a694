"""Members that are null: in a JSON request they are as good as absent, because real clients send null for what they leave out.

Knows JSON Schema. Law: where a schema speaks of a member that is there, here it speaks of one that is there and not null.
"""

from __future__ import annotations

from typing import Final

from mockcloud.messages import Json

_LISTS: Final = ("anyOf", "allOf")
_SINGLES: Final = ("not", "if", "then", "items")
_WRAPPED: Final = frozenset({"const", "anyOf", "not", "if", "allOf"})
"""What a null is not let through by, or only by chance."""


def nullable(schema: Json) -> Json:
    """The schema of a request's body for the body as it is sent, however deep."""
    made = dict(schema)
    for key in _LISTS:
        if key in made:
            made[key] = [nullable(one) for one in made[key]]
    for key in _SINGLES:
        if key in made:
            made[key] = nullable(made[key])
    required = schema.get("required", ())
    members = {name: nullable(member) for name, member in schema.get("properties", {}).items()}
    if members or required:
        given = {**members, **{name: {} for name in required if name not in members}}
        made["properties"] = {name: _no_null(one) if name in required else _or_null(one) for name, one in given.items()}
    return made


def _or_null(schema: Json) -> Json:
    if _WRAPPED & schema.keys():
        return {"anyOf": [schema, {"type": "null"}]}
    made = dict(schema)
    if "type" in schema:
        kinds = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
        made["type"] = list(dict.fromkeys([*kinds, "null"]))
    if "enum" in schema:
        made["enum"] = list(schema["enum"]) if None in schema["enum"] else [*schema["enum"], None]
    return made


def _no_null(schema: Json) -> Json:
    if {"type", "const", "enum"} & schema.keys():
        return schema
    if "not" in schema:
        return {"allOf": [schema, {"not": {"type": "null"}}]}
    return {**schema, "not": {"type": "null"}}
