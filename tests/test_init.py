"""`mockcloud init`: a file that runs as it stands, and the way from nothing to a defect of an SDK that shows; the README's own."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from cases import ROOT
from click.testing import CliRunner

from mockcloud.cli import cli
from mockcloud.cli.init import CLIENTS
from mockcloud.conduct.starting_file import SDK, clients, suite
from mockcloud.contracts import folders

SUITES = sorted(path for path in (ROOT / "schemas").glob("*/suites/*/*.py.txt"))
GENERAL = [(provider, client) for provider in folders.known() for client in CLIENTS if client != SDK]

DEFECTS = [
    (
        "ucloud",
        "ucloud.CreateFunctionTemplate",
        "it_sends_what_it_was_given",
        "ImageFormat was given as 'jpg' and does not arrive",
    ),
    ("tencent_ci", "tencent_ci.CreateMediaJobs.MediaInfo", "it_creates_nothing_twice", "it makes the same thing 4 times"),
    ("jdcloud", "jdcloud.createThumbnailTask", "it_survives_transport_faults", "raised ConnectionError"),
]
"""What a released SDK does, and the test that shows it."""


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def init(*arguments: str) -> str:
    told = CliRunner().invoke(cli, ["init", *arguments], catch_exceptions=False)
    assert told.exit_code == 0, told.output
    return told.output


def refused(*arguments: str) -> str:
    told = CliRunner().invoke(cli, ["init", *arguments])
    assert told.exit_code != 0
    return str(told.exception or told.output)


def run(folder: Path, *arguments: str) -> str:
    environment = {**os.environ, "PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'tests'}", "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    command = [sys.executable, "-m", "pytest", "-q", "-p", "mockcloud.pytest_plugin", "-p", "no:cacheprovider", *arguments]
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False).stdout


def test_there_is_a_general_file_for_each_client_that_the_command_names_but_the_vendors_own() -> None:
    assert [*clients(), SDK] == list(CLIENTS)


def test_every_file_that_can_be_written_is_clean(here: Path) -> None:
    made = {f"test_{provider}_{client.replace('-', '_')}.py": suite(provider, "", client, "x.py") for provider, client in GENERAL}
    for path in SUITES:
        provider, name = path.parents[2].name, path.name.removesuffix(".py.txt")
        made[f"test_{provider}_{name.replace('.', '_')}.py"] = suite(provider, name, path.parent.name, "x.py")
    assert len(made) == len(GENERAL) + len(SUITES)
    for name, (operation, text) in made.items():
        assert f'operation = "{operation}"' in text
        assert "$" not in text, name
        (here / name).write_text(text, encoding="utf-8")
    for command in (["check"], ["format", "--check", "--diff"]):
        ruff = [sys.executable, "-m", "ruff", *command, "--isolated", "--target-version", "py311", "."]
        done = subprocess.run(ruff, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr


def test_a_file_to_be_filled_in_runs_and_says_what_to_fill_in(here: Path) -> None:
    told = init("pontus", "--client", "httpx-async")
    assert told == "test_pontus.py holds the contract tests of pontus.createTranscodingTask\nnext: pytest test_pontus.py\n"
    told = run(here, "test_pontus.py", "-rs")
    assert "11 skipped" in told
    assert "say in `client` how yours is built, with 'mockcloud'" in told


@pytest.mark.parametrize(
    ("client", "filled"), [("httpx", "Pontus"), ("httpx-async", "AsyncPontus"), ("requests", "RequestsPontus")]
)
def test_a_file_that_is_filled_in_with_a_correct_client_passes(here: Path, client: str, filled: str) -> None:
    init("pontus", "--client", client)
    text = (here / "test_pontus.py").read_text()
    for pattern, put in (
        (r"class ClientError.*\n.*\n", f"from conduct.clients import {filled}, PontusError as ClientError\n"),
        (
            r" *# return YourClient.*\n.*skip.*\n",
            f"        return {filled}(keys.access_key, keys.secret_key, keys.client_code)\n",
        ),
        (r"client\.call\(\*\*args\)", "client.create(**args)"),
        (r"client\.wait\(returned\)", 'client.wait("v1", returned["task_id"])'),
        (r"error = .*\n", "error = ClientError\n    examples = 1\n"),
    ):
        text, times = re.subn(pattern, put, text)
        assert times == 1, pattern
    (here / "test_pontus.py").write_text(text)
    told = run(here, "test_pontus.py", "-rs")
    assert "10 passed, 1 skipped" in told, told
    assert "the class has no `on_callback`" in told


@pytest.mark.parametrize(("provider", "operation", "test", "shows"), DEFECTS)
def test_from_nothing_to_a_defect_of_a_released_sdk(here: Path, provider: str, operation: str, test: str, shows: str) -> None:
    assert operation in init(provider)
    told = run(here, f"test_{provider}.py", "-k", test)
    assert "1 failed" in told, told
    assert shows in told, told


def test_a_file_knows_what_its_operation_has() -> None:
    text = init("tencent_ci", "-", "--operation", "CreateMediaJobs.VoiceSeparate", "--client", "requests")
    for held in ("class TestCreateMediaJobsVoiceSeparate(", "def wait(", "def on_callback(", '"Tag",', "'Tag': 'VoiceSeparate'"):
        assert held in text
    text = init("ucloud", "-", "--operation", "ucloud.GetRegion")
    assert "def wait(" not in text
    assert "def on_callback(" not in text
    assert '"Signature"' not in text, "what signing puts in is no argument"
    assert "async def call(" in init("pontus", "-", "--client", "httpx-async")


def test_no_file_is_written_over_but_by_force(here: Path) -> None:
    (here / "test_mine.py").write_text("mine")
    assert "'test_mine.py' is there already; name another file, or write over it with --force" in refused(
        "pontus", "test_mine.py"
    )
    assert (here / "test_mine.py").read_text() == "mine"
    init("pontus", "test_mine.py", "--force")
    assert "ClientContract" in (here / "test_mine.py").read_text()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["uclod"], "there is no provider 'uclod'. Did you mean 'ucloud'?"),
        (
            ["ucloud", "--operation", "CreateMediaTsk"],
            "ucloud has no operation 'CreateMediaTsk'. Did you mean 'CreateMediaTask'?",
        ),
        (["ucloud", "--client", "htpx"], "there is no client 'htpx'. Did you mean 'httpx'?"),
        (["ucloud", "--client", "../sdk"], "there is no client '../sdk'."),
        (["pontus", "--client", "sdk"], "pontus has no SDK that mockcloud has a suite for; take --client httpx or"),
        (
            ["ucloud", "--client", "sdk", "--operation", "GetRegion"],
            "no suite of an SDK for ucloud.GetRegion, but for CreateFunctionTemplate,",
        ),
        (["ucloud", "suite.txt"], "a suite is a file of Python, found 'suite.txt': name one that ends in .py"),
        (["ucloud", "no/such/test_it.py"], "cannot write 'no/such/test_it.py': No such file or directory"),
    ],
)
def test_what_cannot_be_written_is_said_in_a_sentence(here: Path, arguments: list[str], said: str) -> None:
    assert said in refused(*arguments)
    assert list(here.iterdir()) == []
