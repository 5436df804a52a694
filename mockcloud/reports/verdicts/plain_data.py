"""Verdicts as plain data, and plain data as text that any encoding carries.

Knows the names that `mockcloud.verdicts/1` gives to the parts. Law: whatever a message holds, what is written is JSON; what
it holds is given back equal, or said to be cut.
"""

from __future__ import annotations

import json
from typing import Final

from mockcloud.messages import Json, shortened
from mockcloud.traffic.verdict import Excerpt, Finding, Outcome, Tally, Verdict

LONGEST: Final = 10_000
"""Characters of JSON that a value found may have: of a message that is one long list, each finding would hold all."""


def dumped(data: Json) -> str:
    """JSON in one line of ASCII: no encoding and no lone surrogate stands in its way."""
    return json.dumps(data, allow_nan=False)


def value(found: Json) -> dict[str, Json]:
    """The value found as `found`; where it is too long or no JSON, that is null and `found_begins` has its beginning."""
    try:
        text = dumped(found)
    except (TypeError, ValueError, RecursionError):
        return {"found": None, "found_begins": shortened(found)}
    return {"found": found} if len(text) <= LONGEST else {"found": None, "found_begins": text[:LONGEST]}


def verdict(one: Verdict) -> dict[str, Json]:
    """A verdict, all of its parts by their names."""
    return {
        "place": {"file": one.place.file, "number": one.place.number, "line": one.place.line},
        "outcome": one.outcome.value,
        "side": one.side,
        "operation": one.operation,
        "subject": one.subject,
        "reason": one.reason,
        "findings": [finding(found) for found in one.findings],
    }


def finding(one: Finding) -> dict[str, Json]:
    """A finding, its violation's parts among its own."""
    broken = one.violation
    return {
        "rule": broken.rule,
        "where": broken.where,
        **value(broken.found),
        "reason": broken.reason,
        "document": broken.document,
        "document_line": broken.line,
        "evidence": list(one.evidence),
        "refusal": one.refusal,
        "line": one.line,
        "column": one.column,
        "end_column": one.end_column,
        "excerpt": _excerpt(one.excerpt),
    }


def _excerpt(one: Excerpt | None) -> dict[str, Json] | None:
    return None if one is None else {"text": one.text, "column": one.column, "width": one.width}


def tally(one: Tally) -> dict[str, Json]:
    """How many messages ended how."""
    return {
        "files": one.files,
        "outcomes": {outcome.value: one.outcomes[outcome] for outcome in Outcome},
        "findings": one.findings,
        "status": one.status,
    }
