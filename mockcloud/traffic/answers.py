"""Judge an answer: by the schema of its operation, or by that of the vendor's refusals.

Knows the two envelopes of a contract. Law: where a status tells neither, the schema to which the answer is nearer decides.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from mockcloud.codecs.malformed import Malformed
from mockcloud.contracts.model import Contract, Operation, Schema
from mockcloud.contracts.xml_schema import XmlSchema
from mockcloud.messages import Json, Response, Violation
from mockcloud.pipeline import validation
from mockcloud.traffic import bare, findings
from mockcloud.traffic.findings import Text
from mockcloud.traffic.recorded import Recorded
from mockcloud.traffic.verdict import Finding, Outcome, Verdict


class Judged(NamedTuple):
    """How it ended, what is broken, and why it could not be judged."""

    outcome: Outcome
    findings: tuple[Finding, ...] = ()
    reason: str = ""


def verdict(recorded: Recorded, response: Response, contract: Contract, operation: Operation | None, asked: str) -> Verdict:
    """The verdict on the answer to a request of an operation; of an operation that is not known, refusals alone are judged."""
    judged = _judged(recorded, response, contract, operation)
    name, subject = operation.id if operation else "", f"{response.status} of {asked}"
    return Verdict(recorded.place, judged.outcome, "response", name, subject, judged.findings, judged.reason)


def _judged(recorded: Recorded, response: Response, contract: Contract, operation: Operation | None) -> Judged:
    if recorded.response_problem:
        return Judged(Outcome.UNJUDGED, reason=recorded.response_problem)
    if not response.body and response.status == contract.success.status and operation and operation.response is None:
        return Judged(Outcome.VALID)
    among, codec = tuple(_schemas(contract, operation, response.status)), contract.success.codec
    if not among:
        return Judged(Outcome.UNJUDGED, reason=f"nothing describes the body of an answer {response.status} to it")
    try:
        document: Json = bare.decoded(response.body, codec) if response.body or codec == "xml" else None
    except Malformed as problem:
        return Judged(Outcome.UNJUDGED, reason=f"the answer is not the {codec.upper()} that the vendor answers: {problem}")
    fitting = [(schema, message) for schema in among for message in _messages(schema, document)]
    if not fitting:
        wanted = " or ".join(dict.fromkeys(schema.root.name for schema in among if isinstance(schema, XmlSchema)))
        return Judged(Outcome.UNJUDGED, reason=f"the answer's root element is {str(document.tag)[:40]}, not {wanted}")
    if any(schema.accepts(message) for schema, message in fitting):
        return Judged(Outcome.VALID)
    schema, broken = min(((schema, schema.violations(message)) for schema, message in fitting), key=lambda pair: len(pair[1]))
    return Judged(Outcome.VIOLATIONS, tuple(of_schema(recorded, response.body, contract, schema, broken)))


def _schemas(contract: Contract, operation: Operation | None, status: int) -> Iterator[Schema]:
    """The schemas that an answer with a status may keep, the likelier first."""
    succeeded = status == contract.success.status
    if succeeded and operation is not None and operation.response is not None:
        yield operation.response
    refuses = not succeeded or any(answer.status == status for answer in contract.errors.codes.values())
    if refuses:
        assert contract.refusal.schema is not None  # noqa: S101  # the meta-schema asks for it
        yield contract.refusal.schema


def _messages(schema: Schema, document: Json) -> Iterator[Json]:
    """The message that a schema judges, if the document has its root; a body of JSON that is empty lacks everything."""
    if document is None:
        yield {}
    elif not isinstance(schema, XmlSchema):
        yield document
    elif document.tag == schema.root.name:
        yield schema.settle(document)


def of_schema(
    recorded: Recorded, body: bytes, contract: Contract, schema: Schema, broken: tuple[Violation, ...], *, line: int | None = None
) -> Iterator[Finding]:
    """The findings for the rules of a schema that a body breaks; `line` is where the body begins, if not the response's."""
    written = "xml" if isinstance(schema, XmlSchema) else bare.language(body)
    text = Text(body.decode("utf-8", "replace"), written, recorded.response_line if line is None else line)
    for violation in broken:
        evidence = schema.rules[violation.rule].evidence
        earned = contract.errors.broken(violation.rule) if schema.rules[violation.rule].side == "request" else None
        sourced = validation.sourced(contract, schema, violation)
        yield findings.located(sourced, text, recorded.place.line, evidence, earned.code if earned else "")
