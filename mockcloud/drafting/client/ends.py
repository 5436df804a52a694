"""How the ends of tasks are told: each once, of the kinds of task and the states that a contract names, of like tasks alike.

Knows messages as a cloud records them. Law: whether an end is told at all depends on more than is known here; that like tasks
are treated alike does not.
"""

from __future__ import annotations

from collections.abc import Iterable

from mockcloud.contracts.model import Contract
from mockcloud.drafting.client.client import Wrong
from mockcloud.drafting.client.ledger import Ledger, Made
from mockcloud.state.messenger import Message


class Ends:
    """What was told of the ends of one client's tasks."""

    def __init__(self, contract: Contract) -> None:
        self._callbacks = {name: one for name, one in contract.callbacks.items() if one.of}
        self.epoch = 0
        """How often something was changed that messages may depend on."""
        self._seen = 0
        self._told: dict[tuple[str, str], int] = {}
        self._ended: dict[tuple[str, str], int] = {}
        """The tasks that were seen to have ended, with the epoch in which that was seen first."""

    def changed(self) -> None:
        """Something was changed."""
        self.epoch += 1

    def told(self, messages: Iterable[Message], ledger: Ledger) -> None:
        """Take the messages so far into account. Raises Wrong."""
        every = list(messages)
        for message in every[self._seen :]:
            if message.attempt == 1 and message.callback in self._callbacks:
                self._take(message, ledger)
        self._seen = len(every)
        self._compare(ledger)

    def _take(self, message: Message, ledger: Ledger) -> None:
        key = message.callback, message.task
        self._told[key] = self._told.get(key, 0) + 1
        if self._told[key] > 1:
            raise Wrong(f"the end of {message.task} was told twice by {message.callback}: {message.body[:400]!r}")
        callback = self._callbacks[message.callback]
        made = ledger.living.get((callback.of, message.task))
        if made is not None and made.course is not None:
            problem = made.course.look(callback.on)
            if problem:
                raise Wrong(f"{message.callback} told the end of {message.task} at the wrong time: {problem}")

    def _compare(self, ledger: Ledger) -> None:
        """Of the tasks that were made alike and ended alike in one epoch all are told, or none."""
        alike: dict[tuple[object, ...], list[Made]] = {}
        for key, made in ledger.living.items():
            if made.course is not None and made.course.ended and made.word:
                self._ended.setdefault(key, self.epoch)
                if made.way and made.way[-1] == self._ended[key]:
                    alike.setdefault((made.kind, made.way, made.word), []).append(made)
        for same in alike.values():
            for name, callback in self._callbacks.items():
                told = [(name, made.id) in self._told for made in same if callback.of == made.kind]
                if any(told) and not all(told):
                    silent = same[told.index(False)]
                    raise Wrong(f"{name} told the end of others made alike, and not that of the {silent.kind} {silent.id}")
