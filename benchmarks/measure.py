"""How anything is measured here.

Knows nothing of mockcloud. Law: a group runs in rounds; each round runs every subject once, in an order that rotates, so
that whatever else the machine does hits all of them alike. A figure is the median over the rounds; a ratio is the median
of the rounds' own ratios.
"""

from __future__ import annotations

import gc
import sys
from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from itertools import cycle, islice
from statistics import median, quantiles
from time import perf_counter
from typing import Protocol, TypeVar

Run = Callable[[int], object]
"""Does a thing so many times."""

Opened = Callable[[], AbstractContextManager[Run]]
"""A fresh world for one sample: what grew in the last one (stores, journals, lists of calls) is gone."""

Samples = dict[str, list[float]]
"""By subject, one figure for each round."""

WARM_UP = 0.25
"""Of the time of a sample, run and thrown away before it."""

T = TypeVar("T")


class Subject(Protocol):
    """A thing to measure."""

    @property
    def name(self) -> str:
        """What the tables call it."""

    def sample(self, seconds: float) -> float:
        """One figure, in the unit of its group, from about so many seconds."""


@dataclass(frozen=True, slots=True)
class Looped:
    """A call of this process, in microseconds."""

    name: str
    opened: Opened

    def sample(self, seconds: float) -> float:
        """The mean of as many calls as fit, after a warm-up in the same fresh world."""
        with self.opened() as run:
            calls = _calls(run, seconds)
            # Collection stays on, for it is a part of what a call costs; what stands already is not the call's.
            gc.collect()
            gc.freeze()
            try:
                return _timed(run, calls) / calls * 1e6
            finally:
                gc.unfreeze()


@dataclass(frozen=True, slots=True)
class Group:
    """Subjects that are measured against each other."""

    name: str
    subjects: Sequence[Subject]
    rounds: int
    seconds: float


def samples(group: Group) -> Samples:
    """Every subject's figure in each round."""
    found: Samples = {subject.name: [] for subject in group.subjects}
    for turn in range(group.rounds):
        print(f"\r{group.name}: round {turn + 1} of {group.rounds} ", end="", flush=True, file=sys.stderr)
        first = turn % len(group.subjects)
        for subject in (*group.subjects[first:], *group.subjects[:first]):
            found[subject.name].append(subject.sample(group.seconds))
    print(file=sys.stderr)
    return found


def each(call: Callable[[T], object], items: Iterable[T]) -> Run:
    """Calls with the items in turn."""
    kept = tuple(items)

    def run(count: int) -> None:
        for item in islice(cycle(kept), count):
            call(item)

    return run


def spread(figures: Sequence[float]) -> tuple[float, float]:
    """The first and the third quartile."""
    if len(figures) < 2:
        return figures[0], figures[0]
    first, _, third = quantiles(figures, n=4, method="inclusive")
    return first, third


def paired(combine: Callable[[float, float], float], figures: Sequence[float], others: Sequence[float]) -> float:
    """The median over the rounds of a figure combined with another of the same round."""
    return median(map(combine, figures, others))


def _calls(run: Run, seconds: float) -> int:
    run(1)
    calls = 1
    while (taken := _timed(run, calls)) < seconds * WARM_UP:
        calls *= 2
    return max(1, round(calls * seconds / taken))


def _timed(run: Run, calls: int) -> float:
    start = perf_counter()
    run(calls)
    return perf_counter() - start
