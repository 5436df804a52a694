"""What every codec raises for bytes that are not what they should be."""

from __future__ import annotations


class Malformed(ValueError):
    """The bytes are not of the form; the message says what was found, in one line."""
