"""Where a provider's answers say the id of what was made, the state of a task, and the code of a refusal.

Found out by asking a cloud of our own, never declared. Knows operations and their effects. Law: a landmark is the contract's:
it is the same for whoever answers as the contract says.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from functools import cache, cached_property
from itertools import chain, islice
from typing import Final, NamedTuple

from mockcloud.cloud import Cloud
from mockcloud.contracts import folders, json_reader
from mockcloud.contracts.callbacks import Callback
from mockcloud.contracts.model import Operation
from mockcloud.drafting import decks
from mockcloud.drafting.client import sights
from mockcloud.drafting.client.sights import Seen
from mockcloud.drafting.requests import planned
from mockcloud.drafting.requests.drafts import Draft
from mockcloud.drafting.sessions.scene import Scene, looks_at, makes, pointer_of
from mockcloud.drafting.sessions.session import SEED, START, TICK, Session
from mockcloud.drafting.spoiling import strangers
from mockcloud.messages import Json, Response
from mockcloud.reports.dossier import Dossier, dossier
from mockcloud.state.clock import VirtualClock

LOOKS: Final = 16
"""How often a task is looked at, at most, until it has ended."""

TRIED: Final = 60
"""Requests of an operation that are tried until one is accepted."""

ARGUMENT: Final = re.compile(r"\$(?:request|path)\.(\w+)")

ROOM: Final = 9
"""How many things are made to see how many of them a list shows."""

LATER: Final = 7919
"""Seconds between the starts of two tasks that are compared."""

STATES: Final = 3
"""How many words a place has to have to be taken for the state's where none of them is the name of a state."""

Settings = Mapping[str, Json]


class Words(NamedTuple):
    """Where an operation shows a task's state, and which states each word stands for."""

    operation: Operation
    place: str
    states: Mapping[str, frozenset[str]]
    id: tuple[str, ...]
    """Where it says whose state that is."""


class Listed(NamedTuple):
    """What a list surely shows: things that this operation makes, their ids in these places, so many of a client's own."""

    maker: str
    places: tuple[str, ...]
    room: int


