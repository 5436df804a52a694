"""A draft that breaks rules, changed until it breaks none, or none but one.

Knows both languages of schemas. Law: what is to stay broken stays so, and what cannot be amended is not given out.
"""

from __future__ import annotations

import xml.etree.ElementTree as ET
from typing import Final

from mockcloud.contracts.json_schema import JsonSchema
from mockcloud.contracts.rules import Rule
from mockcloud.drafting.requests.drafts import Change, Draft, Times
from mockcloud.messages import Json
from mockcloud.reports import xml_examples
from mockcloud.reports.json_values import ABSENT
from mockcloud.reports.laws.mending import mended

STEPS: Final = 12
"""How often a draft is changed before it is given up."""


def amended(draft: Draft, spared: str = "") -> Draft | None:
    """The draft, mended until it breaks no rule but `spared`; None where it could not be."""
    schema = draft.operation.request
    for _ in range(STEPS):
        found = {one.rule for one in schema.violations(draft.message)} if spared or not draft.accepted() else set()
        others = [name for name in schema.rules if name in found and name != spared]
        if not others:
            return draft
        if spared and spared not in found:
            return None
        again = _mended(draft, schema.rules[others[0]], spared)
        if again is None:
            return None
        draft = again
    return None


def _mended(draft: Draft, rule: Rule, spared: str) -> Draft | None:
    schema = draft.operation.request
    if isinstance(schema, JsonSchema):
        again = draft.saying(mended(schema, rule, draft.message, spared))
        return None if again.message == draft.message else again
    again = draft.changed(as_change(xml_examples.examples(schema, rule)[1]))
    return None if ET.tostring(again.message) == ET.tostring(draft.message) else again


def as_change(parts: list[dict[str, Json]]) -> Change:
    """The parts of an example as a change."""
    return [(part["at"], _value(part)) for part in parts]


def _value(part: dict[str, Json]) -> Json:
    if part.get("left_out"):
        return ABSENT
    return Times(part["times"]) if "times" in part else part["value"]
