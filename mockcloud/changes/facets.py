"""The data files of a contract as a table of facets: what each key is, and what it means that it comes, goes or changes.

Knows how tables are walked, and no key. Law: a key that the table does not hold is an error of the table (KeyError), never
passed over; a test holds the tables to the meta-schemas.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from mockcloud.changes.bearings import breaks, fits, note
from mockcloud.changes.change import How, Verdict
from mockcloud.contracts.evidence import KEYS, listed
from mockcloud.messages import Json

Steps = tuple[str, ...]
Evidence = tuple[tuple[str, ...], tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Judge:
    """How a value that is another now is judged: the outcomes that there are, and which of them it is; -1 for no change."""

    outcomes: tuple[tuple[How, Verdict], ...]
    of: Callable[[Json, Json], int] = lambda old, new: 0


@dataclass(frozen=True, slots=True)
class Facet:
    """A key. `what` names it in a word; `side` is where its changes belong, empty for where its file's do.

    `members` are the keys of an object, `each` is what a list or an object of many holds, `by` makes a list an object.
    """

    what: str
    added: Verdict
    removed: Verdict
    changed: Judge
    side: str = ""
    members: Mapping[str, Facet] = field(default_factory=dict)
    each: Facet | None = None
    by: Callable[[Json], dict[str, Json]] | None = None


class Found(NamedTuple):
    """A difference: the keys that lead to it, and what is judged of it."""

    steps: Steps
    facet: Facet
    how: How
    verdict: Verdict
    old: Json
    new: Json
    evidence: Evidence


def same(old: Json, new: Json) -> bool:
    """Whether two pieces of data say the same; the order of keys says nothing."""
    return json.dumps(old, sort_keys=True) == json.dumps(new, sort_keys=True)


def differences(facet: Facet, old: Json, new: Json, steps: Steps = (), evidence: Evidence = ((), ())) -> Iterator[Found]:
    """Every difference of two values, as deep as the table goes."""
    if same(old, new):
        return
    holds = isinstance(old, dict) and isinstance(new, dict)
    if facet.each is not None or (facet.members and holds):
        yield from _of_object(facet, _keyed(facet, old), _keyed(facet, new), steps, evidence)
    else:
        outcome = facet.changed.of(old, new)
        if outcome >= 0:
            yield Found(steps, facet, *facet.changed.outcomes[outcome], old, new, evidence)


def _keyed(facet: Facet, value: Json) -> dict[str, Json]:
    if value is None:
        return {}
    return facet.by(value) if facet.by else dict(value)


def _of_object(facet: Facet, old: dict[str, Json], new: dict[str, Json], steps: Steps, evidence: Evidence) -> Iterator[Found]:
    table = {key: facet.members.get(key, facet.each) for key in [*new, *old]}
    found = list(_below(table, old, new, steps, (_cited(old, evidence[0]), _cited(new, evidence[1]))))
    spoken = any(one.facet.what != "evidence" for one in found)
    # Evidence that comes with a change stands beside it already.
    yield from (one for one in found if one.facet.what != "evidence" or not spoken)


def _cited(value: Json, around: tuple[str, ...]) -> tuple[str, ...]:
    """The evidence that a value names itself, else that of what it lies in."""
    named = next((value[key] for key in KEYS if key in value), None) if isinstance(value, dict) else None
    return listed(named) if isinstance(named, (str, list)) else around


def _below(table: Mapping[str, Facet | None], old: Json, new: Json, steps: Steps, evidence: Evidence) -> Iterator[Found]:
    for key, facet in table.items():
        below = (*steps, key)
        if facet is None:
            raise KeyError("/".join(below))
        if (key in old and key in new) or facet.each is not None:
            yield from differences(facet, old.get(key), new.get(key), below, evidence)
        elif key in new:
            yield Found(below, facet, How.ADDED, facet.added, None, new[key], ((), _cited(new[key], evidence[1])))
        else:
            yield Found(below, facet, How.REMOVED, facet.removed, old[key], None, (_cited(old[key], evidence[0]), ()))


# Making tables ----------------------------------------------------------------------------------------------------------


def leaf(
    what: str, changed: Verdict | Judge, added: Verdict | None = None, removed: Verdict | None = None, side: str = ""
) -> Facet:
    """A key whose value is compared whole; coming and going are judged as changing where nothing else is said."""
    judge = changed if isinstance(changed, Judge) else Judge(((How.CHANGED, changed),))
    usual = judge.outcomes[-1][1]
    return Facet(what, added or usual, removed or usual, judge, side)


def thing(what: str, added: Verdict, removed: Verdict, members: Mapping[str, Facet], side: str = "") -> Facet:
    """An object with keys of its own."""
    return Facet(what, added, removed, _WHOLE, side, members)


def many(each: Facet, by: Callable[[Json], dict[str, Json]] | None = None, members: Mapping[str, Facet] | None = None) -> Facet:
    """A list or an object of things of one kind, beside which an object may have `members`; left out, it is empty."""
    return Facet(each.what, each.added, each.removed, _WHOLE, each.side, members or {}, each, by)


_WHOLE: Final = Judge(((How.CHANGED, breaks("it is something else now")),))
EVIDENCE_OF: Final = leaf("evidence", note("the evidence is another; the demand is not"))
WORDS: Final = leaf("wording", note("words for people"))


def one_of(*order: str, stricter: str, looser: str) -> Judge:
    """One of these words, the later the stricter."""
    outcomes = ((How.STRICTER, breaks(stricter)), (How.LOOSER, fits(looser)))
    return Judge(outcomes, lambda old, new: int(order.index(new) < order.index(old)))


NEVER: Final = note("never happens: a value is there or is not")


def each_value(what: str, added: Verdict, removed: Verdict) -> Facet:
    """A list of texts or numbers whose order says nothing."""
    return many(leaf(what, NEVER, added, removed), lambda values: {str(one): one for one in values})


def by(*members: str) -> Callable[[Json], dict[str, Json]]:
    """A list of objects as an object: each under these members of it, and a number where several are alike."""

    def keyed(entries: Json) -> dict[str, Json]:
        times = Counter[str]()
        found = {}
        for entry in entries:
            name = " ".join(str(entry[member]) for member in members)
            times[name] += 1
            found[name if times[name] == 1 else f"{name} ({times[name]})"] = entry
        return found

    return keyed


def view(says: str) -> Facet:
    """A view: what is answered or sent, as the contract writes it."""
    outcomes = (
        (How.CHANGED, fits(f"{says} more than before; a reader passes over what it does not know")),
        (How.CHANGED, breaks(f"{says} less than before")),
        (How.UNTOLD, breaks(f"cannot be told: {says} something else, of which nothing shows that it is what was there")),
    )
    return leaf("view", Judge(outcomes, lambda old, new: 0 if grown(old, new) else 1 if grown(new, old) else 2))


def grown(old: Json, new: Json) -> bool:
    """Whether the new view gives all that the old one gives: objects may have more members."""
    if isinstance(old, dict) and isinstance(new, dict):
        plain = not any(key.startswith("$") for key in (*old, *new))
        return same(old, new) or (plain and all(key in new and grown(old[key], new[key]) for key in old))
    return same(old, new)
