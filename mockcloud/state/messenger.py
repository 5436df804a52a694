"""Messages to clients: made of a contract's data, sent or kept back, and recorded whatever became of them.

Knows the contract's callbacks and the one sender. Law: what is not sent is recorded all the same.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from mockcloud.codecs import json_body
from mockcloud.contracts.callbacks import Callback
from mockcloud.contracts.filling import ABSENT, View
from mockcloud.contracts.model import Contract
from mockcloud.contracts.times import http_date
from mockcloud.contracts.xml_schema import XmlSchema
from mockcloud.messages import Json, Pairs
from mockcloud.outbound import HOP_HEADER, Outbound, Sender
from mockcloud.state.identifiers import Identifiers
from mockcloud.state.items import Items, Tenancy
from mockcloud.state.ring import BYTES, LENGTH, Ring


class Message(NamedTuple):
    """One message that was due, and what became of it.

    `to` is the URL, or the name of the place where the vendor would have put it. `sent` is False for one that did not
    reach its receiver, `kept_back` True when that was not even tried, and `problem` says why. `status` and `answer` are
    the receiver's (0 when there was none); `delivered` is True when the receiver took it, as the vendor sees it; `attempt`
    counts from 1.
    """

    at: float
    provider: str
    callback: str
    task: str
    to: str
    method: str
    headers: Pairs
    body: bytes
    attempt: int
    sent: bool = False
    kept_back: bool = True
    status: int = 0
    answer: bytes = b""
    problem: str = ""
    delivered: bool = False


class Messages(Ring[Message]):
    """The latest messages of one cloud, oldest first. Weighs bodies and what was answered."""

    def __init__(self, length: int = LENGTH, bytes: int = BYTES) -> None:
        super().__init__(_weight, length, bytes)

    def __repr__(self) -> str:
        return f"<{len(self)} messages>"


def _weight(message: Message) -> int:
    return len(message.to) + len(message.body) + len(message.answer)


class Messenger:
    """Makes and sends the messages of one provider of one cloud."""

    def __init__(
        self,
        contract: Contract,
        items: Items,
        identifiers: Identifiers,
        settings: Mapping[str, Json],
        sender: Sender,
        messages: Messages,
    ) -> None:
        self._contract = contract
        self._items = items
        self._identifiers = identifiers
        self._settings = settings
        self._sender = sender
        self._messages = messages

    def scope(self, shown: Json, now: float) -> dict[str, Json]:
        """What the views of a message about a task may speak of."""
        return {
            "task": shown,
            "request": shown["request"],
            "host": shown["host"],
            "resource": shown["resource"],
            "settings": self._settings,
            "request_id": self._identifiers.make("request", now),
            "date": http_date(int(now)),
            "now": now,
            "catalog": self._contract.catalog,
        }

    def tell(
        self,
        callback: Callback,
        scope: Mapping[str, Json],
        tenancy: Tenancy,
        now: float,
        task: str = "",
        attempt: int = 1,
        hop: int = 0,
    ) -> tuple[Message | None, Mapping[str, Json]]:
        """Send one message and record it. Returns it with the scope that it was made of; None when there is nobody to tell.

        `hop` is how many mocks what it answers to came through: a message that leads back to a mock must not go on for ever.
        """
        whole = {**scope, "random": self._identifiers.random(), **self._gathered(callback, scope, tenancy)}
        record = _text(callback.record, whole)
        to = record or _text(callback.to, whole)
        if not to:
            return None, whole
        headers = tuple((name, text) for name, view in callback.headers if (text := _text(view, whole)))
        body = self._body(callback, whole)
        message = Message(now, self._contract.name, callback.name, task, to, callback.method, headers, body, attempt)
        if not record:
            message = self._sent(message, callback, hop + 1)
        self._messages.record(message)
        return message, {**whole, "body": body.decode("utf-8", "replace")}

    def unreadable(self, message: Message) -> str:
        """Why a message could not be sent to anybody at its URL; empty when it says where it leads."""
        return self._sender.unreadable(message.to)

    def _sent(self, message: Message, callback: Callback, hop: int) -> Message:
        problem = self._sender.allowed(message.to)
        if problem:
            return message._replace(problem=problem)
        headers = (*message.headers, (HOP_HEADER, str(hop)))
        outcome = self._sender.send(Outbound(message.method, message.to, headers, message.body))
        return message._replace(
            sent=outcome.sent,
            kept_back=False,
            status=outcome.status,
            answer=outcome.body,
            problem=outcome.problem,
            delivered=outcome.status in callback.taken_by,
        )

    def _gathered(self, callback: Callback, scope: Mapping[str, Json], tenancy: Tenancy) -> dict[str, Json]:
        found = {}
        for name, (kind, view) in callback.gather.items():
            named = view(scope)
            item = None if named is ABSENT else self._items.get(kind, tenancy, str(named))
            if item is not None:
                found[name] = item
        return found

    def _body(self, callback: Callback, scope: Mapping[str, Json]) -> bytes:
        codec, data = str(callback.codec(scope)), callback.body(scope)
        if codec == "text" or data is ABSENT:
            return b"" if data is ABSENT else str(data).encode("utf-8", "replace")
        schema = callback.schemas.get(codec)
        return schema.write(data) if isinstance(schema, XmlSchema) else json_body.encode(data)


def _text(view: View | None, scope: Mapping[str, Json]) -> str:
    value = ABSENT if view is None else view(scope)
    return "" if value is ABSENT or value is None else str(value)
