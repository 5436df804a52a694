"""The rules as a list: of everything, of a provider, of an operation.

Knows how a rule is told in one object. Law: each object has the documented keys, whatever the rule.
"""

from __future__ import annotations

import re

from mockcloud.contracts import folders
from mockcloud.contracts.rules import Rule
from mockcloud.contracts.sources import first_document, sources
from mockcloud.messages import Json
from mockcloud.reports.dossier import Dossier, dossier, dossiers
from mockcloud.reports.names import unknown


def rules(of: str = "") -> list[Json]:
    """The rules of a provider or an operation as objects, of everything without a name.

    The rules of callbacks and refusals belong to no operation: they are listed by the names `<provider>.<callback>` and
    `<provider>.refusal` only.
    Raises UsageError for a name that is neither.
    """
    return [described(entry, rule) for entry, rule in chosen(of)]


def chosen(of: str = "") -> list[tuple[Dossier, Rule]]:
    """The rules that a name stands for, each with the dossier that it is from. Raises UsageError."""
    if not of:
        return [(entry, rule) for entry in dossiers() for rule in _of_operations(entry)]
    provider = of.partition(".")[0]
    if provider in folders.known():
        entry = dossier(provider)
        if of == provider:
            return [(entry, rule) for rule in _of_operations(entry)]
        if of in _owners(entry):
            return [(entry, rule) for rule in entry.rules() if rule.operation == of]
    known = [name for entry in dossiers() for name in (entry.name, *_owners(entry))]
    hint = " `mockcloud explain` tells of one rule or code." if "#" in of or ":" in of else ""
    raise unknown("provider or operation", of, known, hint, like=re.split("[/:]", of)[0])


def described(entry: Dossier, rule: Rule) -> dict[str, Json]:
    """One rule as an object."""
    document = first_document(entry.contract, rule.evidence)
    return {
        "id": rule.id,
        "operation": rule.operation,
        "side": rule.side,
        "path": rule.path,
        "constraint": rule.constraint,
        "demand": rule.demand,
        "reason": rule.reason,
        "evidence": list(rule.evidence),
        "document": document.name if document else None,
        "line": document.place if document else None,
        "refusal": entry.refusal(rule),
        "sources": [source.as_json() for source in sources(entry.contract, rule.evidence)],
    }


def _owners(entry: Dossier) -> list[str]:
    operations = [one.id for one in entry.contract.operations.values()]
    return list(dict.fromkeys([*operations, *(rule.operation for rule in entry.rules())]))


def _of_operations(entry: Dossier) -> list[Rule]:
    return [rule for side in entry.sides() if side.operation for rule in side.schema.rules.values()]
