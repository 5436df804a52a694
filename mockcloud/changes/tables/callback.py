"""The messages that a cloud sends to its clients, key by key. Holds every key of its meta-schema."""

from __future__ import annotations

from typing import Final

from mockcloud.changes.bearings import breaks, fits, note
from mockcloud.changes.change import How
from mockcloud.changes.facets import EVIDENCE_OF, Judge, each_value, leaf, many, thing, view
from mockcloud.changes.tables.provider import SCHEMA_FILE
from mockcloud.changes.values import of_sets
from mockcloud.messages import Json

_ELSEWHERE: Final = breaks("cannot be told: it goes somewhere else, or comes no more")
_HEADER: Final = leaf(
    "header",
    breaks("a receiver of this header finds something else"),
    fits("a receiver passes over a header that it does not know"),
    breaks("a receiver of this header finds nothing"),
)
_SENT_ON: Final = each_value(
    "trigger", breaks("a receiver gets it when it never did"), breaks("who waits for it then waits for ever")
)
_STATUSES: Final = (
    (How.STRICTER, breaks("a receiver that answers with this status has not taken it")),
    (How.LOOSER, fits("more statuses say that it was taken")),
    (How.CHANGED, breaks("a receiver that answers with this status has not taken it")),
)


def _outcome(old: Json, new: Json) -> int:
    """Which of the outcomes it is; -1 where the same statuses stand in another order."""
    return next((place for place, (how, _) in enumerate(_STATUSES) if how is of_sets(old, new)), -1)


_TAKEN_BY: Final = leaf(
    "taken-by",
    Judge(_STATUSES, _outcome),
    breaks("not every 2xx says any more that it was taken"),
    breaks("cannot be told: what said that it was taken may say so no more"),
)

CALLBACKS: Final = many(
    thing(
        "callback",
        breaks("a receiver gets a message that it never saw"),
        breaks("who waits for it waits for ever"),
        {
            "of": leaf("trigger", breaks("it is sent at the end of other tasks")),
            "on": _SENT_ON,
            "gather": many(leaf("gathered", breaks("cannot be told: it says something else"), note("its views can say more"))),
            "to": leaf("address", _ELSEWHERE),
            "record": leaf("address", _ELSEWHERE),
            "method": leaf("method", breaks("a receiver gets another method")),
            "headers": many(_HEADER),
            "codec": leaf("codec", breaks("a receiver gets another language")),
            "body": view("the message says"),
            "schemas": many(SCHEMA_FILE),
            "retries": leaf("retries", breaks("a receiver that was away is asked again at other times, or not at all")),
            "expects": leaf("expected", breaks("another answer is wanted of a receiver")),
            "taken_by": _TAKEN_BY,
            "evidence": EVIDENCE_OF,
        },
    )
)
"""`callbacks.json`."""
