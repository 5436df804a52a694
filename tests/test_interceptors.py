"""What httpx and requests send to a vendor's host is answered in process, byte for byte as it would stand on the wire."""

from __future__ import annotations

import asyncio
import gzip
import io
import json
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import httpcore
import httpx
import pytest
import requests
import requests.adapters
import responses
import respx
import urllib3
from urllib3.util import Retry

from mockcloud.errors import MissingExtra, UnknownHost, UsageError
from mockcloud.interceptors import host_of, intercept, is_loopback
from mockcloud.messages import Request, Response

VENDOR = "api.vendor.test"
OTHER = "other.example.com"


class Echo:
    """A cloud that says what it was asked."""

    def __init__(self, name: str = "echo", host: str = VENDOR) -> None:
        self.name = name
        self.host = host
        self.seen: list[Request] = []
        self.answers_with: list[Response] = []

    def handle(self, request: Request) -> Response:
        self.seen.append(request)
        if self.answers_with:
            return self.answers_with.pop(0)
        return Response(200, (("Content-Type", "application/json"), ("X-Cloud", self.name)), b'{"ok": true}')

    def answers(self, host: str) -> bool:
        return host_of(host) == self.host

    def nearest_host(self, host: str) -> str:
        return f"no vendor has '{host}'; the nearest is '{self.host}'."


@pytest.fixture
def cloud() -> Iterator[Echo]:
    echo = Echo()
    with intercept(echo):
        yield echo


@pytest.fixture
def loopback() -> Iterator[str]:
    """A server that answers every connection with one fixed answer."""
    listening = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        while True:
            try:
                connection, _ = listening.accept()
            except OSError:
                return
            with connection:
                connection.recv(65536)
                connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\nConnection: close\r\n\r\nreal")

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    listening.shutdown(socket.SHUT_RDWR)
    listening.close()
    thread.join()


def by_httpx(method: str, url: str, **kwargs: object) -> int:
    return httpx.request(method, url, **kwargs).status_code


def by_async_httpx(method: str, url: str, **kwargs: object) -> int:
    async def call() -> int:
        async with httpx.AsyncClient() as client:
            return (await client.request(method, url, **kwargs)).status_code

    return asyncio.run(call())


def by_requests(method: str, url: str, **kwargs: object) -> int:
    if "content" in kwargs:
        kwargs["data"] = kwargs.pop("content")
    return requests.request(method, url, timeout=5, **kwargs).status_code


DOORS = [by_httpx, by_async_httpx, by_requests]


@pytest.mark.parametrize("call", DOORS)
@pytest.mark.parametrize(
    "target",
    [
        "/",
        "/jobs/j1%2Cj2",
        "/v1/transcodeJobs%3Asubmit",
        "/v1/transcodeJobs:submit",
        "/a%2Fb/c",
        "/?Action=CreateMediaTask&Input=a%20b&Plus=a%2Bb&Empty=",
        "/?a=1&a=2",
        "/%E4%B8%AD%E6%96%87?q=%E4%B8%AD",
    ],
)
def test_the_target_arrives_raw(cloud, call, target):
    call("GET", f"https://{VENDOR}{target}")
    assert cloud.seen[0].target == target


@pytest.mark.parametrize("call", DOORS)
def test_method_host_headers_and_body_arrive_as_they_would_be_sent(cloud, call):
    call("PUT", f"https://{VENDOR}/x", headers={"X-Thing": "a b"}, content=b"\x00body")
    request = cloud.seen[0]
    assert (request.method, request.host, request.body) == ("PUT", VENDOR, b"\x00body")
    assert (request.header("host"), request.header("x-thing"), request.header("content-length")) == (VENDOR, "a b", "5")


