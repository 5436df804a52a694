"""Messages to clients: every end, every form, every setting, as a cloud sends them."""

from __future__ import annotations

import json

import pytest
from draws import DRAWS, law
from hypothesis import given
from proof import judges

from mockcloud import UsageError, strategies
from mockcloud.contracts.xml_schema import XmlSchema
from mockcloud.drafting import decks
from mockcloud.drafting.answers import bodies
from mockcloud.drafting.callbacks import telling
from mockcloud.drafting.callbacks.messages import messages
from mockcloud.drafting.callbacks.telling import Message
from mockcloud.reports.dossier import dossiers

TOLD = [
    "jdcloud.createThumbnailTask",
    "jdcloud.submitTranscodeJob",
    "tencent_ci.CreateMediaJobs.MediaInfo",
    "tencent_ci.CreateMediaJobs.VoiceSeparate",
]
SILENT = [
    one.id for entry in dossiers() for one in entry.contract.operations.values() if one.creates and not entry.contract.callbacks
]
JOB = "tencent_ci.CreateMediaJobs.MediaInfo"
told = pytest.mark.parametrize("operation", TOLD)


def schema_of(message: Message) -> XmlSchema | None:
    """The schema that messages in XML keep."""
    contract = decks.operation_of(message.operation)[0].contract
    found = contract.callbacks[message.name].schemas.get("xml")
    return found if isinstance(found, XmlSchema) else None


def keeps(message: Message) -> bool:
    """Whether a body in XML keeps its schema, and the document is what the body says."""
    xml = message.body.startswith(b"<")
    schema = schema_of(message)
    kept = not xml or (schema is not None and judges.holds(schema, bodies.message("xml", message.body)))
    if isinstance(message.document, str):
        return message.body == message.document.encode()
    return kept and bodies.decoded("xml" if xml else "json", message.body) == message.document


@told
def test_every_final_state_at_whose_coming_something_is_told_is_told_in_every_form(operation: str) -> None:
    entry, _ = decks.operation_of(operation)
    deck = messages(operation)
    states = {
        state
        for callback in entry.contract.callbacks.values()
        if callback.name in {one.name for one in deck}
        for state in callback.on
    }
    forms = {(one.headers, one.body[:1]) for one in deck if one.state and not one.settings}
    assert {(one.state, (one.headers, one.body[:1])) for one in deck if not one.settings} >= {
        (state, form) for state in states for form in forms
    }
    assert [one for one in deck if not keeps(one)] == []


@told
def test_a_task_that_failed_is_told_with_its_code_and_one_that_did_not_without(operation: str) -> None:
    entry, _ = decks.operation_of(operation)
    failed = [one for one in messages(operation) if one.code]
    assert {one.code for one in failed} == {code for code in entry.contract.errors.codes if entry.contract.errors.task_code(code)}
    assert {one.state for one in failed}.isdisjoint({one.state for one in messages(operation) if not one.code})


def test_a_job_is_told_in_xml_and_in_json_in_both_shapes_and_with_a_level_of_both_kinds() -> None:
    forms = {
        (one.headers[0][1], type(one.document["JobsDetail"]), type(json.loads(one.body)["JobsDetail"]["Operation"]["JobLevel"]))
        for one in messages(JOB)
        if one.body.startswith(b"{") and isinstance(one.document["JobsDetail"], dict)
    }
    assert forms == {("application/json", dict, int), ("application/json", dict, str)}
    assert any(isinstance(one.document["JobsDetail"], list) for one in messages(JOB))
    assert any(one.headers == (("Content-Type", "application/xml"),) for one in messages(JOB))
    chosen = {name for one in messages(JOB) for name in one.settings}
    assert chosen == {"callback_jobs_detail", "callback_job_level", "success_message"}


def test_a_notice_is_told_simplified_and_whole() -> None:
    successes = [one for one in messages("jdcloud.createThumbnailTask") if one.state == "SUCCESS"]
    assert len(successes) == 4
    for simple, whole in zip(successes[:2], successes[2:], strict=True):
        assert simple.document["event"] == "mpsThumbnailComplete"
        assert json.loads(whole.document["message"]) == simple.document


@told
def test_each_form_is_told_once_of_a_task_with_letters_beyond_ascii(operation: str) -> None:
    deck = [one for one in messages(operation) if one.state and not one.settings]
    assert {one.headers for one in deck if not one.body.isascii()} == {one.headers for one in deck}


def test_who_has_to_subscribe_first_is_asked_whether_it_is_there() -> None:
    asked = [one for one in messages("jdcloud.createThumbnailTask") if not one.state]
    assert [(one.name, one.operation) for one in asked] == [("SubscriptionConfirmation", "jdcloud.setNotification")] * 2
    assert [one for one in messages(JOB) if not one.state] == []


def test_an_operation_that_asks_whether_the_client_is_there_has_those_messages() -> None:
    asked = messages("jdcloud.setNotification")
    assert [one.name for one in asked] == ["SubscriptionConfirmation"] * 2
    assert [(one.state, one.code) for one in asked] == [("", "")] * 2
    assert asked[0].document == asked[0].body.decode()


@pytest.mark.parametrize("operation", [*SILENT, "jdcloud.getThumbnailTask", "jdcloud.submitSnapshotTask"])
def test_of_what_nobody_tells_there_is_no_message(operation: str) -> None:
    assert messages(operation) == ()
    assert strategies.callbacks(operation).is_empty


@told
def test_no_two_messages_of_a_deck_are_the_same(operation: str) -> None:
    deck = messages(operation)
    assert len({(one.headers, one.body) for one in deck}) == len(deck)


def test_an_operation_that_is_not_there_is_named_with_the_nearest() -> None:
    with pytest.raises(UsageError, match="jdcloud.createThumbnailTask"):
        messages("jdcloud.createThumbnailTasks")


@told
def test_a_drawn_message_is_of_a_task_that_was_asked_for_in_other_words(operation: str) -> None:
    seen = set()

    @law(DRAWS * 2)
    @given(strategies.callbacks(operation))
    def holds(message: Message) -> None:
        assert keeps(message)
        assert not message.state or message.state in {end.state for end in telling.ends(operation)}
        seen.add(message.body)

    holds()
    assert seen - {one.body for one in messages(operation)}
