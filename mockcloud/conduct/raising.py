"""Does it raise its error for every documented error, and does the error carry the vendor's code?

Knows the answers that say no. Law: an error that the vendor documents is no crash and no success, and its code is not lost.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from mockcloud.conduct.calling import Endless, Raised, Returned
from mockcloud.conduct.trial import Trial
from mockcloud.conduct.verdict import Case, Deviation, Question, Shown


def deck(trial: Trial) -> Iterator[Case]:
    """Every code that a request can be refused with."""
    errors = trial.subject.contract.errors
    return ({"code": code} for code in errors.codes if errors.request_code(code))


def check(trial: Trial, code: str) -> None:
    """Refuse the smallest request with a code."""
    bench, subject = trial.bench(), trial.subject
    arguments = trial.placed(bench, trial.smallest())
    bench.refuse(subject.operation.id, code)
    tried = trial.call(bench, arguments)
    outcome, shown = tried.outcome, tried.shown
    if isinstance(outcome, Endless):
        raise Deviation(f"it does not end when it is refused with {code}", shown)
    if isinstance(outcome, Returned):
        raise Deviation(f"it does not raise its error when it is refused with {code}", shown, subject.named)
    if not isinstance(outcome.error, subject.errors):
        raise Deviation(f"it crashes when it is refused with {code}", shown, subject.named)
    if subject.has("code"):
        _check_code(trial, outcome, code, shown)


def _check_code(trial: Trial, outcome: Raised, code: str, shown: Shown) -> None:
    told = trial.outcome("code", outcome.error)
    if not isinstance(told, Returned):
        raise Deviation(f"`code` cannot tell the code {code} from its error", shown)
    if str(told.value) != code:
        raise Deviation(f"its error does not carry the code {code} but {told.value!r}", shown)


RAISED: Final = Question(deck, check)
