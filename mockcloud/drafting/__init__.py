"""Requests before they are sent: what they are made of, how they are changed, and what must be there before they are asked.

Law: whatever is said of a request was found out from its bytes.
"""
