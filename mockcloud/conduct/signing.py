"""Does it sign so that the vendor accepts, with every value, every credential, in every time zone, twice in a second?

Knows refusals of strangers and no scheme. Law: whoever has a right credential is not taken for a stranger.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from typing import Any, Final

from mockcloud.cloud import Cloud
from mockcloud.conduct.sending import check_sends
from mockcloud.conduct.trial import Trial
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
    settings = strict(trial.subject.operation.id) if calls > 1 else {}
    bench = trial.bench(settings=settings, **({"credentials": [credential]} if credential else {}))
    with local_time(zone):
        client = trial.client(bench)
        for _ in range(calls):
            tried = trial.call(bench, arguments, client)
    for exchange in bench.asked:
        if stranger(trial.subject.contract, exchange):
            when = f" in the time zone {zone}" if zone else " when it calls twice within a second" if calls > 1 else ""
            raise Deviation(f"the vendor does not accept its signature{when}", tried.shown)
    check_sends(tried)


def stranger(contract: Contract, exchange: Exchange) -> bool:
    """Whether a request was refused because of who asked."""
    if exchange.violations:
        settings = {name: setting.default for name, setting in contract.settings.items()}
        rule = exchange.violations[0].rule
        counts = contract.errors.counts
        return counts(rule, settings, strict=True) and not counts(rule, settings, strict=False)
    return exchange.reason in contract.behaviours.conditions


@cache
def strict(operation: str) -> Mapping[str, Json]:
    """The settings under which a request that comes twice is refused the second time, where it is not otherwise."""
    contract = decks.operation_of(operation)[0].contract
    switches = [name for name, one in contract.settings.items() if one.default is False]
    return {name: True for name in switches if _refuses_repeats(contract, operation, {name: True})}


def _refuses_repeats(contract: Contract, operation: str, settings: Mapping[str, Json]) -> bool:
    case = decks.valid(operation)[0]
    cloud = Cloud([contract.name], clock=VirtualClock(), settings={contract.name: settings})
    request = case.signed(cloud.credentials(contract.name), cloud.clock.now() + 1)
    cloud.handle(request)
    first = cloud.journal.last
    cloud.handle(request)
    return not stranger(contract, first) and stranger(contract, cloud.journal.last)


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
