"""`python -m benchmarks.drawing WAY COUNT [DOCUMENT]`: draw so many cases in a Hypothesis run, print how many and in what time.

Knows each way by itself, for it runs in two environments: mockcloud's, and Schemathesis's own. Law: every way runs under the same
settings, and what is imported and read before the first draw is not counted.
"""

from __future__ import annotations

import json
import string
import sys
from collections.abc import Callable
from pathlib import Path
from time import perf_counter
from typing import Any

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

OPERATION = "jdcloud.createThumbnailTask"
PATH = "/thumbnail"
"""How the operation's path ends in the exported document."""


def floor(document: str) -> st.SearchStrategy[Any]:
    """The least that a dictionary of six members costs."""
    return st.fixed_dictionaries({name: st.integers(0, 4_096) for name in "abcdef"})


def by_hand(document: str) -> st.SearchStrategy[Any]:
    """What somebody would write in an afternoon: most of the body, no conditions but one."""
    text = st.text(string.printable, min_size=1, max_size=20)
    size = st.just(0) | st.integers(8, 4_096)
    target = {"format": st.sampled_from(["jpg", "png"]), "widthInPixel": size, "heightInPixel": size, "destKeyPrefix": text}
    times = {"keyFrame": st.booleans(), "startTimeInSecond": st.integers(0, 100), "endTimeInSecond": st.integers(100, 200)}
    rule = st.fixed_dictionaries({"mode": st.just("multi")}, optional={**times, "count": st.integers(1, 3_600)})
    return st.fixed_dictionaries(
        {
            "regionId": st.sampled_from(["cn-north-1", "cn-east-1", "cn-east-2", "cn-south-1"]),
            "source": st.fixed_dictionaries({"bucket": text, "key": text}),
            "target": st.fixed_dictionaries({"destBucket": text}, optional=target),
        },
        optional={"rule": rule},
    )


def valid(document: str) -> st.SearchStrategy[Any]:
    """Our valid requests, as arguments."""
    from mockcloud.strategies import requests

    return requests(OPERATION)


def signed(document: str) -> st.SearchStrategy[Any]:
    """Our valid requests, as signed bytes."""
    return valid(document).map(lambda case: case.request)


def broken(document: str) -> st.SearchStrategy[Any]:
    """Our broken requests: signed bytes, judged and labelled."""
    from mockcloud.strategies import broken_requests

    return broken_requests(OPERATION)


def positive(document: str) -> st.SearchStrategy[Any]:
    """Schemathesis's valid cases."""
    return _schemathesis(document, "POSITIVE")


def negative(document: str) -> st.SearchStrategy[Any]:
    """Schemathesis's negative cases."""
    return _schemathesis(document, "NEGATIVE")


def _schemathesis(document: str, mode: str) -> st.SearchStrategy[Any]:
    import schemathesis
    from schemathesis.generation import GenerationMode

    read = json.loads(Path(document).read_text(encoding="utf-8"))
    path = next(one for one in read["paths"] if one.endswith(PATH))
    found: st.SearchStrategy[Any] = schemathesis.openapi.from_dict(read)[path]["POST"].as_strategy(
        generation_mode=GenerationMode[mode]
    )
    return found


WAYS: dict[str, Callable[[str], st.SearchStrategy[Any]]] = {
    one.__name__: one for one in (floor, by_hand, valid, signed, broken, positive, negative)
}


def drawn(strategy: st.SearchStrategy[Any], count: int) -> int:
    """How many cases a run of so many examples draws."""
    found = 0

    @settings(
        max_examples=count,
        derandomize=True,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(strategy)
    def run(case: Any) -> None:
        nonlocal found
        found += 1

    run()
    return found


def main() -> None:
    """One run after a short one, which reads what has to be read."""
    way, count, *document = sys.argv[1:]
    strategy = WAYS[way](document[0] if document else "")
    drawn(strategy, 5)
    start = perf_counter()
    found = drawn(strategy, int(count))
    print(json.dumps({"drawn": found, "seconds": perf_counter() - start}))


if __name__ == "__main__":
    main()
