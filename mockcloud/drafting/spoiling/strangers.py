"""Requests that no rule of a schema is about: of a wrong signature, of nobody, of no form, for no operation.

Knows how a request can be spoilt, no vendor. Law: what is spoilt is one thing; the rest is as the vendor's clients send it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Final, NamedTuple

from mockcloud.contracts.model import Contract, Operation
from mockcloud.contracts.rules import Rule
from mockcloud.contracts.vocabulary import TEXT_READS
from mockcloud.drafting.requests import parameters
from mockcloud.drafting.requests.drafts import Draft
from mockcloud.drafting.requests.parameters import with_body
from mockcloud.drafting.sessions.session import Session
from mockcloud.messages import Credential, Json, Request
from mockcloud.pipeline.service import WELL_KNOWN
from mockcloud.reports.json_values import ABSENT

METHODS: Final = ("PATCH", "DELETE", "PUT", "POST", "GET")
DAY: Final = 86_400
FORGER: Final = Credential(WELL_KNOWN.access_key, "not-the-secret", WELL_KNOWN.client_code)
NOBODY: Final = Credential("mockcloud-nobody", WELL_KNOWN.secret_key, WELL_KNOWN.client_code)
ELSEWHERE: Final = Credential(WELL_KNOWN.access_key, WELL_KNOWN.secret_key, "mockcloud-other")
NOWHERE: Final = "/mockcloud/no/such/path"
NO_SUCH: Final = "MockcloudUnknown"
OTHER_DIGEST: Final = "1B2M2Y8AsgTpgAmY7PhCfg=="
"""The MD5 of nothing, in base64."""

BODIES: Final = {
    "json": (
        ("cut", "ends in the middle", b'{"'),
        ("a list", "is a list, not an object", b"[]"),
        ("twice", "has a member twice", b'{"x":1,"x":2}'),
        ("not UTF-8", "is not UTF-8", b'{"x":"\xff"}'),
        ("empty", "is empty", b""),
    ),
    "xml": (
        ("cut", "ends in the middle", b"<ROOT><x>"),
        ("other root", "has another root element", b"<mockcloud/>"),
        ("doctype", "declares a document type", b"<!DOCTYPE ROOT><ROOT/>"),
        ("not UTF-8", "is not UTF-8", b"<ROOT>\xff</ROOT>"),
        ("empty", "is empty", b""),
    ),
    "parameters": (("cut", "is JSON that ends in the middle", b'{"'), ("not UTF-8", "is not UTF-8", b"x=\xff")),
}
"""For each way of reading the bodies that cannot be read: name, what is wrong in words, bytes. ROOT is the operation's own."""


class Spoilt(NamedTuple):
    """A request with one thing wrong: a name, a sentence and, signed or not, its bytes."""

    name: str
    says: str
    request: Request


def of_operation(session: Session, draft: Draft) -> Iterator[Spoilt]:
    """What can be wrong with a request of this operation before its rules are asked."""
    name, asked = draft.operation.name, draft.request(session.host)
    yield Spoilt("unsigned", f"A request of {name} that nobody signed.", unsigned(draft.operation, asked, session.signed(asked)))
    yield Spoilt("forged", f"A request of {name} that is signed with another secret.", session.signed(asked, FORGER))
    method = other_method(session.contract, draft.operation)
    if method:
        says = f"The path of {name} asked with {method}, which it does not have."
        yield Spoilt(f"method {method}", says, session.signed(replace(asked, method=method)))
    for kind, wrong, body in BODIES.get(draft.operation.reads, ()) if asked.body else ():
        spoilt = session.signed(with_body(asked, body.replace(b"ROOT", draft.operation.root.encode())))
        yield Spoilt(f"body {kind}", f"A request of {name} whose body {wrong}.", spoilt)


def of_provider(session: Session, draft: Draft) -> Iterator[Spoilt]:
    """What can be wrong with a request of any operation: this one stands for all of them."""
    contract, name, asked = session.contract, draft.operation.name, draft.request(session.host)
    yield Spoilt("nobody", f"A request of {name} by a key that nobody has.", session.signed(asked, NOBODY))
    elsewhere = session.signed(asked, ELSEWHERE)
    if elsewhere != session.signed(asked):
        yield Spoilt("other client code", f"A request of {name} with another client's code.", elsewhere)
    for when, seconds in (("before", -DAY), ("after", DAY)):
        dated = session.signed(asked, at=session.next + seconds)
        # A scheme without a time signs the same whenever.
        if dated != session.signed(asked):
            yield Spoilt(f"signed a day {when}", f"A request of {name} that was signed a day {when} it comes.", dated)
    for method in ("GET", "POST"):
        bare = Request(method, NOWHERE, session.host, (("Host", session.host), *_length(method)))
        yield Spoilt(f"no route {method}", f"{method} of a path that is no operation's.", session.signed(bare))
    if contract.target_limit:
        long = replace(asked, target="/" + "x" * contract.target_limit)
        yield Spoilt("long target", f"A target of {contract.target_limit + 1} characters.", session.signed(long))
    if contract.content_md5 and asked.body:
        headers = (*asked.headers, ("Content-MD5", OTHER_DIGEST))
        says = f"A request of {name} whose Content-MD5 is that of another body."
        yield Spoilt("other digest", says, session.signed(replace(asked, headers=headers)))
    if contract.content_length and asked.body:
        headers = tuple(pair for pair in asked.headers if pair[0] != "Content-Length")
        says = f"A request of {name} without a length and without a body."
        yield Spoilt("no length", says, session.signed(replace(asked, headers=headers, body=b"")))


def of_selection(session: Session, draft: Draft) -> Iterator[Spoilt]:
    """What can be wrong with the argument that tells an operation apart."""
    selector = draft.operation.selector
    if selector is None:
        return
    at = selector.argument[1:]
    spoilt: list[tuple[str, str, Json]] = [
        ("unknown operation", f"A request for an operation that there is not: {at} is {NO_SUCH}.", NO_SUCH)
    ]
    if told_by_absence(session.contract, draft.operation) is None:
        spoilt.append(("no operation", f"A request without {at}, by which operations are told.", ABSENT))
    for kind, says, value in spoilt:
        asked = draft.changed([(selector.argument, value)]).request(session.host)
        yield Spoilt(kind, says, session.signed(asked))


def taken(contract: Contract, operation: Operation, rule: Rule) -> Operation | None:
    """The operation whose request it would be if this rule were broken, None where it stays this one's."""
    selector = operation.selector
    if selector is None or (rule.path, rule.constraint) != (selector.argument, "required"):
        return None
    return told_by_absence(contract, operation)


def told_by_absence(contract: Contract, operation: Operation) -> Operation | None:
    """The operation on the same path that is asked where the argument which tells them apart is left out, if there is one."""
    beside = (one for one in contract.operations.values() if one.path == operation.path and one.selector)
    return next((one for one in beside if one.selector and one.selector.equals is None), None)


def unsigned(operation: Operation, asked: Request, signed: Request) -> Request:
    """The request without the parameters for which a schema asks and which signing fills in."""
    if operation.reads in TEXT_READS:
        for name in parameters.replaced(asked, signed):
            asked = parameters.altered(asked, name, None)
    return asked


def other_method(contract: Contract, operation: Operation) -> str:
    """A method that the path of an operation does not have, empty where it has all of them."""
    known = {method for one in contract.operations.values() if one.path == operation.path for method in one.methods}
    return next((one for one in METHODS if one not in known), "")


def _length(method: str) -> tuple[tuple[str, str], ...]:
    return (("Content-Length", "0"),) if method == "POST" else ()
