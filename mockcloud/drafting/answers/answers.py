"""The deck of answers: every shape that a documented success has, and what no document knows yet. No chance is in it.

Knows answers as drafts, no vendor. Law: a documented answer keeps the schema of its operation; one with something unknown keeps
it again when that is taken out, and `known` is the same answer without it.
"""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import cache

from mockcloud.drafting.answers import bodies, novelties, pointers
from mockcloud.drafting.answers.novelties import Novelty
from mockcloud.drafting.answers.receiving import Reception
from mockcloud.drafting.answers.replies import Replies, replies
from mockcloud.drafting.cases import Answer
from mockcloud.drafting.requests import places
from mockcloud.drafting.requests.drafts import Change, Draft, Times
from mockcloud.drafting.requests.variants import values
from mockcloud.messages import Response
from mockcloud.reports.json_values import ABSENT

SPACE = "\n  "
"""The white space of a document that is set for people to read."""


@cache
def documented(operation: str) -> tuple[Answer, ...]:
    """Documented answers: the smallest, the fullest, the cloud's own, then one for each thing that may be otherwise.

    An operation whose answers have no body has one. Raises UsageError for an operation that is not there.
    """
    known = replies(operation)
    if known is None:
        empty = Reception(operation).success()
        return (Answer(operation, empty.status, None, empty.body, empty.headers),)
    made = [*(answer(known, draft.message) for draft in _drafts(known)), *_arranged(known)]
    return tuple({one.body: one for one in made}.values())


@cache
def fullest(operation: str) -> Answer:
    """The documented answer with the most members. Raises UsageError for an operation that is not there."""
    known = replies(operation)
    return documented(operation)[0] if known is None else answer(known, known.full.message)


@cache
def unknown(operation: str) -> tuple[Answer, ...]:
    """The fullest answer with what does not exist yet: everywhere at once, then in each place alone."""
    known = replies(operation)
    if known is None:
        return ()
    full, found = answer(known, known.full.message), novelties.novelties(known, known.full.message)
    # Of a long list one element stands for all.
    each = {pointers.place(known.full.message, one.at): (one,) for one in reversed(found)}
    made = (renewed(known, known.full.message, new, full) for new in (found, *reversed(each.values())))
    return tuple({one.body: one for one in made}.values())


def renewed(known: Replies, message: bodies.Message, new: Sequence[Novelty], without: Answer) -> Answer:
    """A message as the answer that it makes with these novelties in it."""
    made = answer(known, novelties.put(message, new))
    return replace(made, unknown=tuple(one.at for one in new), known=without)


def answer(known: Replies, message: bodies.Message, between: str = "") -> Answer:
    """A message as the answer that it makes."""
    response: Response = known.response(message, between)
    document = bodies.document(message)
    return Answer(known.operation.id, response.status, document, response.body, response.headers)


def _drafts(known: Replies) -> Iterator[Draft]:
    yield _smallest(known.full)
    yield known.full
    yield from (reply.draft for reply in known.seen)
    schema = known.full.operation.request
    for at, _ in places.members(schema):
        yield from _changed(_showing(known, at), [[(at, ABSENT)]])
    for at, twice in places.repeatable(schema):
        yield from _changed(_showing(known, at), _lengths(known.full, at, twice))
    for rule in schema.rules.values():
        # The states and codes that the cloud shows are in its own answers, with all that goes with them.
        shown = _shown(known, rule.path) if rule.path in (*known.states, *known.codes) else ()
        new = (value for value in values(schema, rule) if str(value) not in shown)
        yield from _changed(_showing(known, rule.path), ([(rule.path, value)] for value in new))


def _showing(known: Replies, at: str) -> Draft | None:
    """The fullest answer that shows something in a place, None where none does."""
    return next((one for one in (known.full, *(reply.draft for reply in known.seen)) if one.at(at) is not ABSENT), None)


def _shown(known: Replies, at: str) -> set[str]:
    return {str(reply.draft.at(at)) for reply in known.seen}


def _smallest(full: Draft) -> Draft:
    smallest = full
    for at, _ in places.members(full.operation.request):
        smallest = next(_changed(smallest, [[(at, ABSENT)]]), smallest)
    return smallest


def _changed(draft: Draft | None, changes: Iterable[Change]) -> Iterator[Draft]:
    """The draft with each change that the schema takes."""
    made = (draft.changed(change) for change in changes) if draft is not None else ()
    yield from (one for one in made if one.accepted())


def _lengths(full: Draft, at: str, twice: Iterable[Change]) -> Iterator[Change]:
    """A list empty, with one element and with two. Of a document's elements, none is what is left out."""
    found = full.at(at)
    if isinstance(full.message, ET.Element):
        yield [(at, Times(2))]
    elif isinstance(found, list):
        yield [(at, [])]
        yield from ([(at, found[:1] * count)] for count in (1, 2)) if found else twice


def _arranged(known: Replies) -> Iterator[Answer]:
    """The fullest document with its elements in another order, and with white space between them."""
    if isinstance(known.full.message, ET.Element):
        yield answer(known, _reversed(known.full.message))
        yield answer(known, known.full.message, SPACE)


def _reversed(element: ET.Element) -> ET.Element:
    """The element with every group of children in reverse order; those of one name stay in theirs."""
    made = ET.Element(element.tag)
    made.text = element.text
    names = list(dict.fromkeys(child.tag for child in element))
    for name in reversed(names):
        made.extend(_reversed(child) for child in element.findall(name))
    return made
