"""What the tests share: the doors through which a request reaches a cloud."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

TRACED = "COVERAGE_PROCESS_CONFIG"
"""The variable by which coverage tells a program that it is to be traced."""

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(Path(__file__).parent))

# The SDKs and requests ask the environment for proxies; every server of these tests is on loopback.
os.environ["NO_PROXY"] = os.environ["no_proxy"] = "127.0.0.1,localhost"
# Programs that the tests start keep back what they print, as they do for everybody; whoever runs the tests may see it at once.
os.environ.pop("PYTHONUNBUFFERED", None)

BUILT_ON_THE_CORE = re.compile(
    r"tests/((clients|conduct|strategies)/.*|test_(answers|changes.*|cli_diff|cli_export|completion|decks|docs_strategies|doors"
    r"|explain|export_.*|fuzz.*|help|init|mutation|outputs|sample_provider|schemathesis|terminal|vectors.*)\.py)"
)
"""Modules that go through every rule, fixture or mutant, or start a program for each of their tests: to trace them would
double their time, and tells nothing that the tests of the core do not."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if BUILT_ON_THE_CORE.fullmatch(item.path.relative_to(ROOT).as_posix()):
            item.add_marker("no_cover")


@pytest.fixture(autouse=True)
def untraced_programs(request: pytest.FixtureRequest) -> Iterator[None]:
    """What a test that is not traced starts is not traced either: coverage tells programs by a variable."""
    told = os.environ.pop(TRACED, None) if request.node.get_closest_marker("no_cover") else None
    yield
    if told is not None:
        os.environ[TRACED] = told
