"""Answers before they are sent: drafts that are held to the schema of a response.

Knows both languages of schemas and what the cloud itself answers. Law: what the cloud answers somewhere stands there, so that
what a schema leaves open is still such as the vendor writes it; and what it shows of a task in one state only is shown in none
of the others.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import cache

from mockcloud.contracts.model import Contract, Operation
from mockcloud.contracts.xml_schema import XmlSchema
from mockcloud.drafting.answers import bodies, heads, pointers
from mockcloud.drafting.answers.answered import answered
from mockcloud.drafting.answers.receiving import Reception
from mockcloud.drafting.decks import operation_of
from mockcloud.drafting.requests import places
from mockcloud.drafting.requests.drafts import Draft, draft
from mockcloud.messages import Json, Pairs, Response
from mockcloud.reports.json_values import ABSENT


@dataclass(frozen=True)
class Reply:
    """An answer as a draft, and the state and the code of a failure that it shows; empty for none."""

    draft: Draft = field(repr=False)
    state: str = ""
    failure: str = ""


@dataclass(frozen=True)
class Replies:
    """What is known of the answers of one operation that have a body.

    `seen` are the cloud's own, one for each state, the longest first. `full` is the longest with every member that no other
    has. `states` and `codes` are the places at which answers show the state of a task, and the code of its failure.
    """

    operation: Operation = field(repr=False)
    contract: Contract = field(repr=False)
    seen: tuple[Reply, ...]
    full: Draft = field(repr=False)
    headers: Pairs = field(repr=False)
    example: Json = field(repr=False)
    """The document of the answer whose headers they are."""
    states: tuple[str, ...]
    codes: tuple[str, ...]

    def response(self, message: bodies.Message, between: str = "") -> Response:
        """The message on the wire, with the headers that the cloud sends."""
        body = bodies.encoded(message, between)
        headers = heads.like(self.headers, self.example, bodies.document(message), body)
        return Response(self.contract.success.status, headers, body)


@cache
def replies(operation: str) -> Replies | None:
    """What is known of an operation's answers; None for one whose answers have no body, or of whose body nothing is known."""
    entry, found = operation_of(operation)
    if found.response is None:
        return None
    answers, mirrored = answered(operation), mirror(found)
    codec = entry.contract.success.codec
    read = [Reply(Draft(mirrored, bodies.message(codec, one.response.body), {}), one.state, one.failure) for one in answers]
    headers = answers[0].response.headers if answers else Reception(operation).success().headers
    example = bodies.document(read[0].draft.message) if read else None
    longest = {(one.state, one.failure): one for one in sorted(read, key=_length)}
    seen = sorted(longest.values(), key=_length, reverse=True)
    start = seen[0].draft if seen else draft(mirrored)
    if start is None:
        return None
    full = _filled(start, [one.draft for one in read])
    return Replies(found, entry.contract, tuple(seen), full, headers, example, tuple(_states(seen)), tuple(_codes(seen)))


def mirror(operation: Operation) -> Operation:
    """The operation with the schema of its response in the request's place, so that answers are drafted as requests are."""
    assert operation.response is not None  # noqa: S101  # who asks has looked
    reads = "xml" if isinstance(operation.response, XmlSchema) else "json"
    root = operation.response.root.name if isinstance(operation.response, XmlSchema) else ""
    return replace(operation, request=operation.response, path="/", query="", reads=reads, root=root, selector=None)


def _length(reply: Reply) -> int:
    return len(bodies.encoded(reply.draft.message))


def _filled(start: Draft, known: list[Draft]) -> Draft:
    """The answer with every member that goes with the others and that the cloud shows in no answer at all."""
    full = start
    for at, changes in places.members(start.operation.request):
        if not any(one.at(at) is not ABSENT for one in (full, *known)):
            grown = (full.changed(change) for change in changes)
            full = next((one for one in grown if one.accepted() and one.at(at) is not ABSENT), full)
    return full


def _states(seen: list[Reply]) -> Iterator[str]:
    """The places that name the state in most answers about a task."""
    telling = [(reply, dict(_places(reply.draft))) for reply in seen if reply.state]
    for at in telling[0][1] if telling else ():
        if sum(found.get(at) == reply.state for reply, found in telling) * 2 > len(telling):
            yield at


def _codes(seen: list[Reply]) -> Iterator[str]:
    """The places that show the code of a failure where a task has failed, and only there."""
    found = [(reply.failure, dict(_places(reply.draft))) for reply in seen]
    failed = next(((code, leaves) for code, leaves in found if code), None)
    for at, value in failed[1].items() if failed else ():
        if failed and str(value) == failed[0] and not any(str(leaves.get(at)) == failed[0] for code, leaves in found if not code):
            yield at


def _places(reply: Draft) -> Iterator[tuple[str, Json]]:
    """Every leaf by its place, of lists the first element's."""
    for at, value in pointers.leaves(bodies.document(reply.message)):
        steps = at.split("/")
        if all(step in ("", "0") or not step.isdigit() for step in steps):
            yield pointers.place(reply.message, at), value
