"""Decks: every card is what it says, judged by its bytes and by a cloud that is asked."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable

import pytest
from cases import ROOT

from mockcloud import Cloud, UsageError, VirtualClock, validate
from mockcloud.drafting import decks
from mockcloud.drafting.arguments import drafted, said
from mockcloud.drafting.cases import SIGNED_AT
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
def test_every_broken_card_of_a_rule_breaks_that_rule_and_no_other(operation: str) -> None:
    cards = [one for one in decks.broken(operation) if one.rule]
    found = {one.rule: {broken.rule for broken in validate(operation, one.request)} for one in cards}
    assert found == {rule: {rule} for rule in found}


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
