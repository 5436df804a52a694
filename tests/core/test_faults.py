"""Planned misbehaviour: `fail_next` and the magic names."""

from __future__ import annotations

import json
from typing import Any

import cases
import pytest

from mockcloud import Cloud, Request, Response, UsageError
from mockcloud.messages import FAULTS, MALFORMED, TransportFault

HOST = "mps.jdcloud-api.com"
PATH = "/v1/regions/cn-north-1/thumbnail"
CREATE = "jdcloud.createThumbnailTask"


def create(cloud: Cloud, key: str = "in.mp4") -> Any:
    body = json.dumps({"source": {"bucket": "b", "key": key}, "target": {"destBucket": "d"}}).encode()
    return cloud.handle(Request("POST", PATH, HOST, (), body))


def ended(cloud: Cloud) -> tuple[str, str]:
    cloud.clock.advance(60)
    task = cloud.tasks("jdcloud")[-1]
    return task.phase, task.failure


@pytest.fixture
def cloud(quiet_cloud) -> Cloud:
    return quiet_cloud(auth="off")


def test_a_planned_request_code_refuses_the_next_request_only(cloud: Cloud) -> None:
    cloud.fail_next(CREATE, code="QUOTA_EXCEEDED")
    assert [create(cloud).status, create(cloud).status] == [429, 200]
    assert cloud.journal[0].refusal == "QUOTA_EXCEEDED"
    assert cloud.journal[0].note == f"planned for {CREATE}"
    assert len(cloud.tasks("jdcloud")) == 1


def test_plans_are_used_in_their_order_and_by_their_operation_alone(cloud: Cloud) -> None:
    for code in ("QUOTA_EXCEEDED", "NOT_FOUND"):
        cloud.fail_next(CREATE, code=code)
    cloud.fail_next("jdcloud.getThumbnailTask", code="UNAVAILABLE")
    statuses = [create(cloud).status, create(cloud).status, create(cloud).status]
    assert statuses == [429, 404, 200]
    assert cloud.handle(Request("GET", f"{PATH}/1", HOST)).status == 503


def test_a_request_that_is_refused_anyway_uses_no_plan_up(cloud: Cloud) -> None:
    cloud.fail_next(CREATE, code="QUOTA_EXCEEDED")
    assert cloud.handle(Request("POST", PATH, HOST, (), b"{}")).status == 400
    assert create(cloud).status == 429


@pytest.mark.parametrize("code", ["1", "4711"])
def test_a_planned_task_code_fails_the_task_in_its_time(cloud: Cloud, code: str) -> None:
    cloud.fail_next(CREATE, code=code)
    assert create(cloud).status == 200
    assert cloud.tasks("jdcloud")[0].phase == "waiting"
    assert ended(cloud) == ("failed", code)


def test_a_code_that_is_both_refuses_the_request_unless_told_otherwise(cloud: Cloud) -> None:
    body = json.dumps({"source": {"source_url": "x"}, "targets": [{"target_url": "y"}]}).encode()
    request = Request("POST", "/api/v2/task/transcoding", "media.pontus.com", (), body)
    for where in (None, "request", "task"):
        cloud.fail_next("pontus.createTranscodingTask", code="InternalError", where=where)
    assert [cloud.handle(request).status for _ in range(4)] == [500, 500, 200, 200]
    cloud.clock.advance(60)
    assert [(task.phase, task.failure) for task in cloud.tasks("pontus")] == [("failed", "InternalError"), ("succeeded", "")]


@pytest.mark.parametrize(
    ("operation", "code", "where", "said"),
    [
        ("jdclod.createThumbnailTask", "1", None, "there is no provider 'jdclod' here. Did you mean 'jdcloud'?"),
        ("jdcloud.createThumbnailTsk", "1", None, "Did you mean 'jdcloud.createThumbnailTask'?"),
        ("jdcloud", "1", None, "there is no operation 'jdcloud'"),
        ("", "1", None, "there is no provider ''"),
        (CREATE, "NOTFOUND", None, "cannot fail with 'NOTFOUND'. Did you mean 'NOT_FOUND'?"),
        (CREATE, "0", None, "cannot fail with '0'"),
        (CREATE, "1", "request", "cannot fail with '1'"),
        (CREATE, "NOT_FOUND", "task", "cannot fail with 'NOT_FOUND'"),
        ("jdcloud.getThumbnailTask", "1", None, "cannot fail with '1': only a task fails with it, and this operation makes none"),
        ("ucloud.DescribeMediaTask", "TaskFailed", None, "only a task fails with it, and this operation makes none"),
        (CREATE, "RATE_LIMIT", "task", "cannot fail with 'RATE_LIMIT': only a request does"),
        ("ucloud.DescribeMediaTask", 1500, None, "cannot fail with '1500'."),
        (CREATE, "NOT_FOUND", "both", "where is 'request' or 'task', found 'both'"),
    ],
)
def test_a_plan_that_cannot_come_true_is_refused_with_the_nearest(cloud: Cloud, operation, code, where, said) -> None:
    with pytest.raises(UsageError) as caught:
        cloud.fail_next(operation, code=code, where=where)
    assert said in str(caught.value)


