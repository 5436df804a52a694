"""How a server is left: without what was made, and letting in whom it let in before.

Knows what operations remove, stop and change. Law: nothing that is asked here is judged.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from mockcloud.contracts.effects import Effect
from mockcloud.contracts.model import Operation
from mockcloud.drafting import decks
from mockcloud.drafting.requests.drafts import Draft
from mockcloud.drafting.sessions.scene import pointer_of
from mockcloud.fuzzing.pair import Pair

WAYS: Final = 24
"""How many requests of an operation are tried to undo what others of it did."""


def tidied(pair: Pair) -> None:
    """Remove what was made, or stop it, the newest first; what has neither way stays."""
    for kind, name in reversed(pair.left()):
        for draft in _ending(pair, kind, name)[:1]:
            pair.hear(draft.operation, pair.client.signed(draft.request(pair.client.host)))
    for operation in pair.contract.operations.values():
        for draft in decks.smallest(operation.id) if _removes_all(operation, pair.nameless) else ():
            pair.hear(operation, pair.client.signed(draft.request(pair.client.host)))


def _removes_all(operation: Operation, kinds: set[str]) -> bool:
    """Whether an operation removes, without being told which, what is of these kinds, and makes nothing."""
    removes = any(effect.verb == "remove" and effect.kind in kinds and "id" not in effect.entry for effect in operation.effects)
    return removes and not any(effect.verb in ("create", "add") for effect in operation.effects)


def _ending(pair: Pair, kind: str, id: str) -> list[Draft]:
    """The requests that remove a thing or stop a task."""
    return [
        draft.changed([(pointer_of(draft, effect), id)])
        for operation in pair.contract.operations.values()
        for effect in _about_one(operation, kind)
        for draft in decks.smallest(operation.id)
        if pointer_of(draft, effect)
    ]


def _about_one(operation: Operation, kind: str) -> Iterator[Effect]:
    for effect in operation.effects:
        if effect.kind == kind and effect.verb in ("remove", "event") and "id" in effect.entry:
            yield effect


def restored(pair: Pair, operation: Operation) -> None:
    """After an operation that changed something of the cloud's own: change it so that things can be made of it again."""
    changed = {one.kind for one in operation.effects if one.verb == "change" and pair.contract.resources[one.kind].changeable}
    gated = [one for one in pair.contract.operations.values() if one.creates and changed & {each.kind for each in one.effects}]
    if not gated:
        return
    for draft in decks.drafts(operation.id)[:WAYS]:
        if _lets_in(pair, draft, gated[0]):
            pair.both(pair.scene.placed(draft), f"Undoes what other requests of {operation.name} did.")
            return


def _lets_in(pair: Pair, draft: Draft, gated: Operation) -> bool:
    """Whether a fresh cloud of our own lets things be made after this request."""
    session, scene = pair.landmarks.session()
    if not session.send(scene.placed(draft), "change", "").accepted:
        return False
    maker = decks.smallest(gated.id)
    return bool(maker) and session.send(scene.placed(maker[0]), "make", "").accepted
