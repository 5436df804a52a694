"""What README and examples say is true: every example runs, every claim that can be checked is."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import broken_servers
import pytest
import reference
from cases import ROOT

from mockcloud import Cloud
from mockcloud.client_contract import QUESTIONS
from mockcloud.contracts import folders

READMES = [ROOT / "README.md", ROOT / "README.zh-CN.md"]
AIMED = sorted((ROOT / "examples").glob("aim_*.py"))
SCRIPTS = {path.stem.removeprefix("aim_"): path for path in AIMED}
FENCE = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    with Cloud().serve() as server:
        yield server.url


def blocks(readme: Path, language: str) -> list[str]:
    return [text for found, text in FENCE.findall(readme.read_text(encoding="utf-8")) if found == language]


@pytest.mark.parametrize("provider", sorted(folders.known()))
def test_the_recipe_of_each_provider_runs_as_it_stands(provider: str, url: str) -> None:
    run = subprocess.run([sys.executable, SCRIPTS[provider], url], capture_output=True, text=True, check=False, timeout=60)
    assert run.returncode == 0, run.stderr
    assert run.stdout.strip()


@pytest.mark.parametrize("readme", READMES, ids=lambda path: path.name)
def test_each_python_block_of_the_readme_is_an_example_of_the_folder(readme: Path) -> None:
    examples = {path.read_text(): path.name for path in (ROOT / "examples").glob("*.py")}
    found = blocks(readme, "python")
    assert {examples.get(block) for block in found} == set(examples.values())


@pytest.mark.parametrize(
    ("example", "summary"),
    [("test_thumbnail.py", "1 passed"), ("test_transcoding_contract.py", "8 passed, 3 skipped")],
)
def test_a_pytest_example_passes_when_pasted_into_an_empty_folder(example: str, summary: str, tmp_path: Path) -> None:
    (tmp_path / "test_pasted.py").write_text((ROOT / "examples" / example).read_text())
    run = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", tmp_path],
        capture_output=True,
        text=True,
        check=False,
        cwd=tmp_path,
    )
    assert summary in run.stdout, run.stdout + run.stderr


def test_the_reference_is_what_the_contracts_say() -> None:
    assert reference.PAGE.read_text(encoding="utf-8") == reference.text(), "run: python tests/reference.py"


@pytest.mark.parametrize("readme", READMES, ids=lambda path: path.name)
def test_the_readme_names_every_provider_and_leads_to_the_reference(readme: Path) -> None:
    text = readme.read_text(encoding="utf-8")
    assert "](docs/reference.md)" in text
    assert all(f"`{name}`" in text for name in folders.known())


@pytest.mark.parametrize("readme", READMES, ids=lambda path: path.name)
def test_the_readme_links_only_to_files_that_are_there(readme: Path) -> None:
    for target in re.findall(r"\]\(([^)#]+)\)", readme.read_text(encoding="utf-8")):
        assert target.startswith("https://") or (ROOT / target).exists(), f"{readme.name} links to {target}"


@pytest.mark.parametrize("readme", READMES, ids=lambda path: path.name)
def test_the_readme_counts_the_tests_of_a_contract_and_the_servers_that_are_broken_on_purpose(readme: Path) -> None:
    text = readme.read_text(encoding="utf-8")
    assert len(QUESTIONS) == 11
    assert " eleven tests" in text or "十一个测试" in text
    [line] = [line for line in text.splitlines() if "](docs/fuzzing.md)" in line]
    assert f" {len(broken_servers.DEFECTS)} " in line


def test_no_file_names_a_registry_a_home_or_a_real_looking_key() -> None:
    tracked = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout.split()
    forbidden = re.compile(r"/(?:root|home)/\w|pypi\.org|registry\.npmjs|AKID[A-Za-z0-9]{32}")
    for name in tracked:
        path = ROOT / name
        if path.suffix in {".py", ".md", ".json", ".toml", ".txt", ".xsd", ""} and path.is_file() and path != Path(__file__):
            found = forbidden.search(path.read_text(encoding="utf-8", errors="replace"))
            assert not found, f"{name}: {found}"
