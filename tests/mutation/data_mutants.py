"""The mutants of errors, lifecycles, messages and what a provider says of itself.

Of an error one fact is changed at a time: the code keeps its status and message, the message its code. A state that a
mutant cuts off stays reachable by an event that nobody sends, so that it is a fixture and not the loader that notices.
"""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy
from typing import Any

from .mutant import Change, Mutant, Steps, both, dropped, other, put
from .view_mutants import ABSENT, EVERYTHING, of_view

NEVER = "an event that nobody sends"
LONG = 86_400
HABITS = (
    ("trailing_slash", "strict", "tolerated"),
    ("content_length", "optional", "required"),
    ("content_md5", "ignored", "checked"),
)

Labelled = Iterator[tuple[Steps, str, Change]]


def of_errors(provider: str, data: Any) -> Iterator[Mutant]:
    """Mutants of what earns which error."""
    entries: list[tuple[Steps, Any, str]] = [(("conditions", name), one, "") for name, one in data["conditions"].items()]
    entries += [(("rules", i), one, f" ({one['match']})") for i, one in enumerate(data["rules"])]
    for at, entry, note in entries:
        effective = {**{key: data["codes"][entry["code"]][key] for key in ("status", "message")}, **entry}
        another = next((code for code in data["codes"] if code != entry["code"]), entry["code"])
        changes = {
            "code": another,
            "status": 418,
            "message": f"{effective['message']} (mutated)",
        }
        for key, value in changes.items():
            yield _mutant(provider, "error", "errors.json", at, f"{note} {key} changed", put(at, {**effective, key: value}))
        if at[0] == "rules":
            yield _mutant(provider, "error", "errors.json", at, f"{note} removed", dropped(at))


def _mutant(provider: str, kind: str, file: str, at: Steps, label: str, change: Change) -> Mutant:
    place = "".join(f"/{step}" for step in at)
    return Mutant(f"{provider}:{file}#{place}{label}", provider, kind, file, change)


def of_lifecycle(provider: str, data: Any) -> Iterator[Mutant]:
    """Mutants of the states and edges of every kind of task."""
    for kind, table in data.items():
        if "dispatch" in table:
            yield _mutant(provider, "lifecycle", "lifecycle.json", (kind, "dispatch"), " removed", dropped((kind, "dispatch")))
            yield _mutant(
                provider,
                "lifecycle",
                "lifecycle.json",
                (kind, "dispatch", "priority"),
                " ignored",
                put((kind, "dispatch", "priority"), 0),
            )
        for name, state in table["states"].items():
            at = (kind, "states", name)
            for steps, label, change in _of_state(at, state, list(table["states"])):
                yield _mutant(provider, "lifecycle", "lifecycle.json", steps, label, change)


def _of_state(at: Steps, state: Any, names: list[str]) -> Labelled:
    phases = ["waiting", "running", "paused"] if _goes_on(state) else ["succeeded", "failed", "cancelled"]
    yield (*at, "phase"), " changed", put((*at, "phase"), next(one for one in phases if one != state["phase"]))
    if "after" in state:
        yield (*at, "after"), " endless", put((*at, "after"), LONG)
        yield (*at, "after"), " at once", put((*at, "after"), 0)
    if "progress" in state:
        yield (*at, "progress"), " changed", put((*at, "progress"), (state["progress"] + 1) % 101)
    for key in ("then", "fails"):
        if key in state:
            yield (*at, key), " changed", _elsewhere((*at, key), at, state, state[key], names)
    if "fails" in state:
        yield (*at, "fails"), " removed", both(_kept_reachable(at, state, state["fails"]), dropped((*at, "fails")))
    for event, target in state.get("on", {}).items():
        where = (*at, "on", event)
        yield where, " changed", _elsewhere(where, at, state, target, names)
        yield where, " removed", both(_kept_reachable(at, state, target), dropped(where))


def _goes_on(state: Any) -> bool:
    return bool({"then", "on"} & set(state))


