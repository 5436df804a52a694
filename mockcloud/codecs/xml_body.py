"""XML bodies: bytes to an element tree, and texts as they stand in a document. By lxml where installed,
else by the standard library.

Knows no schema. Law: a document type declaration is refused before any parser sees it, and size,
depth and attributes are bounded, because validators are slow on documents made to be slow.
"""

from __future__ import annotations

import re
import threading
import xml.etree.ElementTree as ET
from typing import Any

from mockcloud.codecs.malformed import Malformed

try:
    from lxml import etree as _lxml
except ImportError:
    _lxml = None  # type: ignore[assignment]  # the extra [fast] is not installed

BYTES = 256 * 1024
DEPTH = 32
ELEMENTS = 5_000
ATTRIBUTES = 64

Element = Any
"""An element of lxml or of the standard library: both offer `tag`, `text`, `attrib` and their children."""

_DECLARED = re.compile(rb"""(?:\xef\xbb\xbf)?<\?xml[^>]*\bencoding\s*=\s*["']([A-Za-z0-9._-]+)["']""")
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_local = threading.local()


def _parse(body: bytes) -> Element:
    if _lxml is None:
        return ET.fromstring(body)
    parser = getattr(_local, "parser", None)
    if parser is None:
        # A parser holds a lock, so each thread has its own. Blanks between elements are nodes that nobody reads.
        parser = _lxml.XMLParser(
            resolve_entities=False,
            no_network=True,
            remove_comments=True,
            remove_pis=True,
            remove_blank_text=True,
            collect_ids=False,
        )
        _local.parser = parser
    return _lxml.fromstring(body, parser)


def decode(body: bytes) -> Element:
    """The root element, without attributes: no body of this field has any. Raises Malformed, saying what was found."""
    if len(body) > BYTES:
        raise Malformed(f"the document is larger than {BYTES} bytes")
    # UTF-16 without a mark passes for UTF-8, and parsers would find out by themselves.
    if b"\x00" in body or not _is_utf8(body):
        raise Malformed("the document is not UTF-8")
    if b"<!" in body and (b"<!DOCTYPE" in body or b"<!ENTITY" in body):
        raise Malformed("a document type declaration is not allowed")
    declared = _DECLARED.match(body) if body.startswith((b"<?", b"\xef\xbb\xbf<?")) else None
    if declared and declared[1].lower() not in (b"utf-8", b"us-ascii"):
        raise Malformed(f"the declared encoding {declared[1].decode()} is not UTF-8")
    try:
        root = _parse(body)
    except (ET.ParseError, SyntaxError, ValueError):
        root = _parsed_again(body)
    # Every level ends with a `</`, every element begins with a `<` and every attribute has a `=`: few of them need no walk.
    below = body.partition(b"?>")[2] if body.startswith(b"<?xml ") else body
    if body.count(b"</") >= DEPTH or body.count(b"<") > ELEMENTS or b"=" in below:
        _bound(root)
    return root


def _parsed_again(body: bytes) -> Element:
    """What the standard library makes of a body that a parser refused: its word holds, so that answers are the same bytes
    whether the faster parser is installed or not."""
    try:
        return ET.fromstring(body)
    except (ET.ParseError, ValueError) as problem:
        raise Malformed(f"not well-formed: {str(problem).splitlines()[0]}") from None


def _is_utf8(body: bytes) -> bool:
    if body.isascii():
        return True
    try:
        body.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _bound(root: Element) -> None:
    seen, level, depth = 0, [root], 0
    while level:
        depth += 1
        seen += len(level)
        if depth > DEPTH or seen > ELEMENTS:
            raise Malformed(f"the document is deeper than {DEPTH} or has more than {ELEMENTS} elements")
        for element in level:
            if len(element.attrib) > ATTRIBUTES:
                raise Malformed(f"an element has more than {ATTRIBUTES} attributes")
            element.attrib.clear()
        level = [child for element in level for child in element]


def escaped(text: str) -> str:
    """The text as it stands in a document; characters that XML cannot carry are replaced."""
    if text.isprintable() and "&" not in text and "<" not in text and ">" not in text:
        return text
    if not text.isprintable():
        text = _NOT_XML.sub("\ufffd", text)
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\r", "&#13;")
