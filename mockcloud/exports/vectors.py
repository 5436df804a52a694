"""A contract as a pack of wire vectors: requests with their verdicts and answers, for clients and servers in any language.

Knows the shape of the pack; what is asked is in `script.py`, and how in `drafting/`. Law: the pack is an ordered session.
Whoever repeats its requests in their order before a server with the pack's seed, clock and credential gets the pack's
answers, byte for byte.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator
from typing import Final

from mockcloud import __version__
from mockcloud.contracts.sources import Source, sources
from mockcloud.drafting.sessions.session import SEED, START, TICK, Vector
from mockcloud.exports.exported import Exported
from mockcloud.exports.script import Script
from mockcloud.exports.subject import chosen
from mockcloud.messages import Json
from mockcloud.pipeline.service import WELL_KNOWN
from mockcloud.reports.dossier import Dossier, dossier
from mockcloud.state.journal import messages

FORMAT: Final = "mockcloud.vectors/1"
"""The format of a pack; `schemas/meta/outputs/vectors.schema.json` describes it."""


def export(provider: str, operations: Collection[str] = ()) -> Iterator[Exported]:
    """One file, `PROVIDER.vectors.json`: the pack of a provider, or of some of its operations, by name or id.

    Raises UsageError for a provider or an operation that is not there, and for a provider that signs nothing.
    """
    entry = dossier(provider)
    script = Script(entry)
    script.play({one.name for one in chosen(entry.contract, operations)})
    yield Exported(f"{provider}.vectors.json", _written(entry, script))


def _written(entry: Dossier, script: Script) -> bytes:
    """The pack, a vector a line: what changes between two packs is seen by whoever compares their lines."""
    head = json.dumps(_head(entry), indent=2)[:-2]
    vectors = ",\n".join(f"    {json.dumps(_vector(entry, one))}" for one in script.session.vectors)
    unbroken = ",\n".join(
        f"    {json.dumps({'rule': rule, 'reason': reason})}" for rule, reason in sorted(script.unbroken.items())
    )
    return f'{head},\n  "unbroken": {_list(unbroken)},\n  "vectors": {_list(vectors)}\n}}\n'.encode("ascii")


def _list(lines: str) -> str:
    return f"[\n{lines}\n  ]" if lines else "[]"


def _head(entry: Dossier) -> dict[str, Json]:
    contract = entry.contract
    clock = f"virtual:{TICK}@{START}"
    return {
        "format": FORMAT,
        "mockcloud": __version__,
        "provider": entry.name,
        "title": contract.title,
        "serve": f"mockcloud serve --provider {entry.name} --clock {clock} --seed {SEED}",
        "seed": SEED,
        "clock": {"start": START, "tick": TICK},
        "credential": {name: getattr(WELL_KNOWN, name) for name in ("access_key", "secret_key", "client_code")},
        "settings": contract.defaults,
    }


def _vector(entry: Dossier, vector: Vector) -> dict[str, Json]:
    exchange = vector.exchange
    return {
        "id": vector.id,
        "at": int(exchange.at),
        "says": vector.says,
        "operation": vector.operation,
        "verdict": "accepted" if vector.accepted else "refused",
        "rule": vector.rule,
        "condition": exchange.reason,
        "refusal": exchange.refusal,
        "evidence": [_source(one) for one in sources(entry.contract, vector.evidence)],
        **messages(exchange.request, exchange.response),
    }


def _source(source: Source) -> dict[str, Json]:
    return {"kind": source.kind, "document": source.name, "line": source.place, "title": source.title}
