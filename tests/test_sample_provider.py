"""A provider of somebody else's: installed from a package of its own, it is served, checked, explained and intercepted like ours.

The sample is `examples/provider`; docs/contracts.md says how to make and extend one, and is run here block by block.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import site
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from cases import ROOT

from mockcloud.reports import checks

SAMPLE = ROOT / "examples" / "provider"
PAGE = (ROOT / "docs" / "contracts.md").read_text(encoding="utf-8")
OFFLINE = {"PIP_NO_INDEX": "1", "PIP_NO_DEPS": "1", "PIP_NO_BUILD_ISOLATION": "0", "PIP_DISABLE_PIP_VERSION_CHECK": "1"}
SCRIPTS = {"pip": "pip", "mockcloud": "mockcloud", "pytest": "pytest"}
FENCE = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True)
class Environment:
    """An environment of its own: it sees what is installed here, and what is installed into it is seen by nobody else."""

    place: Path

    def run(self, command: str, cwd: Path) -> subprocess.CompletedProcess[str]:
        path = f"{self.place / 'bin'}{os.pathsep}{os.environ['PATH']}"
        environment = {**os.environ, **OFFLINE, "PATH": path, "COLUMNS": "200", "PYTHONDONTWRITEBYTECODE": "1"}
        return subprocess.run(["sh", "-c", command], cwd=cwd, env=environment, capture_output=True, text=True, check=False)

    def said(self, command: str, cwd: Path) -> str:
        ended = self.run(command, cwd)
        assert ended.returncode == 0, f"{command}: {ended.stdout}{ended.stderr}"
        return ended.stdout

    def python(self, code: str, cwd: Path) -> str:
        (cwd / "snippet.py").write_text(code)
        return self.said("python snippet.py", cwd)


def environment(place: Path) -> Environment:
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", place], check=True)
    packages = next(place.glob("lib/python*/site-packages"))
    lines = [f"import site; site.addsitedir({found!r})" for found in site.getsitepackages()]
    (packages / "base.pth").write_text("\n".join([*lines, str(ROOT), ""]))
    for name, module in SCRIPTS.items():
        script = place / "bin" / name
        script.write_text(f'#!/bin/sh\nexec "{place}/bin/python" -m {module} "$@"\n')
        script.chmod(0o755)
    return Environment(place)


def copied(place: Path) -> Path:
    shutil.copytree(SAMPLE, place, ignore=shutil.ignore_patterns("__pycache__"))
    return place


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Environment:
    """An environment into which the sample's wheel is installed."""
    home = tmp_path_factory.mktemp("sample")
    made = environment(home / "env")
    made.said("pip install .", copied(home / "source"))
    return made


def test_the_installed_sample_lies_in_the_environment_and_not_in_the_checkout(installed: Environment, tmp_path: Path) -> None:
    told = installed.python("from mockcloud.contracts import folders; print(folders.known()['acme_transcode'])", tmp_path)
    assert Path(told.strip()).is_relative_to(installed.place)


@pytest.mark.parametrize(
    ("command", "wanted"),
    [
        ("mockcloud contracts", "POST /transcode/v2/jobs"),
        ("mockcloud rules acme_transcode", "acme_transcode.CreateJob/request#/priority:maximum"),
        ("mockcloud explain acme_transcode.GetJob", "GET /transcode/v2/jobs/{jobId}"),
        ("mockcloud explain acme_transcode:InputUnreadable", "mockcloud-fail-InputUnreadable"),
    ],
)
def test_the_command_line_knows_the_sample(installed: Environment, tmp_path: Path, command: str, wanted: str) -> None:
    assert wanted in installed.said(command, tmp_path)


def test_the_sample_keeps_every_law_where_it_is_installed(installed: Environment, tmp_path: Path) -> None:
    place = "$(python -c 'import acme_transcode; print(acme_transcode.FOLDER)')"
    assert f"keeps all {len(checks.LAWS)} laws" in installed.said(f"mockcloud contracts --check {place}", tmp_path)


def test_what_the_sample_answers_is_intercepted_and_its_own_tests_pass(installed: Environment) -> None:
    assert "3 passed" in installed.said("pytest -q -p no:cacheprovider test_acme.py", SAMPLE)


VALIDATE = """
from mockcloud import Request, validate
for body in (b'{"input": "https://media.example/in.mov"}', b'{"input": "https://media.example/in.mov", "priority": 10}'):
    request = Request("POST", "/transcode/v2/jobs", "transcode.acme-cloud.example", (), body)
    print([found.rule for found in validate("acme_transcode.CreateJob", request)])
"""


def test_a_request_is_validated_by_the_samples_rules(installed: Environment, tmp_path: Path) -> None:
    assert installed.python(VALIDATE, tmp_path).splitlines() == [
        "[]",
        "['acme_transcode.CreateJob/request#/priority:maximum']",
    ]


SERVE = """
import httpx
from mockcloud import Cloud
cloud = Cloud(auth="off")
with cloud.serve() as server:
    jobs = f"{server.url}/transcode/v2/jobs"
    made = httpx.post(jobs, json={"input": "https://media.example/in.mov"}).json()["jobId"]
    cloud.clock.advance("10s")
    print(httpx.get(f"{jobs}/{made}").json()["status"], len(httpx.get(jobs).json()["jobs"]), httpx.put(jobs).json()["error"]["code"])
    print(httpx.get(f"{server.url}/jobs/jnone").status_code)
"""


