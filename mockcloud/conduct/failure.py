"""The page that a failed test shows: the smallest arguments, what went over the wire, the rule, what the client did.

Knows text and no terminal. Law: forty lines at most, and nothing on it that a terminal would obey.
"""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from typing import Final

from mockcloud.conduct.calling import Endless, Outcome, Raised, Returned
from mockcloud.conduct.subject import Subject
from mockcloud.conduct.verdict import Deviation
from mockcloud.messages import Json, Request
from mockcloud.reports.refused import printable
from mockcloud.state.journal import Exchange

BODY: Final = 600
"""Characters of a body that are shown."""


def page(subject: Subject, deviation: Deviation) -> str:
    """The whole page."""
    return "\n".join(_lines(subject, deviation))


def _lines(subject: Subject, deviation: Deviation) -> Iterator[str]:
    shown = deviation.shown
    yield printable(f"{subject.operation.id}: {deviation.problem}")
    if deviation.wanted:
        yield printable(f"  wanted     {deviation.wanted}")
    if shown.arguments is not None:
        yield printable(f"  arguments  {literal(shown.arguments)}")
    for exchange in shown.exchanges[-2:]:
        yield from _exchange(exchange, answered=shown.answered)
    if shown.outcome is not None:
        yield printable(f"  client     {did(shown.outcome)}")


def _exchange(exchange: Exchange, *, answered: bool) -> Iterator[str]:
    yield printable(f"  sent       {curl(exchange.request)}")
    status = f"{exchange.response.status} {exchange.refusal}".rstrip()
    body = f" {exchange.response.body[:BODY].decode('utf-8', 'replace')}" if answered or exchange.refusal else ""
    yield printable(f"  answered   {status}{body}")
    for violation in exchange.violations[:3]:
        yield printable(f"  rule       {violation}")
    if exchange.note:
        yield printable(f"  because    {exchange.note}")


def curl(request: Request) -> str:
    """A request as a command to paste."""
    parts = ["curl", "-X", request.method, f"https://{request.host}{request.target}"]
    for name, value in request.headers:
        if name.lower() not in ("host", "content-length", "accept", "accept-encoding", "connection", "user-agent"):
            parts += ["-H", f"{name}: {value}"]
    if request.body:
        parts += ["--data-binary", request.body[:BODY].decode("utf-8", "replace")]
    return " ".join(shlex.quote(part) for part in parts)


def literal(value: Json) -> str:
    """A value as Python writes it."""
    return repr(value)


def did(outcome: Outcome) -> str:
    """What a client did, in words."""
    if isinstance(outcome, Returned):
        return f"returned {outcome.value!r}"
    if isinstance(outcome, Endless):
        return f"was stopped: {outcome.reason}"
    assert isinstance(outcome, Raised)  # noqa: S101  # there are no others
    return f"raised {type(outcome.error).__name__}: {outcome.error}"
