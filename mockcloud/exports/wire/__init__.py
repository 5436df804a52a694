"""Requests for a pack of vectors: what they are made of, what must come before them, and the session in which they are asked.

Law: whatever a vector says of a request was found out from its bytes.
"""
