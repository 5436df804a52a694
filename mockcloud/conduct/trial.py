"""One test under way: a client for each case, on a bench of its own.

Knows how a case is set up and counted; knows no question. Law: what an operation needs is there before its client is asked.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from types import TracebackType
from typing import Any, NamedTuple, Self, TypeVar

from mockcloud.conduct.bench import Bench, Doors
from mockcloud.conduct.calling import Caller, Outcome
from mockcloud.conduct.subject import Subject
from mockcloud.conduct.verdict import Shown
from mockcloud.drafting import decks
from mockcloud.drafting.arguments import as_arguments
from mockcloud.drafting.cases import ValidRequest
from mockcloud.drafting.scene import Scene
from mockcloud.drafting.session import Session
from mockcloud.messages import Json

_Case = TypeVar("_Case")


class Tried(NamedTuple):
    """A call and what came of it."""

    arguments: dict[str, Json]
    bench: Bench
    client: Any
    outcome: Outcome

    def shown(self, *, answered: bool = False) -> Shown:
        """What a page shows of it."""
        return Shown(self.arguments, tuple(self.bench.asked), self.outcome, answered)


class Trial:
    """Sets up cases of one subject and counts them."""

    def __init__(self, subject: Subject) -> None:
        self.subject = subject
        self.examples = 0
        self._doors = Doors(subject.dossier.name)
        self._caller = Caller()

    def __enter__(self) -> Self:
        self._doors.__enter__()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._doors.__exit__(kind, error, trace)
        self._caller.__exit__(kind, error, trace)

    def valid(self) -> Iterator[ValidRequest]:
        """The deck of valid requests that this client can send, the smallest first, each once."""
        seen = set()
        for case in decks.valid(self.subject.operation.id):
            given = self.subject.given(case.arguments)
            key = json.dumps(given, sort_keys=True)
            if key not in seen and self.subject.sayable(given):
                seen.add(key)
                yield case

    def each(self, deck: Iterable[_Case], check: Callable[[_Case], None]) -> None:
        """Try every case of a deck."""
        for case in deck:
            self.examples += 1
            check(case)

    def bench(self, **options: Any) -> Bench:
        """A fresh bench."""
        return self._doors.fresh(**options)

    def scene(self, bench: Bench) -> Scene:
        """What is on a bench, and how requests name it."""
        session = Session(self.subject.dossier, bench)
        return Scene(session, lambda operation: iter(decks.drafts(operation.id)))

    def placed(self, bench: Bench, case: ValidRequest) -> dict[str, Json]:
        """The arguments of a case, naming what is there: what it needs is made first."""
        with bench.backstage():
            scene = self.scene(bench)
            scene.prepare(case.draft.operation)
            return as_arguments(self.subject.contract, scene.placed(case.draft))

    def client(self, bench: Bench) -> Any:
        """A new client, as the user builds it."""
        return self._caller.call(self.subject.suite.client, bench)

    def call(self, bench: Bench, arguments: Mapping[str, Json], client: Any = None) -> Tried:
        """Call a client, a new one where none is given, with what it takes of these arguments."""
        given, suite = self.subject.given(arguments), self.subject.suite
        client = self.client(bench) if client is None else client
        return Tried(given, bench, client, self._caller.outcome(suite.call, client, given))

    def is_of_call(self, error: BaseException) -> bool:
        """Whether an error comes from the user's own `call`, which could not say it to the client."""
        trace = error.__traceback__
        while trace is not None and trace.tb_next is not None:
            trace = trace.tb_next
        return trace is not None and trace.tb_frame.f_code is getattr(self.subject.suite.call, "__code__", None)

    def ask(self, function: str, *given: Any) -> Outcome:
        """Call another of the user's functions."""
        return self._caller.outcome(getattr(self.subject.suite, function), *given)