class Landmarks:
    """The landmarks of one provider with some settings, each looked for when it is asked for."""

    def __init__(self, dossier: Dossier, settings: Settings | None = None) -> None:
        self._dossier, self._settings = dossier, dict(settings or {})
        self._contract = dossier.contract
        self._made: dict[str, tuple[str, ...]] = {}
        self._listed: dict[tuple[str, str], Listed] = {}
        self._words: dict[str, tuple[Words, ...]] = {}

    def session(self, start: float = START) -> tuple[Session, Scene]:
        """A fresh cloud of our own, and the things in it."""
        clock = VirtualClock(start, TICK)
        cloud = Cloud([self._dossier.name], clock=clock, seed=SEED, settings={self._dossier.name: self._settings})
        session = Session(self._dossier, cloud)
        return session, Scene(session, decks.one_by_one)

    def operations(self) -> list[Operation]:
        """The operations of the provider of which there are requests."""
        return [one for one in self._contract.operations.values() if decks.smallest(one.id)]

    def callbacks(self) -> list[Callback]:
        """The messages of the provider."""
        return list(self._contract.callbacks.values())

    def made(self, operation: Operation) -> tuple[str, ...]:
        """Where the answer of an operation that makes something says its id; none where the client gives the id."""
        if operation.id not in self._made:
            self._made[operation.id] = self._places_of_id(operation)
        return self._made[operation.id]

    def _places_of_id(self, operation: Operation) -> tuple[str, ...]:
        session, scene = self.session()
        kind = made_by(operation)
        if not kind:
            return ()
        scene.prepare(operation)
        for _ in chain((None,), scene.otherwise(operation)):
            for draft in islice(decks.one_by_one(operation), TRIED):
                before = set(scene.there(kind))
                vector = session.send(scene.placed(draft), operation.id, "")
                new = [one for one in scene.there(kind) if one not in before]
                if vector.accepted and new:
                    return tuple(sights.holding(sights.seen(self._contract, vector.exchange.response), new[0]))
        return ()

    @cached_property
    def tenancy(self) -> frozenset[str]:
        """The arguments on which it depends whose a thing is."""
        folder = folders.chosen([self._dossier.name])[self._dossier.name]
        return frozenset(ARGUMENT.findall(json.dumps(json_reader.load(folder / "provider.json")["tenancy"])))

    def listed(self, operation: Operation, kind: str) -> Listed:
        """What the list of a kind by the first request of an operation surely shows."""
        if (operation.id, kind) not in self._listed:
            self._listed[operation.id, kind] = self._ids_in_list(operation, kind)
        return self._listed[operation.id, kind]

    def _ids_in_list(self, operation: Operation, kind: str) -> Listed:
        session, scene = self.session()
        makers = self.makers(kind)
        if not makers:
            return Listed("", (), 0)
        scene.prepare(makers[0])
        for _ in range(ROOM):
            session.send(scene.placed(decks.smallest(makers[0].id)[0]), makers[0].id, "")
        vector = session.send(scene.placed(decks.smallest(operation.id)[0]), operation.id, "")
        found, own = sights.seen(self._contract, vector.exchange.response), scene.there(kind)
        places = [place for one in own for place in sights.holding(found, one)]
        place = max(places, key=places.count, default="")
        return Listed(makers[0].id, (place,) if place and vector.accepted else (), places.count(place))

    @cached_property
    def code(self) -> tuple[str, ...]:
        """Where a refusal says its code."""
        session, _ = self.session()
        drafts = (decks.smallest(one.id) for one in self._contract.operations.values())
        draft = next(one[0] for one in drafts if one)
        found = []
        for spoilt in chain(strangers.of_operation(session, draft), strangers.of_provider(session, draft)):
            session.cloud.handle(spoilt.request)
            exchange = session.cloud.journal.last
            found.append(set(sights.holding(sights.seen(self._contract, exchange.response), exchange.refusal)))
        return tuple(sorted(set.intersection(*(one for one in found if one))))

    @cached_property
    def accepted(self) -> tuple[str, ...]:
        """What an answer that is no refusal says in the place of a code; none where it has no such place."""
        session, scene = self.session()
        for one in self._contract.operations.values():
            for draft in decks.smallest(one.id):
                scene.prepare(one)
                vector = session.send(scene.placed(draft), one.id, "")
                if vector.accepted:
                    return tuple(sights.at(sights.seen(self._contract, vector.exchange.response), self.code))
        return ()

    def refused(self, response: Response) -> str | None:
        """The code that an answer refuses with, empty where it says none; None where it is no refusal."""
        said = sights.at(sights.seen(self._contract, response), self.code)
        code = next((one for one in said if one and one not in self.accepted), "")
        return code if code or response.status != self._contract.success.status else None

    def words(self, kind: str) -> tuple[Words, ...]:
        """The operations that look at tasks of a kind, each with its words for the states."""
        if kind not in self._words:
            asked = (one for one in self._contract.operations.values() if looks_at(one, kind))
            lookers = [one for one in asked if decks.smallest(one.id)]
            self._words[kind] = tuple(found for one in lookers if (found := self._words_of(one, kind)) is not None)
        return self._words[kind]

    def _words_of(self, operation: Operation, kind: str) -> Words | None:
        shown: dict[str, list[Seen]] = {}
        ids: list[set[str]] = []
        for maker in self.makers(kind):
            for fails in (False, True):
                for state, name, found in self._watched(operation, kind, maker, fails=fails):
                    shown.setdefault(state, []).append(found)
                    ids.append(set(sights.holding(found, name)))
            if shown:
                break
        place = _likeliest(shown)
        if not place:
            return None
        states: dict[str, set[str]] = {}
        for name in self._contract.lifecycles[kind].states:
            # A state that nobody was led to is most likely shown by its own name, as the others are.
            for word in {sights.spelt(one[place][0]) for one in shown.get(name, ()) if place in one} or {name}:
                states.setdefault(word, set()).add(name)
        id_places = set.intersection(*ids) if ids else set()
        return Words(operation, place, {word: frozenset(of) for word, of in states.items()}, tuple(sorted(id_places)))

    def makers(self, kind: str) -> list[Operation]:
        """The operations that make tasks or things of a kind."""
        return [one for one in self._contract.operations.values() if makes(one, kind) and decks.smallest(one.id)]

    def _watched(self, operation: Operation, kind: str, maker: Operation, *, fails: bool) -> Iterable[tuple[str, str, Seen]]:
        # Another start, so that nobody takes a time for a state.
        session, scene = self.session(START + (LATER if fails else 0))
        draft = self._failing(maker) if fails else decks.smallest(maker.id)[0]
        if draft is None:
            return
        scene.prepare(maker)
        if not session.send(scene.placed(draft), maker.id, "").accepted or not scene.there(kind):
            return
        scene.adopt(kind)
        made = scene.there(kind)[-1]
        looker = naming(operation, kind)
        for _ in range(LOOKS):
            vector = session.send(scene.placed(looker), operation.id, "")
            state = next(one for one in session.cloud.tasks(self._dossier.name) if one.id == made).state
            if vector.accepted:
                yield state, made, sights.seen(self._contract, vector.exchange.response)
            if self._contract.lifecycles[kind].states[state].final:
                return

    def _failing(self, maker: Operation) -> Draft | None:
        return next((one.draft for one in planned.failures(self._dossier, decks.smallest(maker.id)[0])), None)


