"""What must be there before an operation can be done, and how a request names it.

Knows what operations make, look at and change, and the cloud's state. Law: what a request names was made by a request of the
same session, or is a preset.
"""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections.abc import Callable, Iterator, Mapping
from itertools import islice
from typing import Final

from mockcloud.contracts.effects import Effect
from mockcloud.contracts.model import Operation
from mockcloud.contracts.routes import in_path
from mockcloud.drafting.requests.amending import amended
from mockcloud.drafting.requests.drafts import Draft
from mockcloud.drafting.sessions.session import Session
from mockcloud.messages import Json
from mockcloud.reports.json_values import ABSENT

ATTEMPTS: Final = 12
"""How many ways to make a thing are tried for an operation that wants it otherwise."""

USING_UP: Final = frozenset({"event", "remove"})
"""Effects after which a thing is not what it was."""


class Scene:
    """The things of one session. `valid` gives the valid drafts of an operation, the smallest first."""

    def __init__(self, session: Session, valid: Callable[[Operation], Iterator[Draft]]) -> None:
        self._session, self._contract, self._valid = session, session.contract, valid
        self._made: dict[str, str] = {}
        """The last thing of each kind that was made for somebody."""
        self._way: dict[tuple[str, str], int] = {}
        """For an operation and a kind, which way of making it serves."""
        self._under_way: list[str] = []
        """Kinds that are being made: what needs itself is made without."""

    def needs(self, operation: Operation) -> list[str]:
        """The kinds of which an operation needs one that a client made."""
        named = [effect for effect in operation.effects if "id" in effect.entry or "ids" in effect.entry]
        if not named:
            named = [effect for effect in operation.effects if effect.verb == "remove"]
        kinds = [effect.kind for effect in named if not self._served(effect)]
        # What makes a task of things looks through them by itself.
        others = [effect.kind for effect in operation.effects if effect.verb == "list" and operation.creates]
        others += [one.resource for one in operation.references]
        kinds += [kind for kind in others if not self._served_by_preset(kind)]
        return list(dict.fromkeys(kind for kind in kinds if not makes(operation, kind)))

    def _served(self, effect: Effect) -> bool:
        """Whether a preset will do."""
        changing = effect.verb in ("change", *USING_UP)
        return self._served_by_preset(effect.kind) and (not changing or self._contract.resources[effect.kind].changeable)

    def _served_by_preset(self, kind: str) -> bool:
        return kind not in self._contract.lifecycles and bool(self._contract.resources[kind].items)

    def prepare(self, operation: Operation, *, fresh: bool = False) -> None:
        """Let there be what an operation needs: anew where it uses that up, or when it is to be fresh."""
        for kind in self.needs(operation):
            using_up = any(effect.kind == kind and effect.verb in USING_UP for effect in operation.effects)
            if fresh or using_up or self._made.get(kind) not in self.there(kind):
                self._make(operation, kind, self._way.get((operation.name, kind), 0))

    def stock(self, operation: Operation) -> None:
        """Let there be one at least of each kind that an operation shows, whether or not it names one."""
        kinds = dict.fromkeys(effect.kind for effect in operation.effects if effect.verb in ("get", "find", "list"))
        for kind in kinds:
            if not self.there(kind):
                self._make(operation, kind, 0)

    def otherwise(self, operation: Operation) -> Iterator[None]:
        """Let there be what an operation needs in each other way; whoever is served stops asking."""
        for kind in self.needs(operation):
            first = self._way.get((operation.name, kind), 0)
            for way in range(first + 1, ATTEMPTS):
                if self._maker(kind, way) is None:
                    break
                self._way[operation.name, kind] = way
                self._make(operation, kind, way)
                yield
            self._way[operation.name, kind] = first

    def _maker(self, kind: str, way: int) -> Draft | None:
        """A request that makes something of a kind, one for each way; None where there are no more ways."""
        makers = (one for one in self._contract.operations.values() if makes(one, kind))
        return next(islice((draft for one in makers for draft in islice(self._valid(one), ATTEMPTS)), way, None), None)

    def _make(self, operation: Operation, kind: str, way: int) -> None:
        maker, before = self._maker(kind, way), set(self.there(kind))
        if maker is None:
            return
        if kind not in self._under_way:
            self._under_way.append(kind)
            self.prepare(maker.operation)
            self._under_way.pop()
        says = f"Makes the {kind} that the next request of {operation.name} is about."
        self._session.send(self.placed(maker), f"{maker.operation.id}/for {operation.name}", says)
        if set(self.there(kind)) - before:
            self.adopt(kind)

    def adopt(self, kind: str) -> None:
        """Let what was made last be the thing of its kind that requests name."""
        self._made[kind] = self.there(kind)[-1]

    def there(self, kind: str) -> list[str]:
        """The ids of a kind that clients made, oldest first."""
        cloud, name = self._session.cloud, self._contract.name
        if kind in self._contract.lifecycles:
            return [task.id for task in cloud.tasks(name) if task.kind == kind]
        presets = self._contract.resources[kind].items
        return [str(item["id"]) for item in cloud.items(name, kind) if item["id"] not in presets]

    def placed(self, draft: Draft, kept: str = "") -> Draft:
        """The draft with what is there in the places that name it, and names that nobody has in those that give one.

        What stands at `kept` is what the request is about, and stays. The draft itself where that would not be valid.
        """
        change = [(at, value) for at, value in self._names(draft) if at != kept]
        placed = amended(draft.changed(change)) if change else draft
        return placed if placed is not None else draft

    def aimed(self, draft: Draft, kept: str) -> Draft:
        """The same, whether or not it is valid then."""
        return draft.changed((at, value) for at, value in self._names(draft) if at != kept)

    def of_preset(self, draft: Draft) -> Draft | None:
        """The draft about something of the cloud's own that a client may not change; None where there is no such thing."""
        for effect in draft.operation.effects:
            if effect.verb in ("change", "remove") and self._served_by_preset(effect.kind) and not self._served(effect):
                pointer = pointer_of(draft, effect)
                if pointer:
                    return draft.changed([(pointer, next(iter(self._contract.resources[effect.kind].items)))])
        return None

    def _names(self, draft: Draft) -> Iterator[tuple[str, Json]]:
        operation = draft.operation
        for effect in operation.effects:
            if effect.verb not in ("refuse", "ask"):
                yield from self._of_effect(draft, effect)
        for reference in operation.references:
            if draft.at(reference.argument) is not ABSENT:
                yield from self._of_reference(reference.resource, reference.argument, reference.where)

    def _of_effect(self, draft: Draft, effect: Effect) -> Iterator[tuple[str, Json]]:
        if effect.verb in ("add", "change") and not effect.of_tasks:
            yield from self._fresh(draft, effect)
        one = self._one(effect.kind)
        if not one or effect.verb in ("create", "add"):
            return
        pointer = pointer_of(draft, effect)
        if pointer:
            yield pointer, one
        yield from ((at, [one] if isinstance(value, list) else one) for at, value in _called(draft.message, effect.kind))

    def _one(self, kind: str) -> str:
        """The id of a thing of a kind: the one that was made for somebody, else the last, else the last preset."""
        there = self.there(kind)
        if self._made.get(kind) in there:
            return self._made[kind]
        presets = [] if kind in self._contract.lifecycles else list(self._contract.resources[kind].items)
        return (there or presets or [""])[-1]

    def _of_reference(self, kind: str, argument: str, where: Mapping[str, str]) -> Iterator[tuple[str, Json]]:
        one = self._one(kind)
        items = {str(item["id"]): item for item in self._session.cloud.items(self._contract.name, kind)}
        if one in items:
            yield argument, one
            yield from ((at, items[one][member]) for member, at in where.items() if member in items[one])

    def _fresh(self, draft: Draft, effect: Effect) -> Iterator[tuple[str, Json]]:
        resource = self._contract.resources[effect.kind]
        pointers = [f"/{member}" for member in resource.unique]
        pointers += [resource.id] if resource.id and effect.verb == "add" else []
        for at in pointers:
            base = draft.at(at)
            if isinstance(base, str):
                yield at, f"{base}{self._session.number()}"


