"""Query strings and form bodies, and nested data as flat dotted names."""

from __future__ import annotations

from typing import Final
from urllib.parse import unquote_to_bytes

from mockcloud.codecs.malformed import Malformed
from mockcloud.messages import Json

PARAMETERS = 1000

_ESCAPES: Final = {f"{one}{two}": chr(int(one + two, 16)) for one in "0123456789abcdefABCDEF" for two in "0123456789abcdefABCDEF"}
"""The byte of each percent escape, as the character of that number."""


def pairs(text: str) -> list[tuple[str, str]]:
    """The decoded pairs in their order, blank values kept. Raises Malformed for bytes that are not UTF-8."""
    if not text:
        return []
    if text.count("&") >= PARAMETERS:
        raise Malformed(f"there are more than {PARAMETERS} parameters")
    if not text.isascii():
        return _decoded_pairs(text)
    parts = [item.partition("=") for item in text.replace("+", " ").split("&") if item]
    if "%" not in text:
        return [(name, value) for name, _, value in parts]
    try:
        return [
            (_unescaped(name) if "%" in name else name, _unescaped(value) if "%" in value else value) for name, _, value in parts
        ]
    except UnicodeError:
        return _decoded_pairs(text)


def _unescaped(text: str) -> str:
    """The meaning of an ASCII text without plus signs. What is no escape stands for itself. Raises UnicodeError."""
    made, *rest = text.split("%")
    for part in rest:
        byte = _ESCAPES.get(part[:2])
        made += f"%{part}" if byte is None else byte + part[2:]
    return made if made.isascii() else made.encode("latin-1").decode("utf-8")


def _decoded_pairs(text: str) -> list[tuple[str, str]]:
    """The pairs of any text, or Malformed, which names the part that is not UTF-8."""
    parts = [item.partition("=") for item in text.split("&") if item]
    return [(_decoded(name), _decoded(value)) for name, _, value in parts]


def _decoded(text: str) -> str:
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
