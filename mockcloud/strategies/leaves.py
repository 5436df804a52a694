"""Values without members: a few that are worth trying, the smallest first, and now and then any other.

Knows nothing of schemas. Law: one draw decides; the first choice is what a failure shrinks to.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import cached_property

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from mockcloud.messages import Json

SHARE = 4
"""One of so many draws is any value at all, where there are others than the notable ones."""


class Leaf:
    """A value to draw: one of `notable`, or one of `more`, which is None where the notable ones are all."""

    def __init__(self, notable: Iterable[Json], more: SearchStrategy[Json] | None = None) -> None:
        self.notable: Sequence[Json] = distinct(notable)
        self.more = more
        others = 0 if more is None else max(1, len(self.notable) // (SHARE - 1))
        self._index = st.integers(0, max(0, len(self.notable) + others - 1))

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
        if index < len(self.notable):
            return self.notable[index]
        assert self.more is not None  # noqa: S101  # the index goes beyond the notable ones only where there are more
        return draw(self.more)

    def within(self, fits: Callable[[Json], bool]) -> Leaf:
        """The leaf without the values that do not fit."""
        return Leaf(filter(fits, self.notable), self.more.filter(fits) if self.more is not None else None)

    @cached_property
    def strategy(self) -> SearchStrategy[Json]:
        """The leaf as a strategy by itself."""
        return drawn(self)


@st.composite
def drawn(draw: DrawFn, leaf: Leaf) -> Json:
    """What a leaf draws."""
    return leaf.draw(draw)


def distinct(values: Iterable[Json]) -> list[Json]:
    """Each value once, in its order; `1`, `1.0` and `true` are three."""
    found: dict[tuple[str, str], Json] = {}
    for one in values:
        found.setdefault((type(one).__name__, repr(one)), one)
    return list(found.values())
