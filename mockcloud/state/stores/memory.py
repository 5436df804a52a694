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
        """All whose key begins like this, oldest first."""

    def remove(self, key: Key) -> None:
        """Forget the one with this key, if there is one."""


class Full(Exception):
    """The store holds as many items as it may; nothing was kept and nothing lost."""


class MemoryStore(Store[_T]):
    """The store of one process. Holds at most `limit` items: a runaway client must not take the machine."""

    def __init__(self, limit: int = 100_000) -> None:
        self._items: dict[Key, _T] = {}
        self._limit = limit

    def put(self, item: _T) -> None:
        key = item.key
        if len(self._items) >= self._limit and key not in self._items:
            raise Full
        self._items[key] = item

    def get(self, key: Key) -> _T | None:
        return self._items.get(key)

    def below(self, key: Key) -> list[_T]:
        return [item for known, item in list(self._items.items()) if known[: len(key)] == key]

    def remove(self, key: Key) -> None:
        self._items.pop(key, None)


def opened(url: str) -> MemoryStore[_T]:
    """The store that a URL names. Raises UsageError for a kind that this release does not have."""
    if url != "memory:":
        raise UsageError(f"this release keeps its state in memory only: store='memory:', found {url!r}")
    return MemoryStore()
