"""The files that a name stands for: a file, a folder with what is in it, or a pattern.

Knows folders and nothing of what is in files. Law: the same tree gives the same files in the same order; hidden files and
folders are passed over unless they are named; a loop of symbolic links ends; a folder that cannot be listed is said.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Final

MAGIC: Final = re.compile(r"[*?\[]")
"""What makes a name a pattern."""

Complain = Callable[[Path, OSError], None]
"""Told of a folder that cannot be listed."""


def below(folder: Path, complain: Complain) -> Iterator[Path]:
    """Every file below a folder, sorted."""
    for place in _folders(folder, complain):
        yield from (path for path in _listed(place, complain) if not path.is_dir())


def matching(pattern: str, complain: Complain) -> Iterator[Path]:
    """Every file and folder that a pattern names, sorted; `**` stands for any folders, or none, and at the end for
    the folder with all that is in it."""
    path = Path(pattern)
    found = _matching(Path(path.anchor), list(path.relative_to(path.anchor).parts), complain)
    return iter(dict.fromkeys(found))


def _matching(place: Path, parts: list[str], complain: Complain) -> Iterator[Path]:
    if not parts:
        yield place
        return
    part, others = parts[0], parts[1:]
    if part == "**" and not others:
        yield place
    elif part == "**":
        for folder in _folders(place, complain):
            yield from _matching(folder, others, complain)
    elif MAGIC.search(part):
        for path in _listed(place, complain, hidden=part.startswith(".")) if place.is_dir() else ():
            if fnmatchcase(path.name, part):
                yield from _matching(path, others, complain)
    elif (place / part).exists():
        yield from _matching(place / part, others, complain)


def _folders(folder: Path, complain: Complain) -> Iterator[Path]:
    """A folder and all below it that are not hidden, each once however many links lead to it."""
    seen, waiting = set[str](), [folder]
    while waiting:
        place = waiting.pop()
        real = str(place.resolve())
        if real not in seen and place.is_dir():
            seen.add(real)
            yield place
            waiting += [path for path in reversed(_listed(place, complain)) if path.is_dir()]


def _listed(folder: Path, complain: Complain, *, hidden: bool = False) -> list[Path]:
    try:
        return sorted(path for path in folder.iterdir() if hidden or not path.name.startswith("."))
    except OSError as problem:
        complain(folder, problem)
        return []