@pytest.mark.parametrize(
    ("key", "status", "code"),
    [
        ("mockcloud-fail-7.mp4", 200, "7"),
        ("a/b/mockcloud-fail-7.x.mp4", 200, "7"),
        ("mockcloud-fail-7", 200, "7"),
        ("mockcloud-fail-7?x=mockcloud-fail-8", 200, "7"),
        ("mockcloud-refuse-NOT_FOUND.mp4", 404, "NOT_FOUND"),
        ("https://h/a/mockcloud-refuse-QUOTA_EXCEEDED.mp4?x", 429, "QUOTA_EXCEEDED"),
    ],
)
def test_a_magic_name_fails_the_task_or_refuses_the_request_and_its_code_ends_at_the_first_dot(cloud, key, status, code) -> None:
    assert create(cloud, key).status == status
    if status == 200:
        assert ended(cloud) == ("failed", code)
    else:
        assert cloud.journal.last.refusal == code


@pytest.mark.parametrize(
    "key",
    [
        "x-mockcloud-fail-7.mp4",
        "mockcloud-fail-7/in.mp4",
        "in.mp4?mockcloud-fail-7",
        "mockcloud-fail",
        "mockcloud-fails-7",
        "Mockcloud-fail-7",
    ],
)
def test_a_name_that_only_resembles_a_magic_one_is_an_ordinary_name(cloud: Cloud, key: str) -> None:
    assert create(cloud, key).status == 200
    assert ended(cloud) == ("succeeded", "")


@pytest.mark.parametrize(
    ("key", "said"),
    [
        ("mockcloud-fail-NOT_FOUND.mp4", "mockcloud knows no code 'NOT_FOUND' to fail with. Known: 1."),
        ("mockcloud-refuse-NOTFOUND.mp4", "mockcloud knows no code 'NOTFOUND' to refuse with. Did you mean 'NOT_FOUND'?"),
        ("mockcloud-refuse-1.mp4", "mockcloud knows no code '1' to refuse with."),
        ("mockcloud-fail-.mp4", "mockcloud knows no code '' to fail with."),
    ],
)
def test_a_magic_name_with_an_unlisted_code_is_refused_and_says_so(cloud: Cloud, key: str, said: str) -> None:
    response = create(cloud, key)
    assert response.status == 400
    assert said in response.body.decode()
    assert cloud.tasks("jdcloud") == []


@pytest.mark.parametrize("key", ["mockcloud-fault-empty.mp4", "https://h/mockcloud-fault-empty?x"])
def test_a_magic_name_lets_the_connection_misbehave_after_the_request_was_carried_out(cloud: Cloud, key: str) -> None:
    with pytest.raises(TransportFault) as caught:
        create(cloud, key)
    assert (caught.value.kind, len(cloud.tasks("jdcloud"))) == ("empty", 1)
    assert create(cloud, "mockcloud-fault-throttle.mp4").status == 429


def test_a_magic_name_with_a_fault_that_is_none_is_refused_and_says_so(cloud: Cloud) -> None:
    response = create(cloud, "mockcloud-fault-rest.mp4")
    assert (response.status, len(cloud.tasks("jdcloud"))) == (400, 0)
    assert "mockcloud cannot let this go wrong: there is no fault 'rest'. Did you mean 'reset'?" in response.body.decode()


def test_a_plan_comes_before_a_magic_name(cloud: Cloud) -> None:
    cloud.fail_next(CREATE, code="UNAVAILABLE")
    assert create(cloud, "mockcloud-refuse-NOT_FOUND.mp4").status == 503


@pytest.mark.parametrize("kind", sorted(FAULTS))
def test_by_default_a_fault_comes_after_the_request_was_carried_out(cloud: Cloud, kind: str) -> None:
    cloud.fail_next(CREATE, fault=kind)
    with pytest.raises(TransportFault, match=FAULTS[kind]) as caught:
        create(cloud)
    assert (caught.value.kind, caught.value.response.status) == (kind, 200)
    assert cloud.tasks("jdcloud")[0].id in caught.value.response.body.decode()
    last = cloud.journal.last
    assert (last.response, last.refusal) == (caught.value.response, "")
    assert last.note == f"planned for {CREATE}: {FAULTS[kind]}, after the request was carried out"
    assert create(cloud).status == 200


@pytest.mark.parametrize("kind", ["reset", "timeout", "malformed", "empty"])
def test_a_fault_may_come_before_the_request_is_carried_out_and_then_nothing_was_answered(cloud: Cloud, kind: str) -> None:
    cloud.fail_next(CREATE, fault=kind, after=False)
    with pytest.raises(TransportFault) as caught:
        create(cloud)
    assert (caught.value.kind, caught.value.response) == (kind, Response(0))
    assert cloud.tasks("jdcloud") == []
    last = cloud.journal.last
    assert (last.response.status, last.note) == (0, f"planned for {CREATE}: {FAULTS[kind]}, before the request was carried out")
    assert str(last).startswith(f"POST {PATH} -> no answer ({CREATE})")
    assert "response" not in json.loads(last.as_line())


