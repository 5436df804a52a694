"""`python -m benchmarks.planted DOCUMENT COUNT`: how long Schemathesis takes to find a planted defect, each time anew.

Runs in Schemathesis's own environment. The defect is of a common kind: a member that may be absent is read as if it were always
there, so that the server answers 500. Law: the server does nothing else, so that all of the time is the search's.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from time import perf_counter
from typing import Any

import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.generation import GenerationMode

from benchmarks.drawing import PATH

MEMBER = "format"
"""What the server takes for granted in a target."""


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """Answer 200, and 500 where the member is not there."""
    body = json.loads(environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0)) or b"{}")
    target = body.get("target") if isinstance(body, dict) else None
    there = not isinstance(target, dict) or MEMBER in target
    start_response("200 OK" if there else "500 Internal Server Error", [("Content-Type", "application/json")])
    return [b"{}"]


def found(document: dict[str, Any]) -> float:
    """Milliseconds from the first draw to the smallest case that shows the defect."""
    schema = schemathesis.openapi.from_dict(document)
    schema.app = application
    path = next(one for one in document["paths"] if one.endswith(PATH))
    strategy = schema[path]["POST"].as_strategy(generation_mode=GenerationMode.POSITIVE)

    @settings(
        database=None,
        deadline=None,
        derandomize=True,
        phases=[Phase.generate, Phase.shrink],
        suppress_health_check=list(HealthCheck),
    )
    @given(strategy)
    def run(case: Any) -> None:
        assert case.call().status_code != 500

    start = perf_counter()
    try:
        run()
    except AssertionError:
        return (perf_counter() - start) * 1000
    raise SystemExit("Schemathesis has not found the planted defect")


def main() -> None:
    """One search after one that reads what has to be read."""
    document = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    found(document)
    print(json.dumps([found(document) for _ in range(int(sys.argv[2]))]))


if __name__ == "__main__":
    main()
