"""Correct clients raise no alarm, sync and async, over every door; every wrong one is found by the test that asks for it."""

from __future__ import annotations

import pytest
from conduct.clients import CORRECT, Creating, Getting
from conduct.running import PREFIX, over, run
from conduct.wrong import WRONG, Wrong

from mockcloud import ClientContract
from mockcloud.client_contract import QUESTIONS


@pytest.mark.parametrize("contract", CORRECT, ids=lambda contract: contract.__name__)
@pytest.mark.parametrize("test", QUESTIONS)
def test_a_correct_client_raises_no_alarm(contract: type[ClientContract], test: str) -> None:
    ended = run(contract, test)
    assert not ended.page, ended.page
    assert ended.examples or ended.reason


@pytest.mark.parametrize("wrong", WRONG, ids=lambda wrong: wrong.client.__name__)
def test_a_wrong_client_is_found(wrong: Wrong) -> None:
    assert wrong.says in wrong.page.split("\n", 1)[0]


def test_each_test_finds_some_wrong_client() -> None:
    assert {wrong.found_by for wrong in WRONG} | {"handles_every_callback_message"} == set(QUESTIONS)


def test_the_class_has_a_test_for_each_question_and_no_other() -> None:
    tests = [name for name in vars(ClientContract) if name.startswith("test")]
    assert tests == [f"{PREFIX}{name}" for name in QUESTIONS]


@pytest.mark.parametrize(
    ("contract", "test", "reason"),
    [
        (Getting, "waits_to_the_end_with_the_right_verdict", "the class has no `wait`, so its client waits for nothing"),
        (Getting, "creates_nothing_twice", "pontus.getTranscodingTask makes nothing that could be there twice"),
        (
            over(Creating, Creating.made_of, retries_create=True),
            "creates_nothing_twice",
            "the class says that its client may create twice: retries_create = True",
        ),
        (
            over(Creating, Creating.made_of, result=None),
            "reads_every_documented_answer",
            "the class has no `result`, so nothing tells what its client reads",
        ),
    ],
)
def test_what_does_not_apply_is_skipped_with_the_reason(contract: type[ClientContract], test: str, reason: str) -> None:
    assert run(contract, test).reason == reason
