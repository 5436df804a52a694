"""A request on its way: what the stages so far have found out about it.

Law: a stage returns a new Call with what it found, it changes none. What is not known yet is empty, never None.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, NamedTuple

from mockcloud.contracts.model import Contract, Operation, Route
from mockcloud.messages import Credential, Json, Request

NO_ROUTE: Final = Route((), {})
NOBODY: Final = Credential("", "")


class Call(NamedTuple):
    """One request for one provider.

    `arguments` is plain data; `document` is what the operation's schema judges: the arguments,
    or the element tree of a request that reads XML.
    """

    contract: Contract
    request: Request
    now: float
    request_id: str
    host: Mapping[str, str]
    settings: Mapping[str, Json]
    strict: bool = True
    route: Route = NO_ROUTE
    candidates: tuple[Operation, ...] = ()
    in_path: Mapping[str, str] = {}  # a NamedTuple's default, never written to
    arguments: Json = {}  # noqa: RUF012  # as above
    document: Json = {}  # noqa: RUF012  # as above
    chosen: tuple[Operation, ...] = ()
    credential: Credential = NOBODY

    @property
    def operation(self) -> Operation:
        """The operation that the request is for, once the check `operation` has passed."""
        return self.chosen[0]