@pytest.mark.parametrize("call", DOORS)
@pytest.mark.parametrize(
    ("url", "headers", "host"),
    [
        (f"http://{VENDOR}:8080/", {}, f"{VENDOR}:8080"),
        (f"https://{VENDOR}:443/", {}, VENDOR),
        (f"http://{VENDOR}:80/", {}, VENDOR),
        (f"https://{VENDOR}/", {"Host": "bucket.vendor.test"}, "bucket.vendor.test"),
        (f"https://user:secret@{VENDOR}/", {}, VENDOR),
    ],
)
def test_the_host_is_the_host_header_that_would_be_sent(cloud, call, url, headers, host):
    call("GET", url, headers=headers)
    assert (cloud.seen[0].host, cloud.seen[0].header("host")) == (host, host)


@pytest.mark.parametrize("call", [by_httpx, by_requests])
def test_a_chunked_body_arrives_whole(cloud, call):
    call("POST", f"https://{VENDOR}/", content=(part for part in (b"one ", b"two ", b"three")))
    assert cloud.seen[0].body == b"one two three"
    assert cloud.seen[0].header("transfer-encoding") == "chunked"


def test_an_async_stream_arrives_whole(cloud):
    async def parts():
        yield b"one "
        yield b"two"

    by_async_httpx("POST", f"https://{VENDOR}/", content=parts())
    assert cloud.seen[0].body == b"one two"


@pytest.mark.parametrize(
    ("body", "sent"),
    [
        (io.BytesIO(b"file"), b"file"),
        (io.StringIO("中文"), "中文".encode()),
        ("中文", "中文".encode()),
        (bytearray(b"array"), b"array"),
        (["a", b"b"], b"ab"),
        (None, b""),
    ],
)
def test_requests_bodies_of_every_kind_are_read(cloud, body, sent):
    session = requests.Session()
    prepared = session.prepare_request(requests.Request("POST", f"https://{VENDOR}/"))
    prepared.body = body
    session.send(prepared)
    assert cloud.seen[0].body == sent


def test_an_httpx_upload_from_a_file_and_multipart_arrive(cloud):
    httpx.post(f"https://{VENDOR}/", files={"f": ("n.txt", io.BytesIO(b"content"))})
    assert b"content" in cloud.seen[0].body


def test_the_target_extension_of_httpx_is_what_counts(cloud):
    with httpx.Client() as client:
        client.get(f"https://{VENDOR}/", extensions={"target": b"/a%2fb?x"})
    assert cloud.seen[0].target.lower() == "/a%2fb?x"


def test_a_url_set_by_hand_arrives_as_urllib3_would_requote_it(cloud):
    session = requests.Session()
    prepared = session.prepare_request(requests.Request("GET", f"https://{VENDOR}/"))
    prepared.url = f"https://{VENDOR}/j1%2cj2?q=a b"
    session.send(prepared)
    assert cloud.seen[0].target == "/j1%2Cj2?q=a%20b"


@pytest.mark.parametrize("call", DOORS)
def test_an_unknown_host_is_refused_naming_it_the_nearest_and_the_way_out(cloud, call):
    with pytest.raises(UnknownHost) as caught:
        call("GET", "https://api.vendro.test/x")
    assert all(part in str(caught.value) for part in ("api.vendro.test", f"'{VENDOR}'", 'allow=["api.vendro.test"]'))
    assert cloud.seen == []


@pytest.mark.parametrize("call", DOORS)
def test_loopback_passes_to_the_network(cloud, call, loopback):
    assert call("GET", loopback) == 200
    assert cloud.seen == []


@pytest.mark.parametrize("call", DOORS)
@pytest.mark.parametrize("entry", ["allowed.invalid", "ALLOWED.invalid", "*.invalid", "allowed.invalid:80*"])
def test_an_allowed_host_passes_to_the_network(call, entry):
    # .invalid resolves nowhere: the client's own error shows that the network was asked.
    with intercept(Echo(), allow=[entry]), pytest.raises((httpx.ConnectError, requests.ConnectionError)):
        call("GET", "http://allowed.invalid:8099/")


@pytest.mark.parametrize("call", DOORS)
def test_no_pattern_of_allow_lets_a_vendors_host_pass(call):
    echo = Echo()
    with intercept(echo, allow=["*"]):
        call("GET", f"https://{VENDOR}/")
    assert len(echo.seen) == 1


