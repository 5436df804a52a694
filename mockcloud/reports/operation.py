"""An operation as an object: how it is asked, what it reads, what it does, and how it can say no.

Knows which conditions an operation can meet. Law: an error is listed only where a rule or a condition leads to it.
"""

from __future__ import annotations

from mockcloud.contracts.catalogue import Answer
from mockcloud.contracts.model import Operation
from mockcloud.contracts.operations import conditions as own_conditions
from mockcloud.contracts.sources import sources
from mockcloud.messages import Json
from mockcloud.reports import listing, words
from mockcloud.reports.dossier import Dossier
from mockcloud.reports.fields import fields
from mockcloud.reports.provoked import provoked

_BEFORE = {"unknown-route", "unknown-method"}
"""Conditions of requests that are for no operation."""


def operation(entry: Dossier, one: Operation) -> dict[str, Json]:
    """Everything that there is to say of an operation."""
    selector = {"argument": one.selector.argument, "equals": one.selector.equals} if one.selector else None
    return {
        "kind": "operation",
        **listing.operation(entry, one),
        "sources": [source.as_json() for source in sources(entry.contract, one.evidence)],
        "partly": one.partly,
        "hosts": [host.example for host in entry.contract.hosts],
        "reads": one.reads,
        "root": one.root,
        "select": selector,
        "effect": words.effects(one, entry.contract),
        "references": [
            {"argument": given.argument, "resource": given.resource, "where": dict(given.where)} for given in one.references
        ],
        "source": one.source,
        "fields": fields(one),
        "rules": {"request": len(one.request.rules), "response": len(one.response.rules) if one.response else 0},
        "errors": _errors(entry, one),
        "planned": [code for code in entry.contract.errors.codes if one.id in provoked(entry, code).fail_next],
    }


def _errors(entry: Dossier, one: Operation) -> list[dict[str, Json]]:
    """The codes that the operation can earn, in the catalogue's order, each with the rules and conditions that earn it."""
    errors = entry.contract.errors
    found: dict[str, dict[str, Json]] = {}
    for rule in one.request.rules.values():
        answer = errors.broken(rule.id)
        assert answer is not None  # noqa: S101  # the loader refuses a rule that earns nothing
        _row(found, answer)["rules"] += 1
    for name in _conditions(entry, one):
        _row(found, errors.conditions[name])["conditions"].append(name)
    return [found[code] for code in errors.codes if code in found]


def _row(found: dict[str, dict[str, Json]], answer: Answer) -> dict[str, Json]:
    row = found.setdefault(answer.code, {"code": answer.code, "statuses": [], "rules": 0, "conditions": []})
    row["statuses"] = sorted({*row["statuses"], answer.status})
    return row


def _conditions(entry: Dossier, one: Operation) -> list[str]:
    contract = entry.contract
    of_operations = {name for each in contract.operations.values() for name in own_conditions(each, contract.resources)}
    never = (of_operations - own_conditions(one, contract.resources)) | _BEFORE
    never |= set() if one.source else {"unlisted-code"}
    return [name for name in contract.errors.conditions if name not in never]
