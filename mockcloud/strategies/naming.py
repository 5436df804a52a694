"""Names of a drawn document in their namespaces.

Knows which elements and attributes are qualified. Law: documents are drawn by local names, for paths are made of them; a
namespace is declared once, at the root.
"""

from __future__ import annotations

import xml.etree.ElementTree as ET
from copy import deepcopy
from typing import Final

from mockcloud.strategies.grammar import Element, Grammar, elements_of

PREFIX: Final = "n"
XSI: Final = "http://www.w3.org/2001/XMLSchema-instance"


def named(root: ET.Element, grammar: Grammar, start: Element | None = None) -> ET.Element:
    """The same document with its names in their namespaces; `start` is what its root is, if not the grammar's root."""
    first = start or grammar.root
    made = deepcopy(root)
    if any(name.startswith("xsi:") for one in made.iter() for name in one.attrib):
        made.set("xmlns:xsi", XSI)
    if grammar.target:
        plain = not _all_qualified(grammar)
        _name(made, first, grammar, plain)
        made.set(f"xmlns:{PREFIX}" if plain or _any_attribute(grammar) else "xmlns", grammar.target)
        if not plain and _any_attribute(grammar):
            made.set("xmlns", grammar.target)
    return made


def _all_qualified(grammar: Grammar) -> bool:
    below = (part.item for kind in grammar.kinds.values() for part in elements_of(kind.content).values())
    return all(one.qualified for one in below if isinstance(one, Element))


def _any_attribute(grammar: Grammar) -> bool:
    return any(one.qualified for kind in grammar.kinds.values() for one in kind.attributes)


def _name(made: ET.Element, element: Element, grammar: Grammar, prefixed: bool) -> None:
    kind = grammar.kinds[element.kind]
    below = elements_of(kind.content)
    for child in made:
        part = below.get(child.tag)
        if part is not None and isinstance(part.item, Element):
            _name(child, part.item, grammar, prefixed)
    for one in kind.attributes:
        if one.qualified and one.name in made.attrib:
            made.set(f"{PREFIX}:{one.name}", made.attrib.pop(one.name))
    if prefixed and element.qualified:
        made.tag = f"{PREFIX}:{made.tag}"
