"""One session with a fresh cloud: what was asked, in its order, and what was answered.

Knows the cloud, its clock and who asks. Law: the n-th request is signed at the time at which it is handled, n ticks after the
start; so whoever repeats the requests in their order before a server that starts alike gets the same bytes.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from mockcloud.cloud import Cloud
from mockcloud.contracts.behaviours import Signer
from mockcloud.contracts.evidence import listed
from mockcloud.contracts.model import Contract
from mockcloud.drafting.requests.drafts import Draft
from mockcloud.errors import UsageError
from mockcloud.messages import Credential, Request
from mockcloud.pipeline.service import WELL_KNOWN
from mockcloud.reports.dossier import Dossier
from mockcloud.state.clock import VirtualClock
from mockcloud.state.journal import Exchange

START: Final = 1_767_268_800
"""2026-01-01T12:00:00Z in seconds since the epoch, when every session begins."""

TICK: Final = 1
SEED: Final = 0


@dataclass(frozen=True, slots=True)
class Vector:
    """A request, what it is about, and what came of it.

    `operation` is the id of the one that it is meant for, empty for none. `rule` is the one that its bytes break, empty where
    they break none. `evidence` is why that verdict is believed, as the contract has it.
    """

    id: str
    says: str
    operation: str
    rule: str
    exchange: Exchange
    evidence: tuple[str, ...]

    @property
    def accepted(self) -> bool:
        """Whether the cloud did what it was asked."""
        return not self.exchange.refusal


class Session:
    """Asks a cloud of one provider, a fresh one where none is given, and keeps every answer."""

    def __init__(self, dossier: Dossier, cloud: Cloud | None = None) -> None:
        self.dossier, self.contract = dossier, dossier.contract
        self._sign = signer(self.contract)
        self.host = self.contract.hosts[0].example
        self.cloud = cloud or Cloud([dossier.name], clock=VirtualClock(START, TICK), seed=SEED)
        # What no operation documents is asked on purpose; the vector has the answer.
        self.cloud.report = lambda problem: None
        self.vectors: list[Vector] = []
        self._ids: dict[str, int] = {}
        self._numbers = 0

    @property
    def next(self) -> float:
        """When the next request will be handled."""
        return self.cloud.clock.now() + TICK

    def signed(self, request: Request, credential: Credential = WELL_KNOWN, at: float | None = None) -> Request:
        """A request as it has to be signed to be asked next, or as another client or at another time would."""
        return self._sign(request, credential, self.next if at is None else at)

    def ask(self, request: Request, id: str, says: str, operation: str = "", rule: str = "") -> Vector:
        """Send a request as it stands."""
        self.cloud.handle(request)
        exchange = self.cloud.journal.last
        made = Vector(self._unique(id), says, operation, rule, exchange, self._evidence(exchange, operation, rule))
        self.vectors.append(made)
        return made

    def send(self, draft: Draft, id: str, says: str) -> Vector:
        """Sign a draft and send it."""
        return self.ask(self.signed(draft.request(self.host)), id, says, draft.operation.id)

    def number(self) -> int:
        """A number that was not given out before."""
        self._numbers += 1
        return self._numbers

    def _unique(self, id: str) -> str:
        self._ids[id] = self._ids.get(id, 0) + 1
        return id if self._ids[id] == 1 else f"{id} ({self._ids[id]})"

    def _evidence(self, exchange: Exchange, operation: str, rule: str) -> tuple[str, ...]:
        known = self.contract.operations.get(operation.partition(".")[2])
        found = known.request.rules[rule].evidence if rule and known else ()
        errors = self.dossier.errors
        stated = errors["conditions"].get(exchange.reason) or errors["codes"].get(exchange.reason)
        found = (*found, *listed(stated["evidence"])) if stated else found
        return tuple(dict.fromkeys(found or (known.evidence if known else ())))


def signer(contract: Contract) -> Signer:
    """What signs the requests of a provider. Raises UsageError for one that signs nothing."""
    if contract.behaviours.sign is None:
        remedy = "mark a function of its module with @behaviours.signer"
        raise UsageError(f"{contract.name} has no signer, so nothing that it verifies can be asked: {remedy}")
    return contract.behaviours.sign
