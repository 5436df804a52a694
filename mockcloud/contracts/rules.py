"""Rules: one constraint of one schema, with one id that is the same everywhere.

`<provider>.<Operation>/<request|response>#<path in the message>:<constraint>`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Protocol

from mockcloud.messages import Json, Violation

REASONS: Final = {
    "type": "is not of type {demand}",
    "required": "is missing",
    "minItems": "has fewer than {demand} elements",
    "maxItems": "has more than {demand} elements",
    "enum": "is not one of {demand}",
    "const": "is not {demand}",
    "minimum": "is less than {demand}",
    "maximum": "is greater than {demand}",
    "minLength": "is shorter than {demand} characters",
    "maxLength": "is longer than {demand} characters",
    "pattern": "does not match {demand}",
    "enumeration": "is not one of {demand}",
    "minInclusive": "is less than {demand}",
    "maxInclusive": "is greater than {demand}",
    "maxOccurs": "occurs more than {demand} times",
}
"""Why a value is wrong, for each constraint that has no sentence of its own."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One constraint: where it stands, what it demands, why we believe it and the reason given when it is broken."""

    id: str
    operation: str
    side: str
    path: str
    constraint: str
    demand: Json
    evidence: tuple[str, ...]
    reason: str


def make(owner: tuple[str, str], path: str, constraint: str, demand: Json, evidence: tuple[str, ...], says: str = "") -> Rule:
    """A rule of an operation's side (`owner`), with its id and, where it has no sentence of its own, its reason."""
    operation, side = owner
    shown = ", ".join(dict.fromkeys(_said(one) for one in demand if one != "")) if isinstance(demand, list) else _said(demand)
    reason = says or REASONS[constraint].format(demand=shown)
    return Rule(f"{operation}/{side}#{path}:{constraint}", operation, side, path, constraint, demand, evidence, reason)


def _said(value: Json) -> str:
    """A value as the field writes it, whether it is given as such or as text. An empty one is as good as none."""
    return str(value).lower() if isinstance(value, bool) else str(value)


TOLD: Final = 256
"""Errors of one message that are explained. Whoever sends more of them is no client with a slip."""


class Schema(Protocol):
    """One side of one operation: what a message must be, whatever language the schema is written in."""

    rules: dict[str, Rule]

    def accepts(self, message: Json) -> bool:
        """Whether the message keeps every rule, by the fastest validator installed."""

    def violations(self, message: Json) -> tuple[Violation, ...]:
        """Every rule that the message breaks, in the schema's order, by the reference validator: of a flood, its beginning."""

    def sources(self) -> list[str]:
        """Every piece of evidence that the schema names."""

    def filled(self, message: Json) -> Json:
        """The message with the documented defaults in the places of absent members."""


def in_order(found: list[Violation], rules: dict[str, Rule]) -> tuple[Violation, ...]:
    """Each violation once, in the order in which the schema lists its rules."""
    position = {rule: index for index, rule in enumerate(rules)}
    unique = {(violation.rule, violation.where): violation for violation in found}
    return tuple(sorted(unique.values(), key=lambda violation: position[violation.rule]))
