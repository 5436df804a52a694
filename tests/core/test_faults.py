"""Planned misbehaviour: `fail_next` and the magic names."""

from __future__ import annotations

import json
from typing import Any

import pytest

from mockcloud import Cloud, Request, UsageError

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


def test_a_plan_comes_before_a_magic_name(cloud: Cloud) -> None:
    cloud.fail_next(CREATE, code="UNAVAILABLE")
    assert create(cloud, "mockcloud-refuse-NOT_FOUND.mp4").status == 503
