"""Explain a rule, an operation, an error code or a contradiction, as an object.

Knows how each is spelt and what there is to say of it; `pages.py` says it to people. Law: whatever is listed can be
explained, and every explanation names its evidence.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import asdict

from mockcloud.contracts import folders
from mockcloud.contracts.catalogue import Answer
from mockcloud.contracts.evidence import listed
from mockcloud.contracts.json_schema import JsonSchema
from mockcloud.contracts.rules import Rule
from mockcloud.contracts.sources import sources
from mockcloud.errors import UsageError
from mockcloud.messages import Json, Violation
from mockcloud.pipeline.validation import fields as fields_of
from mockcloud.reports import json_examples, listing, words, xml_examples
from mockcloud.reports.dossier import Dossier, Side, dossier, dossiers
from mockcloud.reports.names import unknown, unknown_bare
from mockcloud.reports.operation import operation
from mockcloud.reports.provoked import provoked
from mockcloud.reports.rule_list import described


def explain(name: str) -> dict[str, Json]:
    """What there is to say of a rule, an operation, `PROVIDER:CODE`, `PROVIDER:CONDITION` or `PROVIDER:CONTRADICTION`.

    Raises UsageError for what is none of them, naming the nearest.
    """
    provider = re.split(r"[.:]", name, maxsplit=1)[0]
    entry = dossier(provider) if provider in folders.known() else None
    if "#" in name:
        return _rule(entry, name)
    if ":" in name:
        return _entry(entry, name)
    return _operation(entry, name)


def _among(entry: Dossier | None) -> list[Dossier]:
    return [entry] if entry else dossiers()


def _rule(entry: Dossier | None, name: str) -> dict[str, Json]:
    side = entry.side_of(name) if entry else None
    if entry is None or side is None:
        known = [rule.id for one in _among(entry) for rule in one.rules()]
        raise unknown("rule", name, known, " `mockcloud rules` lists them.")
    return rule(entry, side, side.schema.rules[name])


def _entry(entry: Dossier | None, name: str) -> dict[str, Json]:
    what = name.partition(":")[2]
    if entry is not None:
        errors = entry.contract.errors
        if what in errors.codes or errors.task_code(what):
            return error(entry, what)
        if what in entry.contract.contradictions:
            return contradiction(entry, what)
        if what in errors.conditions:
            return error(entry, errors.conditions[what].code)
    raise unknown("error code or contradiction", name, _entries(entry))


def _entries(entry: Dossier | None) -> list[str]:
    return [
        f"{one.name}:{known}"
        for one in _among(entry)
        for known in (*one.contract.errors.codes, *one.contract.errors.conditions, *one.contract.contradictions)
    ]


def _operation(entry: Dossier | None, name: str) -> dict[str, Json]:
    if entry is not None:
        found = entry.contract.operations.get(name.partition(".")[2])
        if found is not None:
            return operation(entry, found)
        if name == entry.name:
            ids = ", ".join(one.id for one in entry.contract.operations.values())
            raise UsageError(f"'{name}' is a provider; `mockcloud contracts` shows it. Its operations: {ids}")
        setting = entry.contract.settings.get(name.partition(".")[2])
        if setting is not None:
            raise UsageError(f"'{name}' is a setting; `mockcloud contracts` shows it: {setting.says}")
    known = [f"{one.name}.{named}" for one in _among(entry) for named in (*one.contract.operations, *one.contract.settings)]
    if "." not in name:
        raise unknown_bare("operation or code", name, [*known, *_entries(entry), *folders.known()])
    raise unknown("operation", name, known)


# What there is to say ------------------------------------------------------------------------------------------------


def rule(entry: Dossier, side: Side, one: Rule) -> dict[str, Json]:
    """A rule: what it demands, what breaks and what keeps it, and what it earns."""
    earned = entry.contract.errors.broken(one.id) if one.side == "request" else None
    told = earned.worded(_fields(side, one)) if earned else f"{words.dotted(side.place(one))} {one.reason}"
    breaks, keeps = _examples(side, one)
    return {
        "kind": "rule",
        **described(entry, one),
        "demands": words.demand(one, told),
        "test": _test(side, one) if words.is_named(one) else None,
        "breaks": breaks,
        "keeps": keeps,
        "refused": _refused(earned, told) if earned else None,
        "of_authentication": bool(earned) and not entry.contract.errors.counts(one.id, {}, strict=False),
    }


def _test(side: Side, one: Rule) -> str:
    """A condition's own test: an XPath, or the keywords that make it."""
    if not isinstance(side.schema, JsonSchema):
        return str(one.demand)
    return json.dumps(json_examples.condition(side.schema, one), ensure_ascii=False)


