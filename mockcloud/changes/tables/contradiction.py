"""Documents and contradictions, key by key: nothing of them is on the wire. Holds every key of their meta-schemas."""

from __future__ import annotations

from typing import Final

from mockcloud.changes.bearings import note
from mockcloud.changes.facets import EVIDENCE_OF, WORDS, leaf, many, thing

_RULES: Final = "what follows for clients is told with the rules that cite it"

CONTRADICTIONS: Final = many(
    thing(
        "contradiction",
        note(_RULES),
        note(_RULES),
        {
            "readings": leaf("readings", note("the readings are others")),
            "decision": leaf("decision", note(_RULES)),
            "reason": WORDS,
            "setting": leaf("deciding-setting", note("another setting lets the user choose")),
            "evidence": EVIDENCE_OF,
        },
    )
)
"""`contradictions.json`."""

_KEYS: Final = dict.fromkeys(("kind", "title", "where"), leaf("source", note("where it is documented is told otherwise")))
DOCUMENTS: Final = many(thing("document", note("one more document is cited"), note("a document is cited no more"), _KEYS))
"""`documents.json`."""
