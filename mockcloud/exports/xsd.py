"""Export the schemas of a provider's XML messages: each as XSD 1.0, which every validator reads, and as XSD 1.1 with its asserts.

Knows which messages are XML. Law: a message in its normal form (`normal-form.xslt`) gets mockcloud's verdict from the 1.1 file,
and from the 1.0 file too, but for the rules that are asserts.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from pathlib import Path

from mockcloud.contracts.xml_schema import XmlSchema
from mockcloud.contracts.xsd_reader import Node
from mockcloud.exports.exported import Exported
from mockcloud.exports.subject import contract_of, sides
from mockcloud.exports.xsd_dialects import XSD_10, XSD_11

NORMAL_FORM = "normal-form.xslt"


def export(provider: str, operations: Collection[str] = ()) -> Iterator[Exported]:
    """`OPERATION/request.xsd` and `OPERATION/request.1.1.xsd`, the same for responses, and what brings a message in normal form.

    Nothing for a provider without XML.

    Raises:
        UsageError: for a provider or an operation that is not there.
    """
    contract = contract_of(provider)
    found = [(side, side.schema) for side in sides(contract, operations) if isinstance(side.schema, XmlSchema)]
    for side, schema in found:
        title, settled = f"{contract.name}.{side.owner} {side.side}", side.side == "request"
        yield Exported(f"{side.name}.xsd", XSD_10.written(schema.root, title, settled=settled))
        yield Exported(f"{side.name}.1.1.xsd", XSD_11.written(schema.root, title, settled=settled))
    if found:
        yield Exported(NORMAL_FORM, Path(__file__).with_name("normal_form.xslt").read_bytes())


def unsaid(schema: XmlSchema) -> set[str]:
    """The rules of a schema that XSD 1.0 cannot say: its asserts."""
    asserts = {(node.path, condition.name) for node in _nodes(schema.root) for condition in node.asserts}
    return {name for name, rule in schema.rules.items() if (rule.path, rule.constraint) in asserts}


def _nodes(node: Node) -> Iterator[Node]:
    yield node
    for child in (node.children or {}).values():
        yield from _nodes(child)
