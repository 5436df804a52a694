"""What can be wrong with the bytes of any request before its rules are asked: the body, its encoding, the signature.

Knows requests and ways of reading, no vendor. Law: of the request as it was, one thing is wrong; whether a cloud minds is for a
cloud to say.
"""

from __future__ import annotations

import gzip
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from typing import Final, NamedTuple

from mockcloud.contracts.model import Contract, Operation
from mockcloud.drafting.requests.parameters import with_body
from mockcloud.drafting.spoiling import signatures, strangers
from mockcloud.messages import Credential, Request
from mockcloud.pipeline.service import WELL_KNOWN

MORE_THAN_ANYBODY: Final = 1_001
"""Parameters that no request has."""


class Breakage(NamedTuple):
    """A request with one thing wrong: what it is called, a sentence, and what makes its bytes."""

    label: str
    says: str
    make: Callable[[], Request]


class Spoiling(NamedTuple):
    """One way to spoil a body: what is wrong with it in words, and what becomes of its bytes."""

    wrong: str
    spoil: Callable[[bytes], bytes]


def _half(body: bytes) -> bytes:
    return body[: max(1, len(body) // 2)]


def _latin(body: bytes) -> bytes:
    return re.sub(rb"x|[a-z0-9](?=[\"<])", b"\xe9", body, count=1) if body else b"\xe9"


_ANY: Final = {
    "cut": Spoiling("ends in the middle", _half),
    "cut at its end": Spoiling("lacks its last byte", lambda body: body[:-1]),
    "empty": Spoiling("is empty", lambda body: b""),
    "twice over": Spoiling("stands there twice", lambda body: body + body),
    "in UTF-16": Spoiling("is in UTF-16", lambda body: body.decode("utf-8").encode("utf-16")),
    "in Latin-1": Spoiling("has a byte of Latin-1", _latin),
    "packed": Spoiling("is packed by gzip, and nobody says so", lambda body: gzip.compress(body, mtime=0)),
    "behind NULs": Spoiling("begins with a NUL", lambda body: b"\0" + body),
}

BODIES: Final[dict[str, dict[str, Spoiling]]] = {
    "json": {
        **_ANY,
        "a list": Spoiling("is in a list", lambda body: b"[" + body + b"]"),
        "a text": Spoiling("is a text", lambda body: b'"x"'),
        "a number": Spoiling("is a number", lambda body: b"1"),
        "nothing": Spoiling("is null", lambda body: b"null"),
        "member twice": Spoiling(
            "has a member twice", lambda body: b'{"x":1,"x":2' + (b"," if len(body) > 2 else b"") + body[1:]
        ),
        "comma too many": Spoiling("has a comma too many", lambda body: body[:-1] + b",}"),
        "single quotes": Spoiling("has single quotes", lambda body: body.replace(b'"', b"'")),
        "comment": Spoiling("has a comment", lambda body: body + b" // x"),
        "NaN": Spoiling("has a NaN", lambda body: body[:-1] + (b"," if len(body) > 2 else b"") + b'"x":NaN}'),
        "bare name": Spoiling("has a name without quotes", lambda body: b"{x:1" + (b"," if len(body) > 2 else b"") + body[1:]),
        "True": Spoiling(
            "is written as Python writes it", lambda body: body[:-1] + (b"," if len(body) > 2 else b"") + b'"x":True}'
        ),
        "a form": Spoiling("is a form", lambda body: b"x=1&y=2"),
    },
    "xml": {
        **_ANY,
        "no end": Spoiling("has an element without an end", lambda body: body.replace(b"</", b"<x></", 1)),
        "crossed ends": Spoiling("has ends that cross", lambda body: body.replace(b"</", b"<x><y></x></y></", 1)),
        "ampersand": Spoiling("has a bare ampersand", lambda body: body.replace(b"</", b"a & b</", 1)),
        "entity": Spoiling("has an entity that nobody declared", lambda body: body.replace(b"</", b"&nbsp;</", 1)),
        "attribute": Spoiling("has an attribute without quotes", lambda body: body.replace(b">", b" x=1>", 1)),
        "other root": Spoiling("has another root element", lambda body: b"<mockcloud>" + body + b"</mockcloud>"),
        "control": Spoiling("has a control that XML cannot carry", lambda body: body.replace(b"</", b"\x01</", 1)),
        "doctype": Spoiling("declares a document type", lambda body: b"<!DOCTYPE x>" + body),
        "declared otherwise": Spoiling(
            "says that it is in UTF-16", lambda body: b'<?xml version="1.0" encoding="utf-16"?>' + body
        ),
        "JSON": Spoiling("is JSON", lambda body: b'{"x":1}'),
    },
    "parameters": {
        "not UTF-8": Spoiling("is not UTF-8", lambda body: body + b"&x=\xff"),
        "escapes not UTF-8": Spoiling("has escapes that are not UTF-8", lambda body: body + b"&x=%ff%fe"),
        "too much": Spoiling("has more parameters than anybody", lambda body: body + b"&x=1" * MORE_THAN_ANYBODY),
    },
}
"""For each way of reading how bodies can be spoilt."""

MEDIA: Final = ("application/json", "application/xml", "text/plain", "multipart/form-data; boundary=x", "")
"""Content types, one of which is wrong for any body; empty for none at all."""


class Breaking(NamedTuple):
    """A request to break: before it was signed, and what signs it, as the vendor's clients do or with another credential.

    `at` is which character is another one in what is altered, the last for -1.
    """

    contract: Contract
    operation: Operation
    asked: Request
    sign: Callable[[Request, Credential], Request]
    at: int = -1


def breakages(breaking: Breaking) -> Iterator[Breakage]:
    """What can be wrong with the bytes: what is not the signature's fault is signed all the same."""
    yield from _of_caller(breaking)
    if breaking.asked.body:
        yield from _of_body(breaking)
    yield from _of_signature(breaking)


def _of_caller(breaking: Breaking) -> Iterator[Breakage]:
    contract, operation, asked, sign, _ = breaking
    signed = partial(sign, asked, WELL_KNOWN)
    unsigned = lambda: strangers.unsigned(operation, asked, signed())  # noqa: E731  # one of four, each a line
    yield Breakage("unsigned", f"A request of {operation.name} that nobody signed.", unsigned)
    forged = partial(sign, asked, strangers.FORGER)
    yield Breakage("forged", f"A request of {operation.name} that is signed with another secret.", forged)
    nobody = partial(sign, asked, strangers.NOBODY)
    yield Breakage("nobody", f"A request of {operation.name} by a key that nobody has.", nobody)
    method = strangers.other_method(contract, operation)
    if method:
        says = f"The path of {operation.name} asked with {method}, which it does not have."
        yield Breakage(f"method {method}", says, partial(sign, replace(asked, method=method), WELL_KNOWN))


def _of_body(breaking: Breaking) -> Iterator[Breakage]:
    """Bodies that cannot be read, or are said to be something else."""
    name, asked, sign = breaking.operation.name, breaking.asked, breaking.sign
    for kind, (wrong, spoil) in BODIES.get(breaking.operation.reads, {}).items():
        make = partial(_spoilt, breaking, spoil)
        yield Breakage(f"body {kind}", f"A request of {name} whose body {wrong}.", make)
    packed = with_body(asked, gzip.compress(asked.body, mtime=0))
    said = replace(packed, headers=(*packed.headers, ("Content-Encoding", "gzip")))
    yield Breakage("body in gzip", f"A request of {name} whose body is packed by gzip.", partial(sign, said, WELL_KNOWN))
    for media in MEDIA:
        told = tuple((name, media) if name.lower() == "content-type" else (name, value) for name, value in asked.headers)
        otherwise = replace(asked, headers=tuple(pair for pair in told if pair[1]))
        says = f"A request of {name} whose body is said to be {media or 'nothing in particular'}."
        yield Breakage(f"content type {media or 'missing'}", says, partial(sign, otherwise, WELL_KNOWN))


def _spoilt(breaking: Breaking, spoil: Callable[[bytes], bytes]) -> Request:
    return breaking.sign(with_body(breaking.asked, spoil(breaking.asked.body)), WELL_KNOWN)


def _of_signature(breaking: Breaking) -> Iterator[Breakage]:
    """The signed request with one component of its signature altered, emptied, removed or doubled."""
    signed = breaking.sign(breaking.asked, WELL_KNOWN)
    for component in signatures.components(breaking.asked, signed):
        for done, change in signatures.ALTERATIONS.items():
            says = f"A request of {breaking.operation.name} in whose signature {component.name} was {done}."
            make = partial(component.put, signed, change(component.value, breaking.at))
            yield Breakage(f"signature: {component.name} {done}", says, make)
