"""What a pack asks, in its order.

Knows operations, their rules and what else can be wrong. Law: every rule of every operation is broken by a request that
breaks nothing else, or stands among those that are not, with the reason.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Final, NamedTuple

from mockcloud.contracts.model import Operation
from mockcloud.contracts.rules import Rule
from mockcloud.contracts.xml_schema import XmlSchema
from mockcloud.drafting.requests import planned
from mockcloud.drafting.requests.drafts import Draft, draft
from mockcloud.drafting.requests.variants import fullest, variants
from mockcloud.drafting.sessions.scene import Scene, looks_at, makes
from mockcloud.drafting.sessions.session import Session, Vector
from mockcloud.drafting.spoiling import strangers
from mockcloud.drafting.spoiling.breaking import broken
from mockcloud.reports.dossier import Dossier
from mockcloud.reports.words import dotted, is_named

POLLS: Final = 12
"""How often a task is looked at, at most, until it has ended."""


class Part(NamedTuple):
    """A valid request: its name, a sentence, and the place that it is about, empty for all of it."""

    name: str
    says: str
    at: str
    draft: Draft


class Script:
    """One pack in the making."""

    def __init__(self, dossier: Dossier) -> None:
        self.session = Session(dossier)
        self.unbroken: dict[str, str] = {}
        """The rules that no request breaks alone, each with the reason."""
        self._parts: dict[str, list[Part]] = {}
        self._scene = Scene(self.session, lambda operation: (part.draft for part in self.parts(operation)))

    def play(self, chosen: Collection[str]) -> None:
        """Ask everything about the operations of these names."""
        operations = [one for one in self.session.contract.operations.values() if one.name in chosen]
        # What makes something comes first, then what looks, then what changes: the later ones find what they need.
        operations.sort(key=lambda one: (not _has(one, "create", "add"), _has(one, "event", "change", "remove")))
        for operation in operations:
            self._play(operation)
        self._play_strangers(operations)
        self._play_planned(operations)

    def parts(self, operation: Operation) -> list[Part]:
        """The valid requests of an operation, the smallest first."""
        if operation.name not in self._parts:
            smallest = draft(operation)
            self._parts[operation.name] = [] if smallest is None else list(self._different(smallest))
        return self._parts[operation.name]

    def _different(self, smallest: Draft) -> Iterator[Part]:
        seen = set()
        for part in _valid(smallest):
            asked = part.draft.request(self.session.host)
            if asked not in seen:
                seen.add(asked)
                yield part

    def _play(self, operation: Operation) -> None:
        parts = self.parts(operation)
        if not parts:
            reason = f"no request was found that keeps every rule of {operation.name}"
            self.unbroken.update(dict.fromkeys(operation.request.rules, reason))
            return
        self._ask_first(parts[0])
        for part in parts[1:]:
            self._scene.prepare(operation)
            self._ask(part)
        self._watch(parts[0])
        self._ask_of_others(parts[0].draft)
        self._break(operation, [part.draft for part in parts])
        for spoilt in strangers.of_operation(self.session, parts[0].draft):
            self.session.ask(spoilt.request, f"{operation.id}/{spoilt.name}", spoilt.says, operation.id)

    def _ask_first(self, part: Part) -> None:
        """Ask the first request of an operation, of other things where it is refused, and once more where it keeps something."""
        operation = part.draft.operation
        self._scene.prepare(operation)
        placed = self._scene.placed(part.draft)
        if not self._send(placed, part.name, part.says).accepted:
            for _ in self._scene.otherwise(operation):
                placed = self._scene.placed(part.draft)
                if self._send(placed, part.name, part.says).accepted:
                    break
        if operation.keeps:
            self._send(placed, "/again", f"The same request of {operation.name} once more.")

    def _ask(self, part: Part) -> None:
        self._send(self._scene.placed(part.draft, part.at), part.name, part.says)

    def _send(self, draft: Draft, name: str, says: str) -> Vector:
        return self.session.send(draft, f"{draft.operation.id}{name}", says)

    def _watch(self, part: Part) -> None:
        """Look at a new task until it has ended."""
        operation = part.draft.operation
        for kind in self.session.contract.lifecycles:
            if looks_at(operation, kind):
                self._scene.prepare(operation, fresh=True)
                self._look(part, kind)

    def _look(self, part: Part, kind: str) -> None:
        """Look at the newest task of a kind until it has ended."""
        name, states = self.session.contract.name, self.session.contract.lifecycles[kind].states
        for _ in range(POLLS):
            newest = [task for task in self.session.cloud.tasks(name) if task.kind == kind][-1:]
            if not newest:
                return
            state = newest[0].state
            says = f"{part.draft.operation.name} of a {kind} that was '{state}' a moment ago."
            self._ask(Part(f"/of {state}", says, "", part.draft))
            if states[state].final:
                return

    def _ask_of_others(self, draft: Draft) -> None:
        operation = draft.operation
        if any("id" in one.entry or "ids" in one.entry for one in operation.effects) or operation.references:
            self._send(draft, "/of nobody", f"A request of {operation.name} that names what is not there.")
        owned = self._scene.of_preset(draft)
        if owned is not None:
            self._send(owned, "/of the cloud", f"A request of {operation.name} about something of the cloud's own.")

    def _break(self, operation: Operation, bases: list[Draft]) -> None:
        for rule in operation.request.rules.values():
            taken = self._taken(operation, rule)
            asked = None if taken else broken(rule, bases, self.session.signed, self.session.host)
            if asked is None:
                self.unbroken[rule.id] = taken or self._why_not(rule)
            else:
                self.session.ask(asked, rule.id, self._reason(rule), operation.id, rule.id)

    def _taken(self, operation: Operation, rule: Rule) -> str:
        """Why a request that breaks the rule would be another operation's, empty where it is not."""
        other = strangers.taken(self.session.contract, operation, rule)
        return f"{dotted(rule.path)} tells operations apart: without it the request is one of {other.name}" if other else ""

    def _reason(self, rule: Rule) -> str:
        side = self.session.dossier.side_of(rule.id)
        place = dotted(side.place(rule) if side else rule.path)
        # What an assert says is a sentence of its own.
        whole = side is not None and isinstance(side.schema, XmlSchema) and is_named(rule)
        return f"{place}: {rule.reason}." if whole else f"{place} {rule.reason}."

    def _why_not(self, rule: Rule) -> str:
        name = self.session.contract.name
        settings = self.session.contract.defaults
        setting = self.session.contract.errors.passed_over(rule.id, settings)
        if setting:
            return f"the setting {name}.{setting} is {settings[setting]!r}, with which it need not be kept"
        return "no request was found whose bytes break this rule and no other"

    def _play_strangers(self, operations: list[Operation]) -> None:
        drafts = [part.draft for one in operations for part in self.parts(one)[:1]]
        # One with a body can be spoilt in more ways.
        stands = next((one for one in drafts if one.request(self.session.host).body), drafts[0] if drafts else None)
        routes = {(one.operation.path, one.operation.methods): one for one in reversed(drafts) if one.operation.selector}
        name = self.session.contract.name
        for one in routes.values():
            for spoilt in strangers.of_selection(self.session, one):
                self.session.ask(spoilt.request, f"{name}/{spoilt.name}", spoilt.says)
        for spoilt in strangers.of_provider(self.session, stands) if stands else ():
            self.session.ask(spoilt.request, f"{name}/{spoilt.name}", spoilt.says)

    def _play_planned(self, operations: list[Operation]) -> None:
        """Have every code that a request can be refused with, once, and a task of every kind that fails."""
        parts = [self.parts(one)[0] for one in operations if one.source and self.parts(one)]
        for refused in planned.refusals(self.session.dossier, parts[0].draft) if parts else ():
            self._send(self._scene.placed(refused.draft), f"/refused with {refused.code}", refused.says)
        for kind in self.session.contract.lifecycles:
            makers = [part.draft for part in parts if makes(part.draft.operation, kind)]
            failing = next((one for maker in makers for one in planned.failures(self.session.dossier, maker)), None)
            if failing is not None:
                self._scene.prepare(failing.draft.operation)
                asked = self._send(self._scene.placed(failing.draft), f"/failing with {failing.code}", failing.says)
                if asked.accepted:
                    self._look_at_last(kind, operations)

    def _look_at_last(self, kind: str, operations: list[Operation]) -> None:
        self._scene.adopt(kind)
        lookers = [self.parts(one)[0] for one in operations if looks_at(one, kind) and self.parts(one)]
        for part in lookers[:1]:
            self._look(part, kind)


def _valid(smallest: Draft) -> Iterator[Part]:
    operation = smallest.operation
    yield Part("/smallest", f"The smallest request of {operation.name}.", "", smallest)
    full = fullest(smallest)
    yield Part("/fullest", f"A request of {operation.name} with every member that goes with the others.", "", full)
    for one in variants(smallest, full):
        yield Part(f"#{one.at}={one.name}", one.says, one.at, one.draft)
    usual = smallest.request("").method
    for method in operation.methods:
        if method != usual:
            yield Part(f"/by {method}", f"The smallest request of {operation.name} by {method}.", "", smallest.by(method))


def _has(operation: Operation, *verbs: str) -> bool:
    return any(effect.verb in verbs for effect in operation.effects)
