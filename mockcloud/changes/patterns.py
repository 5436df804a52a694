"""Which of two regular expressions takes more.

Knows texts only. Law: the answer is of all texts, and where it cannot be found within `PAIRS` steps there is none. A
pattern that is known here is never given to `re`, which can take for ever.
"""

from __future__ import annotations

from collections import deque
from typing import Final

from mockcloud.changes.automaton import Automaton, TooLarge, Unknown, automaton
from mockcloud.changes.change import How
from mockcloud.changes.relation import Relation
from mockcloud.reports.patterns import matcher, matching

PAIRS: Final = 20_000
"""Pairs of places in the two automata that are looked at."""

_States = tuple[frozenset[int], frozenset[int]]


def compared(old: str, new: str, *, whole: bool) -> Relation | None:
    """What the new pattern is to the old one; None where they are the same text. `whole`: it must match all of a text."""
    if old == new:
        return None
    try:
        return _decided(automaton(old, whole=whole), automaton(new, whole=whole))
    except TooLarge:
        return Relation(How.UNTOLD)
    except Unknown:
        return _witnessed(old, new, whole=whole)


def _decided(old: Automaton, new: Automaton) -> Relation:
    """The relation, by a walk through both automata at once. Raises TooLarge."""
    marks = sorted({0, ord("x"), *old.bounds(), *new.bounds()} - set(range(0xD800, 0xE000)), key=_visible)
    first = old.closure([0], start=True), new.closure([0], start=True)
    ways: dict[_States, str] = {first: ""}
    todo, lost, gained = deque([first]), None, None
    while todo and (lost is None or gained is None):
        here = todo.popleft()
        text = ways[here]
        before, after = old.accepts(here[0], start=not text), new.accepts(here[1], start=not text)
        lost = text if lost is None and before and not after else lost
        gained = text if gained is None and after and not before else gained
        for mark in marks:
            below = old.after(here[0], mark), new.after(here[1], mark)
            if below not in ways:
                ways[below] = text + chr(mark)
                todo.append(below)
        if len(ways) > PAIRS:
            raise TooLarge
    return Relation.of(lost, gained)


def _visible(mark: int) -> tuple[bool, int]:
    """Letters and digits first: a witness is for people."""
    return not chr(mark).isalnum() or mark > 127, mark


def _witnessed(old: str, new: str, *, whole: bool) -> Relation:
    """What a text that only one of the two takes shows; both directions must be shown, one alone tells nothing of the rest."""
    before, after = matcher(old, whole=whole), matcher(new, whole=whole)
    found = [text for text in (matching(old, whole=whole), matching(new, whole=whole)) if text is not None]
    lost = next((text for text in found if before(text) and not after(text)), None)
    gained = next((text for text in found if after(text) and not before(text)), None)
    return Relation.shown(lost, gained)
