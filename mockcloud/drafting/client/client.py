"""A client that makes, looks at, lists, changes and removes things, and holds what it is told against its ledger.

Knows operations by what they do, and answers by their landmarks. Law: every step asks one thing and says what is wrong with the
answer; which step comes next is for others to say.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import cached_property
from typing import NamedTuple

from mockcloud.contracts.model import Operation
from mockcloud.contracts.routes import in_path
from mockcloud.drafting import decks
from mockcloud.drafting.client import sights
from mockcloud.drafting.client.landmarks import Landmarks, Words, made_by, naming
from mockcloud.drafting.client.ledger import Ledger, Made
from mockcloud.drafting.requests.drafts import Draft
from mockcloud.drafting.sessions.scene import Scene, pointer_of
from mockcloud.drafting.sessions.session import Session
from mockcloud.messages import Json, Request, Response
from mockcloud.reports.json_values import ABSENT


class Wrong(Exception):
    """An answer that does not go with what was asked before: what is wrong, what was asked and answered."""


class Told(NamedTuple):
    """A request and its answer; `code` is what it refuses with, None where it is no refusal."""

    request: Request
    response: Response
    code: str | None
    seen: sights.Seen

    def __str__(self) -> str:
        asked = f"{self.request.method} {self.request.target} {self.request.body[:400]!r}"
        return f"asked {asked}, answered {self.response.status} {self.response.body[:400]!r}"


class Things(Scene):
    """The things that a ledger knows, as requests name them."""

    def __init__(self, session: Session, ledger: Ledger) -> None:
        super().__init__(session, decks.one_by_one)
        self._ledger = ledger

    def there(self, kind: str) -> list[str]:
        """The ids of a kind that the client made, oldest first."""
        return self._ledger.ids(kind)

    def _of_reference(self, kind: str, argument: str, where: Mapping[str, str]) -> Iterator[tuple[str, Json]]:
        # Of what was made only the id is known; of presets everything.
        presets = self._contract.resources[kind].items
        one = next(iter(presets), "") if where else self._one(kind)
        if one:
            yield argument, one
            yield from ((at, presets[one][member]) for member, at in where.items() if member in presets.get(one, {}))


class Client:
    """One client of one server. Every step raises Wrong for an answer that cannot be."""

    def __init__(self, session: Session, landmarks: Landmarks, send: Callable[[Request], Response]) -> None:
        self.contract, self.session, self.landmarks, self._send = session.contract, session, landmarks, send
        self.ledger = Ledger(self.contract.lifecycles)
        self.things = Things(session, self.ledger)
        self._home: dict[str, Json] = {}
        """The values of arguments that say whose a thing is: always the same, so that everything is the client's own."""

    # Steps -----------------------------------------------------------------------------------------------------------

    def make(self, operation: Operation, draft: Draft, way: tuple[object, ...] = ()) -> Made | None:
        """Make something; None where that is refused."""
        placed = self._at_home(self.things.placed(draft))
        told = self._ask(placed)
        if told.code is not None:
            self._refused_for_a_reason(operation, told)
            return None
        kind = made_by(operation)
        places, resource = self.landmarks.made(operation), self.contract.resources.get(kind)
        names = sights.at(told.seen, places) or ([str(placed.at(resource.id))] if resource and resource.id else [])
        if places and not names:
            raise Wrong(f"something was made and no id is told at {places[0]}: {told}")
        for name in names:
            problem = self.ledger.make(kind, name, way)
            if problem:
                raise Wrong(f"{problem}: {told}")
        return self.ledger.living[kind, names[0]] if names else None

    def look(self, words: Words, made: Made) -> None:
        """Look at a task: it is there, it is the one that was asked for, and it has gone along the edges of its table."""
        told = self._ask(self._naming(words.operation, made))
        if told.code is not None:
            raise Wrong(f"the {made.kind} {made.id} was made and is refused: {told}")
        ids, said = sights.at(told.seen, words.id), sights.at(told.seen, [words.place])
        if words.id and made.id not in ids:
            raise Wrong(f"the {made.kind} {made.id} was asked for and {', '.join(ids) or 'nothing'} is shown: {told}")
        states = words.states.get(said[0], frozenset()) if said else frozenset()
        if said and not states:
            raise Wrong(f"the {made.kind} {made.id} is {said[0]!r}, and no document knows that: {told}")
        problem = made.course.look(states) if made.course and states else ""
        if problem:
            raise Wrong(f"{problem}: {told}")
        made.word = said[0] if said else made.word

    def show(self, operation: Operation, made: Made) -> None:
        """Look at a thing without states."""
        told = self._ask(self._naming(operation, made))
        if told.code is not None:
            raise Wrong(f"the {made.kind} {made.id} was made and is refused: {told}")

    def happen(self, operation: Operation, event: str, made: Made) -> None:
        """Let something happen to a task, which its state allows or not."""
        told = self._ask(self._naming(operation, made))
        problem = made.course.happen(event, accepted=told.code is None) if made.course else ""
        if problem:
            raise Wrong(f"{problem}: {told}")

    def remove(self, operation: Operation, made: Made) -> None:
        """Remove something."""
        told = self._ask(self._naming(operation, made))
        if told.code is not None:
            self._refused_for_a_reason(operation, told)
            return
        self.ledger.remove(made)
        for effect in operation.effects:
            if effect.verb == "remove" and "where" in effect.entry:
                self.ledger.forget(effect.kind)

    def miss(self, operation: Operation, made: Made) -> None:
        """Ask for what was removed: it is refused, or not shown."""
        told = self._ask(self._naming(operation, made))
        if told.code is None and (operation.response is None or sights.holding(told.seen, made.id)):
            raise Wrong(f"the {made.kind} {made.id} was removed and is still there: {told}")

    def list(self, operation: Operation, kind: str) -> None:
        """List a kind: what was made is there while there is room, what was removed is not."""
        told = self._ask(self.things.placed(decks.smallest(operation.id)[0]))
        if told.code is not None:
            self._refused_for_a_reason(operation, told)
            return
        maker, places, room = self.landmarks.listed(operation, kind)
        shown = [one for place in places for one in map(sights.spelt, told.seen.get(place, ()))]
        gone = [name for of, name in self.ledger.removed if of == kind and name in shown]
        if gone:
            raise Wrong(f"the {kind} {gone[0]} was removed and is still listed: {told}")
        living = self.ledger.of(kind)
        if places and len(living) <= room:
            missing = [made.id for made in living if made.id not in shown and made.way[:1] == (maker,)]
            if missing:
                raise Wrong(f"the {kind} {missing[0]} was made and is not listed: {told}")

    def change(self, operation: Operation, draft: Draft) -> bool:
        """Change something. Returns whether that was done. What follows from it may happen to any task."""
        told = self._ask(self.things.placed(draft))
        if told.code is not None:
            self._refused_for_a_reason(operation, told)
            return False
        for effect in operation.effects:
            for made in self.ledger.of(effect.kind) if effect.verb == "event" else ():
                if made.course:
                    made.course.may_happen()
        return True

    # What it takes ---------------------------------------------------------------------------------------------------

    def _ask(self, draft: Draft) -> Told:
        request = self.session.signed(self._at_home(draft).request(self.session.host))
        response = self._send(request)
        return Told(request, response, self.landmarks.refused(response), sights.seen(self.contract, response))

    def _at_home(self, draft: Draft) -> Draft:
        """The draft without the arguments that say whose a thing is, or with the client's own."""
        in_url = {f"/{one.name}" for one in in_path(draft.operation)}
        for place in (f"/{name}" for name in self.landmarks.tenancy):
            value = draft.at(place)
            if value is not ABSENT:
                without, own = draft.changed([(place, ABSENT)]), draft.changed([(place, self._home.setdefault(place, value))])
                draft = own if place in in_url or not without.accepted() else without
        return draft

    def _naming(self, operation: Operation, made: Made) -> Draft:
        placed = self.things.placed(naming(operation, made.kind))
        pointers = (pointer_of(placed, effect) for effect in operation.effects if effect.kind == made.kind)
        at = next(one for one in pointers if one)
        return placed.changed([(at, [made.id] if isinstance(placed.at(at), list) else made.id)])

    def _refused_for_a_reason(self, operation: Operation, told: Told) -> None:
        """A refusal that what the operation does can have."""
        resources, errors = self.contract.resources, self.contract.errors
        effects = (*self.contract.gate, *operation.effects)
        conditions = {name for effect in effects for name in effect.conditions(resources)}
        conditions |= {f"unknown-{one.resource}" for one in operation.references}
        conditions |= {f"full-{table.dispatch.queue}" for table in self.contract.lifecycles.values() if table.dispatch}
        known = {errors.conditions[name].code for name in conditions if name in errors.conditions}
        if told.code not in known:
            raise Wrong(f"a valid request is refused with {told.code or 'no code'}, which nothing that it does can earn: {told}")


