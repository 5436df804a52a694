"""Documents of anybody's XSD.

What is read of one:

* files: `xs:include`, a target namespace, qualified and unqualified elements and attributes. Nothing is fetched: `xs:import` is
  passed over, and what it would bring must not be needed;
* elements: global and local ones, references, `nillable`, `fixed`; `xs:sequence`, `xs:choice`, `xs:all` and `xs:group` with any
  occurrence; kinds that stand within themselves; `xs:any`, where nothing need be there, as nothing;
* complex types: named and in place, extended and restricted, of simple and of complex content, mixed ones (whose text is drawn
  where no element can be); attributes and groups of them; `xs:assert`;
* simple types: unions, and restrictions by every facet but `xs:assertion` and `explicitTimezone` of texts, numbers, booleans,
  dates and times, durations, URIs, names, ids and binary texts. Dates have no bounds, binary texts no length.

What is outside (keys, lists, substitution groups, abstract types, alternatives, ID references, redefinitions) is refused by a
UsageError that names the file, the construct and what to do. Evidence and ids of asserts, which our own contracts must have, are
not asked for. Law: every document is one that XSD validators take; with `broken` every one is one that none takes.
"""

from __future__ import annotations

import xml.etree.ElementTree as ET
from math import inf
from pathlib import Path

from hypothesis import strategies as st

from mockcloud.errors import UsageError, nearest
from mockcloud.strategies.grammar import Grammar
from mockcloud.strategies.naming import named
from mockcloud.strategies.trees import Trees
from mockcloud.strategies.wounds import Wounds
from mockcloud.strategies.xsd.complex_types import Reader
from mockcloud.strategies.xsd.files import Component, Schema, schema_of
from mockcloud.strategies.xsd.judging import Judge


def from_xsd(path: str | Path, *, root: str = "", broken: bool = False) -> st.SearchStrategy[str]:
    """Documents, as text, that are valid by the XSD at a path; with `broken` ones that have one thing wrong.

    `root` is the global element that they have; left out, any one that stands in no other.

    Raises:
        UsageError: for what is not read of an XSD (see above), for a root that is not there, and for a type of
            which no text, or no element that ends, was found.
    """
    file = Path(path)
    schema = schema_of(file)
    each = [_trees(schema, file, one) for one in _roots(schema, root)]
    return st.one_of([_broken(trees) if broken else _valid(trees) for trees in each])


def _valid(trees: Trees) -> st.SearchStrategy[str]:
    return trees.documents().map(lambda document: _written(document, trees.grammar))


def _broken(trees: Trees) -> st.SearchStrategy[str]:
    wounds = Wounds(trees.grammar)

    @st.composite
    def wounded(draw: st.DrawFn) -> str:
        document = draw(trees.documents())
        possible = wounds.of(document)
        possible[draw(st.integers(0, len(possible) - 1))](draw)
        return _written(document, trees.grammar)

    return wounded()


def _written(document: ET.Element, grammar: Grammar) -> str:
    return ET.tostring(named(document, grammar), encoding="unicode")


def _roots(schema: Schema, root: str) -> list[Component]:
    """The elements that documents have as their root."""
    found = {name: one for (what, name), one in schema.components.items() if what == "element"}
    if root:
        if root not in found:
            raise UsageError(f"{schema.file}: there is no global element '{root}'.{nearest(root, found)}")
        return [found[root]]
    if not found:
        raise UsageError(f"{schema.file}: there is no global element; a document needs one as its root")
    free = [one for one in found.values() if one.get("abstract") != "true" and not one.get("substitutionGroup")]
    inner = {name.rpartition(":")[2] for one in schema.components.values() for name in _refs(one)}
    return [one for one in free if one.get("name") not in inner] or free


def _refs(component: Component) -> list[str]:
    return [
        one.get("ref", "") for one in component.item.iter() if str(one.tag).endswith("}element") and one is not component.item
    ]


def _trees(schema: Schema, file: Path, root: Component) -> Trees:
    try:
        grammar = Reader(schema).grammar(root)
    except RecursionError:
        raise UsageError(f"{schema.file}: a type or a group is made of itself, so it has no end; take that out") from None
    trees = Trees(grammar, Judge(file, grammar))
    for name, plan in trees.plans.items():
        if trees.depths.kinds[name] == inf:
            raise UsageError(f"{schema.file}: an element of type '{name}' must stand within itself, so no document ends")
        for leaf in [*([plan.text] if plan.text else []), *(leaf for _, leaf in plan.attributes)]:
            if not leaf.possible:
                raise UsageError(f"{schema.file}: no text was found that keeps all facets of '{name}'; list some as enumeration")
    return trees
