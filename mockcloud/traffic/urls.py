"""Where a recorded URL leads: its host, and its path and query as they are.

Law: nothing is decoded or made canonical: what a signature was made over stays what it was.
"""

from __future__ import annotations

import re
from typing import Final

from mockcloud.messages import Pairs

_WEB = re.compile(r"(?:https?|wss?)://([^/?#\\]*)([^#]*)", re.IGNORECASE | re.DOTALL)
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:(?!//|[0-9]+(?:/|$))|(?!https?:|wss?:)[A-Za-z][A-Za-z0-9+.-]*://", re.IGNORECASE)

LONGEST_FOREIGN: Final = 200
"""Characters of an address that leads to no host: a `data:` URL holds a whole picture."""


def parts(url: str) -> tuple[str, str]:
    """Host (with its port, without credentials) and target of a URL, its fragment dropped.

    A path alone has an empty host. What leads to no host (`data:`, `blob:`, `file:`, an extension's page) is handed on as the
    target, cut, with an empty host: such a target does not begin with a slash.
    """
    match = _WEB.match(url)
    if match:
        rest = match[2]
        return match[1].rpartition("@")[2], rest if rest.startswith("/") else f"/{rest}"
    if _SCHEME.match(url):
        return "", url[:LONGEST_FOREIGN]
    return "", url.partition("#")[0]


def host(url_host: str, headers: Pairs) -> str:
    """The host that was asked: as the Host header has it, as HTTP/2's `:authority` has it, or else as the URL has it."""
    for wanted in ("host", ":authority"):
        found = next((text.strip() for name, text in headers if name.lower() == wanted), "")
        if found:
            return found
    return url_host


def without_pseudo(headers: Pairs) -> Pairs:
    """The headers without those that HTTP/2 makes of the start line."""
    return tuple((name, text) for name, text in headers if not name.startswith(":"))
