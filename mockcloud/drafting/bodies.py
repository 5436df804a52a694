"""The body of an answer as plain data, and the places in it.

Knows both codecs. Law: what is read here is what a client reads: an XML leaf is text, an element that repeats a list.
"""

from __future__ import annotations

from collections.abc import Iterator

from mockcloud.codecs import json_body, xml_body
from mockcloud.drafting.arguments import plain
from mockcloud.messages import Json


def decoded(codec: str, body: bytes) -> Json:
    """The body as plain data, of XML what stands in the root; None for no body. Raises Malformed."""
    if not body:
        return None
    return plain(xml_body.decode(body)) if codec == "xml" else json_body.decode(body, nulls=True)


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
