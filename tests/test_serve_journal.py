"""`mockcloud serve --journal`: what was asked of a running server can be read while it runs, and after whatever ends it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest
from jsonschema import Draft202012Validator

from mockcloud.contracts import meta

Start = Callable[..., tuple["subprocess.Popen[str]", str]]
KEEPS = Draft202012Validator(meta.schema("outputs/journal"))
THUMBNAIL = "/v1/regions/cn-north-1/thumbnail"


@pytest.fixture
def start() -> Iterator[Start]:
    """Starts `mockcloud serve` and gives the process and its address."""
    started = []

    def start(*arguments: str) -> tuple[subprocess.Popen[str], str]:
        command = [sys.executable, "-m", "mockcloud", "serve", "--port", "0", "--auth", "off", *arguments]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        started.append(process)
        assert process.stdout is not None
        return process, process.stdout.readline().rpartition(" ")[2].strip()

    yield start
    for process in started:
        process.kill()
        process.communicate()


def ask(url: str, width: int) -> int:
    body = {"source": {"bucket": "b", "key": "k"}, "target": {"destBucket": "d", "widthInPixel": width}}
    return httpx.post(url + THUMBNAIL, json=body, trust_env=False).status_code


def test_each_exchange_is_in_the_file_when_its_answer_is_with_the_client(start: Start, tmp_path: Path) -> None:
    path = tmp_path / "journal.jsonl"
    process, url = start("--journal", str(path))
    for number, width in enumerate((100, 5000, 200), 1):
        status = ask(url, width)
        lines = [json.loads(line) for line in path.read_text("ascii").splitlines()]
        assert len(lines) == number
        KEEPS.validate(lines[-1])
        assert (lines[-1]["operation"], lines[-1]["response"]["status"]) == ("jdcloud.createThumbnailTask", status)
    assert [one["violations"][0]["rule"] for one in lines if one["violations"]] == [
        "jdcloud.createThumbnailTask/request#/target/widthInPixel:maximum"
    ]
    process.send_signal(signal.SIGINT)
    assert process.communicate(timeout=10) == ("", "")
    assert process.returncode == 0


def test_a_server_that_is_killed_leaves_every_line_and_the_next_one_goes_on_behind_them(start: Start, tmp_path: Path) -> None:
    path = tmp_path / "journal.jsonl"
    for number in (1, 2):
        process, url = start("--journal", str(path))
        ask(url, number)
        process.kill()
        process.wait(10)
        with path.open("a") as file:
            file.write('{"torn": ')
    whole = [line for line in path.read_text().splitlines() if not line.startswith('{"torn"')]
    assert [json.loads(json.loads(line)["request"]["body"])["target"]["widthInPixel"] for line in whole] == [1, 2]


def test_verbose_says_why_beside_the_journal(start: Start, tmp_path: Path) -> None:
    path = tmp_path / "journal.jsonl"
    process, url = start("--journal", str(path), "--verbose")
    ask(url, 5000)
    process.terminate()
    assert "widthInPixel:maximum" in process.communicate(timeout=10)[1]
    assert "widthInPixel:maximum" in path.read_text()


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no device that is always full")
def test_a_full_disk_is_one_line_on_stderr_and_the_server_goes_on(start: Start) -> None:
    process, url = start("--journal", "/dev/full")
    assert [ask(url, width) for width in (100, 200, 300)] == [200, 200, 200]
    process.terminate()
    assert process.communicate(timeout=10) == (
        "",
        "the journal '/dev/full' is not whole: No space left on device; what could not be written is lost\n",
    )
    assert process.returncode == 0


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("-", "found '-'"),
        ("no/such/journal", "there is no folder"),
        (".", "Is a directory"),
        ("pipe", "neither a file nor a device"),
    ],
)
def test_a_file_that_cannot_be_written_is_refused_with_2_before_the_server_listens(
    start: Start, tmp_path: Path, name: str, said: str
) -> None:
    os.mkfifo(tmp_path / "pipe")
    process, url = start("--journal", name if name == "-" else str(tmp_path / name))
    assert url == ""
    err = process.communicate(timeout=20)[1]
    assert (process.returncode, err.count("\n")) == (2, 1)
    assert said in err
