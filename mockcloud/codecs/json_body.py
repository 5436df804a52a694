"""JSON bodies. Strict where tolerance hides defects: UTF-8 only, no repeated members, no NaN, bounded depth."""

from __future__ import annotations

import json
from math import isfinite

from mockcloud.codecs.malformed import Malformed
from mockcloud.messages import Json

try:
    import orjson as _orjson
except ImportError:
    _orjson = None  # type: ignore[assignment]  # the extra [fast] is not installed

DEPTH = 64
ELEMENTS = 50_000
"""Members and elements of a body, a few less than its commas."""


class Exponential(float):
    """A number that Python writes with an exponent. The compiled encoder, which writes some of these otherwise, refuses
    what is not quite a float: so that answers are the same bytes with it and without."""


def _unique(pairs: list[tuple[str, Json]]) -> dict[str, Json]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise Malformed("a member stands twice in one object")
    return found


def _number(text: str) -> float:
    """A number with a fraction or an exponent; one that is whole all the same is an integer, as schemas see it."""
    number = float(text)
    if not isfinite(number):
        raise Malformed(f"the number {text[:20]} is out of range")
    if not 1e-4 <= abs(number) < 1e16:
        return Exponential(number) if number else 0
    return int(number) if number.is_integer() else number


def _constant(text: str) -> Json:
    raise Malformed(f"{text} is not JSON")


_decoder = json.JSONDecoder(object_pairs_hook=_unique, parse_float=_number, parse_constant=_constant)
_encoder = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), allow_nan=False, check_circular=False)


def decode(body: bytes, *, nulls: bool = False) -> Json:
    """Plain data, without null members unless they are asked for. Raises Malformed."""
    if body.count(b",") > ELEMENTS:
        raise Malformed(f"the body has more than {ELEMENTS} members and elements")
    try:
        text = body.decode("utf-8")
        found = _whole(text)
        if "\\u" in text:
            _encoder.encode(found).encode("utf-8")
        if b"null" not in body and body.count(b"[") + body.count(b"{") <= DEPTH:
            return found
        return _bounded(found, nulls=nulls)
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


def _bounded(found: Json, *, nulls: bool) -> Json:
    without = without_nulls(found)
    return found if nulls else without


def without_nulls(value: Json, depth: int = 0) -> Json:
    """The same data without members that are null: real clients send null for what they leave out."""
    if not isinstance(value, (dict, list)):
        return value
    if depth >= DEPTH:
        raise Malformed(f"the body is nested deeper than {DEPTH}")
    if isinstance(value, list):
        return [without_nulls(item, depth + 1) for item in value]
    return {name: without_nulls(member, depth + 1) for name, member in value.items() if member is not None}


def encode(data: Json) -> bytes:
    """Compact UTF-8, of decoded data the same bytes whether the compiled encoder is installed or not."""
    if _orjson is not None:
        try:
            body: bytes = _orjson.dumps(data)
        except TypeError:
            # Numbers beyond 64 bits or with exponents, lone surrogates.
            return _plainly(data)
        # What is no number becomes a null there, and an error here.
        if b"null" not in body:
            return body
    return _plainly(data)


def _plainly(data: Json) -> bytes:
    return _encoder.encode(data).encode("utf-8", "replace")
