"""A request on its way: what the stages so far have found out about it.

Law: a stage fills in what it found out and changes nothing that another did. What is not known yet is empty, never None.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from mockcloud.contracts.model import Contract, Operation
from mockcloud.messages import Credential, Json, Request

NOBODY: Final = Credential("", "")


class Call:
    """One request for one provider.

    Known from the start are `contract`, `request`, `now`, `request_id`, `host` (what the host's name says), `settings`
    and `strict`. Routing fills in `candidates`, `in_path` and `operation`; authentication `credential`; reading
    `arguments`, which is plain data, and `document`, which is what the operation's schema judges: the arguments, but for XML
    the element tree until its schema is known; behaviour `tenancy`; faults `failure`, the code that a task which the
    request makes shall fail with, and `fault`, how the connection shall fail once the request was carried out; validation and
    faults `note`, what the journal says of a request that is let through.
    """

    __slots__ = (
        "arguments",
        "candidates",
        "chosen",
        "contract",
        "credential",
        "document",
        "failure",
        "fault",
        "host",
        "in_path",
        "note",
        "now",
        "operation",
        "request",
        "request_id",
        "settings",
        "strict",
        "tenancy",
    )
    operation: Operation
    """Not there before the check `operation` has passed; `chosen` says whether it has."""

    def __init__(
        self,
        contract: Contract,
        request: Request,
        now: float,
        request_id: str,
        host: Mapping[str, str],
        settings: Mapping[str, Json],
        strict: bool = True,
    ) -> None:
        self.contract = contract
        self.request = request
        self.now = now
        self.request_id = request_id
        self.host = host
        self.settings = settings
        self.strict = strict
        self.candidates: tuple[Operation, ...] = ()
        self.in_path: Mapping[str, str] = {}
        self.arguments: Json = {}
        self.document: Json = self.arguments
        self.chosen = False
        self.credential = NOBODY
        self.tenancy: tuple[str, ...] = ()
        self.failure = ""
        self.fault = ""
        self.note = ""
