"""Requests go out byte for byte and over one connection; whatever a server does instead of answering becomes a sentence."""

from __future__ import annotations

import shlex
import socket
import ssl
import struct
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from test_outbound import AUTHORITY, CERTIFICATE

from mockcloud.cloud import Cloud
from mockcloud.fuzzing import server_clock
from mockcloud.fuzzing.server_clock import MOMENT, ServerClock
from mockcloud.fuzzing.target import NoAnswer, Unreachable
from mockcloud.fuzzing.transport import ANSWER_LIMIT, TIMEOUT, Connection
from mockcloud.messages import Request, Response
from mockcloud.reports import curl

FINE = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nX-One: a\r\n\r\nhi"
ASKED = Request(
    "POST", "/a%2Fb?x=%20+&&y", "ignored:1", (("Host", "given.test"), ("X-Odd", "é"), ("Content-Length", "3")), b"\x00ab"
)

Serving = Callable[[socket.socket], None]


@contextmanager
def served(*each: Serving, context: ssl.SSLContext | None = None) -> Iterator[str]:
    """A server that treats its first connection by the first function, and so on; the last again and again."""
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def run() -> None:
            left = list(each)
            while True:
                try:
                    connection, _ = listener.accept()
                    connection = context.wrap_socket(connection, server_side=True) if context else connection
                except OSError:
                    if context is None:
                        return
                    continue
                with connection:
                    (left.pop(0) if len(left) > 1 else left[0])(connection)

        threading.Thread(target=run, daemon=True).start()
        yield f"http{'s' if context else ''}://127.0.0.1:{listener.getsockname()[1]}"
        listener.shutdown(socket.SHUT_RDWR)


def ask(url: str, timeout: float = TIMEOUT) -> Response:
    """Ask once over a connection of its own."""
    with closing(Connection(url, timeout)) as connection:
        return connection.send(ASKED)


def says(answer: bytes, heard: list[bytes] | None = None) -> Serving:
    """Reads once, answers once, hangs up."""

    def one(connection: socket.socket) -> None:
        read = connection.recv(65536)
        if heard is not None:
            heard.append(read)
        connection.sendall(answer)

    return one


def test_a_request_goes_out_byte_for_byte() -> None:
    heard: list[bytes] = []
    with served(says(FINE, heard)) as url:
        response = ask(url)
    assert heard == [b"POST /a%2Fb?x=%20+&&y HTTP/1.1\r\nHost: given.test\r\nX-Odd: \xe9\r\nContent-Length: 3\r\n\r\n\x00ab"]
    assert (response.status, response.header("x-one"), response.body) == (200, "a", b"hi")


def test_a_connection_is_kept_open_and_opened_again_where_the_server_closed_it() -> None:
    connections = []

    def three(connection: socket.socket) -> None:
        connections.append(connection)
        for _ in range(3):
            if connection.recv(65536):
                connection.sendall(FINE)

    with served(three) as url, closing(Connection(url)) as asking:
        assert [asking.send(ASKED).status for _ in range(7)] == [200] * 7
    assert len(connections) == 3


class Broken:
    """A connection on which these pieces come, and then a reset."""

    def __init__(self, *pieces: bytes) -> None:
        self._pieces, self.asked = list(pieces), 0

    def settimeout(self, seconds: float) -> None:
        """Nothing here takes time."""

    def sendall(self, data: bytes) -> None:
        self.asked += 1

    def recv_into(self, buffer: memoryview) -> int:
        if not self._pieces:
            raise ConnectionResetError(104, "Connection reset by peer")
        piece = self._pieces.pop(0)
        buffer[: len(piece)] = piece
        return len(piece)

    def close(self) -> None:
        """It is closed already."""


