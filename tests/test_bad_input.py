"""Bad input: the documented refusal in the provider's own envelope. Never a traceback, never HTML, never a 500, never a hang."""

from __future__ import annotations

import base64
import hashlib
import json
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from cases import ROOT, signed
from doors import DOORS, by_handle
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mockcloud import Cloud, Request, Response

pytestmark = pytest.mark.filterwarnings("ignore::mockcloud.errors.UnmatchedRequest")

JD, CI, U, P = "mps.jdcloud-api.com", "test-1250000000.ci.ap-chongqing.myqcloud.com", "api.ucloud.cn", "media.pontus.com"
THUMBNAIL, JOBS, TRANSCODING = "/v1/regions/cn-north-1/thumbnail", "/jobs", "/api/v1/task/transcoding"
JSON, XML = (("Content-Type", "application/json"),), (("Content-Type", "application/xml"),)
FORM = (("Content-Type", "application/x-www-form-urlencoded"),)
JOB = b"<Request><Tag>MediaInfo</Tag><Input><Object>a.mp4</Object></Input></Request>"
DEEP = b'{"a":' * 100_000 + b"1" + b"}" * 100_000
BOMB = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]><Request><Tag>&b;</Tag></Request>'
XXE = b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/hostname">]><Request><Tag>MediaInfo</Tag><Input><Object>&a;</Object></Input></Request>'
WIDE = b"<Request " + b" ".join(b'a%d="1"' % i for i in range(8000)) + b"/>"
NESTED = b"<Request>" + b"<a>" * 5000 + b"</a>" * 5000 + b"</Request>"

JSON_BODIES = {
    "empty": b"",
    "not JSON": b"{",
    "XML": JOB,
    "a list": b"[]",
    "a number": b"1",
    "null": b"null",
    "UTF-16": '{"a":1}'.encode("utf-16"),
    "a BOM": b'\xef\xbb\xbf{"a":1}',
    "invalid UTF-8": b'{"a":"\xff"}',
    "a lone surrogate": b'{"a":"\\ud800"}',
    "NaN": b'{"a":NaN}',
    "1e400": b'{"a":1e400}',
    "a million digits": b'{"a":' + b"9" * 1_000_000 + b"}",
    "a member twice": b'{"a":1,"a":2}',
    "100,000 levels": DEEP,
    "9 MB": b'{"a":"' + b"x" * 9_000_000 + b'"}',
}
XML_BODIES = {
    "empty": b"",
    "not XML": b"<Request>",
    "JSON": b"{}",
    "another root": b"<Other><Tag>MediaInfo</Tag></Other>",
    "a namespace": b'<Request xmlns="urn:x"><Tag>MediaInfo</Tag></Request>',
    "entities that grow": BOMB,
    "an external entity": XXE,
    "an entity nobody declared": b"<Request><Tag>&a;</Tag></Request>",
    "UTF-16": "<Request/>".encode("utf-16"),
    "a declared encoding that is not UTF-8": b'<?xml version="1.0" encoding="GBK"?><Request/>',
    "invalid UTF-8": b"<Request><Tag>\xff</Tag></Request>",
    "a NUL": b"<Request><Tag>\x00</Tag></Request>",
    "8,000 attributes": WIDE,
    "5,000 levels": NESTED,
    "300 KB": b"<Request><Tag>" + b"x" * 300_000 + b"</Tag></Request>",
}


def sent(provider: str, request: Request, **options: Any) -> Response:
    cloud = Cloud(**options)
    return cloud.handle(signed(cloud, provider, request))


def with_length(headers: tuple[tuple[str, str], ...], body: bytes) -> tuple[tuple[str, str], ...]:
    return (*headers, ("Content-Length", str(len(body))))


@pytest.mark.parametrize("name", JSON_BODIES)
def test_jd_refuses_a_body_that_is_no_json_object_with_400_or_413(name: str) -> None:
    body = JSON_BODIES[name]
    response = sent("jdcloud", Request("POST", THUMBNAIL, JD, with_length(JSON, body), body))
    error = json.loads(response.body)["error"]
    assert (response.status, error["code"]) == ((413, 413) if len(body) > 8 * 1024 * 1024 else (400, 400))
    assert json.loads(response.body)["requestId"]


