"""Does it survive a connection or a gateway that fails, and make nothing twice by trying again?

Knows what can go wrong between a client and its cloud. Law: a request was handled before its answer is lost, for that is what
makes trying again dangerous.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from typing import Final

from mockcloud.conduct import timeless
from mockcloud.conduct.outcomes import Endless, Raised, Returned
from mockcloud.conduct.trial import Trial, Tried
from mockcloud.conduct.verdict import Case, Deviation, NotApplicable, Question
from mockcloud.errors import EndlessWait, UsageError, nearest
from mockcloud.messages import Json, Request, Response, TransportFault
from mockcloud.pipeline.faults import THROTTLE, THROTTLED
from mockcloud.state.journal import Exchange

REQUESTS: Final = 50
"""How many requests a client may send when nothing but faults comes back, and as many again when a day is over: a client that
tries again until a deadline would send fewer, if its pauses took time."""

Fault = Callable[[Response], Response]
"""What becomes of an answer on its way. It may raise a TransportFault."""


def _lost(kind: str) -> Fault:
    def lose(response: Response) -> Response:
        raise TransportFault(kind, response)

    return lose


def _gateway(status: int, phrase: str) -> Fault:
    body = f"<html><head><title>{status} {phrase}</title></head><body><h1>{status} {phrase}</h1></body></html>".encode()
    headers = (("Content-Type", "text/html"), ("Content-Length", str(len(body))))
    return lambda response: Response(status, headers, body)


def _cut(response: Response, kept: int) -> Response:
    """The answer with no more than so many bytes of its body, as if it were whole."""
    body = response.body[:kept]
    headers = ((name, str(len(body)) if name.lower() == "content-length" else value) for name, value in response.headers)
    return response._replace(headers=tuple(headers), body=body)


FAULTS: Final[Mapping[str, Fault]] = {
    "reset": _lost("reset"),
    "timeout": _lost("timeout"),
    "truncate": _lost("truncate"),
    "empty": _lost("empty"),
    "malformed": _lost("malformed"),
    "half a body": lambda response: _cut(response, len(response.body) // 2),
    "empty body": lambda response: _cut(response, 0),
    "500": _gateway(500, "Internal Server Error"),
    "502": _gateway(502, "Bad Gateway"),
    "503": _gateway(503, "Service Unavailable"),
    "504": _gateway(504, "Gateway Timeout"),
    THROTTLE: lambda response: response,
}
"""What can go wrong, by name."""

OF_BODIES: Final = frozenset({"truncate", "half a body", "empty body"})
"""Faults that only an answer with a body can have."""


def deck(trial: Trial) -> Iterator[Case]:
    """Each fault for ever, once, and those of gateways twice."""
    possible, arguments = [name for name in FAULTS if _is_possible(trial, name)], trial.taken()
    yield from ({"arguments": arguments, "faults": (name,), "always": True} for name in possible)
    yield from ({"arguments": arguments, "faults": (name,)} for name in possible)
    yield from ({"arguments": arguments, "faults": (name, name)} for name in possible if name.isdecimal())


def _is_possible(trial: Trial, fault: str) -> bool:
    subject = trial.subject
    if fault == THROTTLE:
        return THROTTLED in subject.contract.errors.conditions
    # On a socket a timeout takes the time that it takes.
    if fault == "timeout" and trial.is_served():
        return False
    return subject.operation.response is not None or fault not in OF_BODIES


def creating(trial: Trial) -> Iterator[Case]:
    """The same, for an operation that makes something."""
    if not _makes(trial):
        raise NotApplicable(f"{trial.subject.operation.id} makes nothing that could be there twice")
    if getattr(trial.subject.suite, "retries_create", False):
        raise NotApplicable("the class says that its client may create twice: retries_create = True")
    return deck(trial)


def _makes(trial: Trial) -> bool:
    return any(effect.verb in ("create", "add") for effect in trial.subject.operation.effects)


def check(trial: Trial, arguments: Mapping[str, Json], faults: Sequence[str], *, always: bool = False) -> None:
    """Let the first requests of the operation meet these faults, and all later ones the last of them if it is for ever."""
    with _endless_waits() as waits:
        tried = _tried(trial, arguments, faults, always=always)
    outcome, subject, met = tried.outcome, trial.subject, _met(faults, always=always)
    if waits:
        raise Deviation(f"it sets no timeout and would wait for ever when it meets: {met}", tried.shown, "a timeout")
    if isinstance(outcome, Endless):
        raise Deviation(f"it does not end when it meets: {met}", tried.shown)
    if isinstance(outcome, Raised) and not isinstance(outcome.error, subject.errors):
        raise Deviation(f"it crashes when it meets: {met}", tried.shown, subject.named)
    if isinstance(outcome, Returned) and (always or len(_own(trial, tried)) <= len(faults)):
        raise Deviation(f"it returns as if it had an answer when it meets: {met}", tried.shown, subject.named)


def check_once(trial: Trial, arguments: Mapping[str, Json], faults: Sequence[str], *, always: bool = False) -> None:
    """The same: nothing is made but by the first request."""
    with _endless_waits():
        tried = _tried(trial, arguments, faults, always=always)
    made = sum(not exchange.refusal for exchange in tried.bench.handled if exchange.operation == trial.subject.operation.id)
    if made > 1:
        problem = f"it makes the same thing {made} times, because it tries again after: {_met(faults, always=always)}"
        raise Deviation(problem, tried.shown, "no second request, or on the class, if that is meant: retries_create = True")


def _met(faults: Sequence[str], *, always: bool) -> str:
    return f"{', then '.join(faults)}{' again and again' if always else ''}"


def _own(trial: Trial, tried: Tried) -> list[Exchange]:
    """The exchanges of the operation."""
    return [exchange for exchange in tried.bench.asked if exchange.operation == trial.subject.operation.id]


def _tried(trial: Trial, arguments: Mapping[str, Json], faults: Sequence[str], *, always: bool) -> Tried:
    for fault in faults:
        if fault not in FAULTS:
            raise UsageError(f"there is no fault '{fault}'.{nearest(fault, FAULTS)}")
    bench = trial.bench()
    placed = trial.placed(bench, arguments)
    bench.limit, left = 2 * REQUESTS, list(faults)

    def plan(exchange: Exchange) -> Response:
        if exchange.operation != trial.subject.operation.id or not left:
            return exchange.response
        return FAULTS[left[0] if always and len(left) == 1 else left.pop(0)](exchange.response)

    def serving(request: Request) -> Response:
        if len(bench.asked) == REQUESTS:
            later.enter_context(timeless.a_day_later())
        # Who is throttled is refused before anything is done, not afterwards.
        if left and left[0] == THROTTLE:
            bench.fail_next(trial.subject.operation.id, fault=THROTTLE)
        return bench.handle(request)

    bench.plan, bench.serving = plan, serving
    with ExitStack() as later:
        return trial.call(bench, placed)


@contextmanager
def _endless_waits() -> Iterator[list[warnings.WarningMessage]]:
    """While open, waits that would not end are collected; whatever else is warned of goes on to who listens."""
    waits: list[warnings.WarningMessage] = []
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always", EndlessWait)
        yield waits
    for one in told:
        if issubclass(one.category, EndlessWait):
            waits.append(one)
        else:
            warnings.warn_explicit(one.message, one.category, one.filename, one.lineno)


SURVIVED: Final = Question(deck, check)
CREATED_ONCE: Final = Question(creating, check_once)
