"""What a server does otherwise than its contract: the kinds, one of them, and all of a run.

Knows no format. Law: two requests that show the same thing are one deviation, told by the smaller.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from fnmatch import fnmatchcase
from typing import Final

from mockcloud.messages import Request, Response

KINDS: Final = {
    "accepted": "a request was accepted that the contract refuses",
    "refused": "a request was refused that the contract accepts",
    "code": "a request was refused with another code than the contract's",
    "status": "an answer has another status than the contract's",
    "answer": "an answer breaks a rule of its schema",
    "unreadable": "an answer is in none of the documented forms",
    "no-answer": "the server did not answer, or not in HTTP",
    "state": "a task does not move as documented",
    "identity": "an id was given twice, or what has it is not there, or still there",
    "echo": "what was given comes back changed",
}
"""Every kind of deviation, with what it means."""


@dataclass(frozen=True, slots=True)
class Deviation:
    """One thing that a server does otherwise.

    `rule` is the rule that the request or the answer breaks, or a name of what was tried (`forged`, `event:cancel`). `says` is
    what was asked, `wanted` and `found` what the contract and the server make of it, each a piece of a sentence. `document` and
    `line` are where that is written, empty and None where nobody documents it. `response` is None where there was none.
    `seen` counts the requests that showed it.
    """

    kind: str
    operation: str
    rule: str
    says: str
    wanted: str
    found: str
    request: Request
    response: Response | None = None
    document: str = ""
    line: int | str | None = None
    evidence: tuple[str, ...] = ()
    seen: int = 1

    @property
    def key(self) -> tuple[str, str, str]:
        """What it is told apart by."""
        return self.kind, self.operation, self.rule

    @property
    def id(self) -> str:
        """`KIND:RULE`, by which it can be ignored."""
        return f"{self.kind}:{self.rule}"


@dataclass(slots=True)
class Report:
    """What came of a run: how much was asked, what deviates, what could not be asked."""

    provider: str
    operations: tuple[str, ...]
    asked: int = 0
    deviations: dict[tuple[str, str, str], Deviation] = field(default_factory=dict)
    unasked: dict[str, int] = field(default_factory=dict)
    """Of each operation how many requests were left out, because the server had not made what they name."""
    known: set[tuple[str, str, str]] = field(default_factory=set)
    """The keys of deviations that are known and do not count."""
    patterns: tuple[str, ...] = ()
    """The ids by which they are known, or patterns of ids."""
    problem: str = ""
    """Why nothing could be judged, empty where it could."""

    def add(self, found: Deviation) -> bool:
        """Take a deviation into account. Returns whether it is a new one."""
        if any(one == found.id or fnmatchcase(found.id, one) for one in self.patterns):
            self.known.add(found.key)
            return False
        known = self.deviations.get(found.key)
        if known is None:
            self.deviations[found.key] = found
            return True
        smaller = found if found.request.size < known.request.size else known
        self.deviations[found.key] = replace(smaller, seen=known.seen + found.seen)
        return False

    @property
    def ignored(self) -> int:
        """How many deviations do not count."""
        return len(self.known)

    @property
    def status(self) -> int:
        """The exit status: 2 where nothing could be judged, 1 where something deviates, else 0."""
        return 2 if self.problem else 1 if self.deviations else 0
