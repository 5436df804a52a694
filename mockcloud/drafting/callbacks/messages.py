"""The deck of messages: all that a cloud says to its clients about the tasks of an operation. No chance is in it.

Knows tellings, no vendor. Law: of two messages that are the same, byte for byte, there is one.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from mockcloud.contracts.model import Operation
from mockcloud.drafting import decks
from mockcloud.drafting.callbacks import telling
from mockcloud.drafting.callbacks.telling import Message
from mockcloud.drafting.callbacks.wishes import lettered, settings, variations
from mockcloud.drafting.tasks.stage import Stage
from mockcloud.reports.dossier import Dossier


@cache
def messages(operation: str) -> tuple[Message, ...]:
    """Every message that a task made by an operation leads to: at each end, in each form, with each code, under each setting.

    Those that ask the client whether it is there come last. Raises UsageError for an operation that is not there.
    """
    entry, found = decks.operation_of(operation)
    different: dict[object, Message] = {}
    for one in (*_of_tasks(operation), *_asked(entry, found)):
        different.setdefault((one.headers, one.body), one)
    return tuple(different.values())


def _of_tasks(operation: str) -> Iterator[Message]:
    entry, ends = decks.operation_of(operation)[0], telling.ends(operation)
    states = [end for at, end in enumerate(ends) if end.state not in [before.state for before in ends[:at]]]
    for heard in telling.heard(operation):
        yield from (message for end in ends for message in telling.told(entry, heard.wish, end))
        yield from telling.told(entry, lettered(entry.contract, heard.wish), ends[0])
        for chosen in settings(entry.contract, heard.name):
            yield from (message for end in states for message in telling.told(entry, heard.wish, end, chosen))
    # Who wants to be told once for all is asked first.
    before = [one.wish.before.operation for one in telling.heard(operation) if one.wish.before is not None]
    for asking in {one.id: one for one in before}.values():
        yield from _asked(entry, asking)


def _asked(entry: Dossier, operation: Operation) -> Iterator[Message]:
    """The messages with which an operation asks the client whether it is there."""
    asks = any(effect.verb == "ask" for effect in operation.effects)
    for draft in (draft for one in decks.smallest(operation.id) for draft in variations(one)) if asks else ():
        stage = Stage(entry)
        if stage.ask(draft):
            yield from (telling.message(operation, one) for one in stage.cloud.callbacks)
