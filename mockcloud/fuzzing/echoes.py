"""What a client gave comes back as it was given: blanks, plus signs, percent signs, letters of every script.

Knows which of the texts of an answer are a client's: those that our own cloud answers after it was given them. Law: only texts
that a contract lets a client choose freely are given.
"""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Iterator
from typing import Final

from mockcloud.contracts.model import Operation
from mockcloud.drafting import decks
from mockcloud.drafting.client import sights
from mockcloud.drafting.client.landmarks import made_by
from mockcloud.drafting.requests.drafts import Draft
from mockcloud.drafting.sessions.scene import Scene
from mockcloud.drafting.sessions.session import Session
from mockcloud.fuzzing.judging import Heard
from mockcloud.fuzzing.pair import Pair
from mockcloud.messages import Json, Response, shortened
from mockcloud.reports.json_values import ABSENT

PROBES: Final = ("a+b c%2Bd &=é中", "a+b c&d=e", "a+b", "a b", "é中", "a%2Bb")
"""Texts that are easily spoilt, the most telling first."""


def of_operation(pair: Pair, maker: Operation) -> Iterator[None]:
    """A thing made of such texts, and looked at by every operation that shows it."""
    deck = decks.drafts(maker.id)
    for draft in (*deck[-1:], *deck[:1]):  # the fullest, then the smallest
        probed = _probed(pair, draft)
        if probed is not None:
            pair.scene.prepare(maker)
            _give(pair, pair.scene.placed(probed))
            break
    yield


def _give(pair: Pair, draft: Draft) -> None:
    maker = draft.operation
    given = {text for _, text in _texts(draft) if any(probe in text for probe in PROBES)}
    vector, heard = pair.both(draft, f"A request of {maker.name} with texts that are easily spoilt.", "texts")
    _compare(pair, vector.exchange.response, heard, given)
    kind = made_by(maker)
    if not vector.accepted or not pair.scene.there(kind):
        return
    pair.scene.adopt(kind)
    for looker in _lookers(pair, kind):
        asked = pair.scene.placed(decks.smallest(looker.id)[0])
        seen, shown = pair.both(asked, f"Shows what {maker.name} was given.")
        _compare(pair, seen.exchange.response, shown, given)


def _lookers(pair: Pair, kind: str) -> list[Operation]:
    """The operations that show things of a kind and keep nothing."""
    return [
        one
        for one in pair.contract.operations.values()
        if decks.smallest(one.id)
        and not one.keeps
        and any(effect.verb in ("get", "find", "list") and effect.kind == kind for effect in one.effects)
    ]


def _probed(pair: Pair, draft: Draft) -> Draft | None:
    """The draft with such a text wherever a client may choose one; None where it is free nowhere."""
    found, (session, scene) = None, pair.landmarks.session()
    scene.prepare(draft.operation)
    whose = {f"/{name}" for name in pair.landmarks.tenancy}
    for place in whose:
        # Whoever looks is at home.
        without = draft.changed([(place, ABSENT)])
        draft = without if without.accepted() else draft
    for place, _ in [one for one in _texts(draft) if one[0] not in whose]:
        for probe in PROBES:
            changed = (found or draft).changed([(place, probe)])
            if changed.accepted() and changed.at(place) == probe and _is_taken(session, scene, changed):
                found = changed
                break
    return found


def _is_taken(session: Session, scene: Scene, draft: Draft) -> bool:
    """Whether a cloud of our own takes it: a text that names something is not free."""
    placed = scene.placed(draft)
    return placed.accepted() and session.send(placed, draft.operation.id, "").accepted


def _texts(draft: Draft) -> Iterator[tuple[str, str]]:
    if isinstance(draft.message, ET.Element):
        yield from _of_element(draft.message, "")
        return
    for place, value in sights.leaves(draft.message):
        if isinstance(value, str) and draft.at(place) == value:
            yield place, value


def _of_element(element: ET.Element, above: str) -> Iterator[tuple[str, str]]:
    for child in element:
        if len(child):
            yield from _of_element(child, f"{above}/{child.tag}")
        elif child.text:
            yield f"{above}/{child.tag}", child.text


def _compare(pair: Pair, own: Response, heard: Heard | None, given: set[str]) -> None:
    """Whether each of the texts stands where our own cloud answers it; a place that is left out is the schema's affair."""
    if heard is None or heard.response is None or pair.judging.refused(heard) is not None:
        return
    found = sights.seen(pair.contract, heard.response)
    for place, values in sights.seen(pair.contract, own).items():
        there: list[Json] = found.get(place, [])
        if given & {one for one in values if isinstance(one, str)} and len(there) == len(values) and there != values:
            wanted, answered = (shortened(one[0] if len(one) == 1 else one) for one in (values, there))
            says = "What a client gave is answered as it was given."
            evidence = heard.operation.evidence
            pair.told(pair.judging.deviation("echo", heard, place, says, f"{place} {wanted}", answered, evidence))
