"""The command line: what each command prints, and how it ends."""

from __future__ import annotations

import json
import re
import subprocess
import sys

import pytest
from click.testing import CliRunner

from mockcloud.cli import COMMANDS, cli
from mockcloud.contracts import folders
from mockcloud.contracts.loader import load
from mockcloud.providers.demo.steps import POLLS, Step, path_of


def run(*arguments: str) -> str:
    result = CliRunner().invoke(cli, arguments)
    assert result.exit_code == 0, result.output
    return result.output


def test_help_lists_every_command_with_its_sentence() -> None:
    text = " ".join(run("--help").split())
    assert all(f"{name} {says}" in text for name, says in COMMANDS.items())


@pytest.mark.parametrize("name", COMMANDS)
def test_each_command_has_a_help_of_its_own(name: str) -> None:
    assert "Usage:" in run(name, "--help")


def test_contracts_shows_every_operation_setting_code_contradiction_and_callback() -> None:
    # Whole words: the name of one operation is the beginning of another's.
    words = set(re.split(r"[\s,;=()]+", run("contracts")))
    for folder in folders.known().values():
        contract = load(folder)
        for names in (contract.operations, contract.settings, contract.errors.codes, contract.contradictions, contract.callbacks):
            assert set(names) <= words, set(names) - words


def test_contracts_as_json_names_the_evidence_of_every_operation() -> None:
    providers = json.loads(run("contracts", "--json"))["providers"]
    assert {provider["name"] for provider in providers} == set(folders.known())
    assert all(operation["evidence"] for provider in providers for operation in provider["operations"])


def test_the_demonstration_shows_every_provider_and_ends_with_0_because_all_held() -> None:
    text = run("demo")
    assert all(name in text for name in folders.known())
    assert "FAILED" not in text
    assert "17 of 17 steps held." in text


def test_a_step_that_does_not_hold_ends_the_demonstration_with_1(monkeypatch: pytest.MonkeyPatch) -> None:
    from mockcloud.providers.demo import pontus

    monkeypatch.setattr(pontus, "walk", lambda url, credential: iter([Step("create", "this", "that", False)]))
    result = CliRunner().invoke(cli, ["demo"])
    assert result.exit_code == 1
    assert "FAILED" in result.output


def test_a_client_that_raises_is_a_step_that_failed_and_not_a_traceback(monkeypatch: pytest.MonkeyPatch) -> None:
    from mockcloud.providers.demo import pontus

    monkeypatch.setattr(pontus, "walk", lambda url, credential: iter([1 / 0]))
    result = CliRunner().invoke(cli, ["demo"])
    assert result.exit_code == 1
    assert "ZeroDivisionError" in result.output
    assert "Traceback" not in result.output


def test_polling_a_task_that_never_ends_gives_up() -> None:
    seen = path_of((f"state {i % 2}" for i in range(10 * POLLS)), "never")
    assert seen[1] is False


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("srve", "there is no command 'srve'. Did you mean 'serve'?"),
        ("wipe-out", f"there is no command 'wipe-out'. Known: {', '.join(sorted(COMMANDS))}."),
        ("\x1b[31mserve", r"there is no command '\x1b[31mserve'."),
        ("--verson", "No such option '--verson'. Did you mean '--version'?"),
    ],
)
def test_an_unknown_command_is_refused_with_2_and_names_the_nearest_or_all(asked: str, said: str) -> None:
    result = CliRunner().invoke(cli, [asked])
    assert result.exit_code == 2
    assert said in result.output


def test_what_mockcloud_raises_at_its_user_is_one_line_and_2() -> None:
    command = [sys.executable, "-m", "mockcloud", "serve", "--port", "0", "--provider", "jdclod"]
    ended = subprocess.run(command, capture_output=True, text=True, check=False, timeout=30)
    assert ended.returncode == 2
    assert "Did you mean 'jdcloud'?" in ended.stderr
    assert "Traceback" not in ended.stderr


def test_the_module_runs_as_the_command_does() -> None:
    ended = subprocess.run([sys.executable, "-m", "mockcloud", "--version"], capture_output=True, text=True, check=True)
    assert "0.1.0" in ended.stdout


def test_a_client_that_is_not_installed_names_the_extra_that_has_it(monkeypatch: pytest.MonkeyPatch) -> None:
    from mockcloud import MissingExtra
    from mockcloud.providers.demo import pontus

    monkeypatch.setattr(pontus, "PACKAGE", "a-package-that-is-not-there")
    result = CliRunner().invoke(cli, ["demo"])
    assert isinstance(result.exception, MissingExtra)
    assert "pip install 'mockcloud[demo]'" in str(result.exception)
