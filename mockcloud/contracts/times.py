"""How a provider writes times: strftime, plus `%L` for milliseconds, at a fixed offset from UTC."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from email.utils import formatdate
from functools import lru_cache
from math import floor


class TimeFormat:
    """Renders seconds since the epoch as one provider writes them."""

    def __init__(self, pattern: str, offset: str) -> None:
        sign = -1 if offset.startswith("-") else 1
        hours, minutes = offset.lstrip("+-").split(":")
        self._zone = timezone(sign * timedelta(hours=int(hours), minutes=int(minutes)))
        self._pattern = pattern
        self._second = lru_cache(64)(self._parts)
        self.render: Callable[[float], str] = lru_cache(256)(self._render)
        """The time as text, of seconds since the epoch. Remembered: who looks at a task asks for its times again and again."""

    def _parts(self, second: int) -> list[str]:
        """What stands before, between and after the milliseconds."""
        time = datetime.fromtimestamp(second, UTC).astimezone(self._zone)
        return time.strftime(self._pattern.replace("%L", "%%L")).split("%L")

    def _render(self, seconds: float) -> str:
        if "%L" not in self._pattern:
            return self._second(floor(seconds))[0]
        milliseconds = floor(seconds * 1000 + 1e-4)
        return f"{milliseconds % 1000:03d}".join(self._second(milliseconds // 1000))


@lru_cache(64)
def http_date(second: int) -> str:
    """The time as HTTP's Date header has it (RFC 1123, GMT)."""
    return formatdate(second, usegmt=True)
