"""A client without a library: it makes a task with the smallest request and looks at it by its id.

Knows the operations' effects and the cloud's tasks, no vendor. Law: what it asks is what any client could, and it learns nothing
of a task but what the answers say.
"""

from __future__ import annotations

from collections.abc import Iterator

from mockcloud.contracts.model import Contract, Operation
from mockcloud.drafting import decks
from mockcloud.drafting.answers import bodies
from mockcloud.drafting.histories.history import Play
from mockcloud.drafting.requests.drafts import Draft
from mockcloud.drafting.sessions.scene import Scene, pointer_of
from mockcloud.drafting.sessions.session import Session
from mockcloud.drafting.tasks.others import shows
from mockcloud.drafting.tasks.stage import taken
from mockcloud.errors import UsageError
from mockcloud.messages import Json, Response


class Watcher:
    """One such client. It asks the play, so that everything else goes by itself."""

    def __init__(self, play: Play, looker: str) -> None:
        entry, self._maker = decks.operation_of(play.history.operation)
        self._play, self._looker = play, decks.operation_of(looker)[1]
        self.contract = entry.contract
        self._session = Session(entry, play.cloud)
        self._scene = Scene(self._session, decks.one_by_one)

    def make(self) -> Response:
        """Make the task, and what has to be there before. Raises UsageError where no request makes one."""
        draft = taken(self._maker.id)
        if draft is None:
            raise UsageError(f"no request was found with which {self._maker.id} makes a task")
        self._scene.prepare(self._maker)
        return self.send(self._scene.placed(draft))

    def look(self) -> Response:
        """Ask for the task once more."""
        assert self._play.task is not None  # noqa: S101  # it was made
        return self.send(look(self._looker, self._play.task.id))

    def read(self, response: Response) -> Json:
        """What an answer says, as plain data."""
        return bodies.decoded(self.contract.success.codec, response.body)

    def send(self, draft: Draft) -> Response:
        """Ask for this and nothing else."""
        at = self._play.cloud.clock.now()
        return self._play.handle(self._session.signed(draft.request(self._session.host), at=at))


def look(operation: Operation, id: str) -> Draft:
    """The smallest request of a looker, about the task with this id."""
    smallest, *others = decks.drafts(operation.id)
    listed = {at for at in _ids(smallest) for draft in others if isinstance(draft.at(at), list)}
    return smallest.changed([(at, [id] if at in listed else id) for at in _ids(smallest)])


def lookers(contract: Contract, kind: str) -> Iterator[Operation]:
    """The operations that show a task of a kind by its id."""
    for operation in contract.operations.values():
        if shows(operation, {kind}) and any(_ids(draft) for draft in decks.smallest(operation.id)):
            yield operation


def _ids(draft: Draft) -> list[str]:
    """The places in a request that name the task, whether or not it does."""
    told = [effect for effect in draft.operation.effects if effect.of_tasks and effect.verb in ("get", "find")]
    named = [pointer_of(draft, effect) or str(effect.get("id") or effect.get("ids")) for effect in told]
    return [at for at in named if at.startswith("/")]
