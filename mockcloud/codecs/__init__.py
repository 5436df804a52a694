"""Codecs: bytes to plain data and back. They know no vendor and no schema."""
