"""A request on its way: what the stages so far have found out about it.

Law: a stage returns a new Call with what it found, it changes none. What is not known yet is empty, never None.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, NamedTuple

from mockcloud.contracts.model import Contract, Operation
from mockcloud.messages import Credential, Json, Request

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
    candidates: tuple[Operation, ...] = ()
    in_path: Mapping[str, str] = {}
    arguments: Json = {}  # noqa: RUF012  # a NamedTuple's default, never written to
    document: Json = {}  # noqa: RUF012  # as above
    chosen: tuple[Operation, ...] = ()
    credential: Credential = NOBODY

    # Slices, not `_replace`: four of them are made for every request.

    def routed(self, candidates: tuple[Operation, ...], in_path: Mapping[str, str]) -> Call:
        """The call with the operations that it may be for, and the arguments of its path."""
        return Call(*self[:7], candidates, in_path, *self[9:])

    def read(self, arguments: Json, document: Json) -> Call:
        """The call with its arguments and the document that a schema judges."""
        return Call(*self[:9], arguments, document, *self[11:])

    def meant(self, operation: Operation, arguments: Json) -> Call:
        """The call with the one operation that it is for."""
        return Call(*self[:9], arguments, self.document, (operation,), self.credential)

    def by(self, credential: Credential) -> Call:
        """The call with who makes it."""
        return Call(*self[:12], credential)

    @property
    def operation(self) -> Operation:
        """The operation that the request is for, once the check `operation` has passed."""
        return self.chosen[0]
