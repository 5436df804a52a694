"""A request of an operation as the cloud has it before it answers: what answers are rendered from, without a cloud.

Knows drafts and the stages of a request. Law: what is rendered from it is byte for byte what a fresh cloud answers.
"""

from __future__ import annotations

from mockcloud.contracts import folders
from mockcloud.contracts.model import Contract, Operation
from mockcloud.drafting import decks
from mockcloud.drafting.sessions.session import SEED, START
from mockcloud.messages import Request, Response
from mockcloud.pipeline import rendering
from mockcloud.pipeline.call import Call
from mockcloud.pipeline.scope import base
from mockcloud.state.identifiers import Identifiers
from mockcloud.traffic.telling import Teller


class Reception:
    """Receives the smallest request of one operation, as often as it is asked to, each under an identifier of its own."""

    def __init__(self, operation: str) -> None:
        entry, self.operation = decks.operation_of(operation)
        self.contract: Contract = entry.contract
        self._identifiers = Identifiers(self.contract.identifiers, SEED, self.contract.name)
        self._teller = Teller(folders.chosen([self.contract.name]))
        self._request = _smallest(self.contract, self.operation)
        told = self._teller.provider(self._request)
        self._host = told[1] if told else {}

    def call(self) -> Call:
        """The request, received once more."""
        made = self._identifiers.make("request", START)
        settings = self._teller.settings(self.contract.name)
        call = Call(self.contract, self._request, START, made, self._host, settings)
        self._teller.take_for(call, self.operation)
        return call

    def success(self) -> Response:
        """The envelope of a success that has nothing to say."""
        call = self.call()
        return rendering.success(call, base(call)).response


def _smallest(contract: Contract, operation: Operation) -> Request:
    drafts, host = decks.drafts(operation.id), contract.hosts[0].example
    return drafts[0].request(host) if drafts else Request(operation.methods[0], operation.path, host)
