"""Names that nobody knows, and the known one that was most likely meant.

Law: whatever the text, the answer is one printable line.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from difflib import SequenceMatcher

from mockcloud.errors import UsageError

LONGEST = 200
"""How much of a text is compared: no name is longer."""

CANDIDATES = 12
"""How many names, alike in their letters, are compared letter by letter."""

_PROVIDER = re.compile(r"^[^.:]*[.:]")


def unknown(what: str, found: str, known: Iterable[str], hint: str = "", *, like: str = "") -> UsageError:
    """The error that says that there is no such thing, with the nearest right spelling: of `like` where only a part counts."""
    close = nearest(like or found, known)
    return _none(what, found, [close] if close else [], hint)


def unknown_bare(what: str, found: str, known: Iterable[str]) -> UsageError:
    """The same for a name that was given without its provider: the nearest without theirs, of every provider that has it."""
    bare: dict[str, list[str]] = {}
    for name in known:
        bare.setdefault(_PROVIDER.sub("", name), []).append(name)
    return _none(what, found, bare.get(nearest(found, bare), []))


def _none(what: str, found: str, meant: list[str], hint: str = "") -> UsageError:
    shown = ascii(found[:LONGEST]) if not found.isprintable() else repr(found[:LONGEST])
    asked = f" Did you mean {' or '.join(map(repr, meant))}?" if meant else ""
    return UsageError(f"there is no {what} {shown}.{asked}{hint}")


def nearest(word: str, known: Iterable[str]) -> str:
    """The known name that is most like the word, or the shortest that begins with it; empty only where none is known."""
    known = list(known)
    longer = [name for name in known if name.lower().startswith(word.lower())] if word else []
    if longer:
        # Half a name is the beginning of the whole one.
        return min(longer, key=len)
    matcher = SequenceMatcher(b=word[:LONGEST].lower(), autojunk=False)

    def likeness(name: str, *, exactly: bool) -> float:
        matcher.set_seq1(name.lower())
        return matcher.ratio() if exactly else matcher.quick_ratio()

    alike = sorted(known, key=lambda name: likeness(name, exactly=False), reverse=True)[:CANDIDATES]
    return max(alike, key=lambda name: likeness(name, exactly=True), default="")
