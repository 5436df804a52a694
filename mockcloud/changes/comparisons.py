"""How two demands of one constraint compare: which of them takes more.

Knows every constraint of the vocabulary, and no side. Law: a relation is given out only where it is certain; what is not is
UNTOLD. A test holds the table to the vocabulary, so that no constraint is passed over.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from mockcloud.changes import asserts, conditions, patterns
from mockcloud.changes.change import How
from mockcloud.changes.demand import Demand
from mockcloud.changes.relation import Relation
from mockcloud.changes.values import VALUES
from mockcloud.messages import Json

Comparison = Callable[[Demand, Demand], Relation | None]
"""What the new demand is to the old one, None for the same: both stand at the same place of their schemas."""


def _by_value(compare: Callable[[Json, Json], How | None]) -> Comparison:
    def comparison(old: Demand, new: Demand) -> Relation | None:
        how = compare(old.value, new.value)
        return None if how is None else Relation(how)

    return comparison


COMPARISONS: Final[dict[str, Comparison]] = {
    **{name: _by_value(compare) for name, compare in VALUES.items()},
    "pattern": lambda old, new: patterns.compared(old.value, new.value, whole=new.whole),
    "condition": conditions.compared,
    "assert": asserts.compared,
}
"""Every constraint."""


def compared(old: Demand, new: Demand) -> Relation | None:
    """What the new demand is to the old one, None for the same."""
    if old.constraint != new.constraint or (new.constraint == "pattern" and old.whole != new.whole):
        return Relation(How.UNTOLD)  # the one is written in JSON Schema and the other in XSD
    return COMPARISONS[new.constraint](old, new)
