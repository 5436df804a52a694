"""What answers may have one day: members, attributes, states, codes and values that no document knows yet.

Knows both languages of schemas. Law: whoever passes over what he does not know reads the rest as if it were not there.
"""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple

from mockcloud.drafting.answers import pointers
from mockcloud.drafting.answers.bodies import Message, copied
from mockcloud.drafting.answers.replies import Replies
from mockcloud.messages import Json
from mockcloud.reports.json_values import is_number

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
    """One thing that is new: its pointer, and what stands there."""

    at: str
    value: Json


def novelties(known: Replies, message: Message) -> tuple[Novelty, ...]:
    """Everything that may be new in an answer: a member at each level, then a value wherever there is a list of values."""
    document = isinstance(message, ET.Element)
    levels, kinds = list(pointers.levels(message)), VALUES[:2] if document else VALUES
    found = [Novelty(f"{level}/{MEMBER}", kinds[place % len(kinds)]) for place, level in enumerate(levels)]
    if document:
        found += [Novelty(f"{level}/{ATTRIBUTE}{MEMBER}", "new") for level in levels]
    return (*found, *_values(known, message))


def put(message: Message, new: Iterable[Novelty]) -> Message:
    """A copy of the message with these in their places."""
    made = copied(message)
    for at, value in new:
        above, _, name = at.rpartition("/")
        if name.startswith(ATTRIBUTE):
            pointers.at(made, above).set(name[1:], value)
        elif isinstance(made, ET.Element) and isinstance(value, dict):
            ET.SubElement(ET.SubElement(pointers.at(made, above), name), name).text = "new"
        else:
            pointers.put(made, at, value)
    return made


def another(value: Json, listed: Iterable[Json]) -> Json:
    """A value like this one that is not listed."""
    if is_number(value):
        return max(int(one) for one in (value, *listed) if is_number(one)) + FURTHER
    text = str(value)
    if text.isdecimal():
        return str(max(int(one) for one in (text, *listed) if str(one).isdecimal()) + FURTHER)
    return CODES[1] if text.isupper() else CODES[2] if text.islower() else CODES[0]


def _values(known: Replies, message: Message) -> Iterator[Novelty]:
    """A new value wherever there is one of a list, or one that tells a state or a code."""
    schema = known.full.operation.request
    listed = {rule.path: rule.demand for rule in schema.rules.values() if rule.constraint in ("enum", "enumeration")}
    told = (*known.states, *known.codes)
    for place in dict.fromkeys((*told, *listed)):
        for at in pointers.standing(message, place):
            found = pointers.at(message, at)
            value = found.text if isinstance(found, ET.Element) else found
            # Of a list 0 is a value like any other; as a state or a code it says that there is none.
            if not isinstance(value, bool) and (value or (value == 0 and place not in told)):
                yield Novelty(at, another(value, listed.get(place, [])))
