"""Which fixtures could notice a mutant: those that saw, or hold, the very thing that it changes, the likeliest first.

Law: leaving one out is allowed only where what it saw says that the mutant cannot touch it.
"""

from __future__ import annotations

import json
import xml.etree.ElementTree as ET
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache
from typing import Any

from answers import Document
from cases import Case

from .fixtures import Message, Seen
from .mutant import Mutant

Pairs = list[tuple[Case, Seen]]


def of_data(mutant: Mutant, pairs: Pairs) -> Iterator[Case]:
    """The fixtures that could notice a change of operations, errors, lifecycles, callbacks or the provider."""
    own = tuple(f".{name}" for name in mutant.operations)
    for case, seen in sorted(pairs, key=lambda pair: not str(pair[0].data.get("operation")).endswith(own)):
        if _DATA[mutant.kind](mutant, seen):
            yield case


def _did(mutant: Mutant, seen: Seen) -> bool:
    return not seen.performed.isdisjoint(mutant.operations)


def _was_refused(mutant: Mutant, seen: Seen) -> bool:
    _, part, name = mutant.id.partition("#")[2].partition(" ")[0].split("/", 2)
    return ("" if part == "rules" else name) in seen.reasons


_DATA = {
    "view": _did,
    "effect": _did,
    "error": _was_refused,
    "lifecycle": lambda mutant, seen: bool(seen.performed),
    "callback": lambda mutant, seen: bool(seen.sent) or any("callback" in reason for reason in seen.reasons),
    "provider": lambda mutant, seen: True,
}


def of_request(mutant: Mutant, pairs: Pairs, schema_of: Callable[[str], Any]) -> Iterator[Case]:
    """The fixtures of the rule, then those with a message that the mutant judges, or fills in, otherwise."""
    given = [case for case, _ in pairs if case.rule in mutant.rules]
    yield from given
    others = [(case, seen) for case, seen in pairs if case not in given and case.rule not in mutant.blind]
    for differs in (_newly_judged, _otherwise_refused):
        for case, seen in others:
            own = (message for message in seen.messages if message.operation in mutant.operations)
            if any(differs(mutant, message, schema_of(message.operation)) for message in own):
                yield case


def _newly_judged(mutant: Mutant, message: Message, schema: Any) -> bool:
    if mutant.kind == "default":
        return not message.rules
    return bool(schema.accepts(message.data)) == bool(message.rules)


def _otherwise_refused(mutant: Mutant, message: Message, schema: Any) -> bool:
    """Of what is refused either way: what loses a constraint breaks the same rules, but for its own."""
    if not message.rules or mutant.kind == "default":
        return False
    if mutant.kind == "rule" or mutant.id.endswith(f"{mutant.rule} removed"):
        return not mutant.rules.isdisjoint(message.rules)
    if schema.accepts(message.data):
        return False
    return {broken.rule for broken in schema.violations(message.data)} != set(message.rules)


def of_response(mutant: Mutant, pairs: Pairs) -> Iterator[tuple[Case, bytes]]:
    """The fixtures that were answered, or sent, something that has the member, with what they got.

    A part of a condition may be what lets an answer pass; to take a rule away lets only more pass.
    """
    if mutant.kind == "answer" and not is_part(mutant):
        return
    is_xml = mutant.file.endswith(".xsd")
    for case, seen in pairs:
        answers = [body for operation, body in seen.answers if operation in mutant.operations]
        bodies = seen.sent if mutant.side == "callback" else answers
        yield from ((case, body) for body in bodies if body.startswith(b"<") == is_xml and mutant.place in places(body))


def is_part(mutant: Mutant) -> bool:
    """Whether a part of a rule is changed, so that it may be broken by what did not break it."""
    return not mutant.id.startswith((f"{mutant.rule} removed", f"{mutant.rule} loosened"))


def documents(mutant: Mutant, known: Sequence[Document]) -> Iterator[Document]:
    """The documents that break the rule or hold the member, and those that say how they are filled in or what they earn.

    Those that break the rule come first.
    """
    for document in sorted(known, key=lambda one: one.rule not in mutant.rules):
        if _CONCERNS.get(mutant.kind, _breaks)(mutant, document) and (is_of(mutant, document) or mutant.kind == "error"):
            yield document


def is_of(mutant: Mutant, document: Document) -> bool:
    """Whether a document is judged by the file that is changed."""
    is_xml = mutant.file.endswith(".xsd")
    return document.operation in mutant.operations and document.side == mutant.side and document.is_xml == is_xml


def _breaks(mutant: Mutant, document: Document) -> bool:
    return document.rule in mutant.rules or is_part(mutant)


_CONCERNS: dict[str, Callable[[Mutant, Document], bool]] = {
    "response": lambda mutant, document: not document.rule and mutant.place in places(document.raw),
    "default": lambda mutant, document: bool(document.filled),
    "error": lambda mutant, document: bool(document.earns),
}


@cache
def places(body: bytes) -> frozenset[str]:
    """Every place of a JSON or XML body, `*` for any element of a list; the XML root has none."""
    if not body:
        return frozenset()
    try:
        return frozenset(_in_xml(ET.fromstring(body), "") if body.startswith(b"<") else _in_json(json.loads(body), ""))
    except (ValueError, ET.ParseError):
        return frozenset()


def _in_json(data: Any, at: str) -> Iterator[str]:
    yield at
    pairs: Iterable[tuple[str, Any]] = ()
    if isinstance(data, dict):
        pairs = data.items()
    elif isinstance(data, list):
        pairs = (("*", item) for item in data)
    for name, value in pairs:
        yield from _in_json(value, f"{at}/{name}")


def _in_xml(element: ET.Element, at: str) -> Iterator[str]:
    yield at
    for child in element:
        yield from _in_xml(child, f"{at}/{child.tag}")
