"""Standard output and standard error, as they are found.

Knows encodings. Law: no text ends in a traceback because a terminal cannot show it: what an encoding does not have is written
as JSON escapes it, so that JSON stays JSON.
"""

from __future__ import annotations

import codecs
import io
import os
import sys
from typing import Final

ESCAPED: Final = "mockcloud.escaped"


def prepare() -> None:
    """Let both streams take any text."""
    codecs.register_error(ESCAPED, _escaped)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors=ESCAPED)


def settle() -> None:
    """Let go of what can no longer be written, which Python would try again when it ends, and end with a status of its own."""
    for stream in filter(None, (sys.stdout, sys.stderr)):  # one that was closed before the start is None
        try:
            stream.flush()
        except OSError:
            os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def takes_unicode() -> bool:
    """Whether standard output has every character."""
    return codecs.lookup(getattr(sys.stdout, "encoding", None) or "utf-8").name.startswith("utf")


def _escaped(problem: UnicodeError) -> tuple[str, int]:
    if not isinstance(problem, UnicodeEncodeError):
        raise problem
    units = problem.object[problem.start : problem.end].encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{units[at : at + 2].hex()}" for at in range(0, len(units), 2)), problem.end
