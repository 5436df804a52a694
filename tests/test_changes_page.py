"""The page for users says what the tables do."""

from __future__ import annotations

import re

import changes_page

from mockcloud.changes.comparisons import COMPARISONS
from mockcloud.changes.tables import FILES


def test_the_page_has_the_tables_that_judge() -> None:
    assert changes_page.PAGE.read_text(encoding="utf-8") == changes_page.page(), "python tests/changes_page.py writes them"


def test_the_page_has_every_table_once() -> None:
    named = re.findall(r"<!-- table: (\w+) -->", changes_page.page())
    assert sorted(named) == sorted([*changes_page.PARTS, *FILES])


def test_the_page_says_of_every_constraint_what_is_stricter() -> None:
    assert set(changes_page.STRICTER) == set(COMPARISONS)
