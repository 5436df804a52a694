"""The smallest request that still shows a deviation: members are taken out one after the other while it does.

Knows drafts, and that to ask is to change something: it asks seldom. Law: what comes out was asked and showed the deviation.
"""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from mockcloud.drafting.requests.drafts import Draft
from mockcloud.fuzzing.deviation import Deviation
from mockcloud.messages import Json
from mockcloud.reports.json_values import ABSENT

if TYPE_CHECKING:
    from mockcloud.fuzzing.pair import Pair

ASKED: Final = 40
"""How often is asked for one deviation."""


def smallest(pair: Pair, draft: Draft, found: Deviation, says: str, label: str) -> Deviation:
    """The deviation, shown by the smallest request that was found to show it."""
    left, shrunk = ASKED, True
    while shrunk:
        shrunk = False
        for smaller in _smaller(draft):
            if not left:
                return found
            left -= 1
            pair.scene.prepare(draft.operation)
            shown = pair.asked_of_both(pair.scene.placed(smaller), says, label)[2]
            same = next((one for one in shown if one.key == found.key), None)
            if same is not None:
                draft, found, shrunk = smaller, same, True
                break
    return found


def _smaller(draft: Draft) -> Iterator[Draft]:
    """The draft without one of its members, where that is valid: without all of an object before without a part of it."""
    for place in _places(draft.message, ""):
        changed = draft.changed([(place, ABSENT)])
        if changed.accepted() and changed.request("").size < draft.request("").size:
            yield changed


def _places(message: Json, above: str) -> Iterator[str]:
    """The places of a message, those above before those below."""
    if isinstance(message, ET.Element):
        for child in message:
            yield f"{above}/{child.tag}"
            yield from _places(child, f"{above}/{child.tag}")
    elif isinstance(message, dict):
        for name, value in message.items():
            yield f"{above}/{name}"
            yield from _places(value, f"{above}/{name}")
