"""Requests with exactly one thing wrong, labelled with it and with the refusal that the contract answers.

Knows rules and what is wrong before any rule is asked. Law: what is wrong is wrong with the bytes: decoded again, they break the
labelled rule and no other.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, partial
from typing import Final

from hypothesis import assume
from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from mockcloud.contracts.rules import Rule
from mockcloud.contracts.xml_schema import XmlSchema
from mockcloud.drafting import decks
from mockcloud.drafting.cases import SIGNED_AT, BrokenRequest
from mockcloud.drafting.decks import says
from mockcloud.drafting.requests.arguments import said
from mockcloud.drafting.requests.drafts import Draft, draft
from mockcloud.drafting.sessions.session import signer
from mockcloud.drafting.spoiling import strangers
from mockcloud.drafting.spoiling.breakages import breakages
from mockcloud.drafting.spoiling.breaking import breaks
from mockcloud.drafting.spoiling.minding import Trial
from mockcloud.errors import UsageError, nearest
from mockcloud.messages import Json, Request
from mockcloud.pipeline.service import WELL_KNOWN
from mockcloud.strategies.breaches import Breach
from mockcloud.strategies.drafts import Source, source

Way = Callable[[DrawFn], BrokenRequest]
"""Draws a broken request of one label."""


def broken_requests(operation: str, rule: str | None = None) -> SearchStrategy[BrokenRequest]:
    """Requests of an operation with one thing wrong: a rule broken, or what comes before rules: the body, the signature.

    `rule` is a rule's id, or the label of what comes before rules (`signature: Authorization removed`); None for any of them.

    Raises:
        UsageError: for an operation or rule that is not there, naming the nearest, and for a rule that no request breaks alone,
            saying why.
    """
    found = source(operation)
    if rule is None:
        return _any_of(tuple(ways(operation).values()), tuple(before(operation).values()))
    known = found.operation.request.rules
    if rule in known:
        return _one_of(_certain(found, known[rule]))
    labels = before(operation)
    if rule not in labels:
        raise UsageError(f"there is no rule '{rule}' of {operation}.{nearest(rule, [*known, *labels])}")
    return _one_of(labels[rule])


@st.composite
def _one_of(draw: DrawFn, way: Way) -> BrokenRequest:
    return way(draw)


@st.composite
def _any_of(draw: DrawFn, rules: tuple[Way, ...], others: tuple[Way, ...]) -> BrokenRequest:
    ways = rules if rules and (not others or draw(_SHARE) < RULES) else others
    return ways[draw(st.integers(0, len(ways) - 1))](draw)


RULES: Final = 3
"""So many of four requests break a rule, the others what comes before."""

_SHARE: Final = st.integers(0, 3)


@cache
def ways(operation: str) -> dict[str, Way]:
    """For each rule that some request breaks alone how one is drawn, by the rule's id."""
    found = source(operation)
    return {rule.id: way for rule in found.operation.request.rules.values() if not isinstance(way := _way(found, rule), str)}


@cache
def before(operation: str) -> dict[str, Way]:
    """What can be wrong before rules are asked, by its label: each that a cloud minds in the smallest request."""
    found, trial = source(operation), Trial(source(operation).contract)
    host = found.contract.hosts[0].example
    made: dict[str, Way] = {}
    for one in decks.smallest(operation):
        breaking = trial.breaking(found.operation, one.request(host))
        minded = (trial.minded(breaking, breakage) for breakage in breakages(breaking))
        made = {card.label: partial(_spoilt, found, trial, card) for card in minded if card is not None}
    return made


def _spoilt(source: Source, trial: Trial, certain: BrokenRequest, draw: DrawFn) -> BrokenRequest:
    """A drawn request with this wrong; the smallest one where the cloud does not mind it in the drawn one."""
    asked = source.draw(draw).request(source.contract.hosts[0].example)
    breaking = trial.breaking(source.operation, asked, draw(_CHARACTER))
    breakage = next((one for one in breakages(breaking) if one.label == certain.label), None)
    found = trial.minded(breaking, breakage) if breakage is not None else None
    return found if found is not None and found.code == certain.code else certain


_CHARACTER: Final = st.integers(-1, 63)


def _certain(source: Source, rule: Rule) -> Way:
    way = _way(source, rule)
    if isinstance(way, str):
        raise UsageError(f"no request breaks '{rule.id}' alone: {way}")
    return way


def _way(source: Source, rule: Rule) -> Way | str:
    """How requests that break the rule alone are drawn, or why there are none."""
    taken = strangers.taken(source.contract, source.operation, rule)
    if taken is not None:
        return f"it would be a request for {taken.id}"
    if source.contract.errors.broken(rule.id) is None:
        return "nothing is refused for it"
    lets = source.contract.errors.passed_over(rule.id, source.contract.defaults)
    if lets:
        return f"the setting '{lets}' lets everybody break it, as long as nobody sets it otherwise"
    sign, host = partial(_sign, source), source.contract.hosts[0].example
    if isinstance(source.operation.request, XmlSchema):
        return _of_document(source, rule)
    breach = Breach(source, rule, sign, host)
    if breach.certain is None:
        return _beside(source, rule, breach)
    return lambda draw: _of_bytes(source, rule, *breach.draw(draw))


def _sign(source: Source, asked: Request) -> Request:
    return signer(source.contract)(asked, WELL_KNOWN, SIGNED_AT)


def _of_document(source: Source, rule: Rule) -> Way | str:
    from mockcloud.strategies.broken_elements import broken_elements

    schema = source.operation.request
    assert isinstance(schema, XmlSchema)  # noqa: S101  # plain data is broken by the other engine
    try:
        documents = broken_elements(schema, rule)
    except UsageError as impossible:
        return str(impossible).partition(": ")[2]

    def draw_one(draw: DrawFn) -> BrokenRequest:
        drawn = source.around(draw, draw(documents))
        asked = _sign(source, drawn.request(source.contract.hosts[0].example))
        assume(breaks(rule.operation, asked) == {rule.id})
        return _of_bytes(source, rule, asked, None)

    return draw_one


def _of_bytes(source: Source, rule: Rule, asked: Request, message: Json) -> BrokenRequest:
    code, status = _refusal(source, rule, asked)
    if message is None:
        arguments = said(source.contract, source.operation, asked)
    else:
        arguments = dict(source.arguments(Draft(source.operation, message, {})))
    return BrokenRequest(source.operation.id, rule.id, rule.id, code, status, arguments, asked, says(rule))


def _refusal(source: Source, rule: Rule, asked: Request) -> tuple[str, int]:
    """The code and the status that a request with a broken rule earns."""
    selector = source.operation.selector
    if selector is not None and rule.path == selector.argument:
        # Which operation is meant is asked before any rule, and nothing given is another refusal than something unknown.
        exchange = Trial(source.contract).asked(asked)
        return exchange.refusal, exchange.response.status
    earned = source.contract.errors.broken(rule.id)
    assert earned is not None  # noqa: S101  # a rule that nothing is refused for has no way
    return earned.code, earned.status


def _beside(source: Source, rule: Rule, breach: Breach) -> str:
    """What else whoever breaks the rule breaks as well."""
    base = next(iter(breach.changes.notable), None)
    if base is None:
        return "no value was found that breaks it"
    smallest = draft(source.operation)
    if smallest is None:
        return "no request of the operation was found that is valid"
    asked = _sign(source, smallest.changed(base.items()).request(source.contract.hosts[0].example))
    others = sorted(breaks(source.operation.id, asked) - {rule.id})
    return f"what breaks it breaks {others[0]} as well" if others else "the wire does not carry what would break it"
