"""Does it sign so that the vendor accepts, with every value, every credential, in every time zone, twice in a second?

Knows refusals of strangers and no scheme. Law: whoever has a right credential is not taken for a stranger.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from typing import Any, Final

from mockcloud.cloud import Cloud
from mockcloud.conduct.sending import check_sends
from mockcloud.conduct.trial import Trial, Tried
from mockcloud.conduct.verdict import Case, Deviation, Question
from mockcloud.contracts.model import Contract
from mockcloud.drafting import decks
from mockcloud.messages import Credential, Json
from mockcloud.state.clock import VirtualClock
from mockcloud.state.journal import Exchange

CREDENTIALS: Final = (
    Credential("AKmockcloud0123456789ABCDEFabcdef", "kZ3+/9aB=cD/eF+gH==", "client-7"),
    Credential("a.b_c-d", "~!@#$^&*()_-<>?,.;:'|[]{}%2F", "0"),
    Credential("k", "s", "c"),
)
"""Keys and secrets as vendors give them out, and as they could."""

ZONES: Final = ("<+08>-8", "<-0330>3:30")
"""Time zones that a client may run in."""

UTC: Final = "UTC0"
WINDOW: Final = 900
"""Seconds that a clock may be off where a setting asks how many."""

HOURS: Final = 3 * 3600
"""Seconds that are more than any vendor allows."""


def deck(trial: Trial) -> Iterator[Case]:
    """Every value with the well-known credential; the smallest request under other circumstances."""
    smallest = trial.smallest()
    yield {"arguments": smallest}
    yield from ({"arguments": smallest, "credential": one} for one in CREDENTIALS)
    yield {"arguments": smallest, "calls": 2}
    if hasattr(time, "tzset"):
        yield from ({"arguments": smallest, "zone": zone} for zone in ZONES)
    yield from ({"arguments": arguments} for arguments in trial.telling())
    yield from ({"arguments": arguments} for arguments in trial.valid())


def drawn(trial: Trial) -> Any:
    """Valid requests by chance."""
    return trial.subject.drawn()


def check(
    trial: Trial, arguments: Mapping[str, Json], credential: Credential | None = None, zone: str = "", calls: int = 1
) -> None:
    """Call with a credential, in a time zone, so many times within a second: nobody is taken for a stranger."""
    operation, given = trial.subject.operation.id, {"credentials": [credential]} if credential else {}
    settings = strict_of_repeats(operation) if calls > 1 else {}
    contract = trial.subject.contract
    if zone and not _refused(contract, _called(trial, arguments, 1, UTC, settings=strict_of_time(operation))):
        # Where its time is looked at, and right in UTC, it has to be right everywhere.
        settings = strict_of_time(operation)
    tried = _called(trial, arguments, calls, zone, settings=settings, **given)
    if _refused(contract, tried):
        when = f" in the time zone {zone}" if zone else " when it calls twice within a second" if calls > 1 else ""
        raise Deviation(f"the vendor does not accept its signature{when}", tried.shown)
    check_sends(tried)


def _called(trial: Trial, arguments: Mapping[str, Json], calls: int, zone: str, **options: Any) -> Tried:
    bench = trial.bench(**options)
    with local_time(zone):
        client = trial.client(bench)
        for _ in range(calls):
            tried = trial.call(bench, arguments, client)
    return tried


def _refused(contract: Contract, tried: Tried) -> bool:
    return any(stranger(contract, exchange) for exchange in tried.bench.asked)


def stranger(contract: Contract, exchange: Exchange) -> bool:
    """Whether a request was refused because of who asked."""
    if exchange.violations:
        rule, counts = exchange.violations[0].rule, contract.errors.counts
        return counts(rule, contract.defaults, strict=True) and not counts(rule, contract.defaults, strict=False)
    return exchange.reason in contract.behaviours.conditions


@cache
def strict_of_repeats(operation: str) -> Mapping[str, Json]:
    """The settings under which a request that comes twice is refused the second time, where it is not otherwise."""
    settings = decks.operation_of(operation)[0].contract.settings
    switches = [name for name, one in settings.items() if one.default is False]
    return {name: True for name in switches if _fall_out(operation, {name: True}, [0, 0]) == [False, True]}


@cache
def strict_of_time(operation: str) -> Mapping[str, Json]:
    """The settings under which a request that was signed hours ago is refused, where it is not otherwise."""
    settings = decks.operation_of(operation)[0].contract.settings
    limits = [name for name, one in settings.items() if one.default == 0 and one.type == "number"]
    return {name: WINDOW for name in limits if _fall_out(operation, {name: WINDOW}, [0, HOURS]) == [False, True]}


def _fall_out(operation: str, settings: Mapping[str, Json], ages: Iterable[float]) -> list[bool]:
    """Whether requests that were signed so many seconds ago are each refused as a stranger's."""
    contract, case = decks.operation_of(operation)[0].contract, decks.valid(operation)[0]
    cloud = Cloud([contract.name], clock=VirtualClock(tick=0), settings={contract.name: settings})
    found = []
    for age in ages:
        cloud.handle(case.signed(cloud.credentials(contract.name), cloud.clock.now() - age))
        found.append(stranger(contract, cloud.journal.last))
    return found


@contextmanager
def local_time(zone: str) -> Iterator[None]:
    """While open, the process is in a time zone, where one is named."""
    if not zone:
        yield
        return
    before = os.environ.get("TZ")
    os.environ["TZ"] = zone
    time.tzset()
    try:
        yield
    finally:
        if before is None:
            del os.environ["TZ"]
        else:
            os.environ["TZ"] = before
        time.tzset()


SIGNED: Final = Question(deck, check, drawn)
