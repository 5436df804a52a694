"""Values without members: a few that are worth trying, the smallest first, and now and then any other.

Knows nothing of schemas. Law: one draw decides; the first choice is what a failure shrinks to.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Final

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from mockcloud.messages import Json

SHARE: Final = 4
"""One of so many draws is any value at all, where there are others than the notable ones."""

LONG: Final = 40
"""Characters of a text that is long to a reader."""


class Leaf:
    """A value to draw: one of `notable`, or one of `more`, which is None where the notable ones are all.

    Texts are drawn by kinds, so that a failure for a whole kind shrinks to the first text of that kind.
    """

    def __init__(self, notable: Iterable[Json], more: SearchStrategy[Json] | None = None) -> None:
        self.notable: Sequence[Json] = distinct(notable)
        self.more = more
        kinds: dict[str, list[Json]] = {}
        for one in self.notable:
            kinds.setdefault(_kind(one), []).append(one)
        one_kind = [[one] for one in self.notable] if len(kinds) < 2 else None
        # Of one kind each value is drawn by itself.
        self._kinds = one_kind or list(kinds.values())
        others = 0 if more is None else max(1, len(self._kinds) // (SHARE - 1))
        self._index = st.integers(0, max(0, len(self._kinds) + others - 1))
        self._within = [st.integers(0, len(one) - 1) for one in self._kinds]

    @property
    def smallest(self) -> Json:
        """What a failure shrinks to, None for nothing."""
        return self.notable[0] if self.notable else None

    @property
    def possible(self) -> bool:
        """Whether there is any value."""
        return bool(self.notable) or self.more is not None

    def draw(self, draw: DrawFn) -> Json:
        """A value."""
        if len(self.notable) == 1 and self.more is None:
            return self.notable[0]
        index = draw(self._index)
        if index >= len(self._kinds):
            assert self.more is not None  # noqa: S101  # the index goes beyond the notable ones only where there are more
            return draw(self.more)
        kind = self._kinds[index]
        return kind[0] if len(kind) == 1 else kind[draw(self._within[index])]

    def within(self, fits: Callable[[Json], bool]) -> Leaf:
        """The leaf without the values that do not fit."""
        return Leaf(filter(fits, self.notable), self.more.filter(fits) if self.more is not None else None)


def _kind(value: Json) -> str:
    """What kind of text a value is; everything else is of one kind."""
    if not isinstance(value, str):
        return ""
    if len(value) > LONG:
        return "long"
    if any(mark < " " or "\x7f" <= mark <= "\x9f" for mark in value):
        return "with controls"
    if not value.isascii():
        return "of other scripts"
    return "plain" if all(mark.isalnum() or mark in " _-." for mark in value) else "with signs"


def distinct(values: Iterable[Json]) -> list[Json]:
    """Each value once, in its order; `1`, `1.0` and `true` are three."""
    found: dict[tuple[str, str], Json] = {}
    for one in values:
        found.setdefault((type(one).__name__, repr(one)), one)
    return list(found.values())
