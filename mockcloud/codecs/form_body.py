"""Query strings and form bodies, and nested data as flat dotted names."""

from __future__ import annotations

from urllib.parse import unquote_to_bytes

from mockcloud.codecs.malformed import Malformed
from mockcloud.messages import Json

PARAMETERS = 1000


def pairs(text: str) -> list[tuple[str, str]]:
    """The decoded pairs in their order, blank values kept. Raises Malformed for bytes that are not UTF-8."""
    if not text:
        return []
    items = text.split("&", PARAMETERS)
    if len(items) > PARAMETERS:
        raise Malformed(f"there are more than {PARAMETERS} parameters")
    parts = [item.partition("=") for item in items if item]
    if text.isascii() and "%" not in text and "+" not in text:
        return [(name, value) for name, _, value in parts]
    return [(_decoded(name), _decoded(value)) for name, _, value in parts]


def _decoded(text: str) -> str:
    if text.isalnum() and text.isascii():
        return text
    try:
        return unquote_to_bytes(text.replace("+", " ")).decode("utf-8")
    except UnicodeError:
        raise Malformed(f"'{text[:40]}' is not UTF-8") from None


def decode(body: bytes) -> list[tuple[str, str]]:
    """The pairs of a form body. Raises Malformed."""
    try:
        return pairs(body.decode("utf-8"))
    except UnicodeDecodeError:
        raise Malformed("the body is not UTF-8") from None


def flatten(data: Json) -> dict[str, str]:
    """Nested data as `A.0.B` names with text values; booleans as `true` and `false`, whole floats without fraction."""
    flat: dict[str, str] = {}
    _flatten(data, "", flat)
    return flat


def _flatten(data: Json, name: str, flat: dict[str, str]) -> None:
    if isinstance(data, dict):
        for key, value in data.items():
            _flatten(value, f"{name}.{key}" if name else key, flat)
    elif isinstance(data, list):
        for index, value in enumerate(data):
            _flatten(value, f"{name}.{index}", flat)
    elif data is not None:
        flat[name] = _as_text(data)


def _as_text(value: Json) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)