def test_allow_as_one_text_is_an_error_that_shows_the_right_spelling():
    with pytest.raises(UsageError, match=r"allow=\['x.test'\]"), intercept(Echo(), allow="x.test"):
        pass


@pytest.mark.parametrize("call", DOORS)
def test_a_proxy_for_http_does_not_get_round_the_interception(cloud, call, monkeypatch):
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    monkeypatch.delenv("no_proxy", raising=False)
    call("GET", f"http://{VENDOR}/p?q")
    assert cloud.seen[0].target == "/p?q"


@pytest.mark.parametrize("call", DOORS)
def test_after_the_context_nothing_is_patched(call, loopback):
    def patched() -> list[object]:
        return [
            requests.adapters.HTTPAdapter.send,
            requests.Session.merge_environment_settings,
            httpx.HTTPTransport.handle_request,
            httpx.AsyncHTTPTransport.handle_async_request,
        ]

    before, within = patched(), []
    with pytest.raises(KeyError), intercept(Echo()):
        raise KeyError(within.extend(patched()))
    assert not any(now is then for now, then in zip(within, before, strict=True))
    assert all(now is then for now, then in zip(patched(), before, strict=True))
    assert not respx.mocks.HTTPCoreMocker.routers
    assert not respx.mocks.HTTPCoreMocker._patches
    assert call("GET", loopback) == 200


@pytest.mark.parametrize("call", DOORS)
def test_nested_interceptions_answer_each_for_its_own_hosts(call):
    outer, inner = Echo("outer"), Echo("inner", "inner.vendor.test")
    with intercept(outer):
        with intercept(inner):
            call("GET", f"https://{VENDOR}/")
            call("GET", "https://inner.vendor.test/")
            with pytest.raises(UnknownHost, match=r"nearest is 'inner\.vendor\.test'"):
                call("GET", f"https://{OTHER}/")
        call("GET", f"https://{VENDOR}/")
        with pytest.raises(UnknownHost):
            call("GET", "https://inner.vendor.test/")
    assert (len(outer.seen), len(inner.seen)) == (2, 1)


@pytest.mark.parametrize("call", DOORS)
def test_the_innermost_of_two_clouds_for_one_host_answers(call):
    outer, inner = Echo(), Echo()
    with intercept(outer), intercept(inner):
        call("GET", f"https://{VENDOR}/")
    assert (len(outer.seen), len(inner.seen)) == (0, 1)


@pytest.mark.parametrize("call", DOORS)
def test_one_cloud_entered_twice_goes_on_answering_after_the_inner_exit(call):
    echo = Echo()
    with intercept(echo):
        with intercept(echo):
            call("GET", f"https://{VENDOR}/")
        call("GET", f"https://{VENDOR}/")
    assert len(echo.seen) == 2


def test_interceptions_may_end_in_another_order_than_they_began():
    before = requests.adapters.HTTPAdapter.send
    first, second = Echo("first"), Echo("second")
    one, two = intercept(first), intercept(second)
    one.__enter__()
    two.__enter__()
    one.__exit__(None, None, None)
    assert requests.get(f"https://{VENDOR}/", timeout=5).headers["X-Cloud"] == "second"
    assert httpx.get(f"https://{VENDOR}/").headers["X-Cloud"] == "second"
    two.__exit__(None, None, None)
    assert requests.adapters.HTTPAdapter.send is before


@contextmanager
def ours_first(echo: Echo, mock):
    with intercept(echo), mock:
        yield


@contextmanager
def ours_last(echo: Echo, mock):
    with mock, intercept(echo):
        yield


@pytest.mark.parametrize("order", [ours_first, ours_last])
@pytest.mark.parametrize("call", [by_httpx, by_async_httpx])
@pytest.mark.parametrize("using", ["httpcore", "httpx"])
def test_a_users_respx_routes_for_other_hosts_work_beside_us(order, call, using):
    echo = Echo()
    router = respx.MockRouter(using=using)
    router.get(f"https://{OTHER}/x").respond(418)
    with order(echo, router):
        assert call("GET", f"https://{OTHER}/x") == 418
        assert call("GET", f"https://{VENDOR}/x") == 200
        with pytest.raises((UnknownHost, respx.models.AllMockedAssertionError)):
            call("GET", "https://third.example.com/")
    assert len(echo.seen) == 1


