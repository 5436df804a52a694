"""What the contract finds in released SDKs: each finding is found again, and its section names the command that shows it."""

from __future__ import annotations

from importlib.metadata import version

import pytest

from .defects import everything, tried
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
    assert finding.shows in verdict.page, verdict.page


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
