"""A server that keeps its contract has no deviation; each of many servers that do not is found out."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from itertools import count
from math import nan
from pathlib import Path

import pytest
from broken_servers import DEFECTS, START, Defect, changed, server

from mockcloud.cloud import Cloud
from mockcloud.fuzzing.campaign import Campaign
from mockcloud.fuzzing.courses import MUTE
from mockcloud.fuzzing.deviation import Deviation, Report
from mockcloud.fuzzing.pair import RETURNING
from mockcloud.fuzzing.target import Gone, NoAnswer, Target
from mockcloud.messages import Request, Response
from mockcloud.reports.dossier import dossier, dossiers
from mockcloud.state.clock import VirtualClock

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
        if campaign.report.problem:
            break
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


SETTINGS = [
    ("ucloud.CreateMediaTask", {"regions": "listed"}),
    ("jdcloud.getThumbnailTask", {"reject_reused_nonce": True}),
    ("tencent_ci.CreateMediaBucket", {"bind_again": "refused"}),
    ("pontus.joinLiveInteraction", {"auth_codes": "ancestor"}),
]


@pytest.mark.parametrize(("operation", "settings"), SETTINGS, ids=[name for name, _ in SETTINGS])
def test_a_server_that_reads_a_contradiction_otherwise_has_no_deviation_from_that_reading(
    operation: str, settings: dict[str, object]
) -> None:
    provider = operation.partition(".")[0]
    kept = server(provider, defect=Defect("none", (operation,), "", settings=settings))
    assert not played(provider, replace(kept, settings=settings), [operation]).deviations


def test_a_server_that_checks_no_signatures_has_no_deviation_where_that_is_said() -> None:
    kept = server("pontus", defect=Defect("none", ("pontus.listProfiles",), "", auth="off"))
    assert not played("pontus", replace(kept, strict=False), ["pontus.listProfiles"]).deviations


def test_a_server_that_takes_a_nonce_once_has_no_deviation_however_fast_it_is_asked() -> None:
    settings = {"jdcloud": {"reject_reused_nonce": True}}
    cloud = Cloud(["jdcloud"], clock=VirtualClock(START, tick=0.01), settings=settings)
    cloud.report = lambda problem: None
    target = Target(
        lambda request: cloud.handle_for("jdcloud", request),
        "127.0.0.1:8080",
        settings=settings["jdcloud"],
        now=cloud.clock.now,
        wait=cloud.clock.advance,
    )
    assert not played("jdcloud", target, ["jdcloud.getThumbnailTask"]).deviations


def test_a_second_run_against_the_same_server_finds_nothing_either() -> None:
    target, operations = server("pontus"), ("pontus.createProfile", "pontus.deleteProfile", "pontus.listChannels")
    assert not played("pontus", target, operations).deviations
    assert not played("pontus", target, operations).deviations


def test_a_server_that_goes_away_ends_the_run() -> None:
    kept, left = server("pontus"), iter(range(30))

    def send(request: Request) -> Response:
        if next(left, None) is None:
            raise Gone("no connection to 127.0.0.1:8080: Connection refused")
        return kept.send(request)

    report = played("pontus", replace(kept, send=send), ("pontus.createProfile",))
    assert report.problem == "the server went away: no connection to 127.0.0.1:8080: Connection refused"
    assert report.status == 2
    assert report.asked < 40


def test_a_server_that_starts_again_by_itself_does_not_end_the_run_however_often_it_does() -> None:
    kept, asked = server("pontus"), count()

    def send(request: Request) -> Response:
        if next(asked) % 3 == 2:
            raise Gone("no connection to 127.0.0.1:8080: Connection refused")
        return kept.send(request)

    report = played("pontus", replace(kept, send=send), ["pontus.listProfiles"])
    assert report.asked > 3 * 2 * RETURNING
    assert not report.problem


def test_a_task_of_which_a_server_says_nothing_is_not_followed_for_long() -> None:
    kept, looks = server("jdcloud"), list[Request]()

    def send(request: Request) -> Response:
        if request.method == "GET":
            looks.append(request)
            raise NoAnswer("no whole answer within 10 s")
        return kept.send(request)

    campaign = Campaign(dossier("jdcloud"), replace(kept, send=send), ["jdcloud.getThumbnailTask"], examples=0)
    for _ in campaign.play(campaign.parts()[0]):
        pass
    assert {one.kind for one in campaign.report.deviations.values()} == {"no-answer"}
    assert 2 * MUTE <= len(looks) <= 3 * MUTE


@pytest.mark.parametrize("patience", [0.0, 1.0, nan])
def test_a_task_that_never_ends_is_waited_for_as_long_as_patience_lasts_and_no_number_lasts_for_ever(patience: float) -> None:
    defect, waits = next(one for one in DEFECTS if one.name == "a task never ends"), list[float]()
    target = replace(server("pontus", defect=defect), patience=patience, wait=waits.append)
    campaign = Campaign(dossier("pontus"), target, defect.operations, examples=0)
    for _ in campaign.play(campaign.parts()[0]):
        pass
    assert any(fits(one, defect) for one in campaign.report.deviations.values())
    assert bool(waits) == (patience > 0)
    assert max(waits, default=0.0) <= target.poll


@pytest.mark.parametrize("provider", WHOLE)
@pytest.mark.parametrize("strict", [True, False])
def test_another_server_is_told_of_as_such_whether_or_not_signatures_count(provider: str, strict: bool) -> None:
    target = Target(lambda request: Response(404, (), b"{}"), "127.0.0.1:8080", strict=strict)
    closed = Campaign(dossier(provider), target, examples=0).doorstep()
    assert closed is not None
    assert closed.absent
    assert f"does not answer as {provider}" in closed.says


@pytest.mark.parametrize("defect", DEFECTS, ids=lambda defect: defect.name)
def test_a_server_with_a_defect_is_found_out(defect: Defect, tmp_path: Path) -> None:
    target = server(defect.provider, changed(defect, tmp_path), defect)
    if defect.auth == "off" and defect.kind == "echo":
        target = replace(target, strict=False)
    report = played(defect.provider, target, defect.operations, until=defect)
    found = [one for one in report.deviations.values() if fits(one, defect)]
    assert found, "\n".join(f"{one.id} {one.operation} {one.found}" for one in report.deviations.values()) or "nothing was found"


def test_there_are_at_least_15_defects_and_each_has_a_name_of_its_own() -> None:
    assert len({defect.name for defect in DEFECTS}) == len(DEFECTS) >= 15
