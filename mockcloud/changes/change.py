"""What a change is: one thing that two editions of a contract say differently, and what that means to a client.

Knows no contract's data. Law: how a change looks from the newer edition to the older one is told by `MIRRORED` alone.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from enum import StrEnum
from typing import Final

from mockcloud.messages import Json


class How(StrEnum):
    """What happened to a thing."""

    ADDED = "added"
    REMOVED = "removed"
    STRICTER = "stricter"
    """Takes less than before: the new demand refuses something that the old one took, and takes nothing new."""
    LOOSER = "looser"
    CHANGED = "changed"
    """Takes something that it did not take, and no longer takes something that it took; or is simply another."""
    UNTOLD = "cannot-be-told"
    """Stands there in other words, and nothing shows whether it means more or less."""
    REWORDED = "reworded"
    """Stands there in other words that mean the same, or its evidence does."""


MIRRORED: Final = {
    **{how: how for how in How},
    How.ADDED: How.REMOVED,
    How.REMOVED: How.ADDED,
    How.STRICTER: How.LOOSER,
    How.LOOSER: How.STRICTER,
}
"""What a change is when the editions are compared the other way round."""


class Weight(StrEnum):
    """What a change means to clients that were written for the old edition."""

    BREAKING = "breaking"
    COMPATIBLE = "compatible"
    NOTE = "note"
    """Nothing on the wire: other words, other evidence."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """A weight, with the reason in a sentence."""

    weight: Weight
    why: str


@dataclass(frozen=True, slots=True)
class Change:
    """One change.

    `what` is the thing in a word (`rule`, `member`, `operation`, `code` ...), `side` where it belongs: `request`, `response`,
    `operation`, `errors`, `lifecycle`, `callbacks`, `settings`, `provider` or `documents`. `operation` is empty where it is of
    no one operation. `place` is a rule's id, a member's (`<operation>/<side>#<path>`), or `<provider>/<file>.json#<pointer>`.
    `old` and `new` are what is demanded or stands there, None for nothing. `document` and `line` (a line's number, or a
    section's name) are where the new edition has it from, of something removed the old one; empty and None where nobody
    documents it.
    """

    what: str
    how: How
    side: str
    provider: str
    operation: str
    place: str
    verdict: Verdict
    old: Json = None
    new: Json = None
    old_evidence: tuple[str, ...] = ()
    new_evidence: tuple[str, ...] = ()
    document: str = ""
    line: int | str | None = None

    @property
    def kind(self) -> str:
        """What happened to what: `rule-stricter`, `operation-removed`."""
        return f"{self.what}-{self.how}"

    @property
    def id(self) -> str:
        """The kind and the place: the same in every comparison of the same two editions."""
        return f"{self.kind} {self.place}"

    @property
    def breaking(self) -> bool:
        """Whether a client that was right under the old edition can be wrong under the new one."""
        return self.verdict.weight is Weight.BREAKING

    @property
    def why(self) -> str:
        """The reason of the verdict, in a sentence."""
        return self.verdict.why

    @property
    def local(self) -> str:
        """The place as it is told where operation and provider are known: `request#/Bitrate:maximum`, `operations.json#/path`."""
        place = self.place.removeprefix(f"{self.operation}/").removeprefix(f"{self.provider}/")
        name = self.operation.removeprefix(f"{self.provider}.")
        return place.replace(f"operations.json#/{name}", "operations.json#", 1) if name else place

    def as_json(self) -> dict[str, Json]:
        """The change as plain data."""
        own = {one.name: getattr(self, one.name) for one in fields(self) if one.name not in ("how", "verdict")}
        listed = {name: list(value) for name, value in own.items() if isinstance(value, tuple)}
        said = {
            "id": self.id,
            "kind": self.kind,
            "how": str(self.how),
            "weight": str(self.verdict.weight),
            "breaking": self.breaking,
        }
        return {**said, **own, **listed, "why": self.why}
