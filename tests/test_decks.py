"""Decks: every card is what it says, judged by its bytes and by a cloud that is asked."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from cases import ROOT
from editions import Edit, both, copied, dropped, put

from mockcloud import Cloud, UsageError, VirtualClock, validate
from mockcloud.contracts import folders
from mockcloud.drafting import decks
from mockcloud.drafting.callbacks import telling
from mockcloud.drafting.cases import SIGNED_AT
from mockcloud.drafting.histories.histories import histories
from mockcloud.drafting.histories.watching import Watcher
from mockcloud.drafting.requests.arguments import drafted, said
from mockcloud.drafting.spoiling import strangers
from mockcloud.messages import Credential, Json
from mockcloud.reports.dossier import dossiers

OPERATIONS = [one.id for entry in dossiers() for one in entry.contract.operations.values()]
each_operation = pytest.mark.parametrize("operation", OPERATIONS)


def asked(operation: str) -> Cloud:
    """A cloud in whose eyes cards are fresh, and which says nothing of what no operation documents."""
    cloud = Cloud([operation.partition(".")[0]], clock=VirtualClock(SIGNED_AT, 0))
    cloud.report = lambda problem: None
    return cloud


@each_operation
def test_every_valid_card_keeps_every_rule_on_the_wire(operation: str) -> None:
    cards = decks.valid(operation)
    assert cards
    assert {one.request: validate(operation, one.request) for one in cards if validate(operation, one.request)} == {}


@each_operation
def test_the_arguments_of_a_valid_card_are_those_that_its_bytes_say(operation: str) -> None:
    entry, found = decks.operation_of(operation)
    for one in decks.valid(operation):
        wire = as_wire(one.arguments, found.reads)
        assert said(entry.contract, found, one.request) == wire
        assert said(entry.contract, found, drafted(found, one.arguments).request(one.host)) == wire


def as_wire(arguments: Json, reads: str) -> Json:
    """The arguments as a query or a form has them: texts."""
    return arguments if reads in ("json", "xml") else {name: str(value) for name, value in arguments.items()}


@each_operation
def test_every_rule_has_a_broken_card_that_breaks_it_and_no_other(operation: str) -> None:
    entry, found = decks.operation_of(operation)
    contract = entry.contract
    wanted = [
        rule.id
        for rule in found.request.rules.values()
        # Without what tells operations apart it is another's request, and a setting may let a rule be.
        if not strangers.taken(contract, found, rule) and not contract.errors.passed_over(rule.id, contract.defaults)
    ]
    cards = [one for one in decks.broken(operation) if one.rule]
    broken = {one.rule: {each.rule for each in validate(operation, one.request)} for one in cards}
    assert broken == {rule: {rule} for rule in wanted}


@each_operation
def test_every_request_that_is_not_signed_rightly_has_a_card(operation: str) -> None:
    labels = {one.label for one in decks.broken(operation)}
    assert {"unsigned", "forged", "nobody"} <= labels


@each_operation
def test_a_cloud_answers_every_broken_card_with_the_code_and_the_status_that_it_names(operation: str) -> None:
    for one in decks.broken(operation):
        cloud = asked(operation)
        cloud.handle(one.request)
        exchange = cloud.journal.last
        assert (exchange.refusal, exchange.response.status) == (one.code, one.status), one


def test_a_card_can_be_signed_by_another_client_at_another_time_for_another_host() -> None:
    card = decks.valid("jdcloud.createThumbnailTask")[0]
    credential = Credential("other", "other-secret")
    cloud = Cloud(["jdcloud"], clock=VirtualClock(2_000_000_000, 0), credentials={"jdcloud": [credential]})
    assert cloud.handle(card.signed(credential, 2_000_000_000, "127.0.0.1:80")).status == 200
    assert cloud.handle(card.request).status == 401


@pytest.mark.parametrize("deck", [decks.valid, decks.broken])
def test_a_deck_of_an_operation_that_is_not_there_names_the_nearest(deck: Callable[[str], object]) -> None:
    with pytest.raises(UsageError, match=r"there is no operation 'ucloud\.CreateMediaTsk'.*ucloud\.CreateMediaTask"):
        deck("ucloud.CreateMediaTsk")


SHOWN = """
from mockcloud.drafting import decks
for name in ("jdcloud.createThumbnailTask", "tencent_ci.CreateMediaJobs.MediaInfo"):
    print([one.request for one in decks.valid(name)], [one.request for one in decks.broken(name)])
