"""How values of data files compare whose meaning is more than their text: paths and effects.

Knows templates of paths and the verbs of effects. Law: each function gives the place of an outcome in its table's judge.
"""

from __future__ import annotations

import re
from typing import Final

from mockcloud.messages import Json

_ARGUMENT: Final = re.compile(r"\{\w+")

RENAMED, ELSEWHERE = 0, 1
"""What a path can be that is another now."""


def of_paths(old: str, new: str) -> int:
    """Whether two templates take the same paths, and only call their arguments otherwise."""
    return RENAMED if _ARGUMENT.sub("{", old) == _ARGUMENT.sub("{", new) else ELSEWHERE


def told_apart(effects: list[Json]) -> dict[str, Json]:
    """The effects of an operation as an object: what it refuses by name, what it `does`, and the `order` of both."""
    refusals, order = {}, []
    for number, effect in enumerate(effects):
        refuses = "refuse" in effect and "ask" not in effect
        name = f"refuse {effect['refuse']}" if refuses else "do"
        name = name if name not in order else f"{name} ({number})"
        order.append(name)
        if refuses:
            refusals[name] = effect
    return {**refusals, "does": [one for one in effects if "refuse" not in one or "ask" in one], "order": order}


def of_sequences(old: list[str], new: list[str]) -> int:
    """-1 where what both have stands in the same order in both, else 0."""
    shared = [one for one in old if one in new], [one for one in new if one in old]
    return 0 if shared[0] != shared[1] else -1


GATED, REORDERED = 0, 1
"""What an order of checks can be that is another now."""


def of_orders(old: list[str], new: list[str]) -> int:
    """Whether two orders of checks differ by nothing but that there is a gate."""
    return GATED if ("gate" in old) != ("gate" in new) and _ungated(old) == _ungated(new) else REORDERED


def _ungated(order: list[str]) -> list[str]:
    return [check for check in order if check != "gate"]
