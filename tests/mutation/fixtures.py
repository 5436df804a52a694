"""The fixtures as witnesses: each is sent through `Cloud.handle` and says whether what it saw is what it expects.

Judged as `tests/core/test_fixtures_by_handle.py` and `tests/test_journeys.py` judge; documents, which are sent to nobody, as
`tests/test_answers.py` does. Law: a fixture that fails without any mutant is no witness.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from typing import Any, NamedTuple
from unittest.mock import patch

from cases import FIXTURES, Case, cloud_of, judge, send
from journeys import walk

from mockcloud import Cloud, Request, Response, validate
from mockcloud.messages import Refusal
from mockcloud.pipeline import behaviour, rendering, validation

VERDICTS = ("accepted", "refused", "vectors", "journeys", "callbacks")
"""The folders of the fixtures that are sent."""
DOCUMENTS = ("answers", "requests")
"""The folders of those that are documents."""


class Message(NamedTuple):
    """One request that was held to its schema."""

    operation: str
    data: Any
    rules: tuple[str, ...]
    """What it broke."""


@dataclass
class Seen:
    """What a fixture saw of the contract, and so which mutants it could notice."""

    problem: str = ""
    """How the outcome is not what the fixture expects; empty when it is."""
    messages: list[Message] = field(default_factory=list)
    performed: set[str] = field(default_factory=set)
    """The operations whose effects were begun."""
    reasons: set[str] = field(default_factory=set)
    """Conditions and codes that refused a request; `` when a rule did, or would have."""
    answers: list[tuple[str, bytes]] = field(default_factory=list)
    """Operation and body of what was answered; `refusal` in the operation's place where it is one."""
    sent: list[bytes] = field(default_factory=list)
    """The bodies of the callbacks."""


@dataclass
class _Door:
    """The door through which requests go, and what is to be seen there."""

    clouds: list[Cloud] = field(default_factory=list)
    reports: list[str] = field(default_factory=list)

    def __call__(self, cloud: Cloud, request: Request) -> Response:
        if cloud not in self.clouds:
            self.clouds.append(cloud)
            cloud.report = self.reports.append
        return cloud.handle(request)


def fixtures_of(provider: str, verdicts: Sequence[str] = VERDICTS) -> list[Case]:
    """The provider's fixtures. One that is no JSON, half written perhaps, is none."""
    found = []
    for verdict in verdicts:
        for path in sorted((FIXTURES / provider / verdict).glob("*.json")):
            try:
                data = json.loads(path.read_text(encoding="utf-8"))
            except (FileNotFoundError, ValueError):
                continue
            found.append(Case(f"{provider}/{verdict}/{path.stem}", provider, verdict, data))
    return found


def outcome(case: Case, door: _Door | None = None) -> str:
    """Send the fixture; how what comes of it is not what it expects, empty when it is."""
    try:
        _judged(case, door or _Door())
    except Exception as reason:  # noqa: BLE001  # whatever a mutant breaks, and however, is noticed
        return f"{type(reason).__name__}: {reason}"
    return ""


def observed(case: Case) -> Seen:
    """The same, and what the fixture saw on its way."""
    door, seen = _Door(), Seen()
    with _watched(seen):
        seen.problem = outcome(case, door)
    for cloud in door.clouds:
        seen.sent += [message.body for message in cloud.callbacks]
        for exchange in cloud.journal:
            operation = "refusal" if exchange.refusal else exchange.operation.partition(".")[2]
            seen.answers.append((operation, exchange.response.body))
    return seen


@contextmanager
def _watched(seen: Seen) -> Iterator[None]:
    check, perform, refusal = validation.check, behaviour.perform, rendering.refusal

    def watched_check(call: Any) -> None:
        rules: tuple[str, ...] = ()
        try:
            check(call)
            if not call.operation.request.accepts(call.document):
                seen.reasons.add("")  # a setting passes over the rule that is broken
        except Refusal as refused:
            rules = tuple(violation.rule for violation in refused.violations)
            raise
        finally:
            seen.messages.append(Message(call.operation.name, call.document, rules))

    def watched_perform(call: Any, actions: Any) -> Any:
        seen.performed.add(call.operation.name)
        return perform(call, actions)

    def watched_refusal(call: Any, refused: Refusal) -> Any:
        seen.reasons.add("" if refused.violations else refused.reason)
        return refusal(call, refused)

    with ExitStack() as stack:
        stack.enter_context(patch.object(validation, "check", watched_check))
        stack.enter_context(patch.object(behaviour, "perform", watched_perform))
        stack.enter_context(patch.object(rendering, "refusal", watched_refusal))
        yield


def _judged(case: Case, door: _Door) -> None:
    if case.verdict in ("journeys", "callbacks"):
        walk(case, door)
    else:
        cloud = cloud_of(case)
        judge(case, send(case, cloud, door))
        _JUDGES[case.verdict](case, cloud, door.reports)
    assert not [report for report in door.reports if "defect" in report], door.reports


def _accepted(case: Case, cloud: Cloud, reports: list[str]) -> None:
    last = cloud.journal.last
    assert (last.violations, last.refusal, last.operation) == ((), "", case.data["operation"])
    assert not reports


def _refused(case: Case, cloud: Cloud, reports: list[str]) -> None:
    last = cloud.journal.last
    assert last.refusal, "nothing was refused"
    broken = [violation.rule for violation in last.violations]
    if case.rule and not broken:  # the vendor's gate refuses before the schema is asked
        try:
            broken = [violation.rule for violation in validate(case.data["operation"], last.request)]
        except Refusal as refusal:
            raise AssertionError("the request cannot be judged") from refusal
    assert broken == [case.rule] if case.rule else len(broken) != 1, broken


def _vector(case: Case, cloud: Cloud, reports: list[str]) -> None:
    assert cloud.journal.last.refusal or not cloud.journal.last.violations


_JUDGES = {"accepted": _accepted, "refused": _refused, "vectors": _vector}
