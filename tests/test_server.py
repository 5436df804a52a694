"""The server: what goes through a socket arrives as it stood on the wire, and nothing sent to it does harm."""

from __future__ import annotations

import errno
import io
import json
import os
import re
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server
from wsgiref.validate import validator

import httpx
import pytest
import requests
import werkzeug.serving
import werkzeug.test
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from mockcloud.errors import UsageError
from mockcloud.messages import Request, Response
from mockcloud.pipeline.routing import origin_form
from mockcloud.server import application as application_module
from mockcloud.server.application import application
from mockcloud.server.http1 import Limits
from mockcloud.server.parsing import BadRequest, parse
from mockcloud.server.server import Server, serve

ROOT = Path(__file__).parents[1]
HEAD = b"Host: h\r\n"


class Echo:
    """A cloud that says what it was asked, in JSON."""

    def __init__(self) -> None:
        self.seen: list[Request] = []
        self.answer: Callable[[Request], Response] = self.echo

    def handle(self, request: Request) -> Response:
        request = origin_form(request)  # as a cloud does first
        self.seen.append(request)
        return self.answer(request)

    def handle_for(self, provider: str, request: Request) -> Response:
        answer = self.handle(request)
        return Response(answer.status, (*answer.headers, ("X-Provider", provider)), answer.body)

    @staticmethod
    def echo(request: Request) -> Response:
        body = json.dumps(
            [request.method, request.target, request.host, request.headers, request.body.decode("latin-1")]
        ).encode()
        return Response(200, (("Content-Type", "application/json"), ("Content-Length", str(len(body)))), body)


@pytest.fixture
def cloud() -> Echo:
    return Echo()


@pytest.fixture
def server(cloud) -> Iterator[Server]:
    with serve(cloud) as running:
        yield running


def connected(server: Server, timeout: float = 10) -> closing[socket.socket]:
    return closing(socket.create_connection((server.host, server.port), timeout=timeout))


def raw(server: Server, data: bytes) -> bytes:
    """Everything that a server says to some bytes and then the end of them."""
    with connected(server) as connection:
        connection.sendall(data)
        connection.shutdown(socket.SHUT_WR)
        return read_all(connection)


def read_all(connection: socket.socket) -> bytes:
    parts = []
    while part := connection.recv(65536):
        parts.append(part)
    return b"".join(parts)


# What arrives


def by_httpx(url: str, **kwargs: object) -> int:
    with httpx.Client(trust_env=False, **{k: kwargs.pop(k) for k in ("proxy",) if k in kwargs}) as client:
        return client.post(url, **kwargs).status_code


def by_requests(url: str, **kwargs: object) -> int:
    if "content" in kwargs:
        kwargs["data"] = kwargs.pop("content")
    if "proxy" in kwargs:
        kwargs["proxies"] = {"http": kwargs.pop("proxy")}
    return requests.post(url, timeout=5, **kwargs).status_code


@pytest.mark.parametrize("post", [by_httpx, by_requests])
@pytest.mark.parametrize(
    "target", ["/jobs/j1%2Cj2", "/v1/transcodeJobs%3Asubmit", "/a%2Fb", "/?a=%20b&a=2&c=", "/?Action=X", "/%E4%B8%AD"]
)
def test_the_target_arrives_raw(server, cloud, post, target):
    assert post(server.url + target, content=b"x") == 200
    request = cloud.seen[0]
    assert (request.target, request.host, request.body) == (target, f"127.0.0.1:{server.port}", b"x")


@pytest.mark.parametrize("post", [by_httpx, by_requests])
def test_a_chunked_body_arrives_whole(server, cloud, post):
    post(server.url, content=(part for part in (b"one ", b"two ", b"x" * 100_000)))
    assert cloud.seen[0].body == b"one two " + b"x" * 100_000


@pytest.mark.parametrize("post", [by_httpx, by_requests])
def test_as_a_proxy_for_http_the_server_sees_the_vendors_host(server, cloud, post):
    assert post("http://api.vendor.test:81/jobs/j1%2Cj2?q=1", proxy=server.url) == 200
    assert (cloud.seen[0].target, cloud.seen[0].host) == ("/jobs/j1%2Cj2?q=1", "api.vendor.test:81")


@pytest.mark.parametrize(
    ("line", "target", "host"),
    [
        ("GET http://v.test HTTP/1.1", "/", "v.test"),
        ("GET http://v.test:8/ HTTP/1.1", "/", "v.test:8"),
        ("GET http://v.test?a=/b HTTP/1.1", "/?a=/b", "v.test"),
        ("GET HTTPS://u:p@v.test/a%2Fb HTTP/1.1", "/a%2Fb", "v.test"),
        ("GET //v.test/a HTTP/1.1", "//v.test/a", "h"),
        ("GET /http://v.test/a HTTP/1.1", "/http://v.test/a", "h"),
        ("OPTIONS * HTTP/1.1", "*", "h"),
    ],
)
def test_an_absolute_targets_authority_is_the_host(server, cloud, line, target, host):
    raw(server, line.encode() + b"\r\n" + HEAD + b"\r\n")
    assert (cloud.seen[0].target, cloud.seen[0].host) == (target, host)


