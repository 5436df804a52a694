"""`if` and `then` as alternatives: many tools for OpenAPI know no `if`, and others are lost among several.

Knows JSON Schema. Law: the schema takes what it took before.
"""

from __future__ import annotations

from mockcloud.messages import Json


def without_if(schema: Json) -> Json:
    """The schema with `anyOf` in the place of every `if`, however deep."""
    if isinstance(schema, list):
        return [without_if(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    made = {key: value if key in ("const", "enum", "default") else without_if(value) for key, value in schema.items()}
    if not ("if" in made and "then" in made and isinstance(made["if"], dict)):
        return made
    either = {"anyOf": [{"not": made.pop("if")}, made.pop("then")]}
    if "anyOf" in made:
        made.setdefault("allOf", []).append(either)
    else:
        made.update(either)
    return made
