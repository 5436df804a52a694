"""What changed in the catalogue of errors: not what its entries say, but what a client is told.

Knows the order in which rules are matched, and messages with their fields. Law: a rule that earns something else is told once,
with the entry that made it so, however many rules come to that entry.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Final, NamedTuple

from mockcloud.changes import files
from mockcloud.changes.bearings import breaks, fits, note
from mockcloud.changes.change import Change, How, Verdict
from mockcloud.changes.demand import demand
from mockcloud.changes.edition import Edition, Pair
from mockcloud.changes.facets import Found, by, same
from mockcloud.changes.shapes import of_sequences
from mockcloud.changes.tables.error import OF_TASKS, TOLD
from mockcloud.contracts.evidence import listed
from mockcloud.contracts.json_schema import JsonSchema
from mockcloud.contracts.model import Operation
from mockcloud.contracts.rules import Rule
from mockcloud.messages import Json, Violation
from mockcloud.pipeline.validation import fields

_SHOWN: Final = 3
"""Rules that are named of many."""

_ORDER: Final = breaks("of several rules that a request breaks another one is told first")


class _Entry(NamedTuple):
    """An entry of the rules: the name that it has among them, and what it says."""

    name: str
    data: Json


@dataclass(frozen=True)
class _Catalogue:
    """The errors of one edition."""

    edition: Edition

    @cached_property
    def named(self) -> dict[str, Json]:
        """Its rules by name."""
        return by("match")(self.edition.data["errors"]["rules"])

    @cached_property
    def entries(self) -> list[_Entry]:
        """Its rules in their order."""
        return [_Entry(name, data) for name, data in self.named.items()]

    def entry(self, rule: str) -> _Entry:
        """The entry that a rule of a request comes to."""
        return self.entries[self.edition.contract.errors.rank(rule)]

    def told(self, entry: Json) -> dict[str, Json]:
        """What an entry tells a client: what it does not say itself its code does."""
        code = self.edition.data["errors"]["codes"][entry["code"]]
        return {key: entry.get(key, code.get(key) if key in ("status", "message") else None) for key in TOLD}


def changes(pair: Pair) -> Iterator[Change]:
    """Every change of the errors."""
    old, new = _Catalogue(pair.old), _Catalogue(pair.new)
    refusals = list(_refusals(pair, old, new))
    covered = {change.place.partition(" (")[0] for change in refusals}
    for found in files.found_in(pair, "errors"):
        if found.steps[0] == "conditions" and len(found.steps) > 2:
            continue  # what the condition earns is compared whole
        change = files.change(pair, "errors", _of_tasks(found))
        if found.steps[0] != "rules" or _place(pair, found.steps[1]) not in covered:
            yield change
    yield from _conditions(pair, old, new)
    yield from refusals
    yield from _order(pair, old, new)
    yield from _sentences(pair, old, new)


def _of_tasks(found: Found) -> Found:
    tasks = found.facet.what == "code" and found.how is How.ADDED and found.new["where"] != "request"
    return found._replace(verdict=OF_TASKS) if tasks else found


def _place(pair: Pair, name: str) -> str:
    return f"{pair.provider}/errors.json#/rules/{name}"


def _conditions(pair: Pair, old: _Catalogue, new: _Catalogue) -> Iterator[Change]:
    """Conditions that both editions map, and what they earn."""
    before, after = (one.edition.data["errors"]["conditions"] for one in (old, new))
    for name in (name for name in after if name in before and not same(before[name], after[name])):
        place = f"{pair.provider}/errors.json#/conditions/{name}"
        yield from _told(pair, "condition", place, (old, before[name]), (new, after[name]))


def _told(
    pair: Pair, what: str, place: str, old: tuple[_Catalogue, Json], new: tuple[_Catalogue, Json], whom: str = ""
) -> Iterator[Change]:
    """What is told differently of one thing: a code, a status or a message; where nothing is, that the entry is another."""
    before, after = (catalogue.told(entry) for catalogue, entry in (old, new))
    cited = (listed(old[1]["evidence"]), listed(new[1]["evidence"]))
    differing = [key for key in TOLD if not same(before[key], after[key])]
    if not differing:
        yield pair.change("evidence", How.CHANGED, "errors", place, note("what is told is the same"), evidence=cited)
    for key in differing:
        how, verdict = _judged(key, before[key], after[key])
        told = Verdict(verdict.weight, f"{verdict.why}{whom}")
        yield pair.change(f"{what}-{key}", how, "errors", place, told, old=before[key], new=after[key], evidence=cited)


def _judged(key: str, old: Json, new: Json) -> tuple[How, Verdict]:
    if key in ("check", "unless") and old is None:
        return How.ADDED, fits("what was refused for it is taken where it does not count")
    return How.REMOVED if new is None else How.CHANGED, TOLD[key]


def _refusals(pair: Pair, old: _Catalogue, new: _Catalogue) -> Iterator[Change]:
    """Rules that both editions have, and that come to another entry or to one that says something else."""
    groups: dict[tuple[str, str], list[str]] = {}
    if same(old.entries, new.entries):
        return
    for rule in (rule for one, other in _shared(pair) for rule in other.request.rules if rule in one.request.rules):
        before, after = old.entry(rule), new.entry(rule)
        if not same(_plain(before.data), _plain(after.data)):
            groups.setdefault((before.name, after.name), []).append(rule)
    for number, (names, rules) in enumerate(groups.items(), 1):
        place = _place(pair, _naming(names, old, new)) + (f" ({number})" if number > 1 else "")
        whom = f" ({len(rules)} rules: {', '.join(rules[:_SHOWN])}{' ...' if len(rules) > _SHOWN else ''})"
        yield from _told(pair, "refusal", place, (old, old.named[names[0]]), (new, new.named[names[1]]), whom)


def _plain(entry: Json) -> Json:
    return {key: value for key, value in entry.items() if key not in ("evidence", "match")}


def _naming(names: tuple[str, str], old: _Catalogue, new: _Catalogue) -> str:
    """The entry that made the difference: one that only one of the editions has, if there is such a one."""
    alone = [name for name in names if (name in old.named) != (name in new.named)]
    return min(alone or names)


def _shared(pair: Pair) -> Iterator[tuple[Operation, Operation]]:
    before = pair.old.contract.operations
    return ((before[name], one) for name, one in pair.new.contract.operations.items() if name in before)


def _order(pair: Pair, old: _Catalogue, new: _Catalogue) -> Iterator[Change]:
    before, after = list(old.named), list(new.named)
    if of_sequences(before, after) == 0:
        place = f"{pair.provider}/errors.json#/rules"
        yield pair.change("refusal-order", How.CHANGED, "errors", place, _ORDER, old=before, new=after)


def _sentences(pair: Pair, old: _Catalogue, new: _Catalogue) -> Iterator[Change]:
    """Rules whose demand is the same, and whose reason or place is not: a message that shows it says something else."""
    for one, other in _shared(pair):
        if one.request is other.request:
            continue
        places = _places(one), _places(other)
        for name, rule in other.request.rules.items():
            was = one.request.rules.get(name)
            if was is None or (was.reason, places[0].get(name)) == (rule.reason, places[1].get(name)):
                continue
            same_demand = same(demand(was, one.request).value, demand(rule, other.request).value)
            if same_demand and same(_plain(old.entry(name).data), _plain(new.entry(name).data)):
                yield from _sentence(pair, other, (was, places[0].get(name, "")), (rule, places[1].get(name, "")))


def _sentence(pair: Pair, operation: Operation, old: tuple[Rule, str], new: tuple[Rule, str]) -> Iterator[Change]:
    name, editions = new[0].id, (pair.old, pair.new)
    answers = [edition.contract.errors.broken(name) for edition in editions]
    told = [answer.worded(_fields(*one)) for answer, one in zip(answers, (old, new), strict=True) if answer]
    if told[0] != told[1]:
        cited = (old[0].evidence, new[0].evidence)
        yield pair.change(
            "refusal-message",
            How.CHANGED,
            "errors",
            name,
            TOLD["message"],
            operation=operation.id,
            old=told[0],
            new=told[1],
            evidence=cited,
        )


def _places(operation: Operation) -> dict[str, str]:
    """The members that named rules are about, by the rules' ids."""
    schema = operation.request
    places = schema.places if isinstance(schema, JsonSchema) else []
    return {f"{operation.id}/request#{one.path}:{one.constraint}": one.about for one in places if one.about}


def _fields(rule: Rule, about: str) -> dict[str, Json]:
    where = f"{rule.path}/{about}" if about else rule.path
    return fields(Violation(rule.id, where.replace("/*", "/0"), None, rule.reason))