@pytest.mark.parametrize("name", JSON_BODIES)
def test_pontus_refuses_a_body_that_is_no_json_object_with_400_or_413(name: str) -> None:
    body = JSON_BODIES[name]
    response = sent("pontus", Request("POST", TRANSCODING, P, with_length(JSON, body), body))
    assert response.status in (400, 413)
    assert json.loads(response.body)["code"] == "InvalidParameterException"


@pytest.mark.parametrize("name", [name for name in JSON_BODIES if name != "empty"])
def test_ucloud_refuses_a_json_body_that_is_no_object_with_160(name: str) -> None:
    body = JSON_BODIES[name]
    response = Cloud().handle(Request("POST", "/", U, with_length(JSON, body), body))
    too_large = len(body) > 8 * 1024 * 1024
    assert (response.status, json.loads(response.body)["RetCode"]) == (200, 240 if too_large else 160)


@pytest.mark.parametrize("name", XML_BODIES)
def test_tencent_refuses_a_body_that_is_no_request_with_400_and_its_own_envelope(name: str) -> None:
    body = XML_BODIES[name]
    response = sent("tencent_ci", Request("POST", JOBS, CI, with_length(XML, body), body))
    error = ET.fromstring(response.body)
    assert response.status == 400
    assert error.findtext("Code") == ("InvalidContent" if body else "MissingContent")
    assert error.findtext("Resource")
    assert error.findtext("RequestId") == response.header("x-ci-request-id")


def test_tencent_refuses_a_wrong_content_md5_and_takes_the_right_one() -> None:
    right, wrong = base64.b64encode(hashlib.md5(JOB, usedforsecurity=False).digest()).decode(), "AAAAAAAAAAAAAAAAAAAAAA=="
    for digest, status in ((right, 200), (wrong, 400)):
        headers = (*with_length(XML, JOB), ("Content-MD5", digest))
        response = sent("tencent_ci", Request("POST", JOBS, CI, headers, JOB))
        assert response.status == status, digest
    assert ET.fromstring(response.body).findtext("Code") == "InvalidContent"


def test_tencent_wants_a_content_length_and_refuses_a_chunked_body_with_411() -> None:
    response = sent("tencent_ci", Request("POST", JOBS, CI, (*XML, ("Transfer-Encoding", "chunked")), JOB))
    assert (response.status, ET.fromstring(response.body).findtext("Code")) == (411, "MissingContentLength")


UNKNOWN = [
    ("jdcloud", "GET", "/v1/nothing", JD, 404, "NOT_FOUND"),
    ("jdcloud", "DELETE", THUMBNAIL, JD, 404, "NOT_FOUND"),
    ("jdcloud", "GET", f"{THUMBNAIL}/no-such", JD, 404, "NOT_FOUND"),
    ("jdcloud", "GET", f"{THUMBNAIL}/", JD, 404, "NOT_FOUND"),
    ("tencent_ci", "GET", "/nothing", CI, 404, "InvalidUrl"),
    ("tencent_ci", "DELETE", "/jobs/j1", CI, 404, "InvalidUrl"),
    ("tencent_ci", "PUT", "/jobs/no-such", CI, 400, "ResourceNotFound"),
    ("pontus", "GET", "/api/v1/nothing", P, 404, "InvalidURI"),
    ("pontus", "DELETE", TRANSCODING, P, 405, "MethodNotAllowed"),
    ("pontus", "GET", f"{TRANSCODING}/9", P, 404, "NoSuchTask"),
    ("pontus", "GET", "/api/version/task/transcoding/9", P, 404, "InvalidVersion"),
    ("ucloud", "GET", "/?Action=Nothing", U, 200, "161"),
    ("ucloud", "GET", "/", U, 200, "160"),
]


@pytest.mark.parametrize(("provider", "method", "target", "host", "status", "code"), UNKNOWN)
def test_what_is_unknown_is_refused_as_the_vendor_would(
    provider: str, method: str, target: str, host: str, status: int, code: str
) -> None:
    cloud = Cloud()
    headers = (("Content-Length", "0"),) if method == "PUT" else ()
    response = cloud.handle(signed(cloud, provider, Request(method, target, host, headers)))
    assert (response.status, cloud.journal.last.refusal) == (status, code)
    assert b"<html" not in response.body.lower()


def test_ucloud_takes_the_last_of_a_duplicate_parameter_for_reading() -> None:
    response = Cloud(auth="off").handle(Request("GET", "/?Action=DescribeMediaTask&Action=Nothing", U))
    assert json.loads(response.body)["RetCode"] == 161


