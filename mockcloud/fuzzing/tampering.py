"""Requests that were changed after they were signed, one part at a time: whoever checks a signature whole refuses them.

Knows the parts of a request, no scheme. Law: what a part is changed into stands in another valid request, so that nothing but
the signature is wrong.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Final

from mockcloud.drafting import decks
from mockcloud.drafting.requests import parameters
from mockcloud.drafting.requests.drafts import Draft
from mockcloud.drafting.sessions.session import Session
from mockcloud.drafting.spoiling.breakages import Breaking, breakages
from mockcloud.drafting.spoiling.strangers import Spoilt
from mockcloud.messages import Request

SIGNATURE: Final = "signature: "
"""How the labels of breakages begin that are about a signature."""

EARLIER: Final = 1
"""Seconds between two signatures of one request: none of them is stale."""


def of_operation(session: Session, draft: Draft) -> Iterator[Spoilt]:
    """The request with one part of another valid request of its operation, or of the same one signed a moment before."""
    bare, at = draft.request(session.host), session.next
    # Both at times that are said: of two that are read off a clock a second's end may lie between.
    asked, earlier = session.signed(bare, at=at), session.signed(bare, at=at - EARLIER)
    for name, part in PARTS.items():
        for other in decks.drafts(draft.operation.id):
            changed = part(asked, other.request(session.host))
            if changed is not None and changed != asked:
                yield Spoilt(f"signed, then its {name} changed", f"A request whose {name} was changed after signing.", changed)
                break
    for name in _signing(bare, asked):
        changed = _with_header(asked, name, earlier)
        if changed != asked:
            says = f"A request whose {name} is that of another signature."
            yield Spoilt(f"signed, then its {name} changed", says, changed)


def of_signature(session: Session, draft: Draft) -> Iterator[Spoilt]:
    """The request with one component of its signature altered, emptied, removed or doubled."""
    breaking = Breaking(session.contract, draft.operation, draft.request(session.host), session.signed)
    for one in breakages(breaking):
        if one.label.startswith(SIGNATURE):
            yield Spoilt(one.label, one.says, one.make())


def _body(asked: Request, other: Request) -> Request | None:
    if not asked.body or not other.body or _form(asked):
        return None
    return parameters.with_body(asked, other.body)


def _query(asked: Request, other: Request) -> Request | None:
    if asked.path != other.path or not other.query or asked.body:
        return None
    return _with_parameters(asked, other)


def _fields(asked: Request, other: Request) -> Request | None:
    return _with_parameters(asked, other) if _form(asked) and _form(other) else None


PARTS: Final[Mapping[str, Callable[[Request, Request], Request | None]]] = {
    "body": _body,
    "query": _query,
    "form": _fields,
}
"""How a part of another request is put into one that is signed; None where it has no such part."""


def _with_parameters(asked: Request, other: Request) -> Request | None:
    """The first request with a parameter of the second that it does not have, or has otherwise."""
    for name, value in parameters.pairs(other):
        if not parameters.has(asked, name):
            return parameters.added(asked, name, value)
        if dict(parameters.pairs(asked)).get(name) != value:
            return parameters.altered(asked, name, value)
    return None


def _form(request: Request) -> bool:
    return "form-urlencoded" in (request.header("content-type") or "")


def _signing(before: Request, after: Request) -> list[str]:
    """The headers that signing put in."""
    had = {name.lower() for name, _ in before.headers}
    return [name for name, _ in after.headers if name.lower() not in had]


def _with_header(asked: Request, name: str, other: Request) -> Request:
    value = other.header(name.lower())
    return replace(asked, headers=tuple((one, value if one == name and value else old) for one, old in asked.headers))
