"""What docs/strategies.md says is true: its examples run, its figures are of every operation, and nothing in them is wrong."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from cases import ROOT
from hypothesis import settings

from mockcloud.reports.dossier import dossiers
from mockcloud.strategies.profile import profile

PAGE = ROOT / "docs" / "strategies.md"
TEXT = PAGE.read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```python\n(.*?)^```$", TEXT, re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize("block", BLOCKS, ids=range(len(BLOCKS)))
def test_every_example_of_the_page_runs_and_its_tests_pass(block: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    before = settings.default
    settings.register_profile("page", profile(derandomize=True))
    settings.load_profile("page")
    names: dict[str, object] = {"__name__": "example"}
    try:
        exec(compile(block, str(PAGE), "exec"), names)  # noqa: S102  # our own page
        tests = [one for name, one in names.items() if name.startswith("test_") and callable(one)]
        for one in tests:
            one()
    finally:
        settings.register_profile("before", before)
        settings.load_profile("before")
    assert tests or "assert" in block


def test_the_figures_are_of_operations_of_every_provider_and_nothing_in_them_is_wrong() -> None:
    rows = [line.strip("| ").split(" | ") for line in TEXT.splitlines() if line.startswith("| `")]
    figures = {row[0].strip("`"): row[1:] for row in rows if len(row) == 8}
    known = {one.id for entry in dossiers() for one in entry.contract.operations.values()}
    assert set(figures) == known
    assert {one.partition(".")[0] for one in figures} == {one.partition(".")[0] for one in known}
    for operation, (valid, broken, held, rules, values, *_) in figures.items():
        assert int(valid.replace(",", "")) + int(broken.replace(",", "")) == int(held.replace(",", "")), operation
        assert rules.partition(" of ")[0] == rules.partition(" of ")[2], operation
        assert values.partition(" of ")[0] == values.partition(" of ")[2], operation
