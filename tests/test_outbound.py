"""The outbound transport: nothing leaves for a host that nobody named, and whatever becomes of a message is an Outcome."""

from __future__ import annotations

import gzip
import socket
import ssl
import struct
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from ipaddress import IPv4Address, IPv6Address
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from mockcloud.errors import UsageError
from mockcloud.outbound import ANSWER_LIMIT, HOP_HEADER, Outbound, Outcome, Sender
from mockcloud.outbound.answer import HEAD_LIMIT

NO_CONTENT = b"HTTP/1.1 204 No Content\r\n\r\n"
OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
UNSPECIFIED = "0.0.0.0"  # noqa: S104  # nothing binds to it: it is where not to send
PATIENT = 30.0
"""A timeout that only a hang would reach."""
SHORT = 0.5
"""A timeout to be reached, but not before a busy machine has connected."""

Answering = bytes | Callable[[socket.socket], None]


class Receiver:
    """A receiver on loopback: keeps what arrived, then sends the answer, or does with the connection what that does."""

    def __init__(self, answer: Answering, host: str, context: ssl.SSLContext | None, *, reads_body: bool) -> None:
        self.seen: list[bytes] = []
        self.stopped = threading.Event()
        self._answer, self._context, self._reads_body = answer, context, reads_body
        self._listener = socket.create_server((host, 0), family=socket.AF_INET6 if ":" in host else socket.AF_INET)
        self._listener.settimeout(0.02)
        self.port: int = self._listener.getsockname()[1]
        self._thread = threading.Thread(target=self._run)
        self._thread.start()

    def url(self, path: str = "/", host: str = "127.0.0.1", scheme: str = "http") -> str:
        return f"{scheme}://{host}:{self.port}{path}"

    def _run(self) -> None:
        while not self.stopped.is_set():
            try:
                connection, _ = self._listener.accept()
            except TimeoutError:
                continue
            with connection:
                connection.settimeout(PATIENT)
                try:
                    self._serve(connection)
                except OSError:  # the sender has left, or does not trust us
                    continue

    def _serve(self, connection: socket.socket) -> None:
        if self._context is not None:
            with self._context.wrap_socket(connection, server_side=True) as encrypted:
                self._receive_and_answer(encrypted)
        else:
            self._receive_and_answer(connection)

    def _receive_and_answer(self, connection: socket.socket) -> None:
        data = b""
        while b"\r\n\r\n" not in data:
            data += self._more(connection)
        head, _, body = data.partition(b"\r\n\r\n")
        length = next(int(line[15:]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:"))
        while self._reads_body and len(body) < length:
            body += self._more(connection)
        self.seen.append(head + b"\r\n\r\n" + body)
        if callable(self._answer):
            self._answer(connection)
        else:
            connection.sendall(self._answer)

    @staticmethod
    def _more(connection: socket.socket) -> bytes:
        data = connection.recv(65536)
        if not data:
            raise ConnectionResetError
        return data

    def close(self) -> None:
        self.stopped.set()
        self._thread.join(PATIENT)
        self._listener.close()


@contextmanager
def receiver(
    answer: Answering = NO_CONTENT, host: str = "127.0.0.1", context: ssl.SSLContext | None = None, reads_body: bool = True
) -> Iterator[Receiver]:
    opened = Receiver(answer, host, context, reads_body=reads_body)
    try:
        yield opened
    finally:
        opened.close()


def post(url: str, *headers: tuple[str, str], body: bytes = b"{}") -> Outbound:
    return Outbound("POST", url, headers, body)


def answered(answer: Answering, method: str = "POST") -> Outcome:
    with receiver(answer) as there:
        return Sender(timeout=PATIENT).send(Outbound(method, there.url()))


def kept_back(outcome: Outcome, *words: str) -> None:
    assert outcome[:4] == (False, 0, (), b"")
    for word in words:
        assert word in outcome.problem


@pytest.fixture
def names(monkeypatch: pytest.MonkeyPatch) -> dict[str, list[str]]:
    """Names to the addresses that they resolve to; an unknown one does not resolve. Under `asked` the names asked for."""
    known: dict[str, list[str]] = {"asked": []}

    def getaddrinfo(host: str, port: int, *_: Any, **__: Any) -> list[tuple[Any, ...]]:
        known["asked"].append(host)
        if host not in known:
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        return [
            (socket.AF_INET6, socket.SOCK_STREAM, 6, "", (address, port, 0, 0))
            if ":" in address
            else (socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port))
            for address in known[host]
        ]

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    return known


# Who may be sent to.


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/",
        "http://127.255.255.254:65535/a?b",
        "HTTPS://localhost",
        "http://LocalHost:1?query",
        "http://a.b.localhost/#fragment",
        "http://[::1]:8080/",
        "http://[0:0:0:0:0:0:0:1]/",
        "http://[::ffff:127.0.0.1]/",
        "http://[::FFFF:7f00:1]/",
    ],
)
def test_loopback_is_allowed_without_being_named(url: str) -> None:
    assert Sender().allowed(url) == ""


STRANGERS = """
    media.example 10.0.0.1 192.168.1.1 169.254.169.254 100.64.0.1 128.0.0.1 126.255.255.255 0.0.0.0 [::] [::2] [fd00::1] [fe80::1]
    [::7f00:1] [64:ff9b::7f00:1] localhost.example notlocalhost localhost-a 127.0.0.1.example xn--lcalhost-54a
"""


