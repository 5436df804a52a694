"""Searching by chance: what comes back is what the check found, and nothing of Hypothesis's own is lost or shown."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import reject
from hypothesis import strategies as st
from hypothesis.errors import Flaky

from mockcloud.strategies.exploring import explore


class Wrong(Exception):
    """What a check finds."""


def test_the_smallest_case_that_fails_is_what_comes_back() -> None:
    tried: list[int] = []

    def check(case: int) -> Wrong | None:
        tried.append(case)
        return Wrong(case) if case > 100 else None

    found = explore("a search", st.integers(0, 1_000), check, 200, seeded=1)
    assert found is not None
    assert found.args == (101,)
    assert max(tried) > 101


def test_the_same_seed_tries_the_same_cases() -> None:
    def tried(seed: int) -> list[int]:
        cases: list[int] = []
        assert explore("a search", st.integers(), cases.append, 20, seed) is None
        return cases

    assert tried(1) == tried(1) != tried(2)


def test_a_failure_that_does_not_come_again_is_told_as_it_came() -> None:
    once = [Wrong("once")]
    found = explore("a search", st.integers(), lambda case: once.pop() if once else None, 20, seeded=1)
    assert found is not None
    assert found.args == ("once",)


def test_where_nothing_can_be_drawn_or_everything_is_thrown_away_nothing_is_found() -> None:
    assert explore("a search", st.nothing(), lambda case: Wrong(), 20, seeded=1) is None
    assert explore("a search", st.integers(), lambda case: reject(), 20, seeded=1) is None


def test_a_strategy_that_draws_by_something_else_than_chance_is_told_to_be_so() -> None:
    draws = []

    @st.composite
    def odd(draw: Any) -> Any:
        draws.append(1)
        return draw(st.integers(0, 5) if len(draws) % 2 else st.booleans())

    with pytest.raises(Flaky):
        explore("a search", odd(), lambda case: None, 100, seeded=1)
