"""What pip installs: the wheel carries the contracts and works from anywhere, with and without the extras."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from cases import ROOT


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel of this checkout, built without the network by the backend that is installed here."""
    out = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", out, ROOT]
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stdout + run.stderr
    return next(out.glob("*.whl"))


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("installed")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(place)
    return place


WITHOUT_EXTRAS = """
import importlib.util, sys
EXTRAS = {"httpx", "respx", "requests", "lxml", "jsonschema_rs", "orjson", "rich", "hypothesis"}
find_spec = importlib.util.find_spec

class Missing:
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in EXTRAS:
            raise ModuleNotFoundError(name)

sys.meta_path.insert(0, Missing())
importlib.util.find_spec = lambda name, package=None: None if name in EXTRAS else find_spec(name, package)
"""

SERVE = """
import json, urllib.request
from mockcloud import Cloud
from mockcloud.contracts import folders
found = {"home": str(folders.own_folder()), "answers": {}}
with Cloud(auth="off").serve() as server:
    for path in ("/?Action=DescribeMediaTask&Region=r&Zone=z&PublicKey=k&Signature=s", "/jobs/jnone", "/v1/regions/cn-north-1/thumbnail/x", "/api/v1/task/transcoding/9"):
        try:
            answer = urllib.request.urlopen(server.url + path)
        except urllib.error.HTTPError as error:
            answer = error
        found["answers"][path[:4]] = answer.status
print(json.dumps(found))
"""


def run_in(place: Path, elsewhere: Path, code: str) -> dict[str, object]:
    environment = {**os.environ, "PYTHONPATH": str(place), "PYTHONSAFEPATH": "1"}
    run = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False, cwd=elsewhere, env=environment
    )
    assert run.returncode == 0, run.stderr
    told: dict[str, object] = json.loads(run.stdout)
    return told


@pytest.mark.parametrize("before", ["", WITHOUT_EXTRAS], ids=["with the extras", "without the extras"])
def test_the_wheel_serves_every_provider_from_another_directory(installed: Path, tmp_path: Path, before: str) -> None:
    told = run_in(installed, tmp_path, before + SERVE)
    assert told["home"] == str(installed / "mockcloud" / "_schemas")
    assert told["answers"] == {"/?Ac": 200, "/job": 200, "/v1/": 404, "/api": 404}


def test_a_feature_whose_extra_is_missing_names_the_command_that_installs_it(installed: Path, tmp_path: Path) -> None:
    code = (
        WITHOUT_EXTRAS
        + "import json\nfrom mockcloud import Cloud, MissingExtra\ntry:\n    Cloud().intercept().__enter__()\nexcept MissingExtra as told:\n    print(json.dumps(str(told)))"
    )
    assert "pip install 'mockcloud[httpx]'" in str(run_in(installed, tmp_path, code))


def test_the_wheel_writes_the_file_that_a_suite_starts_from(installed: Path, tmp_path: Path) -> None:
    code = "import json, sys\nfrom mockcloud.cli import cli\nfor name in ('ucloud', 'pontus'):\n    cli(['init', name], standalone_mode=False)\n"
    run_in(
        installed,
        tmp_path,
        WITHOUT_EXTRAS
        + "import contextlib, io\nwith contextlib.redirect_stdout(io.StringIO()):\n    "
        + code.replace("\n", "\n    ")
        + "\nprint('{}')",
    )
    assert {path.name for path in tmp_path.glob("test_*.py")} == {"test_ucloud.py", "test_pontus.py"}


def test_the_wheel_holds_the_package_and_the_contracts_and_nothing_else(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        tops = {name.split("/")[0] for name in archive.namelist()}
        names = set(archive.namelist())
    assert {re.sub(r"-.*", "", top) for top in tops} == {"mockcloud"}
    assert "mockcloud/py.typed" in names
    assert {f"mockcloud/cli/shells/mockcloud.{shell}" for shell in ("bash", "zsh", "fish")} <= names
    assert {f"mockcloud/_templates/{path.name}" for path in (ROOT / "mockcloud" / "_templates").iterdir()} <= names
    shipped = {name.removeprefix("mockcloud/_schemas/") for name in names if name.startswith("mockcloud/_schemas/")}
    assert shipped == {str(path.relative_to(ROOT / "schemas")) for path in (ROOT / "schemas").rglob("*") if path.is_file()}


def test_importing_mockcloud_loads_nothing_of_ours_and_no_library() -> None:
    code = "import sys, mockcloud; print([n for n in sys.modules if n.split('.')[0] in {'mockcloud', 'werkzeug', 'jsonschema', 'xmlschema', 'lxml', 'click', 'httpx'}])"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "['mockcloud']"
