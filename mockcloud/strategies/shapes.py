"""Whether the children of an element stand as its kind wants them: which of them, in which order, how often.

Knows groups, no text and no assert. Law: what is drawn of a group has its shape; only what is put in afterwards may not.
"""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from functools import lru_cache

from mockcloud.strategies.grammar import UNBOUNDED, Element, Grammar, Group, Part, elements_of


def shaped(grammar: Grammar, made: ET.Element, kind: str) -> bool:
    """Whether the children of an element, and those of its children, stand as they have to."""
    content = grammar.kinds[kind].content
    # Where any order will do, nothing is put in the place of something else.
    if content is not None and content.order != "all" and not _form(content).fullmatch(_names(made)):
        return False
    below = {name: part.item for name, part in elements_of(content).items()}
    return all(shaped(grammar, child, item.kind) for child in made if isinstance(item := below.get(child.tag), Element))


@lru_cache(1_024)
def excluded(group: Group, name: str) -> frozenset[str]:
    """The elements of a group that cannot stand beside the one of a name: the other branches of its choices."""
    branches = [elements_of(Group("sequence", (part,))) for part in group.parts]
    chosen = next(number for number, branch in enumerate(branches) if name in branch)
    part = group.parts[chosen]
    beside = excluded(part.item, name) if isinstance(part.item, Group) and part.most == 1 else frozenset()
    others = branches[:chosen] + branches[chosen + 1 :] if group.order == "choice" else []
    return beside.union(*others) - {name}


def _names(made: ET.Element) -> str:
    return "".join(f"{child.tag} " for child in made)


@lru_cache(256)
def _form(group: Group) -> re.Pattern[str]:
    """An expression of the names of children, each with a blank behind it."""
    return re.compile(_of_group(group))


def _of_group(group: Group) -> str:
    parts = [_of_part(part) for part in group.parts]
    if group.order == "all":
        needed = "".join(rf"(?=(?:\S+ )*{_of_part(part)})" for part in group.parts if part.least)
        return f"(?:{needed}(?:{'|'.join(parts)})*)"
    return f"(?:{('|' if group.order == 'choice' else '').join(parts)})"


def _of_part(part: Part) -> str:
    often = f"{{{part.least},{min(part.most, UNBOUNDED)}}}"
    if isinstance(part.item, Group):
        return f"{_of_group(part.item)}{often}"
    # XSD lets nothing follow that could be one more of these: to try fewer would only take time.
    return f"(?:{re.escape(part.item.name)} ){often}+"
