"""The examples of every command's help: there is one, and each runs as it is printed."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import click
import pytest
from cases import ROOT
from click.testing import CliRunner
from commands import commands

from mockcloud.cli import cli, examples
from mockcloud.contracts import folders

LINE = re.compile(r"^(?:\s*(# .*)\n)?\s*(?:Examples?:\s*)?(mockcloud\s.*)$", re.MULTILINE)
ENDS = re.compile(r"# .*\bexits (\d+)")


def help_of(path: tuple[str, ...]) -> str:
    ended = CliRunner().invoke(cli, [*path, "--help"], prog_name="mockcloud")
    assert ended.exit_code == 0, ended.output
    return ended.output


def lines(path: tuple[str, ...]) -> list[str]:
    """The lines of the examples in a command's help, as they are printed."""
    told = help_of(path)
    begins = re.search(r"^\s*Examples?:", told, re.MULTILINE)
    # What is said above a line is said of it as well as what is said beside it.
    return [f"{line}  {above}".rstrip() for above, line in LINE.findall(told, begins.start())] if begins else []


EVERY = {path: lines(path) for path, _ in commands()}
PRINTED = sorted({line for found in EVERY.values() for line in found})


def split(line: str) -> list[str]:
    """The words of a line; what stands behind ` # ` is for people."""
    return shlex.split(re.split(r"\s# ", line)[0])


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of what examples read of a checkout, into which they may write."""
    made = tmp_path_factory.mktemp("checkout")
    for name in ("docs", "examples", "fixtures", "schemas"):
        shutil.copytree(ROOT / name, made / name)
    return made


@pytest.mark.parametrize("path", EVERY, ids=" ".join)
def test_the_help_has_an_example_of_the_command_itself(path: tuple[str, ...]) -> None:
    assert EVERY[path], f"mockcloud {' '.join(path)} --help has no line 'Example: mockcloud ...'"
    assert all(tuple(split(line)[1 : len(path) + 1]) == path for line in EVERY[path])


@pytest.mark.parametrize("line", PRINTED)
def test_an_example_runs_as_it_is_printed(line: str, checkout: Path) -> None:
    expected = ENDS.search(line)
    words = split(line)
    # `> file` at the end is the shell's: what is printed is looked at here instead.
    command = [sys.executable, "-m", "mockcloud", *words[1 : words.index(">") if ">" in words else None]]
    variables = {**os.environ, "PYTHONPATH": str(ROOT)}
    process = subprocess.Popen(command, cwd=checkout, env=variables, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        if split(line)[1] == "serve":
            assert process.stdout is not None
            assert process.stdout.readline().startswith("mockcloud listening on http://")
            process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=120)
    finally:
        process.kill()
        process.wait()
    assert process.returncode == (int(expected[1]) if expected else 0), err
    assert "Traceback" not in err
    assert out or split(line)[1] == "serve" or "-o" in split(line) or "--output" in split(line)


def test_an_example_that_cannot_be_filled_is_left_out_and_the_help_is_given(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail() -> None:
        raise RuntimeError("a package of somebody else's does not load")

    monkeypatch.setattr(folders, "known", fail)
    told = help_of(("rules",))
    assert "mockcloud rules  " in told or "mockcloud rules\n" in told
    assert "{" not in told.partition("Examples:")[2]


def test_a_name_that_a_shell_would_take_apart_stands_in_quotes() -> None:
    rules = [line for line in lines(("explain",)) if "#" in line.partition("  # ")[0]]
    assert rules
    assert all(re.search(r"'[^']*#[^']*'", line) for line in rules)


def test_an_example_that_is_too_wide_has_its_words_above_it() -> None:
    formatter = click.HelpFormatter()
    examples.write([("short", "of one"), ("x" * 61, "of two"), ("bare", "")], formatter)
    assert formatter.getvalue().splitlines() == ["Examples:", "  short  # of one", "  # of two", f"  {'x' * 61}", "  bare"]
