"""Tasks of a server, followed from their creation to their end: along edges of their table, and an end is an end.

Knows lifecycles, and operations that let something happen to a task. Law: how fast a server's tasks are is its own affair; a
state that none of its looks shows is not.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, NamedTuple

from mockcloud.contracts import folders
from mockcloud.contracts.evidence import listed
from mockcloud.contracts.json_reader import load
from mockcloud.contracts.model import Operation
from mockcloud.drafting import decks
from mockcloud.drafting.client import sights
from mockcloud.drafting.client.course import Course
from mockcloud.drafting.client.landmarks import Words, naming
from mockcloud.drafting.requests import planned
from mockcloud.drafting.requests.drafts import Draft
from mockcloud.fuzzing.judging import Heard
from mockcloud.fuzzing.pair import Pair

AFTER: Final = 2
"""How often a task that has ended is looked at again."""

FASTER: Final = 1.5
"""How much longer the wait between two looks becomes with each."""

MUTE: Final = 8
"""After how many looks in a row that say nothing of a task it is not followed any more."""


class Followed(NamedTuple):
    """A task of a server that is being followed: the operation that made it and the one that shows it."""

    kind: str
    maker: Operation
    words: Words
    course: Course


def of_kind(pair: Pair, kind: str, maker: Operation) -> Iterator[None]:
    """A task to its end, by each operation that shows it; one that is to fail; one to which something happens on its way."""
    for words in pair.landmarks.words(kind):
        followed = _made(pair, kind, maker, decks.drafts(maker.id), words)
        if followed is not None:
            _to_its_end(pair, followed)
            for event in _events(pair, kind):
                _happen(pair, followed, event)
        yield
    for words in pair.landmarks.words(kind)[:1]:
        failing = [one.draft for one in planned.failures(pair.dossier, decks.smallest(maker.id)[0])]
        followed = _made(pair, kind, maker, failing[:1], words) if failing else None
        if followed is not None:
            _to_its_end(pair, followed)
        yield
        for event in _events(pair, kind):
            followed = _made(pair, kind, maker, decks.drafts(maker.id), words)
            if followed is not None:
                _happen(pair, followed, event)
                _to_its_end(pair, followed)
            yield


def _made(pair: Pair, kind: str, maker: Operation, drafts: tuple[Draft, ...] | list[Draft], words: Words) -> Followed | None:
    """A new task, made by the first request that our own cloud takes; None where the server made none."""
    for draft in drafts:
        pair.scene.prepare(maker)
        vector, heard = pair.both(pair.scene.placed(draft), f"Makes a {kind}.")
        if vector.accepted:
            pair.scene.adopt(kind)
            if heard is None or heard.response is None or pair.judging.refused(heard) is not None:
                return None
            return Followed(kind, maker, words, Course(pair.contract.lifecycles[kind]))
    return None


def _to_its_end(pair: Pair, followed: Followed) -> None:
    """Look at a task until it has ended, and a little longer."""
    wait, waited, after, mute = pair.target.poll / 4, 0.0, 0, 0
    last: Heard | None = None
    while after <= AFTER and mute < MUTE:
        seen = _look(pair, followed)
        last, mute = (seen, 0) if seen is not None else (last, mute + 1)
        if followed.course.ended:
            after += 1
        elif waited < pair.target.patience:
            pair.target.wait(wait)
            waited, wait = waited + wait, min(wait * FASTER, pair.target.poll)
        else:
            break
    if last is not None and mute < MUTE and not followed.course.ended:
        found = f"{' or '.join(sorted(followed.course.states))} after {pair.target.patience:g} s"
        _tell(pair, followed, last, "without-end", "a final state", found)


def _look(pair: Pair, followed: Followed) -> Heard | None:
    """Look once. Returns what was heard where it said anything of a task."""
    words, course = followed.words, followed.course
    draft = pair.scene.placed(naming(words.operation, followed.kind))
    _, heard = pair.both(draft, f"Shows a {followed.kind}.")
    if heard is None or heard.response is None or pair.judging.refused(heard) is not None:
        return None
    found = sights.seen(pair.contract, heard.response)
    _check_identity(pair, followed, heard, found)
    said = sights.at(found, [words.place])
    if not said:
        return None
    states = words.states.get(said[0], frozenset())
    if not states:
        known = ", ".join(words.states)
        _tell(pair, followed, heard, f"word:{said[0][:40]}", f"one of {known}", repr(said[0][:80]))
        return heard
    skipped = course.skipped(states)
    if skipped:
        found_one = f"{' or '.join(sorted(states))} at once, with looks {pair.target.poll:g} s apart"
        _tell(pair, followed, heard, f"skipped:{skipped[0]}", f"{skipped[0]} before it", found_one)
    problem = course.look(states)
    if problem:
        _tell(pair, followed, heard, "edge", "the states of the lifecycle in their order", problem)
    return heard


def _check_identity(pair: Pair, followed: Followed, heard: Heard, found: sights.Seen) -> None:
    """Whether what is shown is what was asked for."""
    said, ids = sights.at(found, followed.words.id), pair.ids(followed.kind)
    if said and ids and ids[-1] not in said:
        evidence = heard.operation.evidence
        says = f"Shows a {followed.kind}."
        pair.told(
            pair.judging.deviation("identity", heard, "of-another", says, f"the {ids[-1]} that was asked for", said[0], evidence)
        )


class Event(NamedTuple):
    """An operation that lets something happen to one task, and what."""

    operation: Operation
    name: str


def _events(pair: Pair, kind: str) -> list[Event]:
    """What can happen to a task of a kind by its id."""
    return [
        Event(one, effect["event"])
        for one in pair.contract.operations.values()
        for effect in one.effects
        if effect.verb == "event" and effect.kind == kind and "id" in effect.entry and isinstance(effect["event"], str)
    ]


def _happen(pair: Pair, followed: Followed, event: Event) -> None:
    """Let something happen to a task; whether it may is for the states to say in which the server's task can be."""
    theirs = pair.translated(pair.scene.placed(naming(event.operation, followed.kind)))
    if theirs is None:
        return
    reacting = followed.course.reacting(event.name)
    heard, rule = pair.hear(event.operation, pair.client.signed(theirs.request(pair.client.host))), f"event:{event.name}"
    code, refusal = pair.judging.refused(heard), pair.contract.errors.conditions.get("event-refused")
    if heard.response is None:
        _tell(pair, followed, heard, rule, "an answer", heard.problem)
    elif code is not None and refusal is not None and code != refusal.code:
        _tell(pair, followed, heard, rule, f"an answer, or a refusal with {refusal.code}", f"a refusal with {code or 'no code'}")
    elif code is None:
        problem = followed.course.happen(event.name, accepted=True)
        if problem:
            _tell(pair, followed, heard, rule, f"a refusal with {refusal.code}" if refusal else "a refusal", problem)
    elif reacting and _look(pair, followed) and followed.course.reacting(event.name):
        # It had not gone on meanwhile: it was in a state that reacts.
        found = f"a refusal with {code} of one that was {' or '.join(sorted(followed.course.states))}"
        _tell(pair, followed, heard, rule, "an answer", found)


def _tell(pair: Pair, followed: Followed, heard: Heard, rule: str, wanted: str, found: str) -> None:
    says = f"A {followed.kind} that {followed.maker.name} made, followed to its end."
    pair.told(pair.judging.deviation("state", heard, rule, says, wanted, found, evidence(pair, followed.kind)))


def evidence(pair: Pair, kind: str) -> tuple[str, ...]:
    """Why the states of a kind are believed."""
    states = load(folders.chosen([pair.contract.name])[pair.contract.name] / "lifecycle.json")[kind]["states"]
    return tuple(dict.fromkeys(one for state in states.values() for one in listed(state["evidence"])))
