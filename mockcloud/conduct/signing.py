"""Does it sign so that the vendor accepts, with every value, every credential, in every time zone, twice in a second?

Knows refusals of strangers and no scheme. Law: whoever has a right credential is not taken for a stranger.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from typing import Final

from mockcloud.cloud import Cloud
from mockcloud.conduct.bench import Bench
from mockcloud.conduct.subject import Subject
from mockcloud.conduct.trial import Trial, Tried
from mockcloud.conduct.verdict import Deviation
from mockcloud.contracts.model import Contract
from mockcloud.drafting import decks
from mockcloud.drafting.cases import ValidRequest
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


def tests_signed(trial: Trial) -> None:
    """Every value with the well-known credential; then the smallest request under other circumstances."""
    trial.each(trial.valid(), lambda case: _signed(trial, trial.bench(), case))
    first = next(trial.valid())
    name = trial.subject.dossier.name
    trial.each(CREDENTIALS, lambda one: _signed(trial, trial.bench(credentials={name: [one]}), first))
    if hasattr(time, "tzset"):
        trial.each(ZONES, lambda zone: _in_zone(trial, zone, first))
    _twice(trial, trial.bench(settings={name: strict(trial.subject.operation.id)}), first)


def _in_zone(trial: Trial, zone: str, case: ValidRequest) -> None:
    with local_time(zone):
        _signed(trial, trial.bench(), case, f" in a time zone other than UTC (TZ='{zone}')")


def _signed(trial: Trial, bench: Bench, case: ValidRequest, when: str = "") -> None:
    _check(trial.subject, trial.call(bench, case.arguments), when)


def _twice(trial: Trial, bench: Bench, case: ValidRequest) -> None:
    trial.examples += 1
    client = trial.client(bench)
    for when in ("", " when it calls twice within a second"):
        _check(trial.subject, trial.call(bench, case.arguments, client), when)


def _check(subject: Subject, tried: Tried, when: str) -> None:
    for exchange in tried.bench.asked:
        if stranger(subject.contract, exchange):
            raise Deviation(f"it is not recognised by its signature{when}", tried.shown())


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
    """While open, the process is in a time zone."""
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
