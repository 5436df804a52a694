"""A fault that is planned is met by every client as it would be on a real socket that misbehaves."""

from __future__ import annotations

import asyncio
import re
import socket
import struct
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager

import httpcore
import httpx
import pytest
import requests
import werkzeug.test
from requests.adapters import HTTPAdapter
from urllib3.util import Retry, Timeout

from mockcloud import Cloud, Request, VirtualClock
from mockcloud.errors import EndlessWait
from mockcloud.interceptors import intercept
from mockcloud.messages import FAULTS, MALFORMED, Response, TransportFault
from mockcloud.server.http1 import Limits
from mockcloud.server.server import serve

HOST = "media.pontus.com"
TARGET = "/api/v2/task/transcoding"
BODY = {"source": {"source_url": "x"}, "targets": [{"target_url": "y"}]}
OPERATION = "pontus.createTranscodingTask"
WHOLE = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\nConnection: close\r\n\r\n%b"
KINDS = sorted(FAULTS)


@pytest.fixture
def cloud() -> Cloud:
    return Cloud(["pontus"], auth="off", clock=VirtualClock(1_767_268_800.0))


def reset(connection: socket.socket) -> None:
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def hold(connection: socket.socket) -> None:
    while connection.recv(65536):
        pass


@contextmanager
def misbehaving(kind: str, answer: bytes) -> Iterator[str]:
    """A plain socket that misbehaves: what a client meets here is what it should meet of us."""
    deeds: dict[str, Callable[[socket.socket], object]] = {
        "reset": reset,
        "timeout": hold,
        "malformed": lambda connection: connection.sendall(MALFORMED),
        "empty": lambda connection: None,
        "truncate": lambda connection: connection.sendall(WHOLE % (len(answer), answer[: len(answer) // 2])),
    }

    def run() -> None:
        while True:
            try:
                connection, _ = listening.accept()
            except OSError:
                return
            with connection:
                asked = connection.recv(65536)
                while asked[:4] == b"POST" and b'"targets"' not in asked and (more := connection.recv(65536)):
                    asked += more
                deeds[kind](connection)

    listening = socket.create_server(("127.0.0.1", 0))
    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    finally:
        listening.shutdown(socket.SHUT_RDWR)
        listening.close()
        thread.join()


def seconds(kind: str) -> float:
    return 0.05 if kind == "timeout" else 10


def by_httpx(url: str, timeout: float) -> None:
    with httpx.Client(trust_env=False, timeout=httpx.Timeout(10, read=timeout)) as client:
        client.post(url + TARGET, json=BODY)


def by_async_httpx(url: str, timeout: float) -> None:
    async def post() -> None:
        async with httpx.AsyncClient(trust_env=False, timeout=httpx.Timeout(10, read=timeout)) as client:
            await client.post(url + TARGET, json=BODY)

    asyncio.run(post())


def by_streaming_httpx(url: str, timeout: float) -> None:
    with (
        httpx.Client(trust_env=False, timeout=httpx.Timeout(10, read=timeout)) as client,
        client.stream("POST", url + TARGET, json=BODY) as answer,
    ):
        answer.read()


def by_requests(url: str, timeout: float) -> None:
    requests.post(url + TARGET, json=BODY, timeout=(10, timeout))


def by_patient_requests(url: str, timeout: float) -> None:
    requests.post(url + TARGET, json=BODY, timeout=Timeout(connect=10, read=timeout))


def by_streaming_requests(url: str, timeout: float) -> None:
    with requests.post(url + TARGET, json=BODY, timeout=(10, timeout), stream=True) as answer:
        b"".join(answer.iter_content(3))


def by_repeating_requests(url: str, timeout: float) -> None:
    with requests.Session() as session:
        session.mount("http://", HTTPAdapter(max_retries=Retry(2, allowed_methods=None)))
        session.post(url + TARGET, json=BODY, timeout=(10, timeout))


CLIENTS = [
    by_httpx,
    by_async_httpx,
    by_streaming_httpx,
    by_requests,
    by_patient_requests,
    by_streaming_requests,
    by_repeating_requests,
]


def met(call: Callable[[str, float], None], url: str, timeout: float) -> tuple[type, str]:
    with pytest.raises(Exception) as caught:  # noqa: PT011  # which is the question
        call(url, timeout)
    return caught.type, re.sub(r"host='[^']*', port=\d+", "HERE", str(caught.value))


def whole_answer() -> bytes:
    return Cloud(["pontus"], auth="off", clock=VirtualClock(1_767_268_800.0)).handle(asked()).body


def asked() -> Request:
    return Request("POST", TARGET, HOST, (), b'{"source": {"source_url": "x"}, "targets": [{"target_url": "y"}]}')


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("call", CLIENTS)
def test_a_planned_fault_is_met_as_on_a_socket_that_misbehaves(cloud: Cloud, call, kind: str) -> None:
    with misbehaving(kind, whole_answer()) as url:
        wanted = met(call, url, seconds(kind))
    for _ in range(3 if call is by_repeating_requests and kind != "truncate" else 1):
        cloud.fail_next(OPERATION, fault=kind)
    with cloud.intercept():
        found = met(call, f"http://{HOST}", seconds(kind))
    assert found == wanted


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("call", [by_httpx, by_async_httpx, by_requests])
def test_the_server_misbehaves_as_a_plain_socket_does(cloud: Cloud, call, kind: str) -> None:
    with misbehaving(kind, whole_answer()) as url:
        wanted = met(call, url, seconds(kind))
    cloud.fail_next(OPERATION, fault=kind)
    with cloud.serve() as server:
        assert met(call, server.url, seconds(kind)) == wanted
        call(server.url, 10)  # the next one is answered
    assert len(cloud.tasks("pontus")) == 2


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("asynchronous", [False, True])
def test_httpcore_by_itself_meets_its_own_errors(cloud: Cloud, kind: str, asynchronous: bool) -> None:
    def call(url: str, timeout: float) -> None:
        extensions, sent = {"timeout": {"read": timeout}}, {"headers": {"Host": HOST}, "content": asked().body}

        async def post() -> None:
            async with httpcore.AsyncConnectionPool() as pool:
                await pool.request("POST", url + TARGET, extensions=extensions, **sent)

        if asynchronous:
            asyncio.run(post())
        else:
            with httpcore.ConnectionPool() as pool:
                pool.request("POST", url + TARGET, extensions=extensions, **sent)

    with misbehaving(kind, whole_answer()) as url:
        wanted = met(call, url, seconds(kind))
    cloud.fail_next(OPERATION, fault=kind)
    with cloud.intercept():
        assert met(call, f"http://{HOST}", seconds(kind)) == wanted


def test_a_fault_is_repeated_by_a_session_that_may_and_the_answer_after_it_is_met(cloud: Cloud) -> None:
    for kind in ("reset", "timeout"):
        cloud.fail_next(OPERATION, fault=kind)
    with cloud.intercept():
        by_repeating_requests(f"http://{HOST}", 10)
    assert len(cloud.tasks("pontus")) == 3, "each request was carried out"
    notes = [(exchange.response.status, exchange.note) for exchange in cloud.journal]
    assert notes == [
        (200, f"planned for {OPERATION}: the connection was reset before an answer came, after the request was carried out"),
        (200, f"planned for {OPERATION}: no answer came in time, after the request was carried out"),
        (200, ""),
    ]


@pytest.mark.parametrize("timeout", [None, (5, None), Timeout(connect=5)])
def test_a_client_of_requests_that_would_wait_for_ever_is_told_of(cloud: Cloud, timeout: object) -> None:
    cloud.fail_next(OPERATION, fault="timeout")
    with (
        cloud.intercept(),
        pytest.warns(EndlessWait, match=rf"no answer came from {HOST}, and the client set no timeout"),
        pytest.raises(requests.ReadTimeout),
    ):
        requests.post(f"http://{HOST}{TARGET}", json=BODY, timeout=timeout)


def test_a_client_of_httpx_that_would_wait_for_ever_is_told_of(cloud: Cloud) -> None:
    cloud.fail_next(OPERATION, fault="timeout")
    with cloud.intercept(), pytest.warns(EndlessWait), pytest.raises(httpx.ReadTimeout):
        httpx.post(f"http://{HOST}{TARGET}", json=BODY, timeout=None)  # noqa: S113  # which is the point


def test_an_answer_to_HEAD_has_no_body_to_truncate() -> None:
    class Truncating:
        def handle(self, request: Request) -> Response:
            raise TransportFault("truncate", Response(200, (("Content-Length", "4"),), b"body"))

        def answers(self, host: str) -> bool:
            return True

    with intercept(Truncating()):
        assert httpx.head(f"http://{HOST}/").headers["content-length"] == "4"
        assert requests.head(f"http://{HOST}/", timeout=10).content == b""


def test_a_connection_that_is_held_blocks_no_other_and_is_let_go_when_the_server_stops(cloud: Cloud) -> None:
    cloud.fail_next(OPERATION, fault="timeout")
    handled = threading.Event()
    cloud.journal.watcher = lambda exchange: handled.set()
    with ExitStack() as closing:
        with cloud.serve() as server:
            held = closing.enter_context(sent(server.port))
            assert handled.wait(10), "else the next one might meet the fault"
            by_requests(server.url, 10)
        assert held.recv(1) == b""
    assert len(cloud.tasks("pontus")) == 2


def test_a_connection_is_held_no_longer_than_the_limit(cloud: Cloud) -> None:
    cloud.fail_next(OPERATION, fault="timeout")
    with serve(cloud, limits=Limits(hold=0.01)) as server, sent(server.port) as held:
        assert held.recv(1) == b""


def test_a_verbose_server_says_how_it_misbehaved(cloud: Cloud, capfd: pytest.CaptureFixture[str]) -> None:
    cloud.fail_next(OPERATION, fault="empty")
    with serve(cloud, verbose=True) as server, sent(server.port) as asking:
        assert asking.recv(1) == b""
    assert capfd.readouterr().err == f"POST {TARGET} empty: the connection was closed without an answer\n"


def sent(port: int) -> socket.socket:
    connection = socket.create_connection(("127.0.0.1", port), 10)
    body = asked().body
    connection.sendall(
        b"POST %b HTTP/1.1\r\nHost: %b\r\nContent-Length: %d\r\n\r\n%b" % (TARGET.encode(), HOST.encode(), len(body), body)
    )
    return connection


def test_under_a_server_that_is_not_ours_a_fault_is_told_with_501(cloud: Cloud) -> None:
    cloud.fail_next(OPERATION, fault="reset")
    cloud.fail_next(OPERATION, fault="truncate")
    client = werkzeug.test.Client(cloud.wsgi_app)
    told, cut = (client.post(TARGET, json=BODY, base_url=f"http://{HOST}") for _ in range(2))
    assert told.status_code == 501
    assert "planned was 'reset' (the connection was reset before an answer came)" in told.text
    assert len(cut.data) < int(cut.headers["Content-Length"])


def test_a_program_of_another_kind_meets_a_reset(cloud: Cloud) -> None:
    cloud.fail_next(OPERATION, fault="reset")
    program = "import http.client, sys; c = http.client.HTTPConnection('127.0.0.1', int(sys.argv[1])); c.request('POST', sys.argv[2], sys.argv[3]); c.getresponse()"
    with cloud.serve() as server:
        command = [sys.executable, "-c", program, str(server.port), TARGET, asked().body.decode()]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert "ConnectionResetError" in done.stderr
