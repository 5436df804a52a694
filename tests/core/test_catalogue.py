"""Errors: which condition or broken rule earns which code."""

from __future__ import annotations

from typing import Any

import pytest

from mockcloud.contracts.catalogue import Catalogue
from mockcloud.contracts.vocabulary import CONDITIONS
from mockcloud.errors import ContractError

CODES = {
    "Bad": {"status": 400, "where": "request", "message": "{field} {reason}"},
    "Gone": {"status": 404, "where": "both", "message": "{id} is gone"},
    "Late": {"status": 200, "where": "task", "message": "late"},
}


def catalogue(**changes: Any) -> Catalogue:
    conditions = {name: {"code": "Bad"} for name in CONDITIONS}
    data = {
        "codes": CODES,
        "conditions": {**conditions, "unknown-task": {"code": "Gone", "status": 410, "message": "no {id}"}},
        "rules": [{"match": "*#/a:required", "code": "Gone"}, {"match": "p.Op/*:min?mum", "code": "Bad", "message": "small"}, {"match": "*:t*", "code": "Bad"}],
        **changes,
    }  # fmt: skip
    return Catalogue(data, "f")


def test_a_condition_earns_its_code_with_a_status_and_a_message_of_its_own() -> None:
    answer = catalogue().earned("unknown-task")
    assert (answer.code, answer.status, answer.worded({"id": 5})) == ("Gone", 410, "no 5")


def test_a_code_earns_itself_and_a_word_that_is_neither_is_a_KeyError() -> None:
    assert catalogue().earned("Gone").status == 404
    with pytest.raises(KeyError):
        catalogue().earned("nothing")


def test_a_field_that_is_not_given_stays_empty_and_a_value_is_not_filled_in_again() -> None:
    answer = catalogue().codes["Bad"]
    assert answer.worded({}) == " "
    assert answer.worded({"field": "{reason}", "reason": "x"}) == "{reason} x"


@pytest.mark.parametrize(
    ("rule", "place"),
    [
        ("p.Op/request#/a:required", 0),
        ("p.Op/request#/b:minimum", 1),
        ("q.Op/request#/b:type", 2),
        ("q.Op/request#/b:minimum", 3),
    ],
)
def test_the_first_pattern_that_matches_a_rule_wins(rule: str, place: int) -> None:
    assert catalogue().rank(rule) == place
    broken = catalogue().broken(rule)
    assert (broken is None) == (place == 3)


@pytest.mark.parametrize(
    ("code", "of_task", "of_request"), [("Bad", False, True), ("Gone", True, True), ("Late", True, False), ("7", False, False)]
)
def test_a_code_is_of_requests_of_tasks_or_of_both(code: str, of_task: bool, of_request: bool) -> None:
    assert (catalogue().task_code(code), catalogue().request_code(code)) == (of_task, of_request)


def test_further_task_codes_are_those_that_match_the_pattern_whole() -> None:
    with_pattern = catalogue(task_codes={"pattern": "[1-9][0-9]*"})
    assert [with_pattern.task_code(code) for code in ("7", "70", "07", "7x", "", "Bad")] == [
        True,
        True,
        False,
        False,
        False,
        False,
    ]
    assert with_pattern.failure_message("7") == ""
    assert with_pattern.failure_message("Late") == "late"


@pytest.mark.parametrize(
    ("change", "own", "pointer", "said"),
    [
        ({"conditions": {}}, [], "/conditions", "'body-too-large' can happen and is mapped to no code"),
        ({}, ["mine"], "/conditions", "'mine' can happen"),
        ({}, [], "/conditions/unknown-task", "nothing raises this condition"),
    ],
)
def test_conditions_are_mapped_and_raised_or_it_is_a_contract_error(change: Any, own: list[str], pointer: str, said: str) -> None:
    with pytest.raises(ContractError) as caught:
        catalogue(**change).require(own, set())
    assert caught.value.pointer == pointer
    assert said in caught.value.problem


def test_conditions_that_can_happen_may_be_mapped() -> None:
    catalogue().require(["unknown-task"], set())
    catalogue().require([], {"unknown-task"})


def test_a_code_that_is_not_listed_is_a_contract_error_with_its_nearest() -> None:
    with pytest.raises(ContractError, match="'Bda' is not in codes. Did you mean 'Bad'"):
        catalogue(rules=[{"match": "*", "code": "Bda"}])
