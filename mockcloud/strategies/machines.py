"""A state machine that Hypothesis drives: a client of a provider, doing in any order whatever the provider's operations let it.

    TestMine = strategies.machine("PROVIDER").TestCase                       # against a cloud of our own, with a virtual clock
    TestTheirs = strategies.machine("PROVIDER", send=send, host="localhost:8080").TestCase       # against anybody's server

Knows what a client can do and what every step of it must find (`drafting/client.py`). Law: what is made is listed, states move
along edges alone, what is removed is gone, no id comes twice, and the end of a task is told once or not at all, of like tasks
alike.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any, Final

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from mockcloud.cloud import Cloud
from mockcloud.drafting import decks
from mockcloud.drafting.client.client import Client, Verbs
from mockcloud.drafting.client.ends import Ends
from mockcloud.drafting.client.landmarks import Landmarks, landmarks
from mockcloud.drafting.client.subscribing import Subscription, subscription
from mockcloud.drafting.sessions.caller import Caller
from mockcloud.messages import Credential, Json, Request, Response
from mockcloud.pipeline.service import WELL_KNOWN
from mockcloud.reports.dossier import dossier
from mockcloud.state.clock import RealClock, VirtualClock

START: Final = 1_767_268_800.0
"""When a cloud of our own begins: 2026-01-01T12:00:00Z in seconds since the epoch."""

MANY: Final = 1_000
"""More than anybody has made or may be asked: what is chosen by a number is chosen by what is left of it."""

LATER: Final = (1, 2, 3, 5, 60)
"""Seconds by which a clock is advanced."""

Send = Callable[[Request], Response]


def machine(
    provider: str,
    send: Send | None = None,
    *,
    host: str = "",
    credential: Credential = WELL_KNOWN,
    now: Callable[[], float] | None = None,
    settings: Mapping[str, Json] | None = None,
    cloud: Callable[[], Cloud] | None = None,
) -> type[RuleBasedStateMachine]:
    """The machine of a provider, to run with `hypothesis.stateful.run_state_machine_as_test` or as a `TestCase`.

    Args:
        provider: whose operations.
        send: asks a server; None for a cloud of our own, a fresh one in each run.
        host: the Host header that a server is asked with; empty for the vendor's.
        credential: the one that the server knows.
        now: when requests are signed, seconds since the epoch; None for the wall clock, or the virtual one of our own cloud.
        settings: names and values of the provider's settings.
        cloud: makes the cloud of a run, in the place of a fresh one of ours. Its clock is virtual.

    Raises:
        UsageError: for a provider that is not there, and for one that signs nothing.
    """
    made = _own(provider, dict(settings or {})) if cloud is None else cloud
    opened = _opening(provider, send, made, host, credential, now or RealClock().now)
    entry = dossier(provider)
    known = landmarks(entry, settings)
    Caller(entry, None)  # a provider that signs nothing is told of now, not in a run
    verbs = Verbs(known, entry.contract.operations)
    bound: dict[str, Any] = {"opened": staticmethod(opened), "landmarks": known, "verbs": verbs}
    bound["subscriptions"] = staticmethod(cache(lambda: _subscriptions(known)))
    return type(f"{provider.title().replace('_', '')}Machine", (_Machine,), bound)


def _subscriptions(known: Landmarks) -> tuple[Subscription, ...]:
    found = (subscription(known, kind) for kind in sorted({one.of for one in known.callbacks() if one.of}))
    return tuple(one for one in found if one is not None)


def _own(provider: str, settings: Mapping[str, Json]) -> Callable[[], Cloud]:
    return lambda: Cloud([provider], clock=VirtualClock(START), settings={provider: settings})


def _opening(
    provider: str,
    send: Send | None,
    made: Callable[[], Cloud],
    host: str,
    credential: Credential,
    now: Callable[[], float],
) -> Callable[[Landmarks], tuple[Client, Cloud | None]]:
    """What opens a client at the beginning of a run, with its cloud where that is one of our own."""

    def opened(landmarks: Landmarks) -> tuple[Client, Cloud | None]:
        entry = dossier(provider)
        if send is not None:
            return Client(Caller(entry, None, credential, now, host), landmarks, send), None
        cloud = made()
        return Client(Caller(entry, cloud, credential), landmarks, cloud.handle), cloud

    return opened


class _Machine(RuleBasedStateMachine):
    """One run. Rules take numbers; what they stand for depends on what there is."""

    opened: Callable[[Landmarks], tuple[Client, Cloud | None]]
    landmarks: Landmarks
    verbs: Verbs
    subscriptions: Callable[[], tuple[Subscription, ...]]

    @initialize(subscribed=st.booleans())
    def open(self, subscribed: bool) -> None:  # what is drawn is given by its place
        """Nothing is there yet; whoever subscribes to messages does it first."""
        self.client, self.cloud = self.opened(self.landmarks)
        self.ledger = self.client.ledger
        self.ends = Ends(self.client.contract)
        for one in self.subscriptions() if subscribed else ():
            if one.before is not None:
                self.client.change(one.before.operation, one.before)

    @rule(which=st.integers(0, MANY), card=st.integers(0, MANY))
    @precondition(lambda self: bool(self.verbs.makers))
    def make(self, which: int, card: int) -> None:
        """Make something, by any request of the deck."""
        operation, _ = _of(self.verbs.makers, which)
        draft = _of(decks.drafts(operation.id), card)
        if all(self.ledger.ids(kind) for kind in self.client.things.needs(operation)):
            self.client.make(operation, draft, (operation.id, draft.request(""), self.ends.epoch))

    @rule(which=st.integers(0, MANY))
    @precondition(lambda self: bool(self.subscriptions()))
    def make_to_be_told(self, which: int) -> None:
        """Make a task whose end somebody is told of, where he asked for it."""
        draft = _of(self.subscriptions(), which).make
        if all(self.ledger.ids(kind) for kind in self.client.things.needs(draft.operation)):
            self.client.make(draft.operation, draft, (draft.operation.id, draft.request(""), self.ends.epoch))

    @rule(which=st.integers(0, MANY), whose=st.integers(0, MANY))
    @precondition(lambda self: bool(self.ledger.living))
    def look(self, which: int, whose: int) -> None:
        """Look at something that was made."""
        made = _of([*reversed(self.ledger.living.values())], whose)
        words = self.landmarks.words(made.kind) if made.course else ()
        showers = [one for one, kind in self.verbs.showers if kind == made.kind]
        if words:
            self.client.look(_of(words, which), made)
        elif showers:
            self.client.show(_of(showers, which), made)

    @rule(which=st.integers(0, MANY))
    @precondition(lambda self: bool(self.verbs.lists))
    def list(self, which: int) -> None:
        """List a kind."""
        self.client.list(*_of(self.verbs.lists, which))

    @rule(which=st.integers(0, MANY), whose=st.integers(0, MANY))
    @precondition(lambda self: any(self.ledger.ids(kind) for _, kind, _ in self.verbs.events))
    def happen(self, which: int, whose: int) -> None:
        """Let something happen to a task, such as its being cancelled."""
        operation, kind, event = _of([one for one in self.verbs.events if self.ledger.ids(one[1])], which)
        self.client.happen(operation, event, _of(self.ledger.of(kind), whose))

    @rule(which=st.integers(0, MANY), card=st.integers(0, MANY))
    @precondition(lambda self: bool(self.verbs.changers))
    def change(self, which: int, card: int) -> None:
        """Change something: a template, a queue, where callbacks go."""
        operation = _of(self.verbs.changers, which)
        if all(self.ledger.ids(kind) for kind in self.client.things.needs(operation)):
            self.client.change(operation, _of(decks.drafts(operation.id), card))
            self.ends.changed()

    @rule(which=st.integers(0, MANY), whose=st.integers(0, MANY))
    @precondition(lambda self: any(self.ledger.ids(kind) for _, kind in self.verbs.removers))
    def remove(self, which: int, whose: int) -> None:
        """Remove something: it is there before, and nobody has it afterwards."""
        operation, kind = _of([one for one in self.verbs.removers if self.ledger.ids(one[1])], which)
        made = _of(self.ledger.of(kind), whose)
        showers = [one for one, of in self.verbs.showers if of == kind]
        for one in showers:
            self.client.show(one, made)
        self.client.remove(operation, made)
        if (kind, made.id) in self.ledger.removed:
            for one in (operation, *showers):
                self.client.miss(one, made)

    @rule(which=st.integers(0, MANY), whose=st.integers(0, MANY))
    @precondition(lambda self: bool(self.ledger.removed))
    def miss(self, which: int, whose: int) -> None:
        """Ask for something that was removed."""
        made = _of(list(self.ledger.removed.values()), whose)
        asking = [one for one, kind in (*self.verbs.showers, *self.verbs.removers) if kind == made.kind]
        if asking:
            self.client.miss(_of(asking, which), made)

    @rule(seconds=st.sampled_from(LATER))
    @precondition(lambda self: self.cloud is not None)
    def advance(self, seconds: int) -> None:
        """Let time go by."""
        if self.cloud is not None:
            self.cloud.clock.advance(seconds)

    @invariant()
    def ends_are_told_once(self) -> None:
        """Of our own cloud the messages are known: each end is told once, and of like tasks alike."""
        if self.cloud is not None:
            self.cloud.deliver()
            self.ends.told(self.cloud.callbacks, self.ledger)

    def teardown(self) -> None:
        """Everything that was made is there, once more."""
        for made in list(self.ledger.living.values()) if hasattr(self, "ledger") else ():
            for words in self.landmarks.words(made.kind)[:1] if made.course else ():
                self.client.look(words, made)


def _of(found: Any, number: int) -> Any:
    return found[number % len(found)]
