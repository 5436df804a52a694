"""READ FIRST. One run against one server as one provider: what is asked, in its order.

    doorstep -> courses of tasks -> things made and removed -> for each operation: cards, echoes, drawn cases -> leaving

Knows the parts and how much each is; asks nothing itself. Law: each part begins with a fresh cloud of our own beside the
server, so that no part is judged by what an earlier one left.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from functools import partial
from typing import Final, NamedTuple

from mockcloud.contracts.model import Operation
from mockcloud.drafting import decks
from mockcloud.drafting.client.landmarks import landmarks
from mockcloud.fuzzing import cards, courses, doorstep, drawn, echoes, leaving, things
from mockcloud.fuzzing.deviation import Report
from mockcloud.fuzzing.pair import Pair
from mockcloud.fuzzing.target import NoAnswer, Target
from mockcloud.reports.dossier import Dossier

EXAMPLES: Final = 25
"""Cases that are drawn of each operation, and as many broken ones."""

Asking = Callable[[Pair], Iterator[None]]


class Part(NamedTuple):
    """A part of a run: what it is about, how many steps it has at most, and what is asked."""

    name: str
    steps: int
    ask: Asking


class Campaign:
    """A run against one server."""

    def __init__(
        self,
        dossier: Dossier,
        target: Target,
        operations: Collection[str] = (),
        examples: int = EXAMPLES,
        seed: int = 0,
        ignored: Collection[str] = (),
    ) -> None:
        self._dossier, self._target = dossier, target
        self._examples, self._seed = examples, seed
        if examples:
            drawn.strategies()  # what is missing is told of before anything is asked
        self._landmarks = landmarks(dossier, target.settings)
        every = dossier.contract.operations.values()
        self._chosen = [one for one in every if not operations or one.id in operations]
        self.report = Report(dossier.name, tuple(one.id for one in self._chosen), patterns=tuple(ignored))

    def doorstep(self) -> doorstep.Closed | None:
        """Why the server cannot be judged, None where it can; the report has it too."""
        pair = self._pair()
        closed = doorstep.problem(pair)
        self.report.problem = closed.says if closed else ""
        self.report.asked += pair.asked
        return closed

    def parts(self) -> list[Part]:
        """What is asked, in its order."""
        found = [*self._courses(), *self._things()]
        ordered = sorted(self._chosen, key=lambda one: (not _has(one, "create", "add"), _has(one, "event", "change", "remove")))
        for operation in ordered:
            found += self._of_operation(operation)
        bodies = [one for one in ordered if decks.smallest(one.id) and decks.smallest(one.id)[0].request("").body]
        for operation in bodies[:1] or ordered[:1]:
            found.append(Part(operation.id, 60, partial(cards.strange, operation=operation)))
        return found

    def play(self, part: Part) -> Iterator[None]:
        """Ask one part, a step each time it is moved on. What ends the whole run is in the report."""
        pair = self._pair()
        try:
            yield from part.ask(pair)
            leaving.tidied(pair)
        except NoAnswer as gone:
            self.report.problem = f"the server went away: {gone}"
        finally:
            self.report.asked += pair.asked
            for operation, number in pair.unasked.items():
                self.report.unasked[operation] = self.report.unasked.get(operation, 0) + number

    def _pair(self) -> Pair:
        return Pair(self._dossier, self._target, self._landmarks, self.report.add)

    def _courses(self) -> Iterator[Part]:
        for kind in self._dossier.contract.lifecycles:
            makers, shown = self._landmarks.makers(kind), [one.operation for one in self._landmarks.words(kind)]
            about = [one for one in self._chosen if one in makers or one in shown or _about(one, kind, "event")]
            maker = next((one for one in self._chosen if one in makers), makers[0] if makers else None)
            if about and maker is not None:
                yield Part(f"{self._dossier.name}: {kind}", 4, partial(courses.of_kind, kind=kind, maker=maker))

    def _things(self) -> Iterator[Part]:
        contract = self._dossier.contract
        for kind in (*contract.lifecycles, *contract.resources):
            makers = self._landmarks.makers(kind)
            about = [one for one in self._chosen if _about(one, kind, "create", "add", "get", "find", "list", "remove")]
            maker = next((one for one in about if one in makers), makers[0] if makers else None)
            if about and maker is not None:
                yield Part(f"{self._dossier.name}: {kind}", 2, partial(things.of_kind, kind=kind, maker=maker))

    def _of_operation(self, operation: Operation) -> Iterator[Part]:
        deck, rules = len(decks.drafts(operation.id)), len(operation.request.rules)
        for steps, ask in ((deck + 1, cards.valid), (rules, cards.rules), (10, cards.spoilt)):
            yield Part(operation.id, steps, partial(ask, operation=operation))
        if _has(operation, "create", "add"):
            yield Part(operation.id, 1, partial(echoes.of_operation, maker=operation))
        if self._examples:
            ask = partial(drawn.of_operation, operation=operation, examples=self._examples, seed=self._seed)
            yield Part(operation.id, 2 * self._examples, ask)
        if _has(operation, "change"):
            yield Part(operation.id, 1, partial(_restored, operation=operation))


def _restored(pair: Pair, operation: Operation) -> Iterator[None]:
    leaving.restored(pair, operation)
    yield


def _has(operation: Operation, *verbs: str) -> bool:
    return any(effect.verb in verbs for effect in operation.effects)


def _about(operation: Operation, kind: str, *verbs: str) -> bool:
    return any(effect.verb in verbs and effect.kind == kind for effect in operation.effects)
