"""Every seeded defect is found by the test that its row names, and the table that is printed says what is measured."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace

import pytest

from mockcloud import ClientContract
from mockcloud.strategies import exploring

from . import __main__
from .__main__ import show
from .defects import SIGNS, Defect, everything, questions
from .table import OPENING, PAGE, Row, measured

DEFECTS: list[Defect] = list(everything("DEFECTS"))
READMES = ("README.md", "README.zh-CN.md")


@pytest.fixture(scope="module")
def printed() -> list[str]:
    return [line.rpartition(" | ")[0] for line in PAGE.read_text().splitlines() if line.startswith("| **")]


@pytest.fixture(scope="module")
def seen(printed: list[str]) -> int:
    """How many the table says that stubs notice."""
    return sum("| yes: " in line for line in printed)


@pytest.mark.parametrize("defect", DEFECTS, ids=lambda defect: f"{defect.contract.operation}-{defect.client.__name__}")
def test_a_wrong_client_fails_the_test_that_its_row_names_and_stands_so_in_the_table(
    defect: Defect, printed: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    # What chance draws depends on the modules that are loaded: no row may live of it.
    monkeypatch.setattr(exploring, "explore", lambda *_: None)
    row: Row = measured(defect)
    assert row.verdict.failed, f"{defect.name} survives {defect.killed_by}: {row.verdict.reason or 'it passes'}"
    assert row.verdict.shows(defect.shows), row.verdict.page
    assert row.cells() in printed, "python -m tests.clients writes the table anew"


def test_the_table_has_no_row_of_a_defect_that_is_not_there(printed: list[str]) -> None:
    assert len(printed) == len(DEFECTS)


def test_the_page_opens_with_what_the_table_says(seen: int) -> None:
    opening = OPENING.format(count=len(DEFECTS), seen=seen, seconds=0)
    assert re.sub(r"\d+ for all of them", "0 for all of them", PAGE.read_text()).startswith(opening)


@pytest.mark.parametrize("readme", READMES)
def test_the_readme_counts_the_defects_as_the_table_does(readme: str, seen: int) -> None:
    [line] = [line for line in (PAGE.parents[1] / readme).read_text().splitlines() if "(docs/defects.md)" in line]
    assert re.findall(r"\b\d+\b", line, re.ASCII) == [str(len(DEFECTS)), str(seen)]


def test_a_defect_is_of_a_client_on_which_the_same_contract_passes() -> None:
    passes = {(one.operation, one.made_of) for one in everything("CORRECT")}
    assert not [defect.name for defect in DEFECTS if (defect.contract.operation, defect.client.__mro__[1]) not in passes]


def test_no_two_defects_of_a_provider_have_one_name() -> None:
    names = [(defect.provider, defect.name) for defect in DEFECTS]
    assert len(set(names)) == len(names)


def test_every_defect_says_what_is_wrong_in_a_sentence_and_what_a_page_shows_of_it() -> None:
    assert not [defect.name for defect in DEFECTS if not defect.says.endswith(".") or not defect.shows]


def test_the_page_of_a_defect_is_shown_by_its_name(capsys: pytest.CaptureFixture[str]) -> None:
    assert show(["jdcloud.TheClockIsLocal"]) == 0
    shown = capsys.readouterr().out
    assert shown.startswith(f"test_it_{SIGNS}\n")
    assert "the vendor does not accept its signature in the time zone" in shown


def test_a_page_that_shows_something_else_ends_with_1(monkeypatch: pytest.MonkeyPatch) -> None:
    other = replace(next(one for one in DEFECTS if one.killed_by == SIGNS), shows="something else")
    monkeypatch.setattr(__main__, "everything", lambda table: [other] if table == "DEFECTS" else [])
    assert show([f"{other.provider}.{other.client.__name__}"]) == 1


def test_a_name_that_nothing_has_ends_with_2_and_names_the_nearest(capsys: pytest.CaptureFixture[str]) -> None:
    assert show(["jdcloud.TheClokIsLocal"]) == 2
    assert "Did you mean 'jdcloud.TheClockIsLocal'?" in capsys.readouterr().err


def test_each_provider_has_at_least_16_defects_and_all_have_60() -> None:
    count = Counter(defect.provider for defect in DEFECTS)
    assert min(count.values()) >= 16
    assert count.total() >= 60


@pytest.mark.parametrize("test", questions(ClientContract))
def test_every_question_of_a_contract_kills_some_defect(test: str) -> None:
    assert [defect.name for defect in DEFECTS if defect.killed_by == test]
