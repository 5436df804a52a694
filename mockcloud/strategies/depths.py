"""How deep the smallest element of each kind is.

Knows a grammar. Law: what has no depth can never end.
"""

from __future__ import annotations

from functools import cache
from math import inf

from mockcloud.strategies.grammar import Grammar, Group, Part


class Depths:
    """The depths of a grammar's kinds; infinite for one that must stand within itself."""

    def __init__(self, grammar: Grammar) -> None:
        self.grammar = grammar
        self.kinds: dict[str, float] = dict.fromkeys(grammar.kinds, inf)
        changed = True
        while changed:
            changed = False
            for name, kind in grammar.kinds.items():
                depth = 1 + (self.group(kind.content) if kind.content else 0)
                if depth < self.kinds[name]:
                    self.kinds[name], changed = depth, True
        self.part = cache(self._part)

    def group(self, group: Group) -> float:
        """How deep the smallest content is."""
        found = [self._part(part) for part in group.parts]
        return (min if group.order == "choice" else max)(found, default=0)

    def _part(self, part: Part) -> float:
        if not part.least:
            return 0
        return self.group(part.item) if isinstance(part.item, Group) else self.kinds[part.item.kind]