@pytest.mark.parametrize(("second", "again"), [((), True), ((FINE[:-1],), False)], ids=["no answer", "a part of an answer"])
def test_a_request_is_sent_again_over_a_connection_that_was_closed_but_not_once_its_answer_has_begun(
    monkeypatch: pytest.MonkeyPatch, second: tuple[bytes, ...], again: bool
) -> None:
    each = [Broken(FINE, *second), Broken(FINE)]
    left = iter(each)
    monkeypatch.setattr(Connection, "_connected", lambda self, deadline: next(left))
    asking = Connection("http://127.0.0.1")
    assert asking.send(ASKED).status == 200
    if again:
        assert asking.send(ASKED).status == 200
    else:
        with pytest.raises(NoAnswer, match="the connection broke: Connection reset by peer"):
            asking.send(ASKED)
    assert [one.asked for one in each] == [2, int(again)]


@pytest.mark.parametrize(
    ("date", "ahead"),
    [
        ("Thu, 01 Jan 2026 12:00:00 GMT", 7_268_800.0),
        ("Thu, 01 Jan 2026 12:00:00 -0000", 7_268_800.0),
        ("Thu, 09 Oct 2025 08:53:22 GMT", 0.0),
        ("Thu, 01 Jan 1970 00:00:00 GMT", -1_760_000_000.0),
        ("Thu, 01 Jan 1960 00:00:00 GMT", 0.0),
        ("Thu, 01 Jan 99999 00:00:00 GMT", 0.0),
        ("soon", 0.0),
        (None, 0.0),
    ],
)
def test_the_time_of_a_server_is_what_its_last_date_says_unless_that_is_ours_or_no_time(
    monkeypatch: pytest.MonkeyPatch, date: str | None, ahead: float
) -> None:
    monkeypatch.setattr(server_clock, "wall", lambda: 1_760_000_000.0)
    clock = ServerClock(lambda request: Response(200, (("DATE", date),) if date else ()))
    assert clock.now() == 1_760_000_000.0
    clock.send(ASKED)
    assert clock.now() == pytest.approx(1_760_000_000.0 + ahead, abs=2 * MOMENT)


def test_each_request_is_signed_at_a_time_of_its_own_though_the_clock_stands_still_but_never_far_from_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    dates = iter(["Thu, 01 Jan 2026 12:00:00 GMT"] * 3 + ["Thu, 01 Jan 2026 11:00:00 GMT"])
    monkeypatch.setattr(server_clock, "wall", lambda: 1_767_268_800.0)
    clock = ServerClock(lambda request: Response(200, (("Date", next(dates)),)))
    told = []
    for _ in range(4):
        told.append(int(clock.now() * 1000))
        assert int(clock.now() * 1000) == told[-1]
        clock.send(ASKED)
    assert told == [1_767_268_800_000, 1_767_268_800_001, 1_767_268_800_002, 1_767_268_800_003]
    assert clock.now() == 1_767_265_200.0


@pytest.mark.parametrize("provider", ["jdcloud", "pontus", "tencent_ci"])
def test_the_date_of_an_answer_of_ours_is_the_time_on_the_clock_of_the_mock(provider: str) -> None:
    cloud = Cloud([provider], clock="virtual:60@2031-05-05T05:05:05Z")
    cloud.report = lambda problem: None
    clock = ServerClock(lambda request: cloud.handle_for(provider, request))
    for _ in range(3):
        clock.send(Request("GET", "/", "x"))
        assert clock.now() == pytest.approx(cloud.clock.now(), abs=59)


def test_a_server_that_hangs_is_given_up_after_the_timeout() -> None:
    done = threading.Event()

    def hang(connection: socket.socket) -> None:
        connection.recv(65536)
        done.wait(10)

    with served(hang) as url:
        with pytest.raises(NoAnswer, match="no whole answer within 0.05 s"):
            ask(url, timeout=0.05)
        done.set()


def test_a_server_that_drips_is_given_up_after_the_timeout() -> None:
    done = threading.Event()

    def drip(connection: socket.socket) -> None:
        connection.recv(65536)
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n")
        while not done.wait(0.01):
            try:
                connection.sendall(b"x")
            except OSError:
                return

    with served(drip) as url:
        with pytest.raises(NoAnswer, match="no whole answer within 0.1 s"):
            ask(url, timeout=0.1)
        done.set()


