"""When a client looks at a task that goes a certain way, and when others have their hand in.

Knows ways through state tables, no cloud. Law: no look falls on the moment at which a state changes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Final

from mockcloud.drafting.history import Happening, History
from mockcloud.drafting.others import Deed
from mockcloud.drafting.paths import Path

AFTER: Final = 1.0
"""Seconds between the end of a task and the look that sees it, and between two such looks."""


def timed(path: Path, polls: Sequence[int], deeds: Mapping[str, Deed]) -> tuple[tuple[float, ...], tuple[Happening, ...]]:
    """The seconds before each look, for so many looks in each state of the way, and what others do."""
    looks: list[float] = []
    happenings: list[Happening] = []
    entered = 0.0
    for stay, count in zip(path, polls, strict=True):
        seconds = stay.seconds or AFTER * (count + 1)
        looks += [entered + seconds * (place + 1) / (count + 1) for place in range(count)]
        entered += seconds
        if stay.event:
            happenings.append(Happening(entered, deeds[stay.event]))
    return tuple(round(late - early, 3) for early, late in pairwise([0.0, *looks])), tuple(happenings)


def lost(history: History, deed: Deed, at: float, code: str) -> History:
    """The history with the task taken away so many seconds after it was made, and one look more, which is refused."""
    late = at + AFTER - sum(history.steps)
    happenings = (*history.happenings, Happening(at, deed))
    return replace(history, final="", code=code, lost=True, steps=(*history.steps, late), happenings=happenings)
