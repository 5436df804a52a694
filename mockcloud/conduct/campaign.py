"""One question put to one client: the deck first, then chance, and of what fails the smallest.

Knows how cases are counted and made smaller; what is drawn, and how, is the strategies' part. Law: what a deck
finds of a client is the same page wherever it is tried.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from inspect import signature

from mockcloud.conduct.trial import Trial
from mockcloud.conduct.verdict import Case, Deviation, NotApplicable, Question
from mockcloud.errors import UsageError
from mockcloud.messages import Json


def put(question: Question, trial: Trial, name: str, only: Case | None = None) -> None:
    """Put a question, or `only` one case of it. Raises Deviation, and NotApplicable where it says nothing of this client."""
    if only is not None:
        _check_only(question, trial, only)
        return
    for case in question.deck(trial):
        found = tried(question, trial, case)
        if found is not None:
            raise smallest(question, trial, found)
    if not trial.examples:
        raise NotApplicable("there is no case that this client could be asked")
    examples = trial.subject.examples
    strategy = question.drawn(trial) if examples else None
    if strategy is not None:
        from mockcloud.strategies.exploring import explore

        suite = type(trial.subject.suite)
        search = f"{suite.__module__}.{suite.__qualname__}.{name}"
        found = explore(search, strategy, lambda case: tried(question, trial, case), examples)
        if found is not None:
            raise found


def _check_only(question: Question, trial: Trial, case: Case) -> None:
    known = signature(question.check)
    try:
        known.bind(trial, **case)
    except TypeError as problem:
        wanted = ", ".join(list(known.parameters)[1:])
        raise UsageError(f"a case of this test is of {wanted}; {problem}") from None
    try:
        found = tried(question, trial, case)
    except (UsageError, NotApplicable):
        raise
    except Exception as problem:  # the client's own are outcomes: this one comes of what the case holds
        raise UsageError(f"this case cannot be tried: {type(problem).__name__}: {problem}") from problem
    if found is not None:
        raise found


def tried(question: Question, trial: Trial, case: Case) -> Deviation | None:
    """Try one case: what deviates, None for nothing."""
    trial.examples += 1
    try:
        question.check(trial, **case)
    except Deviation as found:
        found.case = case
        return found
    finally:
        trial.close()
    return None


def smallest(question: Question, trial: Trial, found: Deviation) -> Deviation:
    """The same deviation with arguments of which nothing can be left out."""
    if "arguments" not in found.case:
        return found
    for arguments in _with_less(found.case["arguments"]):
        if trial.subject.sayable(arguments):
            again = tried(question, trial, {**found.case, "arguments": arguments})
            if again is not None and again.is_like(found):
                return smallest(question, trial, again)
    return found


def _with_less(value: Json) -> Iterator[Json]:
    """The value without one of its members, at any depth, or with less of a text."""
    if isinstance(value, Mapping):
        for name in value:
            yield {other: one for other, one in value.items() if other != name}
        for name, below in value.items():
            yield from ({**value, name: fewer} for fewer in _with_less(below))
    elif isinstance(value, list):
        yield from ([*value[:i], *value[i + 1 :]] for i in range(len(value)))
        for i, below in enumerate(value):
            yield from ([*value[:i], fewer, *value[i + 1 :]] for fewer in _with_less(below))
    elif isinstance(value, str) and len(value) > 1:
        yield from dict.fromkeys([*value, value[: len(value) // 2], value[len(value) // 2 :]])
