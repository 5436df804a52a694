"""A connection to a checked address, and the time that is left for it.

Knows name resolution, sockets and TLS; knows no HTTP. Law: a name is resolved once, every address found is checked, and
only what was checked is connected to (DNS rebinding); one deadline holds for everything.
"""

from __future__ import annotations

import socket
from ipaddress import ip_address
from threading import Thread
from time import monotonic
from typing import Any, NamedTuple

from mockcloud.outbound.hosts import AllowList, Place, Unsent

PIECE = 64 * 1024


class Deadline:
    """The end of the time for one message."""

    __slots__ = ("_end", "seconds")

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self._end = monotonic() + seconds

    def left(self) -> float:
        """Seconds, more than 0. Raises TimeoutError when there are none."""
        left = self._end - monotonic()
        if left <= 0:
            raise TimeoutError
        return left


class Wire:
    """An open connection, read into a buffer and written to within the deadline."""

    __slots__ = ("_connection", "_deadline", "buffer")

    def __init__(self, connection: socket.socket, deadline: Deadline) -> None:
        self._connection = connection
        self._deadline = deadline
        self.buffer = bytearray()

    def write(self, data: bytes) -> None:
        """Write everything. Raises OSError, which TimeoutError is."""
        rest = memoryview(data)
        while rest:
            self._connection.settimeout(self._deadline.left())
            rest = rest[self._connection.send(rest[:PIECE]) :]

    def fill(self) -> bool:
        """Read what there is; False at the end. Raises OSError, which TimeoutError is."""
        self._connection.settimeout(self._deadline.left())
        data = self._connection.recv(PIECE)
        self.buffer += data
        return bool(data)


class _Found(NamedTuple):
    family: int
    address: Any  # a socket address: its shape is the family's


def connected(place: Place, secure: bool, allow: AllowList, deadline: Deadline) -> socket.socket:
    """A connection to a place that is allowed at all the addresses it resolves to. Raises Unsent."""
    found = _resolved(place, deadline)
    for each in found:
        allow.check_address(place, ip_address(each.address[0].partition("%")[0]))
    connection = _first_open(place, found, deadline)
    return _encrypted(connection, place, deadline) if secure else connection


def _resolved(place: Place, deadline: Deadline) -> list[_Found]:
    outcome: list[list[_Found] | OSError | UnicodeError] = []

    def resolve() -> None:
        try:
            entries = socket.getaddrinfo(place.name, place.port, type=socket.SOCK_STREAM)
            outcome.append([_Found(family, address) for family, _, _, _, address in entries])
        except (OSError, UnicodeError) as error:
            outcome.append(error)

    # A resolution that hangs can only be left behind.
    thread = Thread(target=resolve, name=f"resolving {place.name}", daemon=True)
    thread.start()
    thread.join(deadline.seconds)
    if not outcome:
        raise Unsent(f"{place} was not resolved within {deadline.seconds:g} s: check the name, or give a longer timeout")
    found = outcome[0]
    if not isinstance(found, list):
        raise Unsent(f"{place} does not resolve ({_reason(found)}): check the name, or write the address")
    return found


def _first_open(place: Place, found: list[_Found], deadline: Deadline) -> socket.socket:
    problem = "no address was found"
    for index, (family, address) in enumerate(found):
        try:
            # An address that swallows everything leaves the others their share of the time.
            return _opened(family, address, deadline.left() / (len(found) - index))
        except OSError as error:
            problem = _reason(error)
    raise Unsent(f"no connection to {place} within {deadline.seconds:g} s ({problem}): check that the receiver listens there")


def _opened(family: int, address: Any, seconds: float) -> socket.socket:
    connection = socket.socket(family, socket.SOCK_STREAM)
    try:
        connection.settimeout(seconds)
        connection.connect(address)
    except OSError:
        connection.close()
        raise
    return connection


def _encrypted(connection: socket.socket, place: Place, deadline: Deadline) -> socket.socket:
    import ssl

    try:
        connection.settimeout(deadline.left())
        return ssl.create_default_context().wrap_socket(connection, server_hostname=place.name)
    except ssl.SSLCertVerificationError as error:
        connection.close()
        raise Unsent(
            f"the certificate of {place} is not trusted ({error.verify_message}): "
            f"name the file of its authority in the environment's SSL_CERT_FILE, or send to http://"
        ) from None
    except OSError as error:
        connection.close()
        raise Unsent(
            f"no TLS connection to {place} ({_reason(error)}): check that the receiver speaks TLS there, or send to http://"
        ) from None


def _reason(error: Exception) -> str:
    return (error.strerror if isinstance(error, OSError) else None) or str(error) or "out of time"
