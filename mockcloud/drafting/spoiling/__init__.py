"""Requests with one thing wrong: a rule (`breaking`), a component of the signature (`signatures`), anything else of the bytes
(`breakages`, `strangers`); `minding` asks whether a cloud minds.
"""
