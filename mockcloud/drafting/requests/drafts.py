"""A request before it is signed, and the changes that are made to it.

Knows messages of both languages of schemas, and pointers into them. Law: a draft is never changed; a change makes another.
"""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Iterable, Mapping
from copy import deepcopy
from dataclasses import dataclass, replace

from mockcloud.codecs import form_body
from mockcloud.contracts.model import Operation
from mockcloud.contracts.routes import in_path
from mockcloud.contracts.vocabulary import TEXT_READS
from mockcloud.messages import Json, Request
from mockcloud.reports.json_values import ABSENT
from mockcloud.reports.laws import specimens
from mockcloud.reports.laws.specimens import Message

Change = Iterable[tuple[str, Json]]
"""Pointers, each with its new value, in the order in which they are put; ABSENT takes out what is there, Times repeats it."""


@dataclass(frozen=True, slots=True)
class Times:
    """An element that stands so many times."""

    count: int


@dataclass(frozen=True, slots=True)
class Draft:
    """What a request of an operation says. `given` are the arguments of the path that a document cannot hold."""

    operation: Operation
    message: Message
    given: Mapping[str, Json]
    method: str = ""
    """Empty for the one that clients use most."""

    def changed(self, change: Change) -> Draft:
        """The draft with other values in these places."""
        in_url = {f"/{one.name}" for one in in_path(self.operation)} if isinstance(self.message, ET.Element) else set[str]()
        message, given = deepcopy(self.message), dict(self.given)
        for at, value in change:
            if at in in_url:
                given[at] = value
            elif isinstance(value, Times):
                repeat(message, at.split("/")[1:], value.count)
            else:
                specimens.put(message, at, None if value is ABSENT else value)
        return self.saying(message, given)

    def by(self, method: str) -> Draft:
        """The draft asked with another of the operation's methods."""
        return replace(self, method=method)

    def saying(self, message: Message, given: Mapping[str, Json] | None = None) -> Draft:
        """The draft with another message; where every leaf is text, it is."""
        flat = form_body.flatten(message) if self.operation.reads in TEXT_READS else message
        return replace(self, message=flat, given=self.given if given is None else given)

    def request(self, host: str) -> Request:
        """Its bytes."""
        return specimens.request(self.operation, self.message, host, self.given, self.method)

    def accepted(self) -> bool:
        """Whether the operation's schema takes it."""
        return self.operation.request.accepts(self.message)

    def at(self, pointer: str) -> Json:
        """What stands in a place, ABSENT for nothing. Of a list the first element's."""
        if isinstance(self.message, ET.Element):
            found = self.message.find(pointer[1:])
            return ABSENT if found is None else found.text if not len(found) else found
        here = self.message
        for step in pointer.split("/")[1:]:
            if step == "*" and isinstance(here, list) and here:
                here = here[0]
            elif isinstance(here, dict) and step in here:
                here = here[step]
            else:
                return ABSENT
        return here

    def count(self, pointer: str) -> int:
        """How often an element stands in its first parent, or how many a list has."""
        if isinstance(self.message, ET.Element):
            above, _, name = pointer[1:].rpartition("/")
            owner = self.message.find(above) if above else self.message
            return 0 if owner is None else len(owner.findall(name))
        found = self.at(pointer)
        return len(found) if isinstance(found, list) else 0


def repeat(owner: ET.Element, steps: list[str], count: int) -> None:
    """Let the element at the end of the steps stand so many times, where it stands at all."""
    for step in steps[:-1]:
        below = owner.find(step)
        if below is None:
            return
        owner = below
    found = owner.findall(steps[-1])
    if found:
        owner.extend(deepcopy(found[0]) for _ in range(count - len(found)))


def draft(operation: Operation, given: Mapping[str, Json] | None = None) -> Draft | None:
    """The smallest valid request of an operation with these values in their places; None where none was found."""
    message = specimens.specimen(operation, given)
    return None if message is None else Draft(operation, message, given or {})