def reset(connection: socket.socket) -> None:
    connection.recv(65536)
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


@pytest.mark.parametrize(
    ("serving", "sentence"),
    [
        (reset, "the connection broke|was closed without"),
        (says(b""), "the connection was closed without an answer"),
        (says(b"garbage\r\n\r\n"), "what came is no HTTP"),
        (says(b"HTTP/1.1 9999 no\r\n\r\n"), "what came is no HTTP"),
        (says(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"), "what came is no HTTP"),
        (says(b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nshort"), "the connection ended 5 bytes before the answer's end"),
        (says(b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 200 + b"\r\n"), "what came is no HTTP"),
        (says(b"HTTP/1.1 200 OK\r\n\r\n" + b"x" * (ANSWER_LIMIT + 1)), "the answer's body is longer than"),
    ],
    ids=["reset", "closed", "garbage", "status", "chunks", "cut", "headers", "endless"],
)
def test_what_is_no_answer_becomes_a_sentence(serving: Serving, sentence: str) -> None:
    with served(serving) as url, pytest.raises(NoAnswer, match=sentence):
        ask(url)


def test_a_redirect_is_an_answer_and_is_not_followed() -> None:
    with served(says(b"HTTP/1.1 307 Temporary Redirect\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n")) as url:
        assert ask(url).status == 307


@pytest.fixture
def tls(tmp_path: Path) -> ssl.SSLContext:
    (tmp_path / "certificate.pem").write_text(CERTIFICATE)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(tmp_path / "certificate.pem")
    return context


def test_https_is_spoken_to_whom_a_known_authority_vouches_for(
    tls: ssl.SSLContext, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with served(says(FINE), context=tls) as url:
        with pytest.raises(Unreachable, match="the certificate of 127.0.0.1 is not trusted .*: name the file"):
            ask(url)
        (tmp_path / "authority.pem").write_text(AUTHORITY)
        monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "authority.pem"))
        assert ask(url).body == b"hi"


def test_nobody_there_at_first_is_unreachable_and_later_is_no_answer() -> None:
    with served(says(FINE)) as url:
        asking = Connection(url)
        asking.send(ASKED)
        port = url.rpartition(":")[2]
    asking.close()
    with pytest.raises(NoAnswer, match=f"no connection to 127.0.0.1:{port}"):
        asking.send(ASKED)
    with pytest.raises(Unreachable, match="no connection"):
        ask(url)


@pytest.mark.parametrize(
    ("request_", "words"),
    [
        (Request("GET", "/a?b='c'", "x", (("Host", "x"), ("X-A", "it's"))), ["-H", "X-A: it's", "-Haccept:"]),
        (Request("POST", "/", "x", (("Content-Type", "text/plain"),), b"a\nb'\xff"), ["--data-binary", "$'a\\x0ab\\x27\\xff'"]),
        (Request("POST", "/", "x", (("Content-Length", "0"),)), ["-Hcontent-type:", "--data-binary", ""]),
    ],
    ids=["quotes", "bytes", "no bytes"],
)
def test_a_curl_command_says_what_was_sent(request_: Request, words: list[str]) -> None:
    told = curl.command("http://127.0.0.1:8080/", request_)
    for word in words:
        assert (word if word.startswith("$'") else shlex.quote(word)) in told
    assert f"http://127.0.0.1:8080{request_.target}" in shlex.split(told.replace("$'", "'"))


@pytest.mark.parametrize("body", [b"-n\0a%d'\\\n{\xff\0", b"@/etc/hostname"], ids=["a NUL", "an @"])
def test_a_body_that_no_argument_of_curl_can_be_is_fed_to_it(body: bytes) -> None:
    told = curl.command("http://127.0.0.1:8080", Request("POST", "/", "x", (), body))
    fed, _, command = told.partition(" | ")
    assert "--data-binary @- " in command
    for shell in ("sh", "bash"):
        assert subprocess.run([shell, "-c", fed], capture_output=True, check=True).stdout == body
