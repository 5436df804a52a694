"""The catalogue of errors, key by key. Holds every key of its meta-schema.

What a condition or a rule earns is compared whole, by what a client is told (`catalogues.py`).
"""

from __future__ import annotations

from typing import Final

from mockcloud.changes.bearings import breaks, fits, note
from mockcloud.changes.change import How
from mockcloud.changes.facets import EVIDENCE_OF, Judge, by, leaf, many, thing

TOLD: Final = {
    "code": breaks("who tells refusals apart by their codes meets another"),
    "status": breaks("who tells refusals apart by their statuses meets another"),
    "message": breaks("who tells refusals apart by their messages meets another"),
    "check": breaks("whether it counts depends on signatures otherwise than before"),
    "unless": breaks("whether it counts depends on a setting otherwise than before"),
}
"""What is told to a client, or decides whether it is told at all."""

_KEYS: Final = {key: leaf(key, verdict) for key, verdict in TOLD.items() if key not in ("check", "unless")}
_WHERE: Final = Judge(
    (
        (How.LOOSER, breaks("it can be met where it never was")),
        (How.STRICTER, fits("it is met in fewer places")),
        (How.CHANGED, breaks("it can be met where it never was")),
    ),
    lambda old, new: 0 if new == "both" else 1 if old == "both" else 2,
)
OF_TASKS: Final = breaks("a task can fail with a code that no reader ever saw")
"""A code that is added, and that tasks can have."""

_CODE: Final = thing(
    "code",
    fits("what earns it is told by itself"),
    breaks("who handles it, or asks for it in a test, finds no such code"),
    {**{key: _KEYS[key] for key in ("status", "message")}, "where": leaf("code-place", _WHERE), "evidence": EVIDENCE_OF},
)
_CONDITION: Final = thing(
    "condition",
    breaks("requests can be refused for it that were taken"),
    fits("nothing is refused for it any more"),
    {**_KEYS, "evidence": EVIDENCE_OF},
)
_IDLE: Final = note("no rule that both editions have is told otherwise for it")
_RULES: Final = thing(
    "refusal-pattern",
    _IDLE,
    _IDLE,
    {
        **dict.fromkeys(("match", "code", "status", "message", "check", "unless"), leaf("refusal-pattern", _IDLE)),
        "evidence": EVIDENCE_OF,
    },
)
_TASK_CODES: Final = thing(
    "task-codes",
    breaks("a task can fail with codes that no reader ever saw"),
    fits("a task fails with fewer codes"),
    {"pattern": leaf("task-codes", breaks("cannot be told: a task can fail with other codes")), "evidence": EVIDENCE_OF},
)

ERRORS: Final = thing(
    "errors",
    _IDLE,
    _IDLE,
    {
        "codes": many(_CODE),
        "task_codes": _TASK_CODES,
        "conditions": many(_CONDITION),
        "rules": many(_RULES, by("match")),
    },
)
"""`errors.json`."""
