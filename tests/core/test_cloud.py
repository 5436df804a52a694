"""The whole journey: never raises, the same twice, loud about what nobody documents."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import Any

import cases
import made
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_loader import Editor

from mockcloud import Cloud, Credential, Request, UnmatchedRequest, UsageError, VirtualClock
from mockcloud import cloud as module
from mockcloud.contracts import folders
from mockcloud.contracts.sketches import sketch

LAW = settings(max_examples=200, deadline=None, database=None, derandomize=True)
HOSTS = {name: sketch(folder).hosts[0]["example"] for name, folder in folders.known().items()}
START = 1_767_225_600.0


def quiet(**options: Any) -> tuple[Cloud, list[str]]:
    cloud, reports = Cloud(**{"clock": VirtualClock(START), **options}), []
    cloud.report = reports.append
    return cloud, reports


@pytest.mark.parametrize(
    ("option", "said"),
    [
        ({"auth": "of"}, "auth is 'strict' or 'off', found 'of'"),
        ({"providers": ["jdclod"]}, "Did you mean 'jdcloud'?"),
        ({"providers": "jdcloud"}, "providers is a list of names, found the one text 'jdcloud': write ['jdcloud']"),
        ({"clock": "reel"}, "a clock is"),
        ({"store": "redis:"}, "in memory only"),
    ],
)
def test_an_option_that_does_not_exist_is_refused(option: dict[str, Any], said: str) -> None:
    with pytest.raises(UsageError) as caught:
        Cloud(**option)
    assert said in str(caught.value)


def test_a_cloud_answers_for_the_providers_that_it_was_given_alone() -> None:
    cloud, reports = quiet(providers=["pontus"])
    assert (cloud.answers("media.pontus.com:443"), cloud.answers(HOSTS["jdcloud"])) == (True, False)
    assert cloud.handle(Request("GET", "/jobs", "h")).status == 404
    assert "mockcloud has no provider for GET '/jobs'" in reports[0]
    with pytest.raises(UsageError, match="there is no provider 'jdcloud' here"):
        cloud.tasks("jdcloud")


def test_a_host_of_nobody_is_answered_404_in_json_and_told_with_the_nearest() -> None:
    cloud, reports = quiet()
    response = cloud.handle(Request("GET", "/x", "mps.jdcloud-api.co"))
    assert (response.status, response.header("content-type"), response.header("content-length")) == (404, "application/json", str(len(response.body)))  # fmt: skip
    assert b'{"mockcloud":"mockcloud has no provider for GET' in response.body
    assert "Did you mean 'mps.jdcloud-api.com'?" in reports[0]
    last = cloud.journal.last
    assert (last.provider, last.operation, last.note, last.at) == ("", "", reports[0], START + 1)
    assert "Did you mean 'mps.jdcloud-api.com'?" in cloud.nearest_host("mps.jdcloud-api.co:80")


@pytest.mark.parametrize(
    ("provider", "said"),
    [
        ("jdcloud", b'"status":"NOT_FOUND"'),
        ("tencent_ci", b"<Code>InvalidUrl</Code>"),
        ("ucloud", b'"RetCode":160'),
        ("pontus", b'"code":"InvalidURI"'),
    ],
)
def test_an_unknown_path_at_a_vendors_host_is_refused_in_its_envelope_and_told(provider: str, said: bytes) -> None:
    cloud, reports = quiet(auth="off")
    assert said in cloud.handle(Request("GET", "/no/such/path", HOSTS[provider])).body
    assert reports[0].startswith(f"{provider}: GET '/no/such/path' matches no operation: no operation has the path")


def test_a_report_is_a_warning_unless_somebody_takes_it_and_carries_the_answer() -> None:
    cloud = Cloud(clock=VirtualClock(START))
    with pytest.warns(UnmatchedRequest, match="has no provider"):
        assert cloud.handle(Request("GET", "/x", "nobody")).status == 404
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with pytest.raises(UnmatchedRequest) as caught:
            cloud.handle(Request("GET", "/x", "nobody"))
    assert caught.value.response.status == 404
    assert len(cloud.journal) == 2


def test_warnings_that_a_stranger_makes_up_do_not_fill_the_memory() -> None:
    cloud = Cloud(clock=VirtualClock(START))
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("default")
        for number in (*range(1500), 1499):
            cloud.handle(Request("GET", f"/{number}", "nobody"))
    assert len(told) == 1500
    assert len(module._WARNED) <= module.WARNINGS_REMEMBERED + 1


def test_the_items_of_a_resource_are_its_presets_and_then_what_anybody_made(tmp_path: Path) -> None:
    folder = tmp_path / "made"
    made.loaded(
        folder, {"add": {"effect": {"add": "thing", "item": "$request"}}}, resources={"thing": made.resource({"id": "old"})}
    )
    cloud = made.cloud_of(folder)
    for account in ("me", "you"):
        made.ask(cloud, "add", account, name=account)
    assert [item.get("name", item["id"]) for item in cloud.items("made", "thing")] == ["old", "me", "you"]
    with pytest.raises(UsageError, match=r"made has no resource 'thin'\. Did you mean 'thing'\?"):
        cloud.items("made", "thin")


def test_the_journal_has_the_condition_of_a_refusal_that_no_broken_rule_earned() -> None:
    cloud, _ = quiet()
    cloud.handle(Request("GET", "/v1/regions/cn-north-1/thumbnail/x", HOSTS["jdcloud"]))
    unsigned = cloud.journal.last
    cloud.handle(Request("POST", "/", HOSTS["ucloud"]))
    assert (unsigned.reason, cloud.journal.last.reason) == ("authorization-missing", "missing-operation")
    cloud, _ = quiet(auth="off")
    cloud.handle(Request("POST", "/v1/regions/cn-north-1/thumbnail", HOSTS["jdcloud"], (), b"{}"))
    assert (cloud.journal.last.reason, cloud.journal.last.refusal, len(cloud.journal.last.violations)) == (
        "",
        "INVALID_ARGUMENT",
        2,
    )


def test_a_request_for_a_provider_is_that_providers_whatever_its_host_and_path_say() -> None:
    cloud, _ = quiet(auth="off")
    assert b"InvalidURI" in cloud.handle_for("pontus", Request("GET", "/jobs", HOSTS["jdcloud"])).body
    assert b"NoSuchTask" in cloud.handle_for("pontus", Request("GET", "http://x/api/v2/task/transcoding/1", "h")).body
    assert b"<Resource>test-1250000000.ci.x.myqcloud.com/no</Resource>" in cloud.handle_for("tencent_ci", Request("GET", "/no", "test-1250000000.ci.x.myqcloud.com")).body  # fmt: skip


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"clock": 5}, "a clock is 'real' or 'virtual[:TICK][@START]' or has now, tick and advance, found 5"),
        ({"providers": 1}, "providers is a list of names, found 1"),
        ({"credentials": {"ucloud": [("a", "b")]}}, "the credentials of ucloud are a list, each a Credential, found"),
        ({"credentials": {"ucloud": Credential("a", "b")}}, "the credentials of ucloud are a list, each a Credential"),
        ({"credentials": [Credential("a", "b")]}, "credentials are given by provider"),
        (
            {"credentials": {"uclod": [Credential("a", "b")]}},
            "there is no provider 'uclod' to have credentials. Did you mean 'ucloud'?",
        ),
        ({"settings": "jdcloud"}, "settings are given by provider"),
        ({"settings": {"jdclod": {}}}, "there is no provider 'jdclod' to have settings. Did you mean 'jdcloud'?"),
        ({"settings": {"jdcloud": "x"}}, "the settings of jdcloud are given by name, found 'x'"),
        ({"settings": {"jdcloud": {"signature_window_seconds": float("nan")}}}, "is a number, found nan"),
        ({"settings": {"jdcloud": {"signature_window_seconds": True}}}, "is a number, found True"),
        ({"callback_hosts": None}, "allow is a list of hosts, each a text, found None"),
        ({"callback_hosts": [1]}, "allow is a list of hosts, each a text, found [1]"),
    ],
)
def test_an_option_that_cannot_be_meant_is_a_usage_error_that_says_what_was_found(options: dict[str, Any], said: str) -> None:
    with pytest.raises(UsageError) as caught:
        Cloud(**options)
    assert said in str(caught.value)


def test_what_is_nobodys_host_is_told_in_ascii() -> None:
    cloud, reports = quiet()
    response = cloud.handle(Request("GET", "/x", "\x9b31mred"))
    assert response.body.isascii()
    assert reports[0].isascii()


def test_a_request_for_a_provider_that_is_not_there_is_a_usage_error() -> None:
    cloud, _ = quiet()
    with pytest.raises(UsageError, match="there is no provider 'jdclod'"):
        cloud.handle_for("jdclod", Request("GET", "/", "h"))


def test_an_absolute_target_is_for_the_host_that_it_names() -> None:
    cloud, _ = quiet(auth="off")
    assert b"NoSuchTask" in cloud.handle(Request("GET", "https://media.pontus.com/api/v2/task/transcoding/1", "proxy")).body


FIRST = {case.provider: case for case in reversed(cases.all_cases("accepted")) if "before" not in case.data}


@pytest.mark.parametrize("provider", sorted(HOSTS))
def test_without_authentication_an_unsigned_request_is_let_in_as_the_first_credential(provider: str) -> None:
    case = FIRST[provider]
    cloud = cases.cloud_of(case, auth="off")
    cloud.report = [].append
    response = cloud.handle(cases.request_of(case.data["request"]))
    cases.judge(case, response)
    assert cloud.journal.last.refusal == ""


@pytest.mark.parametrize("provider", sorted(HOSTS))
def test_with_authentication_an_unsigned_request_is_refused(provider: str) -> None:
    case = FIRST[provider]
    cloud = cases.cloud_of(case)
    cloud.handle(cases.request_of(case.data["request"]))
    assert cloud.journal.last.refusal


def bytes_of(seed: int) -> list[Any]:
    cloud, _ = quiet(seed=seed, auth="off")
    said = []
    for case in cases.all_cases("accepted")[::5]:
        response = cloud.handle(cases.request_of(case.data["request"]))
        said.append((response.status, response.headers, response.body))
    return said


def test_the_same_seed_and_clock_and_requests_give_the_same_bytes_and_another_seed_others() -> None:
    assert bytes_of(7) == bytes_of(7)
    assert bytes_of(7) != bytes_of(8)


def test_each_request_moves_the_clock_by_one_tick_and_is_recorded_at_its_time() -> None:
    cloud, _ = quiet(clock=VirtualClock(START, 2))
    for _ in range(3):
        cloud.handle(Request("GET", "/jobs/x", "h"))
    assert [exchange.at - START for exchange in cloud.journal] == [2, 4, 6]


def test_an_answer_that_breaks_our_own_schema_leaves_all_the_same_and_is_told(altered, cloud_of_folder) -> None:
    const = {"const": "x", "x-source": "console"}
    folder = altered("jdcloud", {
        "responses/createThumbnailTask.schema.json": Editor.put("/properties/requestId", const),
        "responses/refusal.schema.json": Editor.put("/properties/requestId", const),
    })  # fmt: skip
    cloud = cloud_of_folder(folder)
    good = b'{"source":{"bucket":"b","key":"k"},"target":{"destBucket":"d"}}'
    for body, status, owner in ((good, 200, "jdcloud.createThumbnailTask/response"), (b"{}", 400, "jdcloud.refusal/response")):
        cloud.reports.clear()
        assert cloud.handle(Request("POST", "/v1/regions/cn-north-1/thumbnail", "h", (), body)).status == status
        assert (
            f"a defect of mockcloud: its own answer breaks {owner}#/requestId:const at /requestId: is not x" in cloud.reports[0]
        )


def test_an_xml_answer_that_breaks_our_own_schema_is_told(altered, cloud_of_folder) -> None:
    folder = altered("tencent_ci", {"provider.json": Editor.drop("/refusal/body/Error/Code")})
    cloud = cloud_of_folder(folder)
    assert cloud.handle(Request("GET", "/no", "test-1250000000.ci.x.myqcloud.com")).status == 404
    assert any("its own answer breaks tencent_ci.refusal/response#/Code:required" in report for report in cloud.reports)


def test_what_a_request_reflects_into_a_header_cannot_end_it(altered, cloud_of_folder) -> None:
    folder = altered("jdcloud", {"provider.json": Editor.put("/refusal/headers/X", {"$text": ["$path", "\r\nEvil: 1é你"]})})
    response = cloud_of_folder(folder).handle(Request("GET", "/v1/a\r\nB: c", "h"))
    assert response.header("x") == "/v1/a??B: c??Evil: 1é?"


PATHS = ["/", "/jobs", "/jobs/j1", "/jobs/%2F,a", "/v1/regions/cn-north-1/thumbnail", "/v1/regions/%00/thumbnail/é", "/api/v2/task/transcoding", "/api/v2/task/transcoding/7/", "/v1", "/api/", "*", "", "//", "h:443", "http://h/jobs", "HTTP://api.ucloud.cn?Action=x"]  # fmt: skip
QUERIES = ["", "?", "?cancel", "?Action=CreateMediaTask", "?Action=DescribeMediaTask&Region=r&Zone=z&PublicKey=mockcloud&Signature=x", "?a=%ff", "?" + "a&" * 1100, "?Action=%00", "?Action=é&Action="]  # fmt: skip
BODIES = [case.data["request"].get("body", "").encode() for case in cases.all_cases("accepted")]
WORDS = st.sampled_from(["", "\x00", "é", "你", "\r\n", "a" * 3000, "{", "<a>", "%", "sha1", "-", "Infinity"])
HEADERS = st.lists(
    st.tuples(
        st.sampled_from(["Authorization", "Content-Type", "Content-Length", "Content-MD5", "x-jdcloud-date", "x-jdcloud-nonce", "apiExecTime", "apiPublicKey", "apiNonce", "apiClientCode", "apiCheckSum", "Host", "", "X"]),
        WORDS | st.text(max_size=10) | st.sampled_from(["application/json", "application/xml", "application/x-www-form-urlencoded", "mockcloud", "20260101T000001Z", "JDCLOUD3-HMAC-SHA256 Credential=a/20260101/b/mps/jdcloud3_request, SignedHeaders=host, Signature=x", "q-sign-algorithm=sha1&q-ak=mockcloud&q-sign-time=1;2&q-key-time=1;2&q-header-list=&q-url-param-list=&q-signature=x"]),
    ),
    max_size=5,
).map(tuple)  # fmt: skip


def _cut(body: bytes, at: int, length: int, put: bytes) -> bytes:
    at = at % (len(body) + 1)
    return body[:at] + put + body[at + length :]


REQUESTS = st.builds(
    Request,
    st.sampled_from(["GET", "POST", "PUT", "DELETE", "HEAD", "CONNECT", "get", "", "é", "A B"]) | st.text(max_size=5),
    st.builds(str.__add__, st.sampled_from(PATHS) | st.text(max_size=20), st.sampled_from(QUERIES) | st.text(max_size=10).map("?".__add__)),
    st.sampled_from([*HOSTS.values(), "", "h", "[::1]:80", "test-1.ci.x.myqcloud.com:80", "API.UCLOUD.CN.", "a" * 300]) | st.text(max_size=10),
    HEADERS,
    st.binary(max_size=30)
    | st.sampled_from([b"", b"{}", b"[]", b"null", b"<Request/>", b"[" * 70000, b"<a>" * 7000, b"1" * 5000, b"&" * 2000, b'{"source":{"bucket":{}}}'])
    | st.builds(_cut, st.sampled_from(BODIES), st.integers(0, 10_000), st.integers(0, 5), st.sampled_from([b"", b"x", b"1e5", b"null", b'"', b"<", b"-1", b"0" * 50, b"9" * 400, b"\xff", b"{}", b"[]", b"\\ud800"])),
)  # fmt: skip


def _sound(cloud: Cloud, reports: list[str], request: Request) -> None:
    reports.clear()
    response = cloud.handle(request)
    assert 100 <= response.status <= 599
    assert response.header("content-length") == str(len(response.body))
    for name, value in response.headers:
        assert (name + value).isprintable(), (name, value)
        (name + value).encode("latin-1")
    assert not [report for report in reports if "defect" in report], reports
    assert cloud.journal.last.request.body == request.body


@pytest.mark.parametrize("auth", ["strict", "off"])
def test_no_request_makes_a_cloud_raise_or_answer_what_is_no_answer(auth: str) -> None:
    cloud, reports = quiet(auth=auth)

    @LAW
    @given(REQUESTS)
    def sound(request: Request) -> None:
        _sound(cloud, reports, request)

    sound()


@LAW
@given(st.sampled_from(cases.all_cases("accepted")), st.integers(0, 10_000), st.integers(0, 8), st.sampled_from([b"", b"x", b"1", b"-1", b"1.5", b"1e5", b"null", b'"', b"<", b"9" * 400, b"1e308", b"\xff", b"{}", b"[]", b"true", b"\\u0000"]))  # fmt: skip
def test_no_request_near_an_accepted_one_makes_a_cloud_raise(case: cases.Case, at: int, length: int, put: bytes) -> None:
    cloud, reports = NEAR
    request = cases.request_of(case.data["request"])
    _sound(
        cloud,
        reports,
        Request(request.method, request.target, request.host, request.headers, _cut(request.body, at, length, put)),
    )


NEAR = quiet(auth="off")


@pytest.mark.parametrize("auth", ["strict", "off"])
@pytest.mark.parametrize(
    "path",
    [
        "/jobs/\udc80",
        "/v1/regions/\udc80/thumbnail/1",
        "/v1/regions/cn-north-1/thumbnail/\udc80",
        "/api/\udc80/task/transcoding/1",
        "/?Action=\udc80",
        "/\udc80",
    ],
)
def test_a_lone_surrogate_in_a_target_makes_no_cloud_raise(path: str, auth: str) -> None:
    cloud, reports = quiet(auth=auth)
    for host in ("h", *HOSTS.values()):
        _sound(cloud, reports, Request("GET", path, host))


def test_a_lone_surrogate_in_a_host_or_header_makes_no_cloud_raise() -> None:
    cloud, reports = quiet()
    for host in ("\udc80", *HOSTS.values()):
        _sound(
            cloud,
            reports,
            Request(
                "GET", "/jobs/x", host, (("Authorization", "\udc80"), ("x-jdcloud-date", "\udc80"), ("apiPublicKey", "\udc80"))
            ),
        )


def test_a_cloud_remembers_a_bounded_number_of_hosts() -> None:
    cloud, _ = quiet(providers=["tencent_ci"])
    for number in range(400):
        assert cloud.handle(Request("GET", "/jobs/x", f"b-{number}.ci.x.myqcloud.com")).status == 401
    assert len(cloud._told) <= 256


def test_two_threads_that_open_a_service_share_it() -> None:
    cloud, _ = quiet()
    assert cloud._service("pontus") is cloud._service("pontus")


@pytest.mark.parametrize("host", ["api.uclod.cn", "example.com", "8.8.8.8"])
def test_a_client_that_takes_us_for_its_proxy_gets_no_answer_for_a_host_that_is_nobodys(quiet_cloud, host: str) -> None:
    cloud = quiet_cloud()
    response = cloud.handle(Request("GET", f"http://{host}/?Action=DescribeMediaTask", host))
    assert response.status == 404
    assert host in cloud.reports[0]


@pytest.mark.parametrize("host", ["127.0.0.1:8080", "localhost", "mock.localhost:1", "[::1]:8080"])
def test_a_client_whose_proxy_and_endpoint_are_both_the_mock_is_answered_by_path(quiet_cloud, host: str) -> None:
    response = quiet_cloud(auth="off").handle(Request("GET", f"http://{host}/?Action=DescribeMediaTask&Region=r&Zone=z", host))
    assert b'"RetCode":0' in response.body


@pytest.mark.parametrize(
    ("provider", "code"), [("tencent_ci", b"InvalidArgument"), ("pontus", b"InvalidParameterException"), ("ucloud", b"230")]
)
def test_a_magic_name_with_a_code_that_nobody_lists_is_the_callers_mistake_and_names_the_nearest(
    quiet_cloud, provider: str, code: bytes
) -> None:
    name = "mockcloud-refuse-Nothing.mp4"
    sent = {
        "tencent_ci": Request(
            "POST",
            "/jobs",
            "h",
            (("Content-Length", "1"),),
            f"<Request><Tag>MediaInfo</Tag><Input><Object>{name}</Object></Input></Request>".encode(),
        ),
        "pontus": Request(
            "POST",
            "/api/v1/task/transcoding",
            "h",
            (),
            f'{{"source":{{"source_url":"rtmp://h/{name}"}},"targets":[{{"target_url":"t"}}]}}'.encode(),
        ),
        "ucloud": Request(
            "GET",
            f"/?Action=CreateMediaTask&Region=r&Zone=z&StorageBackend=US3&Bucket=b&DstKey=d&Function=VideoCapture&FunctionParamTemplateId=preset-capture-jpg&SrcKey={name}",
            "h",
        ),
    }
    body = quiet_cloud(auth="off").handle(sent[provider]).body
    assert code in body
    assert b"mockcloud knows no code 'Nothing'" in body
