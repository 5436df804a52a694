"""Recorded messages: read from whatever holds them, told which operation they are for, and judged. Starts no cloud."""
