"""Broken requests: one thing wrong, of many kinds, judged by their bytes and by a cloud that is asked."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from draws import law
from hypothesis import given

from mockcloud import Cloud, UsageError, VirtualClock, strategies
from mockcloud.contracts import vocabulary
from mockcloud.drafting.cases import SIGNED_AT, BrokenRequest
from mockcloud.drafting.spoiling.breaking import breaks
from mockcloud.messages import Json
from mockcloud.reports.json_values import ABSENT
from mockcloud.strategies import breakers, broken, broken_elements

THUMBNAIL = "jdcloud.createThumbnailTask"
ONE_OF_EACH = [THUMBNAIL, "ucloud.CreateMediaTask", "pontus.createChannel", "tencent_ci.DescribeMediaQueues"]


def drawn(operation: str, rule: str | None = None, draws: int = 100) -> list[BrokenRequest]:
    found: list[BrokenRequest] = []

    @law(draws)
    @given(strategies.broken_requests(operation, rule))
    def run(case: BrokenRequest) -> None:
        found.append(case)

    run()
    return found


def values(path: str, rule: str, draws: int = 100) -> list[Json]:
    """What stands at a place of the arguments of requests that break a rule."""
    found: list[Json] = []
    for case in drawn(THUMBNAIL, f"{THUMBNAIL}/request#{rule}", draws):
        here: Any = case.arguments
        for step in path.split("/")[1:]:
            here = here.get(step, ABSENT) if isinstance(here, dict) else ABSENT
        found.append(here)
    return found


def asked(operation: str) -> Cloud:
    cloud = Cloud([operation.partition(".")[0]], clock=VirtualClock(SIGNED_AT, 0))
    cloud.report = lambda problem: None
    return cloud


def test_every_constraint_of_the_vocabulary_has_a_breaker() -> None:
    assert set(breakers.BREAKERS) == vocabulary.JSON_CONSTRAINTS
    named = {"condition", "assert"}
    assert set(breakers.BREAKERS) | set(broken_elements.BREAKERS) | named == vocabulary.CONSTRAINTS


@pytest.mark.parametrize("operation", ONE_OF_EACH)
def test_a_cloud_refuses_every_drawn_request_with_the_code_and_the_status_that_it_names(operation: str) -> None:
    cloud = asked(operation)
    for case in drawn(operation, draws=150):
        cloud.handle(case.request)
        exchange = cloud.journal.last
        assert (exchange.refusal, exchange.response.status) == (case.code, case.status), case


@pytest.mark.parametrize("constraint", ["required", "const"])
def test_what_tells_operations_apart_is_refused_by_what_is_asked_first(constraint: str) -> None:
    cloud = asked("ucloud.DescribeMediaTask")
    for case in drawn("ucloud.DescribeMediaTask", f"ucloud.DescribeMediaTask/request#/Action:{constraint}"):
        cloud.handle(case.request)
        assert (case.code, case.status) == (cloud.journal.last.refusal, cloud.journal.last.response.status)


def test_a_value_out_of_an_enum_is_in_another_case_has_a_blank_is_cut_and_is_something_else() -> None:
    found = values("/rule/mode", "/rule/mode:enum", 400)
    assert {"SINGLE", "MULTI", "AVERAGE"} & set(found)
    assert {"single ", "multi ", "average "} & set(found)
    assert {"singl", "mult", "averag"} & set(found)
    assert {"other", "none", "null", "0"} & set(found)
    assert len(set(found)) > 15


def test_a_number_beyond_its_bound_is_so_by_one_and_by_far() -> None:
    found = values("/target/widthInPixel", "/target/widthInPixel:maximum")
    assert 4_097 in found
    assert max(found) > 10**6
    assert min(found) > 4_096


def test_a_value_of_the_wrong_type_is_of_each_wrong_type_and_a_number_as_text() -> None:
    found = values("/target/widthInPixel", "/target/widthInPixel:type")
    assert "8" in found
    assert {str, bool, float, list, dict} == {type(one) for one in found}


def test_a_missing_member_is_missing_from_requests_of_many_shapes() -> None:
    cases = drawn(THUMBNAIL, f"{THUMBNAIL}/request#/source/key:required")
    assert all(case.arguments and "key" not in case.arguments["source"] for case in cases)
    assert len({str(case.arguments) for case in cases}) > 50


def test_a_condition_is_broken_by_several_combinations() -> None:
    rules = {(one.get("mode"), "count" in one) for one in values("/rule", "/rule:count-forbidden-when-single")}
    assert rules == {(None, True), ("single", True)}


def test_a_value_in_a_path_breaks_its_rule_and_still_comes_to_its_operation() -> None:
    cases = drawn("jdcloud.listThumbnailTask", "jdcloud.listThumbnailTask/request#/regionId:enum")
    assert len({case.request.path for case in cases}) > 10
    assert all(breaks(case.operation, case.request) == {case.rule} for case in cases)


def test_what_signing_puts_in_can_be_missing_or_empty() -> None:
    rule = "ucloud.CreateMediaTask/request#/Signature:required"
    assert {breaks(one.operation, one.request) == {rule} for one in drawn("ucloud.CreateMediaTask", rule)} == {True}


def test_the_first_draw_of_a_rule_is_the_smallest_request_that_breaks_it() -> None:
    first = drawn(THUMBNAIL, f"{THUMBNAIL}/request#/target/widthInPixel:maximum")[0]
    shown = {
        "regionId": "cn-north-1",
        "source": {"bucket": "x", "key": "x"},
        "target": {"destBucket": "x", "widthInPixel": 4_097},
    }
    assert first.arguments == shown


@pytest.mark.parametrize("operation", ONE_OF_EACH)
def test_bodies_encodings_and_every_component_of_the_signature_are_broken_too(operation: str) -> None:
    labels = set(broken.before(operation))
    parts = {label.removeprefix("signature: ").rpartition(" ")[0] for label in labels if label.startswith("signature: ")}
    assert parts == COMPONENTS[operation.partition(".")[0]]
    assert {"unsigned", "forged", "nobody"} <= labels


COMPONENTS = {
    "jdcloud": {
        *("x-jdcloud-date", "Authorization", "Authorization/scheme", "Authorization/Credential"),
        *("Authorization/SignedHeaders", "Authorization/Signature"),
    },
    "ucloud": {"PublicKey", "Signature"},
    "pontus": {"apiPublicKey", "apiNonce", "apiClientCode", "apiExecTime", "apiCheckSum"},
    "tencent_ci": {
        "Authorization",
        *(f"Authorization/q-{name}" for name in ("sign-algorithm", "ak", "sign-time", "key-time", "header-list", "url-param-list", "signature")),
    },
}  # fmt: skip
"""For each provider the components of a signature that a cloud minds: what is not signed can be anything."""


@pytest.mark.parametrize(
    "label", ["body cut", "body member twice", "body in UTF-16", "body in gzip", "signature: Authorization/Signature altered"]
)
def test_what_comes_before_rules_is_drawn_by_its_label(label: str) -> None:
    cases = drawn(THUMBNAIL, label, draws=30)
    assert {(case.label, case.rule, case.arguments) for case in cases} == {(label, "", None)}
    assert len({case.request for case in cases}) > 15


@pytest.mark.parametrize(
    ("call", "told"),
    [
        (lambda: strategies.requests("jdcloud.createThumbnail"), "Did you mean 'jdcloud.createThumbnailTask'?"),
        (lambda: strategies.requests(THUMBNAIL, arguments={"sorce"}), "Did you mean 'source'?"),
        (lambda: strategies.broken_requests("jdcloud.nothing at all"), "there is no operation"),
        (lambda: strategies.broken_requests(THUMBNAIL, f"{THUMBNAIL}/request#/target/widthInPixels:maximum"), "widthInPixel:maximum'?"),
        (lambda: strategies.broken_requests(THUMBNAIL, "signature: Authorisation removed"), "'signature: Authorization removed'?"),
        (
            lambda: strategies.broken_requests("ucloud.CreateFunctionTemplate", "ucloud.CreateFunctionTemplate/request#/VideoBitRate:spelt-as-documented"),
            "the setting 'adaptive' lets everybody break it",
        ),
        (
            lambda: strategies.broken_requests("tencent_ci.CreateMediaJobs", "tencent_ci.CreateMediaJobs/request#/Nothing:required"),
            "there is no rule",
        ),
    ],
)  # fmt: skip
def test_what_is_not_there_or_cannot_be_broken_is_a_usage_error_that_helps(call: Callable[[], object], told: str) -> None:
    with pytest.raises(UsageError) as raised:
        call()
    assert told in str(raised.value)


def test_a_client_that_takes_fewer_arguments_is_given_no_others_unless_a_rule_asks() -> None:
    found: list[Any] = []

    @law(60)
    @given(strategies.requests(THUMBNAIL, arguments={"source", "rule"}))
    def run(case: Any) -> None:
        found.append(set(case.arguments))

    run()
    assert {"source", "target", "regionId"} in found
    assert {"source", "target", "regionId", "rule"} in found
    assert all(one <= {"source", "target", "regionId", "rule"} for one in found)
