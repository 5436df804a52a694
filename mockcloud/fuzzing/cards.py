"""The decks, asked of a server: what is valid, what breaks one rule, what is wrong before rules are asked.

Knows one operation at a time. Law: a broken request is valid but for one thing, what it names included.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from mockcloud.contracts import folders, sketches
from mockcloud.contracts.model import Operation
from mockcloud.contracts.rules import Rule
from mockcloud.drafting import decks
from mockcloud.drafting.requests.drafts import Draft
from mockcloud.drafting.sessions.session import Session
from mockcloud.drafting.spoiling import strangers
from mockcloud.drafting.spoiling.breaking import broken
from mockcloud.drafting.spoiling.strangers import Spoilt
from mockcloud.fuzzing import tampering
from mockcloud.fuzzing.judging import Wanted
from mockcloud.fuzzing.pair import Pair
from mockcloud.messages import Request
from mockcloud.pipeline import routing
from mockcloud.pipeline.service import chosen_settings

Cards = Iterator[None]
"""Asks one card each time it is moved on."""

NOBODY = "mockcloud-nobody"
"""The id of nothing."""

Spoiling = Callable[[Session, Draft], Iterator[Spoilt]]


def valid(pair: Pair, operation: Operation) -> Cards:
    """Every valid request of the deck, the first of them once more where it keeps something, and of what is not there."""
    deck = decks.drafts(operation.id)
    for place, draft in enumerate(deck):
        pair.scene.prepare(operation)
        placed = pair.scene.placed(draft)
        vector, _ = pair.both(placed, f"A valid request of {operation.name}.")
        if not place and not vector.accepted:
            placed = _otherwise(pair, operation, draft) or placed
        if not place and operation.keeps:
            pair.both(placed, f"The same request of {operation.name} once more.", "again")
        yield
    for draft in _of_nobody(pair, operation):
        pair.both(draft, f"A request of {operation.name} that names what is not there.", "of nobody")
        yield


def _of_nobody(pair: Pair, operation: Operation) -> Iterator[Draft]:
    """Requests that name what is not there: whatever they are about, then each thing that they refer to."""
    deck = decks.drafts(operation.id)
    if any("id" in one.entry or "ids" in one.entry for one in operation.effects):
        yield from deck[:1]
    for reference in operation.references:
        naming = next((one for one in deck if isinstance(one.at(reference.argument), str)), None)
        if naming is not None:
            yield pair.scene.placed(naming.changed([(reference.argument, NOBODY)]), reference.argument)


def _otherwise(pair: Pair, operation: Operation, draft: Draft) -> Draft | None:
    """The draft about things that were made in another way, where our own cloud takes it so."""
    for _ in pair.scene.otherwise(operation):
        placed = pair.scene.placed(draft)
        if pair.both(placed, f"A valid request of {operation.name}.")[0].accepted:
            return placed
    return None


def rules(pair: Pair, operation: Operation) -> Cards:
    """For each rule that counts a request that breaks it alone."""
    pair.scene.prepare(operation)
    own = pair.bases(decks.drafts(operation.id)[: decks.BASES])
    for rule in counting(pair, operation):
        earned = pair.contract.errors.broken(rule.id)
        asked = broken(rule, own, pair.client.signed, pair.client.host)
        if asked is not None and earned is not None:
            says = decks.says(rule)
            own_rule = Wanted(rule.id, says, rule.evidence, earned.code, earned.status)
            wanted = pair.gated(operation, asked, says) or own_rule
            for one in pair.judging.deviations(pair.hear(operation, asked), wanted):
                pair.told(one)
        yield


def counting(pair: Pair, operation: Operation) -> list[Rule]:
    """The rules of an operation that a server has to hold requests to, by its settings."""
    errors, settings = pair.contract.errors, chosen_settings(pair.contract, pair.target.settings)
    return [
        rule
        for rule in operation.request.rules.values()
        if errors.broken(rule.id) is not None
        and strangers.taken(pair.contract, operation, rule) is None
        and errors.counts(rule.id, settings, strict=pair.target.strict)
    ]


def spoilt(pair: Pair, operation: Operation) -> Cards:
    """What is wrong with a request before its rules are asked: nobody's signature, no such method, half a body."""
    yield from _spoilt(pair, operation, strangers.of_operation)
    yield from _spoilt(pair, operation, tampering.of_operation)


def strange(pair: Pair, operation: Operation) -> Cards:
    """What can be wrong with a request of any operation: this one stands for all."""
    yield from _spoilt(pair, operation, strangers.of_provider)
    yield from _spoilt(pair, operation, strangers.of_selection)
    yield from _spoilt(pair, operation, tampering.of_signature)


def _spoilt(pair: Pair, operation: Operation, of: Spoiling) -> Cards:
    pair.scene.prepare(operation)
    let_in = False
    for draft in decks.smallest(operation.id):
        placed = pair.scene.placed(draft)
        theirs = pair.translated(placed)
        if theirs is None:
            return
        for ours, asked in _alike(of(pair, placed), of(pair.client, theirs)):
            pair.cloud.handle(ours.request)
            exchange = pair.cloud.journal.last
            let_in = let_in or not exchange.refusal
            # What was let in may be why the next is refused; the server was not asked that.
            alone = not let_in or pair.alone(ours.request).reason == exchange.reason
            if exchange.refusal and alone and _is_ours(pair, asked.request):
                heard = pair.hear(operation, asked.request)
                for one in pair.judging.deviations(heard, pair.wanted(exchange, operation, asked.says, asked.name)):
                    pair.told(one)
            yield


def _alike(ours: Iterator[Spoilt], theirs: Iterator[Spoilt]) -> Iterator[tuple[Spoilt, Spoilt]]:
    """What is spoilt in the same way, as it comes: each request is signed when it is its turn."""
    for one in ours:
        # Whether two signatures are the same can depend on the moment, and with it whether there is such a request.
        other = next((each for each in theirs if each.name == one.name), None)
        if other is not None:
            yield one, other


def _is_ours(pair: Pair, request: Request) -> bool:
    """Whether the server can tell whose a request is: at a host that is no vendor's, only the paths say it."""
    own = [sketches.sketch(folders.chosen([pair.contract.name])[pair.contract.name])]
    return bool(routing.by_host(request.host, own) or routing.by_path(request, own))
