"""Trees of a grammar: how its elements are drawn.

Knows grammars, no file and no rule. Law: whatever is drawn keeps the grammar; the first choice is the smallest and what is
written first; and a document takes few draws: one for its style, one for all optional members of an element, one a text.
"""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Iterator
from functools import cache
from itertools import product
from math import factorial
from typing import Final, NamedTuple

from hypothesis import reject
from hypothesis import strategies as st

from mockcloud.strategies.asserts import Asserts, Holds
from mockcloud.strategies.depths import Depths
from mockcloud.strategies.facets import keeping, texts
from mockcloud.strategies.grammar import Element, Grammar, Group, Part, Simple, elements_of
from mockcloud.strategies.leaves import Leaf
from mockcloud.strategies.mending import Mender

MANY: Final = 4
"""How often something stands that may stand there for ever."""

SIZE: Final = 120
"""Elements of a document, after which only what must be there is."""

DEEP: Final = 3
"""How deep elements are, after which a kind that stands within itself ends."""

NIL: Final = "xsi:nil"
_NIL: Final = st.sampled_from((False, False, False, True))

PERMUTED: Final = 8
"""Children of which any order is drawn; of more, any choice of the first so many."""

MENDINGS: Final = 20
"""Rows that are tried where the drawn one does not do."""


class Style(NamedTuple):
    """How a whole document is drawn.

    `turned`: what may stand in any order stands in the other one, or in a drawn one (`shuffled`). `empties`: a text that is not
    there stands there empty, where that is the same.
    """

    turned: bool
    shuffled: bool
    empties: bool


PLAIN: Final = Style(turned=False, shuffled=False, empties=False)
_ORDERS: Final = ((False, False), (True, False), (False, True))


class Trees:
    """The documents of a grammar.

    `hollow_is_absent`: an element without content counts as none, so that one which is there has some. `empties`: whether
    texts that are not there may stand there empty, which then is the same.
    """

    def __init__(self, grammar: Grammar, judge: Holds, *, hollow_is_absent: bool = False, empties: bool = False) -> None:
        self.grammar, self.hollow_is_absent = grammar, hollow_is_absent
        self.asserts = {name: Asserts(grammar, name, judge) for name, kind in grammar.kinds.items() if kind.asserts}
        self.plans = {name: _Plan(grammar, name, self.asserts.get(name)) for name in grammar.kinds}
        emptied = (False, False, True) if empties else (False,)
        self.styles = st.sampled_from([Style(*order, one) for order, one in product(_ORDERS, emptied)])
        self.depths = Depths(grammar)

    def shallowest(self, group: Group) -> list[Part]:
        """The parts of a choice, those that end soonest first."""
        return sorted(group.parts, key=self.depths.part)

    def documents(self) -> st.SearchStrategy[ET.Element]:
        """Whole documents."""

        @st.composite
        def document(draw: st.DrawFn) -> ET.Element:
            drawing = Drawing(self, draw, draw(self.styles))
            return drawing.finished(drawing.element(self.grammar.root))

        return document()


class _Plan:
    """What is known of a kind before anything is drawn."""

    def __init__(self, grammar: Grammar, name: str, asserts: Asserts | None) -> None:
        self.kind = kind = grammar.kinds[name]
        self.text = None if kind.text is None else texts(kind.text)
        self.attributes = [(one, texts(one.text)) for one in kind.attributes]
        self.optional = sum(not one.required for one in kind.attributes)
        self.asserts = asserts
        self.below = elements_of(kind.content)
        self.first = next((part.item for part in self.below.values() if isinstance(part.item, Element)), Element("", ""))


