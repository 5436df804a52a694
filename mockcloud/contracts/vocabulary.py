"""The closed vocabulary of our schemas: what every validator and generator honours.

Law: a keyword, construct or facet that is not in these tables does not load.
"""

from __future__ import annotations

from typing import Final

JSON_CONSTRAINTS: Final = frozenset(
    {"type", "required", "minItems", "maxItems", "enum", "const", "minimum", "maximum", "minLength", "maxLength", "pattern"}
)
"""Keywords that each make a rule of their own name."""

JSON_CONDITIONS: Final = frozenset({"anyOf", "not", "if", "x-at-least"})
"""Keywords that make one rule, named by `x-rule`."""

JSON_STRUCTURE: Final = frozenset({"properties", "items", "allOf", "then", "$schema", "$defs", "$ref", "title"})
JSON_ANNOTATIONS: Final = frozenset({"default", "readOnly", "x-source", "x-rule", "x-says", "x-about", "x-default-from"})
JSON_KEYWORDS: Final = JSON_CONSTRAINTS | JSON_CONDITIONS | JSON_STRUCTURE | JSON_ANNOTATIONS

XSD_FACETS: Final = frozenset({"enumeration", "pattern", "minLength", "maxLength", "minInclusive", "maxInclusive"})
XSD_BASES: Final = frozenset({"string", "integer", "decimal"})
XSD_ATTRIBUTES: Final = {
    "schema": frozenset({"elementFormDefault", "version"}),
    "include": frozenset({"schemaLocation"}),
    "element": frozenset({"name", "type", "minOccurs", "maxOccurs", "default"}),
    "complexType": frozenset({"name"}),
    "all": frozenset[str](),
    "assert": frozenset({"id", "test"}),
    "simpleType": frozenset({"name"}),
    "restriction": frozenset({"base"}),
    "annotation": frozenset[str](),
    "appinfo": frozenset[str](),
    "documentation": frozenset[str](),
    **{facet: frozenset({"value"}) for facet in XSD_FACETS},
}
"""Constructs of XSD, each with the attributes that it may have."""

CONSTRAINTS: Final = JSON_CONSTRAINTS | {"condition", "assert", "maxOccurs"} | XSD_FACETS
"""Every kind of rule. `condition` and `assert` stand for the named ones."""

FINAL_PHASES: Final = frozenset({"succeeded", "failed", "cancelled"})

TEXT_READS: Final = frozenset({"query", "parameters", "none"})
"""Ways of reading in which every leaf is text, so that `type: string` cannot be broken."""

CONDITIONS: Final = frozenset({"unknown-route", "unknown-method", "malformed-body", "body-too-large", "unlisted-code"})
"""Conditions that every provider's errors must map."""

PLANNED_CONDITIONS: Final = frozenset({"throttled"})
"""Conditions that happen when somebody plans them; a provider maps them where its catalogue has a code for them."""

POSSIBLE_CONDITIONS: Final = PLANNED_CONDITIONS | frozenset(
    {
        *("missing-operation", "unknown-operation", "missing-body", "missing-content-length", "content-digest"),
        *("event-refused", "too-many-tasks", "target-too-long"),
    }
)
"""Conditions of the core that a provider maps where they can happen."""

TASK_FACTS: Final = frozenset({"sent", "request", "resource", "host"})
"""What views may say of a task that has only just been made."""

TASK_MEMBERS: Final = frozenset(
    {
        *("id", "kind", "state", "phase", "progress", "created", "started", "ended", "updated", "created_at", "ended_at"),
        *("sent", "request", "resource", "host", "failure"),
    }
)
"""What views may say of a task."""

ERROR_MEMBERS: Final = frozenset({"code", "status", "message", "fields", "violations"})
PAGE_MEMBERS: Final = frozenset({"size", "number", "total", "pages", "truncated", "next"})
