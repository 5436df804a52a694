"""The time at which requests are signed: the server's own, as the Date of its answers tells it.

Knows the Date of an answer. Law: a server whose clock is not ours (a virtual one, a fast one, a wrong one) is asked at its time,
for it judges signatures by that; one that says no time, or none that can be, is asked at ours.
"""

from __future__ import annotations

from collections.abc import Callable
from email.utils import parsedate_to_datetime
from typing import Final

from mockcloud.fuzzing.target import wall
from mockcloud.messages import Request, Response
from mockcloud.state.clock import moment

NEAR: Final = 2.0
"""Seconds by which clocks that agree may seem apart: a Date has whole ones, and its answer was on the way for a while."""

MOMENT: Final = 0.00101
"""Seconds between two times that every scheme tells apart: a millisecond, and what floats may round off."""


class ServerClock:
    """Asks a server by `send`, and tells its time between two answers."""

    def __init__(self, send: Callable[[Request], Response]) -> None:
        self._send, self._ahead = send, 0.0
        self._told = self._free = 0.0

    def send(self, request: Request) -> Response:
        """Ask, and look at the Date of the answer."""
        self._free = self._told + MOMENT
        response = self._send(request)
        date = _date(response.header("date") or "")
        if date is not None:
            ahead = date - wall()
            self._ahead = ahead if abs(ahead) > NEAR else 0.0
        return response

    def now(self) -> float:
        """The server's time, seconds since the epoch: for each request another, as nonces are made of it."""
        now = wall() + self._ahead
        self._told = self._free if now < self._free < now + NEAR else now
        return self._told


def _date(text: str) -> float | None:
    try:
        return moment(parsedate_to_datetime(text).isoformat())
    except ValueError:
        return None
