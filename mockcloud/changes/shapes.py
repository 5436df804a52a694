"""How values of data files compare whose meaning is more than their text: paths and effects.

Knows templates of paths and the verbs of effects. Law: each function gives the place of an outcome in its table's judge.
"""

from __future__ import annotations

import re
from typing import Final

from mockcloud.changes.facets import same
from mockcloud.messages import Json

_ARGUMENT: Final = re.compile(r"\{\w+")

RENAMED, ELSEWHERE = 0, 1
"""What a path can be that is another now."""

MORE_REFUSALS, FEWER_REFUSALS, OTHER = 0, 1, 2
"""What an effect can be that is another now."""


def of_paths(old: str, new: str) -> int:
    """Whether two templates take the same paths, and only call their arguments otherwise."""
    return RENAMED if _ARGUMENT.sub("{", old) == _ARGUMENT.sub("{", new) else ELSEWHERE


def of_effects(old: list[Json], new: list[Json]) -> int:
    """Whether two lists of effects differ by nothing but what is refused, and which refuses more."""
    if not same(_doing(old), _doing(new)):
        return OTHER
    refused, refuses = _refusing(old), _refusing(new)
    if all(one in refuses for one in refused):
        return MORE_REFUSALS
    return FEWER_REFUSALS if all(one in refused for one in refuses) else OTHER


def _doing(effects: list[Json]) -> list[Json]:
    return [one for one in effects if "refuse" not in one or "ask" in one]


def _refusing(effects: list[Json]) -> list[Json]:
    return [one for one in effects if "refuse" in one and "ask" not in one]


GATED, REORDERED = 0, 1
"""What an order of checks can be that is another now."""


def of_orders(old: list[str], new: list[str]) -> int:
    """Whether two orders of checks differ by nothing but that there is a gate."""
    return GATED if ("gate" in old) != ("gate" in new) and _ungated(old) == _ungated(new) else REORDERED


def _ungated(order: list[str]) -> list[str]:
    return [check for check in order if check != "gate"]
