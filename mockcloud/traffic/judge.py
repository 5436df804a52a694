"""READ FIRST. Judge recorded messages: a recording's exchange in, a verdict for each of its sides out.

    recorded -> whose is it -> which operation's -> what of the contract does it break -> where in the file -> verdict

Starts no cloud: signatures and state are not asked about, for a recording has lost both. Law: whatever was recorded, there
is a verdict; and what could not be judged is never called valid.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

from mockcloud.contracts import folders as known_folders
from mockcloud.contracts.model import Operation
from mockcloud.errors import UsageError
from mockcloud.messages import Json, Refusal, Request, Violation
from mockcloud.pipeline import validation
from mockcloud.pipeline.call import Call
from mockcloud.traffic import answers, findings
from mockcloud.traffic.bodies import Bodies
from mockcloud.traffic.recorded import Recorded
from mockcloud.traffic.telling import Teller, as_sent
from mockcloud.traffic.verdict import Finding, Outcome, Verdict

SIDES: Final = ("request", "response")
UNKNOWN: Final = frozenset({"unknown-route", "unknown-operation"})
"""Conditions that say that the vendor may well know what the contract does not."""

SUBJECT: Final = 160
"""Characters by which a message is named."""


class Judge:
    """Judges recordings by the contracts in some folders (those that are installed, when None).

    Args:
        folders: provider to the folder of its contract.
        operation: the id of the operation that everything is for; empty to find it out.
        side: `request` or `response` to judge that alone; empty for both.
        hosts: host to the provider that it stands for, where it is no vendor's.
        settings: provider to names and values of its settings.
        strict: whether the rules of authentication count.
        skip_unknown: whether requests to vendors that no documented operation matches are passed over.

    Raises:
        UsageError: for an operation, side, provider or setting that does not exist.
    """

    def __init__(
        self,
        folders: Mapping[str, Path] | None = None,
        *,
        operation: str = "",
        side: str = "",
        hosts: Mapping[str, str] | None = None,
        settings: Mapping[str, Mapping[str, Json]] | None = None,
        strict: bool = True,
        skip_unknown: bool = False,
    ) -> None:
        if side not in ("", *SIDES):
            raise UsageError(f"side is 'request' or 'response', found {side!r}")
        self._teller = Teller(known_folders.known() if folders is None else folders, hosts, settings, strict=strict)
        self._operation = self._teller.operation(operation) if operation else None
        self._side = side
        self._skip_unknown = skip_unknown
        self._bodies = Bodies(self._teller, self._operation, side, strict=strict)

    def judge(self, recorded: Recorded) -> Iterator[Verdict]:
        """A verdict for each side that was recorded and asked for; of what is neither message nor body, one that says why."""
        if recorded.problem:
            yield Verdict(recorded.place, Outcome.UNJUDGED, reason=recorded.problem)
        elif recorded.body is not None:
            yield self._bodies.verdict(recorded, recorded.body)
        elif recorded.request is not None:
            yield from self._exchange(recorded, as_sent(recorded.request))
        elif recorded.response is not None:
            yield self._bodies.answer(recorded, recorded.response)
        else:
            yield Verdict(recorded.place, Outcome.UNJUDGED, reason="there is neither a request nor an answer")

    def _exchange(self, recorded: Recorded, request: Request) -> Iterator[Verdict]:
        subject = _subject(request)
        told = self._told(recorded, request)
        if told is None:
            reason = (
                f"'{request.host}' is no vendor's host" if request.host else "no vendor has such a path, and no host is named"
            )
            yield Verdict(recorded.place, Outcome.PASSED_OVER, subject=subject, reason=reason)
            return
        call = self._teller.call(told[0], request, told[1])
        refused = self._refused(call)
        if refused is not None and refused.reason in UNKNOWN:
            outcome = Outcome.PASSED_OVER if self._skip_unknown else Outcome.UNJUDGED
            yield Verdict(recorded.place, outcome, "request", subject=subject, reason=refused.note or refused.reason)
            return
        if self._side != "response":
            yield self._request(recorded, call, refused, subject)
        if self._side != "request" and recorded.response is not None:
            yield answers.verdict(recorded, recorded.response, call.contract, _operation(call), subject)

    def _told(self, recorded: Recorded, request: Request) -> tuple[str, Mapping[str, str]] | None:
        if self._operation is not None:
            provider = self._operation.id.partition(".")[0]
            return self._teller.provider(request, provider) or (provider, {})
        return self._teller.provider(request, recorded.operation.partition(".")[0])

    def _refused(self, call: Call) -> Refusal | None:
        """Find out the operation and read the arguments; what the vendor refuses the request for, if it can be neither."""
        try:
            if self._operation is not None:
                self._teller.take_for(call, self._operation)
            else:
                self._teller.tell(call)
        except Refusal as refused:
            return refused
        return None

    def _request(self, recorded: Recorded, call: Call, refused: Refusal | None, subject: str) -> Verdict:
        operation = call.operation.id if call.chosen else ""
        if recorded.request_problem:
            return Verdict(recorded.place, Outcome.UNJUDGED, "request", operation, subject, reason=recorded.request_problem)
        if refused is not None:
            found = [findings.of_condition(self._teller, recorded, call, refused)]
            return Verdict(recorded.place, Outcome.VIOLATIONS, "request", operation, subject, tuple(found))
        if call.operation.request.accepts(call.document):
            return Verdict(recorded.place, Outcome.VALID, "request", operation, subject)
        broken = [_of_request(recorded, call, one) for one in validation.violations_of(call)]
        outcome = Outcome.VIOLATIONS if broken else Outcome.VALID
        passed = "" if broken else validation.passed_over(call)
        return Verdict(recorded.place, outcome, "request", operation, subject, tuple(broken), passed)


def _of_request(recorded: Recorded, call: Call, violation: Violation) -> Finding:
    text = findings.text_of(recorded, call, violation.where)
    evidence, earned = call.operation.request.rules[violation.rule].evidence, call.contract.errors.broken(violation.rule)
    return findings.located(violation, text, recorded.place.line, evidence, earned.code if earned else "")


def _operation(call: Call) -> Operation | None:
    if call.chosen:
        return call.operation
    return call.candidates[0] if len(call.candidates) == 1 else None


def _subject(request: Request) -> str:
    text = f"{request.method} {request.host}{request.target}"
    return text if len(text) <= SUBJECT else f"{text[:SUBJECT]}..."
