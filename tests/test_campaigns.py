"""Campaigns: a run over several processes tells what one process tells, and several machines share what they found."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.database import DirectoryBasedExampleDatabase
from redis import Redis

from mockcloud.errors import MissingExtra, UsageError
from mockcloud.reports.suites import Told, lines
from mockcloud.strategies import kept
from mockcloud.strategies.exploring import explore
from mockcloud.strategies.profile import profile

ROOT = Path(__file__).parents[1]

SUITE = """
from conduct.clients import Getting


class TestGetting(Getting):
    examples = 5


class TestUncoded(Getting):
    examples = 5

    def code(self, error):
        return "another"


def test_of_something_else():
    pass
"""
TESTS = "raises or waits or something"

SEARCH = """
import sys
from hypothesis import strategies as st
from mockcloud.strategies.exploring import explore

class Wrong(Exception): pass

tried = []

def check(case):
    tried.append(case["size"])
    return Wrong() if case["size"] >= 1000 else None

found = explore("campaign", st.fixed_dictionaries({"size": st.integers(0, 2000)}), check, int(sys.argv[1]))
print("found" if found else "not found", tried[0])
"""


@pytest.fixture
def redis(tmp_path: Path) -> Iterator[str]:
    """The URL of a Redis of its own, on a socket in the file system."""
    server = shutil.which("redis-server")
    if server is None:
        pytest.skip("there is no redis-server here")
    command = [server, "--port", "0", "--unixsocket", str(tmp_path / "redis.sock"), "--save", "", "--dir", str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as running:
        assert running.stdout is not None
        said = next((line for line in running.stdout if "ready to accept connections" in line.lower()), "")
        assert said, "redis-server did not start"
        yield f"unix://{tmp_path}/redis.sock?db=3"
        running.terminate()


def pytested(folder: Path, *arguments: str) -> list[str]:
    """The summary of the contracts of a run of the suite."""
    (folder / "test_suite.py").write_text(SUITE)
    environment = {
        **os.environ,
        "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "tests")]),
        "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
        "CI": "true",
    }
    command = [sys.executable, "-m", "pytest", "-p", "mockcloud.pytest_plugin", "-p", "no:cacheprovider", "-k", TESTS, *arguments]
    told = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False).stdout
    found = re.search(r"^=+ mockcloud contracts =+\n(.*?)^=", told, re.MULTILINE | re.DOTALL)
    assert found, told
    return found[1].splitlines()


def test_several_processes_tell_of_each_contract_what_one_tells(tmp_path: Path) -> None:
    alone = pytested(tmp_path)
    assert pytested(tmp_path, "-p", "xdist", "-n", "2") == alone
    of_both, of_one, of_all = alone
    assert re.fullmatch(r"test_suite\.py::TestGetting: 1 passed, 1 skipped, [1-9]\d* examples", of_both)
    assert re.fullmatch(r"test_suite\.py::TestUncoded: 1 failed, 1 skipped, [1-9]\d* examples?", of_one)
    assert of_all.startswith("2 contracts: 1 passed, 1 failed, 2 skipped, ")


def test_a_summary_counts_each_outcome_of_each_class_in_the_order_of_their_names() -> None:
    assert lines([]) == []
    assert lines([Told("b", "passed", 1)]) == ["b: 1 passed, 1 example"]
    told = [Told("b", "xfailed", 2), Told("a", "error", 0), Told("b", "failed", 3), Told("a", "passed", 4)]
    assert lines(told) == [
        "a: 1 passed, 1 error, 4 examples",
        "b: 1 failed, 1 xfailed, 5 examples",
        "2 contracts: 1 passed, 1 failed, 1 error, 1 xfailed, 9 examples",
    ]


def searched(folder: Path, place: str, examples: int) -> str:
    folder.mkdir()
    environment = {**os.environ, "PYTHONPATH": str(ROOT), kept.VARIABLE: place}
    (folder.parent / "search.py").write_text(SEARCH)
    command = [sys.executable, str(folder.parent / "search.py"), str(examples)]
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert not (folder / ".hypothesis" / "examples").exists()
    return done.stdout


def test_what_one_process_found_is_the_first_that_another_tries(redis: str, tmp_path: Path) -> None:
    assert searched(tmp_path / "one", redis, 500).startswith("found")
    # One example would not find it by chance: the first is the smallest.
    assert searched(tmp_path / "other", redis, 1) == "found 1000\n"


def test_a_place_in_which_nothing_was_found_helps_nobody(redis: str, tmp_path: Path) -> None:
    assert searched(tmp_path / "other", redis, 1).startswith("not found")


def test_a_redis_that_is_lost_is_told_in_a_sentence(redis: str) -> None:
    shared = kept.database(redis)
    shared.save(b"key", b"value")
    assert list(shared.fetch(b"key")) == [b"value"]
    lose(redis)
    for ask in (lambda: shared.fetch(b"key"), lambda: shared.save(b"key", b"v"), lambda: shared.delete(b"key", b"v")):
        with pytest.raises(UsageError, match="MOCKCLOUD_EXAMPLES: the Redis at unix:.* answers no more: "):
            ask()


def test_a_failure_is_told_though_the_redis_is_lost_with_it(monkeypatch: pytest.MonkeyPatch, redis: str) -> None:
    class Wrong(Exception):
        pass

    def check(case: int) -> Wrong:
        lose(redis)
        return Wrong(case)

    monkeypatch.setenv(kept.VARIABLE, redis)
    assert isinstance(explore("lost", st.integers(), check, 10), Wrong)


def lose(redis: str) -> None:
    with Redis.from_url(redis) as client:
        client.shutdown(nosave=True)


@pytest.mark.parametrize(
    ("place", "said"),
    [
        ("redis://me:secret@127.0.0.1:1/0", "MOCKCLOUD_EXAMPLES: no Redis answers at redis://127.0.0.1:1/0: "),
        ("redis://127.0.0.1:port", "MOCKCLOUD_EXAMPLES: no Redis answers at redis://127.0.0.1:port: "),
        ("redis://me:se/cret:secret@h/0", "MOCKCLOUD_EXAMPLES: no Redis answers at redis://h/0: it is no URL; in a user or"),
        ("redis://me:se?secret@h/0", "MOCKCLOUD_EXAMPLES: no Redis answers at redis://...: it is no URL"),
        ("redis://[secret@[h", "MOCKCLOUD_EXAMPLES: no Redis answers at redis://[h: it is no URL"),
        ("http://[x", "is a folder or the URL of a Redis, such as redis://HOST:6379/0, found 'http://[x'"),
        ("http://me:secret@h/x", "is a folder or the URL of a Redis, such as redis://HOST:6379/0, found 'http://h/x'"),
    ],
)
def test_a_place_that_cannot_be_used_is_told_without_its_secret(place: str, said: str) -> None:
    with pytest.raises(UsageError) as caught:
        kept.database(place)
    assert said in str(caught.value)
    assert not re.search("secret|'se", str(caught.value))


def test_without_the_extra_a_redis_is_told_to_need_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept, "find_spec", lambda name: None)
    with pytest.raises(MissingExtra, match=r"MOCKCLOUD_EXAMPLES=redis://h/0 needs the extra \[redis\]"):
        kept.database("redis://me:secret@h/0")


@pytest.mark.parametrize(
    ("ci", "place", "without_chance", "folder"),
    [
        ("", "", False, ".hypothesis/examples"),
        ("", "shared", False, "shared"),
        ("true", "", True, None),
        ("true", "shared", False, "shared"),
    ],
)
def test_where_it_is_ci_that_runs_there_is_no_chance_but_on_a_campaign(monkeypatch, ci, place, without_chance, folder) -> None:
    monkeypatch.setenv("CI", ci)
    monkeypatch.setenv(kept.VARIABLE, place)
    found: settings = profile()
    assert (found.derandomize, found.deadline) == (without_chance, None)
    assert found.database == (None if folder is None else DirectoryBasedExampleDatabase(folder))
