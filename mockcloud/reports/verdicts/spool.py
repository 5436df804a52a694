"""Text that is kept for later: in memory while it is short, else in a temporary file.

Knows nothing of what it keeps. Law: it takes a megabyte of memory at most, and leaves nothing behind.
"""

from __future__ import annotations

from collections.abc import Callable
from tempfile import SpooledTemporaryFile
from typing import Final

MEMORY: Final = 1024 * 1024
PIECE: Final = 64 * 1024


class Spool:
    """Takes texts, and gives them all out once. Raises OSError where the temporary file does."""

    def __init__(self) -> None:
        self._file = SpooledTemporaryFile(MEMORY, mode="w+", encoding="utf-8", errors="surrogatepass", newline="")  # noqa: SIM115  # closed by `pour`
        self.parts = 0
        """How many texts it took."""

    def add(self, text: str) -> None:
        """Keep a text behind the others."""
        self._file.write(text)
        self.parts += 1

    def pour(self, write: Callable[[str], object]) -> None:
        """Give out everything in its order; the spool is at its end."""
        with self._file as file:
            file.seek(0)
            while piece := file.read(PIECE):
                write(piece)
