"""What was made is listed, and what was removed is gone.

Knows what operations make, list and remove. Law: a list that has room for more than our own cloud's is no witness: a server
may hold what others made.
"""

from __future__ import annotations

from collections.abc import Iterator

from mockcloud.contracts.model import Operation
from mockcloud.drafting import decks
from mockcloud.drafting.client import sights
from mockcloud.drafting.client.landmarks import naming
from mockcloud.drafting.requests.drafts import Draft
from mockcloud.fuzzing.judging import Heard
from mockcloud.fuzzing.pair import Pair


def of_kind(pair: Pair, kind: str, maker: Operation) -> Iterator[None]:
    """A thing that is made, listed, looked at, removed, and looked at again."""
    made = _make(pair, kind, maker)
    if made is None:
        return
    ours, theirs = made
    _listed(pair, kind, ours, theirs, there=True)
    yield
    # What they name must be told before it is gone.
    lookers = [pair.scene.placed(naming(one, kind)) for one in _asking(pair, kind, "get", "find")]
    for draft in lookers:
        pair.both(draft, f"Shows a {kind} that was just made.")
    for remover in _asking(pair, kind, "remove")[:1]:
        removing = pair.scene.placed(naming(remover, kind))
        if pair.both(removing, f"Removes a {kind}.")[0].accepted:
            _listed(pair, kind, ours, theirs, there=False)
            for draft in (*lookers, removing):
                pair.both(draft, f"Asks for a {kind} that was removed.", "removed")
    yield


def _make(pair: Pair, kind: str, maker: Operation) -> tuple[str, str] | None:
    """A new thing: our id and the server's."""
    for draft in decks.drafts(maker.id):
        pair.scene.prepare(maker)
        before = set(pair.scene.there(kind))
        pair.both(pair.scene.placed(draft), f"Makes a {kind}.")
        new = [one for one in pair.scene.there(kind) if one not in before]
        if new:
            pair.scene.adopt(kind)
            named = not pair.landmarks.made(maker)
            their = new[0] if named else pair.theirs.get((kind, new[0]), "")
            return (new[0], their) if their else None
    return None


def _asking(pair: Pair, kind: str, *verbs: str) -> list[Operation]:
    """The operations that do nothing but this to things of a kind, by their ids."""
    return [
        one
        for one in pair.contract.operations.values()
        if decks.smallest(one.id)
        and any(
            effect.verb in verbs and effect.kind == kind and ("id" in effect.entry or "ids" in effect.entry)
            for effect in one.effects
        )
        and ("remove" in verbs or not one.keeps)
    ]


def _listed(pair: Pair, kind: str, ours: str, theirs: str, *, there: bool) -> None:
    """Whether the lists of a kind show a thing where ours do, and do not where ours do not."""
    for operation in pair.contract.operations.values():
        lists = any(effect.verb == "list" and effect.kind == kind for effect in operation.effects) and not operation.creates
        for draft in decks.smallest(operation.id) if lists else ():
            _compare(pair, kind, draft, (ours, theirs), there=there)


def _compare(pair: Pair, kind: str, draft: Draft, ids: tuple[str, str], *, there: bool) -> None:
    vector, heard = pair.both(pair.scene.placed(draft), f"Lists every {kind}.")
    if heard is None or heard.response is None or not vector.accepted or pair.judging.refused(heard) is not None:
        return
    own = sights.seen(pair.contract, vector.exchange.response)
    found = sights.seen(pair.contract, heard.response)
    places = sights.holding(own, ids[0])
    if there and places:
        shown = sights.at(found, places)
        if ids[1] not in shown and len(shown) <= len(own[places[0]]):
            _tell(pair, heard, "not-listed", f"{ids[1]} among what is listed", f"{len(shown)} without it")
    elif not there and not places and sights.holding(found, ids[1]):
        _tell(pair, heard, "still-listed", f"no {ids[1]}, which was removed", "it is listed")


def _tell(pair: Pair, heard: Heard, rule: str, wanted: str, found: str) -> None:
    says = "Makes a thing, lists, removes it, lists again."
    pair.told(pair.judging.deviation("identity", heard, rule, says, wanted, found, heard.operation.evidence))