def _elsewhere(where: Steps, at: Steps, state: Any, target: str, names: list[str]) -> Change:
    """Lead to the last state that is neither the present target nor this one: last ones are final, and make no circle."""
    instead = next(name for name in [*reversed(names), target] if name not in (target, at[-1]))
    return both(_kept_reachable(at, state, target), put(where, instead))


def _kept_reachable(at: Steps, state: Any, target: str) -> Change:
    def change(data: Any) -> None:
        put((*at, "on"), {**deepcopy(state.get("on", {})), NEVER: target})(data)

    return change


def of_callbacks(provider: str, data: Any) -> Iterator[Mutant]:
    """Mutants of the messages that a cloud sends."""
    for name, entry in data.items():
        for steps, label, change in _of_callback(name, entry):
            yield _mutant(provider, "callback", "callbacks.json", steps, label, change)


def _of_callback(name: str, entry: Any) -> Labelled:
    yield (name, "to"), " nowhere", put((name, "to"), ABSENT)
    states = entry.get("on", ())
    for index, state in enumerate(states):
        if len(states) > 1:
            yield (name, "on", state), " removed", dropped((name, "on", index))
    for key in ("record", "retries", "taken_by"):
        if key in entry:
            yield (name, key), " removed", dropped((name, key))
    for header in entry.get("headers", ()):
        yield (name, "headers", header), " removed", dropped((name, "headers", header))
    for steps, change in of_view(entry["body"], (name, "body")):
        yield steps, " removed", change


def of_provider(provider: str, data: Any) -> Iterator[Mutant]:
    """Mutants of a provider's settings, resources, envelopes and habits."""
    for steps, label, change in _of_provider(data):
        yield _mutant(provider, "provider", "provider.json", steps, label, change)


def _of_provider(data: Any) -> Labelled:
    for name, setting in data["settings"].items():
        value, at = setting["default"], ("settings", name, "default")
        choices = [one for one in setting.get("values", ()) if one != value]
        yield at, " changed", put(at, choices[0] if choices else other(value))
    for i in range(len(data["tenancy"])):
        yield ("tenancy", i), " removed", dropped(("tenancy", i))
    yield from _order(data["order"])
    for key, usual, unusual in HABITS:
        if data.get(key) == unusual:
            yield (key,), " changed", put((key,), usual)
    yield from _gate(data.get("gate", ()))
    if "target_limit" in data:
        yield ("target_limit",), " endless", put(("target_limit",), EVERYTHING)
    for i, path in enumerate(data["paths"]):
        yield ("paths", i), f" ({path}) removed", put(("paths", i), "/nobody's")
    for kind, resource in data["resources"].items():
        for i, member in enumerate(resource.get("unique", ())):
            yield ("resources", kind, "unique", member), " ignored", put(("resources", kind, "unique", i), "a member of nobody's")
    yield from _envelopes(data)


def _gate(gate: Any) -> Labelled:
    for i, entry in enumerate(gate):
        at = ("gate", i)
        yield at, f" ({entry['refuse']}) never", put((*at, "when"), ABSENT)
        for steps, change in of_view(entry["when"], (*at, "when")):
            yield steps, " removed", change
        if "about" in entry:
            yield (*at, "about"), " removed", dropped((*at, "about"))


def _order(order: list[str]) -> Labelled:
    for i, check in enumerate(order[:-1]):
        swapped = [*order[:i], order[i + 1], check, *order[i + 2 :]]
        if swapped.index("route") < swapped.index("body") < swapped.index("operation"):
            yield ("order", i), f" ({check}) one later", put(("order",), swapped)


def _envelopes(data: Any) -> Labelled:
    for envelope in ("success", "refusal"):
        for header in data[envelope]["headers"]:
            yield (envelope, "headers", header), " removed", dropped((envelope, "headers", header))
        for steps, change in of_view(data[envelope]["body"], (envelope, "body")):
            yield steps, " removed", change
