"""The pytest plugin: fixtures `mockcloud` and `mockcloud_server`, marker `mockcloud`.

Knows pytest. Law: an idle plugin costs nothing, so that nothing of ours, and no library, is imported until a fixture is
asked for.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from mockcloud.cloud import Cloud
    from mockcloud.server.server import Server

_MARKER = (
    "mockcloud(providers=None, auth='strict', clock=None, seed=0, store='memory:', credentials=None, settings=None, allow=()): "
    "what the fixtures mockcloud and mockcloud_server make their Cloud of; allow: hosts that may reach the network."
)


def pytest_configure(config: pytest.Config) -> None:
    """Register the marker."""
    config.addinivalue_line("markers", _MARKER)


@pytest.fixture
def _mockcloud_made(request: pytest.FixtureRequest) -> tuple[Cloud, tuple[str, ...]]:
    from mockcloud.cloud import Cloud

    options = _options(request.node.get_closest_marker("mockcloud"), Cloud)
    allow = options.pop("allow", ())
    return Cloud(**options), allow


@pytest.fixture
def mockcloud(_mockcloud_made: tuple[Cloud, tuple[str, ...]]) -> Iterator[Cloud]:
    """A fresh Cloud that answers what httpx and requests send to the vendors' hosts during this test."""
    cloud, allow = _mockcloud_made
    with cloud.intercept(allow=allow):
        yield cloud


@pytest.fixture
def mockcloud_server(_mockcloud_made: tuple[Cloud, tuple[str, ...]]) -> Iterator[Server]:
    """A fresh Cloud on a free loopback port (`.url`, `.port`, `.cloud`); with the fixture `mockcloud` the two share it."""
    from mockcloud.server.server import serve

    with serve(_mockcloud_made[0]) as server:
        yield server


def _options(marker: pytest.Mark | None, cloud: type[Cloud]) -> dict[str, Any]:
    from inspect import signature

    from mockcloud.errors import UsageError, nearest

    if marker is None:
        return {}
    known = {*signature(cloud).parameters, "allow"}
    if marker.args:
        raise UsageError(f"@pytest.mark.mockcloud takes keywords only, found {marker.args[0]!r}.{nearest('', known)}")
    for name in marker.kwargs:
        if name not in known:
            raise UsageError(f"@pytest.mark.mockcloud does not know '{name}'.{nearest(name, known)}")
    return dict(marker.kwargs)