@pytest.mark.parametrize("host", STRANGERS.split())
def test_another_host_is_kept_back_with_its_name_and_nothing_is_resolved(host: str, names: dict[str, list[str]]) -> None:
    outcome = Sender().send(post(f"http://{host}:81/"))
    kept_back(outcome, f"nothing was sent to {host}:81", f"add '{host}' or '{host}:81' to callback_hosts")
    assert not names["asked"]
    assert Sender().allowed(f"http://{host}:81/") == outcome.problem


def test_the_sentence_about_a_host_that_is_not_allowed_says_what_to_add() -> None:
    problem = Sender().allowed("https://Media.example/secret?token=1")
    assert problem == (
        "nothing was sent to media.example:443: messages go to loopback and to the hosts in callback_hosts; "
        "to let it pass, add 'media.example' or 'media.example:443' to callback_hosts"
    )


@pytest.mark.parametrize(
    ("entry", "passes", "kept"),
    [
        ("media.example", ["http://media.example/", "https://MEDIA.example:8443/"], ["http://a.media.example/"]),
        ("Media.Example:443", ["https://media.example/"], ["http://media.example/", "https://media.example:444/"]),
        ("10.0.0.1", ["http://10.0.0.1:9/", "http://[::ffff:10.0.0.1]/", "http://[::ffff:a00:1]/"], ["http://10.0.0.2/"]),
        ("10.0.0.1:80", ["http://10.0.0.1/"], ["https://10.0.0.1/"]),
        ("fd00:0::1", ["http://[fd00::1]/", "http://[FD00:0:0::1]:9/"], ["http://[fd00::2]/"]),
        ("[fd00::1]:80", ["http://[fd00::1]/"], ["http://[fd00::1]:81/"]),
        ("::ffff:10.0.0.1", ["http://10.0.0.1/"], ["http://10.0.0.2/"]),
        ("169.254.169.254", ["http://169.254.169.254/"], ["http://169.254.170.2/"]),
    ],
)
def test_a_listed_host_is_allowed_exactly_and_with_a_port_on_that_port_only(
    entry: str, passes: list[str], kept: list[str]
) -> None:
    sender = Sender([entry])
    assert [sender.allowed(url) for url in passes] == [""] * len(passes)
    assert all(sender.allowed(url) for url in kept)


@pytest.mark.parametrize("entry", [UNSPECIFIED, "::", "224.0.0.1", "ff02::1", "0.1.2.3", "64:ff9b::", "2002:e000:1::"])
def test_an_unspecified_or_multicast_address_is_not_sent_to_even_when_listed(entry: str) -> None:
    host = f"[{entry}]" if ":" in entry else entry
    assert "unspecified or multicast" in Sender([entry]).allowed(f"http://{host}/")


NO_ENTRIES = """
    * *.example http://media.example media.example/ user@media.example media.example:0 media.example:65536 media.example:
    media.example. 010.0.0.1 2130706433 0x7f000001 127.0.0.0x1 [::1 fe80::1%lo 10.0.0.0/8 m\u00e9dia.example \u212aey.example
"""


@pytest.mark.parametrize("entry", ["", *NO_ENTRIES.split(), "a" * 64, "a." * 127 + "a"])
def test_an_entry_that_is_no_exact_host_is_refused_when_the_sender_is_made(entry: str) -> None:
    with pytest.raises(UsageError, match="allow names exact hosts or addresses"):
        Sender([entry])


def test_a_text_in_place_of_the_list_is_refused() -> None:
    with pytest.raises(UsageError, match=r"write \['media.example'\]"):
        Sender("media.example")


@pytest.mark.parametrize("timeout", [0, -1, 3601, float("inf"), float("nan")])
def test_a_timeout_that_is_no_time_or_longer_than_an_hour_is_refused(timeout: float) -> None:
    with pytest.raises(UsageError, match="more than 0 and at most 3600 seconds"):
        Sender(timeout=timeout)


DISGUISED = r"""
    2130706433 127.1 127.0.1 0177.0.0.1 0x7f.0.0.1 0x7f000001 0x7F.1 017700000001 127.0.0.01 0 0x 127.0.0.1. localhost. 127.0.0.1..
    127.0.0.256 127.0.0.0.1 1.2.3.4.5 .localhost a..localhost %6cocalhost 127.0.0.%31 127%2e0.0.1 [::1%25lo] [fe80::1%lo]
    [::ffff:0177.0.0.1] [127.0.0.1] [v1.a] [::1 ::1] [] :80 [::1]x x[::1] -.localhost a\.localhost a'b.localhost {localhost}
"""


@pytest.mark.parametrize("host", ["", *DISGUISED.split()])
def test_a_spelling_that_hides_an_address_is_refused_even_of_loopback(host: str) -> None:
    assert Sender().allowed(f"http://{host}/")
    assert not Sender().send(post(f"http://{host}/")).sent


@pytest.mark.parametrize("metadata", ["169.254.169.254", "fd00:ec2::254", "100.100.100.200"])
def test_a_listed_name_does_not_lead_to_a_clouds_credentials(metadata: str, names: dict[str, list[str]]) -> None:
    names["media.example"] = ["127.0.0.1", metadata]
    kept_back(Sender(["media.example"]).send(post("http://media.example/")), f"add '{metadata}' itself to callback_hosts")


@pytest.mark.parametrize(
    "carried", ["::ffff:169.254.169.254", "64:ff9b::a9fe:a9fe", "2002:a9fe:a9fe::1", "::a9fe:a9fe", "fd00:ec2::254%2"]
)
def test_credentials_are_recognised_inside_an_ipv6_address_and_beside_a_zone(carried: str, names: dict[str, list[str]]) -> None:
    names["media.example"] = [carried]
    kept_back(Sender(["media.example"]).send(post("http://media.example/")), "hand out credentials")


