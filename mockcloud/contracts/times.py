"""How a provider writes times: strftime, plus `%L` for milliseconds, at a fixed offset from UTC."""

from __future__ import annotations

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
        self._milliseconds = "%L" in pattern
        self._second = lru_cache(64)(self._render_second)

    def _render_second(self, second: int) -> str:
        return (datetime.fromtimestamp(second, UTC)).astimezone(self._zone).strftime(self._pattern.replace("%L", "%%L"))

    def render(self, seconds: float) -> str:
        """The time as text."""
        if not self._milliseconds:
            return self._second(floor(seconds))
        milliseconds = floor(seconds * 1000 + 1e-4)
        return self._second(milliseconds // 1000).replace("%L", f"{milliseconds % 1000:03d}")


@lru_cache(64)
def http_date(second: int) -> str:
    """The time as HTTP's Date header has it (RFC 1123, GMT)."""
    return formatdate(second, usegmt=True)
