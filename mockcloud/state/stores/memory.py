"""State in dictionaries of this process."""

from __future__ import annotations

import threading
from typing import Final, Protocol, TypeVar

from mockcloud.errors import UsageError

LIMIT: Final = 100_000
BYTES: Final = 256 * 1024 * 1024

Key = tuple[str, ...]
"""Provider, kind, tenancy and id."""


class Kept(Protocol):
    """What a store can keep: something with an id within its kind and tenancy, and a weight."""

    @property
    def key(self) -> Key:
        """Where it is kept."""

    @property
    def weight(self) -> int:
        """The bytes of the request that it was made of."""


_T = TypeVar("_T", bound=Kept)


class Store(Protocol[_T]):
    """What `tasks` and `items` need of a place to keep things."""

    def put(self, item: _T) -> None:
        """Keep it, in place of one with the same key. Raises Full."""

    def get(self, key: Key) -> _T | None:
        """The one with this key."""

    def below(self, key: Key) -> list[_T]:
        """All whose key begins like this, from provider and kind on, oldest first."""

    def remove(self, key: Key) -> None:
        """Forget the one with this key, if there is one."""


class Full(Exception):
    """The store holds as many items, or as many bytes, as it may; nothing was kept and nothing lost."""


class MemoryStore(Store[_T]):
    """The store of one process. Holds at most `limit` items and `bytes` bytes: a runaway client must not take the machine."""

    def __init__(self, limit: int = LIMIT, bytes: int = BYTES) -> None:
        self._kinds: dict[Key, dict[Key, _T]] = {}
        """By provider and kind: a list of one kind must not pay for all others."""
        self._held, self._limit = 0, limit
        self._weight, self._bytes = 0, bytes
        self._lock = threading.Lock()

    def put(self, item: _T) -> None:
        key = item.key
        with self._lock:
            kept = self._kinds.setdefault(key[:2], {})
            before = kept.get(key)
            held, weight = self._held + 1, self._weight + item.weight
            if before is not None:
                held, weight = self._held, weight - before.weight
            if held > self._limit or weight > self._bytes:
                raise Full
            self._held, self._weight = held, weight
            kept[key] = item

    def get(self, key: Key) -> _T | None:
        kept = self._kinds.get(key[:2])
        return None if kept is None else kept.get(key)

    def below(self, key: Key) -> list[_T]:
        # A copy is made in one step; a list of the items is not: another thread may put one in meanwhile.
        kept = self._kinds.get(key[:2], {}).copy()
        return [item for known, item in kept.items() if known[: len(key)] == key]

    def remove(self, key: Key) -> None:
        with self._lock:
            gone = self._kinds.get(key[:2], {}).pop(key, None)
            if gone is not None:
                self._held -= 1
                self._weight -= gone.weight


def opened(url: str) -> MemoryStore[_T]:
    """The store that a URL names. Raises UsageError for a kind that this release does not have."""
    if url != "memory:":
        raise UsageError(f"this release keeps its state in memory only: store='memory:', found {url!r}")
    return MemoryStore()