class Verbs:
    """The operations of a provider by what a client does with them; of each only those of which there are requests."""

    def __init__(self, landmarks: Landmarks, operations: Mapping[str, Operation]) -> None:
        self._landmarks = landmarks
        self._operations = [one for one in operations.values() if decks.smallest(one.id)]

    @cached_property
    def makers(self) -> list[tuple[Operation, str]]:
        """Operations that make something, and its kind."""
        return [(one, kind) for one in self._operations if (kind := made_by(one))]

    def _with_id(self, verb: str) -> list[tuple[Operation, str]]:
        return [
            (one, effect.kind)
            for one in self._operations
            for effect in one.effects
            if effect.verb == verb and isinstance(effect.get("id"), str) and effect["id"].startswith("/")
        ]

    @cached_property
    def removers(self) -> list[tuple[Operation, str]]:
        """Operations that remove what they are given the id of."""
        return self._with_id("remove")

    @cached_property
    def showers(self) -> list[tuple[Operation, str]]:
        """Operations that show what they are given the id of, and keep nothing."""
        return [(one, kind) for one, kind in self._with_id("get") if not one.keeps]

    @cached_property
    def events(self) -> list[tuple[Operation, str, str]]:
        """Operations that let something happen to one task: its kind, and what."""
        return [
            (one, kind, effect["event"])
            for one, kind in self._with_id("event")
            for effect in one.effects
            if effect.verb == "event" and isinstance(effect["event"], str)
        ]

    @cached_property
    def lists(self) -> list[tuple[Operation, str]]:
        """Operations that list a kind and keep nothing."""
        return [
            (one, effect.kind) for one in self._operations for effect in one.effects if effect.verb == "list" and not one.keeps
        ]

    @cached_property
    def changers(self) -> list[Operation]:
        """Operations that change something."""
        return [one for one in self._operations if any(effect.verb == "change" for effect in one.effects)]