def test_headers_arrive_in_order_with_their_spelling_and_repeats(server, cloud):
    raw(server, b"GET / HTTP/1.1\r\nHOST: h\r\nx-b: 1\r\nX-A:  two words \t\r\nx-b: 3\r\nX_U: 4\r\n\r\n")
    assert cloud.seen[0].headers == (("HOST", "h"), ("x-b", "1"), ("X-A", "two words"), ("x-b", "3"), ("X_U", "4"))


def test_requests_over_one_connection_are_answered_in_order(server, cloud):
    one = b"POST /%d HTTP/1.1\r\n" + HEAD + b"Content-Length: 2\r\n\r\nab"
    answers = raw(server, b"".join(one % number for number in range(50)))
    assert [request.target for request in cloud.seen] == [f"/{number}" for number in range(50)]
    assert answers.count(b"HTTP/1.1 200 OK\r\n") == 50


@pytest.mark.parametrize("session", [requests.Session, httpx.Client])
def test_a_connection_is_used_again(server, session):
    ports = set()
    server._listeners[0].app = lambda environ, start: (
        ports.add(environ["werkzeug.socket"].getpeername()),
        start("200 OK", []),
        [b""],
    )[2]
    with session() as client:
        for _ in range(5):
            client.get(server.url)
    assert len(ports) == 1


def test_bytes_that_come_one_by_one_make_a_request(server, cloud):
    with connected(server) as connection:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        sent = b"\r\nPOST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n3;x=y\r\nabc\r\n0\r\nT: 1\r\n\r\n"
        for at in range(len(sent)):
            connection.sendall(sent[at : at + 1])
        assert connection.recv(65536).startswith(b"HTTP/1.1 200 OK\r\n")
    assert cloud.seen[0].body == b"abc"


def test_a_client_that_expects_to_continue_is_told_to(server, cloud):
    with connected(server) as connection:
        connection.sendall(b"PUT / HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n")
        assert connection.recv(100) == b"HTTP/1.1 100 Continue\r\n\r\n"
        connection.sendall(b"ab")
        assert connection.recv(65536).startswith(b"HTTP/1.1 200 OK\r\n")
    assert cloud.seen[0].body == b"ab"


def test_a_client_of_HTTP_1_0_is_answered_and_the_connection_closed(server, cloud):  # the protocol's name
    answer = raw(server, b"GET /x HTTP/1.0\r\n\r\nGET /y HTTP/1.0\r\n\r\n")
    assert b"\r\nConnection: close\r\n" in answer
    assert [request.target for request in cloud.seen] == ["/x"]


@pytest.mark.parametrize(
    "framing", [b"Content-Length: 5000\r\n\r\n" + b"x" * 5000, b"Transfer-Encoding: chunked\r\n\r\n1388\r\n" + b"x" * 5000]
)
def test_a_body_over_the_limit_is_cut_one_byte_after_it_and_the_connection_closed(cloud, framing):
    with serve(cloud, limits=Limits(body=1000)) as server:
        answer = raw(server, b"POST / HTTP/1.1\r\nHost: h\r\n" + framing + b"GET /smuggled HTTP/1.1\r\nHost: h\r\n\r\n")
    assert [len(request.body) for request in cloud.seen] == [1001]
    assert b"Connection: close\r\n" in answer


def test_a_connection_ends_after_its_last_request(cloud):
    with serve(cloud, limits=Limits(requests=2)) as server:
        answers = raw(server, (b"GET / HTTP/1.1\r\n" + HEAD + b"\r\n") * 3)
    assert (len(cloud.seen), answers.count(b"Connection: close\r\n")) == (2, 1)


# What is refused