def test_a_teredo_address_is_judged_by_the_addresses_that_it_carries(names: dict[str, list[str]]) -> None:
    client = 0xA9FEA9FE ^ 0xFFFFFFFF
    names["media.example"] = [str(IPv6Address((0x20010000 << 96) | (0x0A000001 << 64) | client))]
    kept_back(Sender(["media.example"]).send(post("http://media.example/")), "hand out credentials")


def test_a_metadata_address_that_is_listed_itself_may_be_resolved_to(names: dict[str, list[str]]) -> None:
    from mockcloud.outbound.hosts import AllowList, read_place

    place = read_place("media.example", 80)
    AllowList(["media.example", "169.254.169.254:80"]).check_address(place, IPv4Address("169.254.169.254"))


@pytest.mark.parametrize("address", ["10.0.0.1", "::ffff:10.0.0.1", "169.254.169.254", UNSPECIFIED, "::2"])
@pytest.mark.parametrize("listed", [(), ("a.localhost",)])
def test_a_loopback_name_that_resolves_elsewhere_is_not_sent_to(
    address: str, listed: Sequence[str], names: dict[str, list[str]]
) -> None:
    names["a.localhost"] = ["127.0.0.1", address]
    kept_back(Sender(listed).send(post("http://a.localhost/")), "a loopback name has a loopback address")


@pytest.mark.parametrize("address", [UNSPECIFIED, "::", "224.0.0.1", "ff02::1%2"])
def test_a_listed_name_that_resolves_to_no_hosts_address_is_not_sent_to(address: str, names: dict[str, list[str]]) -> None:
    names["media.example"] = [address]
    kept_back(Sender(["media.example"]).send(post("http://media.example/")), "unspecified or multicast")


def test_a_name_is_resolved_once_and_the_checked_address_is_connected_to(names: dict[str, list[str]]) -> None:
    with receiver() as there:
        names["media.example"] = ["127.0.0.1"]
        outcome = Sender(["media.example"], PATIENT).send(post(there.url(host="Media.example")))
        assert (outcome.status, outcome.problem) == (204, "")
        assert names["asked"] == ["media.example"]
        assert f"Host: Media.example:{there.port}\r\n".encode() in there.seen[0]


def test_a_name_of_the_loopback_family_reaches_its_loopback_address(names: dict[str, list[str]]) -> None:
    names["a.localhost"] = ["::ffff:127.0.0.1"]
    with receiver() as there:
        assert Sender(timeout=PATIENT).send(post(there.url(host="a.localhost"))).status == 204


def test_an_address_where_nobody_listens_is_followed_by_the_next(names: dict[str, list[str]]) -> None:
    names["localhost"] = ["127.0.0.2", "127.0.0.1"]
    with receiver() as there:
        assert Sender(timeout=PATIENT).send(post(there.url(host="localhost"))).status == 204


def test_a_listed_name_may_lead_to_loopback(names: dict[str, list[str]]) -> None:
    names["media.example"] = ["::1", "127.0.0.1"]
    with receiver() as there:
        assert Sender(["media.example"], PATIENT).send(post(there.url(host="media.example"))).status == 204


def test_the_ipv6_loopback_is_reached() -> None:
    try:
        opened = receiver(host="::1")
        with opened as there:
            assert Sender(timeout=PATIENT).send(post(there.url(host="[::1]"))).status == 204
            assert f"Host: [::1]:{there.port}\r\n".encode() in there.seen[0]
    except OSError:
        pytest.skip("this machine has no IPv6")


def test_an_ipv4_mapped_loopback_reaches_the_ipv4_loopback() -> None:
    with receiver() as there:
        assert Sender(timeout=PATIENT).send(post(there.url(host="[::ffff:7f00:1]"))).status == 204


def test_a_name_that_does_not_resolve_is_a_problem(names: dict[str, list[str]]) -> None:
    kept_back(Sender().send(post("http://gone.localhost/")), "gone.localhost:80 does not resolve (Name or service not known)")


def test_a_name_without_an_address_is_a_problem(names: dict[str, list[str]]) -> None:
    names["none.localhost"] = []
    kept_back(Sender().send(post("http://none.localhost/")), "no address was found")


def test_a_resolver_that_cannot_encode_the_name_is_a_problem(monkeypatch: pytest.MonkeyPatch) -> None:
    def getaddrinfo(*_: object, **__: object) -> None:
        "\u00e9".encode("ascii")

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    kept_back(Sender().send(post("http://a.localhost/")), "does not resolve")


def test_a_resolution_that_hangs_ends_with_the_timeout(monkeypatch: pytest.MonkeyPatch) -> None:
    hanging = threading.Event()
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: hanging.wait(PATIENT) and [])
    try:
        kept_back(Sender(timeout=0.1).send(post("http://a.localhost/")), "not resolved within 0.1 s")
        assert not hanging.is_set()
    finally:
        hanging.set()


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_no_time_at_all_is_a_problem_too(scheme: str) -> None:
    kept_back(Sender(timeout=1e-9).send(post(f"{scheme}://127.0.0.1/")), "127.0.0.1")


# What is sent.


def test_the_message_on_the_wire_is_exactly_this() -> None:
    with receiver(OK) as there:
        headers = (("Content-Type", "application/json"), ("X-Two", "a b"), ("X-Two", ""))
        outcome = Sender(timeout=PATIENT).send(post(there.url("/a%2Fb?c=d//#e?f"), *headers, body=b"\x00\xff"))
        assert outcome == Outcome(True, 200, (("Content-Length", "2"),), b"ok", "")
        assert there.seen == [
            b"POST /a%2Fb?c=d// HTTP/1.1\r\n"
            b"Host: 127.0.0.1:" + str(there.port).encode() + b"\r\n"
            b"User-Agent: mockcloud\r\n"
            b"Content-Type: application/json\r\n"
            b"X-Two: a b\r\n"
            b"X-Two: \r\n"
            b"x-mockcloud-hop: 1\r\n"
            b"Content-Length: 2\r\n"
            b"Connection: close\r\n"
            b"\r\n"
            b"\x00\xff"
        ]


