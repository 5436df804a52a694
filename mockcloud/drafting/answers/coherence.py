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

from mockcloud.drafting.answers import pointers
from mockcloud.drafting.answers.bodies import Message, copied
from mockcloud.drafting.answers.replies import Replies, Reply, replies
from mockcloud.drafting.requests import places
from mockcloud.drafting.requests.amending import amended
from mockcloud.drafting.requests.drafts import Draft
from mockcloud.drafting.requests.variants import values
from mockcloud.messages import Json
from mockcloud.reports.json_values import ABSENT, is_number

TIME: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}([T ])[0-9]{2}:[0-9]{2}:[0-9]{2}(.*)")
"""A time as the field writes it, with what follows the seconds."""


@dataclass(frozen=True)
class Mood:
    """How a task may stand: an answer of the cloud about such a one, and what follows for others.

    `fixed` are places, each with the value that stands there whatever else does; `native` the places that this task has and not
    all have, each with what stands there; `foreign` those that only others have or may have; `codes` those of a failure's code,
    `times` those of a time, each with a specimen.
    """

    reply: Reply
    fixed: tuple[tuple[str, Json], ...]
    native: tuple[tuple[str, Message], ...]
    foreign: tuple[str, ...]
    codes: tuple[tuple[str, Json], ...]
    times: tuple[tuple[str, str], ...]


@cache
def moods(operation: str) -> tuple[Mood, ...]:
    """Every way in which a task stands in the answers of an operation; one for an operation that shows none."""
    known = replies(operation)
    return () if known is None else tuple(_mood(known, reply) for reply in (*known.seen, *_never_seen(known)))


def coherent(known: Replies, mood: Mood, message: Message, moment: int, code: str = "") -> Message:
    """The message about a task that stands so, with times from a moment on (seconds since the epoch) and the code of a failure.

    What such tasks have is in it where a rule asks for it; where that does not do, it is the cloud's own answer about one.
    """
    settled = Draft(known.full.operation, _settled(mood, message, moment, code), {})
    if settled.accepted():
        return settled.message
    for place, value in mood.native:
        _add(settled.message, place, value)
    mended = amended(settled)
    return mended.message if mended is not None and _says(mended, mood) else mood.reply.draft.message


def _settled(mood: Mood, message: Message, moment: int, code: str) -> Message:
    made = copied(message)
    for place in mood.foreign:
        for at in reversed(pointers.standing(made, place, numbered=False)):
            pointers.take(made, at)
    coded = ((place, int(code) if is_number(specimen) else code) for place, specimen in mood.codes if code)
    timed = ((place, written(specimen, moment + later)) for later, (place, specimen) in enumerate(mood.times))
    for place, value in (*mood.fixed, *coded, *timed):
        for at in pointers.standing(made, place):
            pointers.put(made, at, value)
    return made


def _add(message: Message, place: str, value: Message) -> None:
    """Put something in a place wherever what is above it stands and it does not."""
    above, _, name = place.rpartition("/")
    for at in pointers.standing(message, above):
        owner = pointers.at(message, at)
        if isinstance(owner, ET.Element) and owner.find(name) is None:
            owner.append(copied(value))
        elif isinstance(owner, dict):
            owner.setdefault(name, copied(value))


def _says(draft: Draft, mood: Mood) -> bool:
    """Whether everything that is fixed is as it was."""
    return all(draft.at(place) in (ABSENT, value) for place, value in mood.fixed)


def written(specimen: str, moment: int) -> str:
    """A time written as another one is."""
    match = TIME.fullmatch(specimen)
    assert match is not None  # noqa: S101  # it was taken for a time because it matches
    return datetime.fromtimestamp(moment, UTC).strftime(f"%Y-%m-%d{match[1]}%H:%M:%S") + match[2]


def _mood(known: Replies, reply: Reply) -> Mood:
    draft, here = reply.draft, [at for at, _ in places.members(known.full.operation.request)]
    others = [one.draft for one in known.seen if one.state != reply.state]
    foreign = [at for at in here if draft.at(at) is ABSENT and any(one.at(at) is not ABSENT for one in others)]
    foreign += _not_possible(reply, others)
    native = [at for at in here if draft.at(at) is not ABSENT and any(one.at(at) is ABSENT for one in others)]
    times = dict(_times(known, here))
    # What has not come yet is written in another way.
    fixed = [*known.states, *(() if reply.failure else known.codes), *(at for at in times if not _is_time(draft.at(at)))]
    return Mood(
        reply,
        tuple((at, draft.at(at)) for at in fixed if draft.at(at) is not ABSENT),
        tuple((at, _standing(draft, at)) for at in native if at.rpartition("/")[0] not in native),
        tuple(foreign),
        tuple((at, draft.at(at)) for at in known.codes if reply.failure),
        tuple((at, specimen) for at, specimen in times.items() if _is_time(draft.at(at)) or draft.at(at) is ABSENT),
    )


def _not_possible(reply: Reply, others: list[Draft]) -> Iterator[str]:
    """The places that the cloud fills for nobody, and that no rule lets be filled for this task."""
    for at, changes in places.members(reply.draft.operation.request):
        nowhere = all(one.at(at) is ABSENT for one in (reply.draft, *others))
        if nowhere and not any(reply.draft.changed(change).accepted() for change in changes):
            yield at


def _standing(draft: Draft, place: str) -> Message:
    return pointers.at(draft.message, pointers.standing(draft.message, place)[0])


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
