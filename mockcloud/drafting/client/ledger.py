"""A small model of what a client has in a cloud: the ids of what it made, where its tasks can be by now, and what it removed.

Knows tables of states, no operation and no time. Law: what is known here was told by answers, and by nothing else.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from mockcloud.contracts.lifecycle import Lifecycle
from mockcloud.drafting.client.course import Course


@dataclass(slots=True)
class Made:
    """A thing or task that was made. `course` is None for what has no states; `way` is how it was made, whatever that is."""

    kind: str
    id: str
    course: Course | None
    way: tuple[object, ...] = ()
    word: str = ""
    """The last state that it was shown in, in the provider's word."""


@dataclass(slots=True)
class Ledger:
    """What one client has made, oldest first, and what it has removed."""

    tables: Mapping[str, Lifecycle]
    living: dict[tuple[str, str], Made] = field(default_factory=dict)
    removed: dict[tuple[str, str], Made] = field(default_factory=dict)

    def make(self, kind: str, name: str, way: tuple[object, ...] = ()) -> str:
        """Something was made: what is wrong with its id, empty for nothing."""
        twice = (kind, name) in self.living or (kind, name) in self.removed
        table = self.tables.get(kind)
        self.removed.pop((kind, name), None)
        self.living[kind, name] = Made(kind, name, Course(table) if table else None, way)
        return f"the {kind} {name} was made, and there was one of that id before" if twice else ""

    def remove(self, made: Made) -> None:
        """Something was removed."""
        self.living.pop((made.kind, made.id), None)
        self.removed[made.kind, made.id] = made

    def forget(self, kind: str) -> None:
        """Nobody knows any longer what is there of a kind."""
        self.living = {key: made for key, made in self.living.items() if made.kind != kind}

    def ids(self, kind: str) -> list[str]:
        """The ids of a kind that are there, oldest first."""
        return [name for of, name in self.living if of == kind]

    def of(self, kind: str) -> list[Made]:
        """What is there of a kind, oldest first."""
        return [made for made in self.living.values() if made.kind == kind]
