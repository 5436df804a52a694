"""Does it read every documented answer, and ignore what no document knows yet?

Knows answers as bytes and what of them a client reports. Law: what a client reads of one answer it reads wherever it
stands, and no documented answer is an error.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from mockcloud.conduct.bench import Bench
from mockcloud.conduct.members import Leaves, Reading, alike, is_in, learned, leaves, plain
from mockcloud.conduct.outcomes import Endless, Raised, Returned
from mockcloud.conduct.subject import dotted
from mockcloud.conduct.trial import Trial, Tried
from mockcloud.conduct.verdict import Case, Deviation, NotApplicable, Question
from mockcloud.drafting.answers import answers, bodies
from mockcloud.drafting.cases import Answer
from mockcloud.messages import Json, Response
from mockcloud.state.journal import Exchange

MEMBERS: Final = 12
"""How many names of members are told."""


def documented(trial: Trial) -> Iterator[Case]:
    """Every documented answer of the deck."""
    _check_applies(trial)
    yield from (_case(trial, answer) for answer in answers.documented(trial.subject.operation.id))
    _check_read(trial)


def unknown(trial: Trial) -> Iterator[Case]:
    """Answers with something that no document knows yet."""
    _check_applies(trial)
    yield from ({**_case(trial, answer), "unknown": answer.unknown} for answer in answers.unknown(trial.subject.operation.id))
    _check_read(trial)


def drawn_documented(trial: Trial) -> Any:
    """Documented answers by chance."""
    from mockcloud.strategies.answers import responses

    return responses(trial.subject.operation.id).map(lambda answer: _case(trial, answer))


def drawn_unknown(trial: Trial) -> Any:
    """Answers of tomorrow, by chance."""
    from mockcloud.strategies.answers import responses

    made = responses(trial.subject.operation.id, unknown=True)
    return made.map(lambda answer: {**_case(trial, answer), "unknown": answer.unknown})


def _check_applies(trial: Trial) -> None:
    if not trial.subject.has("result"):
        raise NotApplicable("the class has no `result`, so nothing tells what its client reads")
    if trial.subject.operation.response is None:
        raise NotApplicable(f"{trial.subject.operation.id} answers nothing that can be read")


def _check_read(trial: Trial) -> None:
    if trial.examples and trial.reading is None:
        raise NotApplicable("its client asked further at every answer and was refused that, so nothing tells what it reads")


def _case(trial: Trial, answer: Answer) -> Case:
    return {"arguments": trial.smallest(), "answer": answer.response}


def check(trial: Trial, arguments: Mapping[str, Json], answer: Response, unknown: Iterable[str] = ()) -> None:
    """Answer so: the client reports each member that it reads with its value."""
    tried, reported = _reported(trial, arguments, answer)
    if reported is None:
        return
    found = _leaves(trial, answer)
    reading = _reading(trial, arguments)
    root = reading.root
    for at, value in reading.wanted(found):
        if is_in(root + at, unknown):
            continue
        if at not in reported:
            if value == "" and _is_xml(trial):
                # An element that holds nothing is nothing to some, and to others an empty text.
                continue
            problem = f"the answer has {dotted(at)} = {value!r} and the client reports none"
            raise Deviation(problem, tried.shown, at=root + at, answered=True)
        if not alike(reported[at], value):
            problem = f"the answer has {dotted(at)} = {value!r} and the client reports {reported[at]!r}"
            raise Deviation(problem, tried.shown, at=root + at, answered=True)
    trial.reading = reading.also(found, reported)


def _reported(trial: Trial, arguments: Mapping[str, Json], answer: Response) -> tuple[Tried, Leaves | None]:
    """What a client reports of an answer; None where it asked further and was refused that."""
    bench = trial.bench()
    bench.plan = once(trial, bench, answer)
    tried = trial.call(bench, arguments)
    outcome, shown = tried.outcome, tried.shown
    if isinstance(outcome, Endless):
        raise Deviation("it does not end at a documented answer", shown)
    if isinstance(outcome, Raised):
        if isinstance(outcome.error, trial.subject.errors) and any(one.refusal for one in bench.asked[1:]):
            return tried, None
        what = "raises its error" if isinstance(outcome.error, trial.subject.errors) else "crashes"
        raise Deviation(f"it {what} at a documented answer", shown)
    told = trial.outcome("result", outcome.value)
    if not isinstance(told, Returned):
        raise Deviation("`result` fails at what the client returned", shown._replace(outcome=told))
    if not isinstance(told.value, Mapping):
        raise Deviation("`result` gives no dict of members", shown._replace(outcome=told))
    return tried, dict(leaves(told.value, alone=_is_xml(trial)))


def once(trial: Trial, bench: Bench, answer: Response) -> Any:
    """A plan by which the first request of the operation is answered so, and all others as the cloud would."""
    left = [answer]

    def plan(exchange: Exchange) -> Response:
        mine = exchange.operation in (trial.subject.operation.id, "")
        return left.pop() if mine and left else exchange.response

    return plan


def _reading(trial: Trial, arguments: Mapping[str, Json]) -> Reading:
    """What the client reads, found out once for a test."""
    if trial.reading is None:
        told = [one.response for one in answers.documented(trial.subject.operation.id)]
        for fullest in sorted(told, key=lambda one: len(_leaves(trial, one)), reverse=True):
            tried, reported = _reported(trial, arguments, fullest)
            if reported is not None:
                break
        trial.reading = learned(_leaves(trial, fullest), reported or {})
        if not trial.reading.read:
            said = ", ".join(map(dotted, reported or {})) or "nothing"
            known = list(dict.fromkeys(dotted(plain(at)) for at in _leaves(trial, fullest)))
            wanted = (
                f"some of {', '.join(known[:MEMBERS])}{', ...' if len(known) > MEMBERS else ''}, by the names that answers have"
            )
            raise Deviation(f"`result` reports {said}: no member that the fullest answer has", tried.shown, wanted)
    return trial.reading


def _leaves(trial: Trial, answer: Response) -> Leaves:
    return dict(leaves(bodies.decoded(_codec(trial), answer.body), alone=_is_xml(trial)))


def _is_xml(trial: Trial) -> bool:
    return _codec(trial) == "xml"


def _codec(trial: Trial) -> str:
    return trial.subject.contract.success.codec


READ: Final = Question(documented, check, drawn_documented)
IGNORED: Final = Question(unknown, check, drawn_unknown)
