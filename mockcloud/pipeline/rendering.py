"""Put a result or a refusal into the vendor's envelope, and hold the answer to our own response schema.

Knows the codecs and the contract's views. Law: every answer is checked before it leaves; one that breaks
our own schema leaves all the same and is reported, because a client must not hang on a defect of ours.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from mockcloud.codecs import json_body
from mockcloud.contracts.catalogue import Answer
from mockcloud.contracts.model import Envelope, Schema
from mockcloud.contracts.views import ABSENT
from mockcloud.contracts.xml_schema import XmlSchema
from mockcloud.messages import Json, Refusal, Response, Violation
from mockcloud.pipeline.call import Call
from mockcloud.pipeline.scope import Scope, base
from mockcloud.pipeline.validation import fields

_UNSAFE = re.compile(r"[\x00-\x1f\x7f]|[^\x00-\xff]")


class Rendered(NamedTuple):
    """An answer, the code that it refuses with (empty on success), and the rules of ours that it breaks."""

    response: Response
    code: str
    defects: tuple[Violation, ...]


def success(call: Call, scope: Scope) -> Rendered:
    """The answer of an operation that was done."""
    envelope = call.contract.success
    scope["result"] = call.operation.result(scope)
    if scope["result"] is ABSENT:
        del scope["result"]
    return _rendered(envelope, envelope.status, scope, call.operation.response, "")


def refusal(call: Call, refused: Refusal) -> Rendered:
    """The vendor's own way of saying no."""
    answer = _answer(call, refused)
    error = {
        "code": answer.code,
        "status": answer.status,
        "message": answer.worded(refused.fields),
        "fields": refused.fields,
        "violations": [{"rule": broken.rule, **fields(broken)} for broken in refused.violations],
    }
    envelope = call.contract.refusal
    return _rendered(envelope, answer.status, {**base(call), "error": error}, envelope.schema, answer.code)


def _answer(call: Call, refused: Refusal) -> Answer:
    if refused.violations:
        earned = call.contract.errors.broken(refused.violations[0].rule)
        assert earned is not None  # noqa: S101  # the loader refuses a rule that earns nothing
        return earned
    return call.contract.errors.earned(refused.reason)


def _rendered(envelope: Envelope, status: int, scope: Scope, schema: Schema | None, code: str) -> Rendered:
    data = envelope.body(scope)
    body, defects = (b"", ()) if data is ABSENT else _encoded(envelope.codec, data, schema)
    headers = []
    for name, view in envelope.headers:
        value = view if isinstance(view, str) else _safe(view(scope))
        # The type of no body is left out, unless the contract has a view that says when there is one.
        if value and (body or name != "Content-Type" or value is not view):
            headers.append((name, value))
    headers.append(("Content-Length", str(len(body))))
    return Rendered(Response(status, tuple(headers), body), code, defects)


def _safe(value: Json) -> str:
    # What a request reflects into a header must not end it.
    text = "" if value is ABSENT else str(value)
    return text if text.isascii() and text.isprintable() else _UNSAFE.sub("?", text)


def _encoded(codec: str, data: Json, schema: Schema | None) -> tuple[bytes, tuple[Violation, ...]]:
    if codec == "json":
        return json_body.encode(data), _defects(schema, data)
    assert isinstance(schema, XmlSchema)  # noqa: S101  # the loader gives an XML envelope an XSD
    return schema.encode(data)


def _defects(schema: Schema | None, message: Json) -> tuple[Violation, ...]:
    return () if schema is None or schema.accepts(message) else schema.violations(message)
