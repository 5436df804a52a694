"""The deck of histories: every way that a task of an operation can go, as a client may see it. No chance is in it.

Knows ways, words and codes, no vendor. Law: the plainest come first, and each says in a sentence what is special about it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import cache
from typing import Final, NamedTuple

from mockcloud.contracts.lifecycle import Lifecycle
from mockcloud.contracts.model import Contract
from mockcloud.drafting.decks import operation_of
from mockcloud.drafting.histories import showing, timing
from mockcloud.drafting.histories.history import History
from mockcloud.drafting.histories.showing import Showing
from mockcloud.drafting.histories.timing import Looks
from mockcloud.drafting.tasks import others, paths
from mockcloud.drafting.tasks.others import REMOVE, Deed
from mockcloud.drafting.tasks.paths import Path
from mockcloud.reports.dossier import dossier

MANY: Final = 4
"""How often a state is seen that is seen often."""


class Course(NamedTuple):
    """What histories of one kind of task are made of."""

    contract: Contract
    kind: str
    table: Lifecycle
    deeds: dict[str, Deed]
    shown: Showing
    ways: tuple[Path, ...]

    def history(self, path: Path, looks: Sequence[Looks], says: str, failure: str = "") -> History:
        """The history of a task that goes this way and is looked at then in each state."""
        steps, happenings = timing.timed(path, looks, self.deeds)
        words = [self.shown.words[stay.state] for stay, parts in zip(path, looks, strict=True) for _ in parts]
        code = failure if self.shown.code else ""
        final = self.shown.words[path[-1].state]
        return History("", tuple(words), final, code, False, steps, happenings, failure, self.shown.looker, says)

    def failing(self, path: Path) -> bool:
        """Whether a task that goes this way fails by itself."""
        return paths.fails(path)


@cache
def course(provider: str, kind: str) -> Course | None:
    """The course of a kind of task; None where no operation shows its state by an id."""
    contract, shown = dossier(provider).contract, showing.showing(provider, kind)
    if shown is None:
        return None
    table, deeds = contract.lifecycles[kind], others.deeds(contract, kind)
    return Course(contract, kind, table, deeds, shown, paths.paths(table, deeds))


def courses(operation: str) -> list[Course]:
    """The courses of the tasks that an operation makes."""
    entry, found = operation_of(operation)
    kinds = dict.fromkeys(effect.kind for effect in found.effects if effect.verb == "create")
    return [one for kind in kinds if (one := course(entry.name, kind)) is not None]


@cache
def histories(operation: str) -> tuple[History, ...]:
    """The histories of a task that an operation makes; none for one that makes none.

    Raises UsageError for an operation that is not there.
    """
    different: dict[object, History] = {}
    for history in (history for one in courses(operation) for history in _told(one)):
        # How it came about is nothing that a client sees.
        different.setdefault((history.states, history.lost, history.code), replace(history, operation=operation))
    return tuple(different.values())


def _told(one: Course) -> Iterator[History]:
    codes = paths.codes(one.contract.errors)
    for path in one.ways:
        yield _once(one, path, codes[0] if one.failing(path) else "")
    yield from _lost(one)
    yield from (_once(one, path, code) for path in _alone(one) if one.failing(path) for code in codes[1:])
    for path in _alone(one):
        yield from _otherwise(one, path, codes[0] if one.failing(path) else "")
    for path in one.ways:
        failure = codes[0] if one.failing(path) else ""
        yield one.history(
            path, _often(stay is path[-1] for stay in path), f"{sentence(path, failure)}, and only the end is seen.", failure
        )


def lost(one: Course, path: Path, looks: Sequence[Looks]) -> History:
    """The history of a task that goes so far and is then taken away."""
    history = one.history(path, looks, f"A task that is taken away in {path[-1].state}: nobody knows it any more.")
    condition = one.contract.errors.conditions.get(f"unknown-{one.kind}")
    return timing.lost(history, one.deeds[REMOVE], sum(stay.seconds for stay in path), condition.code if condition else "")


def sentence(path: Path, failure: str) -> str:
    """What happens to a task that goes this way, in words."""
    names = " -> ".join(f"{stay.state}{f' ({stay.event})' if stay.event else ''}" for stay in path)
    return f"A task that goes {names}{f' with {failure}' if failure else ''}"


def _alone(one: Course) -> list[Path]:
    """The ways in which nobody else has a hand."""
    return [path for path in one.ways if not any(stay.event for stay in path)]


def _once(one: Course, path: Path, failure: str) -> History:
    return one.history(path, _often([1] * len(path)), f"{sentence(path, failure)}, each state seen once.", failure)


def _otherwise(one: Course, path: Path, failure: str) -> Iterator[History]:
    says = sentence(path, failure)
    yield one.history(path, _often([MANY] * len(path)), f"{says}, each state seen {MANY} times.", failure)
    for left_out, stay in enumerate(path[:-1]):
        polls = [int(place != left_out) for place in range(len(path))]
        yield one.history(path, _often(polls), f"{says}, {stay.state} never seen.", failure)
    for place, stay in enumerate(path[:-1]):
        polls = [MANY if place == index else 1 for index in range(len(path))]
        yield one.history(path, _often(polls), f"{says}, {stay.state} seen {MANY} times.", failure)


def _often(polls: Iterable[int]) -> list[Looks]:
    return [timing.evenly(count) for count in polls]


def _lost(one: Course) -> Iterator[History]:
    """A task that is taken away while it stands in each of its states but the last."""
    for path in one.ways[:1] if REMOVE in one.deeds else ():
        yield from (lost(one, path[:last], _often([1] * last)) for last in range(1, len(path)))
