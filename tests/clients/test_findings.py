"""What the contract finds in released SDKs: each finding is found again, and its section names the command that shows it."""

from __future__ import annotations

import re
from importlib.metadata import version

import pytest

from mockcloud import ClientContract

from .defects import PREFIX, everything, questions, tried
from .findings import Finding
from .table import PAGE

FINDINGS: list[Finding] = list(everything("FINDINGS"))
SECTIONS = (PAGE.parent / "findings.md").read_text()


@pytest.mark.parametrize("finding", FINDINGS, ids=lambda finding: finding.name)
def test_an_sdk_as_its_vendor_shows_it_fails_the_test_that_the_finding_names(finding: Finding) -> None:
    if finding.needs:
        pytest.skip(finding.needs)
    verdict = tried(finding.suite, finding.found_by)
    assert verdict.failed, verdict.reason or f"{finding.sdk} passes: the finding is no longer one"
    assert verdict.shows(finding.shows), verdict.page


@pytest.mark.parametrize("finding", FINDINGS, ids=lambda finding: finding.name)
def test_a_finding_has_a_section_with_the_sdk_its_version_and_the_command(finding: Finding) -> None:
    _, found, section = SECTIONS.partition(f"\n### {finding.title}\n")
    section = section.partition("\n### ")[0]
    assert found, f"no section is called {finding.title!r}"
    assert finding.sdk in section
    assert f"python -m tests.clients {finding.name}\n" in section


@pytest.mark.parametrize("finding", [one for one in FINDINGS if not one.beside], ids=lambda finding: finding.name)
def test_the_version_of_a_finding_is_the_one_that_is_installed(finding: Finding) -> None:
    package, _, of_finding = finding.sdk.partition(" ")
    assert version(package) == of_finding


def test_the_list_at_the_top_names_every_section() -> None:
    titles = re.findall(r"^### (.*)$", SECTIONS, re.MULTILINE)
    top = SECTIONS.partition("\n## ")[0]
    assert not [title for title in titles if f"{title[:1].lower()}{title[1:]}" not in top]


@pytest.mark.parametrize(("file", "words"), re.findall(r"^  python -m pytest (\S+)(?: -k (\S+))?$", SECTIONS, re.MULTILINE))
def test_what_pytest_is_told_to_run_for_a_finding_is_there(file: str, words: str) -> None:
    assert re.search(rf"^def test_\w*{words}", (PAGE.parents[1] / file).read_text(), re.MULTILINE)


def test_what_a_correct_client_may_fail_is_a_finding_of_the_same_test() -> None:
    known = {f"the finding {one.name}": one.found_by for one in FINDINGS}
    marked = [
        (test, mark) for contract in everything("CORRECT") for test in questions(contract) for mark in marks(contract, test)
    ]
    assert marked
    assert not [(test, mark.kwargs) for test, mark in marked if known.get(mark.kwargs["reason"]) != test]


def marks(contract: type[ClientContract], test: str) -> list[pytest.Mark]:
    return getattr(getattr(contract, PREFIX + test), "pytestmark", [])
