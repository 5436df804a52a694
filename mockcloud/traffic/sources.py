"""Where recordings come from: files, folders, patterns and standard input.

Knows names and no recording's format. Law: each name that a user gives comes to at least one source; what is not there, holds
nothing or cannot be opened is a source with a problem.
"""

from __future__ import annotations

import io
import stat
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO, Self

from mockcloud.errors import nearest
from mockcloud.traffic import kinds, walk
from mockcloud.traffic.streams import HEAD, Counted, Unreadable, opened

STDIN = "-"
"""The name of standard input."""

NAMES_COMPARED = 500
"""How many of a folder's names are compared with one that is not there."""


@dataclass(slots=True)
class Source:
    """A file to be read once: its name as the user gave it, its size in bytes where one is known, and its bytes.

    `problem` says why there are none. A source opens its file when its bytes are first asked for, and is a context manager.
    `head` is the beginning, unpacked; `stream` gives the whole, from that beginning on. Both raise Unreadable.
    """

    name: str
    size: int | None = None
    problem: str = ""
    open: Callable[[], BinaryIO] = field(default=io.BytesIO, repr=False)
    _counted: Counted | None = field(default=None, init=False, repr=False)
    _opened: tuple[bytes, io.BufferedReader] | None = field(default=None, init=False, repr=False)

    @property
    def count(self) -> int:
        """Bytes of the file that were read so far, packed ones where it is gzipped: never more than `size`."""
        return self._counted.count if self._counted else 0

    @property
    def head(self) -> bytes:
        """The first KiB."""
        return self._ready()[0]

    @property
    def stream(self) -> io.BufferedReader:
        """All bytes, as far as they were not read yet."""
        return self._ready()[1]

    def _ready(self) -> tuple[bytes, io.BufferedReader]:
        if self._opened is None:
            if self.problem:
                raise Unreadable(self.problem)
            try:
                self._counted = Counted(self.open())
            except OSError as problem:
                raise Unreadable(f"cannot be opened: {_why(problem)}") from None
            self._opened = opened(self._counted)
        return self._opened

    def close(self) -> None:
        """Close the file, unless it is standard input, which is not ours."""
        if self._counted is not None and self.name != STDIN:
            self._counted.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def sources(names: Iterable[str], stdin: BinaryIO | None = None) -> Iterator[Source]:
    """What the names stand for, in their order, each file once.

    A name is a file, a folder (all recordings in it and below, sorted, without hidden ones), a pattern such as
    `cassettes/**/*.yaml`, or `-` for standard input. A named file is taken whatever it is called; of a folder are taken files
    with an extension of `kinds.BY_NAME`, and others that begin as a recording does.
    """
    seen = set[str]()
    for name in names:
        for source in _of(name, stdin):
            real = name if name == STDIN else str(Path(source.name).resolve()) if not source.problem else ""
            if not real or real not in seen:
                seen.add(real)
                yield source


def _of(name: str, stdin: BinaryIO | None) -> Iterator[Source]:
    if name == STDIN:
        yield _standard_input(stdin)
        return
    try:
        yield from _named(name)
    except ValueError:
        yield _missing(name, "a name of a file has no NUL in it")
    except OSError as problem:
        yield _missing(name, f"cannot be opened: {_why(problem)}")


def _standard_input(stdin: BinaryIO | None) -> Source:
    if stdin is None:
        return Source(STDIN, problem="there is no standard input")
    return Source(STDIN, open=lambda: stdin)


def _named(name: str) -> Iterator[Source]:
    path = Path(name)
    if path.is_dir():
        yield from _in_folder(name, path)
    elif path.exists() or not walk.MAGIC.search(name):
        yield _file(name, path)
    else:
        yield from _matching(name)


def _file(name: str, path: Path) -> Source:
    try:
        found = path.stat()
    except FileNotFoundError:
        link = "is a link to something that is not there"
        return _missing(name, link if path.is_symlink() else f"there is no such file or folder.{_nearest(path)}")
    size = found.st_size if stat.S_ISREG(found.st_mode) else None
    return Source(_shown(name), size, open=lambda: path.open("rb", buffering=0))


def _in_folder(name: str, folder: Path) -> Iterator[Source]:
    troubles: list[Source] = []
    found = False
    for path in walk.below(folder, lambda place, problem: troubles.append(_unlisted(place, problem))):
        if _is_recording(path):
            found = True
            yield _file(str(path), path)
    yield from troubles
    if not found and not troubles:
        wanted = ", ".join(kinds.BY_NAME)
        yield _missing(name, f"the folder holds no recording; wanted are files named {wanted} or such that begin as one")


def _matching(name: str) -> Iterator[Source]:
    troubles: list[Source] = []
    found = list(walk.matching(name, lambda place, problem: troubles.append(_unlisted(place, problem))))
    for path in found:
        yield from _in_folder(str(path), path) if path.is_dir() else [_file(str(path), path)]
    yield from troubles
    if not found and not troubles:
        yield _missing(name, "the pattern matches no file; hidden files and folders are passed over")


def _is_recording(path: Path) -> bool:
    """Whether a file in a folder is meant. One that cannot be looked at is: opening it will say why."""
    try:
        if path.exists() and not path.is_file():
            return False
        if kinds.extension(path.name) in kinds.BY_NAME:
            return True
        with Source(str(path), open=lambda: path.open("rb", buffering=0)) as source:
            return bool(kinds.sniffed(source.head[:HEAD]))
    except (OSError, Unreadable):
        return True


def _unlisted(folder: Path, problem: OSError) -> Source:
    return _missing(str(folder), f"the folder cannot be listed: {_why(problem)}")


def _missing(name: str, problem: str) -> Source:
    return Source(_shown(name), problem=problem)


def _nearest(path: Path) -> str:
    """The nearest name beside one that is not there."""
    try:
        beside = [
            entry.name for _, entry in zip(range(NAMES_COMPARED), path.parent.iterdir(), strict=False) if entry.name != path.name
        ]
    except (OSError, ValueError):
        return f" Neither is there a folder {_shown(str(path.parent))!r}."
    hint = nearest(path.name, beside)
    return hint if hint.startswith(" Did") else ""


def _why(problem: OSError) -> str:
    return problem.strerror or type(problem).__name__


def _shown(name: str) -> str:
    """A name that can be printed: bytes that are no text, and control characters, as escapes."""
    name = name.encode("utf-8", "backslashreplace").decode("utf-8")
    return "".join(character if character.isprintable() else ascii(character)[1:-1] for character in name)
