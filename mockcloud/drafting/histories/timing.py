"""When a client looks at a task that goes a certain way, and when others have their hand in.

Knows ways through state tables, no cloud. Law: no look falls on the moment at which a state changes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Final

from mockcloud.drafting.histories.history import Happening, History
from mockcloud.drafting.tasks.others import Deed
from mockcloud.drafting.tasks.paths import Path

AFTER: Final = 1.0
"""Seconds between the end of a task and the look that sees it, and between two such looks."""

DIGITS: Final = 3
"""Of a second, as people read them."""

Looks = Sequence[float]
"""When a state is looked at, each as the part of the time in it that has passed: more than 0, less than 1."""


def evenly(count: int) -> Looks:
    """So many looks, as far from each other as from the ends."""
    return [(place + 1) / (count + 1) for place in range(count)]


def timed(path: Path, looks: Sequence[Looks], deeds: Mapping[str, Deed]) -> tuple[tuple[float, ...], tuple[Happening, ...]]:
    """The seconds before each look, for the looks in each state of the way, and what others do."""
    times: list[float] = []
    happenings: list[Happening] = []
    entered = 0.0
    for stay, parts in zip(path, looks, strict=True):
        seconds = stay.seconds or AFTER * (len(parts) + 1)
        times += [round(entered + seconds * part, DIGITS) for part in parts]
        entered += seconds
        if stay.event:
            happenings.append(Happening(entered, deeds[stay.event]))
    return tuple(round(late - early, DIGITS) for early, late in pairwise([0.0, *times])), tuple(happenings)


def lost(history: History, deed: Deed, at: float, code: str) -> History:
    """The history with the task taken away so many seconds after it was made, and one look more, which is refused."""
    late = round(at + AFTER - sum(history.steps), DIGITS)
    happenings = (*history.happenings, Happening(at, deed))
    return replace(history, final="", code=code, lost=True, steps=(*history.steps, late), happenings=happenings)
