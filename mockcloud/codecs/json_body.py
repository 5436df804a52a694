"""JSON bodies. Strict where tolerance hides defects: UTF-8 only, no repeated members, no NaN, bounded depth."""

from __future__ import annotations

import json
import re
from math import isfinite

from mockcloud.codecs.malformed import Malformed
from mockcloud.messages import Json

try:
    import orjson as _orjson
except ImportError:
    _orjson = None  # type: ignore[assignment]  # the extra [fast] is not installed

DEPTH = 64


def _unique(pairs: list[tuple[str, Json]]) -> dict[str, Json]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise Malformed("a member stands twice in one object")
    return found


def _finite(text: str) -> float:
    number = float(text)
    if not isfinite(number):
        raise Malformed(f"the number {text[:20]} is out of range")
    return number


def _constant(text: str) -> Json:
    raise Malformed(f"{text} is not JSON")


_decoder = json.JSONDecoder(object_pairs_hook=_unique, parse_float=_finite, parse_constant=_constant)
_encoder = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), allow_nan=False, check_circular=False)


def decode(body: bytes) -> Json:
    """Plain data without null members. Raises Malformed."""
    try:
        text = body.decode("utf-8")
        found = _whole(text)
        if "\\u" in text:
            _encoder.encode(found).encode("utf-8")
        return without_nulls(found) if b"null" in body or body.count(b"[") + body.count(b"{") > DEPTH else found
    except UnicodeError:
        raise Malformed("the body is not UTF-8") from None
    except RecursionError:
        raise Malformed(f"the body is nested deeper than {DEPTH}") from None
    except json.JSONDecodeError as problem:
        raise Malformed(f"{problem.msg} at character {problem.pos}") from None
    except Malformed:
        raise
    except ValueError as problem:
        # int() refuses numbers of more than some thousand digits.
        raise Malformed(str(problem).partition(";")[0]) from None


def _whole(text: str) -> Json:
    """What `_decoder.decode` gives, without its search for blanks around a text that has none."""
    if text[:1] not in "{[":
        return _decoder.decode(text)
    found, end = _decoder.raw_decode(text)
    return found if not text[end:].strip(" \t\r\n") else _decoder.decode(text)


def without_nulls(value: Json, depth: int = 0) -> Json:
    """The same data without members that are null: real clients send null for what they leave out."""
    if not isinstance(value, (dict, list)):
        return value
    if depth >= DEPTH:
        raise Malformed(f"the body is nested deeper than {DEPTH}")
    if isinstance(value, list):
        return [without_nulls(item, depth + 1) for item in value]
    return {name: without_nulls(member, depth + 1) for name, member in value.items() if member is not None}


_EXPONENT = re.compile(rb"e[0-9-]")
_LONG = re.compile(rb"[0-9]{16}\.0\Z|[0-9]{16}\.0[,}\]]")
_NUMBER = re.compile(rb"[:\[,]-?[0-9.]{1,30}\Z")


def _may_differ(body: bytes) -> bool:
    """Whether the plain encoder may have written something else: very small and very large numbers, and what is no JSON."""
    if b"null" in body or b"0.0000" in body:
        return True
    # Ids are long runs of digits too, so the cheap question comes first: does a whole float end here at all?
    if (b".0," in body or b".0}" in body or b".0]" in body or body.endswith(b".0")) and _LONG.search(body):
        return True
    # Most of what looks like an exponent stands in a text.
    return any(_NUMBER.search(body, max(0, at.start() - 32), at.start()) for at in _EXPONENT.finditer(body))


def encode(data: Json) -> bytes:
    """Compact UTF-8, the same bytes whether the compiled encoder is installed or not."""
    if _orjson is not None:
        try:
            body: bytes = _orjson.dumps(data)
        except TypeError:
            # Numbers beyond 64 bits, lone surrogates.
            return _plainly(data)
        if not _may_differ(body):
            return body
    return _plainly(data)


def _plainly(data: Json) -> bytes:
    return _encoder.encode(data).encode("utf-8", "replace")