@pytest.mark.parametrize("order", [ours_first, ours_last])
def test_a_users_respx_route_for_a_loopback_host_works_beside_us(order):
    router = respx.MockRouter()
    router.get("http://localhost:1/x").respond(418)
    with order(Echo(), router):
        assert by_httpx("GET", "http://localhost:1/x") == 418


@pytest.mark.parametrize("order", [ours_first, ours_last])
def test_a_users_responses_stubs_for_other_hosts_work_beside_us(order):
    echo = Echo()
    mock = responses.RequestsMock()
    mock.get(f"https://{OTHER}/x", status=418)
    before = requests.adapters.HTTPAdapter.send, responses.RequestsMock._on_request
    with order(echo, mock):
        assert by_requests("GET", f"https://{OTHER}/x") == 418
        assert by_requests("GET", f"https://{VENDOR}/x") == 200
        with pytest.raises((UnknownHost, requests.ConnectionError), match=r"vendor|Responses"):
            by_requests("GET", "https://third.example.com/")
    assert len(echo.seen) == 1
    assert (requests.adapters.HTTPAdapter.send, responses.RequestsMock._on_request) == before


def test_ours_within_responses_within_ours_leaves_everything_as_it_was(loopback):
    before = requests.adapters.HTTPAdapter.send
    with intercept(Echo()):
        with responses.RequestsMock(), intercept(Echo("inner")):
            assert requests.get(f"https://{VENDOR}/", timeout=5).headers["X-Cloud"] == "inner"
        assert by_requests("GET", loopback) == 200
        with pytest.raises(UnknownHost):
            by_requests("GET", f"https://{OTHER}/")
    assert requests.adapters.HTTPAdapter.send is before


def test_a_client_with_a_transport_of_its_own_is_left_alone(cloud):
    with httpx.Client(transport=httpx.MockTransport(lambda request: httpx.Response(418))) as client:
        assert client.get(f"https://{OTHER}/").status_code == 418


@pytest.mark.parametrize("get", [httpx.get, requests.get])
def test_status_headers_and_body_come_back_as_given(cloud, get):
    cloud.answers_with = [Response(404, (("X-A", "1"), ("Content-Type", "application/xml")), b"<a/>")]
    answer = get(f"https://{VENDOR}/")
    assert (answer.status_code, answer.headers["x-a"], answer.content) == (404, "1", b"<a/>")
    assert getattr(answer, "reason", None) or answer.reason_phrase == "Not Found"


@pytest.mark.parametrize("head", [httpx.head, requests.head])
def test_HEAD_has_the_length_and_no_body(cloud, head):  # the method's name
    cloud.answers_with = [Response(200, (("Content-Length", "4"),), b"body")]
    answer = head(f"https://{VENDOR}/")
    assert (answer.headers["content-length"], answer.content) == ("4", b"")


@pytest.mark.parametrize("get", [httpx.get, requests.get])
def test_a_compressed_answer_is_decoded_once(cloud, get):
    body = gzip.compress(b"hello")
    cloud.answers_with = [Response(200, (("Content-Encoding", "gzip"), ("Content-Length", str(len(body)))), body)]
    assert get(f"https://{VENDOR}/").content == b"hello"


@pytest.mark.parametrize("get", [httpx.get, requests.get])
def test_cookies_are_kept_and_repeated_headers_stay_two(cloud, get):
    cloud.answers_with = [Response(200, (("Set-Cookie", "a=1"), ("Set-Cookie", "b=2; Path=/")), b"")]
    assert dict(get(f"https://{VENDOR}/").cookies) == {"a": "1", "b": "2"}


