"""Which hosts are sent to: how one is read, what its address means, and the list that the user names.

Knows names and addresses; knows no URL and resolves nothing. Law: what is judged is the address that is meant, never its
spelling; a spelling that two readers may take for two addresses is refused.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from ipaddress import AddressValueError, IPv4Address, IPv6Address, ip_address, ip_network
from typing import NamedTuple

from mockcloud.errors import UsageError

Address = IPv4Address | IPv6Address

_AUTHORITY = re.compile(r"(\[[^\[\]]*\]|[^\[\]:]*)(?::([0-9]{1,5}))?")
_LABEL = re.compile(r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?")
_LONGEST_NAME = 253
# A host that ends like this is an address to somebody: 2130706433, 0x7f.1 and 0177.0.0.1 are all 127.0.0.1 to inet_aton.
_NUMBER = re.compile(r"[0-9]+|0x[0-9a-f]*")

_THIS_NETWORK = ip_network("0.0.0.0/8")  # the unspecified address is in it, and :: carries that one
_CARRYING = (ip_network("64:ff9b::/96"), ip_network("::/96"))
"""NAT64 (RFC 6052) and the former IPv4-compatible addresses: the last 32 bits are an IPv4 address."""

METADATA = frozenset(
    map(
        ip_address,
        (
            "169.254.169.254",  # most clouds
            "169.254.170.2",  # credentials of containers
            "169.254.170.23",  # credentials of pods
            "169.254.0.23",  # clouds of the far east, as the next
            "100.100.100.200",
            "fd00:ec2::254",  # and over IPv6
            "fd00:ec2::23",
            "fd20:ce::254",
        ),
    )
)
"""Where machines in clouds are told their credentials: no name leads there, the user has to list the very address."""


class Unsent(Exception):
    """A message is kept back, or could not be sent: the sentence that says why."""


class Place(NamedTuple):
    """A host and a port; 0 is any port. `name` is in lower case, an address in its one usual spelling."""

    name: str
    address: Address | None
    port: int

    def __str__(self) -> str:
        host = f"[{self.name}]" if isinstance(self.address, IPv6Address) else self.name
        return f"{host}:{self.port}" if self.port else host


def quoted(text: str) -> str:
    """A text for a sentence: short, and without anything that a terminal would obey."""
    return ascii(text if len(text) <= 60 else f"{text[:60]}...")


def read_place(authority: str, default_port: int) -> Place:
    """The place in `host`, `host:port`, `[v6]` or `[v6]:port`. Raises Unsent."""
    match = _AUTHORITY.fullmatch(authority) if authority.isascii() else None
    if match is None:
        raise Unsent(f"{quoted(authority)} is no host: write host, host:port, [IPv6 address] or [IPv6 address]:port, in ASCII")
    host, port = match.groups()
    number = default_port if port is None else int(port)
    if port is not None and not 1 <= number <= 65535:
        raise Unsent(f"the port of {quoted(authority)} is {port}: a port is a number from 1 to 65535")
    return _place(host, number)


def _place(host: str, port: int) -> Place:
    name = host.lower()
    labels = name.split(".")
    address: Address
    try:
        if name.startswith("["):
            if "%" in name:
                raise AddressValueError(name)
            address = meant(IPv6Address(name[1:-1]))
        elif _NUMBER.fullmatch(labels[-1]):
            address = IPv4Address(name)
        else:
            return _named(name, labels, port)
    except AddressValueError:
        raise Unsent(
            f"the host {quoted(host)} is no address in its usual spelling: write four decimal numbers without leading "
            f"zeros, such as 127.0.0.1, or an IPv6 address in brackets, without zone"
        ) from None
    return Place(str(address), address, port)


def _named(name: str, labels: list[str], port: int) -> Place:
    if len(name) > _LONGEST_NAME or not all(_LABEL.fullmatch(label) for label in labels):
        raise Unsent(
            f"{quoted(name)} is no host name: write letters, digits, hyphens and single dots, nothing percent-encoded, "
            f"no dot at the end, other scripts as xn--..."
        )
    return Place(name, None, port)


def meant(address: Address) -> Address:
    """The IPv4 address that an IPv4-mapped one is, else the address itself."""
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return mapped if mapped is not None else address


def is_loopback(place: Place) -> bool:
    """Whether a place is this machine, by its address or by a name of the loopback family."""
    if place.address is not None:
        return place.address.is_loopback
    return place.name == "localhost" or place.name.endswith(".localhost")


def _leads_to(address: Address) -> Iterator[Address]:
    """The address and the IPv4 addresses that a gateway on the way would make of it."""
    yield address
    if isinstance(address, IPv6Address):
        if address.sixtofour is not None:
            yield address.sixtofour
        if address.teredo is not None:
            yield from address.teredo
        if any(address in network for network in _CARRYING):
            yield IPv4Address(int(address) & 0xFFFF_FFFF)


def _is_nowhere(address: Address) -> bool:
    return address.is_multicast or address in _THIS_NETWORK


class AllowList:
    """The hosts that the user lets messages go to, besides loopback.

    Raises:
        UsageError: for an entry that is no exact host or address, with or without port.
    """

    def __init__(self, entries: Iterable[str]) -> None:
        if isinstance(entries, str):
            raise UsageError(f"allow is a list of hosts, found the one text {quoted(entries)}: write [{quoted(entries)}]")
        listed = tuple(entries) if isinstance(entries, Iterable) else (entries,)
        if not all(isinstance(entry, str) for entry in listed):
            raise UsageError(f"allow is a list of hosts, each a text, found {entries!r}")
        self._entries = frozenset((place.name, place.port) for place in map(_entry, listed))

    def _lists(self, name: str, port: int) -> bool:
        return (name, 0) in self._entries or (name, port) in self._entries

    def check(self, place: Place) -> None:
        """Raise Unsent for a place that may not be sent to; nothing is resolved."""
        if not is_loopback(place) and not self._lists(place.name, place.port):
            whole = place._replace(port=0)
            raise Unsent(
                f"nothing was sent to {place}: messages go to loopback and to the hosts in callback_hosts; "
                f"to let it pass, add '{whole}' or '{place}' to callback_hosts"
            )
        if place.address is not None:
            self.check_address(place, place.address)

    def check_address(self, place: Place, address: Address) -> None:
        """Raise Unsent when an allowed place turns out to be at an address that it may not be at."""
        found = meant(address)
        if is_loopback(place):
            if not found.is_loopback:
                raise Unsent(f"nothing was sent to {place}: it resolves to {found}, a loopback name has a loopback address")
            return
        if found.is_loopback:
            return
        ways = tuple(_leads_to(found))
        if any(_is_nowhere(way) for way in ways):
            raise Unsent(f"nothing was sent to {place}: {found} is no host's address (unspecified or multicast); name a host's")
        if any(way in METADATA for way in ways) and not self._lists(str(found), place.port):
            raise Unsent(
                f"nothing was sent to {place}: {found} is where clouds hand out credentials; "
                f"to let it pass all the same, add '{found}' itself to callback_hosts"
            )


def _entry(entry: str) -> Place:
    # A bare IPv6 address has more than one colon and no port.
    text = f"[{entry}]" if entry.count(":") > 1 and not entry.startswith("[") else entry
    try:
        return read_place(text, 0)
    except Unsent as unsent:
        raise UsageError(f"allow names exact hosts or addresses, with or without port, found {quoted(entry)}: {unsent}") from None
