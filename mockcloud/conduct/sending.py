"""Does it send only what the contract allows, and all that it was given, and nothing else?

Knows what a refusal is for, and how arguments look on the wire. Law: of a valid call nothing is refused but for the state of
the cloud, and what arrived is what was given.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from mockcloud.conduct.calling import Endless, Raised
from mockcloud.conduct.subject import Subject
from mockcloud.conduct.trial import Trial, Tried
from mockcloud.conduct.verdict import Deviation
from mockcloud.contracts.vocabulary import CONDITIONS, POSSIBLE_CONDITIONS
from mockcloud.drafting.arguments import said
from mockcloud.drafting.cases import ValidRequest
from mockcloud.messages import Json
from mockcloud.state.journal import Exchange

OF_STATE: Final = frozenset({"event-refused", "too-many-tasks"})
"""Conditions of the core that are no fault of a request."""


def allowed(trial: Trial, case: ValidRequest) -> None:
    """Send one valid request: it is allowed, or refused for the state of the cloud alone."""
    bench = trial.bench()
    tried = trial.call(bench, trial.placed(bench, case))
    _check_allowed(trial.subject, tried)


def given(trial: Trial, case: ValidRequest) -> None:
    """Send one valid request: what arrives is what was given."""
    tried = trial.call(trial.bench(), case.arguments)
    check_arrived(trial.subject, tried)


def _check_allowed(subject: Subject, tried: Tried) -> None:
    for exchange in tried.bench.asked:
        if exchange.violations or wrong(subject, exchange):
            raise Deviation("it sends a request that the contract does not allow", tried.shown())
    check_sane(subject, tried, refused=any(one.refusal for one in tried.bench.asked))


def check_sane(subject: Subject, tried: Tried, *, refused: bool) -> None:
    """Hold a call to what every call must keep: it sends something, ends, and raises nothing but its error for a refusal."""
    outcome = tried.outcome
    if isinstance(outcome, Endless):
        raise Deviation("it does not end", tried.shown())
    if isinstance(outcome, Raised):
        if not isinstance(outcome.error, subject.errors):
            raise Deviation("it crashes", tried.shown(), f"at most its own error: {names(subject)}")
        if not refused:
            raise Deviation("it raises its error though nothing was refused", tried.shown())
    if not tried.bench.asked:
        raise Deviation("it sends nothing that reaches the cloud", tried.shown(), NOTHING)


NOTHING: Final = (
    "a request to the vendor's host by httpx or requests, or to cloud.base_url by anything else: "
    "aim the client there in `client(self, cloud)`"
)


def names(subject: Subject) -> str:
    """The user's errors by name."""
    return " or ".join(one.__name__ for one in subject.errors)


def wrong(subject: Subject, exchange: Exchange) -> bool:
    """Whether a request was refused for what it is, not for the state of the cloud."""
    of_request = (CONDITIONS | POSSIBLE_CONDITIONS | subject.contract.behaviours.conditions) - OF_STATE
    return bool(exchange.violations) or exchange.reason in of_request or (bool(exchange.note) and not exchange.provider)


def asked_of(subject: Subject, tried: Tried) -> Exchange:
    """The first exchange of the operation. Raises Deviation where there is none."""
    for exchange in tried.bench.asked:
        if exchange.operation == subject.operation.id:
            return exchange
    for exchange in tried.bench.asked:
        if not exchange.operation:
            return exchange
    raise Deviation(f"it sends no request of {subject.operation.id}", tried.shown(), NOTHING if not tried.bench.asked else "")


def check_arrived(subject: Subject, tried: Tried) -> None:
    """Raise Deviation unless what arrived is what was given, and no more than a client may add."""
    exchange = asked_of(subject, tried)
    arrived = said(subject.contract, subject.operation, exchange.request)
    if arrived is None:
        raise Deviation("what it sends cannot be read", tried.shown())
    wanted, found = dict(leaves(subject.normal(tried.arguments))), dict(leaves(arrived))
    for at, value in wanted.items():
        if at not in found:
            raise Deviation(f"{shown(at)} was given as {value!r} and does not arrive", tried.shown())
        if not same(found[at], value):
            raise Deviation(f"{shown(at)} was given as {value!r} and arrives as {found[at]!r}", tried.shown())
    for at in found.keys() - wanted.keys():
        if subject.takes(shown(at)) and not _of_itself(subject, at, found[at]):
            raise Deviation(f"{shown(at)} arrives as {found[at]!r} and was not given", tried.shown())


def leaves(value: Json, at: str = "") -> Iterator[tuple[str, Json]]:
    """Every leaf of plain data by its place; a member that is null is not there."""
    if isinstance(value, dict):
        for name, below in value.items():
            yield from leaves(below, f"{at}/{name}")
    elif isinstance(value, list):
        for index, below in enumerate(value):
            yield from leaves(below, f"{at}/{index}")
    elif value is not None:
        yield at, value


def same(found: Json, wanted: Json) -> bool:
    """Whether two leaves are the same on the wire."""
    if isinstance(found, bool) or isinstance(wanted, bool):
        return found is wanted
    return bool(found == wanted)


def shown(at: str) -> str:
    """A place as people say it."""
    return at[1:].replace("/", ".")


def _of_itself(subject: Subject, at: str, value: Json) -> bool:
    """Whether a client may put a member in by itself: what the operation always has, and what counts where it is absent."""
    selector = subject.operation.selector
    if selector is not None and at == selector.argument:
        return True
    return any(rule.path == at and rule.constraint == "const" for rule in subject.operation.request.rules.values())


def tests_allowed(trial: Trial) -> None:
    """Every valid request is allowed."""
    trial.each(trial.valid(), lambda case: allowed(trial, case))


def tests_given(trial: Trial) -> None:
    """Every argument arrives."""
    trial.each(trial.valid(), lambda case: given(trial, case))
