"""Every validator of a schema, each asked by itself: jsonschema and jsonschema-rs, or xmlschema, lxml and our own reading.

Knows which of them a schema has. Law: none is passed over because another was certain.
"""

from __future__ import annotations

from mockcloud.contracts.model import Schema
from mockcloud.contracts.xml_schema import XmlSchema
from mockcloud.messages import Json


def holds(schema: Schema, message: Json) -> bool:
    """Whether every validator takes a message: plain data, or a document's root."""
    return all(takes(schema, message)) and not broken(schema, message)


def takes(schema: Schema, message: Json) -> list[bool]:
    """Whether each of the fast validators takes a message."""
    found = [bool(schema.accepts(message))]
    if isinstance(schema, XmlSchema) and schema._xsd.is_valid is not None:
        # Our own reading asks lxml only where it is not certain.
        data = message if isinstance(message, dict) else schema.settle(message)
        found.append(schema._xsd.is_valid(schema.write({schema.root.name: data})))
    return found


def broken(schema: Schema, message: Json) -> set[str]:
    """The rules that a message breaks, by the reference."""
    return {one.rule for one in schema.violations(message)}
