"""Judging one request against one operation, without a cloud."""

from __future__ import annotations

import base64
import hashlib

import pytest

from mockcloud import Request, UsageError, validate
from mockcloud.messages import Refusal

JD = "/v1/regions/{}/thumbnail"
GOOD = b'{"source":{"bucket":"b","key":"k"},"target":{"destBucket":"d"}}'


def broken(operation: str, request: Request) -> list[str]:
    return [violation.rule.partition("#")[2] for violation in validate(operation, request)]


def test_a_request_is_judged_by_its_body_and_its_path() -> None:
    assert broken("jdcloud.createThumbnailTask", Request("POST", JD.format("cn-north-1"), "h", (), GOOD)) == []
    assert broken("jdcloud.createThumbnailTask", Request("POST", JD.format("mars"), "h", (), b"{}")) == ["/regionId:enum", "/source:required", "/target:required"]  # fmt: skip


def test_a_broken_rule_is_told_with_the_value_found_its_document_and_its_line() -> None:
    body = b'{"source":{"bucket":"","key":"k"},"target":{"destBucket":"d","widthInPixel":5000}}'
    empty, wide = validate("jdcloud.createThumbnailTask", Request("POST", JD.format("cn-north-1"), "h", (), body))
    assert (wide.found, wide.document, wide.line) == (5000, "001_20d4131b6d265f54.txt", 43)
    assert (empty.rule.rpartition(":")[2], empty.document, empty.line) == ("minLength", "", None)


def test_a_selector_does_not_stand_in_the_way_of_judging() -> None:
    body = b"<Request><Tag>MediaInfo</Tag><Input><Object>a</Object></Input></Request>"
    request = Request("POST", "/jobs", "h", (("Content-Length", str(len(body))),), body)
    assert broken("tencent_ci.CreateMediaJobs.MediaInfo", request) == []
    assert "/Tag:enumeration" in broken("tencent_ci.CreateMediaJobs.VoiceSeparate", request)


@pytest.mark.parametrize(
    ("operation", "said"),
    [
        ("jdcloud.createThumbnailTsk", "Did you mean 'jdcloud.createThumbnailTask'?"),
        ("jdclod.createThumbnailTask", "there is no provider 'jdclod'. Did you mean 'jdcloud'?"),
        ("", "there is no provider ''"),
    ],
)
def test_an_operation_that_does_not_exist_is_refused_with_its_nearest(operation: str, said: str) -> None:
    with pytest.raises(UsageError) as caught:
        validate(operation, Request("GET", "/", "h"))
    assert said in str(caught.value)


@pytest.mark.parametrize(
    ("operation", "headers", "body", "reason"),
    [
        ("jdcloud.createThumbnailTask", (), b"", "missing-body"),
        ("jdcloud.createThumbnailTask", (), b"[]", "malformed-body"),
        ("jdcloud.createThumbnailTask", (), b" " * (8 * 1024 * 1024 + 1), "body-too-large"),
        ("tencent_ci.CreateMediaJobs.MediaInfo", (), b"<Request/>", "missing-content-length"),
        ("tencent_ci.CreateMediaJobs.MediaInfo", (("Content-Length", "0"),), b"", "missing-body"),
        (
            "tencent_ci.CreateMediaJobs.MediaInfo",
            (("Content-Length", "10"), ("Content-MD5", "eA==")),
            b"<Request/>",
            "content-digest",
        ),
        ("ucloud.CreateMediaTask", (("Content-Type", "application/json"),), b"[]", "malformed-body"),
        ("ucloud.CreateMediaTask", (), b"a=\xff", "malformed-body"),
    ],
)
def test_a_body_that_no_schema_can_judge_is_a_refusal_that_says_why(operation, headers, body, reason) -> None:
    with pytest.raises(Refusal) as caught:
        validate(operation, Request("POST", "/", "h", headers, body))
    assert caught.value.reason == reason


@pytest.mark.parametrize(
    ("headers", "body"),
    [
        ((("Content-Type", "application/json; charset=utf-8"),), b'{"Region":"r"}'),
        ((("Content-Type", "text/x+json"),), b'{"Region":"r"}'),
        ((), b' {"Region":"r"}'),
        ((("Content-Type", "application/x-www-form-urlencoded"),), b"Region=r"),
        ((), b"Region=r"),
    ],
)
def test_parameters_are_json_or_a_form_by_their_media_type_else_by_their_first_byte(headers, body) -> None:
    found = broken("ucloud.CreateMediaTask", Request("POST", "/?Zone=z", "h", headers, body))
    assert "/Action:required" in found
    assert not {"/Region:required", "/Zone:required"} & set(found)


def test_the_content_md5_of_the_body_itself_is_right() -> None:
    right = base64.b64encode(hashlib.md5(b"<Request/>", usedforsecurity=False).digest()).decode()
    request = Request("POST", "/jobs", "h", (("Content-Length", "10"), ("Content-MD5", right)), b"<Request/>")
    assert broken("tencent_ci.CreateMediaJobs.MediaInfo", request) == ["/Tag:required", "/Input:required"]


def test_a_trailing_slash_that_the_contract_tolerates_is_judged_as_handle_judges_it() -> None:
    body = b'{"source":{"source_url":"x"},"targets":[{"target_url":"y"}]}'
    assert broken("pontus.createTranscodingTask", Request("POST", "/api/x2/task/transcoding/", "h", (), body)) == [
        "/version:pattern"
    ]


def test_an_absolute_target_is_judged_as_handle_judges_it() -> None:
    target = "http://mps.jdcloud-api.com" + JD.format("mars")
    assert broken("jdcloud.createThumbnailTask", Request("POST", target, "h", (), GOOD)) == ["/regionId:enum"]
