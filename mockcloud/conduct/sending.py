"""Does it send only what the contract allows, and all that it was given, and nothing else?

Knows what a refusal is for, and how arguments look on the wire. Law: of a valid call nothing is refused but for the state of
the cloud, and what arrived is what was given.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from mockcloud.conduct.members import leaves, same
from mockcloud.conduct.outcomes import Endless, Raised
from mockcloud.conduct.subject import Subject, dotted
from mockcloud.conduct.trial import Trial, Tried
from mockcloud.conduct.verdict import Case, Deviation, Question
from mockcloud.contracts.vocabulary import CONDITIONS, POSSIBLE_CONDITIONS
from mockcloud.drafting.requests.arguments import said
from mockcloud.messages import Json
from mockcloud.state.journal import Exchange

OF_STATE: Final = frozenset({"event-refused", "too-many-tasks"})
"""Conditions of the core that are no fault of a request."""

NOTHING: Final = (
    "a request to the vendor's host by httpx or requests, or to cloud.base_url by anything else: "
    "aim the client there in `client(self, cloud)`"
)


def valid(trial: Trial) -> Iterator[Case]:
    """Each valid request of the deck, then the fullest with texts that are easily mangled."""
    yield from ({"arguments": arguments} for arguments in trial.valid())
    yield from ({"arguments": arguments} for arguments in trial.telling())


def drawn(trial: Trial) -> Any:
    """Valid requests by chance."""
    return trial.subject.drawn()


def check_allowed(trial: Trial, arguments: Mapping[str, Json]) -> None:
    """Send one valid request: it is allowed, or refused for the state of the cloud alone."""
    bench, subject = trial.bench(), trial.subject
    tried = trial.call(bench, trial.placed(bench, arguments))
    for exchange in bench.asked:
        if wrong(subject, exchange):
            rule = exchange.violations[0].rule if exchange.violations else ""
            raise Deviation("it sends a request that the contract does not allow", tried.shown, rule=rule)
    check_sane(subject, tried)


def check_sane(subject: Subject, tried: Tried) -> None:
    """Hold a call to what every call must keep: it sends something, ends, and raises nothing but its error for a refusal."""
    outcome = tried.outcome
    if isinstance(outcome, Endless):
        raise Deviation("it does not end", tried.shown)
    if isinstance(outcome, Raised):
        if not isinstance(outcome.error, subject.errors):
            raise Deviation("it crashes", tried.shown, f"at most {subject.named}")
        if not any(one.refusal for one in tried.bench.asked):
            raise Deviation("it raises its error though nothing was refused", tried.shown)
    check_sends(tried)


def check_sends(tried: Tried) -> None:
    """Raise Deviation unless anything was sent."""
    if not tried.bench.asked:
        raise Deviation("it sends nothing that reaches the cloud", tried.shown, NOTHING)


def wrong(subject: Subject, exchange: Exchange) -> bool:
    """Whether a request was refused for what it is, not for the state of the cloud."""
    of_request = (CONDITIONS | POSSIBLE_CONDITIONS | subject.contract.behaviours.conditions) - OF_STATE
    return bool(exchange.violations) or exchange.reason in of_request or not exchange.provider


def asked_of(subject: Subject, tried: Tried) -> Exchange:
    """The first exchange of the operation, else the first of none. Raises Deviation where there is neither."""
    for operation in (subject.operation.id, ""):
        for exchange in tried.bench.asked:
            if exchange.operation == operation:
                return exchange
    check_sends(tried)
    raise Deviation(f"it sends no request of {subject.operation.id}", tried.shown)


def check_given(trial: Trial, arguments: Mapping[str, Json]) -> None:
    """Send one valid request: what arrives is what was given."""
    check_arrived(trial.subject, trial.call(trial.bench(), arguments), hollow=True)


def check_arrived(subject: Subject, tried: Tried, *, hollow: bool = False) -> Mapping[str, Json]:
    """What arrived. Raises Deviation unless it is what was given, and no more than a client may add.

    With `hollow` a list that holds nothing has to arrive as well.
    """
    exchange = asked_of(subject, tried)
    arrived = said(subject.contract, subject.operation, exchange.request)
    if arrived is None:
        raise Deviation("what it sends cannot be read", tried.shown)
    normal = subject.normal(tried.arguments)
    wanted, found = dict(leaves(normal, hollow=hollow)), dict(leaves(arrived, hollow=hollow))
    for at, value in wanted.items():
        if at not in found:
            raise Deviation(f"{dotted(at)} was given as {value!r} and does not arrive", tried.shown, at=at, kind=f"lost {at}")
        if not same(found[at], value):
            problem = f"{dotted(at)} was given as {value!r} and arrives as {found[at]!r}"
            raise Deviation(problem, tried.shown, at=at, kind=f"changed {at}")
    # What counts where nothing is said may be said, and so may what is always there.
    known = {**dict(leaves(subject.operation.request.filled(normal))), **subject.constants}
    for at, value in leaves(arrived):
        if at not in wanted and subject.takes(at) and not same(value, known.get(at)):
            raise Deviation(f"{dotted(at)} arrives as {value!r} and was not given", tried.shown, at=at, kind=f"added {at}")
    return arrived


ALLOWED: Final = Question(valid, check_allowed, drawn)
GIVEN: Final = Question(valid, check_given, drawn)
