"""The headers of an answer that is like another one but for its body.

Knows no vendor. Law: a header that says what a member of the body says goes on doing so, and nothing goes into one that would
end it.
"""

from __future__ import annotations

from mockcloud.drafting.answers import pointers
from mockcloud.messages import Json, Pairs


def like(headers: Pairs, before: Json, after: Json, body: bytes) -> Pairs:
    """The headers of an answer whose document was `before`, for one whose document is `after`, with these bytes."""
    was, now = ({str(value): at for at, value in pointers.leaves(before)}, dict(pointers.leaves(after)))
    return tuple((name, _value(name, value, was, now, body)) for name, value in headers)


def _value(name: str, value: str, was: dict[str, str], now: dict[str, Json], body: bytes) -> str:
    if name.lower() == "content-length":
        return str(len(body))
    said = now.get(was.get(value, ""))
    fits = isinstance(said, str) and said.isascii() and said.isprintable() and said == said.strip() != ""
    return str(said) if fits else value
