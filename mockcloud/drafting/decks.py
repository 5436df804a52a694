"""Decks: the cases of an operation that are always tried, the most telling first. No chance is in them.

Knows drafts, their variants and how they are broken. Law: a deck is the same in every process, and every card of it was
judged by its bytes.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Final

from mockcloud.contracts.model import Operation
from mockcloud.contracts.routes import in_path
from mockcloud.contracts.rules import Rule
from mockcloud.contracts.xml_schema import XmlSchema
from mockcloud.drafting.cases import BrokenRequest, ValidRequest
from mockcloud.drafting.requests.arguments import as_arguments, said
from mockcloud.drafting.requests.drafts import Draft, draft
from mockcloud.drafting.requests.variants import fullest, variants
from mockcloud.drafting.sessions.session import Session, signer
from mockcloud.drafting.spoiling import strangers
from mockcloud.drafting.spoiling.breakages import breakages
from mockcloud.drafting.spoiling.breaking import broken as broken_alone
from mockcloud.drafting.spoiling.minding import Trial
from mockcloud.errors import UsageError, nearest
from mockcloud.messages import Request
from mockcloud.reports.dossier import Dossier, dossier

BASES: Final = 12
"""How many valid requests are tried as the ones to break."""


def operation_of(name: str) -> tuple[Dossier, Operation]:
    """An operation by its id, with its provider's dossier. Raises UsageError for one that is not there, naming the nearest."""
    provider, _, rest = name.partition(".")
    entry = dossier(provider)
    if rest not in entry.contract.operations:
        known = (one.id for one in entry.contract.operations.values())
        raise UsageError(f"there is no operation '{name}'.{nearest(name, known)}")
    return entry, entry.contract.operations[rest]


@cache
def valid(operation: str) -> tuple[ValidRequest, ...]:
    """Valid requests: the smallest, one for each value that a rule lists or bounds, and the fullest.

    Raises UsageError for an operation that is not there, and for one of a provider that signs nothing.
    """
    session = Session(operation_of(operation)[0])
    return tuple(_case(session, one) for one in drafts(operation))


@cache
def drafts(operation: str) -> tuple[Draft, ...]:
    """The drafts of the valid deck; none where no request was found that keeps every rule."""
    different: dict[Request, Draft] = {}
    for least in smallest(operation):
        full = fullest(least)
        different = {one.request(""): one for one in (least, *(one.draft for one in variants(least, full)), full)}
    return tuple(different.values())


@cache
def smallest(operation: str) -> tuple[Draft, ...]:
    """The first of them alone, which is soon found."""
    found = operation_of(operation)[1]
    # A document holds no argument of the path; those of plain data are in it, whatever they are here.
    in_url = {f"/{one.name}": "x" for one in in_path(found)} if isinstance(found.request, XmlSchema) else {}
    least = draft(found, in_url)
    return () if least is None else (least,)


def one_by_one(operation: Operation) -> Iterator[Draft]:
    """The drafts of an operation, of which no more are made than are asked for: mostly the first will do."""
    yield from smallest(operation.id)
    yield from drafts(operation.id)[1:]


@cache
def broken(operation: str) -> tuple[BrokenRequest, ...]:
    """For each rule a request that breaks it and nothing else, then what is wrong with requests before rules are asked.

    A rule that no request breaks alone has no card. Raises UsageError as `valid` does.
    """
    entry, found = operation_of(operation)
    session = Session(entry)
    return (*_of_rules(session, found), *_of_breakages(session, found))


def _case(session: Session, one: Draft) -> ValidRequest:
    arguments = as_arguments(session.contract, one)
    return ValidRequest(one.operation.id, arguments, one, session.host, signer(session.contract))


def _of_rules(session: Session, operation: Operation) -> Iterator[BrokenRequest]:
    bases = drafts(operation.id)[:BASES]
    for rule in operation.request.rules.values():
        if not strangers.taken(session.contract, operation, rule):
            asked = broken_alone(rule, bases, session.signed, session.host)
            earned = session.contract.errors.broken(rule.id)
            if asked is not None and earned is not None:
                arguments = said(session.contract, operation, asked)
                code, status = earned.code, earned.status
                yield BrokenRequest(operation.id, rule.id, rule.id, code, status, arguments, asked, says(rule))


def says(rule: Rule) -> str:
    """What is wrong with a request that breaks the rule, in a sentence."""
    return f"{rule.path[1:].replace('/', '.') or 'The request'} {rule.reason}."


def _of_breakages(session: Session, operation: Operation) -> Iterator[BrokenRequest]:
    trial = Trial(session.contract)
    for one in drafts(operation.id)[:1]:
        breaking = trial.breaking(operation, one.request(session.host))
        minded = (trial.minded(breaking, breakage) for breakage in breakages(breaking))
        yield from (card for card in minded if card is not None)
