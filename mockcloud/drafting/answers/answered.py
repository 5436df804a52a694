"""What the cloud itself answers to an operation, however the things that it shows stand.

Knows sessions and scenes, no vendor. Law: every answer is one that a client can get, byte for byte.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Final, NamedTuple

from mockcloud.contracts.model import Operation
from mockcloud.drafting import decks
from mockcloud.drafting.requests.drafts import Draft
from mockcloud.drafting.sessions.scene import Scene
from mockcloud.drafting.sessions.session import Session
from mockcloud.drafting.tasks.others import creates, shows
from mockcloud.drafting.tasks.paths import codes
from mockcloud.drafting.tasks.stage import taken
from mockcloud.messages import Response

LOOKS: Final = 12
"""How often a task is looked at, at most, until it has ended."""


class Answered(NamedTuple):
    """A successful answer, and the state and the failure's code of the newest task that it may show; empty for none."""

    response: Response
    state: str = ""
    failure: str = ""


@cache
def answered(operation: str) -> tuple[Answered, ...]:
    """The answers to the smallest and the fullest request; for what shows tasks, of such as stand in each state."""
    entry, found = decks.operation_of(operation)
    told = list(_Asker(Session(entry), found).asked())
    kinds = [kind for kind in entry.contract.lifecycles if shows(found, {kind})]
    for failure in codes(entry.contract.errors)[:1] if kinds else ():
        told += _Asker(Session(entry), found, failure).asked()
    return tuple(told)


class _Asker:
    """Asks one operation in one session. With `failure` every task that is made before fails with that code."""

    def __init__(self, session: Session, operation: Operation, failure: str = "") -> None:
        self.session, self.operation = session, operation
        self.scene = Scene(session, decks.one_by_one)
        makers = [one for one in session.contract.operations.values() if any(creates(one, kind) for kind in self._kinds())]
        for maker in makers if failure else ():
            session.cloud.fail_next(maker.id, code=failure, where="task")

    def asked(self) -> Iterator[Answered]:
        """The answers to the first request that is taken and to the fullest, over and over until every task has ended."""
        drafts = decks.drafts(self.operation.id)
        yield from (drafts and self._of(drafts[0])) or self._of(taken(self.operation.id))
        yield from self._of(drafts[-1]) if len(drafts) > 1 else ()

    def _of(self, draft: Draft | None) -> list[Answered]:
        if draft is None:
            return []
        self.scene.prepare(self.operation, fresh=bool(self._kinds()))
        self.scene.stock(self.operation)
        return list(self._told(draft))

    def _told(self, draft: Draft) -> Iterator[Answered]:
        for _ in range(LOOKS):
            response = self._answer(draft)
            newest = [task for task in self.session.cloud.tasks(self.session.contract.name) if task.kind in self._shown()][-1:]
            if response is not None:
                yield Answered(response, newest[0].state, newest[0].failure) if newest else Answered(response)
            if response is None or not newest or self._ended(newest[0].kind, newest[0].state) or not self._kinds():
                return

    def _answer(self, draft: Draft) -> Response | None:
        """The answer to the request about what is there; None where it is refused, whatever is there."""
        response = self._sent(draft)
        for _ in self.scene.otherwise(self.operation) if response is None else ():
            response = self._sent(draft)
            if response is not None:
                break
        return response

    def _sent(self, draft: Draft) -> Response | None:
        asked = self.session.signed(self.scene.placed(draft).request(self.session.host))
        vector = self.session.ask(asked, draft.operation.id, "")
        return vector.exchange.response if vector.accepted else None

    def _kinds(self) -> list[str]:
        """The kinds of tasks that it shows and does not make."""
        return [kind for kind in self.session.contract.lifecycles if shows(self.operation, {kind})]

    def _shown(self) -> list[str]:
        made = [effect.kind for effect in self.operation.effects if effect.verb == "create"]
        return [*self._kinds(), *made]

    def _ended(self, kind: str, state: str) -> bool:
        return self.session.contract.lifecycles[kind].states[state].final
