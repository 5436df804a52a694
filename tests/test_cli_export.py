"""`mockcloud export`: what it prints, writes and refuses."""

from __future__ import annotations

import json
import re
import shlex
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from mockcloud.cli import cli
from mockcloud.cli.export import KINDS
from mockcloud.errors import UsageError

HERE = [kind for kind in KINDS if find_spec(f"mockcloud.exports.{kind}")]


def invoke(*arguments: object) -> Result:
    return CliRunner().invoke(cli, ["export", *map(str, arguments)])


def refused(*arguments: object) -> str:
    result = invoke(*arguments)
    assert isinstance(result.exception, UsageError), result.output
    assert not result.output
    return str(result.exception)


def files(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.parametrize("kind", HERE)
def test_the_example_of_each_kind_runs_as_it_stands(kind: str, tmp_path: Path) -> None:
    help_page = invoke(kind, "--help").output
    [example] = re.findall(r"Example: (mockcloud .*)", help_page)
    command, _, target = example.partition(" > ")
    words = [sys.executable, "-m", *shlex.split(command)]
    run = subprocess.run(words, capture_output=True, check=False, cwd=tmp_path, timeout=60)
    assert run.returncode == 0, run.stderr
    assert target or files(tmp_path)
    if target:
        json.loads(run.stdout)


def test_help_lists_every_kind_with_its_sentence() -> None:
    text = " ".join(invoke("--help").output.split())
    assert all(f"{kind} {says}" in text for kind, says in KINDS.items())


def test_one_file_is_printed_byte_for_byte() -> None:
    from mockcloud.exports.openapi import export

    [file] = export("pontus")
    assert invoke("openapi", "pontus").stdout_bytes == file.content


def test_several_files_without_a_folder_are_refused_and_both_ways_out_are_named() -> None:
    problem = refused("jsonschema", "ucloud")
    assert "--output FOLDER" in problem
    assert "--file CreateMediaTask/request.schema.json" in problem


def test_one_file_of_several_is_printed_by_its_name() -> None:
    output = invoke("jsonschema", "ucloud", "--file", "GetRegion/response.schema.json").output
    assert json.loads(output)["$id"] == "urn:mockcloud:ucloud.GetRegion/response"


@pytest.mark.parametrize("kind", HERE)
def test_the_same_contract_writes_the_same_bytes_into_a_folder_that_was_not_there(kind: str, tmp_path: Path) -> None:
    provider = "tencent_ci" if kind == "xsd" else "pontus"
    for name in ("one", "two"):
        result = invoke(kind, provider, "-o", tmp_path / name / "deep")
        assert result.exit_code == 0, result.output
    assert files(tmp_path / "one") == files(tmp_path / "two") != {}


@pytest.mark.parametrize("operation", ["ucloud.GetRegion", "GetRegion"])
def test_an_operation_is_named_with_or_without_its_provider(operation: str, tmp_path: Path) -> None:
    result = invoke("jsonschema", "ucloud", "--operation", operation, "-o", tmp_path)
    assert set(files(tmp_path)) == {"GetRegion/request.schema.json", "GetRegion/response.schema.json"}
    assert result.output == f"2 files in {tmp_path}\n"


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("openapi", "uclod"), "there is no provider 'uclod'. Did you mean 'ucloud'?"),
        (("openapi", "ucloud", "--operation", "GetRegoin"), "ucloud has no operation 'GetRegoin'. Did you mean 'GetRegion'?"),
        (("xsd", "ucloud"), "ucloud has nothing to be exported as xsd"),
        (("jsonschema", "ucloud", "--file", "GetRegion/reqest.schema.json"), "Did you mean 'GetRegion/request.schema.json'?"),
    ],
)
def test_what_is_not_there_is_told_with_the_nearest_that_is(arguments: tuple[str, ...], says: str) -> None:
    assert says in refused(*arguments)


def test_a_kind_that_is_not_there_ends_with_2_and_the_nearest_one() -> None:
    result = invoke("openap", "ucloud")
    assert result.exit_code == 2
    assert "Did you mean 'openapi'?" in result.output


def test_a_folder_that_is_a_file_is_told_and_ends_with_2(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    command = [sys.executable, "-m", "mockcloud", "export", "openapi", "pontus", "-o", str(tmp_path / "file")]
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    assert run.returncode == 2
    assert run.stderr.startswith(f"mockcloud: cannot write {tmp_path / 'file'}")
    assert "Traceback" not in run.stderr
