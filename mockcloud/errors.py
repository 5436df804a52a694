"""What mockcloud raises at its own users. A vendor's refusal is not here: that is `messages.Refusal`.

MockcloudError
├── ContractError      a contract's data is wrong: file, pointer, what was found, what was wanted
├── UsageError         a public function was called with something it does not know
├── UnknownHost        a client went to a host that no loaded provider answers
└── MissingExtra       a feature needs a package that is not installed
"""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mockcloud.messages import Response


class MockcloudError(Exception):
    """The root of everything that mockcloud raises at its own users."""


class ContractError(MockcloudError):
    """A contract's data is wrong. The message names the file and the pointer."""

    def __init__(self, file: str, pointer: str, problem: str) -> None:
        super().__init__(f"{file}#{pointer}: {problem}")
        self.file = file
        self.pointer = pointer
        self.problem = problem


class UsageError(MockcloudError, ValueError):
    """A public function was called with something that it does not know."""


class UnknownHost(MockcloudError):
    """A client went to a host that no loaded provider answers; nothing was sent."""


class MissingExtra(MockcloudError, ImportError):
    """A feature needs a package that is not installed. The message names the command that installs it."""

    def __init__(self, feature: str, extra: str) -> None:
        super().__init__(f"{feature} needs the extra [{extra}]: pip install 'mockcloud[{extra}]'")


class UnmatchedRequest(UserWarning):
    """A request to a vendor matched no documented operation: the vendor's refusal was answered.

    Where warnings are errors, `response` is the answer that the raised one kept from being returned.
    """

    response: Response | None = None


class EndlessWait(UserWarning):
    """A client that sets no timeout met an answer that never comes: where nothing intercepts, it would wait for ever."""


LONGEST_WORD = 200
"""How much of a word is compared: no name is longer, and what a stranger sends for one may be."""


def nearest(word: str, known: Iterable[str]) -> str:
    """` Did you mean 'x'?` for the nearest known word, else the list of the known ones."""
    words, word = sorted(known), word[:LONGEST_WORD]
    close = get_close_matches(word, words, 1, 0.5) or [w for w in words if w.lower() == word.lower()]
    if close:
        return f" Did you mean '{close[0]}'?"
    return f" Known: {', '.join(words)}." if words else ""
