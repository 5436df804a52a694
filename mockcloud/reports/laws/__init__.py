"""The laws that every contract keeps, beyond what the loader refuses. `reports/checks.py` has the table of them.

A law is a function of a `Subject` that yields what breaks it; its docstring is the law, in one sentence.
"""
