"""The proof of the strategies: what so many draws of an operation hold, break and show.

Knows the public strategies and every validator. Law: everything is told from the bytes. `make proof` runs it with 10,000 draws of
each operation, the suite with a few.
"""

from __future__ import annotations

import sys
from pathlib import Path

TESTS = Path(__file__).resolve().parent.parent

# `python -m tests.proof` has not seen tests/conftest.py, which lets every test import `proof`.
if str(TESTS) not in sys.path:
    sys.path.insert(0, str(TESTS))
