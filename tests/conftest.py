"""What the tests share: the doors through which a request reaches a cloud."""

from __future__ import annotations

import os
import re
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

# The SDKs and requests ask the environment for proxies; every server of these tests is on loopback.
os.environ["NO_PROXY"] = os.environ["no_proxy"] = "127.0.0.1,localhost"

BUILT_ON_THE_CORE = re.compile(
    r"test_(answers|changes.*|cli_diff|cli_export|explain|export_.*|help|mutation|outputs|sample_provider|schemathesis|vectors.*)"
)
"""Modules that go through every rule, fixture or mutant: to trace them would double their time, and tells nothing that the
tests of the core do not."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if BUILT_ON_THE_CORE.fullmatch(item.path.stem):
            item.add_marker("no_cover")
