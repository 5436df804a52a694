"""What it costs to start: an import, a first request, a pytest run that uses nothing of ours. Fresh processes throughout."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.metadata import entry_points
from pathlib import Path
from time import perf_counter

from benchmarks.targets import PYTEST, PYTEST_EMPTY, PYTHON
from benchmarks.traffic import ASKED, Asked, creation, signed
from mockcloud import RealClock

ROOT = Path(__file__).resolve().parent.parent

_TIMED = "import sys, time; start = time.perf_counter(); {what}; print((time.perf_counter() - start) * 1000)"
_FIRST = """
import json, sys, time
given = json.load(sys.stdin)
start = time.perf_counter()
from mockcloud import Cloud, Request
answer = Cloud().handle(Request(given[0], given[1], given[2], tuple(map(tuple, given[3])), given[4].encode()))
print((time.perf_counter() - start) * 1000)
assert answer.status == 200, answer
"""
_PYTEST = """
import pytest, sys, time
start = time.perf_counter()
code = pytest.main(sys.argv[1:])
sys.stderr.write(str((time.perf_counter() - start) * 1000))
sys.exit(code)
"""


@dataclass(frozen=True, slots=True)
class Whole:
    """A process from its start to its end, in milliseconds."""

    name: str
    folder: Path
    code: str

    def sample(self, seconds: float) -> float:
        """One run."""
        start = perf_counter()
        _run(self.folder, ["-c", self.code])
        return (perf_counter() - start) * 1000


@dataclass(frozen=True, slots=True)
class Inside:
    """What a process measures of itself and prints, in milliseconds."""

    name: str
    folder: Path
    code: str
    given: Callable[[], str] = str

    def sample(self, seconds: float) -> float:
        """One run."""
        return float(_run(self.folder, ["-c", self.code], self.given()).stdout)


@dataclass(frozen=True, slots=True)
class Pytest:
    """A pytest run of one empty test, in milliseconds from the call of `pytest.main`."""

    name: str
    folder: Path
    options: tuple[str, ...] = ("-p", "no:mockcloud")
    path: str = ""

    def sample(self, seconds: float) -> float:
        """One run."""
        quiet = ("-q", "-p", "no:cacheprovider", "--rootdir", str(self.folder), str(self.folder / "test_nothing.py"))
        # Plugins of other packages that happen to be installed would be noise.
        names = sorted({point.name for point in entry_points(group="pytest11")} - {"mockcloud"})
        others = [word for name in names for word in ("-p", f"no:{name}")]
        return float(_run(self.folder, ["-c", _PYTEST, *self.options, *others, *quiet], path=self.path).stderr)


@contextmanager
def subjects() -> Iterator[list[Whole | Inside | Pytest]]:
    """All of the group. The folder, of a test and of bytecode, lives as long as the context."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "test_nothing.py").write_text("def test_nothing() -> None:\n    pass\n", encoding="utf-8")
        (folder / "empty_plugin.py").write_text("", encoding="utf-8")
        found: list[Whole | Inside | Pytest] = [
            Whole(PYTHON, folder, "pass"),
            Whole("python -c 'import mockcloud'", folder, "import mockcloud"),
            Inside("import mockcloud, timed inside", folder, _TIMED.format(what="import mockcloud")),
            Inside("import and Cloud(), timed inside", folder, _TIMED.format(what="from mockcloud import Cloud; Cloud()")),
            _first(folder, "jdcloud create", ASKED["jdcloud create"]),
            _first(folder, "MediaInfo create", ASKED["tencent_ci MediaInfo create"]),
            Pytest(PYTEST, folder),
            Pytest("idle pytest, mockcloud's plugin installed", folder, (), path=_installed(folder)),
            Pytest(PYTEST_EMPTY, folder, ("-p", "no:mockcloud", "-p", "empty_plugin"), path=str(folder)),
            Pytest("idle pytest -p mockcloud.pytest_plugin", folder, ("-p", "no:mockcloud", "-p", "mockcloud.pytest_plugin")),
        ]
        for subject in found:
            subject.sample(0)  # leaves every module's bytecode there
        yield found


def _installed(folder: Path) -> str:
    """A folder for the module path that holds what pip writes of a package with our plugin, whether it is installed or not."""
    entry = folder / "site" / "mockcloud_benchmark-0.dist-info"
    entry.mkdir(parents=True)
    (entry / "METADATA").write_text("Metadata-Version: 2.1\nName: mockcloud-benchmark\nVersion: 0\n", encoding="utf-8")
    (entry / "entry_points.txt").write_text("[pytest11]\nmockcloud = mockcloud.pytest_plugin\n", encoding="utf-8")
    (entry / "RECORD").write_text("mockcloud/__init__.py,,\nmockcloud/pytest_plugin.py,,\n", encoding="utf-8")
    return str(entry.parent)


def _first(folder: Path, name: str, asked: Asked) -> Inside:
    def given() -> str:
        request = signed(asked.provider, creation(asked), RealClock().now())
        return json.dumps([request.method, request.target, request.host, request.headers, request.body.decode()])

    return Inside(f"import, Cloud() and a first {name}, timed inside", folder, _FIRST, given)


def _run(folder: Path, arguments: list[str], given: str = "", path: str = "") -> subprocess.CompletedProcess[str]:
    paths = os.pathsep.join(filter(None, [str(ROOT), path, os.environ.get("PYTHONPATH")]))
    # Bytecode is kept, whatever the caller's environment says, and the checkout stays clean.
    environment = {**os.environ, "PYTHONPATH": paths, "PYTHONPYCACHEPREFIX": str(folder)}
    for name in ("PYTHONDONTWRITEBYTECODE", "PYTEST_DISABLE_PLUGIN_AUTOLOAD", "PYTEST_ADDOPTS"):
        environment.pop(name, None)
    done = subprocess.run(
        [sys.executable, *arguments], input=given, env=environment, capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr
    return done
