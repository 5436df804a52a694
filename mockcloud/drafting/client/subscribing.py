"""Requests after which the ends of tasks are told to somebody, found by trying them on a cloud of our own.

Knows where a text, a yes or a list of events may stand in a request. Law: what is given out was followed by a message.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, NamedTuple

from mockcloud.contracts.json_schema import JsonSchema
from mockcloud.contracts.model import Operation
from mockcloud.drafting import decks
from mockcloud.drafting.client.landmarks import Landmarks
from mockcloud.drafting.requests import places
from mockcloud.drafting.requests.amending import amended
from mockcloud.drafting.requests.drafts import Draft
from mockcloud.messages import Json
from mockcloud.reports.json_values import applying

ENDPOINT: Final = "http://callbacks.invalid/told"
"""An endpoint that is nobody's: what is sent there is kept back and recorded."""

LONG: Final = 3600
"""Seconds after which every task has ended."""


class Subscription(NamedTuple):
    """What to ask once, before tasks are made, and with what to make them; None for nothing in particular."""

    before: Draft | None
    make: Draft


def subscription(landmarks: Landmarks, kind: str) -> Subscription | None:
    """How to be told of the ends of tasks of a kind; None where no way was found."""
    callbacks = [one for one in landmarks.callbacks() if one.of == kind]
    makers = landmarks.makers(kind)
    if not callbacks or not makers:
        return None
    plain = decks.smallest(makers[0].id)[0]
    gathered = {resource for one in callbacks for resource, _ in one.gather.values()}
    found = (Subscription(None, draft) for draft in _addressed(plain))
    for one in (*found, *_before(landmarks, plain, gathered)):
        if _tells(landmarks, kind, one):
            return one
    return None


def _before(landmarks: Landmarks, make: Draft, gathered: set[str]) -> Iterator[Subscription]:
    for operation in landmarks.operations():
        if any(effect.verb == "change" and effect.kind in gathered for effect in operation.effects):
            for draft in (decks.drafts(operation.id)[-1], decks.smallest(operation.id)[0]):
                yield from (Subscription(_generous(one), make) for one in _addressed(draft))


def _addressed(draft: Draft) -> Iterator[Draft]:
    """The draft with the endpoint in one of the places where a text may stand."""
    for at, _ in places.members(draft.operation.request):
        changed = amended(draft.changed([(at, ENDPOINT)]))
        if changed is not None and changed.at(at) == ENDPOINT:
            yield changed


def _generous(draft: Draft) -> Draft:
    """The draft with every yes and every event that it may have."""
    for at, value in _gifts(draft.operation):
        draft = amended(draft.changed([(at, value)])) or draft
    return draft


def _gifts(operation: Operation) -> Iterator[tuple[str, Json]]:
    schema = operation.request
    if not isinstance(schema, JsonSchema):
        return
    for at, _ in places.members(schema):
        here = applying(schema.tree, at)
        if any(one.get("type") == "boolean" for one in here):
            yield at, True
        events = [value for one in applying(schema.tree, f"{at}/*") for value in one.get("enum", ())]
        if events:
            yield at, events


def _tells(landmarks: Landmarks, kind: str, asked: Subscription) -> bool:
    session, scene = landmarks.session()
    if asked.before is not None and not session.send(scene.placed(asked.before), "subscribe", "").accepted:
        return False
    scene.prepare(asked.make.operation)
    if not session.send(scene.placed(asked.make), "make", "").accepted:
        return False
    session.cloud.clock.advance(LONG)
    session.cloud.deliver()
    names = {one.name for one in landmarks.callbacks() if one.of == kind}
    return any(message.callback in names for message in session.cloud.callbacks)