def test_a_streamed_upload_of_httpx_is_spent_as_on_the_network(cloud):
    request = httpx.Request("POST", f"https://{VENDOR}/", content=(part for part in (b"one ", b"two")))
    cloud.answers_with = [Response(200), Response(307, (("Location", "/next"),))]
    with httpx.Client(follow_redirects=True) as client:
        answer = client.send(request)
        with pytest.raises(httpx.RequestNotRead):
            _ = answer.request.content
        with pytest.raises(httpx.StreamConsumed):
            client.post(f"https://{VENDOR}/", content=(part for part in (b"one ", b"two")))
    assert [seen.body for seen in cloud.seen] == [b"one two", b"one two"]


def test_httpx_streams_elapsed_hooks_and_redirects_work(cloud):
    found: list[int] = []
    cloud.answers_with = [Response(302, (("Location", "/next"), ("Set-Cookie", "s=1"))), PLAIN]
    client = httpx.Client(follow_redirects=True, event_hooks={"response": [lambda r: found.append(r.status_code)]})
    with client, client.stream("GET", f"https://{VENDOR}/") as answer:
        assert not answer.is_stream_consumed
        assert list(answer.iter_bytes(4)) == [b"abcd", b"ef"]
    assert (found, answer.http_version, str(answer.url)) == ([302, 200], "HTTP/1.1", f"https://{VENDOR}/next")
    assert answer.elapsed.total_seconds() >= 0
    assert cloud.seen[1].header("cookie") == "s=1"


class Marked(httpx.HTTPTransport):
    """A transport of one's own over httpx's."""

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        request.headers["X-Marked"] = "yes"
        return super().handle_request(request)


@pytest.mark.parametrize(
    "client",
    [
        lambda: httpx.Client(transport=Marked(retries=2)),
        lambda: httpx.Client(mounts={"https://": Marked()}),
        lambda: httpx.Client(headers={"X-Marked": "yes"}, proxy="http://127.0.0.1:9"),
    ],
)
def test_every_client_over_httpxs_own_transport_is_answered(cloud, client):
    with client() as opened:
        assert opened.get(f"https://{VENDOR}/").status_code == 200
    assert cloud.seen[0].header("x-marked") == "yes"


def test_httpcore_without_httpx_is_answered_through_respx(cloud):
    with httpcore.ConnectionPool() as pool:
        answer = pool.request("POST", f"https://{VENDOR}/a%2Fb?q", content=b"body", headers={"Host": VENDOR})
    assert (answer.status, answer.content) == (200, b'{"ok": true}')
    assert (cloud.seen[0].target, cloud.seen[0].host, cloud.seen[0].body) == ("/a%2Fb?q", VENDOR, b"body")


def test_async_httpcore_without_httpx_is_answered_through_respx(cloud):
    async def call() -> int:
        async with httpcore.AsyncConnectionPool() as pool:
            return (await pool.request("GET", f"https://{VENDOR}/", headers={"Host": VENDOR})).status

    assert asyncio.run(call()) == 200


def test_a_stub_of_httpxs_transport_that_stood_before_us_answers_for_other_hosts(monkeypatch):
    monkeypatch.setattr(httpx.HTTPTransport, "handle_request", lambda self, request: httpx.Response(418))
    with intercept(Echo()):
        assert (by_httpx("GET", f"https://{OTHER}/"), by_httpx("GET", f"https://{VENDOR}/")) == (418, 200)
    assert by_httpx("GET", f"https://{VENDOR}/") == 418


def test_a_header_value_outside_ascii_does_not_break_httpx(cloud):
    cloud.answers_with = [Response(200, (("X-Name", "中文"),), b"")]
    assert httpx.get(f"https://{VENDOR}/").headers["x-name"] == "中文"


def test_requests_streams_raw_elapsed_hooks_and_redirects_work(cloud):
    found: list[int] = []
    cloud.answers_with = [
        Response(302, (("Location", "/next"), ("Set-Cookie", "s=1"))),
        Response(200, (("Content-Type", "text/plain; charset=gbk"),), "中文\nzwei".encode("gbk")),
    ]
    with requests.Session() as session:
        answer = session.get(f"https://{VENDOR}/", stream=True, hooks={"response": lambda r, **_: found.append(r.status_code)})
        assert answer.raw.read(2) == "中".encode("gbk")
        assert list(answer.iter_lines()) == ["文".encode("gbk"), b"zwei"]
    assert (found, answer.encoding, answer.reason) == ([302, 200], "gbk", "OK")
    assert answer.elapsed.total_seconds() >= 0
    assert (cloud.seen[1].target, cloud.seen[1].header("cookie")) == ("/next", "s=1")


