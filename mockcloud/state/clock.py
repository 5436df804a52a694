"""The one place that reads time.

Everything timed (tasks, signature windows, dates in answers) asks the clock of its cloud. The virtual clock
moves by `advance` and by one tick for each request, so that a polling loop ends by itself without sleeping.
"""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Final, Protocol

from mockcloud.errors import UsageError

FORMS: Final = "'real' or 'virtual[:TICK][@START]'"
"""How a clock is named."""

_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400}
_NUMBER = re.compile(r"[0-9]{1,12}(?:\.[0-9]+)?")
_YEAR_10000 = 253_402_300_800
_A_YEAR = 366 * 86400
"""What is left of the calendar for a clock that starts as late as one may."""


class Clock(Protocol):
    """What a cloud needs of a clock. Seconds since the epoch."""

    listeners: list[Callable[[], None]]
    """Called after each `advance`."""

    def now(self) -> float:
        """The time."""

    def tick(self) -> float:
        """The time at which the next request is handled."""

    def advance(self, duration: float | str) -> float:
        """Move on by seconds or by a text such as `10m`; returns the new time."""


class VirtualClock:
    """A clock that stands still between requests.

    It starts at `start` (default: the time when it is made, so that what real clients sign is fresh)
    and moves by `tick` seconds for each request.
    """

    def __init__(self, start: float | None = None, tick: float = 1.0) -> None:
        if tick < 0:
            raise UsageError(f"a tick is not negative, found {tick}")
        # Whole seconds: a half of a second that nobody asked for would make every rendered time hard to read.
        self._now = float(int(time.time())) if start is None else float(start)
        self._tick = tick
        self._lock = threading.Lock()
        self.listeners: list[Callable[[], None]] = []

    def now(self) -> float:
        return self._now

    def tick(self) -> float:
        with self._lock:
            self._now += self._tick
            return self._now

    def advance(self, duration: float | str) -> float:
        by = seconds(duration)
        with self._lock:
            self._now += by
        for listener in self.listeners:
            listener()
        return self._now


class RealClock:
    """The wall clock, `speed` times as fast from the moment it is made."""

    def __init__(self, speed: float = 1.0) -> None:
        if speed <= 0:
            raise UsageError(f"a speed is greater than 0, found {speed}")
        self._speed = speed
        self._base = time.time()
        self._since = time.monotonic()
        self._ahead = 0.0
        self._lock = threading.Lock()
        self.listeners: list[Callable[[], None]] = []

    def now(self) -> float:
        return self._base + self._ahead + (time.monotonic() - self._since) * self._speed

    def tick(self) -> float:
        return self.now()

    def advance(self, duration: float | str) -> float:
        by = seconds(duration)
        with self._lock:
            self._ahead += by
        for listener in self.listeners:
            listener()
        return self.now()


def seconds(duration: float | str) -> float:
    """Seconds of a number or of a text such as `90s`, `10m`, `2h`, `1d`. Raises UsageError for anything else."""
    if isinstance(duration, str):
        match = re.fullmatch(r"([0-9]+(?:\.[0-9]+)?)([smhd]?)", duration.strip())
        number = float(match[1]) * _UNITS[match[2] or "s"] if match else -1.0
    else:
        number = float(duration) if isinstance(duration, (int, float)) and not isinstance(duration, bool) else -1.0
    if not 0 <= number < float("inf"):
        raise UsageError(f"a duration is not negative, in seconds or like '10m', found {duration!r}")
    return number


def moment(text: str) -> float:
    """Seconds since the epoch of a number, or of a time in ISO 8601 (in UTC where it names no zone).

    Raises UsageError for anything else, and for a time that no provider could write: before 1970 or after 9999.
    """
    try:
        found = float(text) if _NUMBER.fullmatch(text) else _iso(text)
    except (ValueError, OverflowError):
        found = -1.0
    if not 0 <= found < _YEAR_10000 - _A_YEAR:
        wanted = "seconds since the epoch or a time like 2026-01-01T12:00:00Z, from 1970 to 9998"
        raise UsageError(f"a clock starts at {wanted}, found {text!r}")
    return found


def _iso(text: str) -> float:
    found = datetime.fromisoformat(text)
    return (found if found.tzinfo else found.replace(tzinfo=UTC)).timestamp()


def opened_clock(clock: Clock | str | None) -> Clock:
    """The clock itself, or the one that a text names: `real`, `virtual`, `virtual:TICK`, `virtual@START`, `virtual:TICK@START`.

    TICK is a duration, START seconds since the epoch or a time in ISO 8601. Raises UsageError.
    """
    if clock is None:
        return VirtualClock()
    if not isinstance(clock, str):
        if not all(callable(getattr(clock, verb, None)) for verb in ("now", "tick", "advance")):
            raise UsageError(f"a clock is {FORMS} or has now, tick and advance, found {clock!r}")
        return clock
    if clock == "real":
        return RealClock()
    named, at, start = clock.partition("@")
    kind, _, tick = named.partition(":")
    if kind != "virtual":
        raise UsageError(f"a clock is {FORMS}, found {clock!r}")
    return VirtualClock(moment(start) if at else None, seconds(tick or "1"))
