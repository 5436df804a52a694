"""What a client reads is learned from what it reports, wherever that is rooted."""

from __future__ import annotations

from typing import Any

import pytest

from mockcloud.conduct.members import alike, is_in, learned, leaves

BODY = {"requestId": "r", "result": {"task": {"id": "7", "state": "DONE", "tags": [{"k": "a"}, {"k": "b"}]}}}


def told(value: Any, **how: Any) -> dict[str, Any]:
    return dict(leaves(value, **how))


@pytest.mark.parametrize(
    ("reported", "root"),
    [
        (BODY, ""),
        ({"task": {"id": "7"}}, "/result"),
        ({"id": "7", "state": "DONE"}, "/result/task"),
        ({"nothing": 1}, ""),
        ({"id": "8", "tags": [{"k": "a"}]}, "/result/task"),
    ],
)
def test_what_is_reported_is_rooted_where_most_of_it_fits(reported: Any, root: str) -> None:
    assert learned(told(BODY), told(reported)).root == root


def test_what_was_read_once_of_a_list_is_wanted_of_each_of_its_elements() -> None:
    reading = learned(told(BODY), told({"id": "7", "tags": [{"k": "a"}]}))
    assert dict(reading.wanted(told(BODY))) == {"/id": "7", "/tags/0/k": "a", "/tags/1/k": "b"}


def test_of_a_document_too_what_is_reported_of_one_element_is_wanted_of_each() -> None:
    answer = told({"total": "2", "jobs": [{"id": "1"}, {"id": "2"}]}, alone=True)
    reading = learned(answer, told({"total": "2", "jobs": [{"id": "2"}]}, alone=True))
    assert dict(reading.wanted(answer)) == {"/total": "2", "/jobs/0/id": "1", "/jobs/1/id": "2"}


def test_a_member_that_is_null_is_not_there() -> None:
    assert told({"a": None, "b": [None, 1]}) == {"/b/1": 1}


def test_in_a_document_a_list_of_one_is_what_it_holds() -> None:
    assert told({"a": [{"b": "1"}]}, alone=True) == told({"a": {"b": "1"}}, alone=True)
    assert told({"a": [{"b": "1"}]}) != told({"a": {"b": "1"}})


@pytest.mark.parametrize(
    ("found", "wanted", "same"),
    [
        ("x", "x", True),
        (5, "5", True),
        (5.5, "5.50", True),
        (True, "true", True),
        (None, "x", False),
        (5, 5, True),
        (5.0, 5, True),
        (True, 1, False),
        (1, True, False),
        ("5", 5, False),
        ("a", "b", False),
    ],
)
def test_a_text_may_have_become_what_it_means_and_a_number_stays_one(found: Any, wanted: Any, same: bool) -> None:
    assert alike(found, wanted) is same


def test_what_a_client_reports_rightly_of_another_answer_it_reads_too() -> None:
    reading = learned(told(BODY), told({"id": "7"}))
    other = told({"result": {"task": {"id": "8", "error": {"code": "E1"}, "note": "n"}}})
    more = reading.also(other, told({"id": "8", "error": {"code": "E1"}, "note": "made up"}))
    assert more.root == reading.root == "/result/task"
    assert dict(more.wanted(other)) == {"/id": "8", "/error/code": "E1"}


def test_an_empty_list_is_a_leaf_where_that_is_asked_for() -> None:
    assert told({"a": [], "b": [{}], "c": 0, "d": ""}, hollow=True) == {"/a": [], "/b/0": {}, "/c": 0, "/d": ""}
    assert told({"a": [], "b": [{}], "c": 0, "d": ""}) == {"/c": 0, "/d": ""}


@pytest.mark.parametrize(
    ("at", "inside"),
    [
        ("/result/task/state", True),
        ("/result/jobs/1/new/deep", True),
        ("/result/jobs/new", True),
        ("/result/task/states", False),
        ("/result/task", False),
    ],
)
def test_what_is_unknown_is_unknown_in_each_element_and_all_through(at: str, inside: bool) -> None:
    assert is_in(at, ("/result/task/state", "/result/jobs/0/new")) is inside
