"""Does its waiting end, with the right verdict, on everything that can become of a task?

Knows histories and how they are played. Law: a client stops looking soon after the end, and takes no failure for a success.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import groupby
from typing import Any, Final

from mockcloud.conduct.outcomes import Endless, Raised, Returned
from mockcloud.conduct.trial import Trial, Tried
from mockcloud.conduct.verdict import Case, Deviation, NotApplicable, Question
from mockcloud.contracts.vocabulary import FINAL_PHASES
from mockcloud.drafting.histories.histories import courses, histories
from mockcloud.drafting.histories.history import Happening, History
from mockcloud.errors import UsageError
from mockcloud.state.clock import VirtualClock

AFTER_THE_END: Final = 20
"""How often a client may still look once the end was to be seen."""


def deck(trial: Trial) -> Iterator[Case]:
    """Every history of a task that the operation makes."""
    subject = trial.subject
    if not subject.has("wait"):
        raise NotApplicable("the class has no `wait`, so its client waits for nothing")
    told = histories(subject.operation.id)
    if not told:
        raise NotApplicable(f"{subject.operation.id} makes no task whose end could be waited for")
    return (_case(one) for one in told)


def _case(history: History) -> Case:
    named = {"code": history.code, "lost": history.lost}
    return {"states": history.states, **{name: value for name, value in named.items() if value}}


def drawn(trial: Trial) -> Any:
    """Histories by chance: other codes, other moments."""
    from mockcloud.strategies.tasks import histories as drawn_histories

    return drawn_histories(trial.subject.operation.id).map(lambda history: {**_case(history), **_brought_about(history)})


def _brought_about(history: History) -> Case:
    """How a history that is in no deck comes about, as plain data."""
    others = tuple((one.deed.name, one.after) for one in history.happenings)
    named = {"failure": history.failure, "others": others}
    return {"steps": history.steps, **{name: value for name, value in named.items() if value}}


def check(
    trial: Trial,
    states: Sequence[str],
    code: str = "",
    *,
    lost: bool = False,
    steps: Sequence[float] = (),
    failure: str = "",
    others: Sequence[tuple[str, float]] = (),
) -> None:
    """Let a task be seen in these states, and wait for its end. Without `steps` it is as a history of the deck has it."""
    final = "" if lost else next(reversed(states), "")
    told = History(trial.subject.operation.id, tuple(states), final, code, lost, tuple(steps), failure=failure)
    history = _played(told, others) if steps else _found(told)
    asked = trial.taken()
    bench = trial.bench(clock=VirtualClock(tick=0))
    arguments = trial.placed(bench, asked)
    # A task before its own and one behind it: whoever looks at the first or at the last of all looks at another's.
    trial.asked_by_another(bench, arguments)
    play = history.play(bench)
    bench.serving = play.handle
    made = trial.call(bench, arguments)
    if not isinstance(made.outcome, Returned) or play.task is None:
        raise Deviation("it makes no task to wait for", made.shown)
    trial.asked_by_another(bench, arguments)
    bench.limit = len(bench.asked) + len(history.states) + AFTER_THE_END
    ended = made._replace(outcome=trial.outcome("wait", made.client, made.outcome.value))
    _check_verdict(trial, history, ended)


def _played(told: History, others: Sequence[tuple[str, float]]) -> History:
    """The history with what others do, each by its name and the seconds after the task was made."""
    names = {name for name, _ in others}
    for course in courses(told.operation):
        if names <= course.deeds.keys() and {*told.states} <= {*course.shown.words.values()}:
            happenings = tuple(Happening(after, course.deeds[name]) for name, after in others)
            return replace(told, happenings=happenings, looker=course.shown.looker)
    raise _unseen(told)


def _found(told: History) -> History:
    """The history of the deck that is seen so, else one that goes the same way."""
    known = [one for one in histories(told.operation) if one.lost == told.lost]
    exact = (one for one in known if (one.states, one.code) == (told.states, told.code))
    alike = (one for one in known if _way(one.states) == _way(told.states))
    found = next(exact, None) or next(alike, None)
    if found is None:
        raise _unseen(told)
    return found


def _unseen(told: History) -> UsageError:
    return UsageError(f"no task of {told.operation} is seen as {', '.join(told.states)}")


def _way(states: Sequence[str]) -> list[str]:
    return [state for state, _ in groupby(states)]


def _check_verdict(trial: Trial, history: History, ended: Tried) -> None:
    outcome, shown, subject = ended.outcome, ended.shown, trial.subject
    story = " -> ".join(history.states) + (", then nobody knows the task" if history.lost else "")
    if isinstance(outcome, Endless):
        raise Deviation(f"its waiting does not end: {story}", shown)
    if isinstance(outcome, Raised) and not isinstance(outcome.error, subject.errors):
        raise Deviation(f"its waiting crashes: {story}", shown, subject.named)
    if history.lost:
        if isinstance(outcome, Returned):
            raise Deviation(f"it returns {outcome.value!r} for a task that is lost: {story}", shown, subject.named)
        return
    phase = _phase(trial, history)
    if isinstance(outcome, Returned) and str(outcome.value) != history.final:
        raise Deviation(f"it returns {outcome.value!r}: {story}", shown, history.final)
    if isinstance(outcome, Raised) and phase == "succeeded":
        raise Deviation(f"it raises its error though the task succeeded: {story}", shown, history.final)
    if isinstance(outcome, Raised) and history.code and subject.has("code"):
        told = trial.outcome("code", outcome.error)
        if not isinstance(told, Returned) or str(told.value) != history.code:
            raise Deviation(
                f"its error does not carry the code {history.code} of a task that failed: {story}", shown, history.code
            )


def _phase(trial: Trial, history: History) -> str:
    """How the task has ended: a phase that is final."""
    for course in courses(trial.subject.operation.id):
        for name, word in course.shown.words.items():
            phase = course.table.states[name].phase
            if word == history.final and phase in FINAL_PHASES and (phase == "failed") >= bool(history.code):
                return phase
    return ""


WAITED: Final = Question(deck, check, drawn)
