"""The server and a cloud of our own beside it, asked the same things: what the one should answer is what the other does.

Knows drafts and which of our ids stands for which of the server's. Law: a request that names what the server does not have
for want of having made it is not sent; nothing is judged that follows from an earlier deviation.
"""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections import Counter
from collections.abc import Callable, Iterable
from copy import deepcopy

from mockcloud.cloud import Cloud
from mockcloud.contracts.evidence import listed
from mockcloud.contracts.model import Operation
from mockcloud.drafting import decks
from mockcloud.drafting.client import sights
from mockcloud.drafting.client.landmarks import Landmarks, made_by
from mockcloud.drafting.requests.drafts import Draft
from mockcloud.drafting.sessions.caller import Caller
from mockcloud.drafting.sessions.scene import Scene
from mockcloud.drafting.sessions.session import Vector
from mockcloud.fuzzing import shrinking
from mockcloud.fuzzing.client import Client
from mockcloud.fuzzing.deviation import Deviation
from mockcloud.fuzzing.judging import Heard, Judging, Wanted
from mockcloud.fuzzing.target import Gone, NoAnswer, Target, Unreachable
from mockcloud.messages import Json, Request
from mockcloud.reports.dossier import Dossier
from mockcloud.state.clock import VirtualClock
from mockcloud.state.journal import Exchange

SEED = 4_711
"""Of our own cloud's ids: another one than a mock's that is asked."""

RETURNING = 3
"""How often in a row a server may be gone that was there: one that starts again by itself is not."""

SHRUNK = frozenset({"valid"})
"""The labels of requests that are made smaller when they show something."""

Told = Callable[[Deviation], bool]
"""Takes a deviation; returns whether it is a new one."""


