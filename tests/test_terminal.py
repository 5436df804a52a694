"""The command line where it is run: pipes that close, terminals that know little, disks that are full."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import httpx
import pytest
from cases import ROOT

from mockcloud.cli import streams

FULL = pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no device that is always full")
CHINESE = "tencent_ci:PermanentRedirect"
CODINGS = [
    {"PYTHONIOENCODING": "ascii"},
    {"PYTHONIOENCODING": "latin-1"},
    {"PYTHONIOENCODING": "gbk"},
    {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
    {"LC_ALL": "C"},
]


def run(*arguments: str, stdout: object = subprocess.PIPE, **variables: str) -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, "-m", "mockcloud", *arguments]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), **variables}
    return subprocess.run(command, stdout=stdout, stderr=subprocess.PIPE, check=False, env=environment, timeout=60)  # type: ignore[call-overload]


@pytest.mark.parametrize(
    "arguments", [("rules",), ("rules", "--json"), ("contracts",), ("contracts", "--json"), ("demo",), ("--help",)]
)
def test_a_pipe_that_closes_after_a_line_ends_a_command_without_a_word(arguments: tuple[str, ...]) -> None:
    command = [sys.executable, "-m", "mockcloud", *arguments]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        assert process.stdout.readline()
        process.stdout.close()
        assert process.stderr.read() == b""
        assert process.wait(30) in (0, 1)


@FULL
@pytest.mark.parametrize("arguments", [("rules",), ("rules", "--json"), ("--help",), ("completion", "bash")])
def test_an_output_that_is_full_is_one_line_and_2(arguments: tuple[str, ...]) -> None:
    with Path("/dev/full").open("wb") as full:
        ended = run(*arguments, stdout=full)
    assert (ended.returncode, ended.stderr) == (2, b"mockcloud: No space left on device\n")


def test_a_command_whose_output_was_closed_before_it_began_ends_without_a_traceback() -> None:
    command = ["sh", "-c", '"$0" -m mockcloud completion bash >&-', sys.executable]
    ended = subprocess.run(command, check=False, stderr=subprocess.PIPE, cwd=ROOT)
    assert (ended.returncode, ended.stderr) == (0, b"")


def test_a_file_that_cannot_be_read_is_named_in_one_line_and_2() -> None:
    code = "import mockcloud.cli as c; c.cli.main = lambda *_, **__: open('no-such-file'); c.main()"
    ended = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, check=False, env={**os.environ, "PYTHONPATH": str(ROOT)}
    )
    assert (ended.returncode, ended.stderr) == (2, b"mockcloud: 'no-such-file': No such file or directory\n")


@pytest.fixture(scope="module")
def explained() -> object:
    return json.loads(run("explain", CHINESE, "--json").stdout)


@pytest.mark.parametrize("coding", CODINGS, ids=str)
def test_chinese_text_is_written_in_every_encoding_and_json_stays_the_same_json(
    coding: dict[str, str], explained: object
) -> None:
    assert any(ord(mark) > 0x3000 for mark in json.dumps(explained, ensure_ascii=False))
    assert json.loads(run("explain", CHINESE, "--json", **coding).stdout) == explained
    ended = run("explain", CHINESE, **coding)
    assert (ended.returncode, ended.stderr) == (0, b"")


def test_the_marks_of_the_demonstration_are_escaped_where_the_terminal_has_none() -> None:
    ended = run("demo", **CODINGS[1])
    assert (ended.returncode, ended.stderr) == (0, b"")
    assert rb"\u2713 held" in ended.stdout


@pytest.mark.parametrize("coding", CODINGS, ids=str)
@pytest.mark.parametrize("name", ["转码\x1b[31m", "\udcff😀"])
def test_a_name_in_any_script_is_refused_in_one_line_and_2(coding: dict[str, str], name: str) -> None:
    ended = run("explain", name, **coding)
    assert (ended.returncode, ended.stderr.count(b"\n")) == (2, 1)
    assert ended.stderr.startswith(b"mockcloud: there is no operation or code ")
    assert b"\x1b" not in ended.stderr


def test_what_an_encoding_does_not_have_is_escaped_as_json_escapes_it() -> None:
    streams.prepare()
    text = "a转😀\udc80"
    escaped = text.encode("ascii", streams.ESCAPED).decode()
    assert escaped == r"a\u8f6c\ud83d\ude00\udc80"
    assert json.loads(f'"{escaped}"') == text
    with pytest.raises(UnicodeDecodeError):
        b"\xff".decode("ascii", streams.ESCAPED)


def test_a_list_without_rules_is_a_sentence_on_stderr_and_nothing_on_stdout() -> None:
    ended = run("rules", "tencent_ci.CancelMediaJob")
    assert (ended.returncode, ended.stdout, ended.stderr) == (0, b"", b"tencent_ci.CancelMediaJob has no rules.\n")


@pytest.mark.parametrize(
    ("asked", "meant"),
    [(("rules", "jdcloud.createTh"), "jdcloud.createThumbnailTask"), (("explain", "ucloud.getr"), "ucloud.GetRegion"), (("explain", "jdcloud:invalid_a"), "jdcloud:INVALID_ARGUMENT")],
)  # fmt: skip
def test_half_a_name_is_most_likely_the_beginning_of_one(asked: tuple[str, ...], meant: str) -> None:
    assert f"Did you mean '{meant}'?" in run(*asked).stderr.decode()


def test_a_server_whose_stderr_nobody_reads_any_more_answers_on() -> None:
    command = [sys.executable, "-m", "mockcloud", "serve", "--port", "0", "--verbose"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        url = process.stdout.readline().split()[-1]
        process.stderr.close()
        process.stdout.close()
        assert [httpx.get(f"{url}/?Action=NoSuch", trust_env=False).status_code for _ in range(3)] == [200, 200, 200]
        process.send_signal(signal.SIGINT)
        assert process.wait(10) == 0


def test_of_several_ports_the_one_that_is_taken_is_named() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        ended = run("serve", "--port", "0", "--listen", f"ucloud={port}")
    said = f"Error: cannot listen: Address already in use (127.0.0.1:{port}); port 0 takes a free one\n"
    assert (ended.returncode, ended.stderr.decode()) == (2, said)


def test_who_interrupts_a_command_sees_no_traceback_and_the_status_130() -> None:
    code = "import os, signal, click\nfrom mockcloud.cli import cli, main\n@cli.command()\ndef slow(): signal.signal(signal.SIGINT, signal.default_int_handler); os.kill(os.getpid(), signal.SIGINT)\nimport mockcloud.cli as c\nc.COMMANDS['slow'] = ''\nc._Commands.get_command = lambda self, ctx, name: slow\nimport sys\nsys.argv = ['mockcloud', 'slow']\nmain()"
    ended = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False, env={**os.environ, "PYTHONPATH": str(ROOT)}
    )
    assert (ended.returncode, ended.stderr.strip()) == (130, "mockcloud: interrupted")
