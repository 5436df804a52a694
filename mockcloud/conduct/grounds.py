"""What the contract says of that which a deviation is about, and where it is written down.

Knows rules, codes and places, and their evidence. Law: what nobody documents names no document.
"""

from __future__ import annotations

from collections.abc import Iterable

from mockcloud.conduct.members import plain
from mockcloud.conduct.subject import Subject
from mockcloud.conduct.verdict import Deviation
from mockcloud.contracts.evidence import listed
from mockcloud.contracts.rules import Rule
from mockcloud.contracts.sources import first_document
from mockcloud.reports.words import is_named, phrase


def ground(subject: Subject, deviation: Deviation) -> str:
    """One line: the rule, the code, the place or the operation, and its document."""
    if deviation.rule:
        return _of_rule(subject, deviation.rule)
    if deviation.code:
        return _of_code(subject, deviation.code)
    if deviation.at:
        return _of_place(subject, deviation.at, answered=deviation.answered)
    return f"{subject.operation.id}{_document(subject, subject.operation.evidence)}"


def _of_rule(subject: Subject, name: str) -> str:
    rule = subject.operation.request.rules.get(name)
    if rule is None:
        return name
    return f"{name}: {rule.reason if is_named(rule) else phrase(rule)}{_document(subject, rule.evidence)}"


def _of_code(subject: Subject, code: str) -> str:
    entry = subject.dossier.errors["codes"].get(code)
    if entry is None:
        return f"{code}, which no document knows yet"
    return f"{subject.dossier.name}:{code}{_document(subject, listed(entry['evidence']))}"


def _of_place(subject: Subject, at: str, *, answered: bool) -> str:
    operation = subject.operation
    schema = operation.response if answered else operation.request
    rules = () if schema is None else schema.rules.values()
    place = f"{operation.id}/{'response' if answered else 'request'}#{plain(at)}"
    return f"{place}{_document(subject, _evidence(rules, plain(at)) or operation.evidence)}"


def _evidence(rules: Iterable[Rule], at: str) -> tuple[str, ...]:
    """The evidence of a rule about a place, else about the nearest place above it."""
    found = {plain(rule.path): rule.evidence for rule in rules}
    while at and at not in found:
        at = at.rpartition("/")[0]
    return found.get(at, ()) if at else ()


def _document(subject: Subject, evidence: Iterable[str]) -> str:
    source = first_document(subject.contract, evidence)
    if source is None:
        return ""
    return f" [{source.name}{'' if source.place is None else f' line {source.place}'}]"
