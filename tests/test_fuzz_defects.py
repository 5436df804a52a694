"""A server that keeps its contract has no deviation; each of many servers that do not is found out."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

import pytest
from broken_servers import DEFECTS, Defect, changed, server

from mockcloud.fuzzing.campaign import Campaign
from mockcloud.fuzzing.deviation import Deviation, Report
from mockcloud.fuzzing.target import Target
from mockcloud.reports.dossier import dossier, dossiers

WHOLE = {entry.name: () for entry in dossiers()}
"""Providers whose every operation is asked about."""
SOME = {
    "tencent_ci": ("CreateMediaJobs.MediaInfo", "DescribeMediaJob", "CancelMediaJob", "UpdateMediaQueue", "DescribeMediaTemplates", "CreateMediaTemplate.VoiceSeparate", "DeleteMediaTemplate"),
    "jdcloud": ("createThumbnailTask", "getThumbnailTask", "listThumbnailTask", "submitSnapshotTask", "getSnapshotTask", "deleteSnapshotTask", "setNotification"),
}  # fmt: skip
"""For large contracts the operations that differ most: the others are asked about in the same ways."""


def played(provider: str, target: Target, operations: Collection[str], until: Defect | None = None) -> Report:
    """A run; it ends when a deviation is found that it was to find."""
    campaign = Campaign(dossier(provider), target, operations, examples=0)
    assert campaign.doorstep() is None
    for part in campaign.parts():
        for _ in campaign.play(part):
            if until is not None and any(fits(one, until) for one in campaign.report.deviations.values()):
                return campaign.report
    return campaign.report


def fits(found: Deviation, defect: Defect) -> bool:
    return found.kind == defect.kind and defect.rule in found.rule


@pytest.mark.parametrize("provider", WHOLE)
def test_a_server_that_keeps_its_contract_has_no_deviation(provider: str) -> None:
    operations = [f"{provider}.{name}" for name in SOME.get(provider, ())]
    report = played(provider, server(provider), operations)
    assert not report.deviations, "\n".join(map(str, report.deviations.values()))
    assert not report.problem
    assert report.asked > 100


@pytest.mark.parametrize("defect", DEFECTS, ids=lambda defect: defect.name)
def test_a_server_with_a_defect_is_found_out(defect: Defect, tmp_path: Path) -> None:
    target = server(defect.provider, changed(defect, tmp_path), defect)
    if defect.auth == "off" and defect.kind == "echo":
        target = Target(target.send, target.host, strict=False, now=target.now, wait=target.wait, names=target.names)
    report = played(defect.provider, target, defect.operations, until=defect)
    found = [one for one in report.deviations.values() if fits(one, defect)]
    assert found, "\n".join(f"{one.id} {one.operation} {one.found}" for one in report.deviations.values()) or "nothing was found"


def test_there_are_at_least_15_defects_and_each_has_a_name_of_its_own() -> None:
    assert len({defect.name for defect in DEFECTS}) == len(DEFECTS) >= 15
