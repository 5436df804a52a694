"""How a call of a client ended, and that in words.

Law: what a client raised is told with the place in its own code, not in a library's.
"""

from __future__ import annotations

import os
import traceback
from collections.abc import Callable
from pathlib import Path
from pprint import pformat
from typing import Any, Final, NamedTuple

from mockcloud.messages import Credential, Response

WIDTH: Final = 100
OWN: Final = f"{Path(__file__).parent.parent}{os.sep}"
LIBRARY: Final = f"{Path(traceback.__file__).parent}{os.sep}"


class Returned(NamedTuple):
    """A call that came back."""

    value: Any


class Raised(NamedTuple):
    """A call that ended with an error."""

    error: BaseException


class Endless(NamedTuple):
    """A call that had to be stopped, and why."""

    reason: str


Outcome = Returned | Raised | Endless


def literal(value: Any) -> str:
    """A value as Python writes it, over several lines where it is long."""
    if isinstance(value, Credential):
        # Its own `repr` keeps the secret back; this one is made up, and without it the case could not be tried again.
        return f"Credential({value.access_key!r}, {value.secret_key!r}, {value.client_code!r})"
    if isinstance(value, Response):
        return f"Response({value.status}, {value.headers!r}, {value.body!r})"
    return pformat(value, width=WIDTH, sort_dicts=False)


def did(outcome: Outcome) -> str:
    """What a client did, in words."""
    if isinstance(outcome, Returned):
        return f"returned {_written(literal, outcome.value)}"
    if isinstance(outcome, Endless):
        return f"was stopped: {outcome.reason}"
    return f"raised {type(outcome.error).__name__}: {_written(str, outcome.error)}{_place(outcome.error)}"


def _written(write: Callable[[Any], str], value: Any) -> str:
    """A client's own object as text. What it says of itself may fail as everything of a client may."""
    try:
        return write(value)
    except Exception as problem:  # noqa: BLE001  # see above
        return f"(its text cannot be had: {type(problem).__name__})"


def _place(error: BaseException) -> str:
    """Where in the user's own code an error was raised: the innermost place that is no library's."""
    frames = [one for one in traceback.extract_tb(error.__traceback__) if not _is_foreign(one.filename)]
    if not frames:
        return ""
    return f"\n  at {Path(frames[-1].filename).name}:{frames[-1].lineno} in {frames[-1].name}: {frames[-1].line}"


def _is_foreign(file: str) -> bool:
    return file.startswith((OWN, "<", LIBRARY)) or "site-packages" in file
