"""A broken rule with its place in the file: the line, the column, and the line of the message around the value.

Law: a place is told only where it is certain; a finding without one is still a finding.
"""

from __future__ import annotations

from typing import Final, NamedTuple

from mockcloud.contracts.sources import first_document
from mockcloud.messages import Refusal, Violation
from mockcloud.pipeline import reading
from mockcloud.pipeline.call import Call
from mockcloud.traffic.locating import FINDERS, Span, excerpt, in_form
from mockcloud.traffic.recorded import Recorded
from mockcloud.traffic.telling import Teller
from mockcloud.traffic.verdict import Finding

LOCATED: Final = 1_000_000
"""Characters of a message in which a value is looked for."""


class Text(NamedTuple):
    """A text in which a value may stand: what is written in which language, and the line of the file on which it begins,
    None where the file holds it escaped."""

    text: str
    written: str
    line: int | None


NOWHERE: Final = Text("", "", None)


def text_of(recorded: Recorded, call: Call, where: str) -> Text:
    """The part of a request in which an argument stands: its body, or its target."""
    reads = call.candidates[0].reads
    if where.partition("/")[2].partition("/")[0] in call.in_path or reads in ("none", "query"):
        return _target(call)
    body = call.request.body.decode("utf-8", "replace")
    if reads in ("json", "xml"):
        return Text(body, reads, recorded.request_line)
    if reading.is_json(call.request):
        return Text(body, "json", recorded.request_line)
    return Text(body, "form", recorded.request_line) if in_form(body, where) else _target(call)


def _target(call: Call) -> Text:
    return Text(f"{call.request.method} {call.request.target}", "target", None)


def of_condition(teller: Teller, recorded: Recorded, call: Call, refused: Refusal) -> Finding:
    """What a request is refused for before its rules are asked: `PROVIDER:CONDITION` stands for the rule."""
    contract = call.contract
    earned, evidence = contract.errors.earned(refused.reason), teller.evidence(contract.name, refused.reason)
    source = first_document(contract, evidence)
    document, line = (source.name, source.place) if source else ("", None)
    violation = Violation(
        f"{contract.name}:{refused.reason}", "", None, refused.note or earned.worded(refused.fields), document, line
    )
    return Finding(violation, recorded.place.line, evidence=evidence, refusal=earned.code)


def located(violation: Violation, text: Text, line: int, evidence: tuple[str, ...], refusal: str = "") -> Finding:
    """A violation with its place: in the text where it can be found there, else on a line of the file."""
    span = _span(text, violation)
    if span is None:
        return Finding(violation, line, evidence=evidence, refusal=refusal)
    shown = excerpt(text.text, span)
    if text.line is None:
        return Finding(violation, line, excerpt=shown, evidence=evidence, refusal=refusal)
    before = text.text.count("\n", 0, span.start)
    column = span.start - text.text.rfind("\n", 0, span.start)
    return Finding(violation, text.line + before, column, column + shown.width, shown, evidence, refusal)


def _span(text: Text, violation: Violation) -> Span | None:
    if len(text.text) > LOCATED:
        return None
    if text.written == "target":
        return _in_target(text.text, violation)
    find = FINDERS.get(text.written)
    return find(text.text, violation.where) if find else None


def _in_target(text: str, violation: Violation) -> Span | None:
    query = text.find("?") + 1
    found = in_form(text[query:], violation.where) if query else None
    if found is not None:
        return Span(found.start + query, found.end + query)
    # The template alone knows where an argument of the path stands; its value is found as it was read.
    at = text.find(f"/{violation.found}") + 1 if isinstance(violation.found, str) and violation.found else 0
    return Span(at, at + len(violation.found)) if at else None
