"""The messages that a cloud sends about the tasks of an operation: at each end, in each form, under each setting.

Knows wishes and ways through state tables, no vendor. Law: headers and body are those that the cloud sends, byte for byte.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import NamedTuple

from mockcloud.codecs.malformed import Malformed
from mockcloud.contracts.model import Contract, Operation
from mockcloud.drafting import bodies, decks, others, paths, showing
from mockcloud.drafting.paths import Path
from mockcloud.drafting.stage import Stage, taken
from mockcloud.drafting.wishes import Wish, settings, variations, wishes
from mockcloud.messages import Json, Pairs
from mockcloud.reports.dossier import Dossier
from mockcloud.state.messenger import Message as Sent


@dataclass(frozen=True)
class Message:
    """A message to a client, by its name in the contract.

    `state` is the final state of the task that it is about, `code` that of its failure, both empty for one that is about no task.
    `document` is the body as plain data, of XML what stands in the root; a text where it is neither JSON nor XML. `settings` are
    those of the cloud that were not the usual ones.
    """

    operation: str
    name: str
    state: str
    code: str
    headers: Pairs
    document: Json = field(repr=False)
    body: bytes = field(repr=False)
    settings: Mapping[str, Json] = field(default_factory=dict)


@cache
def messages(operation: str) -> tuple[Message, ...]:
    """Every message that a task made by an operation leads to, and those with which the operation itself asks the client.

    Raises UsageError for an operation that is not there.
    """
    entry, found = decks.operation_of(operation)
    told = [*_of_tasks(entry, found), *_asked(entry, found)] if entry.contract.callbacks else []
    different: dict[object, Message] = {}
    for one in told:
        different.setdefault((one.headers, one.body), one)
    return tuple(different.values())


class End(NamedTuple):
    """A way to the end of a task, and the code with which it fails, empty for a task that does not."""

    path: Path
    failure: str = ""


def _of_tasks(entry: Dossier, maker: Operation) -> Iterator[Message]:
    ends, told = _ends(entry.contract, maker), dict[object, tuple[str, Wish]]()
    smallest = taken(maker.id)
    ways = wishes(entry.contract, smallest) if smallest is not None and ends else ()
    for wish in (wish for way in ways for wish in way):
        for message in _told(entry, wish, ends[0], {}):
            told.setdefault((message.headers, message.body), (message.name, wish))
            yield message
    for name, wish in told.values():
        yield from (message for end in ends[1:] for message in _told(entry, wish, end, {}))
        for chosen in settings(entry.contract, name):
            yield from (message for end in _each_state(ends) for message in _told(entry, wish, end, chosen))


def _ends(contract: Contract, maker: Operation) -> list[End]:
    """The ways to the states at whose coming something is told, the plainest first, a failure once for each code."""
    found: dict[tuple[str, str], End] = {}
    for kind in (effect.kind for effect in maker.effects if effect.verb == "create"):
        table = contract.lifecycles[kind]
        at = {state for callback in contract.callbacks.values() if callback.of == kind for state in callback.on}
        for path in paths.paths(table, others.deeds(contract, kind)):
            failures = showing.codes(contract) if paths.fails(table, path) else [""]
            for failure in failures if path[-1].state in at else ():
                found.setdefault((path[-1].state, failure), End(path, failure))
    return list(found.values())


def _each_state(ends: list[End]) -> list[End]:
    return list({end.path[-1].state: end for end in reversed(ends)}.values())[::-1]


def _told(entry: Dossier, wish: Wish, end: End, chosen: Mapping[str, Json]) -> Iterator[Message]:
    """What a cloud of these settings tells a client of this wish about a task that goes this way."""
    stage, maker = Stage(entry, chosen), wish.maker.operation
    if wish.before is not None and not stage.change(wish.before):
        return
    before = len(stage.cloud.callbacks)
    if end.failure:
        stage.cloud.fail_next(maker.id, code=end.failure, where="task")
    if stage.ask(wish.maker):
        stage.go(end.path)
        state, sent = end.path[-1].state, list(stage.cloud.callbacks)[before:]
        yield from (_message(maker, one, state, end.failure, chosen) for one in sent if one.to.startswith("http"))


def _asked(entry: Dossier, operation: Operation) -> Iterator[Message]:
    """The messages with which an operation asks the client whether it is there."""
    asks = any(effect.verb == "ask" for effect in operation.effects)
    for draft in (draft for one in decks.drafts(operation.id)[:1] for draft in variations(one)) if asks else ():
        stage = Stage(entry, {})
        if stage.ask(draft):
            yield from (_message(operation, one, "", "", {}) for one in stage.cloud.callbacks)


def _message(operation: Operation, sent: Sent, state: str, code: str, chosen: Mapping[str, Json]) -> Message:
    return Message(operation.id, sent.callback, state, code, sent.headers, _document(sent), sent.body, chosen)


def _document(sent: Sent) -> Json:
    """The body as plain data, as its type and its first character say."""
    try:
        return bodies.decoded("xml" if sent.body[:1] == b"<" else "json", sent.body)
    except Malformed:
        return sent.body.decode()