@pytest.mark.parametrize(
    ("rest", "target"), [("", b"/"), ("?a=b", b"/?a=b"), ("#f", b"/"), ("/#", b"/"), ("//x/../y", b"//x/../y")]
)
def test_the_target_is_the_urls_path_and_query_as_they_stand(rest: str, target: bytes) -> None:
    with receiver() as there:
        assert Sender(timeout=PATIENT).send(Outbound("GET", there.url(rest))).status == 204
        assert there.seen[0].startswith(b"GET " + target + b" HTTP/1.1\r\n")


def test_a_message_may_name_its_own_user_agent_once() -> None:
    with receiver() as there:
        Sender(timeout=PATIENT).send(post(there.url(), ("user-agent", "vendor/1")))
        assert there.seen[0].lower().count(b"user-agent:") == 1
        assert b"user-agent: vendor/1\r\n" in there.seen[0]


@pytest.mark.parametrize("name", ["Host", "content-length", "Transfer-Encoding", "CONNECTION", "Upgrade", "Expect"])
def test_a_header_of_the_connection_is_not_the_messages(name: str) -> None:
    with receiver() as there:
        kept_back(Sender().send(post(there.url(), (name, "1"))), f"the header {name} belongs to the connection", "leave it out")
        assert not there.seen


@pytest.mark.parametrize("name", ["", "a b", "a:", "a\r\nb", "a\n", "\u00e9", "\u017f\u0661"])
def test_a_header_name_that_is_no_word_is_not_sent(name: str) -> None:
    kept_back(Sender().send(post("http://localhost/", (name, "1"))), "is no word of ASCII letters")


@pytest.mark.parametrize(
    "value", ["secret\r\nX: y", "secret\n", "secret\r", "secret\x00", "secret\x7f", "secret\t", "secret\u00e9", "\udc80"]
)
def test_a_header_value_with_a_line_end_or_control_character_is_not_sent_and_not_shown(value: str) -> None:
    outcome = Sender().send(post("http://localhost/", ("X-Key", value)))
    kept_back(outcome, "the header X-Key holds")
    assert "secret" not in outcome.problem


@pytest.mark.parametrize("method", ["", "GET /", "GET\r\n", "G\u00c9T"])
def test_a_method_that_is_no_word_is_not_sent(method: str) -> None:
    kept_back(Sender().send(Outbound(method, "http://localhost/")), "write one word, such as POST")


@pytest.mark.parametrize(
    ("url", "word"),
    [
        ("", "write it whole"),
        ("localhost/secret", "write it whole"),
        ("//localhost/secret", "write it whole"),
        ("http:/localhost/secret", "write it whole"),
        ("ftp://localhost/secret", "'ftp'"),
        ("file:///secret", "'file'"),
        ("http+unix://localhost/secret", "'http+unix'"),
        ("http://user:secret@localhost/", "user information"),
        ("http://localhost@media.example/secret", "user information"),
        ("http://localhost\\@media.example/secret", "user information"),
        ("http://localhost:0/secret", "from 1 to 65535"),
        ("http://localhost:65536/secret", "from 1 to 65535"),
        ("http://localhost:99999999999999999999/secret", "is no host"),
        ("http://localhost:/secret", "is no host"),
        ("http://localhost:-1/secret", "is no host"),
        ("http://localhost:\u0661/secret", "visible ASCII"),
        ("http://localhost/secret a", "' ' at character 23"),
        ("http://localhost/secret\r\nX: y", "'\\r' at character 23"),
        ("http://localhost/secret\n", "'\\n'"),
        (" http://localhost/secret", "' ' at character 0"),
        ("http://local\thost/secret", "'\\t'"),
        ("http://localhost/secret\x1b[31m", "'\\x1b'"),
        ("http://localhost\u3002example/secret", "xn--"),
        ("http://\uff11\uff12\uff17.0.0.1/secret", "xn--"),
        ("http\u017f://localhost/secret", "visible ASCII"),
        ("http://\udc80/secret", "'\\udc80'"),
    ],
)
def test_a_url_that_two_readers_may_read_in_two_ways_is_not_sent_and_not_quoted_whole(url: str, word: str) -> None:
    outcome = Sender().send(post(url))
    kept_back(outcome, word)
    assert "secret" not in outcome.problem
    assert outcome.problem.isascii()
    assert outcome.problem.isprintable()
    assert Sender().allowed(url) == outcome.problem


def test_a_long_host_is_cut_in_the_sentence() -> None:
    assert len(Sender().allowed("http://" + "a" * 100_000 + "/")) < 400


@pytest.mark.parametrize(("given", "sent"), [((), "1"), (("1",), "1"), (("3",), "3")])
def test_a_message_says_how_many_mocks_it_came_through(given: tuple[str, ...], sent: str) -> None:
    with receiver() as there:
        Sender(timeout=PATIENT).send(post(there.url(), *(("X-MockCloud-Hop", hop) for hop in given)))
        assert there.seen[0].lower().count(HOP_HEADER.encode()) == 1
        assert f"{HOP_HEADER}: {sent}\r\n".encode() in there.seen[0]


