"""What operations do, as data: read, held to its laws and compiled. `pipeline/effects` does it.

Law: an effect that refuses stands before every effect that keeps something.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from mockcloud.contracts.resources import Resource
from mockcloud.contracts.views import Roots, View
from mockcloud.contracts.vocabulary import PAGE_MEMBERS, TASK_MEMBERS
from mockcloud.errors import ContractError, nearest
from mockcloud.messages import Json

VERBS: Final[Mapping[str, tuple[frozenset[str], frozenset[str]]]] = {
    "create": (frozenset({"create"}), frozenset({"each"})),
    "get": (frozenset({"get", "id"}), frozenset()),
    "find": (frozenset({"find", "ids"}), frozenset({"separator"})),
    "list": (frozenset({"list"}), frozenset({"where", "order", "page", "as"})),
    "refuse": (frozenset({"refuse", "when"}), frozenset({"is", "about"})),
    "ask": (frozenset({"ask", "refuse"}), frozenset({"when"})),
    "event": (frozenset({"event", "kind"}), frozenset({"id", "where"})),
    "add": (frozenset({"add", "item"}), frozenset()),
    "change": (frozenset({"change", "id", "item"}), frozenset()),
    "remove": (frozenset({"remove"}), frozenset({"id", "where"})),
}
"""The effects that data can declare, each with the keys that it must and may have."""

_TEXTS: Final = (VERBS.keys() - {"event"}) | {"kind", "id", "ids", "separator", "as", "each", "about"}
"""Keys that hold a text; only `id` may hold a view in its place."""

_POINTERS: Final = frozenset({"ids", "each", "about"})
_POINTER: Final = re.compile("(/[^/]+)+")

_ONE: Final = frozenset({"task", "item", "page", "missing", "result"})
"""Names that no list can have, because something else has them."""

_TOLD_BY: Final = ("ask", *VERBS)
"""What asks also says what it refuses with."""

OPERATORS: Final = frozenset({"is", "in", "from", "to", "starts"})
"""How a filter compares a value with what was asked for."""

KEEPING: Final = frozenset({"create", "event", "add", "change", "remove"})

BASE: Final[Roots] = {
    "request": None,
    "operation": frozenset({"name"}),
    "credential": frozenset({"access_key", "client_code"}),
    "host": None,
    "path": frozenset(),
    "settings": None,
    "request_id": frozenset(),
    "date": frozenset(),
    "now": frozenset(),
    "catalog": None,
    "resource": None,
}
"""What every view of an operation may speak of."""

GATE: Final = ("request", "operation", "credential", "host", "settings", "catalog")
"""What of it the views of a gate may."""


@dataclass(frozen=True, slots=True)
class Filter:
    """One condition of a list: a value of each task or item, how it is compared, and with what. Absent: no condition."""

    value: View
    operator: str
    operand: View


@dataclass(frozen=True, slots=True)
class Page:
    """How a list is cut: `size` elements from the page `number`, or from the element whose id is `marker` on.

    `about` is the argument that is the marker, for who is told that nobody knows it.
    """

    size: View
    number: View | None
    marker: View | None
    about: str = ""


@dataclass(frozen=True, slots=True)
class Effect:
    """One thing that an operation does."""

    verb: str
    kind: str
    """The kind of task or resource that it is about; of `refuse` and `ask`, the condition."""
    of_tasks: bool
    entry: Mapping[str, Json]
    views: Mapping[str, View]
    """The views of the keys that hold one: `item`, `when`, `event`, `order`, and `id` where it is one."""
    filters: tuple[Filter, ...] = ()
    page: Page | None = None

    def __getitem__(self, key: str) -> Json:
        return self.entry[key]

    def get(self, key: str) -> Json:
        """A key of the data, None where it is not given."""
        return self.entry.get(key)

    def conditions(self, resources: Mapping[str, Resource]) -> Iterator[str]:
        """The conditions that it can raise."""
        if self.verb in ("refuse", "ask"):
            yield self.kind
        if self.verb in ("create", "add") or (self.verb == "change" and resources[self.kind].changeable):
            yield "too-many-tasks"  # a preset that a client changes is kept for that client, like something new
        if "id" in self.entry and not self._of_preset(resources):
            yield f"unknown-{self.kind}"
        if self.verb == "event" and "id" in self.entry:
            yield "event-refused"
        if self.page and self.page.marker:
            yield "unknown-marker"
        if self.verb in ("add", "change", "remove") and not self.of_tasks:
            yield from self._of_resource(resources[self.kind])

    def _of_preset(self, resources: Mapping[str, Resource]) -> bool:
        """Whether the id is that of a preset, which nobody can remove."""
        return not self.of_tasks and isinstance(self["id"], str) and self["id"] in resources[self.kind].items

    def _of_resource(self, resource: Resource) -> Iterator[str]:
        if (resource.unique and self.verb != "remove") or (resource.id and self.verb == "add"):
            yield f"duplicate-{self.kind}"
        if resource.items and (self.verb == "remove" or (self.verb == "change" and not resource.changeable)):
            yield f"protected-{self.kind}"


Compile = Callable[[Json, str, Roots], View]
"""Compiles a view at a pointer for a scope with these roots."""


class Reader:
    """Reads the effects of one operation. Raises ContractError, naming file and place."""

    def __init__(
        self,
        file: str,
        at: str,
        lifecycles: Mapping[str, Json],
        resources: Mapping[str, Json],
        callbacks: Mapping[str, Json],
        roots: Roots,
        compile_at: Compile,
    ) -> None:
        self.file, self.at = file, at
        self.lifecycles, self.resources, self.callbacks = lifecycles, resources, callbacks
        self.compile_at = compile_at
        self.roots: dict[str, frozenset[str] | str | None] = dict(roots)
        """What views may speak of after the effects that were read so far."""

    def read(self, entry: Json) -> tuple[Effect, ...]:
        """The effects of an entry: an object, or a list of them."""
        listed = entry if isinstance(entry, list) else [entry] if entry else []
        found = [self._effect(one, f"{self.at}/{i}" if isinstance(entry, list) else self.at) for i, one in enumerate(listed)]
        for place, effect in enumerate(found):
            if effect.verb in ("refuse", "ask") and any(earlier.verb in KEEPING for earlier in found[:place]):
                raise ContractError(
                    self.file, f"{self.at}/{place}", f"'{effect.verb}' stands before the effects that keep something"
                )
        if sum(effect.verb == "create" for effect in found) > 1:
            raise ContractError(self.file, self.at, "an operation has one 'create' at most")
        return tuple(found)

    def _effect(self, entry: Json, at: str) -> Effect:
        verb = next((key for key in _TOLD_BY if key in entry), "")
        must, may = VERBS.get(verb, (frozenset(VERBS), frozenset[str]()))
        self._check_keys(entry, must, must | may, at, f"the effect '{verb}'")
        if not verb:
            raise ContractError(self.file, at, f"an effect is one of {', '.join(VERBS)}")
        self._check_shapes(entry, at)
        kind, of_tasks = self._kind(verb, entry, at)
        effect = Effect(
            verb,
            kind,
            of_tasks,
            entry,
            self._views(verb, kind, entry, at),
            self._filters(entry.get("where", ()), of_tasks, f"{at}/where"),
            self._page(entry["page"], f"{at}/page") if "page" in entry else None,
        )
        self._check(effect, at)
        self.roots.update(_made(effect))
        return effect

    def _check_shapes(self, entry: Json, at: str) -> None:
        for key in sorted(_TEXTS & entry.keys()):
            if key == "id" and isinstance(entry[key], dict):
                continue
            if not isinstance(entry[key], str) or not entry[key]:
                raise ContractError(self.file, f"{at}/{key}", f"a text that is not empty is wanted, found {entry[key]!r}")
            if (key in _POINTERS or entry[key][0] == "/") and not _POINTER.fullmatch(entry[key]):
                raise ContractError(self.file, f"{at}/{key}", f"'{entry[key]}' is no pointer; one is like '/taskId'")
        where, page = entry.get("where", []), entry.get("page", {})
        if not isinstance(where, list) or not all(isinstance(one, dict) for one in where) or not isinstance(page, dict):
            raise ContractError(self.file, at, "'where' is a list of filters, 'page' an object")
        name = entry.get("as", "")
        if name in self.roots or name in _ONE or not (name + "x").isidentifier():
            raise ContractError(self.file, f"{at}/as", f"'{name}' is no name for a list, or one that the scope has already")

    def _check_keys(self, entry: Json, must: Collection[str], known: Collection[str], at: str, what: str) -> None:
        stray = set(entry) - set(known)
        if stray:
            raise ContractError(self.file, at, f"'{min(stray)}' is not known here.{nearest(min(stray), known)}")
        missing = set(must) - set(entry) if set(must) != set(VERBS) else set()
        if missing:
            raise ContractError(self.file, at, f"{what} needs '{min(missing)}'")

    def _kind(self, verb: str, entry: Json, at: str) -> tuple[str, bool]:
        kind = entry["kind"] if verb == "event" else entry[verb]
        if verb in ("refuse", "ask"):
            if verb == "ask" and entry["ask"] not in self.callbacks:
                raise ContractError(self.file, at, f"'{entry['ask']}' is no callback.{nearest(entry['ask'], self.callbacks)}")
            return entry["refuse"], False
        known: Collection[str] = {
            "create": self.lifecycles,
            "event": self.lifecycles,
            "add": self.resources,
            "change": self.resources,
        }.get(verb, {**self.lifecycles, **self.resources})
        if kind not in known:
            raise ContractError(self.file, at, f"'{kind}' is nothing that is declared.{nearest(kind, known)}")
        if kind in self.lifecycles and kind in self.resources:
            raise ContractError(self.file, at, f"'{kind}' is a kind of task and a resource; nobody can tell which is meant")
        return kind, kind in self.lifecycles

    def _views(self, verb: str, kind: str, entry: Json, at: str) -> dict[str, View]:
        roots = {**self.roots, "item": None} if verb == "change" else self.roots
        wanted = [key for key in ("item", "when", "event", "order") if key in entry]
        wanted += ["id"] if isinstance(entry.get("id"), dict) else []
        return {key: self.compile_at(entry[key], f"{at}/{key}", roots) for key in wanted}

    def _filters(self, entries: Json, of_tasks: bool, at: str) -> tuple[Filter, ...]:
        inner: Roots = {**self.roots, **({"task": TASK_MEMBERS} if of_tasks else {"item": None})}
        found = []
        for index, entry in enumerate(entries):
            place = f"{at}/{index}"
            self._check_keys(entry, {"value"}, {"value", *OPERATORS}, place, "a filter")
            operator = next((key for key in sorted(OPERATORS) if key in entry), None)
            if operator is None or len(entry) != 2:
                raise ContractError(self.file, place, f"a filter compares its value by one of {', '.join(sorted(OPERATORS))}")
            value = self.compile_at(entry["value"], f"{place}/value", inner)
            found.append(Filter(value, operator, self.compile_at(entry[operator], f"{place}/{operator}", self.roots)))
        return tuple(found)

    def _page(self, entry: Json, at: str) -> Page:
        self._check_keys(entry, {"size"}, {"size", "number", "marker", "about"}, at, "a page")
        if ("number" in entry) == ("marker" in entry):
            raise ContractError(self.file, at, "a page is told by its 'number' or by a 'marker'")
        about = entry.get("about", "")
        if "about" in entry and not ("marker" in entry and isinstance(about, str) and _POINTER.fullmatch(about)):
            raise ContractError(self.file, f"{at}/about", f"the argument that is the marker is wanted, found {about!r}")
        views = {key: self.compile_at(entry[key], f"{at}/{key}", self.roots) for key in entry if key != "about"}
        return Page(views["size"], views.get("number"), views.get("marker"), about)

    def _check(self, effect: Effect, at: str) -> None:
        if effect.entry.get("each", "/x").count("/") != 1:
            raise ContractError(self.file, f"{at}/each", f"'{effect['each']}' is no argument of the first level")
        if effect.verb in ("event", "remove") and ("id" in effect.entry) == ("where" in effect.entry):
            raise ContractError(self.file, at, f"'{effect.verb}' is for the one with an 'id' or for those that 'where' fits")
        event = effect.get("event")
        if isinstance(event, str) and not event.startswith("$") and not self._reacts(effect.kind, event):
            raise ContractError(self.file, at, f"no state of '{effect.kind}' reacts to the event '{event}'")

    def _reacts(self, kind: str, event: str) -> bool:
        return any(event in state.get("on", {}) for state in self.lifecycles[kind]["states"].values())


def _made(effect: Effect) -> Iterator[tuple[str, frozenset[str] | str | None]]:
    """The names that an effect adds to the scope, each with its members, as `views.Roots` has them."""
    one, many = ("task", "tasks") if effect.of_tasks else ("item", "items")
    if effect.verb == "find" or "each" in effect.entry:
        yield many, one
    if effect.verb == "list":
        yield effect.get("as") or many, one
    if effect.verb in ("create", "get", "add", "change") or (effect.verb in ("event", "remove") and "id" in effect.entry):
        yield one, TASK_MEMBERS if effect.of_tasks else None
    if effect.verb == "find":
        yield "missing", None
    if effect.page:
        yield "page", PAGE_MEMBERS
