"""The states of each kind of task, key by key. Holds every key of its meta-schema."""

from __future__ import annotations

from typing import Final

from mockcloud.changes.bearings import breaks, fits
from mockcloud.changes.facets import EVIDENCE_OF, leaf, many, thing

_ELSEWHERE: Final = breaks("a task goes on to another state than the one that is waited for")
_EVENT: Final = leaf(
    "event",
    _ELSEWHERE,
    fits("what was refused in this state is done"),
    breaks("what was done in this state is refused"),
)
_STATE: Final = thing(
    "state",
    breaks("a reader can meet a state that it never saw"),
    breaks("who waits for this state waits for ever"),
    {
        "phase": leaf("phase", breaks("the state means something else")),
        "after": leaf("duration", fits("it lasts longer, or not as long; no client can count on that")),
        "then": leaf("next-state", _ELSEWHERE),
        "fails": leaf(
            "failing", _ELSEWHERE, breaks("a task can fail in this state"), fits("a task no longer fails in this state")
        ),
        "progress": leaf("progress", fits("another number of the same kind")),
        "on": many(_EVENT),
        "evidence": EVIDENCE_OF,
    },
)
_WAITING: Final = breaks("cannot be told: tasks wait for a place by other rules")
_DISPATCH: Final = thing(
    "dispatch",
    breaks("tasks can wait for a place, and can be refused one"),
    fits("tasks wait for nothing but time"),
    {
        **dict.fromkeys(("from", "queue", "id", "limit", "priority", "room"), leaf("waiting", _WAITING)),
        "evidence": EVIDENCE_OF,
    },
)

LIFECYCLE: Final = many(
    thing(
        "task-kind",
        fits("there is one more kind of task"),
        breaks("who waits for such tasks waits for ever"),
        {
            "initial": leaf("initial-state", breaks("a task begins in another state")),
            "states": many(_STATE),
            "dispatch": _DISPATCH,
            "evidence": EVIDENCE_OF,
        },
    )
)
"""`lifecycle.json`."""
