"""`python -m benchmarks`: measure every group, print its table, write RESULTS.md."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from importlib.util import find_spec
from pathlib import Path
from time import perf_counter
from typing import NamedTuple

from benchmarks import report
from benchmarks.measure import Group, Samples, Subject, samples
from benchmarks.targets import TABLES

RESULTS = Path(__file__).resolve().parent / "RESULTS.md"
NEEDED = ("jsonschema_rs", "lxml", "httpx", "respx", "requests", "responses", "pytest_httpserver")


class Effort(NamedTuple):
    """Rounds, and seconds of one sample."""

    rounds: int
    seconds: float


EFFORTS = {
    "handle": (Effort(15, 0.06), Effort(3, 0.02)),
    "in process": (Effort(15, 0.06), Effort(3, 0.02)),
    "served": (Effort(5, 3.0), Effort(2, 1.0)),
    "start": (Effort(21, 0), Effort(3, 0)),
    "recordings": (Effort(5, 0), Effort(1, 0)),
    "memory": (Effort(3, 0), Effort(1, 0)),
    "generation": (Effort(5, 4.0), Effort(2, 1.0)),
}
"""By group, for a full run and for `--quick`."""


def _handle() -> AbstractContextManager[Sequence[Subject]]:
    from benchmarks import handle

    return handle.subjects()


def _in_process() -> AbstractContextManager[Sequence[Subject]]:
    from benchmarks import in_process

    return nullcontext(in_process.subjects())


def _served() -> AbstractContextManager[Sequence[Subject]]:
    from benchmarks import served

    return nullcontext(served.subjects())


def _start() -> AbstractContextManager[Sequence[Subject]]:
    from benchmarks import starting

    return starting.subjects()


def _recordings() -> AbstractContextManager[Sequence[Subject]]:
    from benchmarks import judging

    return judging.subjects("speed")


def _memory() -> AbstractContextManager[Sequence[Subject]]:
    from benchmarks import judging

    return judging.subjects("memory")


def _generation() -> AbstractContextManager[Sequence[Subject]]:
    from benchmarks import generation

    return generation.subjects()


GROUPS: dict[str, Callable[[], AbstractContextManager[Sequence[Subject]]]] = {
    "handle": _handle,
    "in process": _in_process,
    "served": _served,
    "start": _start,
    "recordings": _recordings,
    "memory": _memory,
    "generation": _generation,
}


@contextmanager
def _opened(name: str, effort: Effort) -> Iterator[Group]:
    with GROUPS[name]() as subjects:
        rows, measured = {row.subject for row in TABLES[name].rows}, {subject.name for subject in subjects}
        assert rows == measured, f"without a row or without a subject: {rows ^ measured}"
        yield Group(name, subjects, effort.rounds, effort.seconds)


def main(arguments: Sequence[str] | None = None) -> int:
    """0, also when targets fall short: the tables say so. 2 when something to compare with is not installed."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="fewer and shorter rounds: under a minute, and noisy")
    parser.add_argument("--group", action="append", choices=list(GROUPS), help="this group only; repeatable")
    parser.add_argument(
        "--output", type=Path, default=RESULTS, help="the file to write (default: RESULTS.md beside this program)"
    )
    given = parser.parse_args(arguments)
    missing = [name for name in NEEDED if find_spec(name) is None]
    if missing:
        print(f"not installed: {', '.join(missing)}; pip install -e '.[dev]'", file=sys.stderr)
        return 2
    start, load, machine = perf_counter(), report.load(), report.machine()
    print("\n".join(machine))
    results: dict[str, Samples] = {}
    for name in given.group or GROUPS:
        with _opened(name, EFFORTS[name][given.quick]) as group:
            results[name] = samples(group)
        print(report.text(TABLES[name], results[name]), flush=True)
    run = (
        f"{report.today()}, a {'quick' if given.quick else 'full'} run of {perf_counter() - start:.0f} s; "
        f"load average {load} before it, {report.load()} after it"
    )
    report.write(given.output, results, machine, run)
    print("\n".join([run, *(f"{report.SHORT}: {sentence}" for sentence in report.short(results))]))
    return 0


if __name__ == "__main__":
    sys.exit(main())
