"""What a cloud tells a client that wants to be told, at the end of a task.

Knows wishes and ways through state tables, no vendor. Law: headers and body are those that the cloud sends, byte for byte.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import NamedTuple

from mockcloud.codecs.malformed import Malformed
from mockcloud.contracts.model import Operation
from mockcloud.drafting import decks
from mockcloud.drafting.answers import bodies
from mockcloud.drafting.callbacks.wishes import Wish, wishes
from mockcloud.drafting.tasks import others, paths
from mockcloud.drafting.tasks.paths import Path
from mockcloud.drafting.tasks.stage import Stage, taken
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


class End(NamedTuple):
    """A way to the end of a task, and the code with which it fails, empty for a task that does not."""

    path: Path
    failure: str = ""

    @property
    def state(self) -> str:
        """The last state."""
        return self.path[-1].state


class Heard(NamedTuple):
    """A wish that leads to a message, and the message's name in the contract."""

    name: str
    wish: Wish


@cache
def ends(operation: str) -> tuple[End, ...]:
    """The ways to the states at whose coming something is told, the plainest first, a failure once for each code."""
    entry, maker = decks.operation_of(operation)
    contract, found = entry.contract, dict[tuple[str, str], End]()
    for kind in (effect.kind for effect in maker.effects if effect.verb == "create"):
        table = contract.lifecycles[kind]
        at = {state for callback in contract.callbacks.values() if callback.of == kind for state in callback.on}
        for path in paths.paths(table, others.deeds(contract, kind)) if at else ():
            failures = paths.codes(contract.errors) if paths.fails(path) else [""]
            for failure in failures if path[-1].state in at else ():
                found.setdefault((path[-1].state, failure), End(path, failure))
    return tuple(found.values())


@cache
def heard(operation: str) -> tuple[Heard, ...]:
    """One wish for each form in which a client can be told, the plainest first."""
    entry, first = decks.operation_of(operation)[0], ends(operation)[:1]
    maker = taken(operation) if first else None
    found: dict[object, Heard] = {}
    for wish in (wish for way in wishes(entry.contract, maker) for wish in way) if maker is not None else ():
        for one in told(entry, wish, first[0]):
            found.setdefault((one.headers, one.body), Heard(one.name, wish))
    return tuple(found.values())


def told(entry: Dossier, wish: Wish, end: End, chosen: Mapping[str, Json] | None = None) -> Iterator[Message]:
    """What a cloud of these settings tells a client of this wish about a task that goes this way."""
    stage, maker = Stage(entry, chosen), wish.maker.operation
    if wish.before is not None and not stage.change(wish.before):
        return
    if end.failure:
        stage.cloud.fail_next(maker.id, code=end.failure, where="task")
    if stage.ask(wish.maker):
        task = stage.go(end.path)
        about = [one for one in stage.cloud.callbacks if one.task == task and one.to.startswith("http")]
        yield from (message(maker, one, end, chosen) for one in about)


def message(operation: Operation, sent: Sent, end: End | None = None, chosen: Mapping[str, Json] | None = None) -> Message:
    """What was sent, as a message about a task that ended so; about none where no end is given."""
    state, code = (end.state, end.failure) if end else ("", "")
    return Message(operation.id, sent.callback, state, code, sent.headers, _document(sent), sent.body, chosen or {})


def _document(sent: Sent) -> Json:
    """The body as plain data, as its first character says."""
    try:
        return bodies.decoded("xml" if sent.body[:1] == b"<" else "json", sent.body)
    except Malformed:
        return sent.body.decode()
