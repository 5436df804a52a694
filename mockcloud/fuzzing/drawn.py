"""Cases that chance draws, beyond the decks, and of what they show the smallest.

Knows the strategies of requests and how a search is told that a case shows something. Law: one seed, one order of cases; what is
known already is looked past, so that one search after the other finds what else there is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from importlib import import_module
from typing import Any, Final

from mockcloud.contracts.model import Operation
from mockcloud.drafting import decks
from mockcloud.drafting.cases import BrokenRequest, ValidRequest
from mockcloud.drafting.requests.arguments import drafted
from mockcloud.drafting.requests.drafts import Draft
from mockcloud.drafting.spoiling.breaking import breaks
from mockcloud.errors import MissingExtra
from mockcloud.fuzzing.cards import counting
from mockcloud.fuzzing.deviation import Deviation
from mockcloud.fuzzing.judging import Wanted
from mockcloud.fuzzing.pair import Pair
from mockcloud.fuzzing.target import NoAnswer
from mockcloud.messages import Request

SEARCHES: Final = 8
"""How many deviations of one operation are searched for by chance."""

Check = Callable[[Any], list[Deviation]]
"""Asks one case; returns what deviates."""


class Found(Exception):
    """A case shows a deviation."""

    def __init__(self, deviation: Deviation) -> None:
        super().__init__(deviation.id)
        self.deviation = deviation


def of_operation(pair: Pair, operation: Operation, examples: int, seed: int) -> Iterator[None]:
    """Valid cases of an operation, then broken ones, so many of each."""
    if not decks.smallest(operation.id):
        return
    draw = strategies()
    yield from _searched(pair, f"valid {operation.id}", draw.requests(operation.id), _valid(pair), examples, seed)
    if operation.request.rules:
        broken = draw.broken_requests(operation.id)
        yield from _searched(pair, f"broken {operation.id}", broken, _broken(pair, operation), examples, seed)


def strategies() -> Any:
    """What cases are drawn by. Raises MissingExtra."""
    try:
        return import_module("mockcloud.strategies.exploring") and import_module("mockcloud.strategies")
    except ModuleNotFoundError as missing:
        raise MissingExtra("fuzzing with drawn examples (--examples 0 does without)", "hypothesis") from missing


def _searched(pair: Pair, name: str, strategy: Any, ask: Check, examples: int, seed: int) -> Iterator[None]:
    from mockcloud.strategies.exploring import explore

    known: set[tuple[str, str, str]] = set()
    gone: list[NoAnswer] = []

    def check(case: Any) -> Found | None:
        if gone:
            return None
        try:
            new = [one for one in ask(case) if one.key not in known]
        except NoAnswer as nobody:
            # Raised here it would pass for a failing case, to be tried again and made smaller.
            gone.append(nobody)
            return None
        return Found(new[0]) if new else None

    for _ in range(SEARCHES):
        found = explore(name, strategy, check, examples, seed)
        if found is not None:
            known.add(found.deviation.key)
            pair.told(found.deviation)
        if gone:
            raise gone[0]
        yield
        if found is None:
            return


def _valid(pair: Pair) -> Check:
    def ask(case: ValidRequest) -> list[Deviation]:
        operation = case.draft.operation
        pair.scene.prepare(operation)
        placed = pair.scene.placed(case.draft)
        return pair.asked_of_both(placed, f"A valid request of {operation.name}.", "valid")[2]

    return ask


def _broken(pair: Pair, operation: Operation) -> Check:
    """Of broken cases those that break a rule that counts; what is wrong before rules is in the decks."""
    selector = operation.selector
    # With another value there it is another operation's request, or none's.
    told_by = selector.argument if selector else ""
    counted = {rule.id for rule in counting(pair, operation) if rule.path != told_by}

    def ask(case: BrokenRequest) -> list[Deviation]:
        if case.rule not in counted or case.arguments is None:
            return []
        asked = _asked(pair, case.rule, drafted(operation, case.arguments))
        rule = operation.request.rules[case.rule]
        if asked is None:
            return []
        own = Wanted(rule.id, case.says, rule.evidence, case.code, case.status)
        wanted = pair.gated(operation, asked, case.says) or own
        return list(pair.judging.deviations(pair.hear(operation, asked), wanted))

    return ask


def _asked(pair: Pair, rule: str, draft: Draft) -> Request | None:
    """The request for the server, about what is there if it is broken then too; None where signing mends it."""
    pair.scene.prepare(draft.operation)
    aimed = pair.translated(pair.scene.aimed(draft, draft.operation.request.rules[rule].path))
    for one in (aimed, draft):
        asked = pair.client.signed(one.request(pair.client.host)) if one is not None else None
        if asked is not None and breaks(draft.operation.id, asked) == {rule}:
            return asked
    return None
