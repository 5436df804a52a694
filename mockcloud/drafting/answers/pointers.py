"""Pointers into answers: what stands where, and what is put there or taken out.

Knows plain data and documents alike. Law: a pointer into a document is the one into its plain data: an element that stands alone
has no number.
"""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator

from mockcloud.drafting.answers.bodies import Message
from mockcloud.messages import Json


def leaves(document: Json, above: str = "") -> Iterator[tuple[str, Json]]:
    """Every value that has none below, with its pointer; the first element of a list is `/0`."""
    if isinstance(document, dict):
        for name, value in document.items():
            yield from leaves(value, f"{above}/{name}")
    elif isinstance(document, list):
        for place, value in enumerate(document):
            yield from leaves(value, f"{above}/{place}")
    else:
        yield above, document


def place(message: Message, pointer: str) -> str:
    """The place in a schema of what a pointer points at."""
    numbered = isinstance(message, ET.Element)
    steps = ("*" if step.isdecimal() else step for step in pointer.split("/"))
    return "/".join(step for step in steps if not (numbered and step == "*"))


def standing(message: Message, place: str, *, numbered: bool = True) -> list[str]:
    """The pointers of everything that stands at a place of a schema, where `*` is every element of a list.

    Of elements that repeat there is one for all where they are not to be numbered.
    """
    found = [("", message)]
    for step in place.split("/")[1:]:
        found = [(at + more, below) for at, one in found for more, below in _below(one, step)]
    if numbered or not isinstance(message, ET.Element):
        return [at for at, _ in found]
    name = place.rpartition("/")[2]
    return list(dict.fromkeys(re.sub(rf"/{re.escape(name)}/[0-9]+$", f"/{name}", at) for at, _ in found))


def at(message: Message, pointer: str) -> Message:
    """What a pointer points at. Raises LookupError where nothing stands."""
    for step in pointer.split("/")[1:]:
        if isinstance(message, list):
            message = message[int(step)]
        elif isinstance(message, ET.Element):
            message = message.findall(step)
        else:
            message = message[step]
        # An element that stands alone has no number in its pointer.
        if isinstance(message, list) and len(message) == 1 and isinstance(message[0], ET.Element):
            message = message[0]
    return message


def put(message: Message, pointer: str, value: Json) -> None:
    """Put a leaf where a pointer points, in the place of another or a new one."""
    above, _, name = pointer.rpartition("/")
    owner = at(message, above)
    if isinstance(owner, ET.Element):
        found = owner.find(name)
        (ET.SubElement(owner, name) if found is None else found).text = str(value)
    elif not isinstance(owner, list):
        owner[name] = value
    elif isinstance(owner[int(name)], ET.Element):
        owner[int(name)].text = str(value)
    else:
        owner[int(name)] = value


def take(message: Message, pointer: str) -> None:
    """Take out what a pointer points at; of elements that repeat every one."""
    above, _, name = pointer.rpartition("/")
    owner = at(message, above)
    if isinstance(owner, ET.Element):
        for one in owner.findall(name):
            owner.remove(one)
    else:
        del owner[int(name) if isinstance(owner, list) else name]


def levels(message: Message, above: str = "") -> Iterator[str]:
    """The pointers of everything that has members, the outermost first."""
    if isinstance(message, (dict, list)):
        if isinstance(message, dict):
            yield above
        for name, below in message.items() if isinstance(message, dict) else enumerate(message):
            yield from levels(below, f"{above}/{name}")
    elif isinstance(message, ET.Element) and (len(message) or not above):
        yield above
        for name in dict.fromkeys(child.tag for child in message):
            for more, below in _below(message, name):
                yield from levels(below, above + more)


def _below(owner: Message, step: str) -> Iterator[tuple[str, Message]]:
    if isinstance(owner, ET.Element):
        found = owner.findall(step)
        yield from ((f"/{step}/{place}" if len(found) > 1 else f"/{step}", one) for place, one in enumerate(found))
    elif step == "*":
        yield from ((f"/{place}", one) for place, one in enumerate(owner if isinstance(owner, list) else []))
    elif isinstance(owner, dict) and step in owner:
        yield f"/{step}", owner[step]