def test_a_dotted_index_of_999999999_allocates_no_list() -> None:
    response = Cloud(auth="off").handle(
        Request("GET", "/?Action=DescribeMediaTask&Tasks.999999999.Url=x&Region=r&Zone=z&PublicKey=k&Signature=s", U)
    )
    assert json.loads(response.body)["RetCode"] == 0


def test_2000_parameters_are_refused() -> None:
    target = "/?Action=DescribeMediaTask&" + "&".join(f"p{i}=1" for i in range(2000))
    assert json.loads(Cloud().handle(Request("GET", target, U)).body)["RetCode"] == 160


ENTRANCES = [(JD, THUMBNAIL), (CI, JOBS), (U, "/"), (P, TRANSCODING), ("127.0.0.1:8080", "/anything")]
MEDIA = ["application/json", "application/xml", "application/x-www-form-urlencoded", "text/plain; charset=\xff", ""]
NEAR = st.sampled_from(
    [*[b for b in JSON_BODIES.values() if len(b) < 5000], *[b for b in XML_BODIES.values() if len(b) < 5000], JOB]
)


def bodies() -> st.SearchStrategy[bytes]:
    return st.one_of(
        st.binary(max_size=200),
        NEAR,
        st.builds(lambda a, b, i: a[:i] + b + a[i:], NEAR, st.binary(max_size=4), st.integers(0, 200)),
    )


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    method=st.sampled_from(["GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS", "BREW"]),
    entrance=st.sampled_from(ENTRANCES),
    tail=st.text(st.characters(min_codepoint=33, max_codepoint=126), max_size=30),
    media=st.sampled_from(MEDIA),
    authorization=st.one_of(st.none(), st.text(st.characters(min_codepoint=32, max_codepoint=255), max_size=80)),
    body=bodies(),
    auth=st.sampled_from(["strict", "off"]),
)
def test_no_bytes_whatsoever_raise_or_earn_a_500(
    method: str, entrance: tuple[str, str], tail: str, media: str, authorization: str | None, body: bytes, auth: str
) -> None:
    host, path = entrance
    headers = [("Content-Type", media), ("Content-Length", str(len(body)))]
    headers += [("Authorization", authorization)] if authorization is not None else []
    cloud, reports = Cloud(auth=auth), list[str]()
    cloud.report = reports.append
    response = cloud.handle(Request(method, path + tail, host, tuple(headers), body))
    assert response.status < 500
    assert not [report for report in reports if "defect" in report]
    assert b"Traceback" not in response.body


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture])
@pytest.mark.parametrize("name", ["werkzeug.test.Client", "httpx.WSGITransport", "socket", "requests", "httpx"])
@given(entrance=st.sampled_from(ENTRANCES[:4]), media=st.sampled_from(MEDIA[:3]), body=bodies())
def test_no_body_whatsoever_earns_a_500_through_any_door(name: str, entrance: tuple[str, str], media: str, body: bytes) -> None:
    host, path = entrance
    request = Request("POST", path, host, (("Content-Type", media), ("Content-Length", str(len(body)))), body)
    assert DOORS[name](Cloud(auth="off"), request).status < 500


def test_the_magic_refusal_of_an_outage_is_a_500_because_it_was_asked_for() -> None:
    body = b'{"source":{"bucket":"b","key":"in/mockcloud-refuse-INTERNAL.mp4"},"target":{"destBucket":"d"}}'
    assert sent("jdcloud", Request("POST", THUMBNAIL, JD, with_length(JSON, body), body)).status == 500


def test_the_journal_names_the_rule_the_value_and_the_place_of_a_refused_request() -> None:
    body = b'{"source":{"bucket":"b","key":"k"},"target":{"destBucket":"d","widthInPixel":5000}}'
    cloud = Cloud(auth="off")
    by_handle(cloud, Request("POST", THUMBNAIL, JD, JSON, body))
    (violation,) = cloud.journal.last.violations
    assert violation.rule == "jdcloud.createThumbnailTask/request#/target/widthInPixel:maximum"
    assert (violation.where, violation.found) == ("/target/widthInPixel", 5000)


def test_no_shipped_file_is_read_from_the_network() -> None:
    for path in [*(ROOT / "schemas").rglob("*.xsd"), *(ROOT / "schemas").rglob("*.schema.json")]:
        text = path.read_text()
        assert 'schemaLocation="http' not in text
        assert '"$ref": "http' not in text
