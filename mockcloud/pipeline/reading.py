"""Read the arguments of a request from where its operation has them: path, query, form, JSON, XML.

Knows the ways of reading, no vendor. Law: bytes that cannot be read are a refusal, whatever they are.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable
from typing import Final

from mockcloud.codecs import form_body, json_body, xml_body
from mockcloud.codecs.malformed import Malformed
from mockcloud.messages import Json, Refusal, Request
from mockcloud.pipeline.call import Call

BODY_LIMIT: Final = 8 * 1024 * 1024


def body(call: Call) -> None:
    """Hold the body to the contract's rules for bodies and read the arguments."""
    request = call.request
    if len(request.body) > BODY_LIMIT:
        raise Refusal("body-too-large", limit=BODY_LIMIT)
    contract = call.contract
    if (contract.content_length or contract.content_md5) and request.method in ("POST", "PUT"):
        _check_length(call)
    try:
        READERS[call.candidates[0].reads](call)
    except Malformed as problem:
        raise Refusal("malformed-body", note=str(problem), problem=str(problem)) from None


def _check_length(call: Call) -> None:
    request = call.request
    if call.contract.content_length and request.header("content-length") is None:
        raise Refusal("missing-content-length")
    digest = request.header("content-md5") if call.contract.content_md5 else None
    if digest is not None and digest != _md5(request.body):
        raise Refusal("content-digest", note=f"Content-MD5 is {digest!r}, the body's is {_md5(request.body)!r}")


def _md5(body: bytes) -> str:
    return base64.b64encode(hashlib.md5(body, usedforsecurity=False).digest()).decode()


def _path(call: Call) -> None:
    _read(call, dict(call.in_path))


def _query(call: Call) -> None:
    _read(call, {**dict(form_body.pairs(call.request.query)), **call.in_path})


def _parameters(call: Call) -> None:
    given = dict(form_body.pairs(call.request.query))
    given.update(_body_parameters(call.request))
    _read(call, {**given, **call.in_path})


def _body_parameters(request: Request) -> dict[str, str]:
    if not request.body:
        return {}
    if not is_json(request):
        return dict(form_body.decode(request.body))
    data = json_body.decode(request.body)
    if not isinstance(data, dict):
        raise Malformed(f"a JSON object is wanted, found {type(data).__name__}")
    return form_body.flatten(data)


def is_json(request: Request) -> bool:
    """Whether a body of parameters is JSON: by its media type, else by its first byte."""
    media = (request.header("content-type") or "").partition(";")[0].strip().lower()
    if media == "application/json" or media.endswith("+json"):
        return True
    return media != "application/x-www-form-urlencoded" and request.body.lstrip()[:1] == b"{"


def _json(call: Call) -> None:
    if not call.request.body:
        raise Refusal("missing-body", note="the body is empty", problem="the body is empty")
    data = json_body.decode(call.request.body)
    if not isinstance(data, dict):
        raise Malformed(f"a JSON object is wanted, found {type(data).__name__}")
    _read(call, {**data, **call.in_path})


def _xml(call: Call) -> None:
    if not call.request.body:
        raise Refusal("missing-body", note="the body is empty", problem="the body is empty")
    root = xml_body.decode(call.request.body)
    wanted = call.candidates[0].root
    if root.tag != wanted:
        raise Malformed(f"the root element is {str(root.tag)[:40]}, not {wanted}")
    call.document = root


def _read(call: Call, arguments: dict[str, Json]) -> None:
    call.arguments = call.document = arguments


READERS: Final[dict[str, Callable[[Call], None]]] = {
    "none": _path,
    "query": _query,
    "parameters": _parameters,
    "json": _json,
    "xml": _xml,
}
