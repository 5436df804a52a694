"""A process that judges one recording, or only loads it, and says how many messages it held, how long it took and how much
memory was its most: `python -m benchmarks.judged validate|plain|json PATH`."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from time import perf_counter


def validated(path: str) -> int:
    """Judge the recording as `mockcloud validate` does; the number of exchanges that it holds."""
    from mockcloud.traffic.judge import Judge
    from mockcloud.traffic.readers import read
    from mockcloud.traffic.sources import sources
    from mockcloud.traffic.verdict import Tally

    judge, tally, number = Judge(), Tally(), 0
    for source in sources([path]):
        for recorded in read(source):
            number += 1
            for verdict in judge.judge(recorded):
                tally.count(verdict)
    assert tally.status == 1, tally
    return number


def plainly_validated(path: str) -> int:
    """The same where the extra [fast] is not installed."""
    from benchmarks.without_fast import FAST, Missing

    sys.meta_path.insert(0, Missing)
    number = validated(path)
    assert not FAST & {module.partition(".")[0] for module in sys.modules}
    return number


def loaded(path: str) -> int:
    """Only `json.load` the whole of it, as a reference."""
    with Path(path).open(encoding="utf-8") as file:
        return len(json.load(file)["log"]["entries"])


WAYS: dict[str, Callable[[str], int]] = {"validate": validated, "plain": plainly_validated, "json": loaded}


def main() -> None:
    """Measure once."""
    start = perf_counter()
    number = WAYS[sys.argv[1]](sys.argv[2])
    seconds = perf_counter() - start
    print(json.dumps({"exchanges": number, "seconds": seconds, "peak": peak()}))


def peak() -> int:
    """The most memory that this process held, in bytes. Not `ru_maxrss`: that begins with what the parent held."""
    text = Path("/proc/self/status").read_text(encoding="ascii")
    return int(text.partition("VmHWM:")[2].split()[0]) * 1024


if __name__ == "__main__":
    main()