@cache
def _masks(bits: int) -> st.SearchStrategy[int]:
    """Masks of so many bits; a third of the numbers, beyond all masks, stand for the full one."""
    masks = 1 << bits
    return st.integers(0, masks + masks // 2 - 1)


@cache
def _counts(least: int, most: int) -> st.SearchStrategy[int]:
    some = counts(least, most)
    return st.sampled_from([*some[:2], *some[1:2], *some])


def counts(least: int, most: int) -> list[int]:
    """How often something stands that may stand so often: least, once, twice, many."""
    return sorted({least, max(least, 1), max(least, min(most, 2)), max(least, min(most, MANY + 1))})


class Drawing:
    """One document on its way."""

    def __init__(self, trees: Trees, draw: st.DrawFn, style: Style) -> None:
        self.trees, self.draw, self.style = trees, draw, style
        self.left = SIZE
        self.inside: list[str] = []
        """The kinds of the elements around the one that is drawn."""
        self.ids: set[str] = set()
        self.mender = Mender(trees.grammar, trees.asserts, lambda one: self.element(one, filled=trees.hollow_is_absent))

    def element(self, element: Element, *, filled: bool = False) -> ET.Element:
        """An element with all that it has; `filled`: with something in it."""
        plan = self.trees.plans[element.kind]
        made = ET.Element(element.name)
        self.left -= 1
        self.inside.append(element.kind)
        if plan.attributes:
            self.attribute(made, plan)
        if self.is_nillable(element) and self.draw(_NIL):
            made.set(NIL, "true")
        else:
            self.fill(made, element, plan)
            if filled and not len(made) and not made.text:
                made.append(self.element(plan.first, filled=True))
        if plan.asserts is not None and not plan.asserts.hold(made):
            self.mend(made, element.kind, plan.asserts, filled)
        self.inside.pop()
        return made

    def is_nillable(self, element: Element) -> bool:
        """Whether an element may be nil: not where it has one text only, nor where an assert may ask for what is in it."""
        is_asked = element.nillable and not self.trees.asserts.keys().isdisjoint(self.inside)
        return element.nillable and element.fixed is None and self.left > 0 and not is_asked

    def fill(self, made: ET.Element, element: Element, plan: _Plan) -> None:
        """Put in the text or the elements of an element."""
        if plan.text is not None:
            made.text = self.text(plan.text, plan.kind.text) if element.fixed is None else element.fixed
        if plan.kind.content is not None:
            made.extend(self.content(plan.kind.content))

    def attribute(self, made: ET.Element, plan: _Plan) -> None:
        """Put in the attributes of an element."""
        mask = self.mask(plan.optional)
        for one, leaf in plan.attributes:
            there = one.required
            if not there:
                mask, there = mask >> 1, bool(mask & 1)
            if there:
                made.set(one.name, self.text(leaf, one.text) if one.fixed is None else one.fixed)

    def text(self, leaf: Leaf, simple: Simple | None) -> str:
        """A text of a type, for an id another one than all before."""
        text: str = leaf.draw(self.draw)
        if simple is None or simple.base != "ID":
            return text
        keeps = keeping(simple)
        found = next((one for one in self.ids_like(text, leaf) if one not in self.ids and keeps(one)), None)
        if found is None:
            reject()
        self.ids.add(found)
        return found

    def ids_like(self, text: str, leaf: Leaf) -> Iterator[str]:
        """A text and others, of which some are of its type: it with a number, the notable ones, and any."""
        yield text
        yield from (f"{text}-{number}" for number in range(2, SIZE))
        yield from leaf.notable
        if leaf.more is not None:
            yield from (self.draw(leaf.more) for _ in range(MENDINGS))

    @property
    def least(self) -> bool:
        """Whether only what must be there still comes."""
        return self.left < 0 or (len(self.inside) > DEEP and self.inside.count(self.inside[-1]) > 2)

    def mend(self, made: ET.Element, kind: str, asserts: Asserts, filled: bool) -> None:
        """Put in what the asserts speak of, so that they hold, and where it must be `filled` so that something is left in it."""
        rows = asserts.rows_for(made)
        tried = [self.draw(st.sampled_from(rows)), *rows[:MENDINGS], *asserts.rows[:MENDINGS]] if rows else []
        if not self.mender.mend(made, kind, tried, filled=filled):
            reject()

    def content(self, group: Group) -> list[ET.Element]:
        """What stands in a group."""
        if group.order == "choice":
            return self.chosen(group)
        mask = self.mask(sum(part.least == 0 and part.most == 1 for part in group.parts))
        made: list[ET.Element] = []
        for part in group.parts:
            count = part.least
            if part.most > 1:
                count = self.count(part)
            elif part.least == 0:
                mask, count = mask >> 1, mask & 1
            for _ in range(count):
                made.extend(self.item(part))
        return self.ordered(made) if group.order == "all" else made

    def chosen(self, group: Group) -> list[ET.Element]:
        """What stands where one of several can: the shallowest one first."""
        parts = self.trees.shallowest(group)
        part = parts[0] if self.least or len(parts) == 1 else self.draw(st.sampled_from(parts))
        return [one for _ in range(self.count(part)) for one in self.item(part)]

    def mask(self, bits: int) -> int:
        """Which of so many are there, a bit for each."""
        if not bits or self.least:
            return 0
        return min(int(self.draw(_masks(bits))), (1 << bits) - 1)

    def count(self, part: Part) -> int:
        """How often something stands that may stand more than once, or not at all."""
        if self.least or part.least == part.most:
            return part.least
        return int(self.draw(_counts(part.least, part.most)))

    def item(self, part: Part) -> list[ET.Element]:
        """What is there once of a part."""
        if isinstance(part.item, Group):
            return self.content(part.item)
        return [self.element(part.item, filled=self.trees.hollow_is_absent and not part.least)]

    def ordered(self, made: list[ET.Element]) -> list[ET.Element]:
        """Elements that may stand in any order, in one."""
        if self.style.turned:
            return made[::-1]
        if not self.style.shuffled or len(made) < 2:
            return made
        picked = min(len(made), PERMUTED)
        code = self.draw(st.integers(0, factorial(len(made)) // factorial(len(made) - picked) - 1))
        rest, first = list(made), []
        for left in range(len(made), len(made) - picked, -1):
            code, at = divmod(code, left)
            first.append(rest.pop(at))
        return first + rest

    def finished(self, root: ET.Element) -> ET.Element:
        """The document, with its empty texts."""
        if self.style.empties:
            self.empty(root, self.trees.grammar.root.kind)
        return root

    def empty(self, owner: ET.Element, kind: str) -> None:
        """Let empty elements stand in the places of texts that are not there, here and below."""
        for name, part in self.trees.plans[kind].below.items():
            there = owner.findall(name)
            if not isinstance(part.item, Element):
                continue
            if not there and not part.least and self.trees.plans[part.item.kind].text is not None:
                ET.SubElement(owner, name)
            for one in there:
                self.empty(one, part.item.kind)
