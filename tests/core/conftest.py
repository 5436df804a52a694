"""What the tests of the core share: copies of our contracts with something changed, and clouds that answer by them."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from mockcloud import Cloud, VirtualClock
from mockcloud.contracts import folders

Edit = Callable[[Path], None]
NOON = 1_767_268_800.0


class Editor:
    """Edits of the files of a contract's folder, by JSON pointer or by text."""

    @staticmethod
    def put(pointer: str, value: Any) -> Edit:
        def edit(path: Path) -> None:
            data = json.loads(path.read_text(encoding="utf-8"))
            owner, last = _owner(data, pointer)
            if isinstance(owner, list):
                owner[int(last)] = value
            else:
                owner[last] = value
            path.write_text(json.dumps(data), encoding="utf-8")

        return edit

    @staticmethod
    def drop(pointer: str) -> Edit:
        def edit(path: Path) -> None:
            data = json.loads(path.read_text(encoding="utf-8"))
            owner, last = _owner(data, pointer)
            del owner[last]
            path.write_text(json.dumps(data), encoding="utf-8")

        return edit

    @staticmethod
    def rename(pointer: str, new: str) -> Edit:
        def edit(path: Path) -> None:
            data = json.loads(path.read_text(encoding="utf-8"))
            owner, last = _owner(data, pointer)
            owner[new] = owner.pop(last)
            path.write_text(json.dumps(data), encoding="utf-8")

        return edit

    @staticmethod
    def swap(old: str, new: str) -> Edit:
        def edit(path: Path) -> None:
            text = path.read_text(encoding="utf-8")
            assert old in text, f"the test is out of date: {old!r} is not in {path}"
            path.write_text(text.replace(old, new, 1), encoding="utf-8")

        return edit

    @staticmethod
    def text(whole: str) -> Edit:
        return lambda path: path.write_text(whole, encoding="utf-8") and None

    @staticmethod
    def gone() -> Edit:
        return lambda path: path.unlink()

    @staticmethod
    def both(*edits: Edit) -> Edit:
        def edit(path: Path) -> None:
            for one in edits:
                one(path)

        return edit


def _owner(data: Any, pointer: str) -> tuple[Any, str]:
    *steps, last = [step.replace("~1", "/") for step in pointer.split("/")[1:]]
    for step in steps:
        data = data[int(step)] if isinstance(data, list) else data[step]
    return data, last


@pytest.fixture
def altered(tmp_path: Path) -> Callable[..., Path]:
    """A copy of a provider's folder, its files edited: `altered("jdcloud", {"errors.json": edit})`."""

    def make(provider: str, edits: dict[str, Edit] | None = None) -> Path:
        folder = tmp_path / provider
        shutil.copytree(folders.own_folder() / provider, folder)
        for name, edit in (edits or {}).items():
            edit(folder / name)
        return folder

    return make


@pytest.fixture
def cloud_of_folder() -> Callable[..., Cloud]:
    """A cloud, everybody let in, that answers by the contract of a folder. Its reports are in `cloud.reports`."""

    def make(folder: Path, **options: Any) -> Cloud:
        options = {"auth": "off", "clock": VirtualClock(NOON), **options}
        cloud = Cloud([folder.name], **options)
        cloud._sketches = {folder.name: folders.sketch(folder)}
        return quiet(cloud)

    return make


@pytest.fixture
def quiet_cloud() -> Callable[..., Cloud]:
    """A cloud of our own contracts at noon whose reports are kept in `cloud.reports`."""
    return lambda **options: quiet(Cloud(**{"clock": VirtualClock(NOON), **options}))


def quiet(cloud: Cloud) -> Cloud:
    cloud.reports = []  # type: ignore[attr-defined]
    cloud.report = cloud.reports.append  # type: ignore[attr-defined]
    return cloud
