"""Whether a cloud minds what is wrong with a request, and what it answers.

Knows the cloud and its journal. Law: a cloud minds only where it refuses what is spoilt and not, in the same way, what is sound.
"""

from __future__ import annotations

from mockcloud.cloud import Cloud
from mockcloud.contracts.model import Contract, Operation
from mockcloud.drafting.cases import SIGNED_AT, BrokenRequest
from mockcloud.drafting.sessions.session import signer
from mockcloud.drafting.spoiling.breakages import Breakage, Breaking
from mockcloud.messages import Credential, Request
from mockcloud.pipeline.service import WELL_KNOWN
from mockcloud.state.clock import VirtualClock
from mockcloud.state.journal import Exchange


class Trial:
    """A fresh cloud of one provider in whose eyes what is signed at `SIGNED_AT` is signed now."""

    def __init__(self, contract: Contract) -> None:
        self._sign, self._contract = signer(contract), contract
        self._cloud = Cloud([contract.name], clock=VirtualClock(SIGNED_AT, 0))
        # What no operation documents is asked on purpose.
        self._cloud.report = lambda problem: None

    def breaking(self, operation: Operation, asked: Request, at: int = -1) -> Breaking:
        """An unsigned request to break."""
        return Breaking(self._contract, operation, asked, self._signed, at)

    def minded(self, breaking: Breaking, breakage: Breakage) -> BrokenRequest | None:
        """The breakage with what the cloud answers to it, None where it does not mind."""
        spoilt, sound = breakage.make(), breaking.sign(breaking.asked, WELL_KNOWN)
        if spoilt == sound:
            return None
        found = self.asked(spoilt)
        if not found.refusal or found.refusal == self.asked(sound).refusal:
            return None
        status = found.response.status
        return BrokenRequest(breaking.operation.id, breakage.label, "", found.refusal, status, None, spoilt, breakage.says)

    def asked(self, request: Request) -> Exchange:
        """What the cloud makes of a request."""
        self._cloud.handle(request)
        return self._cloud.journal.last

    def _signed(self, request: Request, credential: Credential) -> Request:
        return self._sign(request, credential, SIGNED_AT)
