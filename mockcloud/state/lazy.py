"""A table whose values are made when they are first asked for: a cloud is asked for little of what its contract has.

Law: a value is made once for each name; of two threads that make it at the same moment, both have one that is as good.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

_Value = TypeVar("_Value")


class Lazy(dict[str, _Value]):
    """Names to values. `make` makes the value of a name, and raises KeyError for one that there is not."""

    def __init__(self, make: Callable[[str], _Value]) -> None:
        super().__init__()
        self._make = make

    def __missing__(self, name: str) -> _Value:
        return self.setdefault(name, self._make(name))