@pytest.mark.parametrize(
    "given", [("4",), ("999999999",), ("0",), ("-1",), ("01",), ("a",), ("",), ("\u0661",), ("1" * 10,), ("1", "1")]
)
def test_a_message_through_more_than_3_mocks_or_with_no_number_of_them_is_not_sent(given: tuple[str, ...]) -> None:
    with receiver() as there:
        kept_back(Sender().send(post(there.url(), *((HOP_HEADER, hop) for hop in given))), HOP_HEADER)
        assert not there.seen


def test_the_environments_proxies_are_not_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    with receiver() as proxy, receiver() as there:
        for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
            monkeypatch.setenv(name, proxy.url())
        monkeypatch.delenv("no_proxy", raising=False)
        monkeypatch.delenv("NO_PROXY", raising=False)
        assert Sender(timeout=PATIENT).send(post(there.url())).status == 204
        assert not proxy.seen


def test_a_redirect_is_just_the_answer() -> None:
    with receiver() as second:
        moved = f"HTTP/1.1 307 Moved\r\nLocation: {second.url()}\r\nContent-Length: 0\r\n\r\n".encode()
        with receiver(moved) as first:
            outcome = Sender(timeout=PATIENT).send(post(first.url()))
        assert (outcome.sent, outcome.status, outcome.problem) == (True, 307, "")
        assert not second.seen


def test_a_cookie_is_not_kept() -> None:
    with receiver(b"HTTP/1.1 204 No Content\r\nSet-Cookie: a=b\r\n\r\n") as there:
        sender = Sender(timeout=PATIENT)
        assert sender.send(post(there.url())).headers == (("Set-Cookie", "a=b"),)
        sender.send(post(there.url()))
        assert b"cookie" not in there.seen[1].lower()


def test_a_compressed_answer_is_not_unpacked() -> None:
    packed = gzip.compress(b"\0" * 1_000_000)
    outcome = answered(b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: %d\r\n\r\n" % len(packed) + packed)
    assert outcome.body == packed


def test_a_sender_is_shared_between_threads() -> None:
    def echo(connection: socket.socket) -> None:
        last = there.seen[-1].partition(b"\r\n\r\n")[2]
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(last) + last)

    with receiver(echo) as there, ThreadPoolExecutor(8) as pool:
        sender = Sender(timeout=PATIENT)
        bodies = [str(number).encode() for number in range(40)]
        assert [one.body for one in pool.map(lambda body: sender.send(post(there.url(), body=body)), bodies)] == bodies


# What is answered.


