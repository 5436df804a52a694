"""Mutation of the contracts: each constraint is taken away in turn, and some fixture must notice.

A line of data is one mutant: what operations share, a schema's file or the same view of an answer, is changed for all of them
at once, under the name of the first, and a fixture of any of them may notice.
Knows the contracts' folders and the fixtures; changes copies only. Law: what no fixture notices is listed with its reason
in `survivors.json`, or the run fails.
"""

from __future__ import annotations

import sys
from pathlib import Path

TESTS = Path(__file__).resolve().parent.parent

# `python -m tests.mutation` has not seen tests/conftest.py, which lets every test import `cases`.
if str(TESTS) not in sys.path:
    sys.path.insert(0, str(TESTS))
