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
from pathlib import Path
from time import perf_counter

from benchmarks.targets import PYTEST, PYTHON
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
    code: str

    def sample(self, seconds: float) -> float:
        """One run."""
        start = perf_counter()
        _run(["-c", self.code])
        return (perf_counter() - start) * 1000


@dataclass(frozen=True, slots=True)
class Inside:
    """What a process measures of itself and prints, in milliseconds."""

    name: str
    code: str
    given: Callable[[], str] = str

    def sample(self, seconds: float) -> float:
        """One run."""
        return float(_run(["-c", self.code], self.given()).stdout)


@dataclass(frozen=True, slots=True)
class Pytest:
    """A pytest run of one empty test, in milliseconds from the call of `pytest.main`."""

    name: str
    folder: Path
    options: tuple[str, ...] = ()

    def sample(self, seconds: float) -> float:
        """One run."""
        quiet = ("-q", "-p", "no:cacheprovider", "--rootdir", str(self.folder), str(self.folder / "test_nothing.py"))
        return float(_run(["-c", _PYTEST, *self.options, *quiet]).stderr)


@contextmanager
def subjects() -> Iterator[list[Whole | Inside | Pytest]]:
    """All of the group. The folder with the test lives as long as the context."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "test_nothing.py").write_text("def test_nothing() -> None:\n    pass\n", encoding="utf-8")
        found: list[Whole | Inside | Pytest] = [
            Whole(PYTHON, "pass"),
            Whole("python -c 'import mockcloud'", "import mockcloud"),
            Inside("import mockcloud, timed inside", _TIMED.format(what="import mockcloud")),
            Inside("import and Cloud(), timed inside", _TIMED.format(what="from mockcloud import Cloud; Cloud()")),
            _first("jdcloud create", ASKED["jdcloud create"]),
            _first("MediaInfo create", ASKED["tencent_ci MediaInfo create"]),
            Pytest(PYTEST, folder),
            Pytest("idle pytest with mockcloud's plugin", folder, ("-p", "mockcloud.pytest_plugin")),
        ]
        for subject in found:
            subject.sample(0)  # so that every module's bytecode is there
        yield found


def _first(name: str, asked: Asked) -> Inside:
    def given() -> str:
        request = signed(asked.provider, creation(asked), RealClock().now())
        return json.dumps([request.method, request.target, request.host, request.headers, request.body.decode()])

    return Inside(f"import, Cloud() and a first {name}, timed inside", _FIRST, given)


def _run(arguments: list[str], given: str = "") -> subprocess.CompletedProcess[str]:
    path = os.pathsep.join([str(ROOT), *filter(None, [os.environ.get("PYTHONPATH")])])
    environment = {**os.environ, "PYTHONPATH": path, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    done = subprocess.run(
        [sys.executable, *arguments], input=given, env=environment, capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr
    return done
