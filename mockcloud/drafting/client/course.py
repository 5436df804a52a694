"""One task as whoever looks at it from outside can follow it: the states in which it may be by now.

Knows a table of states, no time. Law: between two looks a task goes along edges of its table and along no others, as far as
it likes; an end is an end.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable

from mockcloud.contracts.lifecycle import DISPATCH, Lifecycle, State


class Course:
    """The course of one task, from its creation on."""

    def __init__(self, table: Lifecycle) -> None:
        self._table = table
        self.states: frozenset[str] = frozenset({table.initial})
        """Those of which it was in one when it was looked at last."""

    @property
    def ended(self) -> bool:
        """Whether every state that it may be in is final."""
        return all(self._table.states[name].final for name in self.states)

    def look(self, states: Collection[str]) -> str:
        """It is now in one of these states: what is wrong with that, empty for nothing."""
        reached = self.reachable(self.states)
        problem = ""
        if not reached & set(states):
            before, now = (" or ".join(sorted(one)) for one in (self.states, states))
            problem = f"a task that was {before} is {now}, and no documented way leads there"
        self.states = frozenset(reached & set(states)) or frozenset(states)
        return problem

    def skipped(self, states: Collection[str]) -> list[str]:
        """The states through which every way from the last look to these leads; ask before `look`."""
        goal = set(states)
        if not self.reachable(self.states) & goal:
            return []
        between = self.reachable(self.states) - self.states - goal
        return sorted(name for name in between if not self.reachable(self.states, without=name) & goal)

    def happen(self, event: str, *, accepted: bool) -> str:
        """Somebody let something happen to it and was told yes or no: what is wrong with that, empty for nothing."""
        reached = self.reachable(self.states)
        ways = {name: self._table.states[name].on.get(event) for name in reached}
        reacting = {name: way for name, way in ways.items() if way is not None}
        before = " or ".join(sorted(self.states))
        if accepted and not reacting:
            return f"a task that was {before} reacted to '{event}', and no state that follows does"
        if not accepted and len(reacting) == len(ways):
            return f"a task that was {before} did not react to '{event}', and every state that follows does"
        self.states = frozenset(reacting.values() if accepted else (name for name in ways if name not in reacting))
        return ""

    def reacting(self, event: str) -> bool:
        """Whether every state that it was in when it was looked at last reacts to an event."""
        return all(event in self._table.states[name].on for name in self.states)

    def may_happen(self) -> None:
        """Any one event may have happened to it, or none."""
        reached = self.reachable(self.states)
        self.states = frozenset(reached.union(*(self._table.states[name].on.values() for name in reached)))

    def reachable(self, start: Iterable[str], without: str = "") -> set[str]:
        """The states to which time leads from these, these among them, on ways that pass `without` by."""
        found, todo = set[str](), list(start)
        while todo:
            name = todo.pop()
            if name not in found and name != without:
                found.add(name)
                todo.extend(_by_time(self._table.states[name]))
        return found


def _by_time(state: State) -> list[str]:
    return [way for way in (state.then, state.fails, state.on.get(DISPATCH)) if way]
