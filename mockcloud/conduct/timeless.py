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

_YIELD: Final = asyncio.sleep


def _sleep(seconds: float, /) -> None:
    """As `time.sleep`, in no time."""


async def _asleep(delay: float, result: Any = None) -> Any:
    """As `asyncio.sleep`, in no time: others have their turn."""
    return await _YIELD(0, result)


@contextmanager
def no_sleep() -> Iterator[None]:
    """While open, neither `time.sleep` nor `asyncio.sleep` takes time, under whatever name a module has it."""
    replaced = {id(time.sleep): _sleep, id(asyncio.sleep): _asleep}  # noqa: TID251  # it is replaced, not called
    with ExitStack() as stack:
        for module in [one for one in sys.modules.values() if isinstance(one, ModuleType)]:
            for name, value in list(vars(module).items()):
                if id(value) in replaced and module is not sys.modules[__name__]:
                    stack.enter_context(mock.patch.object(module, name, replaced[id(value)]))
        yield