def test_the_sample_is_served_by_its_paths_beside_the_other_providers(installed: Environment, tmp_path: Path) -> None:
    assert installed.python(SERVE, tmp_path).splitlines() == ["done 1 MethodNotAllowed", "200"]


FIXTURES = """
import sys
from pathlib import Path
sys.path.insert(0, {tests!r})
import cases
from mockcloud import Cloud
cases.FIXTURES = Path({fixtures!r})
for case in cases.all_cases():
    cloud = cases.cloud_of(case)
    cases.judge(case, cases.send(case, cloud, Cloud.handle))
    last = cloud.journal.last
    assert [one.rule for one in last.violations] == ([case.rule] if case.rule else []), case.id
    print(case.id)
"""


def fixtures_held(made: Environment, fixtures: Path, tmp_path: Path) -> list[str]:
    return made.python(FIXTURES.format(tests=str(ROOT / "tests"), fixtures=str(fixtures)), tmp_path).splitlines()


def test_every_fixture_of_the_sample_holds(installed: Environment, tmp_path: Path) -> None:
    held = fixtures_held(installed, SAMPLE / "fixtures", tmp_path)
    assert {one.split("/")[1] for one in held} == {"accepted", "refused", "vectors"}
    assert len(held) == len(list((SAMPLE / "fixtures").rglob("*.json")))


REFUSALS = """
from dataclasses import replace
from mockcloud import Cloud, Request, VirtualClock
from mockcloud.contracts.loader import load
from mockcloud.contracts import folders
sign = load(folders.known()["acme_transcode"]).behaviours.sign
asked = Request("GET", "/transcode/v2/jobs", "transcode.acme-cloud.example")
for change in (
    lambda request: request,
    lambda request: replace(request, headers=request.headers[:2]),
    lambda request: replace(request, headers=(("X-Acme-Key", "nobody"), *request.headers[1:])),
    lambda request: replace(request, target=request.target + "?limit=1"),
):
    cloud = Cloud(["acme_transcode"], clock=VirtualClock(1_767_225_600, 0))
    print(cloud.handle(change(sign(asked, cloud.credentials("acme_transcode"), cloud.clock.now()))).status, cloud.journal.last.refusal)
cloud.handle(sign(asked, cloud.credentials("acme_transcode"), cloud.clock.now() - 901))
print(cloud.journal.last.note or cloud.journal.last.refusal)
"""


def test_the_samples_signature_is_verified(installed: Environment, tmp_path: Path) -> None:
    said = installed.python(REFUSALS, tmp_path).splitlines()
    assert [line.split()[0] for line in said[:4]] == ["200", "401", "401", "401"]
    assert "Unauthorized" in said[4]


# The page --------------------------------------------------------------------------------------------------------------


def blocks() -> Iterator[tuple[str, str, str]]:
    """Every block of the page with its language and, where the words before it name one, the file that it is of."""
    end = 0
    for found in FENCE.finditer(PAGE):
        before = PAGE[end : found.start()]
        named = re.findall(r"`(\S+\.json)`", before)
        yield found[1], named[-1] if named else "", found[2]
        end = found.end()


def merged(known: Any, more: Any) -> Any:
    """What a reader does with a block: objects are gone into, anything else stands in the place of what was there."""
    if not (isinstance(known, dict) and isinstance(more, dict)):
        return more
    return {**known, **{name: merged(known.get(name), value) for name, value in more.items()}}


def test_the_page_says_what_happens(tmp_path: Path) -> None:
    made = environment(tmp_path / "env")
    copied(tmp_path / "examples" / "provider")
    here, said, applied = tmp_path, "", []
    for language, file, text in blocks():
        if language == "sh":
            said = ""
            for command in text.splitlines():
                ended = made.run(command, here)
                said += ended.stdout + ended.stderr
                assert ended.returncode == 0 or "--check" in command, f"{command}: {said}"
                here = here / command.removeprefix("cd ") if command.startswith("cd ") else here
        elif language == "json":
            place, known = here / file, {}
            if place.exists():
                known = json.loads(place.read_text(encoding="utf-8"))
            place.write_text(json.dumps(merged(known, json.loads(text))), encoding="utf-8")
            applied.append(file)
        elif language == "python":
            said = made.python(text, here)
        else:
            assert language == "text"
            assert all(line in said for line in text.splitlines()), f"the page promises\n{text}\nand it said\n{said}"
    assert here == tmp_path / "my_provider"
    assert len(applied) == 6
    held = fixtures_held(made, here / "fixtures", tmp_path)
    assert "my_cloud/accepted/CancelJob.queued" in held
    assert len(held) == 1 + len(list((SAMPLE / "fixtures").rglob("*.json")))


def test_the_page_lists_every_law_with_its_sentence() -> None:
    rows = dict(re.findall(r"^\| `([a-z-]+)` \| (.+) \|$", PAGE, re.MULTILINE))
    assert rows == {name: checks.sentence(name) for name in checks.LAWS}


def test_no_file_of_mockcloud_knows_the_sample() -> None:
    for path in (ROOT / "mockcloud").rglob("*.py"):
        assert "acme" not in path.read_text(encoding="utf-8"), path
