"""What is asked of a client, and how a test ends that does not pass.

Law: a case is plain data whose `repr` makes it again, so that whoever reads of a failure can try the same case; a test that
does not apply says why in a sentence.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

from mockcloud.conduct.outcomes import Outcome
from mockcloud.messages import Json
from mockcloud.state.journal import Exchange

if TYPE_CHECKING:
    from mockcloud.conduct.trial import Trial

Case = Mapping[str, Any]
"""What a check is given beside the trial, by name."""


def nothing(trial: Trial) -> Any:
    """No strategy: the deck is all that there is."""


@dataclass(frozen=True)
class Question:
    """One thing that is asked of a client.

    `deck` gives the cases that are always tried, the most telling and the smallest first; it raises NotApplicable where
    the question says nothing of this client. `check` tries one case and raises Deviation. `drawn` is a Hypothesis strategy of
    further cases, None for none.
    """

    deck: Callable[[Trial], Iterable[Case]]
    check: Callable[..., None]
    drawn: Callable[[Trial], Any] = nothing


class Shown(NamedTuple):
    """What a page shows of what happened: the arguments, what went over the wire, what the client did."""

    arguments: Mapping[str, Json] | None = None
    exchanges: tuple[Exchange, ...] = ()
    outcome: Outcome | None = None
    body: bytes = b""
    """Of a message that the client was sent."""


@dataclass(eq=False)
class Deviation(Exception):
    """A client does not do what the contract asks of it.

    `problem` says what it does, `wanted` what would be right. What it is about, as far as it is about one: `rule` is a rule's
    id, `code` one of the vendor's, `at` a place in the request or, with `answered`, in the answer. `kind` is what two
    deviations have in common that are the same but for values; `case` is what was tried.
    """

    problem: str
    shown: Shown
    wanted: str = ""
    rule: str = ""
    code: str = ""
    at: str = ""
    answered: bool = False
    kind: str = ""
    case: Case = field(default_factory=dict)

    def is_like(self, other: Deviation) -> bool:
        """Whether the two are the same but for values."""
        return (self.kind or self.problem) == (other.kind or other.problem)


class NotApplicable(Exception):
    """A test that says nothing of this client, and why."""
