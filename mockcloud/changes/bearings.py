"""What a change of a schema means to a client: the two directions of a message, and a reason for each.

Knows no schema. Law: a client that sends must be taken as before, a client that reads must meet nothing that it never met; who
cannot be told to be safe is not.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from mockcloud.changes.change import How, Verdict, Weight


class Flow(StrEnum):
    """Who writes a message."""

    SENT = "sent"
    """The client sends it: a request."""
    READ = "read"
    """The client reads it: a response, a refusal, a callback."""


def breaks(why: str) -> Verdict:
    """Breaking, with the reason."""
    return Verdict(Weight.BREAKING, why)


def fits(why: str) -> Verdict:
    """Compatible, with the reason."""
    return Verdict(Weight.COMPATIBLE, why)


def note(why: str) -> Verdict:
    """Nothing on the wire, with the reason."""
    return Verdict(Weight.NOTE, why)


_SAME = note("other words for the same")

RULES: Final[dict[Flow, dict[How, Verdict]]] = {
    Flow.SENT: {
        How.ADDED: breaks("a request that was taken before can be refused now"),
        How.STRICTER: breaks("a request that kept the old demand can be refused now"),
        How.CHANGED: breaks("a request that kept the old demand can be refused now"),
        How.UNTOLD: breaks("cannot be told: a request that kept the old demand may be refused now"),
        How.LOOSER: fits("every request that was taken is taken"),
        How.REMOVED: fits("every request that was taken is taken"),
        How.REWORDED: _SAME,
    },
    Flow.READ: {
        How.REMOVED: breaks("a reader can meet what the old contract ruled out"),
        How.LOOSER: breaks("a reader can meet what the old contract ruled out"),
        How.CHANGED: breaks("a reader can meet what the old contract ruled out"),
        How.UNTOLD: breaks("cannot be told: a reader may meet what the old contract ruled out"),
        How.STRICTER: fits("a reader meets nothing that it did not have to expect"),
        How.ADDED: fits("a reader meets nothing that it did not have to expect"),
        How.REWORDED: _SAME,
    },
}
"""A rule."""

MEMBERS: Final[dict[Flow, dict[How, Verdict]]] = {
    Flow.SENT: {
        How.ADDED: fits("it may be left out, as clients that do not know it do"),
        How.STRICTER: breaks("it must be there, and no client sends it yet"),
        How.REMOVED: breaks("what a client sends there is no longer read"),
    },
    Flow.READ: {
        How.ADDED: fits("a reader passes over what it does not know"),
        How.STRICTER: fits("a reader passes over what it does not know"),
        How.REMOVED: breaks("a reader that looks there finds nothing that is promised"),
    },
}
"""A member; STRICTER stands for one that is added and required."""

_DEFAULT: Final = {
    How.ADDED: fits("what was left to the service is now told"),
    How.REMOVED: breaks("what happens where it is left out is no longer told"),
    How.CHANGED: breaks("where it is left out something else happens"),
}
_NOTHING: Final = dict.fromkeys((How.ADDED, How.REMOVED, How.CHANGED), note("nothing on the wire"))

SAID: Final[dict[str, dict[Flow, dict[How, Verdict]]]] = {
    "default": {Flow.SENT: _DEFAULT, Flow.READ: _NOTHING},
    "x-default-from": {Flow.SENT: _DEFAULT, Flow.READ: _NOTHING},
    "readOnly": {
        Flow.SENT: {
            How.ADDED: breaks("what a client sends there is no longer read"),
            How.REMOVED: fits("what was passed over is read"),
            How.CHANGED: breaks("whether it is read is another matter now"),
        },
        Flow.READ: _NOTHING,
    },
    **{word: dict.fromkeys(Flow, _NOTHING) for word in ("title", "$schema", "type", "x-source", "x-says", "x-about")},
}
"""What else a schema says of a member. The sentence of a refusal is told with the errors."""
