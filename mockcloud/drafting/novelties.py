"""What answers may have one day: members, attributes, states, codes and values that no document knows yet.

Knows both languages of schemas. Law: whoever passes over what he does not know reads the rest as if it were not there.
"""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple

from mockcloud.drafting import places
from mockcloud.drafting.drafts import Draft
from mockcloud.drafting.replies import Replies
from mockcloud.messages import Json
from mockcloud.reports.json_values import ABSENT, is_number

MEMBER: Final = "mockcloudNew"
"""The name of a member that no vendor has."""

ATTRIBUTE: Final = "@"
"""Before the name of an attribute in a pointer."""

CODES: Final = ("MockcloudNew", "MOCKCLOUD_NEW", "mockcloud-new")
"""Codes and states that no vendor has, in the spellings of the field."""

FURTHER: Final = 90_001
"""How far a new number is from those that are known."""

VALUES: Final[tuple[Json, ...]] = ("new", {"new": ["a", {"b": 1}]}, 7, [], None, True, 0.5)
"""What such a member may hold, one after the other. Of documents the first two."""


class Novelty(NamedTuple):
    """One thing that is new: its place, and what stands there."""

    at: str
    value: Json


def novelties(known: Replies) -> tuple[Novelty, ...]:
    """Every place for something new in the fullest answer: a member at each level, then a value for each list of values."""
    full = known.full
    levels = ["", *(at for at, _ in places.members(full.operation.request) if _holds(full, at))]
    levels += [f"{at}/*" for at, _ in places.repeatable(full.operation.request) if _lists(full, at)]
    kinds = VALUES[:2] if isinstance(full.message, ET.Element) else VALUES
    found = [Novelty(f"{level}/{MEMBER}", kinds[place % len(kinds)]) for place, level in enumerate(levels)]
    if isinstance(full.message, ET.Element):
        found += [Novelty(f"{level}/{ATTRIBUTE}{MEMBER}", "new") for level in levels]
    return (*found, *(Novelty(at, value) for at, value in _values(known)))


def put(draft: Draft, new: Iterable[Novelty]) -> Draft:
    """The draft with these in their places; of a list in the first element, and a value in each."""
    made = draft.changed([])
    for novelty in new:
        if isinstance(made.message, ET.Element):
            _put_element(made.message, novelty)
        elif novelty.at.endswith(f"/{MEMBER}"):
            owner = made.at(novelty.at.rpartition("/")[0])
            owner[MEMBER] = novelty.value
        else:
            made = made.changed([novelty])
    return made


def pointer(draft: Draft, novelty: Novelty) -> str:
    """Where a client finds it in the plain data of the answer."""
    if not isinstance(draft.message, ET.Element):
        return novelty.at.replace("/*", "/0")
    at, owner = "", draft.message
    for step in novelty.at.split("/")[1:]:
        count = len(owner.findall(step)) if not step.startswith(ATTRIBUTE) else 0
        at += f"/{step}/0" if count > 1 else f"/{step}"
        below = owner.find(step) if count else None
        owner = owner if below is None else below
    return at


def _values(known: Replies) -> Iterator[tuple[str, Json]]:
    """A new value for every place that has one of a list, or that tells a state or a code."""
    full, schema = known.full, known.full.operation.request
    listed = {rule.path: rule.demand for rule in schema.rules.values() if rule.constraint in ("enum", "enumeration")}
    for at in dict.fromkeys((*known.states, *known.codes, *listed)):
        if full.at(at) not in (ABSENT, None):
            yield at, another(full.at(at), listed.get(at, []))


def another(value: Json, listed: list[Json]) -> Json:
    """A value like this one that is not listed."""
    if is_number(value):
        return max(int(one) for one in (value, *listed) if is_number(one)) + FURTHER
    text = str(value)
    if text.isdecimal():
        return str(max(int(one) for one in (text, *listed) if str(one).isdecimal()) + FURTHER)
    return CODES[1] if text.isupper() else CODES[2] if text.islower() else CODES[0]


def _holds(full: Draft, at: str) -> bool:
    found = full.at(at)
    return isinstance(found, (dict, ET.Element))


def _lists(full: Draft, at: str) -> bool:
    """Whether a list of objects stands there. Those of documents are their elements."""
    found = full.at(at)
    return isinstance(found, list) and bool(found) and isinstance(found[0], dict)


def _put_element(root: ET.Element, novelty: Novelty) -> None:
    above, _, name = novelty.at[1:].rpartition("/")
    owner = root.find(above) if above else root
    assert owner is not None  # noqa: S101  # it was found in this very document
    if name.startswith(ATTRIBUTE):
        owner.set(name[1:], str(novelty.value))
    elif name == MEMBER:
        child = ET.SubElement(owner, MEMBER)
        child.text = None if isinstance(novelty.value, dict) else str(novelty.value)
        if isinstance(novelty.value, dict):
            ET.SubElement(child, MEMBER).text = "new"
    else:
        for one in owner.findall(name):
            one.text = str(novelty.value)
