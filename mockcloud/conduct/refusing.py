"""What the contract forbids, does it refuse it itself or pass it on, and never send something else instead?

Knows broken requests as arguments. Law: what is forbidden reaches the cloud as it was given, or not at all.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from mockcloud.conduct.outcomes import Endless, Raised, Returned
from mockcloud.conduct.sending import asked_of, check_arrived
from mockcloud.conduct.subject import Subject, merged
from mockcloud.conduct.trial import Trial, Tried
from mockcloud.conduct.verdict import Case, Deviation, Question
from mockcloud.drafting import decks
from mockcloud.messages import Json

PYTHONS: Final = (ValueError, TypeError)
"""What any Python function may raise for an argument that it does not take."""


def deck(trial: Trial) -> Iterator[Case]:
    """For each rule arguments that break it, as far as the client takes what breaks it."""
    subject = trial.subject
    for case in decks.broken(subject.operation.id):
        given = subject.given(case.arguments or {})
        if case.rule and case.arguments is not None and broken(subject, given) == {case.rule}:
            yield {"arguments": given, "rule": case.rule}


def drawn(trial: Trial) -> Any:
    """Arguments that break a rule, by chance; None where the deck breaks none."""
    from mockcloud.strategies.broken import broken_requests
    from mockcloud.strategies.exploring import one_of

    subject = trial.subject
    rules = [case["rule"] for case in deck(trial)]
    made = [broken_requests(subject.operation.id, rule).filter(lambda case: case.arguments is not None) for rule in rules]
    cases = one_of(made).map(lambda case: {"arguments": subject.given(case.arguments), "rule": case.rule}) if made else None
    return None if cases is None else cases.filter(lambda case: broken(subject, case["arguments"]) == {case["rule"]})


def broken(subject: Subject, arguments: Mapping[str, Json]) -> set[str]:
    """The rules that these arguments break, with what the client puts in by itself."""
    return {one.rule for one in subject.operation.request.violations(subject.draft(arguments).message)}


def check(trial: Trial, arguments: Mapping[str, Json], rule: str) -> None:
    """Give what breaks one rule."""
    tried, subject = trial.call(trial.bench(), arguments), trial.subject
    outcome, shown = tried.outcome, tried.shown
    if isinstance(outcome, Endless):
        raise Deviation("it does not end", shown, rule=rule)
    if not tried.bench.asked:
        _check_own_refusal(trial, tried, rule)
        return
    try:
        arrived = check_arrived(subject, tried)
    except Deviation as found:
        found.rule = rule
        raise
    if not asked_of(subject, tried).refusal:
        # Beside what the client puts in by itself it may be allowed.
        if rule not in broken(subject, merged(arrived, arguments)):
            return
        raise Deviation("it sends something else than it was given, and the cloud takes it", shown, rule=rule)
    if isinstance(outcome, Returned):
        raise Deviation("it does not raise its error when it is refused", shown, subject.named, rule)
    if not isinstance(outcome.error, subject.errors):
        raise Deviation("it crashes when it is refused", shown, subject.named, rule)


def _check_own_refusal(trial: Trial, tried: Tried, rule: str) -> None:
    outcome, own = tried.outcome, trial.subject.errors
    if isinstance(outcome, Returned):
        raise Deviation("it sends nothing and returns as if it had", tried.shown, rule=rule)
    if isinstance(outcome, Raised) and not (isinstance(outcome.error, (*own, *PYTHONS)) or trial.is_of_call(outcome.error)):
        raise Deviation("it crashes", tried.shown, f"{trial.subject.named}, ValueError or TypeError", rule)


REFUSED: Final = Question(deck, check, drawn)