@pytest.mark.parametrize(
    ("answer", "body"),
    [
        (b"HTTP/1.1 200 OK\r\n\r\nto the end", b"to the end"),
        (b"HTTP/1.0 200\r\n\r\n", b""),
        (b"HTTP/1.1 200 \r\nContent-Length: 3\r\n\r\nbody that goes on", b"bod"),
        (b"HTTP/1.1 200 OK\r\ncontent-length: 3\r\nContent-Length:\t3 \r\n\r\nbod", b"bod"),
        (
            b'HTTP/1.1 200 OK\r\nTransfer-Encoding: Chunked\r\n\r\n3\r\nabc\r\nA;x="y"\r\n0123456789\r\n0\r\n\r\n',
            b"abc0123456789",
        ),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n000\r\nTrailer: x\r\n\r\n", b""),
        (b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n" + OK, b"ok"),
    ],
)
def test_an_answers_body_is_read_as_its_head_frames_it(answer: bytes, body: bytes) -> None:
    outcome = answered(answer)
    assert (outcome.sent, outcome.status, outcome.body, outcome.problem) == (True, 200, body, "")


def test_an_answer_that_arrives_byte_by_byte_is_read_whole() -> None:
    def slowly(connection: socket.socket) -> None:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for byte in b"HTTP/1.1 200 OK\r\nA: b\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n":
            connection.sendall(bytes([byte]))

    outcome = answered(slowly)
    assert outcome == Outcome(True, 200, (("A", "b"), ("Transfer-Encoding", "chunked")), b"hello", "")


@pytest.mark.parametrize(
    ("method", "status"), [("HEAD", b"200 OK"), ("POST", b"204 No Content"), ("POST", b"304 Not Modified")], ids=str
)
def test_an_answer_without_a_body_is_not_waited_for(method: str, status: bytes) -> None:
    outcome = answered(b"HTTP/1.1 " + status + b"\r\nContent-Length: 9\r\n\r\n", method)
    assert (outcome.status, outcome.body, outcome.problem) == (int(status[:3]), b"", "")


LONG = b"x" * (ANSWER_LIMIT + 1)


@pytest.mark.parametrize(
    "answer",
    [
        b"HTTP/1.1 200 OK\r\nContent-Length: 999999999999999999\r\n\r\n" + LONG,
        b"HTTP/1.1 200 OK\r\n\r\n" + LONG,
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nfffffffffffffff\r\n" + LONG,
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + (b"8000\r\n" + b"x" * 0x8000 + b"\r\n") * 3,
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + (b"9000\r\n" + b"x" * 0x9000 + b"\r\n") * 2,
    ],
    ids=["length", "end", "one chunk", "even chunks", "odd chunks"],
)
def test_an_answer_over_64_KiB_is_cut_there_and_the_rest_ignored(answer: bytes) -> None:
    outcome = answered(answer)
    assert (outcome.status, len(outcome.body), outcome.problem) == (200, 65536, "")


@pytest.mark.parametrize("frame", [b"", b"Content-Length: 999999999999999999\r\n"], ids=["end", "length"])
def test_an_answer_without_end_is_left_at_64_KiB(frame: bytes) -> None:
    def endlessly(connection: socket.socket) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\n" + frame + b"\r\n")
        while not there.stopped.is_set():
            connection.sendall(b"x" * 10_000)

    with receiver(endlessly) as there:
        outcome = Sender(timeout=PATIENT).send(post(there.url()))
    assert (outcome.status, len(outcome.body), outcome.problem) == (200, 65536, "")


CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"


@pytest.mark.parametrize(
    ("answer", "status", "body", "found"),
    [
        (b"", 0, b"", "found the connection's end after ''"),
        (b"HTTP/1.1 200 OK\r\nA: b", 0, b"", "found the connection's end after 'A: b'"),
        (b"hello\r\n\r\n", 0, b"", "found 'hello', wanted a status line"),
        (b"\x1b[31m\r\n\r\n", 0, b"", "found '\\x1b[31m'"),
        (b"HTTP/2 200 OK\r\n\r\n", 0, b"", "wanted a status line"),
        (b"HTTP/1.1 999 OK\r\n\r\n", 0, b"", "wanted a status line"),
        (b"HTTP/1.1 200 OK\n\n", 0, b"", "ends with LF alone, wanted CR LF"),
        (b"HTTP/1.1 200 OK\r\nA: b\r\n folded\r\n\r\n", 0, b"", "found ' folded', wanted a header"),
        (b"HTTP/1.1 200 OK\r\nA : b\r\n\r\n", 0, b"", "wanted a header"),
        (b"HTTP/1.1 200 OK\r\nA: b\rc\r\n\r\n", 0, b"", "wanted a header"),
        (b"HTTP/1.1 200 OK\r\nA: " + b"b" * HEAD_LIMIT + b"\r\n\r\n", 0, b"", "more bytes in the head than are read"),
        (b"HTTP/1.1 200 OK\r\n" + b"A: b\r\n" * HEAD_LIMIT, 0, b"", "more bytes in the head than are read"),
        (b"HTTP/1.1 100 Continue\r\n\r\n" * HEAD_LIMIT, 0, b"", "more bytes in the head than are read"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nabc", 200, b"abc", "end 2 bytes too early"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n", 200, b"", "found the Content-Length '-1', wanted one number"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: \xb2\r\n\r\n", 200, b"", "wanted one number"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab", 200, b"", "wanted one number"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n", 200, b"", "not just 'chunked'"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Length: 2\r\n\r\nab", 200, b"", "Content-Length beside it"),
        (CHUNKED + b"3\r\nabc\r\n-1\r\n", 200, b"abc", "found '-1', wanted a chunk's size"),
        (CHUNKED + b"\r\n", 200, b"", "wanted a chunk's size"),
        (CHUNKED + b"3\r\nabcd\r\n0\r\n\r\n", 200, b"abc", "found a chunk that goes on after its size"),
        (CHUNKED + b"3\r\nab", 200, b"ab", "end 1 bytes too early"),
        (CHUNKED + b"3\r\nabc\r\n", 200, b"abc", "wanted the rest of a chunk"),
        (CHUNKED + b"1" * 1000, 200, b"", "more bytes in a chunk than are read"),
    ],
)
def test_a_malformed_answer_is_a_problem_beside_what_was_read(answer: bytes, status: int, body: bytes, found: str) -> None:
    outcome = answered(answer)
    assert (outcome.sent, outcome.status, outcome.body) == (True, status, body)
    assert found in outcome.problem
    assert outcome.problem.startswith("the answer of 127.0.0.1:")
    assert outcome.problem.endswith("; correct the receiver")
    assert outcome.problem.isascii()
    assert outcome.problem.isprintable()


# Time, and connections that break.


def test_nobody_listening_is_a_problem() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    kept_back(Sender(timeout=PATIENT).send(post(f"http://127.0.0.1:{port}/")), f"no connection to 127.0.0.1:{port}", "refused")


def test_a_receiver_that_never_answers_holds_nobody_longer_than_the_timeout() -> None:
    with receiver(lambda _: there.stopped.wait(PATIENT) and None) as there:
        outcome = Sender(timeout=SHORT).send(post(there.url()))
    assert outcome[:4] == (True, 0, (), b"")
    assert "found no whole head when the time was over" in outcome.problem


@pytest.mark.parametrize(
    ("first", "rest", "status"),
    [
        (b"", b"HTTP/1.1 200 OK\r\nA: " + b"b" * 400, 0),
        (b"HTTP/1.1 200 OK\r\n\r\n", b"b" * 400, 200),
        (CHUNKED, b"1\r\nb\r\n" * 80, 200),
    ],
    ids=["head", "end", "chunks"],
)
def test_a_receiver_that_dribbles_holds_nobody_longer_than_the_timeout(first: bytes, rest: bytes, status: int) -> None:
    dribbled = 0

    def dribble(connection: socket.socket) -> None:
        nonlocal dribbled
        connection.sendall(first)
        for byte in rest:
            connection.sendall(bytes([byte]))
            dribbled += 1
            there.stopped.wait(0.05)

    with receiver(dribble) as there:
        outcome = Sender(timeout=SHORT).send(post(there.url()))
        assert dribbled < len(rest) / 2
    assert (outcome.sent, outcome.status) == (True, status)
    assert "when the time was over" in outcome.problem
    assert len(outcome.body) < len(rest) / 2


def test_a_receiver_that_reads_nothing_holds_nobody_longer_than_the_timeout() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        outcome = Sender(timeout=SHORT).send(post(f"http://127.0.0.1:{silent.getsockname()[1]}/", body=b"x" * 50_000_000))
    kept_back(outcome, "could not be sent whole", "check the receiver")


def test_an_answer_before_the_whole_message_was_read_counts() -> None:
    with receiver(b"HTTP/1.1 413 Too Large\r\nContent-Length: 2\r\n\r\nno", reads_body=False) as there:
        outcome = Sender(timeout=PATIENT).send(post(there.url(), body=b"x" * 50_000_000))
    assert outcome == Outcome(True, 413, (("Content-Length", "2"),), b"no", "")


def reset(connection: socket.socket) -> None:
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.close()


@pytest.mark.parametrize(
    ("sent", "status", "body", "problem"),
    [
        (b"", 0, b"", "found no whole head when the connection broke"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nbody", 200, b"body", "found the head and 4 bytes of the body when"),
        (b"HTTP/1.1 200 OK\r\n\r\nbody", 200, b"body", ""),
    ],
)
def test_a_reset_breaks_an_answer_unless_the_connections_end_is_the_answers(
    sent: bytes, status: int, body: bytes, problem: str
) -> None:
    def send_and_reset(connection: socket.socket) -> None:
        connection.sendall(sent)
        reset(connection)

    outcome = answered(send_and_reset)
    assert outcome[1] == status
    assert outcome.body == body
    assert problem in outcome.problem
    assert bool(problem) == bool(outcome.problem)


# TLS.

AUTHORITY = """\
-----BEGIN CERTIFICATE-----
MIIBeTCCAR+gAwIBAgIBATAKBggqhkjOPQQDAjAjMSEwHwYDVQQDDBhtb2NrY2xv
dWQgdGVzdCBhdXRob3JpdHkwIBcNMjAwMTAxMDAwMDAwWhgPMjEyMDAxMDEwMDAw
MDBaMCMxITAfBgNVBAMMGG1vY2tjbG91ZCB0ZXN0IGF1dGhvcml0eTBZMBMGByqG
SM49AgEGCCqGSM49AwEHA0IABMLzzLAmgP1p3vwrItNHdm6qTk2aoEzaAWWtFFEm
IRtpiMsipVmfNPsJF+4CDdcY2SnQq7J3/ZmETAGaeAMYG0CjQjBAMA8GA1UdEwEB
/wQFMAMBAf8wDgYDVR0PAQH/BAQDAgIEMB0GA1UdDgQWBBRtFof6DasyX0egrvNZ
QYwJs8J8FzAKBggqhkjOPQQDAgNIADBFAiEAt/0c+UVMmoRuul3Ss4EvbDS9K1FY
n61Keypa8hG8X9UCIFgvktZMLg6xbgpaIe0kAgGfXBVg7Mbn/yL3M3irWqzu
-----END CERTIFICATE-----
"""
CERTIFICATE = """\
-----BEGIN CERTIFICATE-----
MIIBujCCAWGgAwIBAgIBAjAKBggqhkjOPQQDAjAjMSEwHwYDVQQDDBhtb2NrY2xv
dWQgdGVzdCBhdXRob3JpdHkwIBcNMjAwMTAxMDAwMDAwWhgPMjEyMDAxMDEwMDAw
MDBaMBQxEjAQBgNVBAMMCWxvY2FsaG9zdDBZMBMGByqGSM49AgEGCCqGSM49AwEH
A0IABLeII/5OM3y41tdGO0NrhjhAVr/WAAHh8LMyI7VIdKYU5VLiQxEryeCFIJgy
2pNIL2ohU+H4iMx5P3ek78ROA/yjgZIwgY8wDAYDVR0TAQH/BAIwADAOBgNVHQ8B
Af8EBAMCB4AwEwYDVR0lBAwwCgYIKwYBBQUHAwEwGgYDVR0RBBMwEYIJbG9jYWxo
b3N0hwR/AAABMB0GA1UdDgQWBBQrcg+8w41nkxYosflCARCyOqFo8zAfBgNVHSME
GDAWgBRtFof6DasyX0egrvNZQYwJs8J8FzAKBggqhkjOPQQDAgNHADBEAiAabno0
0BkwpC8h/YpaNnMQgcmyH2+m7mJIeD+ksFw9KAIgMApQlOlOaXzLyhcwwdqv3BEn
Pi2BgKrytgc5mi8ykII=
-----END CERTIFICATE-----
-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQg1ybD/SmmglRZ5C0Y
fjgSnGkz73D3bw0dMg2djH9bJ3ehRANCAAS3iCP+TjN8uNbXRjtDa4Y4QFa/1gAB
4fCzMiO1SHSmFOVS4kMRK8nghSCYMtqTSC9qIVPh+IjMeT93pO/ETgP8
-----END PRIVATE KEY-----
"""
"""Of localhost and 127.0.0.1, from 2020 to 2120, with a key that nobody else uses."""


@pytest.fixture
def authority(tmp_path: Path) -> Path:
    path = tmp_path / "authority.pem"
    path.write_text(AUTHORITY)
    return path


@pytest.fixture
def tls(tmp_path: Path) -> ssl.SSLContext:
    path = tmp_path / "certificate.pem"
    path.write_text(CERTIFICATE)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path)
    return context


@pytest.mark.parametrize(("host", "indicated"), [("LOCALHOST", "localhost"), ("127.0.0.1", None)])
def test_https_verifies_the_certificate_for_the_urls_host_and_names_it(
    host: str, indicated: str | None, tls: ssl.SSLContext, authority: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(authority))
    asked: list[str | None] = []
    tls.sni_callback = lambda _socket, name, _context: asked.append(name)
    with receiver(OK, context=tls) as there:
        outcome = Sender(timeout=PATIENT).send(post(there.url(host=host, scheme="https"), body=b"x" * 300_000))
        assert (outcome.status, outcome.body, outcome.problem) == (200, b"ok", "")
        assert len(there.seen[0]) > 300_000
    assert asked == [indicated]


def test_a_certificate_of_nobody_known_is_a_problem(tls: ssl.SSLContext) -> None:
    with receiver(OK, context=tls) as there:
        outcome = Sender(timeout=PATIENT).send(post(there.url(host="localhost", scheme="https")))
        assert not there.seen
    kept_back(outcome, "is not trusted", "SSL_CERT_FILE")


def test_a_certificate_of_another_host_is_a_problem(
    tls: ssl.SSLContext, authority: Path, names: dict[str, list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(authority))
    names["media.example"] = ["127.0.0.1"]
    with receiver(OK, context=tls) as there:
        outcome = Sender(["media.example"], PATIENT).send(post(there.url(host="media.example", scheme="https")))
        assert not there.seen
    kept_back(outcome, "Hostname mismatch")


def test_a_receiver_without_tls_is_a_problem() -> None:
    def plainly() -> None:
        connection, _ = listener.accept()
        with connection:
            connection.recv(65536)
            connection.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")

    with socket.create_server(("127.0.0.1", 0)) as listener, ThreadPoolExecutor(1) as pool:
        pool.submit(plainly)
        outcome = Sender(timeout=PATIENT).send(post(f"https://127.0.0.1:{listener.getsockname()[1]}/"))
    kept_back(outcome, "no TLS connection to 127.0.0.1:", "send to http://")


def test_a_handshake_that_hangs_ends_with_the_timeout() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        outcome = Sender(timeout=SHORT).send(post(f"https://127.0.0.1:{silent.getsockname()[1]}/"))
    kept_back(outcome, "no TLS connection to 127.0.0.1:")


# Of every URL.

urls = st.one_of(
    st.text(),
    st.builds("http://{}".format, st.text()),
    st.builds(
        "http://{}/{}".format, st.text("0123456789abcdefx.:[]%@\\-localhst\uff11\u3002\u2488", max_size=30), st.text(max_size=3)
    ),
)


@settings(deadline=None, database=None)
@given(urls)
@example("http://" + "1" * 10_000)
@example("http://[" + "1" * 10_000 + "]")
@example("http://localhost:" + "1" * 10_000)
def test_whether_a_url_is_allowed_is_said_of_every_text(url: str) -> None:
    problem = Sender().allowed(url)
    assert problem.isascii()
    assert problem.isprintable() or not problem


V4 = st.one_of(
    st.integers(0, 2**32 - 1).map(IPv4Address), st.sampled_from([UNSPECIFIED, "169.254.169.254", "128.0.0.1"]).map(IPv4Address)
)


def parts(address: IPv4Address, count: int) -> list[int]:
    """The address as inet_aton takes it: the last of the parts fills the rest."""
    octets = list(address.packed)
    return [*octets[: count - 1], int.from_bytes(bytes(octets[count - 1 :]), "big")]


@st.composite
def ipv4_spellings(draw: st.DrawFn) -> str:
    address = draw(V4.filter(lambda address: not address.is_loopback))
    number = st.sampled_from(["{}", "{:#o}", "0{:o}", "{:#x}", "{:#X}", "0x{:08x}", "{:03d}", "00{:o}"])
    aton = ".".join(draw(number).format(part) for part in parts(address, draw(st.integers(1, 4))))
    octets = address.packed.hex()
    forms = [
        str(address),
        aton,
        f"{aton}.",
        f"{address}.",
        str(address).replace(".", "%2e"),
        str(address).replace(".", "\u3002"),
        "".join(f"%{ord(letter):02x}" for letter in str(address)),
        str(address).translate({ord(str(digit)): 0xFF10 + digit for digit in range(10)}),
        f"[::ffff:{address}]",
        f"[::FFFF:{octets[:4]}:{octets[4:]}]",
        f"[0:0:0:0:0:ffff:{octets[:4]}:{octets[4:]}]",
        f"[64:ff9b::{address}]",
        f"[2002:{octets[:4]}:{octets[4:]}::1]",
        f"[::ffff:{address}%251]",
        f"[{address}]",
        f"127.0.0.1@{address}",
        f"localhost:80@{address}",
        f"127.0.0.1%40{address}",
        f"127.0.0.1%00.{address}",
        f"{address}\\@127.0.0.1",
        f"{address}\\.localhost",
    ]
    return draw(st.sampled_from(forms)) + draw(st.sampled_from(["", ":80", ":65535"]))


@st.composite
def ipv6_spellings(draw: st.DrawFn) -> str:
    address = draw(
        st.one_of(st.integers(0, 2**128 - 1), st.integers(2, 2**33), st.integers(0, 2**64).map(lambda low: (0xFE80 << 112) | low))
        .map(IPv6Address)
        .filter(lambda address: not address.is_loopback and (address.ipv4_mapped is None or not address.ipv4_mapped.is_loopback))
    )
    forms = [str(address), address.exploded, str(address).upper(), f"{address}%lo", f"{address}%25lo"]
    written = draw(st.sampled_from(forms))
    return draw(st.sampled_from([f"[{written}]", written, f"[{written}]:80", f"[::1]@[{written}]"]))


@settings(deadline=None, database=None, max_examples=500)
@given(
    st.one_of(ipv4_spellings(), ipv6_spellings()),
    st.sampled_from(["http", "HTTPS"]),
    st.sampled_from(["", "/", "/@127.0.0.1", "?@localhost", "#@localhost"]),
)
def test_no_spelling_of_an_address_that_is_not_loopback_is_allowed(host: str, scheme: str, rest: str) -> None:
    assert Sender().allowed(f"{scheme}://{host}{rest}")
