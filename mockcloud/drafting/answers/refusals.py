"""The deck of refusals: every code of the catalogue as an operation's requests are refused with it, and codes that nobody knows.

Knows catalogues and envelopes, no vendor. Law: the bytes are those that the cloud answers.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import cache

from mockcloud.contracts.model import Contract
from mockcloud.contracts.vocabulary import CONDITIONS
from mockcloud.drafting.answers import bodies, heads, pointers
from mockcloud.drafting.answers.novelties import another
from mockcloud.drafting.answers.receiving import Reception
from mockcloud.drafting.cases import Answer
from mockcloud.drafting.decks import operation_of
from mockcloud.messages import Refusal
from mockcloud.pipeline import rendering


@cache
def refused(operation: str) -> tuple[Answer, ...]:
    """An operation's refusal with each code that requests can earn, and with each status that a condition gives one of them.

    Raises UsageError for an operation that is not there.
    """
    reception = Reception(operation)
    different: dict[tuple[str, int], Answer] = {}
    for made in (_refusal(reception, reason) for reason in _reasons(reception)):
        different.setdefault((made.code, made.status), made)
    return tuple(different.values())


@cache
def unheard(operation: str) -> tuple[Answer, ...]:
    """Refusals with a code that no document knows, one for each status that refusals have."""
    kinds = {one.status: one for one in refused(operation)}
    made = (_renamed(Reception(operation), one) for one in kinds.values())
    return tuple(one for one in made if one is not None)


@cache
def bare(operation: str) -> tuple[Answer, ...]:
    """Refusals without all that their envelope can do without, one for each status that refusals have."""
    kinds = {one.status: one for one in refused(operation)}
    made = (_barest(operation_of(operation)[0].contract, one) for one in kinds.values())
    return tuple(one for one in made if one is not None)


def _reasons(reception: Reception) -> Iterator[str]:
    errors = reception.contract.errors
    yield from (code for code in errors.codes if errors.request_code(code))
    yield from (name for name in _conditions(reception) if name in errors.conditions)


def _conditions(reception: Reception) -> Iterator[str]:
    """The conditions that a request of the operation can meet."""
    yield from sorted(CONDITIONS)
    for effect in reception.operation.effects:
        yield from effect.conditions(reception.contract.resources)


def _refusal(reception: Reception, reason: str) -> Answer:
    rendered = rendering.refusal(reception.call(), Refusal(reason))
    response = rendered.response
    document = bodies.decoded(reception.contract.refusal.codec, response.body)
    return Answer(reception.operation.id, response.status, document, response.body, response.headers, rendered.code)


def _renamed(reception: Reception, known: Answer) -> Answer | None:
    """The refusal with another code wherever its own stands; None where it stands nowhere, or the envelope takes no other."""
    contract = reception.contract
    found = [(at, value) for at, value in pointers.leaves(known.document) if str(value) == known.code]
    if not found:
        return None
    code = another(found[0][1], list(contract.errors.codes))
    message = bodies.message(contract.refusal.codec, known.body)
    for at, _ in found:
        pointers.put(message, at, code)
    made = reworded(contract, known, message)
    return None if made is None else replace(made, code=str(code), unknown=tuple(at for at, _ in found), known=known)


def _barest(contract: Contract, known: Answer) -> Answer | None:
    """The refusal without everything that can be missing alone; None where nothing can, or not all of it together."""
    told = [at for at, value in pointers.leaves(known.document) if str(value) not in (known.code, str(known.status))]
    spare = [at for at in told if _without(contract, known, [at]) is not None]
    return _without(contract, known, spare) if spare else None


def _without(contract: Contract, known: Answer, places: list[str]) -> Answer | None:
    message = bodies.message(contract.refusal.codec, known.body)
    # From the last one on, so that what stands before it in a list keeps its number.
    for at in reversed(places):
        pointers.take(message, at)
    return reworded(contract, known, message)


def reworded(contract: Contract, known: Answer, message: bodies.Message) -> Answer | None:
    """The refusal that says this instead; None for what the envelope does not take."""
    schema = contract.refusal.schema
    if schema is None or not schema.accepts(message):
        return None
    body, document = bodies.encoded(message), bodies.document(message)
    headers = heads.like(known.headers, known.document, document, body)
    return replace(known, document=document, body=body, headers=headers)
