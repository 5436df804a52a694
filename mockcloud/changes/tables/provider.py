"""What a provider says of itself, key by key. Holds every key of its meta-schema."""

from __future__ import annotations

from typing import Final

from mockcloud.changes import shapes
from mockcloud.changes.bearings import breaks, fits, note
from mockcloud.changes.change import How
from mockcloud.changes.facets import EVIDENCE_OF, WORDS, Judge, by, each_value, leaf, many, one_of, thing, view

REFUSES: Final = "requests that were taken can be refused"
TAKES: Final = "what was refused for it is taken"
_ANSWER: Final = "an answer says"

SCHEMA_FILE: Final = leaf(
    "schema-file",
    note("the schema lies in another file"),
    fits("what stands there is now told"),
    breaks("what stands there is no longer told"),
)

_HABIT: Final = {"stricter": REFUSES, "looser": TAKES}
_LIMIT: Final = Judge(((How.STRICTER, breaks(REFUSES)), (How.LOOSER, fits(TAKES))), lambda old, new: int(new > old))
_ORDER: Final = Judge(
    (
        (How.REWORDED, note("that there is a gate is told by what it refuses")),
        (How.CHANGED, breaks("a request with several things wrong is told another one first")),
    ),
    shapes.of_orders,
)
_UNTOLD_GATE: Final = breaks("cannot be told: requests that were taken may be refused")

_HEADER: Final = leaf(
    "header",
    breaks("a reader of this header finds something else"),
    fits("a reader passes over a header that it does not know"),
    breaks("a reader of this header finds nothing"),
)
_ENVELOPE: Final = {
    "headers": many(_HEADER),
    "body": view(_ANSWER),
    "codec": leaf("codec", breaks("a reader gets another language")),
    "evidence": EVIDENCE_OF,
}
_PRESET: Final = leaf(
    "preset",
    breaks("a preset that clients refer to is something else"),
    fits("there is one more to refer to"),
    breaks("requests that refer to it are refused"),
)
_RESOURCE: Final = thing(
    "resource",
    fits("there is more to refer to"),
    breaks("what clients refer to is gone"),
    {
        "items": many(_PRESET, by("id")),
        "id": leaf("naming", breaks("clients name new ones in another way")),
        "unique": each_value("unique-member", breaks(REFUSES), fits(TAKES)),
        "presets": leaf("presets", one_of("changeable", "fixed", **_HABIT)),
        "evidence": EVIDENCE_OF,
    },
)
_SETTING: Final = thing(
    "setting",
    fits("one more choice; its default is what counts for everybody else"),
    breaks("who sets it is told that there is no such setting"),
    {
        "default": leaf("setting-default", breaks("whoever does not set it gets something else")),
        "values": each_value("setting-value", fits("one more choice"), breaks("who sets it to this is refused")),
        "type": leaf("setting-type", breaks("who sets it is refused, or is read otherwise")),
        "says": WORDS,
        "evidence": EVIDENCE_OF,
    },
    side="settings",
)
_HOST: Final = thing(
    "host",
    fits("clients of one more host are answered"),
    breaks("clients of these hosts are answered by nobody"),
    {"pattern": WORDS, "example": WORDS, "evidence": EVIDENCE_OF},
)
_GATE: Final = thing(
    "gate",
    breaks(REFUSES),
    fits(TAKES),
    {
        "refuse": WORDS,
        "when": leaf("gate-view", _UNTOLD_GATE),
        "is": leaf("gate-value", _UNTOLD_GATE),
        "about": leaf("gate-place", breaks("the refusal names another place")),
        "evidence": EVIDENCE_OF,
    },
)
_IDENTIFIER: Final = leaf(
    "identifier",
    breaks("ids have another shape: who parses or stores them gets what it never saw"),
    fits("one more kind of id"),
    fits("nothing has such an id any more"),
)
_PATH: Final = each_value(
    "path",
    fits("clients of one more path are answered"),
    breaks("on a host that is nobody's, requests for it are answered by nobody"),
)
_TIMES: Final = {
    "format": leaf("time-format", breaks("a reader gets times in another format")),
    "offset": leaf("time-offset", breaks("a reader gets times of another zone")),
    "evidence": EVIDENCE_OF,
}
_OTHER_ANSWERS: Final = breaks("answers are something else")

PROVIDER: Final = thing(
    "provider",
    fits("there is one more provider"),
    breaks("its clients are answered by nobody"),
    {
        "provider": WORDS,
        "title": WORDS,
        "demo": WORDS,
        "module": leaf("module", breaks("cannot be told: another module tells who is calling")),
        "hosts": many(_HOST, by("pattern")),
        "paths": _PATH,
        "order": leaf("order", _ORDER),
        "order_evidence": EVIDENCE_OF,
        "gate": many(_GATE, by("refuse")),
        "trailing_slash": leaf("trailing-slash", one_of("tolerated", "strict", **_HABIT)),
        "content_length": leaf("content-length", one_of("optional", "required", **_HABIT)),
        "content_md5": leaf("content-md5", one_of("ignored", "checked", **_HABIT)),
        "target_limit": leaf("target-limit", _LIMIT, breaks(REFUSES), fits(TAKES)),
        "tenancy": leaf("tenancy", breaks("what an account has made is seen by others, or no longer by itself")),
        "times": thing("times", _OTHER_ANSWERS, _OTHER_ANSWERS, _TIMES),
        "identifiers": many(_IDENTIFIER, members={"evidence": EVIDENCE_OF}),
        "settings": many(_SETTING),
        "resources": many(_RESOURCE),
        "success": thing(
            "envelope",
            _OTHER_ANSWERS,
            _OTHER_ANSWERS,
            {"status": leaf("status", breaks("a reader gets another status")), **_ENVELOPE},
        ),
        "refusal": thing("envelope", _OTHER_ANSWERS, _OTHER_ANSWERS, {**_ENVELOPE, "schema": SCHEMA_FILE}),
    },
)
"""`provider.json`."""
