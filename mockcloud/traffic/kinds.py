"""Which kind of recording a file is, told by its name and by its first bytes.

Knows what each kind begins with, and reads none of them. Law: what a file begins with counts for more than what it is called,
except where its name can mean one kind only; standard input, which has no name, is told as well as a file.
"""

from __future__ import annotations

import json
import re
from typing import Final

KINDS: Final = {
    "har": "an HTTP archive, as browsers and proxies save it",
    "cassette": "a cassette in YAML or JSON, as the VCR libraries record it",
    "journal": "a journal of mockcloud, or any JSON Lines",
    "raw": "HTTP/1.1 messages as text, also as `curl -v` prints them",
    "body": "a single JSON, XML or form body",
}
"""Every kind with what it is."""

BY_NAME: Final = {
    ".har": "har",
    ".yaml": "cassette",
    ".yml": "cassette",
    ".jsonl": "journal",
    ".ndjson": "journal",
    ".json": "",
    ".xml": "body",
    ".form": "body",
    ".http": "raw",
    ".rest": "raw",
    ".raw": "raw",
}
"""The kind that an extension says; empty where it says only that a recording is in it."""

START: Final = re.compile(
    rb"(?:[><] )?(?:[!#$%&'*+.^_`|~0-9A-Za-z-]{1,32} [^\s]{1,65536} HTTP/[0-9](?:\.[0-9])?"
    rb"|HTTP/[0-9](?:\.[0-9])? [0-9]{3}(?: [^\r\n]*)?)\r?$",
    re.MULTILINE,
)
"""A start line of HTTP, a request's or a response's, also behind the mark of `curl -v`."""

BARE: Final = re.compile(rb"(?:GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS) (?:https?://|/)\S*\r?$", re.MULTILINE)
"""A start line as the files of REST clients have it, without a version; or the beginning of a long one."""


_YAML = re.compile(rb"(?:%YAML|---|interactions:|http_interactions:|version:|recorded_with:|-\s*\n?\s+request:|command:)")
_XML = re.compile(rb"<(?:\?xml\b|!--|[A-Za-z_])")
_FORM = re.compile(rb"[\w.%+~*!()'$-]{1,200}=[^\s=&\"<>]*(?:&[\w.%+~*!()'$-]+(?:=[^\s&\"<>]*)?)*&?\s*")
_STRING = re.compile(r'"(?:[^"\\]|\\.)*"')


def of(name: str, head: bytes) -> str:
    """The kind of a file by its name and its first bytes; empty for what is none."""
    said = BY_NAME.get(extension(name))
    if said in ("har", "journal", "body"):
        return said
    return sniffed(head) or said or ""


def extension(name: str) -> str:
    """The extension of a name in small letters, with its dot; of a gzipped file the one before `.gz`."""
    name = name.lower().removesuffix(".gz")
    dot = name.rfind(".")
    return name[dot:] if dot > max(name.rfind("/"), name.rfind("\\")) else ""


def sniffed(head: bytes) -> str:
    """The kind that a file's first bytes tell; empty where they tell none."""
    text = head.lstrip()
    if text[:1] in (b"{", b"["):
        return _json(text)
    if _is_raw(text):
        return "raw"
    if _YAML.match(text):
        return "cassette"
    return "body" if _XML.match(text) or _FORM.fullmatch(text) else ""


def _is_raw(text: bytes) -> bool:
    """Whether HTTP begins here, after the comments that clients and `curl -v` write above it."""
    for line in text.split(b"\n"):
        if START.match(line) or BARE.match(line):
            return True
        if line.strip() and not line.startswith((b"#", b"//", b"* ", b"@", b"  ", b"{ [", b"} [")):
            return False
    return False


def _json(head: bytes) -> str:
    names = outer_names(head.decode("utf-8", "replace"))
    if "log" in names:
        return "har"
    if names & {"interactions", "http_interactions", "recorded_with"}:
        return "cassette"
    if "format" in names or is_lines(head):
        return "journal"
    return "cassette" if "request" in names else "body"


def outer_names(text: str) -> set[str]:
    """The names of the members of the object that a JSON text begins with, or of the first object in its array."""
    names, depth, at = set[str](), 0, 0
    wanted = 2 if re.match(r"\[\s*\{", text) else 1
    while at < len(text):
        if text[at] == '"':
            match = _STRING.match(text, at)
            if match is None:
                break
            at = match.end()
            if depth == wanted and re.compile(r"\s*:").match(text, at):
                names.add(match[0][1:-1])
            continue
        depth += (text[at] in "{[") - (text[at] in "}]")
        at += 1
        if depth == 0:
            break
    return names


def is_lines(data: bytes) -> bool:
    """Whether the first line is a whole JSON object and the next begins another: a body in several lines is not so."""
    first, _, rest = data.partition(b"\n")
    if first[:1] != b"{" or rest.lstrip()[:1] != b"{":
        return False
    try:
        return isinstance(json.loads(first), dict)
    except (ValueError, RecursionError):
        return False
