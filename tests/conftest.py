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

MEASURES = re.compile(
    r"tests/(core/.*|test_(bad_input|cassettes|checks|documents|har|json_stream|outbound|raw_messages|readers|recorded_journals"
    r"|recorders|sources|threats|validate_command|verdicts.*)\.py)"
)
"""Modules whose tests are traced when coverage is measured: those of the core, of outbound and of recorded traffic, which are
what the measure is about. To trace the others would take half their time again, and tell nothing more."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if not MEASURES.fullmatch(item.path.relative_to(ROOT).as_posix()):
            item.add_marker("no_cover")


@pytest.fixture(autouse=True)
def untraced_programs(request: pytest.FixtureRequest) -> Iterator[None]:
    """What a test that is not traced starts is not traced either: coverage tells programs by a variable."""
    told = os.environ.pop(TRACED, None) if request.node.get_closest_marker("no_cover") else None
    yield
    if told is not None:
        os.environ[TRACED] = told
