"""Whether there is anything to judge: somebody answers, as the provider does, and lets us in.

Law: what cannot be judged is said in one sentence, with what to do; a server that is merely wrong is let in.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Final, NamedTuple

from mockcloud.contracts.model import Operation
from mockcloud.drafting import decks
from mockcloud.drafting.spoiling import strangers
from mockcloud.fuzzing.judging import Heard
from mockcloud.fuzzing.pair import Pair
from mockcloud.fuzzing.target import NoAnswer
from mockcloud.traffic.verdict import Outcome

PROBES: Final = 6
"""Requests by which a server is tried: one that answers any of them as documented is the provider's."""

SHOWN: Final = 120
"""Characters of an answer that are quoted."""


class Closed(NamedTuple):
    """Why a server cannot be judged; `absent`: because it is not this provider."""

    says: str
    absent: bool = False


def problem(pair: Pair) -> Closed | None:
    """Why the server cannot be judged, None where it can."""
    heard: list[Heard] = []
    for operation in _readers(pair):
        draft = decks.smallest(operation.id)[0]
        try:
            one = pair.hear(operation, pair.client.signed(draft.request(pair.client.host)))
        except NoAnswer as nobody:
            return Closed(str(nobody))
        if _fits(pair, one):
            return None
        heard.append(one)
    return _why(pair, heard)


def _readers(pair: Pair) -> list[Operation]:
    """Operations that need nothing and change nothing; where there are none, the first that there are."""
    operations = list(pair.contract.operations.values())
    reading = [one for one in operations if not one.keeps]
    for among in ([one for one in reading if not pair.scene.needs(one)], operations):
        found = list(islice((one for one in among if decks.smallest(one.id)), PROBES))
        if found:
            return found
    return []


def _fits(pair: Pair, heard: Heard) -> bool:
    """Whether an answer is the provider's: what was asked for, or a refusal that is not for strangers."""
    if heard.response is None:
        return False
    code = pair.judging.refused(heard)
    if code is None:
        return pair.judging.verdict(heard.operation, heard.response).outcome is Outcome.VALID
    return code in pair.contract.errors.codes and code not in set(_for_strangers(pair))


def _for_strangers(pair: Pair) -> Iterator[str]:
    """The codes with which our own cloud refuses those whom it does not know; none where it lets in everybody."""
    draft = decks.smallest(_readers(pair)[0].id)[0]
    asked = draft.request(pair.host)
    for credential in (strangers.FORGER, strangers.NOBODY) if pair.target.strict else ():
        pair.cloud.handle(pair.signed(asked, credential))
        if pair.cloud.journal.last.refusal:
            yield pair.cloud.journal.last.refusal


def _why(pair: Pair, heard: list[Heard]) -> Closed:
    first = heard[0]
    asked = f"{first.request.method} {first.request.target[:SHOWN]}"
    if first.response is None:
        return Closed(f"nothing can be judged: asked {asked}, and {first.problem}")
    codes = {code for one in heard if (code := pair.judging.refused(one)) is not None}
    if codes and codes <= set(_for_strangers(pair)):
        wanted = f"--credential {pair.contract.name}:ID:SECRET" + (":CLIENT_CODE" if pair.target.credential.client_code else "")
        remedy = f"it knows another credential than '{pair.target.credential.access_key}': give {wanted}"
        return Closed(f"the server refuses every request with {' or '.join(sorted(codes))}, as it refuses strangers: {remedy}")
    answered = ascii(first.response.body[:SHOWN].decode("utf-8", "replace"))[1:-1] or "no body"
    remedy = "name the provider that it is with --provider"
    found = f"{first.response.status} {answered}"
    return Closed(f"the server does not answer as {pair.contract.name}: asked {asked}, found {found}; {remedy}", absent=True)
