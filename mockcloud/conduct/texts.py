"""Texts that tell whether a client writes, escapes and signs as the vendor reads: in every place that takes them, at once.

Knows places of free text by trying. Law: a text is given only where it keeps every rule and where a right client could send it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from mockcloud.conduct.members import leaves
from mockcloud.conduct.subject import Subject
from mockcloud.drafting.requests.arguments import said
from mockcloud.drafting.requests.places import LETTERS
from mockcloud.messages import Json

TEXTS: Final = (
    "a+b c%2Fd&e=f;g,h:i@j$k",
    "~*()!'-._",
    "q\"r's<t>u\\v{w}[x]|y^z`?#/",
    LETTERS,
    " x ",
    "0012",
    "1e3",
    "true",
    "null",
)


def telling(subject: Subject, arguments: Mapping[str, Json]) -> Iterator[dict[str, Json]]:
    """The arguments with a text of its own in each place, then with each of the texts in all places that take it."""
    places = [at for at, value in leaves(arguments) if isinstance(value, str)]
    apart = [f"x{number}" for number, _ in enumerate(places)]
    for texts in (apart, *([text] * len(places) for text in TEXTS)):
        made: dict[str, Any] = dict(arguments)
        for at, text in zip(places, texts, strict=True):
            tried = put(made, at.split("/")[1:], text)
            if _can_be_sent(subject, tried):
                made = tried
        if made != arguments:
            yield made


def put(value: Json, steps: list[str], text: str) -> Json:
    """The value with a text in a place."""
    if not steps:
        return text
    if isinstance(value, list):
        return [put(one, steps[1:], text) if str(place) == steps[0] else one for place, one in enumerate(value)]
    return {name: put(one, steps[1:], text) if name == steps[0] else one for name, one in value.items()}


def _can_be_sent(subject: Subject, arguments: dict[str, Json]) -> bool:
    if not subject.sayable(arguments):
        return False
    request = subject.draft(arguments).request(subject.contract.hosts[0].example)
    return said(subject.contract, subject.operation, request) == subject.normal(subject.completed(arguments))
