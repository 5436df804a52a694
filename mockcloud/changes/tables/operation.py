"""What an operation is told by, refers to, does and answers, key by key. Holds every key of its meta-schema but `like`."""

from __future__ import annotations

from typing import Final

from mockcloud.changes import shapes
from mockcloud.changes.bearings import breaks, fits, note
from mockcloud.changes.change import How
from mockcloud.changes.facets import EVIDENCE_OF, WORDS, Judge, by, each_value, leaf, many, thing, view
from mockcloud.changes.tables.provider import REFUSES, SCHEMA_FILE, TAKES

_PATHS: Final = Judge(
    (
        (How.REWORDED, note("an argument is called otherwise; the wire is the same")),
        (How.CHANGED, breaks("requests for the old path are no longer told as this operation")),
    ),
    shapes.of_paths,
)
_REFUSAL: Final = leaf(
    "effect-refusal",
    breaks("cannot be told: requests that were taken may be refused"),
    breaks(REFUSES),
    fits(TAKES),
)
_ANOTHER_FIRST: Final = Judge(
    ((How.CHANGED, breaks("a request with several things wrong is told another one first")),), shapes.of_sequences
)
_EFFECTS: Final = many(
    _REFUSAL,
    shapes.told_apart,
    {
        "does": leaf("effect", Judge(((How.UNTOLD, breaks("cannot be told: it does something else")),))),
        "order": leaf("effect-order", _ANOTHER_FIRST),
    },
)
_ELSEWHERE: Final = breaks("requests are no longer told by what told them")

_MEMBER_OF: Final = leaf(
    "reference-member",
    breaks("what it refers to must equal another argument"),
    breaks(REFUSES),
    fits(TAKES),
)
_REFERENCE: Final = thing(
    "reference",
    breaks("a request that names what does not exist can be refused now"),
    fits(TAKES),
    {
        "argument": WORDS,
        "resource": WORDS,
        "where": many(_MEMBER_OF),
        "when": leaf("reference-condition", breaks("cannot be told: it counts for other requests than before")),
        "evidence": EVIDENCE_OF,
    },
)
_METHOD: Final = each_value("method", fits("one more way to ask"), breaks("requests by this method are refused"))

OPERATIONS: Final = many(
    thing(
        "operation",
        fits("there is one more operation"),
        breaks("requests for it are refused"),
        {
            "methods": _METHOD,
            "path": leaf("path", _PATHS),
            "query": leaf("query", _ELSEWHERE, _ELSEWHERE, fits("requests need it no more")),
            "reads": leaf("reading", breaks("arguments are read from somewhere else")),
            "root": leaf("root", breaks("the root element of its requests has another name")),
            "select": leaf("selector", _ELSEWHERE, _ELSEWHERE, fits("requests need it no more")),
            "request": SCHEMA_FILE,
            "response": SCHEMA_FILE,
            "references": many(_REFERENCE, by("argument", "resource")),
            "source": leaf("source", breaks("another argument names the input, and so what makes its tasks fail")),
            "effect": _EFFECTS,
            "result": view("an answer says"),
            "partly": WORDS,
            "evidence": EVIDENCE_OF,
        },
    )
)
"""`operations.json`, its entries whole."""