def pointer_of(draft: Draft, effect: Effect) -> str:
    """The place of the id that an effect is about, empty where the draft has none."""
    named, path = effect.get("id") or effect.get("ids"), in_path(draft.operation)
    # An id that a view makes is most likely made of the path.
    pointer = f"/{path[-1].name}" if path and isinstance(named, dict) else str(named or "")
    there = pointer.startswith("/") and (draft.at(pointer) is not ABSENT or pointer[1:] in {one.name for one in path})
    return pointer if there else ""


def makes(operation: Operation, kind: str) -> bool:
    """Whether an operation makes things of a kind."""
    return any(effect.verb in ("create", "add") and effect.kind == kind for effect in operation.effects)


def looks_at(operation: Operation, kind: str) -> bool:
    """Whether an operation shows tasks of a kind by their ids and changes nothing."""
    return not operation.keeps and any(effect.verb in ("get", "find") and effect.kind == kind for effect in operation.effects)


def _called(message: Json, kind: str, above: str = "") -> Iterator[tuple[str, Json]]:
    """The members of a message that are called after a kind's ids: `templateId` and `TemplateIds` after a `..._template`."""
    word = re.escape(kind.rpartition("_")[2])
    if isinstance(message, ET.Element):
        for child in message:
            if re.fullmatch(f"{word}_?ids?", child.tag, re.IGNORECASE):
                yield f"{above}/{child.tag}", child.text
            yield from _called(child, kind, f"{above}/{child.tag}")
    elif isinstance(message, dict):
        for name, value in message.items():
            if re.fullmatch(f"{word}_?ids?", name, re.IGNORECASE):
                yield f"{above}/{name}", value
            else:
                yield from _called(value, kind, f"{above}/{name}")
    elif isinstance(message, list) and message:
        yield from _called(message[0], kind, f"{above}/*")
