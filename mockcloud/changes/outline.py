"""Changes in order: grouped by what they belong to, those that break first, and counted.

Knows no terminal. Law: groups that say the same of several operations are one group that names them all.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from mockcloud.changes.change import Change, Weight
from mockcloud.messages import Json

PLURALS: Final = {
    "request": "requests",
    "response": "responses",
    "operation": "operations",
    **{side: side for side in ("errors", "lifecycle", "callbacks", "settings", "provider", "documents")},
}
"""Every side, as it is counted, in the order in which they are told."""

_HEAVIEST: Final = list(Weight)


@dataclass(frozen=True, slots=True)
class Group:
    """The changes of these operations, or of a provider where there is none."""

    names: tuple[str, ...]
    changes: tuple[Change, ...]

    @property
    def breaking(self) -> bool:
        """Whether one of them breaks clients."""
        return any(change.breaking for change in self.changes)


def groups(changes: Iterable[Change]) -> list[Group]:
    """The changes by operation, those of a provider as a whole by its name: groups that break clients first."""
    by_name: dict[str, list[Change]] = {}
    for change in changes:
        by_name.setdefault(change.operation or change.provider, []).append(change)
    alike: dict[str, list[str]] = {}
    for name, listed in by_name.items():
        alike.setdefault(json.dumps([_said(change) for change in listed]), []).append(name)
    found = [Group(tuple(names), tuple(sorted(by_name[names[0]], key=_weight))) for names in alike.values()]
    return sorted(found, key=lambda group: not group.breaking)


def _said(change: Change) -> Json:
    return [change.kind, change.local, change.old, change.new, change.why]


def _weight(change: Change) -> int:
    return _HEAVIEST.index(change.verdict.weight)


def by_side(changes: Iterable[Change]) -> dict[str, int]:
    """How many changes break clients, by side."""
    found = Counter(change.side for change in changes if change.breaking)
    return {side: found[side] for side in PLURALS if found[side]}


def totals(changes: list[Change]) -> str:
    """The count in one line: `7 changes, 3 breaking (2 requests, 1 responses)`."""
    if not changes:
        return "no changes"
    sides = by_side(changes)
    counted = ", ".join(f"{number} {PLURALS[side]}" for side, number in sides.items())
    broken = f"{sum(sides.values())} breaking ({counted})" if sides else "none breaking"
    return f"{len(changes)} {'change' if len(changes) == 1 else 'changes'}, {broken}"


def as_json(old: str, new: str, changes: list[Change], calls: Json = None) -> dict[str, Json]:
    """The comparison as plain data; `old` and `new` are how the user named the editions, `calls` what becomes of recordings."""
    weights = Counter(change.verdict.weight for change in changes)
    return {
        "format": "mockcloud.diff/1",
        "old": old,
        "new": new,
        "summary": {
            "changes": len(changes),
            **{
                key: weights[weight]
                for key, weight in (("breaking", Weight.BREAKING), ("compatible", Weight.COMPATIBLE), ("notes", Weight.NOTE))
            },
            "breaking_by_side": by_side(changes),
        },
        "changes": [change.as_json() for change in changes],
        "calls": calls,
    }
