"""The pytest plugin: fixtures `mockcloud` and `mockcloud_server`, marker `mockcloud`.

Knows pytest. Law: an idle plugin costs nothing, so that nothing of ours, and no library, is imported until a fixture is
asked for.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from mockcloud.cloud import Cloud
    from mockcloud.server.server import Server

_CLOUD: pytest.StashKey[Cloud] = pytest.StashKey()
"""The cloud of a test."""

_MARKER = (
    "mockcloud(providers=None, auth='strict', clock=None, seed=0, store='memory:', credentials=None, settings=None, "
    "callback_hosts=(), allow=()): "
    "what the fixtures mockcloud and mockcloud_server make their Cloud of; allow: hosts that may reach the network."
)


def pytest_configure(config: pytest.Config) -> None:
    """Register the marker."""
    config.addinivalue_line("markers", _MARKER)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Generator[None, Any, Any]:
    """Show beside a test that failed what the mock refused during it, and why."""
    report = yield
    cloud = item.stash.get(_CLOUD, None) if report.when == "call" and report.failed else None
    refused = [str(exchange) for exchange in (cloud.journal if cloud else ()) if exchange.refusal or exchange.note]
    if refused:
        report.sections.append(("mockcloud: refused requests", "\n".join(refused)))
    return report


@pytest.fixture
def _mockcloud_made(request: pytest.FixtureRequest) -> tuple[Cloud, tuple[str, ...]]:
    from mockcloud.cloud import Cloud

    options = _options(request.node.get_closest_marker("mockcloud"), Cloud)
    allow = options.pop("allow", ())
    cloud = request.node.stash[_CLOUD] = Cloud(**options)
    return cloud, allow


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
