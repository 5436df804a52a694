"""The fixtures that are documents: what a vendor may answer, tell or be sent, judged by the schemas alone, without a cloud.

A file holds one document and its variants, the same with few places changed, each with its verdict: valid, or the one rule that
it breaks, a near miss. Law: the fast validator and the reference give the same verdict.
"""

from __future__ import annotations

import json
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any

from cases import Case

from mockcloud.contracts.catalogue import Catalogue
from mockcloud.contracts.model import Contract
from mockcloud.contracts.rules import Schema
from mockcloud.contracts.xml_schema import XmlSchema
from mockcloud.messages import Violation
from mockcloud.pipeline.validation import fields


@dataclass(frozen=True)
class Document:
    """One document as one operation's."""

    id: str
    number: int
    """0 for the document itself, else which variant of it."""
    provider: str
    operation: str
    """The vendor's name of the operation, the name of a callback, or `refusal`."""
    side: str
    """`request`, `response` or `callback`."""
    body: Any
    """The text of an XML document, or what JSON holds."""
    put: dict[str, Any] = field(default_factory=dict)
    """What is put into the body before it is judged, by JSON pointer; in XML below the root."""
    drop: tuple[str, ...] = ()
    """What is left out of it."""
    times: dict[str, int] = field(default_factory=dict)
    """How often what stands at a place stands there instead."""
    place: str = ""
    """The only rule that it breaks, from the `#` on; empty for a valid one."""
    filled: dict[str, Any] = field(default_factory=dict)
    """What stands where once the defaults are filled in."""
    earns: dict[str, Any] = field(default_factory=dict)
    """Code, status and message that the rule earns."""

    @property
    def is_xml(self) -> bool:
        return isinstance(self.body, str)

    @property
    def rule(self) -> str:
        """The id of the rule that it breaks."""
        return f"{self.provider}.{self.operation}/{self.side}{self.place}" if self.place else ""

    @property
    def raw(self) -> bytes:
        """The body as bytes, without what is changed of it."""
        return (self.body if self.is_xml else json.dumps(self.body)).encode()


def documents(case: Case) -> Iterator[Document]:
    """The documents of a fixture: its own and its variants, for each operation that it names."""
    data = case.data
    for name in data["operation"] if isinstance(data["operation"], list) else [data["operation"]]:
        operation = name.partition(".")[2]
        for number, entry in enumerate([data, *data.get("variants", ())]):
            yield Document(
                f"{case.id} ({operation}{f', variant {number}' if number else ''})",
                number,
                case.provider,
                operation,
                data.get("side", "response"),
                data["body"],
                entry.get("put", {}),
                tuple(entry.get("drop", ())),
                entry.get("times", {}),
                f"#{entry['rule'].partition('#')[2]}" if "rule" in entry else "",
                entry.get("filled", {}),
                entry.get("earns", {}),
            )


def schema_of(contract: Contract, document: Document) -> Schema:
    """The schema by which a document is judged."""
    if document.side == "callback":
        found: Schema | None = contract.callbacks[document.operation].schemas["xml" if document.is_xml else "json"]
    elif document.operation == "refusal":
        found = contract.refusal.schema
    else:
        operation = contract.operations[document.operation]
        found = operation.request if document.side == "request" else operation.response
    assert found is not None, f"nothing says what {document.operation} {document.side} is"
    return found


def message(document: Document, schema: Schema) -> Any:
    """What the schema judges."""
    found = schema.settle(ET.fromstring(document.body)) if isinstance(schema, XmlSchema) else deepcopy(document.body)
    for pointer in document.drop:
        owner, step = _owner(found, pointer)
        del owner[step]
    for pointer, value in document.put.items():
        owner, step = _owner(found, pointer)
        owner[step] = value
    for pointer, number in document.times.items():
        owner, step = _owner(found, pointer)
        owner[step] = [owner[step][0] if isinstance(owner[step], list) else owner[step]] * number
    return found


def _owner(data: Any, pointer: str) -> tuple[Any, Any]:
    steps = pointer.split("/")[1:]
    for step in steps[:-1]:
        data = data[int(step)] if isinstance(data, list) else data[step]
    return data, int(steps[-1]) if isinstance(data, list) else steps[-1]


def pointed(data: Any, pointer: str) -> Any:
    """What stands at a pointer."""
    owner, step = _owner(data, pointer)
    return owner[step]


def problem(document: Document, schema: Schema, errors: Catalogue) -> str:
    """How the verdict is not what the fixture says; empty when it is."""
    data = message(document, schema)
    wanted = {document.rule} - {""}
    if schema.accepts(data) is bool(wanted):
        return f"{document.id} is {'refused' if not wanted else 'accepted'}"
    broken = schema.violations(data)
    if {violation.rule for violation in broken} != wanted:
        return f"{document.id} breaks {[violation.rule for violation in broken]}"
    return _unfilled(document, schema, data) or _unearned(document, errors, broken)


def _unfilled(document: Document, schema: Schema, data: Any) -> str:
    filled = schema.filled(data) if document.filled else data
    found = {place: pointed(filled, place) for place in document.filled}
    return "" if found == document.filled else f"{document.id} is filled in with {found}"


def _unearned(document: Document, errors: Catalogue, broken: tuple[Violation, ...]) -> str:
    if not document.earns:
        return ""
    answer = errors.broken(document.rule)
    assert answer is not None
    found = {"code": answer.code, "status": answer.status, "message": answer.worded(fields(broken[0]))}
    return "" if found == document.earns else f"{document.id} earns {found}"
