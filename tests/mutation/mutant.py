"""What a mutant is: one change of one file of a contract, with the fixtures that could notice it.

Knows no contract. Law: a change is made to a copy, and its id says what it does.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import reduce
from typing import Any

Steps = tuple[str | int, ...]
"""A place in data, from its top."""

Change = Callable[[Any], None]
"""Changes what a file holds (JSON data, or the root of an XSD) in place."""


@dataclass(frozen=True)
class Mutant:
    """One change of a contract."""

    id: str
    provider: str
    kind: str
    """What is changed: of requests a `rule`, `condition` or `default`, of answers and messages a rule (`answer`) or a member
    (`response`); `view`, `effect`, `error`, `lifecycle`, `callback`, `provider`."""
    file: str
    """Below the provider's folder."""
    change: Change
    operations: tuple[str, ...] = ("",)
    """The only operations whose requests can be answered otherwise, those that share the file; an empty name when it could be any."""
    side: str = "request"
    """The side of these operations that a changed schema is of."""
    rule: str = ""
    """The rule that is changed, as the first of the operations has it."""
    place: str = ""
    """The member of an answer that is made impossible."""
    blind: frozenset[str] = frozenset()
    """Rules that the change takes away as well: the fixtures that break them do not count."""

    @property
    def rules(self) -> frozenset[str]:
        """The rule that is changed, as each of the operations has it."""
        _, sign, place = self.rule.partition("#")
        return frozenset(f"{self.provider}.{name}/{self.side}#{place}" for name in self.operations if sign)


def found(data: Any, steps: Steps) -> Any:
    """What stands at a place."""
    return reduce(lambda part, step: part[step], steps, data)


def dropped(*places: Steps) -> Change:
    """Leave these out, in the given order."""

    def change(data: Any) -> None:
        for steps in places:
            del found(data, steps[:-1])[steps[-1]]

    return change


def put(steps: Steps, value: Any) -> Change:
    """Put a value at a place."""

    def change(data: Any) -> None:
        found(data, steps[:-1])[steps[-1]] = value

    return change


def both(*changes: Change) -> Change:
    """Several changes as one."""

    def change(data: Any) -> None:
        for one in changes:
            one(data)

    return change


def other(value: Any) -> Any:
    """Another value of the same type; of a text that is empty or a number, another number."""
    if isinstance(value, bool):
        return not value
    if isinstance(value, (int, float)):
        return value + 1
    if isinstance(value, str) and (value.isdecimal() or not value):
        return str(int(value or 0) + 1)
    return f"{value}-mutated" if isinstance(value, str) else None


def pointer(steps: Steps) -> str:
    """A place as a JSON pointer."""
    return "".join(f"/{step}" for step in steps)


def walked(data: Any, steps: Steps = ()) -> Iterator[tuple[Steps, Any]]:
    """Every object of the data with its place."""
    if isinstance(data, dict):
        yield steps, data
    pairs = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    for step, value in pairs:
        yield from walked(value, (*steps, step))
