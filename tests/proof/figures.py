"""Draw requests of an operation, valid ones and broken ones, and count what they hold, break and show.

Law: a request is judged by its bytes, decoded again, by every validator; a broken one is asked of a cloud, too.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from time import perf_counter
from typing import Any

from hypothesis import given, settings
from hypothesis.strategies import SearchStrategy

from mockcloud.drafting.cases import BrokenRequest, ValidRequest
from mockcloud.drafting.decks import operation_of
from mockcloud.drafting.requests.arguments import heard, signing
from mockcloud.drafting.spoiling.minding import Trial
from mockcloud.strategies import broken, broken_requests, requests
from proof import judges
from proof.wanted import standing, wanted

ENOUGH = 1_000
"""Draws within which every value has to be seen."""


class Satisfied(Exception):
    """All that was asked for was seen."""


@dataclass
class Figures:
    """What was found out about one operation. `wrong` are requests that are not what they are said to be."""

    operation: str
    draws: int = 0
    drawn_broken: int = 0
    rules: int = 0
    broken: set[str] = field(default_factory=set)
    seen: set[str] = field(default_factory=set)
    unseen: set[str] = field(default_factory=set)
    seen_within: int = 0
    wrong: list[Any] = field(default_factory=list)
    seconds: float = 0.0

    @property
    def line(self) -> str:
        """A row of the table in docs/strategies.md."""
        rate = (self.draws + self.drawn_broken) / self.seconds if self.seconds else 0
        values = f"{len(self.seen)} of {len(self.seen) + len(self.unseen)}"
        held = self.draws + self.drawn_broken - len(self.wrong)
        counts = f"{self.draws:,} | {self.drawn_broken:,} | {held:,}"
        return f"| `{self.operation}` | {counts} | {len(self.broken)} of {self.rules} | {values} | {self.seen_within:,} | {rate:,.0f} |"


def of_valid(operation: str, law: Callable[[int], settings], draws: int) -> Figures:
    """Draw at least so many valid requests, and more until every value was seen, a thousand at most."""
    entry, found = operation_of(operation)
    figures, unseen = Figures(operation), wanted(found)

    def judge(case: ValidRequest) -> None:
        if not unseen and figures.draws >= draws:
            raise Satisfied
        figures.draws += 1
        message = heard(entry.contract, found, case.request)
        if message is None or not judges.holds(found.request, message):
            figures.wrong.append(case)
        for name in [name for name, (path, shows) in unseen.items() if shows(standing(found.request, message, path))]:
            del unseen[name]
            figures.seen.add(name)
            figures.seen_within = figures.draws

    start = perf_counter()
    _run(requests(operation), law(max(draws, ENOUGH)), judge)
    figures.seconds, figures.unseen = perf_counter() - start, set(unseen)
    return figures


def of_broken(operation: str, law: Callable[[int], settings], draws: int, each: int) -> Figures:
    """Draw so many broken requests of the operation, and of each rule by itself."""
    entry, found = operation_of(operation)
    figures, trial = Figures(operation, rules=len(broken.ways(operation))), Trial(entry.contract)
    signed = {one.id for one in found.request.rules.values() if one.path[1:] in signing(entry.contract, found)}

    def judge(case: BrokenRequest) -> None:
        figures.drawn_broken += 1
        message = heard(entry.contract, found, case.request)
        told = set() if message is None else judges.broken(found.request, message)
        # Whoever takes a signature away takes away what rules about it ask for.
        as_labelled = told - (set() if case.rule else signed) == ({case.rule} if case.rule else set())
        exchange = trial.asked(case.request)
        as_refused = (exchange.refusal, exchange.response.status) == (case.code, case.status)
        if not as_labelled or not as_refused or (told and any(judges.takes(found.request, message))):
            figures.wrong.append(case)
        elif case.rule:
            figures.broken.add(case.rule)

    start = perf_counter()
    for rule in broken.ways(operation):
        _run(broken_requests(operation, rule), law(each), judge)
    if draws:
        _run(broken_requests(operation), law(draws), judge)
    figures.seconds = perf_counter() - start
    return figures


def together(one: Figures, other: Figures) -> Figures:
    """What was found out of valid and of broken requests."""
    summed = Figures(one.operation, one.draws, other.drawn_broken, other.rules, other.broken, one.seen, one.unseen)
    summed.seen_within, summed.wrong, summed.seconds = one.seen_within, [*one.wrong, *other.wrong], one.seconds + other.seconds
    return summed


def _run(strategy: SearchStrategy[Any], law: settings, judge: Callable[[Any], None]) -> None:
    @law
    @given(strategy)
    def run(case: Any) -> None:
        judge(case)

    try:
        run()
    except Satisfied:
        return
