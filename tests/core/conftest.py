"""What the tests of the core share: copies of our contracts with something changed, and clouds that answer by them."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from mockcloud import Cloud, VirtualClock
from mockcloud.contracts import folders
from mockcloud.contracts.sketches import sketch

Edit = Callable[[Path], None]
NOON = 1_767_268_800.0


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
        cloud._sketches = {folder.name: sketch(folder)}
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
