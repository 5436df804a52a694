"""The pytest plugin: fixtures `mockcloud` and `mockcloud_server`, marker `mockcloud`, option `--mockcloud-journal`, a summary.

Knows pytest. Law: an idle plugin costs nothing, so that nothing of ours, and no library, is imported until a fixture is
asked for.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Generator, Iterable, Iterator
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from mockcloud.cloud import Cloud
    from mockcloud.server.server import Server
    from mockcloud.state.journal_file import JournalFile

_CLOUD: pytest.StashKey[Cloud] = pytest.StashKey()
"""The cloud of a test."""

_JOURNAL: pytest.StashKey[JournalFile] = pytest.StashKey()
"""The file that every cloud of the run writes its exchanges to, where one was asked for."""

_LOST: pytest.StashKey[list[str]] = pytest.StashKey()
"""Why that file is not whole."""

_CONTRACT = "mockcloud_contract"
"""The attribute by which the report of a contract's test says whose it is. It travels between the processes of pytest-xdist."""

_MARKER = (
    # Without the store: pytest takes what stands before the first colon for the marker's signature.
    "mockcloud(providers=None, auth='strict', clock=None, seed=0, credentials=None, settings=None, callback_hosts=(), allow=()): "
    "what the fixtures mockcloud and mockcloud_server make their Cloud of; allow: hosts that may reach the network."
)


def pytest_addoption(parser: pytest.Parser) -> None:
    """Register the option. Its path is made absolute here: the processes of pytest-xdist may stand in another folder."""
    parser.getgroup("mockcloud").addoption(
        "--mockcloud-journal",
        metavar="FILE",
        type=os.path.abspath,
        help="append each exchange of every test's cloud to this file, a line of JSON each, for `mockcloud validate`",
    )


def pytest_configure(config: pytest.Config) -> None:
    """Register the marker, and open the journal. Every process of pytest-xdist opens it and appends whole lines."""
    config.addinivalue_line("markers", _MARKER)
    path = config.getoption("mockcloud_journal", None)
    if path:
        from mockcloud.errors import UsageError
        from mockcloud.state.journal_file import JournalFile

        lost = config.stash[_LOST] = []
        try:
            config.stash[_JOURNAL] = JournalFile(path, lost.append)
        except UsageError as problem:
            raise pytest.UsageError(f"--mockcloud-journal: {problem}") from None


def pytest_unconfigure(config: pytest.Config) -> None:
    """Close the journal."""
    if _JOURNAL in config.stash:
        config.stash[_JOURNAL].close()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Generator[None, Any, Any]:
    """Show beside a test that failed what the mock refused during it, and why; say of a contract's test which it is of."""
    report = yield
    if _is_of_a_contract(item):
        setattr(report, _CONTRACT, item.nodeid.rpartition("::")[0])
    # In any phase: a client may be set up, and closed, by fixtures of the user's own.
    cloud = item.stash.get(_CLOUD, None) if report.failed else None
    if cloud is not None:
        from mockcloud.reports import refused

        told = refused.page(cloud.journal)
        if told:
            report.sections.append(("mockcloud: refused requests", told))
    return report


def _is_of_a_contract(item: pytest.Item) -> bool:
    # Whoever has such a class has loaded it; nobody else shall.
    loaded, kind = sys.modules.get("mockcloud.client_contract"), getattr(item, "cls", None)
    return loaded is not None and kind is not None and issubclass(kind, loaded.ClientContract)


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Say what became of each contract, where any ran. pytest-xdist brings the reports of its processes here."""
    found = [
        (outcome, report)
        for outcome, reports in terminalreporter.stats.items()
        for report in reports
        if outcome and hasattr(report, _CONTRACT)
    ]
    if not found:
        return
    from mockcloud.reports.suites import Told, lines

    terminalreporter.section("mockcloud contracts")
    told = [Told(getattr(report, _CONTRACT), outcome, _examples(report)) for outcome, report in found]
    for line in lines(told):
        terminalreporter.line(line)


def _examples(report: pytest.TestReport) -> int:
    # An error behind the test comes with the same properties once more.
    said: dict[str, Any] = dict(report.user_properties) if report.when == "call" else {}
    return int(said.get("mockcloud_examples", 0))


@pytest.fixture
def _mockcloud_made(request: pytest.FixtureRequest) -> tuple[Cloud, tuple[str, ...]]:
    from mockcloud.cloud import Cloud
    from mockcloud.errors import UsageError

    problem = ""
    try:
        options = _options(request.node.iter_markers("mockcloud"), Cloud)
        allow = options.pop("allow", ())
        cloud = request.node.stash[_CLOUD] = Cloud(**options)
        _keep(cloud, request)
    except UsageError as raised:
        problem = str(raised)
    if problem:
        # One line: our own frames would only stand before it.
        pytest.fail(f"@pytest.mark.mockcloud of {request.node.name}: {problem}", pytrace=False)
    return cloud, allow


def _keep(cloud: Cloud, request: pytest.FixtureRequest) -> None:
    """Let what the cloud records be written to the journal; what was lost of it is told behind the test, not in a client."""
    written = request.config.stash.get(_JOURNAL, None)
    if written is None:
        return
    cloud.journal.watcher = written.write
    lost = request.config.stash[_LOST]

    def tell() -> None:
        import warnings

        while lost:
            warnings.warn(lost.pop(), stacklevel=1)

    request.addfinalizer(tell)


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


def _options(markers: Iterable[pytest.Mark], cloud: type[Cloud]) -> dict[str, Any]:
    """The keywords of a test's markers. Where two have the same one, the one that is closer to the test holds."""
    from inspect import signature

    from mockcloud.errors import UsageError, nearest

    known = {*signature(cloud).parameters, "allow"}
    found: dict[str, Any] = {}
    for marker in markers:
        if marker.args:
            raise UsageError(f"it takes keywords only, found {marker.args[0]!r}.{nearest('', known)}")
        for name in marker.kwargs:
            if name not in known:
                raise UsageError(f"it does not know '{name}'.{nearest(name, known)}")
        found = {**marker.kwargs, **found}
    return found
