"""A cloud that goes on by itself: a request makes a task, and time and others bring it to its end.

Knows sessions, scenes and ways through state tables, no vendor. Law: two stages on which the same is asked tell the same, byte
for byte.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Final

from mockcloud.cloud import Cloud
from mockcloud.drafting import decks
from mockcloud.drafting.requests.drafts import Draft
from mockcloud.drafting.sessions.scene import Scene
from mockcloud.drafting.sessions.session import SEED, START, Session
from mockcloud.drafting.tasks import others
from mockcloud.drafting.tasks.paths import Path
from mockcloud.messages import Json
from mockcloud.reports.dossier import Dossier
from mockcloud.state.clock import VirtualClock

LATER: Final = 1.0
"""Seconds after the end of a task at which every message about it was sent."""


class Stage:
    """One session with a cloud of these settings, whose clock moves only when it is told to."""

    def __init__(self, entry: Dossier, chosen: Mapping[str, Json] | None = None) -> None:
        self.cloud = Cloud([entry.name], clock=VirtualClock(START, tick=0), seed=SEED, settings={entry.name: chosen or {}})
        self._session = Session(entry, self.cloud)
        self._scene = Scene(self._session, decks.one_by_one)

    def ask(self, draft: Draft) -> bool:
        """Ask for something, once all that it needs is there. Returns whether it was done."""
        self._scene.prepare(draft.operation)
        asked = self._scene.placed(draft).request(self._session.host)
        signed = self._session.signed(asked, at=self.cloud.clock.now())
        return self._session.ask(signed, draft.operation.id, "").accepted

    def change(self, draft: Draft) -> bool:
        """Ask for the same change of each thing that it may be about. Returns whether all was done."""
        return all(map(self.ask, others.of_each(self.cloud, draft)))

    def go(self, path: Path) -> str:
        """Let the newest task go this way to its end. Returns its id."""
        task = self.cloud.tasks(self._session.contract.name)[-1]
        for stay in path:
            self.cloud.clock.advance(stay.seconds or LATER)
            if stay.event:
                others.do(self.cloud, others.deeds(self._session.contract, task.kind)[stay.event], task, self._session.host)
        return task.id


@cache
def taken(operation: str) -> Draft | None:
    """The first request of the valid deck that a cloud takes; None where it takes none."""
    entry, found = decks.operation_of(operation)
    return next((draft for draft in decks.one_by_one(found) if Stage(entry).ask(draft)), None)
