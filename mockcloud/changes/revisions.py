"""Contracts as a git revision has them, read into a temporary folder.

Knows git's plumbing, and only what reads objects: no checkout, no index, no attribute, no network. Law: what the user typed is
resolved once, by `rev-parse`; everything after that is asked for by the commit's own hash.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import Final

from mockcloud.errors import UsageError

FILES: Final = 20_000
"""Files that a contract's folder may have in a revision."""

BYTES: Final = 256 * 2**20
"""What they may hold together."""

SECONDS: Final = 120
DEFAULT: Final = "schemas"
"""The folder that is read where a revision stands alone."""

_QUIET: Final = {"GIT_TERMINAL_PROMPT": "0", "GIT_OPTIONAL_LOCKS": "0", "GIT_NO_LAZY_FETCH": "1", "LC_ALL": "C"}
_PLAIN: Final = frozenset({"100644", "100755"})
"""Modes of files; a link leads who knows where, and is left out."""


def written(name: str, target: Path, beside: Path | None = None) -> Path:
    """Write the contracts of `REVISION` or `REVISION:path` below a folder, and give the folder that holds them.

    Where the path is left out it is that of `beside`, a folder that the revision is compared with, if the revision has it, else
    `schemas`.
    Raises UsageError for what is no revision, no folder of it, or not to be had.
    """
    revision, colon, path = name.partition(":")
    if not revision or revision.startswith("-"):
        raise UsageError(
            f"'{name}' is neither a folder nor a revision: the name of a revision begins with no '-' and is not empty"
        )
    top = _top(name)
    commit = _commit(revision, name, top)
    likely = [_tidy(path, name)] if colon else [*_like(beside, top), DEFAULT]
    wanted, listed = next(((one, found) for one in likely if (found := list(_listed(commit, one, name, top)))), ("", []))
    if not listed:
        hint = "" if colon else f"; say where they are: {revision}:path/to/schemas"
        raise UsageError(f"the revision '{revision}' has no folder '{likely[0]}'{hint}")
    folder = target / (PurePosixPath(wanted).name or "contracts")
    for (_, below), content in zip(listed, _contents([blob for blob, _ in listed], name, top), strict=True):
        file = folder / below
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)
    return folder


def _top(name: str) -> Path:
    if shutil.which("git") is None:
        raise UsageError(f"'{name}' is no folder, and to read it as a revision git is needed, which is not installed")
    found = _git(["rev-parse", "--show-toplevel"], Path.cwd())
    if found.returncode:
        raise UsageError(f"'{name}' is no folder, and no revision either: the current directory is in no git repository")
    return Path(os.fsdecode(found.stdout.rstrip(b"\n")))


def _commit(revision: str, name: str, top: Path) -> str:
    found = _git(["rev-parse", "--verify", "--quiet", f"{revision}^{{commit}}"], top)
    commit = found.stdout.decode("ascii", "replace").strip()
    if found.returncode or not commit.isalnum():
        raise UsageError(
            f"'{name}' is neither a folder nor a revision of the repository here. `git log --oneline` lists revisions"
        )
    return commit


def _tidy(path: str, name: str) -> str:
    parts = [part for part in path.split("/") if part not in ("", ".")]
    if ".." in parts:
        raise UsageError(f"'{name}': the path of a revision is counted from the top of the repository, and has no '..'")
    return "/".join(parts)


def _like(beside: Path | None, top: Path) -> list[str]:
    """The path of a folder in its repository, if it lies in this one."""
    if beside is None or not beside.resolve().is_relative_to(top.resolve()):
        return []
    return [_tidy(beside.resolve().relative_to(top.resolve()).as_posix(), "")]


def _listed(commit: str, path: str, name: str, top: Path) -> Iterator[tuple[str, Path]]:
    """The files below a path: the hash of each and its path from there."""
    tree = f"{commit}:{path}"
    found = _git(["ls-tree", "-r", "-z", "-l", "--full-tree", tree], top)
    if found.returncode:
        return
    size = 0
    for number, line in enumerate(filter(None, found.stdout.split(b"\0"))):
        about, _, below = line.partition(b"\t")
        mode, _, blob, length = about.decode("ascii").split()
        size += int(length) if length.isdecimal() else 0
        if number >= FILES or size > BYTES:
            limit = f"{FILES} files" if number >= FILES else f"{BYTES} bytes"
            raise UsageError(f"'{name}' holds more than {limit}: say where the contracts are, REVISION:path/to/schemas")
        if mode in _PLAIN:
            yield blob, Path(os.fsdecode(below))


def _contents(blobs: list[str], name: str, top: Path) -> Iterator[bytes]:
    """What the files hold, in their order."""
    found = _git(["cat-file", "--batch"], top, "".join(f"{blob}\n" for blob in blobs).encode())
    data, at = found.stdout, 0
    for _ in blobs:
        end = data.index(b"\n", at) if b"\n" in data[at : at + 200] else at
        about = data[at:end].split(b" ")
        if len(about) != 3:
            raise UsageError(f"'{name}' cannot be read: git does not have all of its files here")
        size = int(about[2])
        yield data[end + 1 : end + 1 + size]
        at = end + size + 2


def _git(arguments: list[str], folder: Path, given: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    try:
        return subprocess.run(  # noqa: S603  # git's own verbs, and one word of the user's that begins with no dash
            ["git", "--no-pager", *arguments],  # noqa: S607  # whichever git the user has
            cwd=folder,
            env={**os.environ, **_QUIET},
            input=given,
            capture_output=True,
            timeout=SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise UsageError(f"git did not answer `{' '.join(arguments[:2])}` within {SECONDS} seconds") from None
