"""`python -m tests.mutation --variants`: variants of the documents, so that each mutant of an answer's rules is noticed.

Knows the schemas, the documents and the mutants that survive. For each of these it changes few places of a document until the
mutant judges it otherwise than the schema does, and writes that down with the schema's verdict, when that is that the variant is
valid or breaks one rule. Law: what is written by hand stays as it is.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import islice, product
from typing import Any

from answers import Document, documents, message, schema_of
from cases import FIXTURES, Case

from mockcloud.contracts.json_schema import JsonSchema
from mockcloud.contracts.rules import Rule, Schema
from mockcloud.reports.json_values import applying

from .fixtures import DOCUMENTS, fixtures_of
from .laboratory import Laboratory
from .mutant import Mutant, walked
from .run import Study
from .witnesses import is_of

LEFT_OUT: Any = object()


class Times(int):
    """So often stands what stands there."""


Edit = dict[str, Any]
"""Pointer to what is put there, to `LEFT_OUT` or to `Times`."""

TRIES = 600
SIMPLE: tuple[Any, ...] = (1.5, "1.5", -1, 0, 1, 0.5, "other", "0", "", None, True, [], {})


def write(study: Study) -> list[str]:
    """Add variants to the provider's documents; the mutants for which none was found."""
    laboratory = study.laboratory
    cases = sorted(fixtures_of(laboratory.folder.name, DOCUMENTS), key=_richness, reverse=True)
    with laboratory.open():
        laboratory.prepare()
        answers = [mutant for mutant in study.mutants.values() if mutant.kind == "answer"]
        return [
            mutant.id for mutant in answers if not laboratory.judged(mutant).by and not _told_apart(laboratory, mutant, cases)
        ]


def _richness(case: Case) -> tuple[int, int]:
    """A document of many operations carries what they share, a long one has most members."""
    operations = case.data["operation"]
    return len(operations) if isinstance(operations, list) else 1, len(json.dumps(case.data["body"]))


def _told_apart(laboratory: Laboratory, mutant: Mutant, cases: list[Case]) -> bool:
    """Whether some document has a variant, which is then written, that tells the mutant from the schema."""
    for case in cases:
        every = list(documents(case))
        whole = [document for document in every if not document.number]
        variant = variant_for(laboratory, mutant, whole) if any(is_of(mutant, document) for document in whole) else None
        if variant is not None:
            case.data.setdefault("variants", []).append(variant)
            laboratory.documents += [document for document in documents(case) if document.number == len(case.data["variants"])]
            path = FIXTURES / f"{case.id}.json"
            path.write_text(text(case.data), encoding="utf-8")
            return True
    return False


def variant_for(laboratory: Laboratory, mutant: Mutant, whole: list[Document]) -> dict[str, Any] | None:
    """A variant of a document that tells the mutant from the schema; None where none was found.

    `whole` is the document as each operation's that it is for: the variant has one verdict in all of them.
    """
    own = next(document for document in whole if is_of(mutant, document))
    plain = {document.operation: schema_of(laboratory.plain, document) for document in whole}
    changed = laboratory.changed_schema(mutant, own.operation)
    schema = plain[own.operation]
    rule = next(schema.rules[name] for name in mutant.rules if name in schema.rules)
    for edit in islice(_edits(schema, message(own, schema), rule), TRIES):
        put = {place: value for place, value in edit.items() if value is not LEFT_OUT and not isinstance(value, Times)}
        drop = [place for place, value in edit.items() if value is LEFT_OUT]
        times = {place: int(value) for place, value in edit.items() if isinstance(value, Times)}
        near = [replace(document, put=put, drop=tuple(drop), times=times) for document in whole]
        verdicts = [_broken(plain[document.operation], document) for document in near]
        verdict = verdicts[0]
        agreed = verdict is not None and len(verdict) < 2 and all(one == verdict for one in verdicts)
        if agreed and verdict != _broken(changed, near[whole.index(own)]):
            first = replace(whole[0], place="".join(f"#{place}" for place in verdict or ()))
            return {key: value for key, value in (("rule", first.rule), ("put", put), ("drop", drop), ("times", times)) if value}
    return None


def _broken(schema: Schema, document: Document) -> set[str] | None:
    """The rules that a document breaks, without their owner; None where the validators differ or the edit does not fit."""
    try:
        data = message(document, schema)
        broken = {violation.rule.partition("#")[2] for violation in schema.violations(data)}
        return broken if schema.accepts(data) is not bool(broken) else None
    except (LookupError, TypeError, ValueError):
        return None


