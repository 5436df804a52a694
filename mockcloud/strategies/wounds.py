"""What can be done to a valid document so that it is valid no more.

Knows a grammar, no rule. Law: whatever a wound draws, no validator takes the document; and there always is one.
"""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections.abc import Callable, Iterator
from copy import deepcopy
from functools import lru_cache, partial

from hypothesis import strategies as st

from mockcloud.strategies import spoiling
from mockcloud.strategies.grammar import Element, Grammar, Group, Kind, Part, Simple, elements_of

Wound = Callable[[st.DrawFn], None]

STRANGER = "no-such-name"


class Wounds:
    """The wounds of a grammar's documents."""

    def __init__(self, grammar: Grammar) -> None:
        self.grammar = grammar

    def of(self, document: ET.Element) -> list[Wound]:
        """Every wound that a document can be given."""
        found = list(self._of_element(document, self.grammar.root))
        return found or [partial(_renamed, document)]

    def _of_element(self, made: ET.Element, element: Element) -> Iterator[Wound]:
        kind = self.grammar.kinds[element.kind]
        if not kind.open and element.kind != "xs:anyType":
            yield partial(_added, made)
            yield partial(_attributed, made)
        if kind.text is not None and made.text and wrong_texts(kind.text) and not len(made):
            yield partial(_texted, made, wrong_texts(kind.text))
        for one in kind.attributes:
            if one.required:
                yield partial(_unattributed, made, one.name)
            if one.name in made.attrib and wrong_texts(one.text):
                yield partial(_attribute_texted, made, one.name, wrong_texts(one.text))
        yield from self._of_children(made, kind)

    def _of_children(self, made: ET.Element, kind: Kind) -> Iterator[Wound]:
        certain = _certain(kind)
        for name, part in elements_of(kind.content).items():
            there = made.findall(name)
            if name in certain and there:
                if len(there) == part.least:
                    yield partial(_removed, made, there[0])
                if len(there) == part.most and not kind.open:
                    yield partial(_doubled, made, there[-1])
            for child in there:
                if isinstance(part.item, Element):
                    yield from self._of_element(child, part.item)


def _certain(kind: Kind) -> frozenset[str]:
    """The elements that are counted: in a sequence or in any order, once in the kind, and no group around them repeats."""
    group = kind.content
    if group is None or group.order == "choice":
        return frozenset()
    names = [name for part in group.parts for name in _names(part)]
    direct = (part.item.name for part in group.parts if isinstance(part.item, Element))
    return frozenset(name for name in direct if names.count(name) == 1)


def _names(part: Part) -> list[str]:
    if isinstance(part.item, Group):
        return [name for one in part.item.parts for name in _names(one)]
    return [part.item.name]


@lru_cache(1_024)
def wrong_texts(simple: Simple) -> tuple[str, ...]:
    """Texts that are not of a type, by one facet or another."""
    if simple.members:
        return ()
    wrong = dict.fromkeys(text for one in spoiling.WITHOUT for text in spoiling.spoilt(simple, one))
    return tuple(text for text in wrong if not _is_read(text))


def _is_read(text: str) -> bool:
    """Whether Python takes a text for a number that XSD does not, blanks left out: one of the validators takes it too."""
    return bool(text.strip("-+0123456789.")) and bool(re.fullmatch(r"[-+]?[\d_]+", "".join(text.split())))


def _added(made: ET.Element, draw: st.DrawFn) -> None:
    made.insert(draw(st.integers(0, len(made))), ET.Element(STRANGER))


def _attributed(made: ET.Element, draw: st.DrawFn) -> None:
    made.set(STRANGER, "x")


def _unattributed(made: ET.Element, name: str, draw: st.DrawFn) -> None:
    made.attrib.pop(name, None)


def _texted(made: ET.Element, wrong: tuple[str, ...], draw: st.DrawFn) -> None:
    made.text = draw(st.sampled_from(wrong))


def _attribute_texted(made: ET.Element, name: str, wrong: tuple[str, ...], draw: st.DrawFn) -> None:
    made.set(name, draw(st.sampled_from(wrong)))


def _removed(made: ET.Element, child: ET.Element, draw: st.DrawFn) -> None:
    made.remove(child)


def _doubled(made: ET.Element, child: ET.Element, draw: st.DrawFn) -> None:
    made.insert(list(made).index(child), deepcopy(child))


def _renamed(made: ET.Element, draw: st.DrawFn) -> None:
    made.tag = STRANGER
