"""Answers as a client may get them: every documented one, what may be new one day, and every refusal.

Knows both languages of schemas and the decks. Law: a documented answer keeps the schema of its operation; of one with something
unknown `known` does, which is the same without it.
"""

from __future__ import annotations

import xml.etree.ElementTree as ET
from functools import cache
from typing import Final

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from mockcloud.contracts.xml_schema import XmlSchema
from mockcloud.drafting.answers import answers, bodies, coherence, novelties
from mockcloud.drafting.answers.novelties import Novelty
from mockcloud.drafting.answers.replies import Replies, replies
from mockcloud.drafting.answers.successes import granting
from mockcloud.drafting.cases import Answer
from mockcloud.drafting.sessions.session import START
from mockcloud.drafting.tasks.paths import codes
from mockcloud.strategies.elements import elements
from mockcloud.strategies.values import values

YEARS: Final = 20 * 365 * 86_400
"""How far the times of answers are from the usual one, in seconds."""

SPACES: Final = ("", answers.SPACE, " ", "\t\r\n")
"""The white space between the elements of a document."""

NEW: Final = 4
"""How many things are new in one answer, at most."""


def responses(operation: str, *, unknown: bool = False) -> SearchStrategy[Answer]:
    """Every documented answer of an operation: members missing, lists of any length, every state, every value and boundary.

    With `unknown` there are members, attributes, states, codes and values in it that no document knows.
    Raises UsageError for an operation that is not there.
    """
    known = replies(operation)
    if known is None:
        return st.just(answers.documented(operation)[0])
    return _renewed(operation) if unknown else _answer(operation)


@st.composite
def _answer(draw: DrawFn, operation: str) -> Answer:
    known = _replies(operation)
    return answers.answer(known, _message(draw, known), _space(draw, known))


@st.composite
def _renewed(draw: DrawFn, operation: str) -> Answer:
    known = _replies(operation)
    message = _message(draw, known)
    found = novelties.novelties(known, message)
    chosen = draw(st.lists(st.sampled_from(found), min_size=1, max_size=NEW, unique_by=_place))
    return answers.renewed(known, message, chosen, answers.answer(known, message))


def _replies(operation: str) -> Replies:
    known = replies(operation)
    assert known is not None  # noqa: S101  # the strategy of an answer without a body is another
    return known


def _place(novelty: Novelty) -> str:
    return novelty.at


def _message(draw: DrawFn, known: Replies) -> bodies.Message:
    message, moods = granting(known, draw(_drawn(known.operation.id))), coherence.moods(known.operation.id)
    if not moods:
        return message
    mood = draw(st.sampled_from(moods))
    code = draw(st.sampled_from(codes(known.contract.errors))) if mood.codes else ""
    return coherence.coherent(known, mood, message, START + draw(st.integers(0, YEARS)), code)


@cache
def _drawn(operation: str) -> SearchStrategy[bodies.Message]:
    schema = _replies(operation).full.operation.request
    return elements(schema, empties=False) if isinstance(schema, XmlSchema) else values(schema)


def _space(draw: DrawFn, known: Replies) -> str:
    document = isinstance(known.full.message, ET.Element)
    return draw(st.sampled_from(SPACES)) if document else ""
