"""Every workflow among the fixtures, walked through each entrance."""

from __future__ import annotations

import pytest
from cases import Case
from doors import DOORS, INTERCEPTED, Door, by_handle
from journeys import all_journeys, walk

from mockcloud import Cloud

ENTRANCES: dict[str, Door] = {"handle": by_handle, **{name: DOORS[name] for name in ("httpx", "requests", "socket")}}


def reachable(case: Case, name: str) -> bool:
    """Whether the interceptors answer for all hosts of a journey."""
    hosts = {step["request"]["host"] for step in case.data["steps"] if "request" in step}
    return name not in INTERCEPTED or all(map(Cloud().answers, hosts))


PAIRS = [
    pytest.param(case, door, id=f"{case.id}-{name}")
    for case in all_journeys()
    for name, door in ENTRANCES.items()
    if reachable(case, name)
]


@pytest.mark.parametrize(("case", "door"), PAIRS)
def test_a_workflow_goes_as_its_fixture_says(case: Case, door: Door) -> None:
    cloud = walk(case, door)
    assert isinstance(cloud, Cloud)
    assert len(cloud.journal) == sum("request" in step for step in case.data["steps"])
