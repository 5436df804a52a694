"""A file that an export makes."""

from __future__ import annotations

from typing import NamedTuple


class Exported(NamedTuple):
    """A file: its name, with `/` for folders, and its bytes."""

    name: str
    content: bytes
