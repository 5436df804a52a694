"""Cases that chance draws, beyond the decks, and the smallest of those that show something.

Knows the strategies of requests, not what draws from them. Law: one seed, one order of cases.
"""

from __future__ import annotations

from collections.abc import Iterator

from mockcloud.contracts.model import Operation
from mockcloud.fuzzing.pair import Pair


def of_operation(pair: Pair, operation: Operation, examples: int, seed: int) -> Iterator[None]:
    yield