PLAIN = Response(200, (("Content-Type", "text/plain"), ("Content-Length", "6")), b"abcdef")
"""What needs no decoding: its body is handed over as it is."""


def test_a_body_read_in_one_piece_leaves_requests_a_raw_response_that_is_spent(cloud):
    cloud.answers_with = [PLAIN]
    answer = requests.get(f"https://{VENDOR}/", timeout=5)
    assert (answer.content, answer.text, list(answer.iter_content(4))) == (b"abcdef", "abcdef", [b"abcd", b"ef"])
    raw = answer.raw
    assert isinstance(raw, urllib3.HTTPResponse)
    assert (raw.status, raw.reason, raw.version, raw.headers.getlist("content-length")) == (200, "OK", 11, ["6"])
    assert (raw.read(), raw.tell(), raw.closed, raw.data) == (b"", 6, True, b"")
    assert not hasattr(raw, "no_such_name")
    answer.close()


def test_a_raw_response_that_nobody_read_is_whole_and_keeps_what_was_set_on_it(cloud):
    cloud.answers_with = [PLAIN]
    with requests.get(f"https://{VENDOR}/", stream=True, timeout=5) as answer:
        answer.raw.decode_content = True
        assert answer.raw.decode_content is True
        assert not answer.raw.closed
        assert (answer.raw.read(2), answer.raw.tell(), answer.raw.read()) == (b"ab", 2, b"cdef")
        assert answer.content == b""


@pytest.mark.parametrize(
    ("size", "parts"),
    [(4, [b"abcd", b"ef"]), (6, [b"abcdef"]), (100, [b"abcdef"]), (None, [b"abcdef"])],
)
def test_a_streamed_body_comes_in_parts_no_longer_than_asked(cloud, size, parts):
    cloud.answers_with = [PLAIN]
    answer = requests.get(f"https://{VENDOR}/", stream=True, timeout=5)
    assert list(answer.iter_content(size)) == parts
    with pytest.raises(requests.exceptions.StreamConsumedError):
        next(answer.iter_content(size))
    assert list(answer.raw.stream(size)) == []


def test_an_empty_answer_is_empty_to_requests(cloud):
    cloud.answers_with = [Response(204, (("Content-Length", "0"),))]
    answer = requests.get(f"https://{VENDOR}/", timeout=5)
    assert (answer.status_code, answer.content, answer.text, answer.raw.read()) == (204, b"", "", b"")


def test_a_response_hook_finds_the_body_unread_and_may_replace_the_response(cloud):
    found: list[bytes] = []
    cloud.answers_with = [PLAIN]

    def hook(response: requests.Response, **kwargs: object) -> requests.Response:
        found.append(response.raw.read())
        other = requests.Response()
        other.status_code, other._content = 299, b"other"
        return other

    answer = requests.get(f"https://{VENDOR}/", hooks={"response": hook}, timeout=5)
    assert (found, answer.status_code, answer.content) == ([b"abcdef"], 299, b"other")


def test_an_adapter_that_builds_its_own_responses_is_asked_to(cloud):
    class Marking(requests.adapters.HTTPAdapter):
        def build_response(self, req, resp):
            response = super().build_response(req, resp)
            response.marked = resp.status
            return response

    cloud.answers_with = [PLAIN]
    with requests.Session() as session:
        session.mount("https://", Marking())
        answer = session.get(f"https://{VENDOR}/")
    assert (answer.marked, answer.content, answer.request.url, answer.url) == (200, b"abcdef", *[f"https://{VENDOR}/"] * 2)


