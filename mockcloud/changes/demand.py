"""What one constraint of a schema demands, with what is needed to compare it to another.

Knows both languages of schemas. Law: of a condition the demand is all of it, not the first of its keywords.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from mockcloud.contracts.json_schema import JsonSchema
from mockcloud.contracts.model import Schema
from mockcloud.contracts.rules import Rule
from mockcloud.contracts.vocabulary import CONSTRAINTS, JSON_CONSTRAINTS, XSD_FACETS
from mockcloud.contracts.xml_schema import XmlSchema
from mockcloud.messages import Json

_OF_XML: Final = XSD_FACETS | {"type", "required", "maxOccurs"}


@dataclass(frozen=True, slots=True)
class Demand:
    """A rule in its schema. `value` is what it demands, of a named one its own test: keywords, or an XPath."""

    rule: Rule
    schema: Schema
    value: Json

    @property
    def whole(self) -> bool:
        """Whether a pattern must match all of a text."""
        return isinstance(self.schema, XmlSchema)

    @property
    def constraint(self) -> str:
        """The word of the vocabulary: `condition` and `assert` for named rules."""
        return constraint(self.rule, self.schema)


def demand(rule: Rule, schema: Schema) -> Demand:
    """The demand of a rule of a schema."""
    if constraint(rule, schema) != "condition":
        return Demand(rule, schema, rule.demand)
    from mockcloud.reports.json_examples import condition

    assert isinstance(schema, JsonSchema)  # noqa: S101  # conditions are JSON's
    return Demand(rule, schema, condition(schema, rule))


def constraint(rule: Rule, schema: Schema) -> str:
    """The word of the vocabulary for a rule: a named one is a `condition` in JSON, an `assert` in XML."""
    own = _OF_XML if isinstance(schema, XmlSchema) else JSON_CONSTRAINTS
    if rule.constraint in own:
        return rule.constraint
    word = "assert" if isinstance(schema, XmlSchema) else "condition"
    assert word in CONSTRAINTS  # noqa: S101  # the table of comparisons is held to that
    return word
