"""What is said of verdicts, in words: where, what, on whose word, what to do, and how it ended.

Knows no format and no terminal. Law: a sentence is one line, printable and short, whatever stands in a recording.
"""

from __future__ import annotations

import json
from typing import Final

from mockcloud.messages import Json, Violation, shortened
from mockcloud.reports.refused import printable
from mockcloud.traffic.verdict import Finding, Outcome, Tally, Verdict

STDIN: Final = "<stdin>"
VALUE: Final = 120
"""Characters of a value that are shown."""

_DECISION: Final = "decision: "


def counted(number: int, noun: str) -> str:
    """`1 rule`, `2 rules`."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def file_of(verdict: Verdict) -> str:
    """The file as a person reads it."""
    return STDIN if verdict.place.file == "-" else printable(verdict.place.file) or "''"


def place(verdict: Verdict, finding: Finding | None = None) -> str:
    """`FILE:LINE` of a message, `FILE:LINE:COLUMN` of a finding whose column is known."""
    if finding is None:
        return f"{file_of(verdict)}:{verdict.place.line}"
    column = "" if finding.column is None else f":{finding.column}"
    return f"{file_of(verdict)}:{finding.line}{column}"


def subject(verdict: Verdict) -> str:
    """The message in a few words."""
    return printable(verdict.subject) or f"message {verdict.place.number}"


def what(verdict: Verdict) -> str:
    """`request of OPERATION`, as far as it was told."""
    return printable(f"{verdict.side or 'message'} of {verdict.operation or 'no known operation'}")


def valued(found: Json) -> str:
    """A value as it stands in a message, in one line, cut."""
    try:
        text = json.dumps(found, ensure_ascii=False, allow_nan=False)
    except (TypeError, ValueError, RecursionError):
        text = shortened(found, VALUE)
    return text if len(text) <= VALUE and text.isprintable() else f"{printable(text[:VALUE])}{'...' * (len(text) > VALUE)}"


def broken(violation: Violation) -> str:
    """What is wrong: `/target/width 5000 is greater than 4096`."""
    found = "" if violation.found is None else f" {valued(violation.found)}"
    return printable(f"{violation.where or '/'}{found} {violation.reason}")


def source(violation: Violation) -> str:
    """Where the rule is written down: `[guide.md line 32]`; empty where nobody documents it."""
    if not violation.document:
        return ""
    line = violation.line
    section = "" if line is None else f" line {line}" if isinstance(line, int) else f" {line}"
    return printable(f"[{violation.document}{section}]")


def grounds(finding: Finding) -> str:
    """On whose word: the document and its line, else what was decided and why."""
    decided = [one.removeprefix(_DECISION) for one in finding.evidence if one.startswith(_DECISION)]
    return source(finding.violation) or printable("; ".join(decided)) or "no document is named"


def headline(verdict: Verdict) -> str:
    """What is wrong with a message, in a line: its first finding, and how many more there are."""
    if not verdict.findings:
        return printable(verdict.reason) or "no reason is given"
    more = len(verdict.findings) - 1
    return f"{broken(verdict.findings[0].violation)}{f', and {more} more' if more else ''}"


def remedy(verdict: Verdict) -> str:
    """What to do about a message that could not be judged."""
    if not verdict.side:
        return "check that the file is a recording that is whole, or leave it out"
    if not verdict.operation:
        return "name the operation with --operation, or pass over what `mockcloud contracts` does not list: --skip-unknown"
    return "record the message whole, its body included; what cannot be judged never counts as valid"


def nothing_judged(tally: Tally) -> bool:
    """Whether no message was judged, nor one found that should have been: an empty recording is no proof."""
    return not any(tally.outcomes[one] for one in (Outcome.VALID, Outcome.VIOLATIONS, Outcome.UNJUDGED))


NOTHING: Final = "no message was judged: the recordings hold none for a vendor"
"""What is said where nothing was judged."""


def totals(tally: Tally, rules: int) -> str:
    """How it ended, in a line; `rules` is how many different ones are broken."""
    counts = tally.outcomes
    broke, unjudged, passed = (counts[one] for one in (Outcome.VIOLATIONS, Outcome.UNJUDGED, Outcome.PASSED_OVER))
    judged = counts[Outcome.VALID] + broke
    parts = [_judged(tally, rules, judged + unjudged) if judged else ""]
    if unjudged:
        parts.append(f"{unjudged} could not be judged" if judged else f"{counted(unjudged, 'message')} could not be judged")
    if not judged and not unjudged:
        parts.append(NOTHING)
    if passed:
        parts.append(f"{passed} passed over")
    return "; ".join(part for part in parts if part)


def _judged(tally: Tally, rules: int, messages: int) -> str:
    broke = tally.outcomes[Outcome.VIOLATIONS]
    if not broke:
        kept = tally.outcomes[Outcome.VALID]
        every = "the message keeps" if kept == 1 else f"all {kept} messages keep"
        return f"{every} the rules" if kept == messages else f"{kept} of {messages} messages keep the rules"
    times = f", {tally.findings} times in all" if tally.findings != rules else ""
    return f"{broke} of {counted(messages, 'message')} {'breaks' if broke == 1 else 'break'} {counted(rules, 'rule')}{times}"