def _refused(answer: Answer, message: str) -> dict[str, Json]:
    return {"status": answer.status, "code": answer.code, "message": message}


def _fields(side: Side, one: Rule) -> dict[str, Json]:
    return fields_of(Violation(one.id, side.place(one).replace("/*", "/0"), None, one.reason))


def _examples(side: Side, one: Rule) -> tuple[list[dict[str, Json]], list[dict[str, Json]]]:
    if isinstance(side.schema, JsonSchema):
        return json_examples.examples(side.schema, one)
    return xml_examples.examples(side.schema, one)


def error(entry: Dossier, code: str) -> dict[str, Json]:
    """An error code: what it says, and everything that provokes it."""
    errors, found = entry.contract.errors, provoked(entry, code)
    answer = errors.codes.get(code) or Answer(code, entry.contract.success.status, "", "task")
    data = entry.errors["codes"].get(code) or entry.errors["task_codes"]
    return {
        "kind": "error",
        "provider": entry.name,
        "code": code,
        "status": answer.status,
        "where": answer.where,
        "message": answer.message,
        "provoked_by": found.words(),
        "conditions": [
            {"condition": name, **_own(entry, errors.conditions[name], entry.errors["conditions"][name])}
            for name in found.conditions
        ],
        "rules": [
            {"match": data["match"], **_own(entry, _answer(entry, ids), data), "rules": ids}
            for data, ids in ((entry.errors["rules"][place], ids) for place, ids in found.rules.items())
        ],
        "fail_next": found.fail_next,
        "magic_names": [asdict(one) for one in found.magic],
        **_evidence(entry, listed(data["evidence"])),
    }


def _answer(entry: Dossier, ids: list[str]) -> Answer:
    answer = entry.contract.errors.broken(ids[0])
    assert answer is not None  # noqa: S101  # these are the rules that earn the code
    return answer


def _own(entry: Dossier, answer: Answer, data: Json) -> dict[str, Json]:
    return {"status": answer.status, "message": answer.message, **_evidence(entry, listed(data["evidence"]))}


def _evidence(entry: Dossier, evidence: Iterable[str]) -> dict[str, Json]:
    told = list(evidence)
    return {"evidence": told, "sources": [source.as_json() for source in sources(entry.contract, told)]}


def contradiction(entry: Dossier, name: str) -> dict[str, Json]:
    """A contradiction: its readings, what was decided and why, and who can choose otherwise."""
    found = listing.contradiction(entry, name)
    setting = entry.contract.settings.get(found["setting"]) if found["setting"] else None
    cited = f"contradiction#{name}"
    choice = {"name": found["setting"], **asdict(setting)} if setting else None
    return {
        "kind": "contradiction",
        "provider": entry.name,
        **found,
        **_evidence(entry, found["evidence"]),
        "readings": [{"reading": one["reading"], **_evidence(entry, one["evidence"])} for one in found["readings"]],
        "setting": choice,
        "cited_by": [one.id for one in entry.rules() if cited in one.evidence]
        + [one.id for one in entry.contract.operations.values() if cited in one.evidence],
    }
