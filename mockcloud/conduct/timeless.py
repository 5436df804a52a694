"""Sleeping that takes no time: a client that waits between two polls goes on at once; and a day that is over at once.

Knows where Python keeps its functions that sleep and its clocks, and who has taken one by name. Law: nothing is left replaced.
"""

from __future__ import annotations

import asyncio
import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from types import ModuleType
from typing import Any, Final
from unittest import mock

SLEEP: Final = time.sleep  # noqa: TID251  # it is replaced, not called
ASLEEP: Final = asyncio.sleep
TIME: Final = time.time  # noqa: TID251  # it is replaced, not asked
MONOTONIC: Final = time.monotonic
DAY: Final = 86_400.0
LOOKED_UP: Final = frozenset({"time", "asyncio"})

Pair = tuple[Any, Any]
"""A function, and what stands in its place."""


def _sleep(seconds: float, /) -> None:
    """As `time.sleep`, in no time."""


async def _asleep(delay: float, result: Any = None) -> Any:
    """As `asyncio.sleep`, in no time: others have their turn."""
    return await ASLEEP(0, result)


@contextmanager
def no_sleep() -> Iterator[None]:
    """While open, neither `time.sleep` nor `asyncio.sleep` takes time, under whatever name a module has it."""
    with _replaced((SLEEP, _sleep), (ASLEEP, _asleep)):
        yield


@contextmanager
def a_day_later() -> Iterator[None]:
    """While open, it is a day later by `time.time` and `time.monotonic`: who went on until a deadline finds that it is over."""
    with _replaced((TIME, lambda: TIME() + DAY), (MONOTONIC, lambda: MONOTONIC() + DAY)):
        yield


@contextmanager
def _replaced(one: Pair, other: Pair) -> Iterator[None]:
    known = set(sys.modules)
    try:
        with ExitStack() as stack:
            for module, name, found in list(_holders(filter(_is_a_clients, known), one[0], other[0])):
                stack.enter_context(mock.patch.object(module, name, one[1] if found is one[0] else other[1]))
            yield
    finally:
        # Who was imported meanwhile has taken ours.
        for module, name, found in list(_holders(set(sys.modules) - known, one[1], other[1])):
            setattr(module, name, one[0] if found is one[1] else other[0])


def _is_a_clients(called: str) -> bool:
    """Whether a module may be a client's: not our own, and of Python's those alone that everybody looks the functions up in."""
    root = called.partition(".")[0]
    return root in LOOKED_UP or (root not in sys.stdlib_module_names and root != __name__.partition(".")[0])


def _holders(names: Iterable[str], one: Any, other: Any) -> Iterator[tuple[ModuleType, str, Any]]:
    """The modules of these that have one of two functions, and under which name."""
    for called in names:
        module = sys.modules.get(called)
        if isinstance(module, ModuleType):
            # A loop over everything that is loaded: each look-up counts.
            yield from [(module, name, value) for name, value in vars(module).items() if value is one or value is other]
