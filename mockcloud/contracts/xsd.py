"""One XSD file, whichever operations read it: its nodes, its form and its validators, each made when it is first asked for.

Knows lxml and xmlschema, no rule and no owner. lxml sees the 1.0 part of the schema and evaluates the asserts as XPath 1.0;
xmlschema is the oracle and sees all of it.
"""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Callable, Iterator
from functools import cached_property
from pathlib import Path
from typing import Any

from mockcloud.contracts import xsd_reader
from mockcloud.contracts.xml_form import Form
from mockcloud.contracts.xsd_reader import Node
from mockcloud.errors import ContractError


class Xsd:
    """The file at a path. Raises ContractError for what the vocabulary does not hold, and what no validator would take."""

    def __init__(self, path: Path) -> None:
        self.root, self._source = xsd_reader.read(path)
        self.form = Form(self.root)
        self._check("/".join(path.parts[-3:]))

    def _check(self, file: str) -> None:
        """Raise ContractError for a pattern, a facet's value or an XPath that does not compile."""
        try:
            from lxml import etree
        except ImportError:
            return
        try:
            _ = self.is_valid
        except (etree.XMLSchemaParseError, etree.XPathError) as problem:
            raise ContractError(file, "", f"does not compile: {problem}") from None

    @cached_property
    def oracle(self) -> Any:
        """The schema of xmlschema."""
        import xmlschema

        return xmlschema.XMLSchema11(ET.tostring(self._source, encoding="unicode"), allow="none")

    @cached_property
    def is_valid(self) -> Callable[[bytes], bool] | None:
        """Whether a document is valid, by lxml; None where it is not installed."""
        try:
            from lxml import etree
        except ImportError:
            return None
        facets = etree.XMLSchema(etree.fromstring(xsd_reader.plain_dialect(self._source)))
        asserts = etree.XPath(f"boolean({_all_asserts(self.root) or 'true()'})")

        def is_valid(body: bytes) -> bool:
            document = etree.fromstring(body)
            return facets(document) and bool(asserts(document))

        return is_valid


def _all_asserts(root: Node) -> str:
    """Every assert of the schema as one expression about the root: calling the evaluator costs more than what it evaluates."""
    return " and ".join(f"not({path}[not({test})])" for path, test in _asserts(root, "."))


def _asserts(node: Node, path: str) -> Iterator[tuple[str, str]]:
    for condition in node.asserts:
        yield path if path != "." else "self::node()", condition.test
    for name, child in (node.children or {}).items():
        yield from _asserts(child, name if path == "." else f"{path}/{name}")
