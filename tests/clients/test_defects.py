"""Every seeded defect is found by the test that its row names, and the table that is printed says what is measured."""

from __future__ import annotations

import pytest

from .defects import RAISES, READS, RECEIVES, SURVIVES, UNKNOWN, WAITS, Defect, everything
from .table import PAGE, Row, measured

DEFECTS: list[Defect] = list(everything("DEFECTS"))


@pytest.fixture(scope="module")
def printed() -> list[str]:
    return [line.rpartition(" | ")[0] for line in PAGE.read_text().splitlines() if line.startswith("| **")]


@pytest.mark.parametrize("defect", DEFECTS, ids=lambda defect: f"{defect.contract.operation}-{defect.client.__name__}")
def test_a_wrong_client_fails_the_test_that_its_row_names_and_stands_so_in_the_table(defect: Defect, printed: list[str]) -> None:
    row: Row = measured(defect)
    assert row.verdict.failed, f"{defect.name} survives {defect.killed_by}: {row.verdict.reason or 'it passes'}"
    assert defect.shows in row.verdict.page, row.verdict.page
    assert row.cells() in printed, "python -m tests.clients writes the table anew"


def test_the_table_has_no_row_of_a_defect_that_is_not_there(printed: list[str]) -> None:
    assert len(printed) == len(DEFECTS)


def test_no_two_defects_of_a_provider_have_one_name() -> None:
    names = [(defect.provider, defect.name) for defect in DEFECTS]
    assert len(set(names)) == len(names)


def test_every_defect_says_what_is_wrong_in_a_sentence() -> None:
    assert not [
        defect.name for defect in DEFECTS if not defect.says.endswith(".") or defect.says == defect.client.__mro__[1].__doc__
    ]


@pytest.mark.parametrize("test", [READS, UNKNOWN, RAISES, WAITS, SURVIVES, RECEIVES])
def test_every_question_of_a_contract_kills_some_defect(test: str) -> None:
    assert [defect.name for defect in DEFECTS if defect.killed_by == test]
