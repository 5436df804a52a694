"""The body of an answer: as plain data, as what its schema judges, and as bytes.

Knows both codecs. Law: what is read here is what a client reads: an XML leaf is text, an element that repeats a list.
"""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Iterator

from mockcloud.codecs import json_body, xml_body
from mockcloud.drafting.arguments import plain
from mockcloud.messages import Json

Message = Json
"""Plain data, or the root element of a document."""


def message(codec: str, body: bytes) -> Message:
    """The body as a draft has it. Raises Malformed."""
    if codec == "xml":
        xml_body.decode(body)  # bounds it, and refuses what no vendor sends
        return ET.fromstring(body)
    return json_body.decode(body, nulls=True)


def document(message: Message) -> Json:
    """A message as plain data; of a document what stands in the root."""
    return plain(message) if isinstance(message, ET.Element) else message


def decoded(codec: str, body: bytes) -> Json:
    """The body as plain data; None for no body. Raises Malformed."""
    return document(message(codec, body)) if body else None


def encoded(message: Message, between: str = "") -> bytes:
    """The bytes of a message. `between` is the white space before and after each element of a document."""
    if isinstance(message, ET.Element):
        return "".join(_written(message, between)).encode()
    return json_body.encode(message)


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


def put(message: Message, pointer: str, value: Json) -> None:
    """Put another value where a leaf stands."""
    steps = pointer.split("/")[1:]
    if isinstance(message, ET.Element):
        path = "/".join(f"*[{int(step) + 1}]" if step.isdecimal() else step for step in steps).replace("/*[", "[")
        found = message.find(path)
        if found is not None:
            found.text = str(value)
        return
    for step in steps[:-1]:
        message = message[int(step) if isinstance(message, list) else step]
    message[int(steps[-1]) if isinstance(message, list) else steps[-1]] = value


def _written(element: ET.Element, between: str) -> Iterator[str]:
    attributes = "".join(f' {name}="{_quoted(value)}"' for name, value in element.attrib.items())
    if not len(element) and not element.text:
        yield f"<{element.tag}{attributes}/>"
        return
    yield f"<{element.tag}{attributes}>"
    if len(element):
        for child in element:
            yield between
            yield from _written(child, between)
        yield between
    else:
        yield xml_body.escaped(element.text or "")
    yield f"</{element.tag}>"


def _quoted(text: str) -> str:
    return xml_body.escaped(text).replace('"', "&quot;")
