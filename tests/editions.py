"""Editions of our own contracts for tests: a copy with something in it changed."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from mockcloud.changes.change import Change
from mockcloud.changes.diff import diff
from mockcloud.changes.edition import editions
from mockcloud.contracts import folders

Edit = Callable[[Any], None]


def copied(target: Path, provider: str, edits: dict[str, Edit] | None = None) -> Path:
    """A copy of a provider's folder below a new one, its JSON files edited in place, its XSDs as text."""
    folder = target / provider
    shutil.copytree(folders.own_folder() / provider, folder)
    for name, edit in (edits or {}).items():
        path = folder / name
        text = path.read_text(encoding="utf-8")
        if path.suffix == ".xsd":
            path.write_text(edit(text), encoding="utf-8")
        else:
            data = json.loads(text)
            edit(data)
            path.write_text(json.dumps(data, ensure_ascii=False), encoding="utf-8")
    return folder


def changes(old: Path, new: Path) -> list[Change]:
    return diff(editions(old, "old"), editions(new, "new"))


def told(found: Iterable[Change]) -> list[tuple[str, str, bool]]:
    """Kind, place and whether it breaks, of each change."""
    return [(change.kind, change.place, change.breaking) for change in found]


def at(*steps: str | int) -> Callable[[Any], Any]:
    """What stands at a place of data."""

    def found(data: Any) -> Any:
        for step in steps:
            data = data[step]
        return data

    return found


def put(*steps: str | int, value: Any) -> Edit:
    """Put a value at a place."""

    def edit(data: Any) -> None:
        at(*steps[:-1])(data)[steps[-1]] = value

    return edit


def dropped(*steps: str | int) -> Edit:
    """Leave out what stands at a place."""

    def edit(data: Any) -> None:
        del at(*steps[:-1])(data)[steps[-1]]

    return edit


def both(*edits: Edit) -> Edit:
    """Several edits of one file."""

    def edit(data: Any) -> None:
        for one in edits:
            one(data)

    return edit
