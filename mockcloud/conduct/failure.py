"""The page that a failed test shows: the smallest arguments, what went over the wire, the rule, what the client did.

Knows text and no terminal. Law: what happened takes some forty lines at most, the test to paste as many as its case has, and
nothing on it is anything that a terminal would obey.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from mockcloud.conduct.bench import NO_ANSWER
from mockcloud.conduct.grounds import ground
from mockcloud.conduct.outcomes import did, literal
from mockcloud.conduct.subject import Subject
from mockcloud.conduct.verdict import Deviation
from mockcloud.reports import curl
from mockcloud.reports.refused import printable
from mockcloud.state.journal import Exchange

BODY: Final = 500
"""Characters of a body that are shown."""

EXCHANGES: Final = 2
LINES: Final = 8
"""Lines that one value has at most."""


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
    if shown.body:
        yield printable(f"  message    {_text(shown.body)}")
    yield printable(f"  contract   {ground(subject, deviation)}")
    if shown.outcome is not None:
        yield from _block("client", did(shown.outcome))


def _exchange(exchange: Exchange) -> Iterator[str]:
    yield printable(f"  sent       {curl.brief(exchange.request)}")
    if exchange.response == NO_ANSWER:
        yield printable(f"  met        {exchange.note}")
        return
    status = f"{exchange.response.status} {exchange.refusal}".rstrip()
    yield printable(f"  answered   {status} {_text(exchange.response.body)}".rstrip())
    if exchange.note:
        yield printable(f"  because    {exchange.note}")
    for violation in exchange.violations[:3]:
        yield printable(f"  rule       {violation}")


def _again(subject: Subject, name: str, deviation: Deviation) -> Iterator[str]:
    """A test to paste."""
    given = [_argument(key, value) for key, value in deviation.case.items()]
    names = [one for one in ("Credential", "Response") if any(f"{one}(" in text for text in given)]
    yield "To try this case alone:"
    yield ""
    yield from ([f"    from mockcloud import {', '.join(names)}", ""] if names else [])
    yield "    def test_this_case():"
    yield f"        {type(subject.suite).__name__}().again("
    yield f'            "it_{name}",'
    yield from (f"            {line}" for text in given for line in text.split("\n"))
    yield "        )"


def _argument(name: str, value: Any) -> str:
    """An argument of a call, the lines of its value below each other."""
    return f"{name}={literal(value)},".replace("\n", "\n" + " " * (len(name) + 1))


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
