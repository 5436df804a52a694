"""A session whose requests are for somebody else's server: its host, its clock, the credential that it knows.

Knows no transport. Law: whoever spoils a credential of ours spoils the caller's own in the same way.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Final

from mockcloud.cloud import Cloud
from mockcloud.drafting.sessions.session import Session
from mockcloud.messages import Credential, Request
from mockcloud.pipeline.service import WELL_KNOWN
from mockcloud.reports.dossier import Dossier

PARTS: Final = ("access_key", "secret_key", "client_code")


class Caller(Session):
    """A session that signs by a credential, at a time (`now`; None: its cloud's own) and to a host (empty: the vendor's)."""

    def __init__(
        self,
        dossier: Dossier,
        cloud: Cloud | None,
        credential: Credential = WELL_KNOWN,
        now: Callable[[], float] | None = None,
        host: str = "",
    ) -> None:
        super().__init__(dossier, cloud)
        self._credential, self._now = credential, now
        self.host = host or self.host

    @property
    def next(self) -> float:
        """When the next request will be handled."""
        return super().next if self._now is None else self._now()

    def signed(self, request: Request, credential: Credential = WELL_KNOWN, at: float | None = None) -> Request:
        """A request as it has to be signed to be asked next; the caller's own credential stands for the well-known one."""
        own = {name: getattr(self._credential, name) for name in PARTS if getattr(credential, name) == getattr(WELL_KNOWN, name)}
        return super().signed(request, replace(credential, **own), at)
