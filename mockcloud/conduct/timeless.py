"""Sleeping that takes no time: a client that waits between two polls goes on at once.

Knows where Python keeps its two functions that sleep, and who has taken one by name. Law: nothing is left replaced.
"""

from __future__ import annotations

import asyncio
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from types import ModuleType
from typing import Any, Final
from unittest import mock

SLEEP: Final = time.sleep  # noqa: TID251  # it is replaced, not called
ASLEEP: Final = asyncio.sleep
OWN: Final = frozenset({"time", "asyncio"})


def _sleep(seconds: float, /) -> None:
    """As `time.sleep`, in no time."""


async def _asleep(delay: float, result: Any = None) -> Any:
    """As `asyncio.sleep`, in no time: others have their turn."""
    return await ASLEEP(0, result)


@contextmanager
def no_sleep() -> Iterator[None]:
    """While open, neither `time.sleep` nor `asyncio.sleep` takes time, under whatever name a module has it."""
    with ExitStack() as stack:
        for module, name, value in list(_holders()):
            stack.enter_context(mock.patch.object(module, name, _sleep if value is SLEEP else _asleep))
        yield


def _holders() -> Iterator[tuple[ModuleType, str, Any]]:
    """The modules that have one of the two, and under which name; of Python's own those that make them."""
    for called, module in list(sys.modules.items()):
        root = called.partition(".")[0]
        if isinstance(module, ModuleType) and called != __name__ and (root in OWN or root not in sys.stdlib_module_names):
            # A loop over everything that is loaded: each look-up counts.
            yield from [(module, name, value) for name, value in vars(module).items() if value is SLEEP or value is ASLEEP]