def landmarks(entry: Dossier, settings: Settings | None = None) -> Landmarks:
    """The landmarks of a provider; those with its usual settings are looked for once in a process."""
    return Landmarks(entry, settings) if settings else _usual(entry.name)


@cache
def _usual(provider: str) -> Landmarks:
    return Landmarks(dossier(provider))


def made_by(operation: Operation) -> str:
    """The kind of what an operation makes: of tasks and what comes with them the tasks; empty where it makes nothing."""
    made = {effect.verb: effect.kind for effect in reversed(operation.effects) if effect.verb in ("create", "add")}
    return made.get("create") or made.get("add") or ""


def naming(operation: Operation, kind: str) -> Draft:
    """The first request of an operation that names a thing of a kind, where any does."""
    effects = [one for one in operation.effects if one.kind == kind and ("id" in one.entry or "ids" in one.entry)]
    drafts = decks.one_by_one(operation)
    return next((one for one in drafts if any(pointer_of(one, effect) for effect in effects)), decks.smallest(operation.id)[0])


def _likeliest(shown: Mapping[str, list[Seen]]) -> str:
    """The place whose values tell states apart, most of them by their own names; empty where there is none."""
    everywhere = [one for found in shown.values() for one in found]
    places = set.intersection(*(set(one) for one in everywhere)) if everywhere else set()
    best = max(sorted(places), key=lambda place: _tells(shown, place), default="")
    named, words, _ = _tells(shown, best) if best else (0, 0, 0)
    return best if named or words >= STATES else ""


def _tells(shown: Mapping[str, list[Seen]], place: str) -> tuple[int, int, int]:
    """How well a place tells states apart: by how many of their names, by how many words; the shorter place before others."""
    named = sum(all(sights.spelt(one[place][0]).lower() == state.lower() for one in found) for state, found in shown.items())
    words = {sights.spelt(one[place][0]) for found in shown.values() for one in found}
    steady = all(len({sights.spelt(one[place][0]) for one in found}) == 1 for found in shown.values())
    return (named, len(words), -len(place)) if steady else (0, 0, 0)
