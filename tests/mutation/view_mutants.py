"""The mutants of views and effects: members left out of what is answered and kept, choices taken away, effects undone.

Operations whose answers are the same view, letter by letter, have it changed once, in all of them; a copy that comes to differ
is a view of its own, with mutants of its own. Effects are each operation's own.

What would not load without a thing is made idle instead: a refusal that never happens, a filter that never filters.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import Any

from .mutant import Change, Mutant, Steps, both, dropped, pointer, put

ABSENT: Any = {"$first": []}
"""The view that gives nothing."""

NOBODY = "/no-such-argument"
EVERYTHING = 1_000_000

Labelled = Iterator[tuple[str, str, Change]]
"""Kind, what happens where, and the change."""


def of_view(view: Any, at: Steps) -> Iterator[tuple[Steps, Change]]:
    """Each member, choice and part of a view, and the change that leaves it out."""
    if isinstance(view, list):
        for index, part in enumerate(view):
            yield from of_view(part, (*at, index))
    elif isinstance(view, dict):
        operator = next((key for key in view if key.startswith("$")), "")
        yield from _leaving(view, operator, at)
        for key, part in view.items():
            yield from of_view(part, (*at, key))


def _leaving(view: Any, operator: str, at: Steps) -> Iterator[tuple[Steps, Change]]:
    if not operator:
        yield from (((*at, key), dropped((*at, key))) for key in view)
    elif operator in ("$first", "$merge", "$text"):
        several = len(view[operator]) > 1
        yield from (((*at, operator, i), dropped((*at, operator, i))) for i in range(len(view[operator])) if several)
    elif operator == "$if":
        for key in ("then", "else"):
            if key in view and len({"then", "else"} & set(view)) > 1:
                yield (*at, key), dropped((*at, key))
        choices = view.get("is")
        if isinstance(choices, list) and len(choices) > 1:
            yield from (((*at, "is", value), dropped((*at, "is", i))) for i, value in enumerate(choices))


def of_operation(provider: str, name: str, entry: Any, telling: Collection[str]) -> Iterator[Mutant]:
    """Mutants of what an operation refers to and does. `telling` are the conditions whose message names a place."""
    for kind, label, change in _of_entry(name, entry, telling):
        yield Mutant(f"{provider}.{name}#{label}", provider, kind, "operations.json", change, (name,))


def _of_entry(name: str, entry: Any, telling: Collection[str]) -> Labelled:
    for index, reference in enumerate(entry.get("references", ())):
        at = (name, "references", index)
        yield "effect", f"{pointer(at[1:])} removed", put((*at, "argument"), NOBODY)
        for member in reference.get("where", ()):
            yield "effect", f"{pointer((*at[1:], 'where', member))} removed", dropped((*at, "where", member))
        for argument in reference.get("when", ()):
            yield "effect", f"{pointer((*at[1:], 'when'))} ({argument}) removed", dropped((*at, "when", argument))
    if "query" in entry:
        yield "effect", "/query removed", dropped((name, "query"))
    effects = entry.get("effect", [])
    listed = (
        [((name, "effect", i), one) for i, one in enumerate(effects)]
        if isinstance(effects, list)
        else [((name, "effect"), effects)]
    )
    for at, effect in listed:
        for label, change in _of_effect(effect, at, telling):
            yield "effect", f"{pointer(at[1:])}{label}", change


def of_result(provider: str, names: Sequence[str], view: Any) -> Iterator[Mutant]:
    """Mutants of what these operations, whose views are the same, answer: the same change of each."""
    for same in zip(*(of_view(view, (name, "result")) for name in names), strict=True):
        steps, change = same[0][0], both(*(change for _, change in same))
        label = f"{provider}.{names[0]}#{pointer(steps[1:])} removed"
        yield Mutant(label, provider, "view", "operations.json", change, tuple(names))


def _of_effect(effect: Any, at: Steps, telling: Collection[str]) -> Iterator[tuple[str, Change]]:
    if "refuse" in effect:
        # Without its condition, which may be raised nowhere else, the contract would not load.
        never = put((*at, "when"), ABSENT)
        yield f" ({effect['refuse']}) never", both(never, dropped((*at, "is"))) if "is" in effect else never
    elif not {"get", "find", "list", "create", "add", "change"} & set(effect):
        yield " undone", _undone(effect, at)
    for index, one in enumerate(effect.get("where", ())):
        operator = next((key for key in one if key != "value"), "value")
        yield f"/where/{index} ({operator}) removed", put((*at, "where", index, operator), ABSENT)
    for key in ("each", "separator", "order", "about"):
        if key in effect and (key != "about" or effect["refuse"] in telling):
            yield f"/{key} removed", dropped((*at, key))
    page = effect.get("page", {})
    for key, value in (("size", EVERYTHING), ("number", 1), ("marker", ABSENT)):
        if page.get(key, value) != value:
            yield f"/page/{key} ignored", put((*at, "page", key), value)
    if "about" in page:
        yield "/page/about removed", dropped((*at, "page", "about"))
    for steps, change in of_view(effect.get("item", {}), (*at, "item")):
        yield f"{pointer(steps[len(at) :])} removed", change


def _undone(effect: Any, at: Steps) -> Change:
    """An effect that happens to nobody: its views still speak of what it adds to the scope."""
    if "id" in effect:
        return _into_get(effect, at)
    return put((*at, "where"), [{"value": "$task.id" if "event" in effect else "$item.id", "is": "nobody"}])


def _into_get(effect: Any, at: Steps) -> Change:
    kind = effect.get("kind", effect.get("remove"))

    def change(data: Any) -> None:
        put(at, {"get": kind, "id": effect["id"]})(data)

    return change
