"""The packs of vectors, each made once for all tests, and their vectors as requests and responses again."""

from __future__ import annotations

import base64
import json
from functools import cache
from typing import Any

from mockcloud import Request, Response
from mockcloud.exports import vectors
from mockcloud.exports.exported import Exported


@cache
def exported(provider: str) -> Exported:
    """The one file of a pack."""
    (made,) = vectors.export(provider)
    return made


@cache
def pack(provider: str) -> Any:
    """The pack as plain data."""
    return json.loads(exported(provider).content)


def vectors_of(provider: str, operation: str = "") -> list[Any]:
    """The vectors of a provider, or of one of its operations."""
    return [one for one in pack(provider)["vectors"] if operation in ("", one["operation"])]


def request_of(vector: Any) -> Request:
    """The request of a vector, as it stands on the wire."""
    asked = vector["request"]
    return Request(asked["method"], asked["target"], asked["host"], tuple(map(tuple, asked["headers"])), body_of(asked))


def response_of(vector: Any) -> Response:
    """The response of a vector."""
    answered = vector["response"]
    return Response(answered["status"], tuple(map(tuple, answered["headers"])), body_of(answered))


def body_of(message: Any) -> bytes:
    return base64.b64decode(message["body_base64"]) if "body_base64" in message else message["body"].encode()
