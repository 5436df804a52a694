"""Elements put in and taken out of a document that was drawn already.

Knows where a kind has its elements. Law: what is put in stands where its kind wants it, once, with all that it must have.
"""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Callable, Iterable, Mapping

from mockcloud.strategies.asserts import Asserts, Row
from mockcloud.strategies.grammar import Element, Grammar, Part, elements_of
from mockcloud.strategies.shapes import excluded, shaped


class Mender:
    """Changes elements of a grammar; `make` makes the ones that are missing."""

    def __init__(self, grammar: Grammar, asserts: Mapping[str, Asserts], make: Callable[[Element], ET.Element]) -> None:
        self.grammar, self.asserts, self.make = grammar, asserts, make

    def mend(self, made: ET.Element, kind: str, rows: Iterable[Row], fixed: Row | None = None, *, filled: bool = False) -> bool:
        """Put in the first of these rows with which the kind's asserts hold and children stand as they have to; whether one did.

        What is `fixed` is left as it is, with all below it; with `filled` no row does that leaves nothing in the element.
        """
        kept = fixed or {}
        for row in rows:
            if _goes_with(row, kept):
                free = {path: text for path, text in row.items() if not _within(path, kept)}
                # Below what is fixed something may be broken on purpose.
                holds = self.put_row(made, kind, free, frozenset(), below=not kept)
                if holds and (len(made) or not filled) and shaped(self.grammar, made, kind):
                    return True
        return False

    def put_row(self, made: ET.Element, kind: str, row: Row, wanted: frozenset[str], *, below: bool = True) -> bool:
        """Put in what a row says, so that the tests which are broken are the wanted ones, and none `below`; whether it is so.

        Texts of which most do are left as they were drawn, where that is enough.
        """
        for gently in (True, False):
            # What is taken out comes last: what is put in may bring it along.
            for path, text in sorted(row.items(), key=lambda one: one[1] is None):
                self.put(made, kind, path.split("/"), text, gently=gently)
            if self.asserts[kind].broken(made) == wanted and (not below or self.holds_below(made, kind)):
                return True
        return False

    def holds_below(self, made: ET.Element, kind: str) -> bool:
        """Whether the asserts of all elements in this one hold."""
        below = self.below(kind)
        for child in made:
            item = below[child.tag].item if child.tag in below else None
            if isinstance(item, Element):
                if item.kind in self.asserts and not self.asserts[item.kind].hold(child):
                    return False
                if not self.holds_below(child, item.kind):
                    return False
        return True

    def put(self, owner: ET.Element, kind: str, steps: list[str], text: str | None, *, gently: bool = False) -> None:
        """Let a text stand at the end of the steps, or an element if it is empty; nothing for None.

        With `gently` a text stays that is of no list.
        """
        step, *rest = steps
        if step.startswith("@"):
            owner.attrib.pop(step[1:], None)
            if text is not None:
                owner.set(step[1:], text)
            return
        part = self.part(kind, step)
        there = owner.findall(step)
        for one in there[0 if text is None and not rest else 1 :]:
            owner.remove(one)
        if not there and text is None:
            return
        element = there[0] if there else self.added(owner, kind, step)
        if rest:
            self.put(element, part.kind, rest, text, gently=gently)
            if not len(element) and not element.text and self.least(kind, step) == 0:
                owner.remove(element)
        elif text and not (gently and element.text and self._is_free(part.kind)):
            element.text = text

    def _is_free(self, kind: str) -> bool:
        text = self.grammar.kinds[kind].text
        return text is not None and text.base == "string" and not text.listed

    def added(self, owner: ET.Element, kind: str, name: str) -> ET.Element:
        """A new element among its siblings, where the kind wants it, and in the place of what cannot stand beside it."""
        content = self.grammar.kinds[kind].content
        apart = excluded(content, name) if content is not None else frozenset()
        for one in [one for one in owner if one.tag in apart]:
            owner.remove(one)
        order = list(elements_of(content))
        behind = order[order.index(name) + 1 :]
        at = next((number for number, one in enumerate(owner) if one.tag in behind), len(owner))
        made = self.make(self.part(kind, name))
        owner.insert(at, made)
        return made

    def part(self, kind: str, name: str) -> Element:
        """The element of a name in a kind."""
        found = self.below(kind)[name].item
        assert isinstance(found, Element)  # noqa: S101  # so `elements_of` finds them
        return found

    def least(self, kind: str, name: str) -> int:
        """How often the element of a name must stand in a kind."""
        return self.below(kind)[name].least

    def below(self, kind: str) -> dict[str, Part]:
        """The elements that can stand in a kind, by name."""
        return elements_of(self.grammar.kinds[kind].content)


def _goes_with(row: Row, fixed: Row) -> bool:
    """Whether a row takes nothing out in which something is fixed, even that it is not there."""
    around = {above for path in fixed for above in _above(path)} - fixed.keys()
    return all(row.get(above, "") is not None for above in around)


def _within(path: str, fixed: Row) -> bool:
    return path in fixed or any(above in fixed for above in _above(path))


def _above(path: str) -> list[str]:
    steps = path.split("/")
    return ["/".join(steps[:end]) for end in range(1, len(steps))]
