"""One step of a demonstration: what a client was told to do, what came back, and whether that is what was promised."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

POLLS = 20
"""More polls than any task takes on the virtual clock: a task that never ends is a failed demonstration, not a hang."""


@dataclass(frozen=True, slots=True)
class Step:
    """A line of the table."""

    name: str
    sent: str
    came: str
    held: bool


def path_of(states: Iterator[str], final: str) -> tuple[str, bool]:
    """The states that polling saw, up to the final one, and whether that was reached."""
    seen: list[str] = []
    for state in islice(states, POLLS):
        if not seen or seen[-1] != state:
            seen.append(state)
        if state == final:
            break
    return " → ".join(seen), seen[-1:] == [final]
