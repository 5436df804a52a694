"""What changed between two schemas of one side of one operation.

Knows members, rules and what is said of them; which of two demands takes more is asked elsewhere. Law: a member that comes or
goes is one change, whatever lies in it; of one that stays every rule and everything said is compared.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from mockcloud.changes.bearings import MEMBERS, RULES, SAID, Flow, fits
from mockcloud.changes.change import Change, How, Verdict, Weight
from mockcloud.changes.comparisons import compared
from mockcloud.changes.conditions import included
from mockcloud.changes.demand import demand
from mockcloud.changes.edition import Pair
from mockcloud.changes.facets import same
from mockcloud.changes.members import Member, members
from mockcloud.changes.relation import Relation
from mockcloud.contracts.evidence import listed
from mockcloud.contracts.json_schema import JsonSchema
from mockcloud.contracts.model import Schema
from mockcloud.contracts.rules import Rule
from mockcloud.contracts.vocabulary import JSON_CONSTRAINTS
from mockcloud.messages import Json, shortened

IDLE: Final = fits("the other rules of the place rule it out already")
"""The verdict of what would break clients, did not something else see to it that it cannot."""


THINGS: Final = {
    "x-source": "evidence",
    "x-says": "wording",
    "x-about": "place-told",
    "x-default-from": "default",
    "readOnly": "read-only",
    "$schema": "dialect",
}
"""What is said of a member, in words, where the keyword is none."""


@dataclass(frozen=True, slots=True)
class Sides:
    """One side of one operation in both editions. `side` is as in rules' ids, `shown` where the changes belong."""

    pair: Pair
    owner: str
    side: str
    flow: Flow
    old: Schema
    new: Schema
    shown: str

    def changes(self) -> Iterator[Change]:
        """Every change, in the order of the new schema, then what is gone."""
        before, after = members(self.old), members(self.new)
        for path, member in after.items():
            if path in before or (member.is_element and _above(path) in before):
                yield from self._of_member(before.get(path, Member(path)), member)
            elif _above(path) in before:
                yield self._member(How.ADDED, member)
        for path, member in before.items():
            if path not in after and _above(path) in after:
                yield from self._of_member(member, Member(path)) if member.is_element else [self._member(How.REMOVED, member)]

    def _member(self, how: How, member: Member) -> Change:
        required = how is How.ADDED and "required" in member.rules
        verdict = MEMBERS[self.flow][How.STRICTER if required else how]
        evidence = _evidence(member)
        shown = _outline(member)
        old, new, cited = (None, shown, ((), evidence)) if how is How.ADDED else (shown, None, (evidence, ()))
        return self._change("member", how, self._at(member.path), verdict, old, new, cited)

    def _of_member(self, before: Member, after: Member) -> Iterator[Change]:
        found = [*self._of_rules(before, after), *self._of_said(before, after)]
        spoken = any(change.what != "evidence" for change in found)
        # Evidence that comes with a change stands beside it already.
        yield from (change for change in found if change.what != "evidence" or not spoken)

    def _of_rules(self, before: Member, after: Member) -> Iterator[Change]:
        for name in dict.fromkeys([*after.rules, *before.rules]):
            old, new = before.rules.get(name), after.rules.get(name)
            relation = self._relation(old, new)
            if relation is not None:
                cited = (old.evidence if old else (), new.evidence if new else ())
                verdict = _with(RULES[self.flow][relation.how], relation, self.flow)
                if verdict.weight is Weight.BREAKING and self._is_idle(old, new, before, after):
                    verdict = IDLE
                values = (self._demand(old, self.old), self._demand(new, self.new))
                yield self._change("rule", relation.how, self._rule(old or new), verdict, *values, cited)

    def _is_idle(self, old: Rule | None, new: Rule | None, before: Member, after: Member) -> bool:
        """Whether the other rules of the place see to it that nothing breaks: a list of values needs no type beside it."""
        kept, asked, schema = (before, new, self.new) if self.flow is Flow.SENT else (after, old, self.old)
        if asked is None or not isinstance(schema, JsonSchema) or asked.constraint == "required":
            return False
        wanted = demand(asked, schema)
        keywords = wanted.value if wanted.constraint == "condition" else {asked.constraint: asked.demand}
        plain = {name: rule.demand for name, rule in kept.rules.items() if name in JSON_CONSTRAINTS and name != "required"}
        return included(plain, keywords)

    def _relation(self, old: Rule | None, new: Rule | None) -> Relation | None:
        if old is None or new is None:
            return Relation(How.ADDED if old is None else How.REMOVED)
        return compared(demand(old, self.old), demand(new, self.new))

    def _demand(self, rule: Rule | None, schema: Schema) -> Json:
        return None if rule is None else demand(rule, schema).value

    def _of_said(self, before: Member, after: Member) -> Iterator[Change]:
        for keyword in dict.fromkeys([*after.said, *before.said]):
            word, _, name = keyword.partition(" ")
            old, new = before.said.get(keyword), after.said.get(keyword)
            if keyword in before.said and keyword in after.said and same(old, new):
                continue
            if name and not (name in before.rules and name in after.rules):
                continue  # it came or went with its rule
            how = How.ADDED if keyword not in before.said else How.REMOVED if keyword not in after.said else How.CHANGED
            place = f"{self._at(after.path)}:{name or word}"
            yield self._change(
                THINGS.get(word, word), how, place, SAID[word][self.flow][how], old, new, (_evidence(before), _evidence(after))
            )

    def _change(
        self,
        what: str,
        how: How,
        place: str,
        verdict: Verdict,
        old: Json,
        new: Json,
        cited: tuple[tuple[str, ...], tuple[str, ...]],
    ) -> Change:
        return self.pair.change(what, how, self.shown, place, verdict, operation=self.owner, old=old, new=new, evidence=cited)

    def _at(self, path: str) -> str:
        return f"{self.owner}/{self.side}#{path}"

    def _rule(self, rule: Rule | None) -> str:
        assert rule is not None  # noqa: S101  # one of the two editions has it
        return rule.id


def _above(path: str) -> str:
    return path.rpartition("/")[0]


def _evidence(member: Member) -> tuple[str, ...]:
    if "required" in member.rules:
        return member.rules["required"].evidence
    source = member.said.get("x-source", ())
    return listed(source.get("*", next(iter(source.values()), ()))) if isinstance(source, dict) else _flat(source)


def _flat(source: Json) -> tuple[str, ...]:
    """Evidence as a tuple; several parts of a schema may each have said some."""
    if isinstance(source, str):
        return (source,)
    listed_below = source.values() if isinstance(source, dict) else source
    return tuple(text for one in listed_below for text in _flat(one))


def _outline(member: Member) -> Json:
    """A member as what it demands of its value."""
    return {name: rule.demand for name, rule in member.rules.items()}


def _with(verdict: Verdict, relation: Relation, flow: Flow) -> Verdict:
    """The verdict, with the witness that shows it."""
    witness, shows = _WITNESS[flow]
    shown = getattr(relation, witness)
    return verdict if shown is None else Verdict(verdict.weight, f"{verdict.why}: {shortened(shown)} {shows}")


_WITNESS: Final = {
    Flow.SENT: ("lost", "was taken and is no longer"),
    Flow.READ: ("gained", "could not be there and can be now"),
}