def test_an_error_answer_is_raised_by_raise_for_status(cloud):
    cloud.answers_with = [Response(403, (("Content-Length", "2"),), b"{}")]
    answer = requests.get(f"https://{VENDOR}/", timeout=5)
    with pytest.raises(requests.HTTPError, match=r"403 Client Error: Forbidden for url: https://api\.vendor\.test/"):
        answer.raise_for_status()


@pytest.mark.parametrize(
    "headers",
    [
        requests.structures.CaseInsensitiveDict({"Host": VENDOR, "X-Thing": b"v\xe4lue"}),
        {"HOST": VENDOR, b"X-Thing": b"v\xe4lue"},
    ],
)
def test_headers_set_by_hand_on_a_prepared_request_arrive(cloud, headers):
    session = requests.Session()
    prepared = session.prepare_request(requests.Request("GET", f"https://{VENDOR}/"))
    prepared.headers = headers
    session.get_adapter(prepared.url).send(prepared)
    assert (cloud.seen[0].host, cloud.seen[0].headers[1:]) == (VENDOR, (("X-Thing", "v\xe4lue"),))


def test_the_sessions_auth_and_netrc_are_in_the_request_that_arrives(cloud, monkeypatch, tmp_path):
    (tmp_path / "netrc").write_text(f"machine {VENDOR} login net password rc\n")
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    with requests.Session() as session:
        session.get(f"https://{VENDOR}/")
        session.auth = ("user", "secret")
        session.get(f"https://{VENDOR}/")
    assert [request.header("authorization") for request in cloud.seen] == ["Basic bmV0OnJj", "Basic dXNlcjpzZWNyZXQ="]


PROXY = "http://127.0.0.1:9"


def settings(url: str, proxies: object = None, session: requests.Session | None = None) -> dict[str, object]:
    return (session or requests.Session()).merge_environment_settings(url, proxies, None, None, None)


@pytest.fixture
def proxied(monkeypatch) -> None:
    for name in ("http_proxy", "https_proxy"):
        monkeypatch.setenv(name, PROXY)
    for name in ("no_proxy", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)


@pytest.mark.usefixtures("proxied")
def test_a_host_that_we_answer_has_no_proxy_of_the_environment_and_all_else_of_it(cloud, monkeypatch):
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", "/bundle.pem")
    for url in (f"https://{VENDOR}/", f"http://user@{VENDOR}:8080?q"):
        found = settings(url)
        assert (found["proxies"], found["verify"]) == ({}, "/bundle.pem")
    assert settings(f"https://{OTHER}/", {})["proxies"]["https"] == PROXY


@pytest.mark.usefixtures("proxied")
def test_proxies_that_are_given_stay(cloud):
    url, given = f"https://{VENDOR}/", {"https": "http://given:1"}
    assert settings(url, given)["proxies"] == given == {"https": "http://given:1"}
    assert settings(url, {"no_proxy": VENDOR})["proxies"] == {"no_proxy": VENDOR}
    session = requests.Session()
    session.proxies = {"https": "http://sessions:1", "no_proxy": "elsewhere"}
    assert settings(url, {}, session)["proxies"]["no_proxy"] == "elsewhere"
    session.proxies, session.trust_env = given, False
    assert settings(url, {}, session)["proxies"] == given


@pytest.mark.usefixtures("proxied")
def test_an_adapter_with_a_send_of_its_own_is_given_the_proxies_of_the_environment(cloud):
    found: list[object] = []

    class Own(requests.adapters.HTTPAdapter):
        def send(self, request, **kwargs):
            found.append(kwargs["proxies"]["https"])
            return super().send(request, **kwargs)

    with requests.Session() as session:
        session.mount("https://", Own())
        assert session.get(f"https://{VENDOR}/").status_code == 200
    assert found == [PROXY]


def test_a_scheme_without_an_adapter_is_the_error_of_requests(cloud):
    with pytest.raises(requests.exceptions.InvalidSchema):
        requests.get(f"ftp://{VENDOR}/", timeout=5)


