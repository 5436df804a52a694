"""What goes together in an answer about a task: its state, the members that only that state has, the code of its failure, and
times that there are.

Knows the cloud's own answers, no vendor. Law: an answer that is made coherent keeps its schema, or is left as it was.
"""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cache
from itertools import islice
from typing import Final

from mockcloud.drafting import places, pointers
from mockcloud.drafting.bodies import Message, copied
from mockcloud.drafting.drafts import Draft
from mockcloud.drafting.replies import Replies, Reply, replies
from mockcloud.drafting.variants import values
from mockcloud.messages import Json
from mockcloud.reports.json_values import ABSENT

TIME: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}([T ])[0-9]{2}:[0-9]{2}:[0-9]{2}(.*)")
"""A time as the field writes it, with what follows the seconds."""


@dataclass(frozen=True)
class Mood:
    """How a task may stand: an answer of the cloud about such a one, and what follows for others.

    `fixed` are places, each with the value that stands there whatever else does; `foreign` the places that only tasks that
    stand otherwise have; `times` those that have a time, each with a specimen.
    """

    reply: Reply
    fixed: tuple[tuple[str, Json], ...]
    foreign: tuple[str, ...]
    times: tuple[tuple[str, str], ...]


@cache
def moods(operation: str) -> tuple[Mood, ...]:
    """Every way in which a task stands in the answers of an operation; one for an operation that shows none."""
    known = replies(operation)
    return () if known is None else tuple(_mood(known, reply) for reply in (*known.seen, *_never_seen(known)))


def coherent(known: Replies, mood: Mood, message: Message, moment: int) -> Message:
    """The message about a task that stands so, with times from a moment on, in seconds since the epoch."""
    made = copied(message)
    for place in mood.foreign:
        for at in reversed(_outermost(made, place)):
            pointers.take(made, at)
    for place, value in mood.fixed:
        for at in pointers.standing(made, place):
            pointers.put(made, at, value)
    for later, (place, specimen) in enumerate(mood.times):
        for at in pointers.standing(made, place):
            pointers.put(made, at, written(specimen, moment + later))
    return made if Draft(known.full.operation, made, {}).accepted() else message


def written(specimen: str, moment: int) -> str:
    """A time written as another one is."""
    match = TIME.fullmatch(specimen)
    assert match is not None  # noqa: S101  # it was taken for a time because it matches
    return datetime.fromtimestamp(moment, UTC).strftime(f"%Y-%m-%d{match[1]}%H:%M:%S") + match[2]


def _mood(known: Replies, reply: Reply) -> Mood:
    here = [at for at, _ in places.members(known.full.operation.request)]
    others = [one.draft for one in known.seen if one.state != reply.state]
    foreign = [at for at in here if reply.draft.at(at) is ABSENT and any(one.at(at) is not ABSENT for one in others)]
    fixed = [(at, reply.draft.at(at)) for at in known.states]
    fixed += [(at, reply.draft.at(at)) for at in known.codes if not reply.failure]
    times = dict(_times(known, here))
    # What has not come yet is written in another way.
    fixed += [(at, found) for at in times if not _is_time(found := reply.draft.at(at))]
    return Mood(
        reply,
        tuple((at, value) for at, value in fixed if value is not ABSENT),
        tuple(foreign),
        tuple((at, specimen) for at, specimen in times.items() if _is_time(reply.draft.at(at)) or reply.draft.at(at) is ABSENT),
    )


def _times(known: Replies, here: list[str]) -> Iterator[tuple[str, str]]:
    """The places in which some answer has a time, each with one."""
    for at in here:
        found = (reply.draft.at(at) for reply in (*known.seen, Reply(known.full)))
        specimen = next((one for one in found if _is_time(one)), None)
        if specimen is not None:
            yield at, specimen


def _is_time(value: Json) -> bool:
    return isinstance(value, str) and TIME.fullmatch(value) is not None


def _never_seen(known: Replies) -> Iterator[Reply]:
    """Tasks in the states that the schema knows and the cloud shows in no answer, otherwise like one that did not fail."""
    if not known.states:
        return
    seen, schema = {reply.state for reply in known.seen}, known.full.operation.request
    listed = [value for rule in schema.rules.values() if rule.path == known.states[0] for value in values(schema, rule)]
    for state in dict.fromkeys(str(one) for one in listed if str(one) not in seen):
        told = (replace(reply, state=state, draft=_in_state(known, reply, state)) for reply in known.seen if not reply.failure)
        yield from islice((one for one in told if one.draft.accepted()), 1)


def _in_state(known: Replies, reply: Reply, state: str) -> Draft:
    return reply.draft.changed([(at, state) for at in known.states if reply.draft.at(at) is not ABSENT])


def _outermost(message: Message, place: str) -> list[str]:
    """The pointers at a place; of elements that repeat the one without a number."""
    found = pointers.standing(message, place)
    if isinstance(message, ET.Element):
        name = place.rpartition("/")[2]
        return list(dict.fromkeys(re.sub(rf"/{re.escape(name)}/[0-9]+$", f"/{name}", at) for at in found))
    return found
