"""What a polling client sees of one task, and how a cloud is brought to show it.

Knows time, polls and what others do to a task; no vendor. Law: a history that is played shows its states, in their order, one
each poll, whoever the client is and however it spells its requests.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import groupby
from typing import Final, NamedTuple

from mockcloud.cloud import Cloud
from mockcloud.contracts import folders
from mockcloud.contracts.model import Operation
from mockcloud.drafting.tasks import others
from mockcloud.drafting.tasks.others import Deed
from mockcloud.messages import Refusal, Request, Response
from mockcloud.pipeline import routing
from mockcloud.state.clock import VirtualClock
from mockcloud.state.tasks import TaskView
from mockcloud.traffic.telling import Teller

AFTERWARDS: Final = 1.0
"""Seconds between the polls of a client that goes on after the end."""


class Happening(NamedTuple):
    """Somebody else's deed, and how many seconds after the task was made it is done."""

    after: float
    deed: Deed

    def __repr__(self) -> str:
        return f"{self.deed.name} after {self.after:g} s"


@dataclass(frozen=True)
class History:
    """What a client sees of a task that it makes with `operation` and then looks at until the end.

    `states` has the vendor's word that the answer to each poll shows, `final` the last of them. `code` is the code of a failure
    as the answers show it, as text; empty for a task that does not fail and for a vendor that shows none. Where `lost` is true
    nobody knows the task at last: the poll after the last state is refused with `code`, and there is no `final`.

    How it is brought about: `steps` are the seconds that pass before each poll, `failure` is the code of the catalogue that
    the task fails with, and `happenings` are what somebody else does meanwhile. `looker` is the operation whose answers show
    the words; a client may look by any other.
    """

    operation: str
    states: tuple[str, ...]
    final: str
    code: str = ""
    lost: bool = False
    steps: tuple[float, ...] = ()
    happenings: tuple[Happening, ...] = ()
    failure: str = field(default="", repr=False)
    looker: str = field(default="", repr=False)
    says: str = field(default="", repr=False, compare=False)
    """A sentence for people."""

    @property
    def polls(self) -> tuple[tuple[str, int], ...]:
        """The states that are seen, each with the number of polls that see it."""
        return tuple((state, len(list(group))) for state, group in groupby(self.states))

    @property
    def provider(self) -> str:
        """Whose it is."""
        return self.operation.partition(".")[0]

    def cloud(self) -> Cloud:
        """A fresh cloud on which it can be played: its clock starts now and stands still while nobody moves it."""
        return Cloud([self.provider], clock=VirtualClock(tick=0))

    def play(self, cloud: Cloud | None = None) -> Play:
        """Begin to play it. The clock of a cloud that is given must be a virtual one of tick 0 that nobody else moves."""
        return Play(self, cloud or self.cloud())


class Play:
    """One history on one cloud. Hand it the client's requests in place of the cloud; everything else goes by itself.

        play = history.play()
        play.handle(request)      # as `Cloud.handle`; the first task that is made is the one that the history is about
        play.polls                # how often the client has looked since

    Before each look the clock moves by the next step, and what others do until then is done. A look is a request for an
    operation that shows tasks of the kind. Whoever goes on after the last step sees the end, again and again.
    """

    def __init__(self, history: History, cloud: Cloud) -> None:
        self.history, self.cloud = history, cloud
        self.task: TaskView | None = None
        """The task, None until the client has made it."""
        self.polls = 0
        self._teller = Teller(folders.chosen([history.provider]))
        self._kinds = {one.kind for one in self._operation(history.operation).effects if one.verb == "create"}
        self._coming = list(history.happenings)
        self._host = ""
        if history.failure:
            cloud.fail_next(history.operation, code=history.failure, where="task")

    def handle(self, request: Request) -> Response:
        """Answer a request of the client as the cloud would, at the time that the history has for it."""
        if self.task is not None:
            if self._is_look(request):
                self._go_on()
            return self.cloud.handle(request)
        before = {task.id for task in self._tasks()}
        response = self.cloud.handle(request)
        self.task = next((task for task in self._tasks() if task.id not in before), None)
        self._host = request.host
        return response

    def _go_on(self) -> None:
        """Let the time until the next poll pass."""
        assert self.task is not None  # noqa: S101  # nobody looks before
        steps = self.history.steps
        late = max(0, self.polls + 1 - len(steps)) * AFTERWARDS
        due = self.task.created + sum(steps[: self.polls + 1]) + late
        while self._coming and self.task.created + self._coming[0].after <= due:
            happening = self._coming.pop(0)
            self._until(self.task.created + happening.after)
            others.do(self.cloud, happening.deed, self.task, self._host)
        self._until(due)
        self.polls += 1

    def _until(self, due: float) -> None:
        self.cloud.clock.advance(max(0.0, due - self.cloud.clock.now()))

    def _is_look(self, request: Request) -> bool:
        request = routing.origin_form(request)
        call = self._teller.call(self.history.provider, request, {})
        try:
            self._teller.tell(call)
        except Refusal:
            return False
        return call.chosen and others.shows(call.operation, self._kinds)

    def _operation(self, name: str) -> Operation:
        return self._teller.operation(name)

    def _tasks(self) -> Iterator[TaskView]:
        return (task for task in self.cloud.tasks(self.history.provider) if task.kind in self._kinds)
