"""Which members of an answer a client reads, told from what it reports of the fullest one.

Knows plain data and places in it. Law: what a client reports is rooted wherever most of it fits: at the body, in an envelope, at
any object below.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from mockcloud.messages import Json

DEEPEST: Final = 4
"""How far below the body what a client reports is looked for."""

Leaves = Mapping[str, Json]


@dataclass(frozen=True)
class Reading:
    """Where what a client reports is rooted, and the places, without the numbers of lists, that it is known to read."""

    root: str
    read: frozenset[str]

    def wanted(self, leaves: Leaves) -> Iterator[tuple[str, Json]]:
        """What of an answer's leaves the client must report, by place below the root."""
        for at, value in leaves.items():
            if at.startswith(f"{self.root}/") and plain(at) in self.read:
                yield at[len(self.root) :], value

    def also(self, leaves: Leaves, reported: Leaves) -> Reading:
        """What is known besides once it has reported so of another answer: what it was right about it reads."""
        told = ((self.root + at, value) for at, value in reported.items())
        return Reading(self.root, self.read | {plain(at) for at, value in told if at in leaves and alike(value, leaves[at])})


def learned(leaves: Leaves, reported: Leaves) -> Reading:
    """What is learned from what a client reports of an answer."""
    roots = sorted(set(_roots(leaves)), key=lambda root: (root.count("/"), root))
    best = max(
        roots, key=lambda root: sum(root + at in leaves and alike(value, leaves[root + at]) for at, value in reported.items())
    )
    # Whichever of a list it reports, and however many.
    places = {plain(at) for at in leaves}
    return Reading(best, frozenset(at for at in (plain(best + at) for at in reported) if at in places))


def _roots(leaves: Leaves) -> Iterator[str]:
    yield ""
    for at in leaves:
        steps = at.split("/")[1:-1]
        yield from ("".join(f"/{step}" for step in steps[:depth]) for depth in range(1, min(len(steps), DEEPEST) + 1))


def leaves(value: Json, at: str = "", *, alone: bool = False, hollow: bool = False) -> Iterator[tuple[str, Json]]:
    """Every leaf of plain data by its place; what is null is not there.

    With `alone` a list of one is what it holds; with `hollow` a list or an object that holds nothing is a leaf.
    """
    if hollow and at and value in ([], {}):
        yield at, value
    elif isinstance(value, Mapping):
        for name, below in value.items():
            yield from leaves(below, f"{at}/{name}", alone=alone, hollow=hollow)
    elif isinstance(value, (list, tuple)):
        for index, below in enumerate(value):
            yield from leaves(below, at if alone and len(value) == 1 else f"{at}/{index}", alone=alone, hollow=hollow)
    elif value is not None:
        yield at, value


def plain(at: str) -> str:
    """A place without the numbers of lists."""
    return "".join(f"/{step}" for step in at.split("/")[1:] if not step.isdecimal())


def is_in(at: str, places: Iterable[str]) -> bool:
    """Whether a place is one of several or stands in one of them, whichever element of a list it is in."""
    return any(f"{plain(at)}/".startswith(f"{plain(one)}/") for one in places)


def alike(found: Json, wanted: Json) -> bool:
    """Whether a client reports a value as it was answered. A text, which in XML is all there is, may have become anything."""
    if isinstance(wanted, str):
        text = str(found).lower() if isinstance(found, bool) else str(found)
        return text == wanted or (isinstance(found, (int, float)) and _number(wanted) == found)
    return same(found, wanted)


def same(found: Json, wanted: Json) -> bool:
    """Whether two leaves are the same; that Python takes a truth for a number makes none."""
    if isinstance(found, bool) or isinstance(wanted, bool):
        return found is wanted
    return bool(found == wanted)


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None
