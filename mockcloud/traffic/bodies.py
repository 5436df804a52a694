"""Judge bodies and answers that stand alone, for the operation that they are most like.

Law: a body that two operations claim alike is judged only where they agree.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property

from mockcloud.codecs.malformed import Malformed
from mockcloud.contracts.model import Operation
from mockcloud.messages import Response, Violation
from mockcloud.traffic import answers, bare
from mockcloud.traffic.bare import Owner, Reading
from mockcloud.traffic.recorded import Recorded
from mockcloud.traffic.telling import Teller
from mockcloud.traffic.verdict import Outcome, Verdict

NAMED = 4
"""Operations that are named when several may be meant."""


class Bodies:
    """Judges by every schema of the contracts, or by those of one operation and one side alone."""

    def __init__(self, teller: Teller, operation: Operation | None, side: str, *, strict: bool) -> None:
        self._teller, self._operation, self._side, self._strict = teller, operation, side, strict

    def verdict(self, recorded: Recorded, body: bytes) -> Verdict:
        """The verdict on a body of which nothing else is known."""
        return self._judged(recorded, body, self._owners, "a body", recorded.place.line)

    def answer(self, recorded: Recorded, response: Response) -> Verdict:
        """The verdict on an answer whose request was not recorded."""
        if recorded.response_problem:
            return Verdict(recorded.place, Outcome.UNJUDGED, "response", subject="an answer", reason=recorded.response_problem)
        answers_it = [owner for owner in self._owners if owner.side == "response"]
        # What is no success is a refusal; a success may be one too, where they come with the same status.
        among = [owner for owner in answers_it if owner.refuses or owner.contract.success.status == response.status]
        return self._judged(recorded, response.body, among, f"an answer {response.status}", recorded.response_line)

    @cached_property
    def _owners(self) -> list[Owner]:
        """Every schema that may be meant."""
        return list(self._found())

    def _found(self) -> Iterator[Owner]:
        asked = self._operation
        named = [asked.id.partition(".")[0]] if asked is not None else self._teller.providers
        for provider in named:
            for owner in bare.owners(self._teller.contract(provider)):
                of_it = asked is None or owner.operation is asked or owner.id == f"{provider}.refusal"
                if of_it and self._side in ("", owner.side):
                    yield owner

    def _judged(self, recorded: Recorded, body: bytes, among: list[Owner], what: str, line: int | None) -> Verdict:
        written = bare.language(body)
        if not written:
            shown = ascii(body[:40])[1:]
            reason = f"it is neither JSON nor XML nor a form, it begins with {shown}" if body.strip() else "it is empty"
            return Verdict(recorded.place, Outcome.UNJUDGED, subject=what, reason=reason)
        subject = f"{what} in {written.upper() if written != 'form' else 'form encoding'}"
        try:
            document = bare.decoded(body, written)
        except Malformed as problem:
            return Verdict(recorded.place, Outcome.UNJUDGED, subject=subject, reason=f"not readable: {problem}")
        found = bare.readings(document, written, among, self._counts, surely=self._operation is not None)
        if not found:
            reason = f"no operation has such a body{_wanted(self._operation)}; say which it is of: --operation"
            return Verdict(recorded.place, Outcome.UNJUDGED, subject=subject, reason=reason)
        return _of_readings(recorded, body, found, subject, line)

    def _counts(self, owner: Owner, violation: Violation) -> bool:
        if owner.side != "request":
            return True
        settings = self._teller.settings(owner.contract.name)
        return owner.contract.errors.counts(violation.rule, settings, strict=self._strict)


def _of_readings(recorded: Recorded, body: bytes, found: list[Reading], subject: str, line: int | None) -> Verdict:
    first, owner = found[0], found[0].owner
    side = owner.side if len({one.owner.side for one in found}) == 1 else ""
    named = ", ".join(one.owner.id for one in found[:NAMED]) + (", ..." if len(found) > NAMED else "")
    if len({frozenset(_places(one)) for one in found}) > 1:
        reason = f"it may be of {named}; say which: --operation"
        return Verdict(recorded.place, Outcome.UNJUDGED, side, "", subject, reason=reason)
    operation, reason = (owner.id, "") if len(found) == 1 else ("", f"the same as each of {named}")
    if not first.violations:
        return Verdict(recorded.place, Outcome.VALID, side, operation, subject, reason=reason)
    findings = answers.of_schema(recorded, body, owner.contract, owner.schema, first.violations, line=line)
    return Verdict(recorded.place, Outcome.VIOLATIONS, side, operation, subject, tuple(findings), reason)


def _places(reading: Reading) -> Iterator[tuple[str, str]]:
    """What is broken where, by rules without the names of their operations."""
    return ((one.rule.partition("#")[2], one.where) for one in reading.violations)


def _wanted(operation: Operation | None) -> str:
    return f" as {operation.id}" if operation is not None else ""
