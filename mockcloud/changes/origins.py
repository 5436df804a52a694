"""Where contracts are compared from: a folder, or a git revision.

Knows how the user names either. Law: a name that is both is the folder; the editions are read before anything is compared, and
a temporary folder lives as long as they are used.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from mockcloud.changes import revisions
from mockcloud.changes.diff import Editions
from mockcloud.changes.edition import editions
from mockcloud.errors import ContractError, UsageError


@contextmanager
def opened(old: str, new: str) -> Iterator[tuple[Editions, Editions]]:
    """The editions that two names stand for, while it is open.

    Raises UsageError for a name that stands for none, and for a contract that does not load.
    """
    with tempfile.TemporaryDirectory(prefix="mockcloud-diff-") as scratch:
        before = _folder(old, Path(scratch) / "old", new)
        after = _folder(new, Path(scratch) / "new", old)
        yield _loaded(before, old), _loaded(after, new)


def _folder(name: str, target: Path, other: str) -> Path:
    if _is_folder(name):
        return Path(name)
    beside = Path(other) if _is_folder(other) else None
    return revisions.written(name, target, beside)


def _is_folder(name: str) -> bool:
    return bool(name) and Path(name).is_dir()


def _loaded(folder: Path, name: str) -> Editions:
    try:
        return editions(folder, name)
    except ContractError as problem:
        raise UsageError(f"the contract of '{name}' does not load here: {problem}") from None
