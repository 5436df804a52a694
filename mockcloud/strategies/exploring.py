"""Cases drawn by chance until one fails, and then the smallest that fails alike.

Knows how Hypothesis runs and what it says of failures, so that nobody who reads a page has to. Law: what is found is what the
check found, nothing of Hypothesis's own.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from hypothesis import HealthCheck, Phase, Verbosity, given, seed
from hypothesis import strategies as hypothesis_strategies
from hypothesis.errors import Flaky, Unsatisfiable
from hypothesis.strategies import SearchStrategy

from mockcloud.errors import UsageError
from mockcloud.strategies.profile import profile

_Found = TypeVar("_Found", bound=Exception)


def explore(
    name: str,
    strategy: SearchStrategy[Any],
    check: Callable[[Any], _Found | None],
    examples: int,
    seeded: int | None = None,
) -> _Found | None:
    """What `check` finds in the smallest failing case among so many drawn ones; None where none fails.

    `name` tells this search from others: its failures are kept under it, and tried first the next time. With `seeded` the same
    cases are drawn each time, and nothing is kept.
    """
    if strategy.is_empty:
        return None
    last: list[_Found] = []

    def search(case: Any) -> None:
        found = check(case)
        if found is not None:
            last.append(found)
            raise found

    # The database tells searches apart by their function.
    search.__name__ = search.__qualname__ = re.sub(r"\W", "_", name)
    seeding = {} if seeded is None else {"database": None, "derandomize": False}
    explored = profile(
        max_examples=examples,
        report_multiple_bugs=False,
        verbosity=Verbosity.quiet,
        phases=[Phase.reuse, Phase.generate, Phase.shrink],
        # A slow client is its user's affair.
        suppress_health_check=list(HealthCheck),
        **seeding,
    )(given(strategy)(search))
    if seeded is not None:
        explored = seed(seeded)(explored)
    try:
        explored()
    except Flaky:
        if not last:
            raise
        return last[0]
    except Unsatisfiable:
        # The client takes too little of what is drawn; the deck has tried what it takes.
        return None
    except Exception as found:
        # A failure in hand tells more than that the place for examples is lost.
        if last and (found is last[-1] or isinstance(found, UsageError)):
            return last[-1]
        raise
    return None


def one_of(strategies: Sequence[SearchStrategy[Any]]) -> SearchStrategy[Any]:
    """What any of several strategies draws."""
    return hypothesis_strategies.one_of(*strategies)
