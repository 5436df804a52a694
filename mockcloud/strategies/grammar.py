"""A grammar of XML documents: what an XSD says of elements, made small. Our own XSDs and those of others are read into it.

Knows elements, attributes, groups, how often they stand, simple types and asserts. Does not know where it was read from.
Law: a grammar is never changed, and a kind may stand within itself, which is why elements name their kinds.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

UNBOUNDED: Final = 1_000_000_000
"""Of occurrences and of lengths."""


@dataclass(frozen=True, slots=True)
class Simple:
    """What a text must be: of a built-in type (`base`), and within its facets.

    `patterns` must all be matched whole. Bounds are inclusive; `members` are the types of a union, one of which it must be.
    """

    base: str = "string"
    listed: tuple[str, ...] = ()
    patterns: tuple[str, ...] = ()
    least: int = 0
    most: int = UNBOUNDED
    low: Decimal | None = None
    high: Decimal | None = None
    digits: int = UNBOUNDED
    places: int = UNBOUNDED
    members: tuple[Simple, ...] = ()


@dataclass(frozen=True, slots=True)
class Attribute:
    """An attribute. With `fixed` it can have that text only."""

    name: str
    text: Simple
    required: bool = False
    fixed: str | None = None
    qualified: bool = False


@dataclass(frozen=True, slots=True)
class Element:
    """An element of a kind. With `fixed` it can have that text only."""

    name: str
    kind: str
    fixed: str | None = None
    nillable: bool = False
    qualified: bool = False


@dataclass(frozen=True, slots=True)
class Group:
    """Elements in this order (`sequence`), in any order (`all`), or one of them (`choice`)."""

    order: str
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """An element or a group that stands at least and at most so many times."""

    item: Element | Group
    least: int = 1
    most: int = 1


@dataclass(frozen=True, slots=True)
class Kind:
    """What stands in an element: a text or other elements, and its attributes; of which the asserts must hold."""

    text: Simple | None = None
    content: Group | None = None
    attributes: tuple[Attribute, ...] = ()
    asserts: tuple[str, ...] = ()
    """XPath, each about the element."""
    open: bool = False
    """Whether what is not named here may stand there too."""


@dataclass(frozen=True, slots=True)
class Grammar:
    """Documents: their root, and the kinds of all elements by name."""

    root: Element
    kinds: Mapping[str, Kind]
    target: str = ""
    """The namespace of what is qualified."""


def elements_of(group: Group | None) -> dict[str, Part]:
    """The elements that can stand in a group, by name, each with how often it can stand there."""
    found: dict[str, Part] = {}
    for part in group.parts if group else ():
        below = elements_of(part.item) if isinstance(part.item, Group) else {part.item.name: part}
        for name, one in below.items():
            least = one.least * part.least if isinstance(part.item, Group) else one.least
            chosen = group is not None and group.order == "choice"
            found.setdefault(name, Part(one.item, 0 if chosen else least, one.most))
    return found
