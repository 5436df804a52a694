"""Outbound: the one way by which mockcloud ever sends anything to anybody.

    Outbound -> [url: where to] -> [hosts: may it] -> [request: bytes] -> [connection] -> [answer] -> Outcome

Knows HTTP/1.1 and the list of allowed hosts; who is called, when and with what is decided elsewhere. Law: nothing leaves
for a host that is neither loopback nor named by the user, nothing holds the caller longer than the timeout, and whatever
the URL, the network or the receiver do becomes an Outcome.
"""

from mockcloud.outbound.answer import ANSWER_LIMIT
from mockcloud.outbound.request import HOP_HEADER, HOPS_LIMIT, Outbound, hop_of
from mockcloud.outbound.sender import Outcome, Sender

__all__ = ["ANSWER_LIMIT", "HOPS_LIMIT", "HOP_HEADER", "Outbound", "Outcome", "Sender", "hop_of"]
