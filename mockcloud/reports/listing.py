"""The contracts as a list: of every provider its operations, errors, contradictions and settings.

Law: the documented keys are always there: `name`, `operations`, `errors`, `contradictions`, with theirs.
"""

from __future__ import annotations

from collections import Counter

from mockcloud.contracts.evidence import listed
from mockcloud.contracts.model import Operation
from mockcloud.contracts.sources import sources
from mockcloud.messages import Json
from mockcloud.reports.dossier import Dossier
from mockcloud.reports.provoked import patterns, provoked


def provider(entry: Dossier) -> dict[str, Json]:
    """One provider as an object."""
    contract = entry.contract
    return {
        "name": contract.name,
        "title": contract.title,
        "hosts": [host.example for host in contract.hosts],
        "operations": [operation(entry, one) for one in contract.operations.values()],
        "errors": [error(entry, code) for code in contract.errors.codes],
        "contradictions": [contradiction(entry, name) for name in contract.contradictions],
        "callbacks": [
            {"name": one.name, "of": one.of, "on": sorted(one.on), "evidence": list(one.evidence)}
            for one in contract.callbacks.values()
        ],
        "settings": {
            name: {"default": one.default, "values": list(one.values), "type": one.type, "says": one.says}
            for name, one in contract.settings.items()
        },
    }


def operation(entry: Dossier, one: Operation) -> dict[str, Json]:
    """One operation as an object. `partly` is there where only a part of it is known."""
    return {
        "name": one.name,
        "id": one.id,
        "method": ", ".join(one.methods),
        "methods": list(one.methods),
        "path": one.template,
        "seed": seed(entry, one),
        "evidence": list(one.evidence),
        "evidence_kinds": list(dict.fromkeys(source.kind for source in sources(entry.contract, one.evidence))),
        "rules": len(one.request.rules),
        **({"partly": one.partly} if one.partly else {}),
    }


def seed(entry: Dossier, one: Operation) -> str | None:
    """The file of the seed that documents an operation: the one that its evidence cites more often than any other page.

    A page that only mentions the operation is cited once, beside the page that documents it.
    """
    pages = [source for source in sources(entry.contract, one.evidence) if source.kind in ("seed", "document")]
    cited = Counter(source.document for source in pages)
    seeds = [source for source in pages if source.kind == "seed"]
    most = max((cited[source.document] for source in pages if source.kind == "document"), default=0)
    return next((source.where for source in seeds if cited[source.document] > most), None)


def error(entry: Dossier, code: str) -> dict[str, Json]:
    """One code of the catalogue as an object."""
    answer, found = entry.contract.errors.codes[code], provoked(entry, code)
    return {
        "code": code,
        "status": answer.status,
        "where": answer.where,
        "message": answer.message,
        "provoked_by": found.words(),
        "conditions": found.conditions,
        "rules": [one["match"] for one in patterns(entry, found)],
        "magic_names": list(dict.fromkeys(one.name for one in found.magic)),
        "evidence": list(listed(entry.errors["codes"][code]["evidence"])),
    }


def contradiction(entry: Dossier, name: str) -> dict[str, Json]:
    """One contradiction as an object; `setting` is None where nobody can choose."""
    found = entry.contract.contradictions[name]
    readings = [{"reading": one["reading"], "evidence": list(listed(one["evidence"]))} for one in found["readings"]]
    return {
        "id": name,
        "readings": readings,
        "decision": found["decision"],
        "reason": found["reason"],
        "evidence": list(listed(found["evidence"])),
        "setting": found.get("setting"),
    }
