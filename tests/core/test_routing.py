"""Which provider, which route, which operation."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_loader import Editor

from mockcloud import Request
from mockcloud.contracts import folders
from mockcloud.contracts.loader import load
from mockcloud.contracts.sketches import sketch
from mockcloud.pipeline import routing
from mockcloud.pipeline.call import Call

SKETCHES = {name: sketch(folder) for name, folder in folders.known().items()}
JD = "/v1/regions/cn-north-1/thumbnail"


def told(target: str, host: str) -> str | None:
    found = routing.by_host(host, SKETCHES.values()) or routing.by_path(Request("GET", target, host), SKETCHES.values())
    return None if found is None else found[0].name


@pytest.mark.parametrize(
    ("target", "host", "name"),
    [
        ("/anything", "mps.jdcloud-api.com", "jdcloud"), ("/", "MPS.jdcloud-api.COM:443", "jdcloud"), ("/jobs", " mps.jdcloud-api.com ", "jdcloud"),
        ("/", "api.ucloud.cn", "ucloud"), ("/x", "media.pontus.com:8080", "pontus"), ("/v1", "test-1250000000.ci.ap-chongqing.myqcloud.com", "tencent_ci"),
        ("/", "127.0.0.1", "ucloud"), ("/?Action=x", "localhost:80", "ucloud"), ("/v1/x", "", "jdcloud"), ("/v1", "h", "jdcloud"), ("/jobs", "[::1]:80", "tencent_ci"),
        ("/jobs/a?b", "h", "tencent_ci"), ("/%6Aobs", "h", "tencent_ci"), ("/api/v2/task", "h", "pontus"), ("/api/", "h", "pontus"),
        ("/jobsx", "h", None), ("/v1x", "h", None), ("/x", "h", None), ("//", "h", None), ("", "h", None), ("*", "h", None), ("/api", "h", None),
        ("/x", "evil-mps.jdcloud-api.com", None), ("/x", "mps.jdcloud-api.com.evil.com", None), ("/x", "mps-jdcloud-api.com", None),
    ],
)  # fmt: skip
def test_a_provider_is_told_by_its_host_else_by_its_path(target: str, host: str, name: str | None) -> None:
    assert told(target, host) == name


def test_the_groups_of_a_host_are_its_parts() -> None:
    parts = routing.host_parts(SKETCHES["tencent_ci"], "test-1250000000.ci.ap-chongqing.myqcloud.com")
    assert parts == {"name": "test-1250000000.ci.ap-chongqing.myqcloud.com", "bucket": "test-1250000000", "service": "ci", "region": "ap-chongqing"}  # fmt: skip
    assert routing.host_parts(SKETCHES["tencent_ci"], "nobody") is None


@pytest.mark.parametrize(
    ("host", "name"),
    [
        ("A.b:80", "a.b"),
        ("a.b", "a.b"),
        ("[::1]:80", "::1"),
        ("[::1]", "::1"),
        ("a:", "a"),
        ("", ""),
        ("a:b", "a:b"),
        ("a.b:80:90", "a.b:80"),
    ],
)
def test_a_host_name_is_without_its_port_and_brackets(host: str, name: str) -> None:
    assert routing.host_name(host) == name


@pytest.mark.parametrize(
    ("target", "host", "origin", "at"),
    [
        ("http://x.y:80/a?b", "p", "/a?b", "x.y:80"), ("HTTPS://x.y", "p", "/", "x.y"), ("http://me:secret@x.y/a", "p", "/a", "x.y"), ("http://x.y?q", "p", "/?q", "x.y"), ("http://x.y/a#f", "p", "/a", "x.y"),
        ("/a", "p", "/a", "p"), ("*", "p", "*", "p"), ("", "p", "", "p"), ("x.y:443", "p", "x.y:443", "p"), ("ftp://x/a", "p", "ftp://x/a", "p"), ("//x.y/a", "p", "//x.y/a", "p"),
    ],
)  # fmt: skip
def test_an_absolute_target_is_taken_apart(target: str, host: str, origin: str, at: str) -> None:
    found = routing.origin_form(Request("GET", target, host))
    assert (found.target, found.host) == (origin, at)


@settings(max_examples=100, deadline=None, database=None, derandomize=True)
@given(st.text(max_size=30), st.text(max_size=20))
def test_taking_a_target_apart_twice_is_taking_it_apart_once_for_every_origin_form(target: str, host: str) -> None:
    once = routing.origin_form(Request("GET", f"http://{host}/{target}", "p"))
    assert routing.origin_form(once) == once


@pytest.mark.parametrize(
    ("method", "target", "status", "said"),
    [
        ("POST", JD + "/", 404, "no operation has the path"),
        ("GET", "/v1/regions//thumbnail/1", 404, "no operation has the path"),
        ("GET", "/v1/regions/a%2Fb/thumbnail/1", 400, None),
        ("GET", "/v1/regions/a/b/thumbnail/1", 404, "no operation has the path"),
        ("PUT", JD, 404, "the method 'PUT' is not: GET, POST"),
        ("post", JD, 404, "the method 'post' is not: GET, POST"),
        ("GET", "/v1/regions/cn-north-1/thumbnal", 404, "Did you mean '/v1/regions/{regionId}/thumbnail'?"),
    ],
)
def test_a_path_or_method_that_nobody_documents_is_refused_and_told(quiet_cloud, method, target, status, said) -> None:
    cloud = quiet_cloud(auth="off")
    assert cloud.handle(Request(method, target, "mps.jdcloud-api.com")).status == status
    assert (said is None and not cloud.reports) or said in cloud.reports[0]


def test_a_trailing_slash_is_tolerated_where_the_contract_says_so(quiet_cloud) -> None:
    cloud = quiet_cloud(auth="off")
    assert b"NoSuchTask" in cloud.handle(Request("GET", "/api/v2/task/transcoding/1/", "media.pontus.com")).body
    assert b"InvalidURI" in cloud.handle(Request("GET", "/api/v2/task/transcoding/1//", "media.pontus.com")).body


@pytest.mark.parametrize(
    ("body", "code", "said"),
    [
        (
            "<Request><Tag>MediaInf</Tag></Request>",
            "InvalidArgument",
            "no operation has Tag 'MediaInf'. Did you mean 'MediaInfo'?",
        ),
        ("<Reqest/>", "InvalidContent", None),
    ],
)
def test_an_operation_that_the_body_does_not_name_is_refused_and_told(
    quiet_cloud, body: str, code: str, said: str | None
) -> None:
    cloud = quiet_cloud(auth="off")
    response = cloud.handle(Request("POST", "/jobs", "h", (("Content-Length", "9"),), body.encode()))
    assert f"<Code>{code}</Code>".encode() in response.body
    assert (said is None and not cloud.reports) or said in cloud.reports[0]


def test_an_action_that_nobody_documents_is_refused_161_with_its_nearest(quiet_cloud) -> None:
    cloud = quiet_cloud(auth="off")
    assert b'"RetCode":161' in cloud.handle(Request("GET", "/?Action=CreateMediaTsk", "api.ucloud.cn")).body
    assert "Did you mean 'CreateMediaTask'?" in cloud.reports[0]


def test_a_route_with_a_literal_segment_comes_before_one_with_an_argument(altered) -> None:
    folder = altered("jdcloud", {"operations.json": Editor.put("/createThumbnailTask/path", "/v1/regions/all/thumbnail/mine")})
    routes = load(folder).routes

    def found(path: str) -> set[str]:
        return set(routes.find(path, "")[0].operations)

    assert found("/v1/regions/all/thumbnail/mine") == {"POST"}
    assert found("/v1/regions/all/thumbnail/yours") == {"GET"}


def test_the_arguments_of_a_path_are_decoded_one_by_one() -> None:
    contract = load(folders.known()["jdcloud"])
    operation = contract.operations["getThumbnailTask"]

    def in_path(target: str) -> dict[str, str]:
        call = Call(contract, Request("GET", target, "h"), 0.0, "", {}, {})
        call.candidates = (operation,)
        return routing.in_path(call)

    assert in_path(JD + "/a%2Fb%20c") == {"regionId": "cn-north-1", "taskId": "a/b c"}
    assert in_path("/other") == {}
