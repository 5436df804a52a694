"""One test under way: a client for each case, on a bench of its own.

Knows how a case is set up; knows no question. Law: what an operation needs is there before its client is asked.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from copy import deepcopy
from types import TracebackType
from typing import Any, NamedTuple, Self

from mockcloud.conduct.bench import Bench, Doors
from mockcloud.conduct.calling import Caller
from mockcloud.conduct.members import Reading
from mockcloud.conduct.outcomes import Outcome, Returned, did
from mockcloud.conduct.subject import Subject
from mockcloud.conduct.texts import telling
from mockcloud.conduct.verdict import Shown
from mockcloud.drafting import decks
from mockcloud.drafting.requests.arguments import as_arguments
from mockcloud.drafting.sessions.scene import Scene
from mockcloud.drafting.sessions.session import Session
from mockcloud.errors import UsageError
from mockcloud.messages import Json


class Tried(NamedTuple):
    """A call and what came of it."""

    arguments: dict[str, Json]
    bench: Bench
    client: Any
    outcome: Outcome

    @property
    def shown(self) -> Shown:
        """What a page shows of it."""
        return Shown(self.arguments, tuple(self.bench.asked), self.outcome)


class Trial:
    """Sets up the cases of one subject. `examples` is how many there were.

    `reading` is what its client is known to read of answers, `heard` of messages; None while that was not found out.
    """

    def __init__(self, subject: Subject) -> None:
        self.subject = subject
        self.examples = 0
        self.reading: Reading | None = None
        self.heard: frozenset[str] | None = None
        self._doors = Doors(subject.dossier.name)
        self._caller = Caller(subject.errors)
        self._clients: list[Any] = []
        self._taken: dict[str, Json] | None = None
        self._open = ExitStack()

    def __enter__(self) -> Self:
        self._open.enter_context(self._doors)
        # Closed first: what a task of the client sends when it is cancelled must not leave the process.
        self._open.enter_context(self._caller)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._open.close()

    def valid(self) -> Iterator[dict[str, Json]]:
        """The arguments of the deck of valid requests, as this client can say them: the smallest first, each once."""
        seen = set()
        for case in decks.valid(self.subject.operation.id):
            given = self.subject.given(case.arguments)
            key = json.dumps(given, sort_keys=True)
            if key not in seen and self.subject.sayable(given):
                seen.add(key)
                yield given

    def smallest(self) -> dict[str, Json]:
        """The first of them."""
        return next(self.valid(), self.subject.given(decks.valid(self.subject.operation.id)[0].arguments))

    def taken(self) -> dict[str, Json]:
        """The first of them that a cloud takes as things stand at first; where it takes none, the first."""
        if self._taken is None:
            self._taken = next((one for one in self.valid() if self._takes(one)), self.smallest())
        return self._taken

    def _takes(self, arguments: Mapping[str, Json]) -> bool:
        bench = self.bench()
        return self.asked_by_another(bench, self.placed(bench, arguments))

    def telling(self) -> Iterator[dict[str, Json]]:
        """The fullest and the smallest arguments with texts that are easily mangled."""
        told = list(self.valid())
        yield from (one for arguments in (told[-1:] + told[:-1][:1]) for one in telling(self.subject, arguments))

    def bench(self, **options: Any) -> Bench:
        """A fresh bench; `settings` and `credentials` are the provider's."""
        own = {name: {self.subject.dossier.name: options[name]} for name in ("settings", "credentials") if name in options}
        return self._doors.fresh(**options | own)

    def is_served(self) -> bool:
        """Whether the client is one that takes a base URL, as one that is made shows."""
        self.client(self.bench())
        self.close()
        return self._doors.served

    def placed(self, bench: Bench, arguments: Mapping[str, Json]) -> dict[str, Json]:
        """The arguments, naming what is there: what the operation needs is made first."""
        subject = self.subject
        scene = Scene(Session(subject.dossier, bench), decks.one_by_one)
        scene.prepare(subject.operation)
        placed = scene.placed(subject.draft(arguments))
        return subject.given(as_arguments(subject.contract, placed))

    def asked_by_another(self, bench: Bench, arguments: Mapping[str, Json]) -> bool:
        """Let another client of the same account, who makes no mistakes, ask for the same. Returns whether that was done."""
        return Session(self.subject.dossier, bench).send(self.subject.draft(arguments), "", "").accepted

    def client(self, bench: Bench) -> Any:
        """A new client, as the user builds it. Raises UsageError where that fails."""
        made = self.outcome("client", bench)
        if not isinstance(made, Returned):
            raise UsageError(f"{type(self.subject.suite).__name__}.client(cloud) {did(made)}")
        self._clients.append(made.value)
        return made.value

    def close(self) -> None:
        """Close the clients of a case that is over, as far as they can be closed."""
        while self._clients:
            client = self._clients.pop()
            end = getattr(client, "aclose", None) or getattr(client, "close", None)
            if callable(end):
                self._caller.outcome(end)

    def call(self, bench: Bench, arguments: Mapping[str, Json], client: Any = None) -> Tried:
        """Call a client, a new one where none is given."""
        client = self.client(bench) if client is None else client
        # What a client does to its arguments must not change what it was given.
        return Tried(dict(arguments), bench, client, self.outcome("call", client, deepcopy(dict(arguments))))

    def outcome(self, function: str, *given: Any) -> Outcome:
        """How a call of one of the user's functions ends."""
        return self._caller.outcome(getattr(self.subject.suite, function), *given)

    def is_of_call(self, error: BaseException) -> bool:
        """Whether an error comes from the user's own `call`, which could not say it to the client."""
        trace = error.__traceback__
        while trace is not None and trace.tb_next is not None:
            trace = trace.tb_next
        own = getattr(self.subject.suite.call, "__code__", None)
        if trace is None or own is None:
            return False
        raising = trace.tb_frame.f_code
        # A comprehension in it has a code of its own.
        return raising is own or (
            raising.co_filename == own.co_filename and raising.co_qualname.startswith(f"{own.co_qualname}.<locals>.")
        )
