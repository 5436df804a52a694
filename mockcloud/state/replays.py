"""What came once and is not to come again, such as a nonce.

Law: what was said to be new is never new again, as long as it is remembered; the oldest is forgotten first.
"""

from __future__ import annotations

import threading

REMEMBERED = 100_000
"""Texts: what a stranger makes up must not fill the memory."""


class Replays:
    """The texts of one provider that came already."""

    def __init__(self, length: int = REMEMBERED) -> None:
        self._seen: dict[str, None] = {}
        self._length = length
        self._lock = threading.Lock()

    def is_new(self, text: str) -> bool:
        """Whether a text comes for the first time. From now on it does not."""
        with self._lock:
            if text in self._seen:
                return False
            self._seen[text] = None
            if len(self._seen) > self._length:
                del self._seen[next(iter(self._seen))]
            return True
