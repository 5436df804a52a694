"""The user's functions, sync or async alike.

Knows one event loop, which lives as long as a test. Law: what a client raises is an outcome; what stops it is not.
"""

from __future__ import annotations

import asyncio
import ctypes
import sys
from collections.abc import Awaitable, Callable, Sequence
from inspect import isawaitable
from types import TracebackType
from typing import Any, Self

from mockcloud.conduct.outcomes import Endless, Outcome, Raised, Returned


class Stopped(BaseException):
    """A client was stopped that would not have ended by itself. No `except Exception` of a client catches it."""


def stop(thread: int) -> None:
    """Stop a client that runs in another thread, as soon as it does anything in Python. Ends the tracing of this thread."""
    # A thread that is traced, for coverage say, enters no function in CPython 3.11 until the other has seen its exception,
    # and that one waits for our answer.
    sys.settrace(None)
    ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(thread), ctypes.py_object(Stopped))


class Caller:
    """Calls functions, and waits for what is to be awaited. `errors` are outcomes beside every Exception."""

    def __init__(self, errors: Sequence[type[BaseException]] = ()) -> None:
        self._outcomes: tuple[type[BaseException], ...] = (Exception, SystemExit, asyncio.CancelledError, *errors)
        self._runner: asyncio.Runner | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if self._runner is not None:
            self._runner.close()

    def call(self, function: Callable[..., Any], *given: Any) -> Any:
        """What a function returns, awaited where it is to be."""
        value = function(*given)
        return self._loop().run_until_complete(_awaited(value)) if isawaitable(value) else value

    def outcome(self, function: Callable[..., Any], *given: Any) -> Outcome:
        """How a call ended."""
        try:
            return Returned(self.call(function, *given))
        except Stopped as stopped:
            # One that was stopped from another thread says nothing.
            return Endless(str(stopped) or "it sent request after request")
        except self._outcomes as error:
            return Raised(error)

    def _loop(self) -> asyncio.AbstractEventLoop:
        if self._runner is None:
            self._runner = asyncio.Runner()
        return self._runner.get_loop()


async def _awaited(value: Awaitable[Any]) -> Any:
    return await value
