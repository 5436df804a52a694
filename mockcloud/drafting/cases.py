"""What is generated, by decks and strategies alike: a valid request, a broken one, an answer.

Knows no generator. Law: a case shows what matters of it (`repr`), and everything else follows from that.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from mockcloud.contracts.behaviours import Signer
from mockcloud.drafting.requests.drafts import Draft
from mockcloud.messages import Credential, Json, Pairs, Request, Response
from mockcloud.pipeline.service import WELL_KNOWN

SIGNED_AT: float = 1_767_268_800.0
"""When a case is signed that nobody gives another time: 2026-01-01T12:00:00Z in seconds since the epoch."""


@dataclass(frozen=True)
class ValidRequest:
    """A request that keeps every rule of its operation.

    `operation` is the operation's id; `arguments` the documented ones by the vendor's names, nested as documented, those of
    the path included, without what signing puts in.
    """

    operation: str
    arguments: Mapping[str, Json]
    draft: Draft = field(repr=False, compare=False)
    host: str = field(repr=False, compare=False)
    sign: Signer = field(repr=False, compare=False)

    @cached_property
    def request(self) -> Request:
        """The bytes on the wire, signed at `SIGNED_AT` with the credential that every fresh mock knows."""
        return self.signed()

    def signed(self, credential: Credential = WELL_KNOWN, at: float = SIGNED_AT, host: str = "") -> Request:
        """The bytes on the wire as this client would send them then (`at`, seconds since the epoch), to this host."""
        return self.sign(self.draft.request(host or self.host), credential, at)


@dataclass(frozen=True)
class BrokenRequest:
    """A request with exactly one thing wrong, and what the contract answers to it.

    `label` names what is wrong: the id of the one rule that the bytes break, or of a breakage that no rule is about
    (`malformed-body`, `signature: ...`); `rule` is the rule's id, empty for the others. `code` and `status` are the refusal's,
    the code as text. `arguments` are None where no arguments make these bytes.
    """

    operation: str
    label: str
    rule: str
    code: str
    status: int
    arguments: Mapping[str, Json] | None
    request: Request = field(repr=False)
    says: str = field(repr=False, compare=False, default="")
    """A sentence for people."""


@dataclass(frozen=True)
class Answer:
    """An answer as the vendor documents it, or as it may be one day (`unknown`: what of it no document knows yet).

    `document` is the body as plain data, of XML what stands in the root: a leaf as text, an element that repeats as a list; None
    for no body. `code` is the vendor's, as text, empty for a success. `unknown` are pointers into the document; an attribute's
    ends with `/@NAME`.
    """

    operation: str
    status: int
    document: Json
    body: bytes = field(repr=False)
    headers: Pairs = field(repr=False, default=())
    code: str = ""
    unknown: tuple[str, ...] = ()
    known: Answer | None = field(repr=False, compare=False, default=None)
    """The same answer without what is unknown, None where nothing is."""

    @property
    def response(self) -> Response:
        """The answer as it goes on the wire."""
        return Response(self.status, self.headers, self.body)
