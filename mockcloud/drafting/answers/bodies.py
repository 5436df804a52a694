"""The body of an answer: as plain data, as what its schema judges, and as bytes.

Knows both codecs. Law: what is read here is what a client reads: an XML leaf is text, an element that repeats a list.
"""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Iterator
from copy import deepcopy

from mockcloud.codecs import json_body, xml_body
from mockcloud.drafting.requests.arguments import plain
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
    """A message as plain data; of a document what stands in the root, which is no leaf even where nothing does."""
    return (plain(message) if len(message) else {}) if isinstance(message, ET.Element) else message


def decoded(codec: str, body: bytes) -> Json:
    """The body as plain data; None for no body. Raises Malformed."""
    return document(message(codec, body)) if body else None


def copied(message: Message) -> Message:
    """The message anew, no part of which is in two places."""
    if isinstance(message, dict):
        return {name: copied(one) for name, one in message.items()}
    if isinstance(message, list):
        return [copied(one) for one in message]
    return deepcopy(message) if isinstance(message, ET.Element) else message


def encoded(message: Message, between: str = "") -> bytes:
    """The bytes of a message. `between` is the white space before and after each element of a document."""
    if isinstance(message, ET.Element):
        return "".join(_written(message, between)).encode()
    return json_body.encode(message)


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