def _edits(schema: Schema, data: Any, rule: Rule) -> Iterator[Edit]:
    for place in _places(data, rule.path):
        present = _at(data, place)
        if rule.constraint == "required":
            yield {place: LEFT_OUT}
        elif rule.constraint == "maxOccurs":
            yield {place: Times(int(str(rule.demand)) + 1)}
        elif place:
            yield from ({place: value} for value in [*_likely(rule, present), *SIMPLE])
        spoken = _spoken(schema, rule, present)
        for values in product(*spoken.values()):
            edit = {f"{place}/{name}": value for name, value in zip(spoken, values, strict=True)}
            absent = [where for where, value in edit.items() if value is LEFT_OUT and _at(data, where) is None]
            yield {where: value for where, value in edit.items() if where not in absent}


def _places(data: Any, path: str, at: str = "") -> Iterator[str]:
    """Where in the document a rule's path leads."""
    step, _, rest = path[1:].partition("/")
    if not path:
        yield at
    elif isinstance(data, list):
        # In JSON an element of a list is a step of the path, in XML it is not.
        for index, one in enumerate(data):
            yield from _places(one, (f"/{rest}" if rest else "") if step == "*" else path, f"{at}/{index}")
    elif isinstance(data, dict) and step in data:
        yield from _places(data[step], f"/{rest}" if rest else "", f"{at}/{step}")


def _at(data: Any, pointer: str) -> Any:
    """What stands at a pointer; None where nothing does."""
    for step in pointer.split("/")[1:]:
        try:
            data = data[int(step)] if isinstance(data, list) else data[step]
        except (LookupError, TypeError, ValueError):
            return None
    return data


def _likely(rule: Rule, present: Any) -> Iterator[Any]:
    """Values that break the rule, or nearly do."""
    demand: Any = rule.demand
    if isinstance(present, str):
        yield from (f"{before}{present}{after}" for before, after in (("!", "!"), (" ", ""), ("", " "), ("x", ""), ("", "x")))
    for _, node in walked(demand):  # a condition on a leaf
        yield from (node["minimum"] - 1, node["minimum"] + 0.5) if "minimum" in node else ()
    if rule.constraint in ("minimum", "maximum", "minInclusive", "maxInclusive"):
        beyond = int(float(demand)) + (1 if rule.constraint.startswith("max") else -1)
        yield beyond if isinstance(demand, (int, float)) else str(beyond)
    elif rule.constraint in ("minLength", "maxLength", "minItems", "maxItems"):
        yield (present * (int(demand) + 1))[: int(demand) + (1 if rule.constraint.startswith("max") else -1)]
    if isinstance(present, int) and not isinstance(present, bool):
        yield from (present + 0.5, present + 1)


def _spoken(schema: Schema, rule: Rule, present: Any) -> dict[str, list[Any]]:
    """The members that a condition speaks of, by their way from its place, each with values worth trying."""
    if isinstance(schema, JsonSchema):
        here = [one for one in applying(schema.tree, rule.path) if one.get("x-rule") == rule.constraint]
        found = {name: values for one in here for name, values in _members(one).items()}
    else:
        demand = str(rule.demand) if "(" in str(rule.demand) or "=" in str(rule.demand) else ""
        quoted = re.findall("'([^']*)'", demand)
        names = re.findall(r"(?<![\w'/])[A-Z]\w*(?:/\w+)*(?![\w(']|\s*\()", re.sub("'[^']*'", "''", demand))
        found = {name: [*quoted, "other"] for name in names}
    tried = {}
    for name, values in found.items():
        now = _at(present, f"/{name}")
        kept = [now] if now is not None else []
        tried[name] = [*kept, LEFT_OUT, *(value for value in values if not kept or not isinstance(now, (dict, list)))]
    return tried


def _members(condition: Any) -> dict[str, list[Any]]:
    found: dict[str, list[Any]] = {}
    for steps, node in walked({key: condition[key] for key in ("if", "then", "anyOf", "not") if key in condition}):
        way = [str(step) for before, step in zip(("", *steps), steps, strict=False) if before == "properties"]
        for name in node.get("required", ()):
            found.setdefault("/".join([*way, name]), [])
        if way:
            values = found.setdefault("/".join(way), [])
            listed = [*node.get("enum", ()), *([node["const"]] if "const" in node else [])]
            values += [value for value in [*listed, *(["other"] if listed else [1, 0])] if value not in values]
    return found


def text(data: dict[str, Any]) -> str:
    """A fixture as it is written: each variant on a line of its own."""
    entries = [json.dumps(entry, ensure_ascii=False) for entry in data.get("variants", ())]
    rest = json.dumps({key: value for key, value in data.items() if key != "variants"}, ensure_ascii=False, indent=2)
    if not entries:
        return f"{rest}\n"
    lines = ",\n".join(f"    {entry}" for entry in entries)
    return re.sub(r"\n}\Z", "", rest) + f',\n  "variants": [\n{lines}\n  ]\n}}\n'
