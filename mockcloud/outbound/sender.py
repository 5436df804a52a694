"""Sending one message and saying what became of it.

Knows the configuration and the order of the steps; the steps are the modules beside this one. Law: no state but the
configuration, no redirect followed, no proxy, no cookie, no second try, and no exception for what others do.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from mockcloud.errors import UsageError
from mockcloud.messages import Pairs
from mockcloud.outbound.answer import read_answer
from mockcloud.outbound.connection import Deadline, Wire, connected
from mockcloud.outbound.hosts import AllowList, Unsent
from mockcloud.outbound.request import Outbound, wire_bytes
from mockcloud.outbound.url import Destination, read_url

LONGEST_TIMEOUT = 3600


class Outcome(NamedTuple):
    """What became of a message.

    `sent` is False when it was kept back or could not be sent. `status`, `headers` and `body` (at most ANSWER_LIMIT bytes)
    are the answer's, as far as it was read; `status` is 0 when there was none. `problem` is empty or one sentence.
    """

    sent: bool
    status: int
    headers: Pairs
    body: bytes
    problem: str


class Sender:
    """Sends messages to loopback and to the hosts that `allow` names. Safe to share between threads.

    Args:
        allow: exact host names or addresses; with a port, that port only.
        timeout: seconds for one message altogether, from resolving the name to the answer's last byte.

    Raises:
        UsageError: for an entry that names no exact host, or a timeout that is no time or longer than an hour.
    """

    def __init__(self, allow: Iterable[str] = (), timeout: float = 5.0) -> None:
        if not 0 < timeout <= LONGEST_TIMEOUT:
            raise UsageError(f"a timeout is more than 0 and at most {LONGEST_TIMEOUT} seconds, found {timeout!r}")
        self._allow = AllowList(allow)
        self._timeout = float(timeout)

    def allowed(self, url: str) -> str:
        """Empty when the URL may be sent to, else the sentence that says why not. Nothing is resolved or connected to."""
        try:
            self._destination(url)
        except Unsent as unsent:
            return str(unsent)
        return ""

    def unreadable(self, url: str) -> str:
        """Empty when the URL says where it leads, else the sentence that says why not."""
        try:
            read_url(url)
        except Unsent as unsent:
            return str(unsent)
        return ""

    def send(self, message: Outbound) -> Outcome:
        """Send a message, once. Never raises for what the URL, the network or the receiver do."""
        deadline = Deadline(self._timeout)
        try:
            destination = self._destination(message.url)
            request = wire_bytes(message, destination)
            with connected(destination.place, destination.secure, self._allow, deadline) as connection:
                return _exchanged(Wire(connection, deadline), message.method, request, destination)
        except Unsent as unsent:
            return Outcome(False, 0, (), b"", str(unsent))

    def _destination(self, url: str) -> Destination:
        destination = read_url(url)
        self._allow.check(destination.place)
        return destination


def _exchanged(wire: Wire, method: str, request: bytes, destination: Destination) -> Outcome:
    broken: OSError | None = None
    try:
        wire.write(request)
    except OSError as error:
        broken = error
    # Who has seen enough may answer and close before the whole message has arrived: that answer counts.
    answer = read_answer(wire, method)
    if broken is not None and not answer.status:
        reason = broken.strerror or str(broken) or "out of time"
        raise Unsent(f"the message to {destination.place} could not be sent whole ({reason}): check the receiver")
    problem = f"the answer of {destination.place}: {answer.problem}; correct the receiver" if answer.problem else ""
    return Outcome(True, answer.status, answer.headers, answer.body, problem)
