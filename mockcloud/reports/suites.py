"""What became of the contracts of a test run: for each class its tests by outcome, and how many examples they tried.

Knows the words in which pytest counts; knows no pytest. Law: what is said is the same whichever process ran which test, and in
which order.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Final, NamedTuple

OUTCOMES: Final = ("passed", "failed", "error", "skipped", "xfailed", "xpassed")
"""In the order in which they are told."""


class Told(NamedTuple):
    """One test of a contract: the class, by its file and name, the outcome and the examples that were tried."""

    contract: str
    outcome: str
    examples: int


def lines(tests: Iterable[Told]) -> list[str]:
    """A line for each class, and one for all where there are several."""
    outcomes: dict[str, Counter[str]] = {}
    examples: Counter[str] = Counter()
    for test in tests:
        outcomes.setdefault(test.contract, Counter())[test.outcome] += 1
        examples[test.contract] += test.examples
    told = [f"{name}: {_counted(outcomes[name], examples[name])}" for name in sorted(outcomes)]
    if len(outcomes) > 1:
        told.append(f"{len(outcomes)} contracts: {_counted(sum(outcomes.values(), Counter()), examples.total())}")
    return told


def _counted(outcomes: Counter[str], examples: int) -> str:
    shown = [f"{outcomes[name]} {name}" for name in OUTCOMES if outcomes[name]]
    return ", ".join([*shown, f"{examples} {'example' if examples == 1 else 'examples'}"])