"""


def test_a_deck_is_the_same_in_every_process() -> None:
    runs = [
        subprocess.run(
            [sys.executable, "-c", SHOWN], cwd=ROOT, capture_output=True, check=True, env={"PYTHONHASHSEED": seed}
        ).stdout
        for seed in ("1", "2")
    ]
    assert runs[0] == runs[1]


def ended_by(**events: str) -> Edit:
    """Snapshots that these events end, and time does not."""

    def edit(data: Any) -> None:
        running = data["snapshot_task"]["states"]["running"]
        data["snapshot_task"]["states"]["running"] = {"phase": "running", "on": events, "evidence": running["evidence"]}

    return edit


def edited(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, edits: dict[str, Edit]) -> None:
    """Let there be a provider of this name, like one of ours but for these edits."""
    edits = {**edits, "provider.json": put("provider", value=name)}
    folder = copied(tmp_path, "jdcloud", edits).rename(tmp_path / name)
    known = {**folders.known(), name: folder}
    monkeypatch.setattr(folders, "known", lambda: known)


def test_a_task_fails_with_a_code_of_the_pattern_where_a_catalogue_lists_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    edited(tmp_path, monkeypatch, "unlisted", {"errors.json": dropped("codes", "1")})
    failed = {one.code for one in histories("unlisted.createThumbnailTask") if one.final == "ERROR"}
    assert failed == {"1"}
    assert {(one.state, one.failure) for one in telling.ends("unlisted.createThumbnailTask")} == {("SUCCESS", ""), ("ERROR", "1")}


def test_a_task_that_nobody_can_end_has_no_history(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lifecycle = ended_by(finish="finished_success", stop="finished_failure")
    edited(tmp_path, monkeypatch, "endless", {"lifecycle.json": lifecycle})
    assert histories("endless.submitSnapshotTask") == ()


def test_a_task_that_only_others_end_can_be_taken_away_before(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    operations = both(
        put("deleteSnapshotTask", "effect", value={"event": "finish", "kind": "snapshot_task", "id": "/taskId"}),
        put("deleteSnapshotTemplate", "effect", value={"remove": "snapshot_task", "id": "/templateId"}),
    )
    refused = put("conditions", "event-refused", value={"code": "NOT_FOUND", "evidence": "decision: for this test"})
    lifecycle = ended_by(finish="finished_success", stop="finished_failure")
    edits = {"lifecycle.json": lifecycle, "operations.json": operations, "errors.json": refused}
    edited(tmp_path, monkeypatch, "finished", edits)
    told = histories("finished.submitSnapshotTask")
    assert {one.states for one in told if one.lost} == {("submitted",), ("submitted", "running")}
    assert {one.final for one in told if not one.lost} == {"finished_success"}


def test_a_state_in_which_no_time_passes_is_seen_by_nobody(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lifecycle = put("task", "states", "RUNNING", "after", value=0)
    edited(tmp_path, monkeypatch, "immediate", {"lifecycle.json": lifecycle})
    told = histories("immediate.createThumbnailTask")
    assert {(one.states, one.code) for one in told[:2]} == {(("PENDDING", "SUCCESS"), ""), (("PENDDING", "ERROR"), "1")}
    for one in told:
        watcher = Watcher(one.play(), "immediate.getThumbnailTask")
        watcher.make()
        assert tuple(watcher.read(watcher.look())["result"]["status"] for _ in one.states) == one.states
