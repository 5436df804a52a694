"""What the contract forbids, does it refuse it itself or pass it on, and never send something else instead?

Knows broken requests as arguments. Law: what is forbidden reaches the cloud as it was given, or not at all.
"""

from __future__ import annotations

from typing import Final

from mockcloud.conduct.calling import Endless, Raised, Returned
from mockcloud.conduct.sending import asked_of, check_arrived, names
from mockcloud.conduct.trial import Trial, Tried
from mockcloud.conduct.verdict import Deviation
from mockcloud.drafting import decks
from mockcloud.drafting.arguments import drafted
from mockcloud.drafting.cases import BrokenRequest

PYTHONS: Final = (ValueError, TypeError)
"""What any Python function may raise for an argument that it does not take."""


def tests_refused(trial: Trial) -> None:
    """For each rule arguments that break it."""
    cases = [case for case in decks.broken(trial.subject.operation.id) if case.rule and case.arguments is not None]
    trial.each([case for case in cases if _sayable(trial, case)], lambda case: _refused(trial, case))


def _sayable(trial: Trial, case: BrokenRequest) -> bool:
    """Whether what the client takes of the arguments still breaks the rule, and nothing else."""
    subject = trial.subject
    assert case.arguments is not None  # noqa: S101  # chosen so
    draft = drafted(subject.operation, subject.completed(subject.given(case.arguments)))
    return {one.rule for one in subject.operation.request.violations(draft.message)} == {case.rule}


def _refused(trial: Trial, case: BrokenRequest) -> None:
    assert case.arguments is not None  # noqa: S101  # chosen so
    tried = trial.call(trial.bench(), case.arguments)
    outcome, subject = tried.outcome, trial.subject
    if isinstance(outcome, Endless):
        raise Deviation("it does not end", tried.shown())
    if not tried.bench.asked:
        _check_own_refusal(trial, tried)
        return
    exchange = asked_of(subject, tried)
    if not exchange.refusal:
        raise Deviation(
            f"it sends something else than it was given, and the cloud takes it; forbidden is: {case.says}", tried.shown()
        )
    check_arrived(subject, tried)
    if isinstance(outcome, Returned):
        raise Deviation("it does not raise its error when it is refused", tried.shown(answered=True), names(subject))
    if not isinstance(outcome.error, subject.errors):
        raise Deviation("it crashes when it is refused", tried.shown(answered=True), names(subject))


def _check_own_refusal(trial: Trial, tried: Tried) -> None:
    outcome, own = tried.outcome, trial.subject.errors
    if isinstance(outcome, Returned):
        raise Deviation("it sends nothing and returns as if it had", tried.shown())
    if isinstance(outcome, Raised) and not (isinstance(outcome.error, (*own, *PYTHONS)) or trial.is_of_call(outcome.error)):
        raise Deviation("it crashes", tried.shown(), f"{names(trial.subject)}, ValueError or TypeError")
