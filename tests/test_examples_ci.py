"""The ready-made hook and the snippets for CI servers: what a person copies is what is run here."""

from __future__ import annotations

import json
import os
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
import yaml
from cases import ROOT

CI = ROOT / "examples" / "ci"
RECORDINGS = ROOT / "fixtures" / "recordings"
SCRIPTS = Path(sys.executable).parent


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A repository that keeps one valid recording and one that breaks a rule."""
    folder = tmp_path / "project" / "tests" / "recordings"
    folder.mkdir(parents=True)
    shutil.copy(RECORDINGS / "samples" / "media-info.xml", folder)
    shutil.copy(RECORDINGS / "raw.http", folder)
    return tmp_path / "project"


def run(command: list[str], folder: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    path = os.pathsep.join([str(SCRIPTS), os.environ["PATH"]])
    environment = {**os.environ, "PATH": path, "HOME": str(folder.parent), "PYTHONPATH": str(ROOT), **environment}
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)


def committed(project: Path) -> subprocess.CompletedProcess[str]:
    for command in ("git init -q", "git add ."):
        assert run(shlex.split(command), project).returncode == 0
    return run(["pre-commit", "run", "--config", str(CI / "pre-commit-config.yaml"), "--all-files"], project)


def test_the_hook_refuses_a_commit_with_a_recording_that_breaks_a_rule_and_says_which(project: Path) -> None:
    done = committed(project)
    assert done.returncode == 1, done.stdout + done.stderr
    assert "jdcloud.createThumbnailTask/request#/rule/count:maximum" in done.stdout
    assert "tests/recordings/raw.http:" in done.stdout


def test_the_hook_lets_a_commit_pass_whose_recordings_keep_the_rules(project: Path) -> None:
    (project / "tests" / "recordings" / "raw.http").unlink()
    done = committed(project)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Passed" in done.stdout


def test_the_hook_that_this_repository_offers_is_the_one_of_the_example_and_valid() -> None:
    done = run(["pre-commit", "validate-manifest", ".pre-commit-hooks.yaml"], ROOT)
    assert done.returncode == 0, done.stdout + done.stderr
    [offered] = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text())
    [copied] = yaml.safe_load((CI / "pre-commit-config.yaml").read_text())["repos"][0]["hooks"]
    assert (offered["id"], offered["entry"]) == (copied["id"], copied["entry"])


@pytest.mark.parametrize(
    ("name", "options"), [("github-actions.yml", ["vendor.github-workflows"]), ("gitlab-ci.yml", ["vendor.gitlab-ci", "--data-transform", "gitlab-ci"])]
)  # fmt: skip
def test_the_snippet_is_what_its_server_calls_a_valid_job(name: str, options: list[str]) -> None:
    done = run(["check-jsonschema", "--builtin-schema", *options, str(CI / name)], ROOT)
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_workflow_annotates_the_line_of_the_recording_and_writes_both_reports(project: Path) -> None:
    steps = yaml.safe_load((CI / "github-actions.yml").read_text())["jobs"]["recordings"]["steps"]
    [command] = [step["run"] for step in steps if step.get("name") == "Judge the recordings"]
    done = run(["bash", "-e", "-c", command], project, GITHUB_STEP_SUMMARY=str(project / "summary.md"))
    assert done.returncode == 1, done.stderr
    line = (RECORDINGS / "raw.http").read_text().splitlines().index('    "count": 3601') + 1
    assert f"file=tests/recordings/raw.http,line={line}," in done.stdout
    assert "jdcloud.createThumbnailTask" in (project / "summary.md").read_text().replace("\\", "")
    [uploaded] = [step["with"]["sarif_file"] for step in steps if "upload-sarif" in step.get("uses", "")]
    assert json.loads((project / uploaded).read_text())["version"] == "2.1.0"
    assert ET.parse(project / "recordings.xml").find(".//failure") is not None


def test_the_gitlab_job_writes_the_report_that_it_hands_on(project: Path) -> None:
    job = yaml.safe_load((CI / "gitlab-ci.yml").read_text())["recordings"]
    [command] = [line for line in job["script"] if line.startswith("mockcloud ")]
    assert run(["bash", "-e", "-c", command], project).returncode == 1
    report = ET.parse(project / job["artifacts"]["reports"]["junit"])
    assert [case.get("classname") for case in report.iter("testcase") if case.find("failure") is not None]
