"""Asserts of foreign XSDs, asked of the reference validator.

Knows xmlschema. Law: a test is evaluated as the validator would, with the types that the schema gives to what it compares.
"""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from typing import Any

from mockcloud.errors import UsageError
from mockcloud.strategies.grammar import Element, Grammar
from mockcloud.strategies.naming import named


class Judge:
    """The asserts of the schema in a file."""

    def __init__(self, path: Path, grammar: Grammar) -> None:
        self.path, self.grammar = path, grammar

    def __call__(self, kind: str, test: str, element: ET.Element) -> bool:
        """Whether an element of a kind keeps a test."""
        from elementpath import ElementPathError, XPathContext

        tests = self._tests
        condition = tests.get((kind, test)) or tests["", test]
        whole = named(element, self.grammar, Element(element.tag, kind, qualified=bool(self.grammar.target)))
        root = ET.fromstring(ET.tostring(whole))
        value = None
        if condition.base_type.has_simple_content():
            value = condition.base_type.text_decode(root.text or "")
        context = XPathContext(root=root, fragment=True, variables={"value": value}, schema=condition.parser.schema)
        try:
            return bool(condition.token.evaluate(context))
        except ElementPathError:
            return False  # what cannot be evaluated is not true

    @cached_property
    def _tests(self) -> dict[tuple[str, str], Any]:
        """The validator's conditions by the type's name and the test, and by the test alone."""
        import xmlschema
        from xmlschema.validators import XsdAssert

        try:
            schema = xmlschema.XMLSchema11(str(self.path), allow="local")
        except (xmlschema.XMLSchemaException, OSError) as problem:
            raise UsageError(f"{self.path.name}: the reference validator does not take it: {problem}") from None
        found: dict[tuple[str, str], Any] = {}
        conditions: Iterator[Any] = schema.iter_components(XsdAssert)
        for one in conditions:
            found.setdefault((one.parent.local_name or "", one.path), one)
            found.setdefault(("", one.path), one)
        return found
