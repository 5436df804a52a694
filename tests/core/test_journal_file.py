"""A journal as a file: lines that are whole, whoever wrote before, whoever writes beside, and whatever the disk does."""

from __future__ import annotations

import json
import os
import stat
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from mockcloud.contracts import meta
from mockcloud.errors import UsageError
from mockcloud.messages import Request, Response
from mockcloud.state import journal_file
from mockcloud.state.journal import Exchange, Journal
from mockcloud.state.journal_file import JournalFile

KEEPS = Draft202012Validator(meta.schema("outputs/journal"))


def exchange(at: float, body: bytes = b"") -> Exchange:
    return Exchange(at, "p", "p.Op", Request("POST", "/", "h", (), body), Response(200))


def lines(path: Path) -> list[Any]:
    """The lines of a file, each of which keeps the format."""
    found = [json.loads(line) for line in path.read_bytes().splitlines()]
    for one in found:
        KEEPS.validate(one)
    return found


@pytest.fixture
def told() -> list[str]:
    return []


@pytest.fixture
def file(tmp_path: Path, told: list[str]) -> Iterator[JournalFile]:
    opened = JournalFile(tmp_path / "journal.jsonl", told.append)
    yield opened
    opened.close()


def test_an_exchange_is_a_line_in_the_file_as_soon_as_it_is_recorded(file: JournalFile, told: list[str]) -> None:
    journal = Journal()
    journal.watcher = file.write
    for at in range(3):
        journal.record(exchange(at))
        assert [one["at"] for one in lines(file.path)] == list(range(at + 1))
    assert not told


def test_what_stood_in_the_file_before_stays_there(tmp_path: Path, told: list[str]) -> None:
    path = tmp_path / "journal.jsonl"
    for at in range(2):
        opened = JournalFile(path, told.append)
        opened.write(exchange(at))
        opened.close()
    assert [one["at"] for one in lines(path)] == [0, 1]


def test_behind_a_torn_last_line_a_new_line_begins(tmp_path: Path, told: list[str]) -> None:
    path = tmp_path / "journal.jsonl"
    path.write_bytes(f"{exchange(0).as_line()}\n".encode() + b'{"format": "mockcloud.jour')
    opened = JournalFile(path, told.append)
    assert path.read_bytes().endswith(b"jour")
    for at in (1, 2):
        opened.write(exchange(at))
    opened.close()
    first, torn, *others = path.read_bytes().splitlines()
    assert torn == b'{"format": "mockcloud.jour'
    assert [json.loads(line)["at"] for line in (first, *others)] == [0, 1, 2]


def test_lines_of_many_threads_are_whole(file: JournalFile) -> None:
    threads = [
        threading.Thread(target=lambda at=at: [file.write(exchange(at, b"x" * 10_000)) for _ in range(20)]) for at in range(8)
    ]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert sorted(one["at"] for one in lines(file.path)) == sorted([*range(8)] * 20)


WRITER = """
import sys
from mockcloud.messages import Request, Response
from mockcloud.state.journal import Exchange
from mockcloud.state.journal_file import JournalFile
file = JournalFile(sys.argv[1], sys.exit)
for at in range(50):
    file.write(Exchange(at, sys.argv[2], "p.Op", Request("POST", "/", "h", (), b"x" * 100_000), Response(200)))
"""


def test_lines_of_several_processes_are_whole(tmp_path: Path) -> None:
    path = tmp_path / "journal.jsonl"
    path.write_bytes(b"torn")
    command = [sys.executable, "-c", WRITER, str(path)]
    running = [subprocess.Popen([*command, str(number)]) for number in range(3)]
    assert [one.wait(60) for one in running] == [0, 0, 0]
    torn, *others = path.read_bytes().splitlines()
    assert torn == b"torn"
    assert sorted(json.loads(line)["provider"] for line in others) == sorted(["0", "1", "2"] * 50)


def test_a_write_that_takes_a_part_is_written_on(file: JournalFile, monkeypatch: pytest.MonkeyPatch) -> None:
    write = os.write
    monkeypatch.setattr(os, "write", lambda number, data: write(number, data[:7]))
    file.write(exchange(1))
    assert [one["at"] for one in lines(file.path)] == [1]


def test_without_locks_it_is_written_all_the_same(file: JournalFile, monkeypatch: pytest.MonkeyPatch, told: list[str]) -> None:
    class Without:
        LOCK_EX = LOCK_UN = 0

        @staticmethod
        def flock(*_: object) -> None:
            raise OSError("no locks here")

    for locks in (None, Without):
        monkeypatch.setattr(journal_file, "_FCNTL", locks)
        file.write(exchange(1))
    assert len(lines(file.path)) == 2
    assert not told


def test_a_disk_that_fills_is_told_once_and_written_to_again_when_it_can_be(
    file: JournalFile, monkeypatch: pytest.MonkeyPatch, told: list[str]
) -> None:
    write = os.write
    file.write(exchange(0))

    def full(number: int, data: bytes) -> int:
        if len(data) < 40:
            raise OSError(28, "No space left on device")
        return write(number, data[:-39])

    monkeypatch.setattr(os, "write", full)
    file.write(exchange(1))
    file.write(exchange(2))
    monkeypatch.undo()
    file.write(exchange(3))
    assert told == [f"the journal {str(file.path)!r} is not whole: No space left on device; what could not be written is lost"]
    found = file.path.read_bytes().splitlines()
    assert [json.loads(found[0])["at"], json.loads(found[-1])["at"], len(found)] == [0, 3, 4]


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no device that is always full")
def test_a_device_that_is_always_full_is_told_of_once(told: list[str]) -> None:
    opened = JournalFile("/dev/full", told.append)
    for at in range(3):
        opened.write(exchange(at))
    opened.close()
    assert told == ["the journal '/dev/full' is not whole: No space left on device; what could not be written is lost"]


def test_a_closed_file_takes_nothing_and_says_nothing(file: JournalFile, told: list[str]) -> None:
    file.close()
    file.write(exchange(1))
    file.close()
    assert file.path.read_bytes() == b""
    assert not told


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("-", "a journal is a file, found '-': name one"),
        ("no/such/journal", "cannot write the journal '{path}': No such file or directory; there is no folder '{parent}'"),
        (".", "cannot write the journal '{path}': Is a directory"),
        ("a\0b", "cannot write the journal {shown}: {null}"),
        ("pipe", "cannot write the journal '{path}': it is neither a file nor a device"),
    ],
)
def test_what_cannot_be_written_is_refused_at_once_and_says_why(name: str, said: str, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    path = Path(name) if name == "-" else tmp_path / name
    with pytest.raises(UsageError) as raised:
        JournalFile(path, print)
    with pytest.raises(ValueError, match="null") as null:
        os.open("\0", 0)  # each Python has words of its own for it
    assert str(raised.value) == said.format(path=path, parent=path.parent, shown=repr(str(path)), null=null.value)


def test_a_new_file_is_as_open_to_others_as_any_that_the_user_makes(file: JournalFile, tmp_path: Path) -> None:
    (tmp_path / "other").touch()
    assert stat.S_IMODE(file.path.stat().st_mode) == stat.S_IMODE((tmp_path / "other").stat().st_mode)
