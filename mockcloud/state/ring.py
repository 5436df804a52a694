"""A record that cannot grow without end: the oldest entries go when there are too many of them or of their bytes."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Iterator
from typing import Final, Generic, TypeVar, overload

LENGTH: Final = 10_000
BYTES: Final = 64 * 1024 * 1024

_T = TypeVar("_T")


class Ring(Generic[_T]):
    """The latest entries, oldest first. Law: the last one is always kept, whatever its weight in bytes."""

    def __init__(self, weight: Callable[[_T], int], length: int = LENGTH, bytes: int = BYTES) -> None:
        self._weight = weight
        self._length = length
        self._room = bytes
        self._kept: deque[_T] = deque()
        self._lock = threading.Lock()

    def record(self, entry: _T) -> None:
        """Keep an entry."""
        with self._lock:
            self._kept.append(entry)
            self._room -= self._weight(entry)
            while len(self._kept) > self._length or (self._room < 0 and len(self._kept) > 1):
                self._room += self._weight(self._kept.popleft())

    def clear(self) -> None:
        """Forget everything."""
        with self._lock:
            while self._kept:
                self._room += self._weight(self._kept.popleft())

    def __iter__(self) -> Iterator[_T]:
        return iter(list(self._kept))

    def __len__(self) -> int:
        return len(self._kept)

    @overload
    def __getitem__(self, index: int) -> _T: ...

    @overload
    def __getitem__(self, index: slice) -> list[_T]: ...

    def __getitem__(self, index: int | slice) -> _T | list[_T]:
        return list(self._kept)[index] if isinstance(index, slice) else self._kept[index]
