"""State tables as objects. `state/lifecycle.py` walks them; here they are only held to their laws.

Law: every state can be reached from the initial one, and every state that is not final can be left.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from typing import Final

from mockcloud.contracts.views import View
from mockcloud.contracts.vocabulary import FINAL_PHASES
from mockcloud.errors import ContractError, nearest
from mockcloud.messages import Json

DISPATCH: Final = "dispatch"
"""The event of being let in, which no contract can name by itself."""


@dataclass(frozen=True, slots=True)
class State:
    """One state: after so many seconds a task goes on to `then` (or `fails`); an event takes it to `on[event]`."""

    name: str
    phase: str
    after: float | None
    then: str | None
    fails: str | None
    progress: int | None
    on: Mapping[str, str]

    @property
    def final(self) -> bool:
        return self.phase in FINAL_PHASES

    def ways(self) -> list[str]:
        """The states that can follow."""
        return [way for way in (self.then, self.fails, *self.on.values()) if way]


@dataclass(frozen=True, slots=True)
class Dispatch:
    """How tasks wait for a free place of a queue: from which state, after how long, where, how many, who first."""

    state: str
    after: float
    queue: str
    """The kind of resource that a queue is."""
    id: View
    limit: str
    """The queue's member that says how many may be inside."""
    priority: View
    room: str
    """The queue's member that says how many may wait, empty for any number. One more is refused `full-<queue>`."""


@dataclass(frozen=True, slots=True)
class Lifecycle:
    """The states that one kind of task goes through."""

    initial: str
    states: Mapping[str, State]
    dispatch: Dispatch | None = None


def read(data: Json, kind: str, file: str) -> Lifecycle:
    """The lifecycle of one kind. Raises ContractError for a state that is unknown, unreachable or without a way out."""
    states = {name: _state(name, entry) for name, entry in data["states"].items()}
    at = f"/{kind}/states"
    if data["initial"] not in states:
        raise ContractError(file, f"/{kind}/initial", f"'{data['initial']}' is no state.{nearest(data['initial'], states)}")
    for state in states.values():
        for way in state.ways():
            if way not in states:
                raise ContractError(file, f"{at}/{state.name}", f"'{way}' is no state.{nearest(way, states)}")
        _check(state, file, f"{at}/{state.name}")
    for name in states:
        _check_end(name, states, file, f"{at}/{name}")
    for name in states.keys() - _reached(data["initial"], states):
        raise ContractError(file, f"{at}/{name}", "no path leads to this state")
    return Lifecycle(data["initial"], states)


def dispatched(
    table: Lifecycle, entry: Json, kind: str, file: str, compile_at: Callable[[Json, str], View], resources: Collection[str]
) -> Lifecycle:
    """The lifecycle with a state in which tasks wait for a free place. Raises ContractError."""
    at = f"/{kind}/dispatch"
    state = table.states.get(entry["from"])
    if state is None or state.then is None or state.after is None:
        leaving = [state.name for state in table.states.values() if state.then]
        raise ContractError(
            file, f"{at}/from", f"'{entry['from']}' is no state that time leads out of.{nearest(entry['from'], leaving)}"
        )
    if state.fails:
        raise ContractError(
            file, f"{at}/from", f"'{state.name}' has 'fails'; a task that waits for a place fails once it has one"
        )
    if entry["queue"] not in resources:
        raise ContractError(file, f"{at}/queue", f"there is no resource '{entry['queue']}'.{nearest(entry['queue'], resources)}")
    views = {key: compile_at(entry[key], f"{at}/{key}") for key in ("id", "priority")}
    # Its time alone no longer leads on: a free place does, after that time.
    waiting = replace(state, after=None, then=None, fails=None, on={**state.on, DISPATCH: state.then})
    id_view, priority = views["id"], views["priority"]
    dispatch = Dispatch(state.name, state.after, entry["queue"], id_view, entry["limit"], priority, entry.get("room", ""))
    return Lifecycle(table.initial, {**table.states, state.name: waiting}, dispatch)


def _state(name: str, entry: Json) -> State:
    after, then, fails = entry.get("after"), entry.get("then"), entry.get("fails")
    return State(name, entry["phase"], after, then, fails, entry.get("progress"), entry.get("on", {}))


def _check(state: State, file: str, at: str) -> None:
    if DISPATCH in state.on:
        raise ContractError(file, at, f"'{DISPATCH}' is the event of being let in; declare it beside the states")
    if state.final and state.ways():
        raise ContractError(file, at, f"a state of phase {state.phase} is final and leads nowhere")
    if not state.final and not state.ways():
        raise ContractError(file, at, "the state cannot be left; give it 'after' and 'then', or an event in 'on'")
    if (state.after is None) != (state.then is None):
        raise ContractError(file, at, "'after' and 'then' belong together")
    if state.fails and state.then is None:
        raise ContractError(file, at, "'fails' says where a task goes instead of 'then', and there is no 'then'")


def _check_end(name: str, states: Mapping[str, State], file: str, at: str) -> None:
    """Time alone must not lead round in a circle: such a task would never end, or never stand still."""
    for branch in ("then", "fails"):
        seen, way = {name}, getattr(states[name], branch) or states[name].then
        while way:
            if way in seen:
                raise ContractError(file, at, f"time leads round in a circle: {' -> '.join([*seen, way])}")
            seen.add(way)
            way = getattr(states[way], branch) or states[way].then


def _reached(initial: str, states: Mapping[str, State]) -> set[str]:
    reached, todo = set[str](), [initial]
    while todo:
        name = todo.pop()
        if name not in reached:
            reached.add(name)
            todo.extend(states[name].ways())
    return reached