class Pair(Caller):
    """One session with both. What the server does otherwise is told as it comes."""

    def __init__(self, dossier: Dossier, target: Target, landmarks: Landmarks, told: Told) -> None:
        cloud = _cloud(dossier.name, target, float(int(target.now())))
        super().__init__(dossier, cloud, target.credential)
        self.target = target
        self.client = Client(dossier, cloud, target)
        self.landmarks, self.told = landmarks, told
        self.judging = Judging(self.contract, landmarks)
        self.scene = Scene(self, decks.one_by_one)
        self.asked = 0
        self._gone = 0
        self.unasked: Counter[str] = Counter()
        """By operation, the requests that were not sent."""
        self.nameless: set[str] = set()
        """The kinds of what was made without an id."""
        self.theirs: dict[tuple[str, str], str] = {}
        """By kind and our id, the server's id of the same thing."""
        self._ours: set[tuple[str, str]] = set()

    def number(self) -> int:
        """A number that no other run gives out either."""
        return next(self.target.names)

    def send(self, draft: Draft, id: str, says: str) -> Vector:
        """Ask both. Returns what our own cloud made of it."""
        return self.both(draft, says, id)[0]

    def both(self, draft: Draft, says: str, label: str = "valid") -> tuple[Vector, Heard | None]:
        """Ask both for a draft that speaks in our ids, and judge; the second is None where the server could not be asked."""
        vector, heard, found = self.asked_of_both(draft, says, label)
        for one in found:
            smaller = shrinking.smallest(self, draft, one, says, label) if self.told(one) and label in SHRUNK else one
            if smaller is not one:
                self.told(smaller)
        return vector, heard

    def asked_of_both(self, draft: Draft, says: str, label: str) -> tuple[Vector, Heard | None, list[Deviation]]:
        """The same, with what deviates in the place of telling it."""
        self.cloud.handle(self.signed(draft.request(self.host)))
        exchange = self.cloud.journal.last
        vector = Vector(label, says, draft.operation.id, "", exchange, draft.operation.evidence)
        theirs = self.translated(draft)
        if theirs is None:
            self.unasked[draft.operation.id] += 1
            self._learn(draft, exchange, None)
            return vector, None, []
        heard = self.hear(draft.operation, self.client.signed(theirs.request(self.client.host)))
        wanted = self.wanted(exchange, draft.operation, says, label)
        found = [] if self._too_late(draft.operation, heard, exchange) else list(self.judging.deviations(heard, wanted))
        self._learn(draft, exchange, heard)
        return vector, heard, found

    def _too_late(self, operation: Operation, heard: Heard, exchange: Exchange) -> bool:
        """Whether the server's task may have been further than ours when something was to happen to it."""
        refusal = self.contract.errors.conditions.get("event-refused")
        lets = any(effect.verb == "event" and "id" in effect.entry for effect in operation.effects)
        return lets and not exchange.refusal and refusal is not None and self.judging.refused(heard) == refusal.code

    def hear(self, operation: Operation, request: Request) -> Heard:
        """Ask the server alone."""
        self.asked += 1
        self.target.sent.add(hash(request))
        try:
            response = self.target.send(request)
        except Unreachable:
            raise
        except NoAnswer as problem:
            self._gone = self._gone + 1 if isinstance(problem, Gone) else 0
            if self._gone > RETURNING:
                raise Unreachable(str(problem)) from None
            return Heard(operation, request, None, str(problem))
        self._gone = 0
        return Heard(operation, request, response)

    def alone(self, request: Request) -> Exchange:
        """What a fresh cloud of our own makes of a request, with nothing before it."""
        cloud = _cloud(self.contract.name, self.target, self.cloud.clock.now())
        cloud.report = lambda problem: None
        cloud.handle_for(self.contract.name, request)
        return cloud.journal.last

    def gated(self, operation: Operation, request: Request, says: str) -> Wanted | None:
        """What a request is refused with before its rules are asked; None where nothing but its rules is against it."""
        reasons = {effect.kind for effect in self.contract.gate}
        exchange = self.alone(request) if reasons else None
        return None if exchange is None or exchange.reason not in reasons else self.wanted(exchange, operation, says, "")

    def wanted(self, exchange: Exchange, operation: Operation, says: str, label: str) -> Wanted:
        """What our own cloud answered, as what is wanted of the server."""
        if not exchange.refusal:
            return Wanted(label, says, operation.evidence)
        errors = self.dossier.errors
        stated = errors["conditions"].get(exchange.reason) or errors["codes"].get(exchange.refusal) or {}
        evidence = listed(stated.get("evidence", ()))
        label = exchange.reason or exchange.refusal
        if exchange.violations:
            label = exchange.violations[0].rule
            evidence = operation.request.rules[label].evidence
        return Wanted(label, says, evidence, exchange.refusal, exchange.response.status)

    # Ids -------------------------------------------------------------------------------------------------------------

    def _learn(self, draft: Draft, exchange: Exchange, heard: Heard | None) -> None:
        """Remember which id of the server stands for which of ours, where something was made."""
        kind, places = made_by(draft.operation), self.landmarks.made(draft.operation)
        if exchange.refusal or not kind:
            return
        ours = sights.at(sights.seen(self.contract, exchange.response), places) or self._named(draft, kind)
        self._ours |= {(kind, one) for one in ours}
        self.nameless |= set() if ours else {kind}
        if heard is None or heard.response is None or self.judging.refused(heard) is not None:
            return
        theirs = sights.at(sights.seen(self.contract, heard.response), places) or self._named(draft, kind)
        for our, their in zip(ours, theirs, strict=False):
            if their in self.ids(kind):
                self.told(self._given_twice(heard, their))
            self.theirs[kind, our] = their

    def _named(self, draft: Draft, kind: str) -> list[str]:
        """The id that a request itself gives to what it makes."""
        resource = self.contract.resources.get(kind)
        name = draft.at(resource.id) if resource is not None and resource.id else None
        return [name] if isinstance(name, str) else []

    def ids(self, kind: str) -> list[str]:
        """The server's ids of what was made of a kind, oldest first."""
        return [their for (of, _), their in self.theirs.items() if of == kind]

    def left(self) -> list[tuple[str, str]]:
        """What the server was let make and still holds as far as we know: kind and its id, oldest first."""
        return [(kind, their) for (kind, _), their in self.theirs.items()]

    def _given_twice(self, heard: Heard, id: str) -> Deviation:
        says, evidence = "Two requests that make something.", heard.operation.evidence
        return self.judging.deviation("identity", heard, "given-twice", says, "an id of its own", f"the id {id} again", evidence)

    def translated(self, draft: Draft) -> Draft | None:
        """The draft with the server's ids in the place of ours; None where the server has none that would stand there."""
        kinds = {one.kind for one in draft.operation.effects} | {one.resource for one in draft.operation.references}
        kinds = {kind for kind in kinds if any(of == kind for of, _ in self._ours)}
        if not kinds:
            return draft
        missing: list[str] = []

        def other(value: Json) -> Json:
            for kind in kinds if isinstance(value, str) else ():
                if (kind, value) in self.theirs:
                    return self.theirs[kind, value]
                if (kind, value) in self._ours:
                    missing.append(value)
            return value

        message = _with_texts(draft.message, other)
        given = {at: other(value) for at, value in draft.given.items()}
        return None if missing else draft.saying(message, given)

    def bases(self, drafts: Iterable[Draft]) -> list[Draft]:
        """The drafts as the server would have to be asked, those that it can be asked."""
        found = (self.translated(self.scene.placed(one)) for one in drafts)
        return [one for one in found if one is not None]


def _cloud(provider: str, target: Target, start: float) -> Cloud:
    """A cloud of our own on the target's terms."""
    auth, known = "strict" if target.strict else "off", {provider: [target.credential]}
    settings = {provider: target.settings}
    return Cloud([provider], auth, VirtualClock(start), SEED, credentials=known, settings=settings)


def _with_texts(message: Json, other: Callable[[Json], Json]) -> Json:
    """A message with other texts in the place of its own."""
    if isinstance(message, ET.Element):
        made = deepcopy(message)
        for one in made.iter():
            one.text = other(one.text)
        return made
    if isinstance(message, dict):
        return {name: _with_texts(value, other) for name, value in message.items()}
    return [_with_texts(one, other) for one in message] if isinstance(message, list) else other(message)
