"""What somebody else can do to a task: let something happen to it, or take it away.

Knows the effects of operations, no vendor. Law: what is done is done by a request that the cloud judges like any other, and
it is told when nothing came of it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Final, NamedTuple

from mockcloud.cloud import Cloud
from mockcloud.contracts.model import Contract, Operation
from mockcloud.contracts.xml_schema import XmlSchema
from mockcloud.drafting import decks
from mockcloud.drafting.requests.drafts import Draft
from mockcloud.drafting.sessions.scene import pointer_of
from mockcloud.drafting.sessions.session import signer
from mockcloud.errors import UsageError
from mockcloud.messages import Request
from mockcloud.state.tasks import TaskView

REMOVE: Final = "remove"
"""The name of taking a task away, which is no event of a state table."""


class Deed(NamedTuple):
    """What happens to a task, by an event's name, and the request that does it, not yet about any task."""

    name: str
    draft: Draft


def deeds(contract: Contract, kind: str) -> dict[str, Deed]:
    """What can be done to tasks of a kind, by name, each by the smallest request that does it."""
    found: dict[str, Deed] = {}
    for operation in contract.operations.values():
        if _does(operation, kind):
            for draft in decks.one_by_one(operation):
                for name in _named(draft, kind):
                    found.setdefault(name, Deed(name, draft))
    return found


def shows(operation: Operation, kinds: Collection[str]) -> bool:
    """Whether an operation shows tasks of these kinds and changes nothing."""
    return not operation.keeps and any(
        effect.verb in ("get", "find", "list") and effect.kind in kinds for effect in operation.effects
    )


def creates(operation: Operation, kind: str) -> bool:
    """Whether an operation makes tasks of a kind."""
    return any(effect.verb == "create" and effect.kind == kind for effect in operation.effects)


def do(cloud: Cloud, deed: Deed, task: TaskView, host: str) -> None:
    """Do it to a task now, as another client of the same account. Raises UsageError when the task did not change."""
    operation = deed.draft.operation
    before = _standing(cloud, operation, task)
    for asked in _asked(cloud, deed, task, host):
        cloud.handle(asked)
        if _standing(cloud, operation, task) != before:
            return
    answered = cloud.journal.last.response
    raise UsageError(
        f"'{deed.name}' did nothing to the task {task.id}: {operation.id} answered {answered.status} {answered.body!r}"
    )


def _does(operation: Operation, kind: str) -> bool:
    return any(effect.verb in ("event", REMOVE) and effect.kind == kind for effect in operation.effects)


def _named(draft: Draft, kind: str) -> Iterator[str]:
    """The names of what a request does to tasks of a kind."""
    schema = draft.operation.request
    said = schema.settle(draft.message) if isinstance(schema, XmlSchema) else draft.message
    for effect in draft.operation.effects:
        if effect.kind == kind and effect.verb == "event":
            yield str(effect.views["event"]({"request": said}))
        elif effect.kind == kind and effect.verb == REMOVE:
            yield REMOVE


def _asked(cloud: Cloud, deed: Deed, task: TaskView, host: str) -> Iterator[Request]:
    """The request about this task: by its id, else by each thing that the task may belong to."""
    operation = deed.draft.operation
    provider = operation.id.partition(".")[0]
    sign = signer(decks.operation_of(operation.id)[0].contract)
    for draft in _about(cloud, deed.draft, task):
        yield sign(draft.request(host), cloud.credentials(provider), cloud.clock.now())


def of_each(cloud: Cloud, draft: Draft) -> Iterator[Draft]:
    """The request about each thing that is there and that it may be about; itself where it names none."""
    provider = draft.operation.id.partition(".")[0]
    named = [(effect, pointer) for effect in draft.operation.effects if (pointer := pointer_of(draft, effect))]
    for effect, pointer in named:
        yield from (draft.changed([(pointer, str(item["id"]))]) for item in cloud.items(provider, effect.kind))
    if not named:
        yield draft


def _about(cloud: Cloud, draft: Draft, task: TaskView) -> Iterator[Draft]:
    own = [pointer for effect in draft.operation.effects if effect.of_tasks and (pointer := pointer_of(draft, effect))]
    if own:
        yield draft.changed([(pointer, task.id) for pointer in own])
    else:
        yield from of_each(cloud, draft)


def _standing(cloud: Cloud, operation: Operation, task: TaskView) -> str:
    """The state of a task, empty for one that is gone."""
    found = (one.state for one in cloud.tasks(operation.id.partition(".")[0]) if one.id == task.id)
    return next(found, "")
