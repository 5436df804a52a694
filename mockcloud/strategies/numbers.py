"""Numbers: the bounds, what lies beside them, what registers and readers trip over, and any other between.

Knows `minimum` and `maximum`. Law: whole numbers stay whole, and what is no number is not made.
"""

from __future__ import annotations

from math import inf, nextafter
from typing import Final

from hypothesis import strategies as st

from mockcloud.messages import Json
from mockcloud.strategies.leaves import Leaf

NOTABLE: Final = (0, 1, 2, 10, -1, 100, 255, 2**31 - 1, 2**31, 2**32, 2**53, 2**53 + 1, 2**63 - 1, -(2**31), -(2**63))
"""Whole numbers that tell clients apart."""

FRACTIONS: Final = (0.5, 0.1, 1.5, 29.97, -0.5, 0.000001, 1e-7, 123456.789, 1e15, 1e21)
"""Numbers with a fraction, or that Python writes with an exponent."""

WIDEST: Final = 2**63 - 1
"""No bound is further out than what fits 64 bits."""


def integers(parts: list[Json]) -> Leaf:
    """The whole numbers within the bounds of some schemas."""
    low, high = _bounds(parts)
    least, most = -WIDEST - 1 if low is None else _up(low), WIDEST if high is None else int(high // 1)
    if least > most:
        return Leaf([])
    edges = [value for bound in (low, high) if bound is not None for value in _beside(int(bound))]
    found = sorted({*NOTABLE, *edges}, key=lambda value: (abs(value), value < 0))
    return Leaf((value for value in found if least <= value <= most), st.integers(least, most))


def decimals(parts: list[Json]) -> Leaf:
    """The numbers within the bounds of some schemas."""
    low, high = _bounds(parts)
    whole = integers(parts)
    few = [value for value in FRACTIONS if (low is None or low <= value) and (high is None or value <= high)]
    more = st.floats(_float(low, inf), _float(high, -inf), allow_nan=False, allow_infinity=False, allow_subnormal=False)
    return Leaf([*whole.notable, *few], more.map(_plain))


def _bounds(parts: list[Json]) -> tuple[Json, Json]:
    low = max((one["minimum"] for one in parts if "minimum" in one), default=None)
    return low, min((one["maximum"] for one in parts if "maximum" in one), default=None)


def _float(bound: Json, inside: float) -> Json:
    """The bound, or where no float is it the next one on the side of `inside`."""
    if bound is None or float(bound) == bound:
        return bound
    near = float(bound)
    return near if (near > bound) == (inside > 0) else nextafter(near, inside)


def _up(bound: Json) -> int:
    return -int(-bound // 1)


def _beside(bound: int) -> tuple[int, int, int]:
    return bound - 1, bound, bound + 1


def _plain(value: float) -> Json:
    """A whole number as such: zero has no sign there."""
    return int(value) if value.is_integer() and abs(value) < 2**53 else value
