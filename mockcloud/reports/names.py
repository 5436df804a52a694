"""Names that nobody knows, and the known one that was most likely meant.

Law: whatever the text, the answer is one printable line.
"""

from __future__ import annotations

from collections.abc import Iterable
from difflib import SequenceMatcher

from mockcloud.errors import UsageError

LONGEST = 200
"""How much of a text is compared: no name is longer."""

CANDIDATES = 12
"""How many names, alike in their letters, are compared letter by letter."""


def unknown(what: str, found: str, known: Iterable[str], hint: str = "") -> UsageError:
    """The error that says that there is no such thing, with the nearest right spelling."""
    shown = ascii(found[:LONGEST]) if not found.isprintable() else repr(found[:LONGEST])
    close = nearest(found, known)
    return UsageError(f"there is no {what} {shown}.{f' Did you mean {close!r}?' if close else ''}{hint}")


def nearest(word: str, known: Iterable[str]) -> str:
    """The known name that is most like the word, empty only where none is known."""
    matcher = SequenceMatcher(b=word[:LONGEST].lower(), autojunk=False)

    def likeness(name: str, *, exactly: bool) -> float:
        matcher.set_seq1(name.lower())
        return matcher.ratio() if exactly else matcher.quick_ratio()

    alike = sorted(known, key=lambda name: likeness(name, exactly=False), reverse=True)[:CANDIDATES]
    return max(alike, key=lambda name: likeness(name, exactly=True), default="")
