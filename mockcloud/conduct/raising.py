"""Does it raise its error for every documented error, and does the error carry the vendor's code?

Knows the answers that say no. Law: an error that the vendor documents is no crash and no success, and its code is not lost.
"""

from __future__ import annotations

from mockcloud.conduct.calling import Endless, Raised, Returned
from mockcloud.conduct.sending import names
from mockcloud.conduct.trial import Trial
from mockcloud.conduct.verdict import Deviation, Shown


def tests_raised(trial: Trial) -> None:
    """Every code that a request can be refused with."""
    codes = [code for code in trial.subject.contract.errors.codes if trial.subject.contract.errors.request_code(code)]
    trial.each(codes, lambda code: _raised(trial, code))


def _raised(trial: Trial, code: str) -> None:
    bench, subject = trial.bench(), trial.subject
    arguments = trial.placed(bench, next(trial.valid()))
    bench.refuse_with(subject.operation.id, code)
    tried = trial.call(bench, arguments)
    outcome, shown = tried.outcome, tried.shown(answered=True)
    if isinstance(outcome, Endless):
        raise Deviation(f"it does not end when it is refused with {code}", shown)
    if isinstance(outcome, Returned):
        raise Deviation(f"it does not raise its error when it is refused with {code}", shown, names(subject))
    if not isinstance(outcome.error, subject.errors):
        raise Deviation(f"it crashes when it is refused with {code}", shown, names(subject))
    if subject.has("code"):
        _check_code(trial, outcome, code, shown)


def _check_code(trial: Trial, outcome: Raised, code: str, shown: Shown) -> None:
    told = trial.ask("code", outcome.error)
    if not isinstance(told, Returned) or str(told.value) != code:
        found = repr(told.value) if isinstance(told, Returned) else f"{told}"
        raise Deviation(f"its error does not carry the code {code}: it says {found}", shown)
