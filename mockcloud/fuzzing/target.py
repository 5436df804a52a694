"""The server that is asked, and how it is asked.

Knows no protocol: something takes requests and gives answers, over a socket or within the process. Law: whatever a server does
instead of answering is `NoAnswer`, a sentence.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import count
from threading import Event
from typing import Final

from mockcloud.messages import Credential, Json, Request, Response
from mockcloud.pipeline.service import WELL_KNOWN
from mockcloud.state.clock import RealClock

PATIENCE: Final = 30.0
"""Seconds for which a task is waited for."""

POLL: Final = 0.1
"""Seconds between two looks at a task."""

NAMED_ANEW: Final = 1_000_000
"""Seconds (eleven days) after which runs give the names again that earlier ones gave: a name has to be short."""


class NoAnswer(Exception):
    """A server did not answer, or not as HTTP has it: the sentence that says what it did."""


class Unreachable(NoAnswer):
    """There is nobody to ask."""


class Gone(NoAnswer):
    """There is nobody to ask any more, where there was somebody before."""


def wall() -> float:
    """The time of day, seconds since the epoch."""
    return RealClock().now()


def pause(seconds: float) -> None:
    """Let this time go by."""
    Event().wait(seconds)


def _names() -> Iterator[int]:
    # Two runs against one server that keeps what it is given must not give one name twice. None gives 1,000 in a second.
    return count(int(wall()) % NAMED_ANEW * 1000)


@dataclass(frozen=True, slots=True)
class Target:
    """A server, and on which terms it is asked.

    `send` asks it and raises NoAnswer; `host` is the Host header that requests have; `now` the time at which they are signed;
    `wait` lets time go by between two looks at a task, `patience` is how many seconds altogether; `strict` says whether its
    signatures count.
    """

    send: Callable[[Request], Response]
    host: str
    credential: Credential = WELL_KNOWN
    strict: bool = True
    settings: Mapping[str, Json] = field(default_factory=dict)
    now: Callable[[], float] = wall
    wait: Callable[[float], None] = pause
    patience: float = PATIENCE
    poll: float = POLL
    names: Iterator[int] = field(default_factory=_names)
    sent: set[int] = field(default_factory=set, compare=False)
    """The hashes of the requests that were sent."""
