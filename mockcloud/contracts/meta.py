"""Hold our own data files to their meta-schemas, and say in one sentence what is wrong.

Knows `schemas/meta/`. The fast validator decides where it is installed; the reference one explains.
"""

from __future__ import annotations

import json
from functools import cache
from typing import Any

from mockcloud.contracts.folders import own_folder
from mockcloud.errors import ContractError, nearest
from mockcloud.messages import Json


@cache
def schema(kind: str) -> Json:
    """The meta-schema of one kind of data file."""
    return json.loads((own_folder() / "meta" / f"{kind}.schema.json").read_text(encoding="utf-8"))


@cache
def _fast(kind: str) -> Any:
    try:
        import jsonschema_rs
    except ImportError:
        return None
    return jsonschema_rs.Draft202012Validator(schema(kind))


def check(data: Json, kind: str, file: str) -> None:
    """Raise ContractError where the data is not what its meta-schema says."""
    fast = _fast(kind)
    if fast is not None and fast.is_valid(data):
        return
    from jsonschema import Draft202012Validator

    _refuse(list(Draft202012Validator(schema(kind)).iter_errors(data)), file)


def check_schema(data: Json, file: str) -> None:
    """Raise ContractError where a JSON Schema is none: `minimum: "1"`, `type: "interger"`."""
    try:
        import jsonschema_rs
    except ImportError:
        pass
    else:
        if jsonschema_rs.meta.is_valid(data):
            return
    from jsonschema import Draft202012Validator

    _refuse(list(Draft202012Validator(Draft202012Validator.META_SCHEMA).iter_errors(data)), file)


def _refuse(errors: list[Any], file: str) -> None:
    if not errors:
        return
    from jsonschema.exceptions import best_match

    # A stray key beside a missing one is most likely that one misspelt.
    stray = [error for error in errors if error.validator == "additionalProperties"]
    error = stray[0] if stray else best_match(iter(errors))
    pointer = "".join(f"/{step}" for step in error.absolute_path)
    raise ContractError(file, pointer, _sentence(error))


def _sentence(error: Any) -> str:
    if error.validator == "additionalProperties":
        known = error.schema.get("properties", {})
        stray = next(name for name in error.instance if name not in known)
        return f"unknown key '{stray}'.{nearest(stray, known)}"
    if error.validator == "enum":
        return f"{error.instance!r} is not known.{nearest(str(error.instance), map(str, error.validator_value))}"
    # Of several forms, such as one type or a list of them, a misspelt word was most likely meant to be one of the words.
    words = [one for one in error.context if one.validator == "enum" and isinstance(one.instance, str)]
    return _sentence(words[0]) if words else str(error.message)
