"""The page that a failed test shows: the smallest arguments, what went over the wire, the rule, what the client did.

Knows text and no terminal. Law: forty lines at most, and nothing on it that a terminal would obey.
"""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from typing import Final

from mockcloud.conduct.outcomes import did, literal
from mockcloud.conduct.subject import Subject
from mockcloud.conduct.verdict import Deviation
from mockcloud.contracts.sources import first_document
from mockcloud.messages import Request
from mockcloud.reports.refused import printable
from mockcloud.state.journal import Exchange

BODY: Final = 500
"""Characters of a body that are shown."""

EXCHANGES: Final = 2
LINES: Final = 8
"""Lines that one value has at most."""

COMMON: Final = frozenset({"host", "content-length", "accept", "accept-encoding", "connection", "user-agent"})
"""Headers that every library puts in and no vendor looks at."""


def page(subject: Subject, name: str, deviation: Deviation) -> str:
    """The whole page."""
    return "\n".join([*_happened(subject, deviation), "", *_again(subject, name, deviation)])


def _happened(subject: Subject, deviation: Deviation) -> Iterator[str]:
    shown = deviation.shown
    yield printable(f"{subject.operation.id}: {deviation.problem}")
    if deviation.wanted:
        yield printable(f"  wanted     {deviation.wanted}")
    if shown.arguments is not None:
        yield from _block("arguments", literal(shown.arguments))
    left = len(shown.exchanges) - EXCHANGES
    if left > 0:
        yield f"  sent       {left} earlier requests"
    for exchange in shown.exchanges[-EXCHANGES:]:
        yield from _exchange(exchange)
    yield from _rule(subject, deviation)
    if shown.outcome is not None:
        yield from _block("client", did(shown.outcome))


def _exchange(exchange: Exchange) -> Iterator[str]:
    yield printable(f"  sent       {curl(exchange.request)}")
    status = f"{exchange.response.status} {exchange.refusal}".rstrip()
    yield printable(f"  answered   {status} {_text(exchange.response.body)}".rstrip())
    if exchange.note:
        yield printable(f"  because    {exchange.note}")
    for violation in exchange.violations[:3]:
        yield printable(f"  rule       {violation}")


def _rule(subject: Subject, deviation: Deviation) -> Iterator[str]:
    """The rule that it is about, unless an exchange has told of it."""
    told = {one.rule for exchange in deviation.shown.exchanges for one in exchange.violations}
    rule = subject.operation.request.rules.get(deviation.rule)
    if rule is not None and rule.id not in told:
        source = first_document(subject.contract, rule.evidence)
        where = "" if source is None else f" [{source.name}{'' if source.place is None else f' line {source.place}'}]"
        yield printable(f"  rule       {rule.reason}: {rule.id}{where}")


def _again(subject: Subject, name: str, deviation: Deviation) -> Iterator[str]:
    """A test to paste."""
    suite = type(subject.suite).__name__
    given = [f"        {key}={_indented(literal(value))},"[:2000] for key, value in deviation.case.items()]
    names = sorted(one for one in ("Credential", "Response") if any(f"{one}(" in line for line in given))
    yield "To see this case alone:"
    yield ""
    yield from ([f"    from mockcloud import {', '.join(names)}", ""] if names else [])
    yield "    def test_this_case():"
    yield f'        {suite}().again("it_{name}",'
    yield from (printable(f"    {part}", 2000) for line in given for part in line.split("\n"))
    yield "        )"


def _indented(text: str) -> str:
    return text.replace("\n", "\n            ")


def _block(title: str, text: str) -> Iterator[str]:
    """A titled value, on as many lines as it has, and no more than it may."""
    lines = text.split("\n")
    for number, line in enumerate(lines[:LINES]):
        yield printable(f"  {'' if number else title:<10} {line}")
    if len(lines) > LINES:
        yield f"  {'':<10} ... ({len(lines) - LINES} more lines)"


def _text(body: bytes) -> str:
    text = body[:BODY].decode("utf-8", "replace")
    return text if len(body) <= BODY else f"{text}... ({len(body)} bytes)"


def curl(request: Request) -> str:
    """A request as a command to paste."""
    parts = ["curl", "-X", request.method, f"https://{request.host}{request.target}"]
    for name, value in request.headers:
        if name.lower() not in COMMON:
            parts += ["-H", f"{name}: {value}"]
    if request.body:
        parts += ["--data-binary", _text(request.body)]
    return " ".join(shlex.quote(part) for part in parts)