REFUSED = {
    "nothing but text": (b"hello\r\n\r\n", 400),
    "a TLS hello": (b"\x16\x03\x01\x02\x00", 400),
    "no version": (b"GET /\r\n\r\n", 400),
    "HTTP/2.0": (b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505),
    "a version in small letters": (b"GET / http/1.1\r\n" + HEAD + b"\r\n", 400),
    "two spaces in the request line": (b"GET  / HTTP/1.1\r\n" + HEAD + b"\r\n", 400),
    "a target that is no path": (b"GET x HTTP/1.1\r\n" + HEAD + b"\r\n", 400),
    "a star without OPTIONS": (b"GET * HTTP/1.1\r\n" + HEAD + b"\r\n", 400),
    "a file URL": (b"GET file:///etc/passwd HTTP/1.1\r\n" + HEAD + b"\r\n", 400),
    "CONNECT": (b"CONNECT v.test:443 HTTP/1.1\r\n" + HEAD + b"\r\n", 501),
    "NUL in the target": (b"GET /\x00 HTTP/1.1\r\n" + HEAD + b"\r\n", 400),
    "a target over 15 KiB": (b"GET /" + b"x" * 15 * 1024 + b" HTTP/1.1\r\n" + HEAD + b"\r\n", 414),
    "a target without end": (b"GET /" + b"x" * 20000, 414),
    "a header over 16 KiB": (b"GET / HTTP/1.1\r\n" + HEAD + b"X: " + b"x" * 16384 + b"\r\n\r\n", 431),
    "101 headers": (b"GET / HTTP/1.1\r\n" + HEAD + b"X: 1\r\n" * 100 + b"\r\n", 431),
    "a head over 64 KiB": (b"GET / HTTP/1.1\r\n" + HEAD + (b"X: " + b"x" * 8000 + b"\r\n") * 9 + b"\r\n", 431),
    "a head over 64 KiB without end": (b"GET / HTTP/1.1\r\n" + HEAD + (b"X: " + b"x" * 8000 + b"\r\n") * 9, 431),
    "no Host": (b"GET / HTTP/1.1\r\n\r\n", 400),
    "two Hosts": (b"GET / HTTP/1.1\r\n" + HEAD + HEAD + b"\r\n", 400),
    "a Host with a slash": (b"GET / HTTP/1.1\r\nHost: a/b\r\n\r\n", 400),
    "a Host with a space": (b"GET / HTTP/1.1\r\nHost: a b\r\n\r\n", 400),
    "obs-fold": (b"GET / HTTP/1.1\r\n" + HEAD + b"X: a\r\n b\r\n\r\n", 400),
    "a fold before the first header": (b"GET / HTTP/1.1\r\n X: a\r\n" + HEAD + b"\r\n", 400),
    "a space before the colon": (b"GET / HTTP/1.1\r\n" + HEAD + b"Content-Length : 1\r\n\r\n", 400),
    "a header without a name": (b"GET / HTTP/1.1\r\n" + HEAD + b": 1\r\n\r\n", 400),
    "a header without a colon": (b"GET / HTTP/1.1\r\n" + HEAD + b"X\r\n\r\n", 400),
    "NUL in a header": (b"GET / HTTP/1.1\r\n" + HEAD + b"X: a\x00\r\n\r\n", 400),
    "a control character in a header": (b"GET / HTTP/1.1\r\n" + HEAD + b"X: a\x1b[2J\r\n\r\n", 400),
    "a bare LF after a header": (b"GET / HTTP/1.1\r\n" + HEAD + b"X: a\nY: b\r\n\r\n", 400),
    "bare LFs everywhere": (b"GET / HTTP/1.1\nHost: h\n\n", 400),
    "a bare CR in a header": (b"GET / HTTP/1.1\r\n" + HEAD + b"X: a\rb\r\n\r\n", 400),
    "a bare CR while the head goes on": (b"GET / HTTP/1.1\r\n" + HEAD + b"X: a\rb", 400),
    "CL and TE": (b"POST / HTTP/1.1\r\n" + HEAD + b"Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400),
    "two CL that differ": (b"POST / HTTP/1.1\r\n" + HEAD + b"Content-Length: 1\r\nContent-Length: 2\r\n\r\nab", 400),
    "a list as CL": (b"POST / HTTP/1.1\r\n" + HEAD + b"Content-Length: 1, 1\r\n\r\na", 400),
    "a signed CL": (b"POST / HTTP/1.1\r\n" + HEAD + b"Content-Length: +1\r\n\r\na", 400),
    "a negative CL": (b"POST / HTTP/1.1\r\n" + HEAD + b"Content-Length: -1\r\n\r\n", 400),
    "an underscore in CL": (b"POST / HTTP/1.1\r\n" + HEAD + b"Content-Length: 1_0\r\n\r\n", 400),
    "a superscript in CL": (b"POST / HTTP/1.1\r\n" + HEAD + b"Content-Length: \xb2\r\n\r\n", 400),
    "an empty CL": (b"POST / HTTP/1.1\r\n" + HEAD + b"Content-Length:\r\n\r\n", 400),
    "a CL of 5000 digits": (b"POST / HTTP/1.1\r\n" + HEAD + b"Content-Length: " + b"9" * 5000 + b"\r\n\r\n", 400),
    "TE xchunked": (b"POST / HTTP/1.1\r\n" + HEAD + b"Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n", 400),
    "TE gzip, chunked": (b"POST / HTTP/1.1\r\n" + HEAD + b"Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n", 400),
    "TE twice": (b"POST / HTTP/1.1\r\n" + HEAD + b"Transfer-Encoding: chunked\r\n" * 2 + b"\r\n0\r\n\r\n", 400),
    "TE in HTTP/1.0": (b"POST / HTTP/1.0\r\n" + HEAD + b"Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400),
    "an Expect that we do not know": (b"POST / HTTP/1.1\r\n" + HEAD + b"Expect: 200-ok\r\n\r\n", 417),
    "a body cut short": (b"POST / HTTP/1.1\r\n" + HEAD + b"Content-Length: 10\r\n\r\nabc", 400),
    "a head cut short": (b"GET / HTTP/1.1\r\nHos", 400),
}
CHUNKS_REFUSED = {
    "a size that is no number": b"xyz\r\nabc\r\n0\r\n\r\n",
    "a size with 0x": b"0x3\r\nabc\r\n0\r\n\r\n",
    "a negative size": b"-3\r\nabc\r\n0\r\n\r\n",
    "an underscore in a size": b"1_0\r\nabc\r\n0\r\n\r\n",
    "a space before a size": b" 3\r\nabc\r\n0\r\n\r\n",
    "an empty size": b"\r\nabc\r\n0\r\n\r\n",
    "a size of 16 digits": b"0000000000000003\r\nabc\r\n0\r\n\r\n",
    "a bare LF after a size": b"3\nabc\r\n0\r\n\r\n",
    "a chunk longer than its size": b"3\r\nabcd\r\n0\r\n\r\n",
    "a bare LF after a chunk": b"3\r\nabc\n0\r\n\r\n",
    "two bytes that are no line end after a chunk": b"3\r\nabcXX0\r\n\r\n",
    "a bare LF in an extension": b"3;a\nb\r\nabc\r\n0\r\n\r\n",
    "an extension of 300 bytes": b"3;" + b"x" * 300 + b"\r\nabc\r\n0\r\n\r\n",
    "a trailer without a colon": b"0\r\nX\r\n\r\n",
    "trailers over 8 KiB": b"0\r\n" + b"X: 12345678\r\n" * 1000 + b"\r\n",
    "no last chunk": b"3\r\nabc\r\n",
    "a bare LF at the end": b"0\r\n\n",
}
CHUNKED = b"POST / HTTP/1.1\r\n" + HEAD + b"Transfer-Encoding: chunked\r\n\r\n"
EVERY_REFUSAL = REFUSED | {name: (CHUNKED + body, 400) for name, body in CHUNKS_REFUSED.items()}
SMUGGLED = b"GET /smuggled HTTP/1.1\r\nHost: h\r\n\r\n"


@pytest.fixture(scope="module")
def shared() -> Iterator[Server]:
    """One server for the tables: a connection each."""
    with serve(Echo()) as running:
        yield running


@pytest.mark.parametrize("name", EVERY_REFUSAL)
def test_is_refused_and_the_connection_closed(shared, name):
    data, status = EVERY_REFUSAL[name]
    shared.cloud.seen.clear()
    answer = raw(shared, data)
    assert answer.startswith(b"HTTP/1.1 %d " % status)
    assert b"\r\nConnection: close\r\n" in answer
    assert answer.count(b"HTTP/1.1 ") == 1
    assert shared.cloud.seen == []


@pytest.mark.parametrize("name", [name for name, (data, _) in EVERY_REFUSAL.items() if data.endswith(b"\r\n\r\n")])
def test_after_a_refusal_what_follows_on_the_connection_is_not_obeyed(shared, name):
    shared.cloud.seen.clear()
    answer = raw(shared, EVERY_REFUSAL[name][0] + SMUGGLED)
    assert answer.count(b"HTTP/1.1 ") == 1
    assert shared.cloud.seen == []


@pytest.mark.parametrize("sent", [b"GET / HTTP/1.1\r\nHost: h\r\nX: ", CHUNKED + b"3\r\na"])
def test_a_request_that_does_not_end_in_time_is_answered_408(cloud, sent):
    with serve(cloud, limits=Limits(timeout=0.05)) as server, connected(server, 10) as connection:
        connection.sendall(sent)
        assert connection.recv(65536).startswith(b"HTTP/1.1 408 ")


def test_bytes_now_and_then_do_not_move_the_deadline(cloud):
    with serve(cloud, limits=Limits(timeout=0.2)) as server, connected(server, 0.01) as connection:
        connection.sendall(b"GET / HTTP/1.1\r\nHost: h\r\nX: ")
        answer, drips = b"", 0
        while not answer and drips < 1000:
            drips += 1
            try:
                connection.sendall(b"x")
                answer = connection.recv(65536)
            except TimeoutError:
                continue
    assert answer.startswith(b"HTTP/1.1 408 ")


def test_an_idle_connection_is_closed_without_a_word(cloud):
    with serve(cloud, limits=Limits(timeout=0.05)) as server, connected(server, 10) as connection:
        assert connection.recv(100) == b""


def test_more_connections_than_the_cap_are_answered_503(cloud):
    with serve(cloud, connections=1) as server, connected(server) as first:
        first.sendall(b"GET / HTTP/1.1\r\n" + HEAD + b"\r\n")
        assert first.recv(65536).startswith(b"HTTP/1.1 200 ")
        with connected(server) as second:
            assert read_all(second).startswith(b"HTTP/1.1 503 ")
        first.sendall(b"GET / HTTP/1.1\r\n" + HEAD + b"\r\n")
        assert first.recv(65536).startswith(b"HTTP/1.1 200 ")


FRAGMENTS = st.sampled_from(
    [
        *(b"GET / HTTP/1.1\r\n", b"POST /a?b HTTP/1.1\r\n", HEAD, b"\r\n", b"\n", b"\r", b"Content-Length: 3\r\n"),
        *(b"Transfer-Encoding: chunked\r\n", b"3\r\nabc\r\n", b"0\r\n\r\n", b"Expect: 100-continue\r\n", b": ", b"\x00"),
        b"GET http://[ HTTP/1.1\r\n",
    ]
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(FRAGMENTS | st.binary(max_size=40), max_size=12).map(b"".join))
@example(b"GET http://[::1/%zz HTTP/1.1\r\nHost: [\r\n\r\n")
@example(b"GET /\xff\xfe?\x80 HTTP/1.1\r\nHost: h\r\nX: \xff\r\n\r\n")
def test_no_bytes_kill_the_server_or_earn_a_500(shared, data):
    assert b"HTTP/1.1 500" not in raw(shared, data)
    assert raw(shared, b"GET / HTTP/1.1\r\n" + HEAD + b"\r\n").startswith(b"HTTP/1.1 200 OK\r\n")


@settings(max_examples=300, deadline=None)
@given(st.lists(FRAGMENTS | st.binary(max_size=40), max_size=12).map(b"".join))
def test_a_head_is_parsed_or_refused_and_nothing_else(data):
    try:
        head = parse(data.decode("latin-1"))
    except BadRequest:
        return
    assert "\n" not in "".join(map("".join, head.pairs)) + head.target


# What is answered


def test_an_answer_is_its_status_its_headers_and_its_body_and_nothing_is_added(server, cloud):
    cloud.answer = lambda request: Response(404, (("content-length", "2"), ("X-a", "1"), ("X-a", "2")), b"no")
    answer = raw(server, b"GET / HTTP/1.1\r\n" + HEAD + b"\r\n")
    assert answer == b"HTTP/1.1 404 Not Found\r\ncontent-length: 2\r\nX-a: 1\r\nX-a: 2\r\n\r\nno"


def test_HEAD_has_the_length_and_no_body(server, cloud):  # the method's name
    cloud.answer = lambda request: Response(200, (("Content-Length", "4"),), b"body")
    request = b"HEAD / HTTP/1.1\r\n" + HEAD + b"\r\n"
    assert raw(server, request * 2) == b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\n" * 2


def test_an_answer_without_a_length_gets_one(server, cloud):
    cloud.answer = lambda request: Response(200, (), b"body")
    assert raw(server, b"GET / HTTP/1.1\r\n" + HEAD + b"\r\n") == b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nbody"


@pytest.mark.parametrize("status", [204, 304])
def test_an_answer_that_has_no_body_sends_none(server, cloud, status):
    cloud.answer = lambda request: Response(status, (), b"body")
    assert raw(server, b"GET / HTTP/1.1\r\n" + HEAD + b"\r\n").endswith(b"\r\n\r\n")


def test_a_chunked_answer_is_framed_in_chunks(server, cloud):
    cloud.answer = lambda request: Response(200, (("Transfer-Encoding", "chunked"),), b"body")
    assert httpx.get(server.url, trust_env=False).content == b"body"


def test_a_length_that_is_not_the_bodys_ends_the_connection_so_that_no_client_waits(server, cloud):
    cloud.answer = lambda request: Response(200, (("Content-Length", "10"),), b"body")
    with pytest.raises(httpx.RemoteProtocolError):
        httpx.get(server.url, trust_env=False)


def test_a_status_without_a_phrase_is_sent(server, cloud):
    cloud.answer = lambda request: Response(499)
    assert httpx.get(server.url, trust_env=False).status_code == 499


def test_a_reflected_line_end_does_not_split_the_answer(server, cloud):
    cloud.answer = lambda request: Response(200, (("X-Id", "a\r\nSet-Cookie: b=1"), ("Content-Length", "0")))
    answer = raw(server, b"GET / HTTP/1.1\r\n" + HEAD + b"\r\n")
    assert b"\r\nX-Id: a  Set-Cookie: b=1\r\n" in answer


@pytest.mark.parametrize("verbose", [True, False])
def test_a_log_line_holds_no_control_character_and_is_there_only_when_asked_for(cloud, capfd, verbose):
    with serve(cloud, verbose=verbose) as server:
        raw(server, b"GET /\xc2\x9b31m HTTP/1.1\r\n" + HEAD + b"\r\n" + b"GET /\x1b[2J HTTP/1.1\r\n\r\n")
    logged = capfd.readouterr().err
    assert all(line.isprintable() for line in logged.split("\n"))
    assert ("\\x9b31m 200" in logged) is verbose


def test_an_application_that_fails_costs_one_request_and_tells_stderr(server, cloud, capfd):
    def fail(request: Request) -> Response:
        raise RuntimeError("a defect")

    cloud.answer = fail
    assert httpx.get(server.url, trust_env=False).status_code == 500
    assert "RuntimeError: a defect" in capfd.readouterr().err
    cloud.answer = cloud.echo
    assert httpx.get(server.url, trust_env=False).status_code == 200


def test_a_plain_application_that_fails_costs_one_request(capfd):
    def fail(environ, start_response):
        raise RuntimeError("a defect")

    with serve(fail) as server:
        assert [httpx.get(server.url, trust_env=False).status_code for _ in range(2)] == [500, 500]
    assert "RuntimeError: a defect" in capfd.readouterr().err


def test_our_environment_keeps_the_letter_of_WSGI():  # the name of the thing
    def app(environ, start_response):
        start_response("200 OK", [("Content-Type", "text/plain"), ("Content-Length", "4")])
        return [environ["wsgi.input"].read(4)]

    def tame(environ, start_response):
        environ.pop("HTTP_CONTENT_TYPE", None)
        return validator(app)(environ, start_response)

    with serve(tame) as server:
        assert httpx.post(server.url + "/a%20b", content=b"body", trust_env=False).text == "body"


# Starting and stopping


def test_stopping_frees_the_port_and_ends_every_thread(cloud):
    before = set(threading.enumerate())
    with serve(cloud) as server, connected(server) as idle:
        httpx.get(server.url, trust_env=False)
        port = server.port
        assert {thread.name for thread in set(threading.enumerate()) - before} >= {f"mockcloud-listener-{port}"}
        server.stop()
        assert idle.recv(1) == b""
    assert set(threading.enumerate()) == before
    with serve(cloud, port=port) as again:
        assert again.port == port


def test_what_is_being_answered_when_the_server_stops_is_answered(cloud):
    entered, never = threading.Event(), threading.Event()

    def slow(request: Request) -> Response:
        entered.set()
        while not listener.stopping:
            never.wait(0.001)
        return Response(200, (("Content-Length", "4"),), b"done")

    cloud.answer = slow
    found: list[httpx.Response] = []
    with serve(cloud) as server:
        listener = server._listeners[0]
        client = threading.Thread(target=lambda: found.append(httpx.get(server.url, trust_env=False)))
        client.start()
        entered.wait(10)
        server.stop()
        client.join()
    assert (found[0].text, found[0].headers["connection"]) == ("done", "close")


def test_listen_gives_a_provider_a_port_of_its_own(cloud):
    with serve(cloud, listen={"alpha": 0, "beta": 0}) as server:
        ports = {server.port, *server.ports.values()}
        assert len(ports) == 3
        assert httpx.get(server.url_of("beta"), trust_env=False).headers["x-provider"] == "beta"
        assert "x-provider" not in httpx.get(server.url, trust_env=False).headers


def test_listen_without_a_cloud_is_an_error():
    with pytest.raises(UsageError, match="no providers"):
        serve(lambda environ, start: [], listen={"alpha": 0})


def test_a_taken_port_is_an_OSError_and_leaves_nothing_open(cloud):  # the exception's name
    with serve(cloud) as server, pytest.raises(OSError, match="in use") as caught:
        serve(cloud, listen={"alpha": server.port}).start()
    assert caught.value.errno == errno.EADDRINUSE


def test_a_server_may_be_started_again_after_it_was_stopped(cloud):
    server = serve(cloud)
    for _ in range(2):
        with server:
            assert httpx.get(server.url, trust_env=False).status_code == 200


@pytest.mark.skipif(not socket.has_ipv6, reason="this machine has no IPv6")
def test_an_IPv6_address_is_bracketed_in_the_url(cloud):  # the protocol's name
    try:
        with serve(cloud, host="::1") as server:
            assert server.url == f"http://[::1]:{server.port}"
            assert httpx.get(server.url, trust_env=False).status_code == 200
    except OSError as error:
        pytest.skip(f"no IPv6 loopback: {error}")


# The application under other servers


def test_under_werkzeugs_test_client_the_target_is_raw(cloud):
    client = werkzeug.test.Client(application(cloud))
    answer = client.post("/jobs/j1%2Cj2?a=%20", data=b"body", base_url="http://api.vendor.test:81")
    assert answer.status_code == 200
    assert (cloud.seen[0].target, cloud.seen[0].host, cloud.seen[0].body) == (
        "/jobs/j1%2Cj2?a=%20",
        "api.vendor.test:81",
        b"body",
    )


def test_under_httpx_WSGITransport_the_path_is_quoted_again_and_a_chunked_body_arrives(cloud):  # httpx's name
    with httpx.Client(transport=httpx.WSGITransport(application(cloud))) as client:
        client.post("http://api.vendor.test/a%20b/%E4%B8%AD?q=%2F", content=iter([b"one ", b"two"]))
    request = cloud.seen[0]
    assert (request.target, request.host, request.body) == ("/a%20b/%E4%B8%AD?q=%2F", "api.vendor.test", b"one two")


class Silent(WSGIRequestHandler):
    def log_message(self, *args: object) -> None:
        pass


def in_a_thread(server: WSGIServer | werkzeug.serving.BaseWSGIServer, port: int) -> httpx.Response:
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        return httpx.post(f"http://127.0.0.1:{port}/a%20b?q", content=b"body", headers={"X-Id": "1"}, trust_env=False)
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def test_under_wsgiref_it_works_and_hop_by_hop_headers_stay_away(cloud):
    cloud.answer = lambda request: Response(200, (("Connection", "keep-alive"), ("Content-Length", "2")), b"ok")
    server = make_server("127.0.0.1", 0, application(cloud), handler_class=Silent)
    assert in_a_thread(server, server.server_port).text == "ok"
    request = cloud.seen[0]
    assert (request.target, request.body, request.header("x-id")) == ("/a%20b?q", b"body", "1")
    assert request.header("content-length") == "4"


def test_under_werkzeugs_own_handler_the_target_is_raw(cloud):
    quiet = type("Quiet", (werkzeug.serving.WSGIRequestHandler,), {"log_request": lambda *args: None})
    server = werkzeug.serving.make_server("127.0.0.1", 0, application(cloud), threaded=True, request_handler=quiet)
    assert in_a_thread(server, server.port).status_code == 200
    assert (cloud.seen[0].target, cloud.seen[0].body) == ("/a%20b?q", b"body")


def environ(**changes: object) -> dict[str, object]:
    return {
        "REQUEST_METHOD": "POST",
        "PATH_INFO": "/",
        "SERVER_NAME": "s",
        "SERVER_PORT": "80",
        "wsgi.input": io.BytesIO(b"x" * 100),
    } | changes


@pytest.mark.parametrize(
    ("changes", "length"),
    [
        ({"CONTENT_LENGTH": "5"}, 5),
        ({"CONTENT_LENGTH": "50"}, 11),
        ({"CONTENT_LENGTH": "9" * 5000}, 11),
        ({"CONTENT_LENGTH": ""}, 0),
        ({"CONTENT_LENGTH": "x"}, 0),
        ({}, 0),
        ({"HTTP_TRANSFER_ENCODING": "chunked"}, 11),
        ({"wsgi.input_terminated": True}, 11),
    ],
)
def test_no_body_is_read_beyond_one_byte_more_than_the_limit(cloud, changes, length):
    application(cloud, limit=10)(environ(**changes), lambda *args: None)
    assert len(cloud.seen[0].body) == length


@pytest.mark.parametrize(
    ("changes", "host"),
    [
        ({"HTTP_HOST": "v.test:81"}, "v.test:81"),
        ({"SERVER_PORT": "8080"}, "s:8080"),
        ({}, "s"),
        ({"SERVER_NAME": "::1", "SERVER_PORT": "8"}, "[::1]:8"),
        ({"REQUEST_URI": "http://a.test/x", "HTTP_HOST": "b"}, "a.test"),
        ({"RAW_URI": "http://a.test"}, "a.test"),
    ],
)
def test_the_host_is_the_authority_else_the_header_else_the_servers_name(cloud, changes, host):
    application(cloud)(environ(**changes), lambda *args: None)
    assert cloud.seen[0].host == host


def test_a_body_that_cannot_be_read_is_answered_400(cloud):
    class Broken(io.RawIOBase):
        def read(self, size: int = -1) -> bytes:
            raise OSError("gone")

    said: list[str] = []
    application(cloud)(environ(CONTENT_LENGTH="3", **{"wsgi.input": Broken()}), lambda status, pairs: said.append(status))
    assert said == ["400 Bad Request"]


def test_the_application_imports_no_framework():
    code = "import sys, mockcloud.server.application; print([m for m in ('werkzeug', 'httpx', 'requests') if m in sys.modules])"
    assert subprocess.check_output([sys.executable, "-c", code], cwd=ROOT, text=True).strip() == "[]"


def test_the_body_limit_of_8_mib_is_the_applications(cloud):
    assert application_module.BODY_LIMIT == Limits().body == 8 * 1024 * 1024


# The command


COMMAND = [sys.executable, "-c", "from mockcloud.cli.serve import serve; serve(prog_name='mockcloud serve')"]


@pytest.fixture
def command() -> Iterator[Callable[..., subprocess.Popen[str]]]:
    started: list[subprocess.Popen[str]] = []

    def start(*arguments: str) -> subprocess.Popen[str]:
        environment = os.environ | {"PYTHONPATH": str(ROOT)}
        process = subprocess.Popen(
            [*COMMAND, *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment
        )
        started.append(process)
        return process

    yield start
    for process in started:
        process.kill()
        process.communicate()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_serve_says_where_it_listens_and_a_signal_ends_it_with_0(command, number):
    process = command("--port", "0", "--verbose")
    line = process.stdout.readline()
    address = re.fullmatch(r"mockcloud listening on (http://127\.0\.0\.1:[0-9]+)\n", line)
    assert address, process.stderr.read()
    assert httpx.get(address[1] + "/nothing", trust_env=False).status_code < 500
    process.send_signal(number)
    out, err = process.communicate(timeout=10)
    assert (process.returncode, out) == (0, "")
    assert "GET /nothing" in err
    assert "Traceback" not in err


def test_serve_reports_a_request_that_nobody_documents_on_stderr(command):
    process = command("--port", "0", "--provider", "ucloud")
    url = process.stdout.readline().rpartition(" ")[2].strip()
    httpx.get(url + "/?Action=NoSuchAction", trust_env=False)
    process.terminate()
    assert "NoSuchAction" in process.communicate(timeout=10)[1]


def test_serve_verbose_says_why_a_request_was_refused_with_rule_value_document_and_line(command):
    process = command("--port", "0", "--verbose", "--auth", "off")
    url = process.stdout.readline().rpartition(" ")[2].strip()
    body = {"source": {"bucket": "b", "key": "k"}, "target": {"destBucket": "d", "widthInPixel": 5000}}
    assert httpx.post(url + "/v1/regions/cn-north-1/thumbnail", json=body, trust_env=False).status_code == 400
    process.terminate()
    said = process.communicate(timeout=10)[1]
    rule = "jdcloud.createThumbnailTask/request#/target/widthInPixel:maximum [001_20d4131b6d265f54.txt line 43]"
    assert f"  /target/widthInPixel 5000 is greater than 4096: {rule}\n" in said


def test_a_server_looks_for_callbacks_that_are_due_by_itself(cloud):
    told = threading.Event()
    cloud.deliver = told.set
    with serve(cloud):
        assert told.wait(10)


def test_serve_names_the_port_of_each_listen(command):
    process = command("--port", "0", "--listen", "ucloud=0", "--listen", "pontus=0")
    lines = [process.stdout.readline() for _ in range(3)]
    assert [line.partition(" http")[0] for line in lines] == [
        "mockcloud listening on",
        "mockcloud ucloud on",
        "mockcloud pontus on",
    ]


def test_serve_takes_credentials_settings_and_a_virtual_clock(command):
    process = command(
        *("--port", "0", "--clock", "virtual:2.5", "--seed", "7", "--auth", "off", "--credential", "ucloud:id:secret"),
        *("--credential", "pontus:id:secret:code", "--set", "jdcloud.signature_window_seconds=60"),
    )
    assert process.stdout.readline().startswith("mockcloud listening on ")


def test_serve_on_a_taken_port_is_one_line_and_exit_2(command):
    with serve(Echo()) as server:
        process = command("--port", str(server.port))
        out, err = process.communicate(timeout=20)
    assert (process.returncode, out, err.count("\n")) == (2, "", 1)
    assert "in use" in err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--store", "redis://x"], "'memory:' only"),
        (["--listen", "ucloud"], "wanted PROVIDER=PORT"),
        (["--listen", "ucloud=99999"], "wanted PROVIDER=PORT"),
        (["--listen", "uclod=0"], "'ucloud'"),
        (["--provider", "uclod"], "'ucloud'"),
        (["--credential", "ucloud:x"], "wanted PROVIDER:ID:SECRET"),
        (["--credential", "uclod:a:b"], "'ucloud'"),
        (["--set", "jdcloud"], "wanted PROVIDER.SETTING=VALUE"),
        (["--set", "jdcloud.signature_window=1"], "'signature_window_seconds'"),
        (["--clock", "sundial"], "'real'"),
        (["--clock", "virtual:2@noon"], "a clock starts at seconds since the epoch or a time like 2026-01-01T12:00:00Z"),
        (["--clock", "virtual", "--speed", "2"], "--speed is of the real clock"),
        (["--speed", "0"], "greater than 0"),
        (["--speed", "nan"], "greater than 0 and at most 1000000, found nan"),
        (["--speed", "inf"], "greater than 0 and at most 1000000, found inf"),
        (["--host", ""], "the host is empty, which would be every address"),
        (["--host", "no-such-host.invalid"], "(no-such-host.invalid:"),
        (["--listen", "ucloud=0", "--listen", "ucloud=1"], "gives 'ucloud' two ports"),
        (["--workers", "2"], "No such option '--workers'"),
        (["--auth", "lax"], "'strict', 'off'"),
    ],
)
def test_serve_refuses_what_it_does_not_know_in_words_and_exit_2(command, arguments, said):
    process = command("--port", "0", *arguments)
    out, err = process.communicate(timeout=20)
    assert (process.returncode, out) == (2, "")
    assert said in err
    assert "Traceback" not in err
