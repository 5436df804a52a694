"""Judge the request against its schema: every violation, each naming its rule.

Knows neither JSON Schema nor XSD: the contract's schemas do. Law: the fast validator only ever says "valid".
"""

from __future__ import annotations

from dataclasses import replace

from mockcloud.contracts.model import Contract, Schema
from mockcloud.contracts.sources import first_document
from mockcloud.messages import Json, Refusal, Violation
from mockcloud.pipeline.call import Call


def check(call: Call) -> None:
    """Refuse a request that breaks a rule, with what the most urgent of the broken rules earns."""
    schema = call.operation.request
    if schema.accepts(call.document):
        return
    violations = violations_of(call)
    if not violations:
        call.note = passed_over(call)
        return
    first = min(violations, key=lambda violation: call.contract.errors.rank(violation.rule))
    raise Refusal("", violations=(first, *(other for other in violations if other is not first)), **fields(first))


def violations_of(call: Call) -> tuple[Violation, ...]:
    """Every rule that the request breaks and that counts under its settings, with the document that it comes from."""
    found = call.operation.request.violations(call.document)
    counts = call.contract.errors.counts
    schema = call.operation.request
    return tuple(sourced(call.contract, schema, one) for one in found if counts(one.rule, call.settings, strict=call.strict))


def passed_over(call: Call) -> str:
    """What is wrong with a request that is let through all the same, for the journal."""
    schema = call.operation.request
    found = (sourced(call.contract, schema, one) for one in schema.violations(call.document))
    by = ((one, call.contract.errors.passed_over(one.rule, call.settings)) for one in found)
    return "; ".join(f"{one}, which the setting {setting} lets pass" for one, setting in by if setting)


def sourced(contract: Contract, schema: Schema, violation: Violation) -> Violation:
    """The violation with the document and the line of its rule."""
    source = first_document(contract, schema.rules[violation.rule].evidence)
    return violation if source is None else replace(violation, document=source.name, line=source.place)


def fields(violation: Violation) -> dict[str, Json]:
    """The fields that a violation offers to a message."""
    where = violation.where
    return {
        "name": where.rpartition("/")[2],
        "where": where,
        "field": where.lstrip("/").replace("/", "."),
        "reason": violation.reason,
        "rule": violation.rule,
    }
