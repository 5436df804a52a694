"""Whoever asks the server: a caller of whom no server can say that a request came before.

Knows that some schemes make a nonce of the request and its time. Law: what was sent is not sent again byte for byte, where to
sign it for another moment makes it another request.
"""

from __future__ import annotations

from typing import Final

from mockcloud.cloud import Cloud
from mockcloud.drafting.sessions.caller import Caller
from mockcloud.fuzzing.target import Target
from mockcloud.messages import Credential, Request
from mockcloud.pipeline.service import WELL_KNOWN
from mockcloud.reports.dossier import Dossier

BACK: Final = 300
"""Seconds by which a signature is dated back at most; every scheme lets a client's clock be that slow."""


class Client(Caller):
    """A session with the target: its credential, its clock, its host."""

    def __init__(self, dossier: Dossier, cloud: Cloud, target: Target) -> None:
        super().__init__(dossier, cloud, target.credential, target.now, target.host)
        self._sent = target.sent

    def signed(self, request: Request, credential: Credential = WELL_KNOWN, at: float | None = None) -> Request:
        """As a caller's; what would have been sent before is signed for the latest second for which it was not."""
        start = self.next if at is None else at
        made = super().signed(request, credential, start)
        for back in range(1, BACK if at is None else 1):
            if hash(made) not in self._sent:
                break
            made, later = super().signed(request, credential, start - back), made
            if made == later:  # a scheme without a time
                break
        return made
