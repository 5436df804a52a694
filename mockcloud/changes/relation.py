"""What a new demand is to an old one, as what they take goes, with what shows it.

Knows no constraint. Law: `lost` was taken and is no longer, `gained` was not taken and is now; a witness is never a guess.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from mockcloud.changes.change import How
from mockcloud.messages import Json

TRIES: Final = 1_000
"""Combinations among which witnesses are looked for."""


@dataclass(frozen=True, slots=True)
class Relation:
    """How two demands compare. Witnesses are None where none was looked for, or none was found."""

    how: How
    lost: Json = None
    gained: Json = None

    @classmethod
    def of(cls, lost: Json, gained: Json) -> Relation:
        """The relation where everything was looked at: what was not found does not exist."""
        if lost is not None and gained is not None:
            return cls(How.CHANGED, lost, gained)
        if lost is None and gained is None:
            return cls(How.REWORDED)
        return cls(How.STRICTER, lost) if gained is None else cls(How.LOOSER, None, gained)

    @classmethod
    def shown(cls, lost: Json, gained: Json) -> Relation:
        """The relation where only some things were looked at: one direction alone does not tell of the other."""
        both = lost is not None and gained is not None
        return cls(How.CHANGED if both else How.UNTOLD, lost, gained)
