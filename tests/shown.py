"""Contradictions and the tests that show their decisions at work: each entry has one, none has two."""

from __future__ import annotations

import json
from collections.abc import Callable

from cases import ROOT

Shown = Callable[[], None]


class Register:
    """The tests of one provider's contradictions, by the entry that each shows."""

    def __init__(self, provider: str) -> None:
        path = ROOT / "schemas" / provider / "contradictions.json"
        self.contradictions = json.loads(path.read_text(encoding="utf-8"))
        self.tests: dict[str, Shown] = {}

    def shows(self, name: str) -> Callable[[Shown], Shown]:
        """Mark the test of an entry."""

        def mark(function: Shown) -> Shown:
            assert name not in self.tests
            self.tests[name] = function
            return function

        return mark
