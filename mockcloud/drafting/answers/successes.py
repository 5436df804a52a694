"""What tells a success from a refusal where the status does not: the members that say so in the body.

Knows answers and refusals, no vendor. Law: a mark has one value in everything that the cloud grants and another in everything
that it refuses with the same status.
"""

from __future__ import annotations

from functools import cache

from mockcloud.drafting.answers import bodies, pointers
from mockcloud.drafting.answers.refusals import refused
from mockcloud.drafting.answers.replies import Replies, replies
from mockcloud.drafting.requests.amending import amended
from mockcloud.drafting.requests.drafts import Draft
from mockcloud.messages import Json


@cache
def marks(operation: str) -> tuple[tuple[str, Json], ...]:
    """The pointers to what says that an operation's answer is a success, each with its value; none where the status says it."""
    known = replies(operation)
    if known is None or not known.seen:
        return ()
    granted = [dict(pointers.leaves(bodies.document(one.draft.message))) for one in known.seen]
    cards = [one for one in refused(operation) if one.status == known.contract.success.status]
    denied = [dict(pointers.leaves(one.document)) for one in cards]
    if not denied:
        return ()
    same = ((at, value) for at, value in granted[0].items() if all(one.get(at) == value for one in granted))
    return tuple((at, value) for at, value in same if all(at in one and one[at] != value for one in denied))


def granting(known: Replies, message: bodies.Message) -> bodies.Message:
    """The message as the success that is nearest to it; the fullest answer where there is none near."""
    found = marks(known.operation.id)
    if not found:
        return message
    made = bodies.copied(message)
    for at, value in found:
        pointers.put(made, at, value)
    draft = amended(Draft(known.full.operation, made, {}))
    return known.full.message if draft is None else draft.message
