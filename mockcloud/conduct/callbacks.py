"""Does it handle every message that the cloud sends to a client: in each form, of each end, repeated, out of order?

Knows messages as bytes and what of them a client reports. Law: what a client reads of one message it reads of each that has it,
wherever the form of the message puts it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from mockcloud.conduct.members import Leaves, alike, learned, leaves, plain
from mockcloud.conduct.outcomes import Endless, Outcome, Raised, Returned
from mockcloud.conduct.subject import dotted
from mockcloud.conduct.trial import Trial
from mockcloud.conduct.verdict import Case, Deviation, NotApplicable, Question, Shown
from mockcloud.drafting.callbacks.messages import messages
from mockcloud.drafting.callbacks.telling import Message

Delivery = tuple[dict[str, str], bytes]
"""The headers and the body of a message."""


def deck(trial: Trial) -> Iterator[Case]:
    """Each message alone, the first one twice, the last one about a task before the first."""
    told = _messages(trial)
    yield from ({"messages": [_delivery(one)]} for one in told)
    last = [one for one in told if one.state][-1:] or told[-1:]
    for order in ([told[0], told[0]], [*last, told[0]]):
        yield {"messages": [_delivery(one) for one in order]}


def _messages(trial: Trial) -> Sequence[Message]:
    if not trial.subject.has("on_callback"):
        raise NotApplicable("the class has no `on_callback`, so its client is sent no messages")
    told = messages(trial.subject.operation.id)
    if not told:
        raise NotApplicable(f"{trial.subject.operation.id} leads to no message to a client")
    return told


def _delivery(message: Message) -> Delivery:
    return dict(message.headers), message.body


def check(trial: Trial, messages: Sequence[Delivery]) -> None:
    """Deliver messages to one client, in their order."""
    client, read = trial.client(trial.bench()), _read(trial)
    for number, (headers, body) in enumerate(messages):
        outcome, reported = _reported(trial, client, headers, body, number)
        if not read:
            raise Deviation("`on_callback` reports no member that any message has", Shown(outcome=outcome, body=body))
        found = _leaves(trial, body)
        root = learned(found, reported).root
        for at, value in found.items():
            below = at.removeprefix(root)
            if at.startswith(f"{root}/") and plain(below) in read:
                _check_member(below, value, reported, body)


def _check_member(at: str, value: Any, reported: Leaves, body: bytes) -> None:
    if at not in reported:
        raise Deviation(f"the message has {dotted(at)} = {value!r} and the client reports none", Shown(body=body))
    if not alike(reported[at], value):
        problem = f"the message has {dotted(at)} = {value!r} and the client reports {reported[at]!r}"
        raise Deviation(problem, Shown(body=body))


def _reported(trial: Trial, client: Any, headers: dict[str, str], body: bytes, number: int) -> tuple[Outcome, Leaves]:
    outcome = trial.outcome("on_callback", client, dict(headers), body)
    shown, again = Shown(outcome=outcome, body=body), " after another" if number else ""
    if isinstance(outcome, Endless):
        raise Deviation(f"it does not end at a message{again}", shown)
    if isinstance(outcome, Raised):
        what = "raises its error" if isinstance(outcome.error, trial.subject.errors) else "crashes"
        raise Deviation(f"it {what} at a message{again}", shown)
    if not isinstance(outcome.value, Mapping):
        raise Deviation("`on_callback` gives no dict of members", shown)
    return outcome, dict(leaves(outcome.value, alone=True))


def _read(trial: Trial) -> frozenset[str]:
    """The places, below wherever they are rooted, that the client reads of any message."""
    if trial.heard is None:
        found: set[str] = set()
        for one in _messages(trial):
            outcome = trial.outcome("on_callback", trial.client(trial.bench()), *_delivery(one))
            if isinstance(outcome, Returned) and isinstance(outcome.value, Mapping):
                told, reported = _leaves(trial, one.body), dict(leaves(outcome.value, alone=True))
                root = learned(told, reported).root
                found |= {plain(at) for at, value in reported.items() if root + at in told and alike(value, told[root + at])}
        trial.heard = frozenset(found)
    return trial.heard


def _leaves(trial: Trial, body: bytes) -> Leaves:
    known = {one.body: one.document for one in _messages(trial)}
    return dict(leaves(known.get(body), alone=True))


HANDLED: Final = Question(deck, check)
