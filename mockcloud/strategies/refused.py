"""Refusals as a client may get them: every code of the catalogue, in any words.

Knows both languages of schemas and the deck of refusals. Law: the code, the status and what every refusal of the operation has in
common are the deck's; the rest is what the envelope allows.
"""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from mockcloud.contracts.model import Contract
from mockcloud.contracts.xml_schema import XmlSchema
from mockcloud.drafting.answers import bodies, pointers
from mockcloud.drafting.answers.refusals import refused, reworded, unheard
from mockcloud.drafting.cases import Answer
from mockcloud.drafting.decks import operation_of
from mockcloud.messages import Json
from mockcloud.strategies.elements import elements
from mockcloud.strategies.values import values


class Deck(NamedTuple):
    """The refusals of one operation, and the pointers at which all say the same."""

    contract: Contract
    cards: tuple[Answer, ...]
    common: frozenset[str]


def refusals(operation: str, *, unknown: bool = False) -> SearchStrategy[Answer]:
    """Every refusal of an operation: each code with its status, as the cloud words it and in other words.

    With `unknown` the codes are such as no document knows. Raises UsageError for an operation that is not there.
    """
    return _refusal(operation, unknown) if _deck(operation, unknown).cards else st.nothing()


@st.composite
def _refusal(draw: DrawFn, operation: str, unknown: bool) -> Answer:
    deck = _deck(operation, unknown)
    card = draw(st.sampled_from(deck.cards))
    if not draw(st.booleans()):
        return card
    message = draw(_drawn(deck.contract))
    kept = [(at, value) for at, value in pointers.leaves(card.document) if at in deck.common or _tells(card, value)]
    for at, value in kept:
        if pointers.standing(message, at) or _tells(card, value):
            pointers.put(message, at, value)
    return reworded(deck.contract, card, message) or card


def _tells(card: Answer, value: Json) -> bool:
    """Whether a value is the code or the status."""
    return str(value) in (card.code, str(card.status))


@cache
def _deck(operation: str, unknown: bool) -> Deck:
    contract, cards = operation_of(operation)[0].contract, unheard(operation) if unknown else refused(operation)
    said = [set(pointers.leaves(card.document)) for card in cards]
    common = {at for at, _ in set.intersection(*said)} if said else set()
    return Deck(contract, cards, frozenset(common))


def _drawn(contract: Contract) -> SearchStrategy[bodies.Message]:
    schema = contract.refusal.schema
    assert schema is not None  # noqa: S101  # the meta-schema asks for it
    return elements(schema, empties=False) if isinstance(schema, XmlSchema) else values(schema)
