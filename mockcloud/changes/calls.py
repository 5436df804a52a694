"""Which recorded calls a change of contract breaks: valid by the old one, and not by the new one.

Knows recordings and judges, and no file's format. Law: a call breaks once, whatever breaks it; what was not valid before is
not broken by anybody, and is counted.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Protocol

from mockcloud.messages import Json, Violation
from mockcloud.traffic.recorded import Place, Recorded
from mockcloud.traffic.verdict import Outcome, Verdict


class Judging(Protocol):
    """What judges a recording by one edition."""

    def judge(self, recorded: Recorded) -> Iterator[Verdict]: ...


@dataclass(frozen=True, slots=True)
class Cause:
    """Why a side breaks: a rule at a place of the message, or a reason in words where there is no rule.

    `document` and `line` (a line's number, or a section's name) are where the rule is written down.
    """

    rule: str
    where: str
    reason: str
    document: str = ""
    line: int | str | None = None


@dataclass(frozen=True, slots=True)
class Broken:
    """One side of one call that breaks. `at` is the line of the recording on which the first cause stands."""

    place: Place
    at: int
    side: str
    operation: str
    subject: str
    causes: tuple[Cause, ...]

    def as_json(self) -> dict[str, Json]:
        """The side as plain data."""
        return {
            "file": self.place.file,
            "number": self.place.number,
            "line": self.at,
            "side": self.side,
            "operation": self.operation,
            "subject": self.subject,
            "causes": [
                {"rule": one.rule, "where": one.where, "reason": one.reason, "document": one.document, "line": one.line}
                for one in self.causes
            ],
        }


@dataclass(slots=True)
class Calls:
    """What becomes of recorded calls. `total` counts those that were valid before, in a side at least."""

    total: int = 0
    broken: int = 0
    wrong_before: int = 0
    """Not valid by the old contract either, or not judged by it."""
    passed_over: int = 0
    """For no vendor."""
    unreadable: list[str] = field(default_factory=list)
    """For each recording that could not be read: where it is, and why."""
    sides: list[Broken] = field(default_factory=list)

    def because(self) -> list[tuple[str, int | str | None, int]]:
        """The documents that calls break by, each with its line and the number of calls that break by it first, most first."""
        first = {(side.place, one.document, one.line) for side in self.sides for one in side.causes[:1] if one.document}
        found = Counter((document, line) for _, document, line in first)
        return [
            (document, line, number) for (document, line), number in sorted(found.items(), key=lambda one: (-one[1], str(one[0])))
        ]

    def as_json(self) -> dict[str, Json]:
        """All of it as plain data."""
        return {
            "total": self.total,
            "broken": self.broken,
            "wrong_before": self.wrong_before,
            "passed_over": self.passed_over,
            "unreadable": list(self.unreadable),
            "because": [{"document": name, "line": line, "calls": number} for name, line, number in self.because()],
            "sides": [one.as_json() for one in self.sides],
        }


def compared(recordings: Iterable[Recorded], old: Judging, new: Judging) -> Calls:
    """What becomes of each recorded call when the one judge's contracts give way to the other's."""
    calls = Calls()
    for recorded in recordings:
        if recorded.problem:
            calls.unreadable.append(f"{recorded.place}: {recorded.problem}")
            continue
        before = list(old.judge(recorded))
        valid = [one for one in before if one.outcome is Outcome.VALID]
        if not valid:
            nobody = all(one.outcome is Outcome.PASSED_OVER for one in before)
            calls.passed_over += nobody
            calls.wrong_before += not nobody
            continue
        found = list(_broken(valid, list(new.judge(recorded))))
        calls.total += 1
        calls.broken += bool(found)
        calls.sides.extend(found)
    return calls


def _broken(valid: list[Verdict], after: list[Verdict]) -> Iterator[Broken]:
    by_side = {one.side: one for one in after}
    told = False
    for was in valid:
        now = by_side.get(was.side)
        if now is None:
            # Nothing is said of this side, because it could not even be told whose the call is: that breaks it once.
            if told or not after:
                continue
            now, told = after[0], True
        if now.outcome is not Outcome.VALID:
            told = True
            at = now.findings[0].line if now.findings else was.place.line
            yield Broken(was.place, at, was.side, was.operation or now.operation, was.subject, tuple(_causes(now)))


def _causes(verdict: Verdict) -> Iterator[Cause]:
    if not verdict.findings:
        yield Cause("", "", verdict.reason)
    for finding in verdict.findings:
        yield _cause(finding.violation)


def _cause(violation: Violation) -> Cause:
    return Cause(violation.rule, violation.where, violation.reason, violation.document, violation.line)
