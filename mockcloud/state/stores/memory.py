"""State in dictionaries of this process."""

from __future__ import annotations

from typing import Protocol, TypeVar

from mockcloud.errors import UsageError

Key = tuple[str, ...]
"""Provider, kind, tenancy and id."""


class Kept(Protocol):
    """What a store can keep: something with an id within its kind and tenancy."""

    @property
    def key(self) -> Key:
        """Where it is kept."""


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
    """The store holds as many items as it may; nothing was kept and nothing lost."""


class MemoryStore(Store[_T]):
    """The store of one process. Holds at most `limit` items: a runaway client must not take the machine."""

    def __init__(self, limit: int = 100_000) -> None:
        self._kinds: dict[Key, dict[Key, _T]] = {}
        """By provider and kind: a list of one kind must not pay for all others."""
        self._held = 0
        self._limit = limit

    def put(self, item: _T) -> None:
        key = item.key
        kept = self._kinds.setdefault(key[:2], {})
        if key not in kept:
            if self._held >= self._limit:
                raise Full
            self._held += 1
        kept[key] = item

    def get(self, key: Key) -> _T | None:
        kept = self._kinds.get(key[:2])
        return None if kept is None else kept.get(key)

    def below(self, key: Key) -> list[_T]:
        # A copy is made in one step; a list of the items is not: another thread may put one in meanwhile.
        kept = self._kinds.get(key[:2], {}).copy()
        return [item for known, item in kept.items() if known[: len(key)] == key]

    def remove(self, key: Key) -> None:
        if self._kinds.get(key[:2], {}).pop(key, None) is not None:
            self._held -= 1


def opened(url: str) -> MemoryStore[_T]:
    """The store that a URL names. Raises UsageError for a kind that this release does not have."""
    if url != "memory:":
        raise UsageError(f"this release keeps its state in memory only: store='memory:', found {url!r}")
    return MemoryStore()
