"""Does it raise its error for every documented error, and does the error carry the vendor's code?

Knows the answers that say no. Law: an error that the vendor documents is no crash and no success, and its code is not lost; nor
is one that no document knows yet.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from mockcloud.conduct.outcomes import Endless, Raised, Returned
from mockcloud.conduct.trial import Trial
from mockcloud.conduct.verdict import Case, Deviation, Question, Shown
from mockcloud.drafting.answers import refusals
from mockcloud.drafting.cases import Answer
from mockcloud.messages import Json, Response


def deck(trial: Trial) -> Iterator[Case]:
    """Every code that a request can be refused with, refusals that say no more than they must, codes that no document knows."""
    operation = trial.subject.operation.id
    answers = (*refusals.refused(operation), *refusals.bare(operation), *refusals.unheard(operation))
    return (_case(trial, answer) for answer in answers)


def drawn(trial: Trial) -> Any:
    """Refusals by chance."""
    from mockcloud.strategies.refused import refusals as drawn_refusals

    return drawn_refusals(trial.subject.operation.id).map(lambda answer: _case(trial, answer))


def _case(trial: Trial, answer: Answer) -> Case:
    return {"arguments": trial.smallest(), "answer": answer.response, "code": answer.code}


def check(trial: Trial, arguments: Mapping[str, Json], answer: Response, code: str) -> None:
    """Refuse every request of the operation so."""
    bench, subject = trial.bench(), trial.subject
    bench.plan = lambda exchange: answer if exchange.operation in (subject.operation.id, "") else exchange.response
    tried = trial.call(bench, arguments)
    outcome, shown = tried.outcome, tried.shown
    told = f"{answer.status} {code}".rstrip()
    if isinstance(outcome, Endless):
        raise Deviation(f"it does not end when it is refused: {told}", shown, code=code)
    if isinstance(outcome, Returned):
        raise Deviation(f"it does not raise its error when it is refused: {told}", shown, subject.named, code=code)
    if not isinstance(outcome.error, subject.errors):
        raise Deviation(f"it crashes when it is refused: {told}", shown, subject.named, code=code)
    if subject.has("code"):
        _check_code(trial, outcome, code, shown)


def _check_code(trial: Trial, outcome: Raised, code: str, shown: Shown) -> None:
    told = trial.outcome("code", outcome.error)
    if not isinstance(told, Returned):
        raise Deviation(f"`code` cannot tell the code {code} from its error", shown._replace(outcome=told), code=code)
    if str(told.value) != code:
        raise Deviation(f"its error does not carry the code {code}: `code` gives {told.value!r}", shown, code=code)


RAISED: Final = Question(deck, check, drawn)
