"""A message as the bytes of an HTTP/1.1 request.

Knows the grammar of a request's head and the headers that are ours; knows no network. Law: what could end a line early or
frame the message in another way is refused, and every message says how many mocks it has come through.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from mockcloud.messages import Pairs
from mockcloud.outbound.hosts import Unsent, quoted
from mockcloud.outbound.url import Destination

HOP_HEADER = "x-mockcloud-hop"
HOPS_LIMIT = 3

_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_VALUE = re.compile(r"[\x20-\x7e]*")
_HOP = re.compile(r"[1-9][0-9]{0,8}")
_OURS = frozenset({"host", "content-length", "transfer-encoding", "connection"})
_OTHERS_OF_THE_CONNECTION = frozenset({"expect", "keep-alive", "proxy-connection", "te", "trailer", "upgrade"})


class Outbound(NamedTuple):
    """What to send. `headers` may name how many mocks the message came through: `x-mockcloud-hop`."""

    method: str
    url: str
    headers: Pairs = ()
    body: bytes = b""


def hop_of(header: str | None) -> int:
    """How many mocks a request came through, by its header; none for what is no number."""
    return int(header) if header is not None and _HOP.fullmatch(header) else 0


def wire_bytes(message: Outbound, destination: Destination) -> bytes:
    """The request, head and body. Raises Unsent."""
    if not _NAME.fullmatch(message.method):
        raise Unsent(f"the method is {quoted(message.method)}: write one word, such as POST")
    given = [_checked(name, value) for name, value in message.headers]
    lines = [
        f"{message.method} {destination.target} HTTP/1.1",
        f"Host: {destination.authority}",
        *(() if any(name.lower() == "user-agent" for name, _ in given) else ("User-Agent: mockcloud",)),
        *(f"{name}: {value}" for name, value in given if name.lower() != HOP_HEADER),
        f"{HOP_HEADER}: {_hop([value for name, value in given if name.lower() == HOP_HEADER])}",
        f"Content-Length: {len(message.body)}",
        "Connection: close",
    ]
    return "".join(f"{line}\r\n" for line in lines).encode("ascii") + b"\r\n" + message.body


def _checked(name: str, value: str) -> tuple[str, str]:
    if not _NAME.fullmatch(name):
        raise Unsent(f"the header name {quoted(name)} is no word of ASCII letters, digits and hyphens: correct the message")
    if name.lower() in _OURS | _OTHERS_OF_THE_CONNECTION:
        raise Unsent(f"the header {name} belongs to the connection and is not the message's: leave it out")
    if not _VALUE.fullmatch(value):
        # The value is not shown: it may be a secret.
        raise Unsent(f"the header {name} holds a line end, a control character or what is not ASCII: leave it out or encode it")
    return name, value


def _hop(given: list[str]) -> int:
    if len(given) > 1 or not all(_HOP.fullmatch(value) for value in given):
        raise Unsent(f"the header {HOP_HEADER} is {quoted(', '.join(given))}: give it once, as a number from 1 to {HOPS_LIMIT}")
    hop = int(given[0]) if given else 1
    if hop > HOPS_LIMIT:
        raise Unsent(
            f"the header {HOP_HEADER} is {hop}: a message goes through {HOPS_LIMIT} mocks at most; "
            f"look for a callback that leads back to the mock"
        )
    return hop
