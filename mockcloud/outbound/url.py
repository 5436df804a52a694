"""Where a URL leads: host, port and request target.

Knows the shape of an http URL; knows neither network nor list. Law: a URL that two parsers could read in two ways is
refused, and no sentence quotes a whole URL, for it may hold secrets.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from mockcloud.outbound.hosts import Place, Unsent, quoted, read_place

_UNWANTED = re.compile(r"[^\x21-\x7e]")
_URL = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*)://([^/?#]*)([^#]*)(?:#.*)?")
_PORTS = {"http": 80, "https": 443}


class Destination(NamedTuple):
    """Where a message goes: `authority` as the URL spells it, `target` the path and query."""

    place: Place
    secure: bool
    authority: str
    target: str


def read_url(url: str) -> Destination:
    """The destination of an http or https URL. Raises Unsent."""
    unwanted = _UNWANTED.search(url)
    if unwanted:
        raise Unsent(
            f"the URL holds {unwanted.group()!a} at character {unwanted.start()}: visible ASCII is wanted; "
            f"percent-encode the rest, and write a host of another script as xn--..."
        )
    match = _URL.fullmatch(url)
    if match is None:
        raise Unsent("the URL does not begin with 'http://' or 'https://': write it whole, with its scheme and host")
    scheme, authority, target = match[1].lower(), match[2], match[3]
    if scheme not in _PORTS:
        raise Unsent(f"the URL's scheme is {quoted(scheme)}: write 'http' or 'https', nothing else is sent to")
    if "@" in authority:
        raise Unsent("the URL holds user information before its host: leave out everything up to the '@'")
    place = read_place(authority, _PORTS[scheme])
    return Destination(place, scheme == "https", authority, target if target.startswith("/") else f"/{target}")
