"""How a test ends that does not pass.

Law: a deviation carries all that its page shows; a test that does not apply says why in a sentence.
"""

from __future__ import annotations

from typing import NamedTuple

from mockcloud.conduct.calling import Outcome
from mockcloud.messages import Json
from mockcloud.state.journal import Exchange


class Shown(NamedTuple):
    """What a page shows of what happened: the arguments, what went over the wire, what the client did."""

    arguments: dict[str, Json] | None = None
    exchanges: tuple[Exchange, ...] = ()
    outcome: Outcome | None = None
    answered: bool = False
    """Whether it is about the answer that was given, not the request that was sent."""


class Deviation(Exception):
    """A client does not do what the contract asks of it: what it did, and what was wanted."""

    def __init__(self, problem: str, shown: Shown, wanted: str = "") -> None:
        super().__init__(problem)
        self.problem, self.shown, self.wanted = problem, shown, wanted


class NotApplicable(Exception):
    """A test that says nothing of this client, and why."""