@pytest.mark.parametrize(
    ("operation", "path", "code", "status"),
    [
        (CREATE, PATH, "RATE_LIMIT", 429),
        ("ucloud.GetRegion", "/?Action=GetRegion", "153", 200),
        ("tencent_ci.DescribeMediaQueues", "/queue", "SlowDown", 429),
    ],
)
def test_a_throttled_request_is_refused_with_the_code_of_its_contract(quiet_cloud, operation, path, code, status) -> None:
    provider = operation.partition(".")[0]
    cloud = quiet_cloud(auth="off")
    cloud.fail_next(operation, fault="throttle")
    if operation == CREATE:
        assert create(cloud).status == status
    else:
        assert cloud.handle_for(provider, Request("GET", path, "h")).status == status
    assert (cloud.journal.last.refusal, cloud.journal.last.reason) == (code, "throttled")
    assert cloud.tasks(provider) == []


def test_a_refused_request_can_be_lost_too_and_the_journal_says_so(cloud: Cloud) -> None:
    operation = "jdcloud.getThumbnailTask"
    cloud.fail_next(operation, fault="truncate")
    with pytest.raises(TransportFault) as caught:
        cloud.handle(Request("GET", f"{PATH}/1", HOST))
    assert caught.value.response.status == 404
    assert (cloud.journal.last.refusal, cloud.journal.last.note) == ("NOT_FOUND", f"planned for {operation}: {FAULTS['truncate']}, after the request was carried out")  # fmt: skip


def test_what_the_journal_says_of_a_request_that_is_let_through_stands_beside_a_fault(quiet_cloud) -> None:
    cloud = quiet_cloud(auth="off", settings={"ucloud": {"adaptive": "accepted"}})
    misspelt = next(
        case for case in cases.all_cases("refused") if case.id.endswith("/CreateFunctionTemplate.video-bit-rate-adaptive")
    )
    operation, request = misspelt.data["operation"], cases.request_of(misspelt.data["request"])
    assert cloud.handle(request).status == 200
    let_through = cloud.journal.last.note
    assert let_through
    cloud.fail_next(operation, fault="reset")
    with pytest.raises(TransportFault):
        cloud.handle(request)
    assert cloud.journal.last.note.startswith(f"{let_through}; planned for {operation}: ")


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ({}, "what goes wrong is code=..., with where=..., or fault=..., with after=...; found nothing"),
        ({"code": "1", "fault": "reset"}, "found code='1', fault='reset'"),
        ({"code": "1", "after": True}, "found code='1', after=True"),
        ({"fault": "reset", "where": "task"}, "found where='task', fault='reset'"),
        ({"where": "task"}, "found where='task'"),
        ({"fault": "rest"}, "there is no fault 'rest'. Did you mean 'reset'?"),
        ({"fault": ""}, "Known: empty, malformed, reset, throttle, timeout, truncate."),
        ({"fault": 1}, "there is no fault '1'."),
        ({"fault": "reset", "after": 0}, "after is True or False, found 0"),
        ({"fault": "throttle", "after": True}, "after=True does not go with fault='throttle': a request that is throttled is"),
        ({"fault": "truncate", "after": False}, "after=False does not go with fault='truncate': what is truncated is the answer"),
    ],
)
def test_a_fault_that_cannot_be_meant_is_a_usage_error(cloud: Cloud, said: dict[str, Any], found: str) -> None:
    with pytest.raises(UsageError) as caught:
        cloud.fail_next(CREATE, **said)
    assert found in str(caught.value)


def test_what_is_settled_of_a_fault_may_be_said_all_the_same(cloud: Cloud) -> None:
    cloud.fail_next(CREATE, fault="throttle", after=False)
    cloud.fail_next(CREATE, fault="truncate", after=True)
    assert create(cloud).status == 429
    with pytest.raises(TransportFault):
        create(cloud)


def test_a_provider_whose_contract_names_no_throttling_code_cannot_throttle(cloud: Cloud) -> None:
    with pytest.raises(UsageError, match=r"pontus throttles nobody: its contract maps 'throttled' to no code of errors.json"):
        cloud.fail_next("pontus.createTranscodingTask", fault="throttle")


@pytest.mark.parametrize(("body", "promised", "sent"), [(b"", "1", b""), (b"x", "1", b""), (b"abcde", "5", b"ab")])
def test_a_truncated_answer_promises_more_than_it_sends(body: bytes, promised: str, sent: bytes) -> None:
    whole = Response(201, (("Content-length", "9"), ("X-A", "1"), ("Transfer-Encoding", "chunked")), body)
    assert TransportFault("truncate", whole).truncated == Response(201, (("X-A", "1"), ("Content-Length", promised)), sent)


def test_a_transport_fault_of_no_kind_and_one_with_nothing_to_truncate_are_usage_errors() -> None:
    with pytest.raises(UsageError, match=r"found 'rset'\. Did you mean 'reset'\?"):
        TransportFault("rset")
    with pytest.raises(UsageError, match=r"what is truncated is an answer: TransportFault\('truncate', response\)"):
        TransportFault("truncate")
    assert not MALFORMED.startswith(b"HTTP/")
