"""What came of judging a message.

Knows no recording's format and no report's. Law: a message is valid, or it breaks rules, or it could not be judged, or it
was nobody's: never two of these.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from enum import StrEnum

from mockcloud.messages import Violation
from mockcloud.traffic.recorded import Place


class Outcome(StrEnum):
    """How a judgement ends."""

    VALID = "valid"
    VIOLATIONS = "violations"
    UNJUDGED = "unjudged"
    """It could not be judged: unreadable, of no known operation, or of several. Never counts as valid."""
    PASSED_OVER = "passed-over"
    """It was for no vendor, as most of what a browser records."""


@dataclass(frozen=True, slots=True)
class Excerpt:
    """A line of the message around a value: its text (cut to what a terminal shows), and the value's first column in that
    text and its width, counted in characters from 0."""

    text: str
    column: int
    width: int


@dataclass(frozen=True, slots=True)
class Finding:
    """A rule that a message breaks, and the place in the file.

    `line` is the line of the file on which the value stands, or on which the message begins where the file holds it
    escaped; `column` (from 1) and `end_column` (exclusive) are known only in the first case. `excerpt` is None for what is
    not there to be shown. `evidence` is what the rule is believed for, as the schema has it; `refusal` is the vendor's code
    that breaking the rule earns, empty for a response.
    """

    violation: Violation
    line: int
    column: int | None = None
    end_column: int | None = None
    excerpt: Excerpt | None = None
    evidence: tuple[str, ...] = ()
    refusal: str = ""


@dataclass(frozen=True, slots=True)
class Verdict:
    """One side of one exchange, judged.

    `side` is `request`, `response` or `callback` (what a vendor tells its client), empty where it could not be told.
    `operation` is empty where none was told. `subject` is the message in a few words (`POST HOST/path`, `200 of GET
    HOST/path`). `reason` says why it was not judged or passed over, or what a valid message was let through in spite of;
    it is one line.
    """

    place: Place
    outcome: Outcome
    side: str = ""
    operation: str = ""
    subject: str = ""
    findings: tuple[Finding, ...] = ()
    reason: str = ""


@dataclass(slots=True)
class Tally:
    """How many messages ended how, and in how many files."""

    outcomes: Counter[Outcome] = field(default_factory=Counter)
    findings: int = 0
    files: int = 0

    def count(self, verdict: Verdict) -> None:
        """Take a verdict into account."""
        self.outcomes[verdict.outcome] += 1
        self.findings += len(verdict.findings)

    @property
    def status(self) -> int:
        """The exit status: 1 where a rule is broken, else 2 where something could not be judged or nothing was, else 0."""
        if self.outcomes[Outcome.VIOLATIONS]:
            return 1
        return 2 if self.outcomes[Outcome.UNJUDGED] or not self.outcomes[Outcome.VALID] else 0
