"""A journal as a file: each exchange a line, written as it is recorded.

Knows files, and that other processes may append to the same one. Law: a line is written whole, behind a whole line, or it is
told that it was not; nothing that happens to the file reaches whoever recorded.
"""

from __future__ import annotations

import os
import stat
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from mockcloud.errors import UsageError
from mockcloud.state.journal import Exchange

_FCNTL: Any = import_module("fcntl") if find_spec("fcntl") else None
"""Locks; None on Windows, where one process writes a file."""


class JournalFile:
    """A file that exchanges are appended to, open until `close`.

    `report` is told once, in a sentence, when an exchange could not be written; later ones are tried all the same.
    Raises UsageError for a file that cannot be written.
    """

    def __init__(self, path: str | Path, report: Callable[[str], None]) -> None:
        self.path = Path(path)
        self._report = report
        self._told = False
        self._turn = threading.Lock()
        self._file = _opened(self.path)

    def write(self, exchange: Exchange) -> None:
        """Append an exchange as a line of `mockcloud.journal/1`."""
        line = f"{exchange.as_line()}\n".encode("ascii")
        with self._turn:
            problem = self._written(line) if self._file >= 0 else None
            telling, self._told = problem is not None and not self._told, self._told or problem is not None
        if telling:
            self._report(f"the journal {str(self.path)!r} is not whole: {problem}; what could not be written is lost")

    def _written(self, line: bytes) -> str | None:
        """Append a line; why it was not, where it was not."""
        try:
            with _locked(self._file):
                _append(self._file, b"\n" + line if _torn(self._file) else line)
        except OSError as problem:
            return problem.strerror or str(problem)
        return None

    def close(self) -> None:
        """Write no more. May be called twice."""
        with self._turn:
            if self._file >= 0:
                os.close(self._file)
                self._file = -1


def _opened(path: Path) -> int:
    if str(path) == "-":
        raise UsageError("a journal is a file, found '-': name one")
    try:
        # To be read too: of an earlier run the last line may be torn.
        file = os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT | getattr(os, "O_BINARY", 0), 0o666)
    except (OSError, ValueError) as problem:
        raise _unwritable(path, problem) from None
    kind = os.fstat(file).st_mode
    if stat.S_ISREG(kind) or stat.S_ISCHR(kind):
        return file
    os.close(file)
    # A pipe that nobody empties would stop whoever records.
    raise UsageError(f"cannot write the journal {str(path)!r}: it is neither a file nor a device")


def _unwritable(path: Path, problem: OSError | ValueError) -> UsageError:
    told = getattr(problem, "strerror", None) or str(problem)
    parent = path.parent
    way = f"; there is no folder '{parent}'" if isinstance(problem, FileNotFoundError) and not parent.is_dir() else ""
    return UsageError(f"cannot write the journal {str(path)!r}: {told}{way}")


@contextmanager
def _locked(file: int) -> Iterator[None]:
    """While it is open, no other process that asks as we do writes to the file."""
    if _FCNTL is None:
        yield
        return
    with suppress(OSError):  # a file system without locks has one writer at most
        _FCNTL.flock(file, _FCNTL.LOCK_EX)
    try:
        yield
    finally:
        with suppress(OSError):
            _FCNTL.flock(file, _FCNTL.LOCK_UN)


def _torn(file: int) -> bool:
    """Whether the file ends in the middle of a line."""
    size = os.fstat(file).st_size
    if not size:
        return False
    os.lseek(file, size - 1, os.SEEK_SET)
    return os.read(file, 1) != b"\n"


def _append(file: int, data: bytes) -> None:
    while data:
        data = data[os.write(file, data) :]
