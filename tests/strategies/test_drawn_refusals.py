"""Refusals: every code of the catalogue in its true envelope and status, byte for byte as the cloud answers, and in other words."""

from __future__ import annotations

import pytest
from draws import DRAWS, law
from hypothesis import given
from proof import judges

from mockcloud import Cloud, UsageError, VirtualClock, strategies
from mockcloud.drafting import decks
from mockcloud.drafting.answers import bodies
from mockcloud.drafting.answers.refusals import bare, refused, unheard
from mockcloud.drafting.cases import Answer
from mockcloud.drafting.sessions.session import SEED, START
from mockcloud.pipeline.service import WELL_KNOWN
from mockcloud.reports.dossier import dossiers

WHOLE = [one.id for entry in dossiers() for one in entry.contract.operations.values() if not one.partly]
FEW = ["jdcloud.createThumbnailTask", "ucloud.CreateMediaTask", "pontus.getTranscodingTask", "tencent_ci.DescribeMediaJob"]
each_operation = pytest.mark.parametrize("operation", WHOLE)


def keeps(answer: Answer) -> bool:
    """Whether a refusal keeps the envelope."""
    envelope = decks.operation_of(answer.operation)[0].contract.refusal
    message = bodies.message(envelope.codec, answer.body)
    return envelope.schema is not None and judges.holds(envelope.schema, message) and bodies.document(message) == answer.document


@each_operation
def test_every_code_that_a_request_can_earn_refuses_the_operation_with_its_status(operation: str) -> None:
    errors = decks.operation_of(operation)[0].contract.errors
    cards = refused(operation)
    assert {(code, one.status) for code, one in errors.codes.items() if one.where != "task"} <= {
        (one.code, one.status) for one in cards
    }
    assert [one for one in cards if not keeps(one)] == []


@pytest.mark.parametrize("operation", FEW)
def test_a_refusal_of_the_deck_is_byte_for_byte_what_a_fresh_cloud_answers(operation: str) -> None:
    entry, _ = decks.operation_of(operation)
    cloud = Cloud([entry.name], clock=VirtualClock(START, 0), seed=SEED)
    host, draft, sign = entry.contract.hosts[0].example, decks.drafts(operation)[0], entry.contract.behaviours.sign
    assert sign is not None
    codes = [code for code in entry.contract.errors.codes if entry.contract.errors.request_code(code)]
    for code, card in zip(codes, refused(operation), strict=False):
        cloud.fail_next(operation, code=code, where="request")
        assert cloud.handle(sign(draft.request(host), WELL_KNOWN, START)) == card.response


def test_a_status_that_a_condition_gives_a_code_is_in_the_deck_beside_the_codes_own() -> None:
    assert {one.status for one in refused("tencent_ci.CancelMediaJob") if one.code == "AccessDenied"} == {401, 403}


@each_operation
def test_a_code_that_nobody_knows_comes_with_each_status(operation: str) -> None:
    errors = decks.operation_of(operation)[0].contract.errors
    cards = unheard(operation)
    assert {one.status for one in cards} == {one.status for one in refused(operation)}
    for one in cards:
        assert keeps(one)
        assert one.code not in errors.codes
        assert one.unknown
        assert one.known in refused(operation)


@pytest.mark.parametrize("operation", FEW)
def test_a_bare_refusal_keeps_the_envelope_and_has_less_than_one_of_the_same_code_and_status(operation: str) -> None:
    for one in bare(operation):
        assert keeps(one)
        full = next(card for card in refused(operation) if (card.code, card.status) == (one.code, one.status))
        assert set(one.document) < set(full.document)


def test_an_error_has_no_Resource_where_only_another_services_documents_have_one() -> None:
    cards = bare("tencent_ci.DescribeMediaJob")
    assert {one.status for one in cards} == {one.status for one in refused("tencent_ci.DescribeMediaJob")}
    assert {tuple(one.document) for one in cards} == {("Code", "Message", "RequestId")}


@pytest.mark.parametrize("operation", FEW)
def test_a_drawn_refusal_keeps_the_envelope_and_has_a_code_and_a_status_of_the_catalogue(operation: str) -> None:
    cards = {(one.code, one.status) for one in refused(operation)}

    @law(DRAWS // 2)
    @given(strategies.refusals(operation))
    def holds(answer: Answer) -> None:
        assert (answer.code, answer.status) in cards
        assert keeps(answer)
        assert answer.code in bodies.encoded(answer.document).decode()
        assert answer.response.header("content-length") == str(len(answer.body))

    holds()


def test_a_drawn_refusal_is_worded_otherwise_than_those_of_the_deck() -> None:
    said = set()

    @law(80)
    @given(strategies.refusals("pontus.getTranscodingTask"))
    def look(answer: Answer) -> None:
        said.add(answer.document["message"])

    look()
    assert len(said - {one.document["message"] for one in refused("pontus.getTranscodingTask")}) > 10


def test_a_drawn_refusal_that_nobody_knows_has_no_code_of_the_catalogue() -> None:
    @law(DRAWS // 2)
    @given(strategies.refusals("tencent_ci.DescribeMediaJob", unknown=True))
    def holds(answer: Answer) -> None:
        assert answer.document["Code"] == answer.code == "MockcloudNew"

    holds()


def test_an_operation_that_is_not_there_is_named_with_the_nearest() -> None:
    with pytest.raises(UsageError, match="jdcloud.getThumbnailTask"):
        refused("jdcloud.getThumbnailTasks")
