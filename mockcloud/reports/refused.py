"""What was refused, told to the developer whose client it was: what was found and wanted, where it is written, what to ask next.

Knows the journal's exchanges and no terminal. Law: whatever a stranger sent, what is told is printable and short.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from mockcloud.state.journal import Exchange

RULES: Final = 20
"""Broken rules that are told of one request."""

REQUESTS: Final = 20
"""Refused requests that are told of one test: the last ones, for they stand nearest to what failed."""

LONGEST: Final = 1000
"""Characters of one line."""


def printable(text: str, longest: int = LONGEST) -> str:
    """A text in one line, without anything that a terminal would obey, cut where it is longer."""
    cut = text[:longest]
    shown = cut if cut.isprintable() else "".join(mark if mark.isprintable() else ascii(mark)[1:-1] for mark in cut)
    return shown if len(text) <= longest >= len(shown) else f"{shown[:longest]}... ({len(text)} characters)"


def was_refused(exchange: Exchange) -> bool:
    """Whether there is anything to tell of an exchange."""
    return bool(exchange.refusal or exchange.note)


def lines(exchange: Exchange) -> list[str]:
    """A refused request: what was asked and answered, why, and the command that says more."""
    told = [str(exchange._replace(violations=(), note=""))]
    told += [f"  {violation}" for violation in exchange.violations[:RULES]]
    left = len(exchange.violations) - RULES
    if left > 0:
        told.append(f"  and {left} more broken rules")
    if exchange.note:
        told.append(f"  {exchange.note}")
    elif not exchange.violations:
        told.append(f"  answered {exchange.response.body[: 2 * LONGEST].decode('utf-8', 'replace')}")
    return [printable(line) for line in (*told, *_more(exchange))]


def _more(exchange: Exchange) -> list[str]:
    if exchange.violations:
        return [f"  more: mockcloud explain '{exchange.violations[0].rule}'"]
    return [f"  more: mockcloud explain {exchange.provider}:{exchange.refusal}"] if exchange.refusal else []


def page(exchanges: Iterable[Exchange]) -> str:
    """The refused ones of several exchanges, oldest first; empty where there are none."""
    refused = [exchange for exchange in exchanges if was_refused(exchange)]
    earlier = len(refused) - REQUESTS
    told = [f"{earlier} earlier ones are in cloud.journal"] if earlier > 0 else []
    return "\n".join([*told, *(line for exchange in refused[-REQUESTS:] for line in lines(exchange))])