def test_a_redirect_to_an_allowed_host_takes_the_proxy_that_the_environment_has_for_it(monkeypatch, loopback):
    # The loopback server stands for the proxy: it answers whatever host it is asked for.
    monkeypatch.setenv("http_proxy", loopback)
    echo = Echo()
    echo.answers_with = [Response(302, (("Location", "http://allowed.invalid/"), ("Content-Length", "0")))]
    with intercept(echo, allow=["allowed.invalid"]):
        answer = requests.get(f"https://{VENDOR}/", timeout=5)
    assert (answer.text, [passed.status_code for passed in answer.history]) == ("real", [302])


def test_a_body_shorter_than_its_length_is_a_broken_answer_to_requests(cloud):
    cloud.answers_with = [Response(200, (("Content-Length", "10"),), b"short")]
    with pytest.raises(requests.exceptions.ChunkedEncodingError):
        requests.get(f"https://{VENDOR}/", timeout=5)


def test_retries_that_a_session_asks_for_are_made(cloud):
    cloud.answers_with = [Response(503), Response(503)]
    with requests.Session() as session:
        session.mount("https://", requests.adapters.HTTPAdapter(max_retries=Retry(3, status_forcelist=[503])))
        assert session.get(f"https://{VENDOR}/").status_code == 200
    assert len(cloud.seen) == 3


def test_retries_that_are_used_up_raise_what_requests_raises(cloud):
    cloud.answers_with = [Response(503)] * 4
    with requests.Session() as session:
        session.mount("https://", requests.adapters.HTTPAdapter(max_retries=Retry(1, status_forcelist=[503])))
        with pytest.raises(requests.exceptions.RetryError):
            session.get(f"https://{VENDOR}/")


def test_threads_are_answered_side_by_side(cloud):
    def many() -> None:
        with httpx.Client() as client, requests.Session() as session:
            for _ in range(20):
                assert client.get(f"https://{VENDOR}/").status_code == session.get(f"https://{VENDOR}/").status_code == 200

    threads = [threading.Thread(target=many) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(cloud.seen) == 160


@pytest.mark.parametrize(
    ("host", "loopback"),
    [
        *[(name, True) for name in ("localhost", "a.localhost", "127.0.0.1", "127.9.9.9", "::1")],
        *[(name, False) for name in ("localhost.example.com", "128.0.0.1", "192.168.0.1", "", "127.0.0.1.nip.io")],
    ],
)
def test_loopback_is_told_by_name_and_address_alone(host, loopback):
    assert is_loopback(host) is loopback


@pytest.mark.parametrize(("netloc", "host"), [("a:1", "a"), ("[::1]:80", "::1"), ("::1", "::1"), ("a", "a"), ("[::1]", "::1")])
def test_a_host_is_its_netloc_without_port_and_brackets(netloc, host):
    assert host_of(netloc) == host


def test_without_httpx_and_requests_the_error_names_the_extra(monkeypatch):
    monkeypatch.setattr("mockcloud.interceptors._installed", lambda package: False)
    with pytest.raises(MissingExtra, match=r"mockcloud\[httpx\]"), intercept(Echo()):
        pass


@pytest.mark.parametrize("call", [by_httpx, by_async_httpx])
def test_httpx_without_respx_raises_at_a_vendors_host_instead_of_reaching_it(monkeypatch, call, loopback):
    monkeypatch.setattr("mockcloud.interceptors._installed", lambda package: package != "respx")
    with intercept(Echo()):
        assert by_requests("GET", f"https://{VENDOR}/") == 200
        assert call("GET", loopback) == 200
        with pytest.raises(MissingExtra, match=r"mockcloud\[httpx\]"):
            call("GET", f"https://{VENDOR}/")


def test_importing_the_interceptors_imports_no_client_library():
    code = "import sys, mockcloud.interceptors; print([m for m in ('httpx', 'respx', 'requests', 'urllib3') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_a_json_answer_is_json_to_both_clients(cloud):
    assert (
        httpx.get(f"https://{VENDOR}/").json()
        == requests.get(f"https://{VENDOR}/", timeout=5).json()
        == json.loads('{"ok": true}')
    )
