"""HTTP messages as text: logs, captures, files of REST clients, and what curl prints."""

from __future__ import annotations

import gzip
import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mockcloud.traffic import raw
from mockcloud.traffic.recorded import Recorded


def read(text: str | bytes, largest: int = 1 << 20) -> list[Recorded]:
    data = text if isinstance(text, bytes) else text.encode()
    return list(raw.read(io.BufferedReader(io.BytesIO(data)), "x.http", largest))


def sides(record: Recorded) -> tuple[bytes | None, bytes | None]:
    return record.request.body if record.request else None, record.response.body if record.response else None


PAIR = (
    "POST /a%2Fb?x=1 HTTP/1.1\n"
    "Host: api.example.com\n"
    "Content-Type: application/json\n"
    "Content-Length: 17\n"
    "\n"
    '{\n  "a": [1, 2]\n}\n'
    "\n"
    "HTTP/1.1 200 OK\n"
    "Content-Length: 2\n"
    "X: 1\n"
    "\n"
    "{}\n"
)
BODY = b'{\n  "a": [1, 2]\n}'


def test_a_response_right_after_a_request_belongs_to_it_and_their_lines_are_known() -> None:
    first, second = read(PAIR * 2)
    assert first.request is not None
    assert (first.request.method, first.request.target, first.request.host) == ("POST", "/a%2Fb?x=1", "api.example.com")
    assert first.request.headers[1] == ("Content-Type", "application/json")
    assert first.request.body == BODY
    assert first.response == (200, (("Content-Length", "2"), ("X", "1")), b"{}")
    assert (first.place.number, first.place.line, first.request_line, first.response_line) == (1, 1, 6, 14)
    assert (second.place.number, second.place.line, second.request_line, second.response_line) == (2, 15, 20, 28)


@pytest.mark.parametrize("length", ["16", "17", "18", "3", "0", "100", "100000", "-1", "x", None])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_length_that_an_editor_made_wrong_is_recognised(length: str | None, end: str) -> None:
    header = f"Content-Length: {length}\n" if length else ""
    text = PAIR.replace("Content-Length: 17\n", header).replace("\n", end)
    for whole in (text * 2, text[: text.index(f"{end}{end}HTTP")]):
        for record in read(whole):
            assert record.request is not None
            assert record.request.body.replace(b"\r\n", b"\n").rstrip() == BODY
            assert record.request_line == record.place.line + (5 if length else 4)
            assert not record.problem


def test_a_body_of_the_right_length_may_hold_what_looks_like_a_message() -> None:
    inner = "GET /inner HTTP/1.1\n\n### x\nHTTP/1.1 500 No\n"
    text = f"POST /a HTTP/1.1\nContent-Length: {len(inner)}\n\n{inner}\nGET /b HTTP/1.1\n\n"
    assert [sides(record) for record in read(text)] == [(inner.encode(), None), (b"", None)]
    wrong = read(text.replace(str(len(inner)), "5000"))
    assert [record.request.target for record in wrong if record.request] == ["/a", "/inner", "/b"]


def test_captured_messages_may_stand_on_one_line() -> None:
    text = "POST /a HTTP/1.1\r\nContent-Length: 2\r\n\r\n{}HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\n[1]GET /b HTTP/1.1\r\n\r\n"
    assert [sides(record) for record in read(text)] == [(b"{}", b"[1]"), (b"", None)]


def test_lines_that_are_none_of_a_message_are_one_problem_with_the_first_ones_line() -> None:
    text = f"Dear log,\nhere they are\n\n{PAIR}09:00 INFO done\n\n# a comment\n// another\n{PAIR}"
    strange, first, other, second = read(text)
    assert strange.problem == "holds 3 lines that are no HTTP message: 'Dear log,'"
    assert strange.place.line == 1
    assert other.problem == "holds 4 lines that are no HTTP message: '09:00 INFO done'"
    assert other.place.line == 18
    assert sides(first) == sides(second) == (BODY, b"{}")
    assert [record.place.number for record in (strange, first, other, second)] == [1, 2, 3, 4]
    assert read("\x1b[31m")[0].problem == r"holds a line that is no HTTP message: '\x1b[31m'"


def test_a_request_and_its_response_belong_together_over_what_a_log_says_between_them() -> None:
    said, pair = read("GET /a HTTP/1.1\nHost: h\n\n09:00 INFO waiting\nHTTP/1.1 100 Continue\n\nHTTP/1.1 204 No Content\n\n")
    assert "no HTTP message" in said.problem
    assert pair.request is not None
    assert pair.response is not None
    assert pair.response.status == 204


@pytest.mark.parametrize("method", ["GET", "DELETE", "HEAD"])
def test_what_follows_a_request_without_a_body_is_none_unless_its_headers_say_so(method: str) -> None:
    assert len(read(f"{method} /a HTTP/1.1\nHost: h\n\nstray\n")) == 2
    assert sides(read(f"{method} /a HTTP/1.1\nContent-Type: text/plain\n\nmeant\n")[0]) == (b"meant", None)


def test_responses_alone_and_requests_alone_are_records() -> None:
    records = read("HTTP/1.1 200 OK\n\na\n\nHTTP/2 404\n\nb\n\nGET /a HTTP/1.1\n\nGET /b HTTP/1.1\n\n")
    assert [(sides(record), record.place.line) for record in records] == [
        ((None, b"a"), 1),
        ((None, b"b"), 5),
        ((b"", None), 9),
        ((b"", None), 11),
    ]


def test_the_file_of_a_rest_client_is_read() -> None:
    text = (
        "@host = example.com\n\n### Create\n# @name create\nPOST https://api.example.com/v1/x?y=1#top\n"
        'Content-Type: application/json\n\n{"a": 1}\n\n### Look\n\nGET http://127.0.0.1:8080/v1/x/1 HTTP/1.1\nHost: api.example.com\n\n'
        "### From a file\nPOST https://api.example.com/\n\n< ./body.json\n"
    )
    first, second, third = read(text)
    assert first.request is not None
    assert (first.request.host, first.request.target, first.request.body, first.request_line) == (
        "api.example.com",
        "/v1/x?y=1",
        b'{"a": 1}',
        8,
    )
    assert second.request is not None
    assert (second.request.host, second.request.target) == ("api.example.com", "/v1/x/1")
    assert third.request_problem == "its body is in the file './body.json', which is not read"


CURL = """*   Trying 127.0.0.1:8080...
* Connected to 127.0.0.1 (127.0.0.1) port 8080 (#0)
> POST http://api.example.com/v1/x HTTP/1.1
> Host: api.example.com
* a remark
> User-Agent: curl/7.88.1
> Content-Length: 8
>
} [8 bytes data]
* upload completely sent off: 8 bytes
< HTTP/1.1 100 Continue
<
< HTTP/1.1 200 OK
< Content-Type: application/json
< Transfer-Encoding: chunked
<
{ [20 bytes data]
{"a": 1}* Connection #0 to host 127.0.0.1 left intact
* Connected again
> GET /v1/y HTTP/1.1
> Host: api.example.com
>
< HTTP/1.1 200 OK
<
{
* a remark
}
* Closing connection 0
"""


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_what_curl_prints_is_read_without_its_remarks(end: str) -> None:
    first, second = read(CURL.replace("\n", end))
    assert first.request is not None
    assert (first.request.target, first.request.host, first.request.header("user-agent")) == (
        "/v1/x",
        "api.example.com",
        "curl/7.88.1",
    )
    assert "the request had one of 8 bytes; curl -v, for one, prints no request bodies" in first.request_problem
    assert sides(first)[1] == b'{"a": 1}'
    assert (first.place.line, first.response_line) == (3, 18)
    assert sides(second)[1] == f"{{{end}}}".encode()
    assert second.response_line is None, "a remark stands within it"


def test_the_tunnel_that_curl_asks_a_proxy_for_has_no_host() -> None:
    tunnel, asked = read(
        "> CONNECT api.example.com:443 HTTP/1.1\n> Host: api.example.com:443\n>\n< HTTP/1.1 200 OK\n<\n> GET / HTTP/1.1\n> Host: api.example.com\n>\n"
    )
    assert tunnel.request is not None
    assert (tunnel.request.host, tunnel.request.target) == ("", "api.example.com:443")
    assert asked.request is not None
    assert asked.request.host == "api.example.com"


@pytest.mark.parametrize("end", ["\r\n", "\n"])
def test_chunks_are_joined_and_a_body_that_was_joined_already_is_taken_as_it_is(end: str) -> None:
    head = f"HTTP/1.1 200 OK{end}Transfer-Encoding: chunked{end}{end}"
    chunked = f"{head}5;x=y{end}hello{end}6{end} world{end}0{end}Trailer: 1{end}{end}"
    first, second = read(chunked + f"{head}hello world{end}")
    assert (sides(first)[1], first.response_line) == (b"hello world", None)
    assert (sides(second)[1], second.response_line) == (b"hello world", 14)
    for broken in (f"{head}5{end}hell{end}0{end}", f"{head}5{end}hello{end}"):
        assert read(broken)[0].response_problem == "its body is chunked, and its chunks are not of the sizes that they say"


def test_a_compressed_body_is_decoded_and_has_no_line() -> None:
    packed = gzip.compress(b"hello\n" * 9)
    text = b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: %d\r\n\r\n%s\r\nGET / HTTP/1.1\r\n\r\n" % (
        len(packed),
        packed,
    )
    first, second = read(text)
    assert (sides(first)[1], first.response_line) == (b"hello\n" * 9, None)
    assert second.request is not None
    assert "it is no gzip" in read(text.replace(packed, packed[:20] + b"\xff" + packed[21:]))[0].response_problem


def test_folded_headers_are_one_and_bytes_that_are_no_text_are_latin_1() -> None:
    (record,) = read(b"GET /\xff HTTP/1.1\nX: a\n  b\n\tc\nY: \xe8\xa7\x86\n\n")
    assert record.request is not None
    assert record.request.target == "/ÿ"
    assert record.request.headers == (("X", "a b c"), ("Y", "视"))


def test_a_head_that_cannot_be_read_is_a_problem_and_the_next_message_is_read() -> None:
    first, second = read("GET /a HTTP/1.1\nHost: h\nno header\n\nbody\nGET /b HTTP/1.1\n\n")
    assert first.problem == "cannot be read from line 3 on: 'no header' is no header"
    assert second.request is not None
    assert second.request.target == "/b"
    first, second = read("GET /a HTTP/1.1\n" + f"X: {'y' * 1000}\n" * 2000 + "GET /b HTTP/1.1\n")
    assert "the headers are larger than 1048576 bytes" in first.problem
    assert second.request is not None


@pytest.mark.parametrize(
    "slow",
    [
        f"X: {' ' * 60_000}x\n" * 15,
        f"> GET / HTTP/1.1\n>\n{'* Connection #' * 4000}\rx\n" * 15,
        "GET /" + "x" * 60_000 + " HTTP/\n",
        ("a" * 32 + " ") * 2000,
        "X: y\n" + " z\n" * 100_000,
        "POST / HTTP/1.1\nTransfer-Encoding: chunked\n\n" + "1\nx\n" * 20_000,
        "POST / HTTP/1.1\nContent-Length: 60000\n\n" * 1000,
    ],
)
def test_time_is_linear_in_what_is_made_to_be_slow(slow: str) -> None:
    assert read("GET / HTTP/1.1\n" + slow)


def test_a_message_may_end_with_its_head_and_with_the_next_ones_beginning() -> None:
    assert [record.request.target for record in read("GET /a HTTP/1.1\nGET /b HTTP/1.1\nHost: h") if record.request] == [
        "/a",
        "/b",
    ]


def test_a_body_above_the_limit_is_a_problem_and_the_next_message_is_read() -> None:
    for head in ("Content-Length: 300000\n", "", "Transfer-Encoding: chunked\n"):
        for body in ("x" * 300_000, "x\n" * 2000):
            first, second = read(f"POST /a HTTP/1.1\n{head}\n{body}\nGET /b HTTP/1.1\n\n", 1000)
            assert first.request_problem == "its body is larger than 1000 bytes or 1000000 lines: it was passed over"
            assert sides(first) == (b"", None)
            assert second.request is not None


def test_a_body_of_too_many_lines_is_a_problem(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mockcloud.traffic.lines.MOST", 10)
    for length in ("Content-Length: 30\n", ""):
        first, second = read(f"POST /a HTTP/1.1\n{length}\n{'x' * 4}{chr(10) * 40}\nGET /b HTTP/1.1\n\n")
        assert "or 1000000 lines" in first.request_problem
        assert second.request is not None


def test_blank_lines_above_a_body_are_none_of_it() -> None:
    (record,) = read("POST /a HTTP/1.1\nHost: h\n\n\n\n<?xml version='1.0'?>\n<a/>\n\n")
    assert sides(record) == (b"<?xml version='1.0'?>\n<a/>", None)
    assert record.request_line == 6


def test_a_response_to_HEAD_lacks_nothing_and_one_to_GET_does() -> None:
    for method, said in (("HEAD", ""), ("GET", "the recording has no body: the response had one of 9 bytes")):
        (record,) = read(f"{method} / HTTP/1.1\n\nHTTP/1.1 200 OK\nContent-Length: 9\n\n")
        assert record.response_problem == said


HEADS = st.sampled_from(["", "X: 1\n", "Content-Type: text/plain\n", "Transfer-Encoding: chunked\n"])
BODIES = st.text(alphabet='ab{}":\n #*><', max_size=30)


@given(
    st.lists(st.tuples(st.sampled_from(["GET", "POST"]), HEADS, BODIES, HEADS, BODIES), min_size=1, max_size=4),
    st.sampled_from(["\n", "\r\n"]),
)
@settings(deadline=None)
def test_every_exchange_that_is_written_by_the_book_is_read_as_it_was_written(
    exchanges: list[tuple[str, str, str, str, str]], end: str
) -> None:
    text, wanted = "", []
    for method, head, asked, other, answered in exchanges:
        for start, more, body in ((f"{method} /x HTTP/1.1", head, asked), ("HTTP/1.1 200 OK", other, answered)):
            length = f"Content-Length: {len(body)}\n" if "chunked" not in more else ""
            chunks = f"{len(body):x}\r\n{body}\r\n0\r\n\r\n" if body else "0\r\n\r\n"
            text += f"{start}\n{more}{length}\n".replace("\n", end) + (body if length else chunks)
        wanted.append((asked.encode(), answered.encode()))
    # In a chunk a line may look like the border of a client's file; by the book none of these holds one.
    if "###" not in text:
        assert [sides(record) for record in read(text)] == wanted


@given(
    st.lists(
        st.sampled_from(
            [
                "GET / HTTP/1.1\n",
                "POST http://h/ HTTP/1.1\r\n",
                "HTTP/1.1 200 OK\n",
                "Content-Length: 4\n",
                "Content-Length: 99999999\n",
                "Transfer-Encoding: chunked\n",
                "\n",
                "5\nhello\n",
                "0\n",
                "### x\n",
                "> GET / HTTP/1.1\n",
                "> \n",
                "< HTTP/1.1 101 X\n",
                "* x\n",
                "{}",
                "\xff",
                "<a/>\n",
                " ",
            ]
        ),
        max_size=25,
    )
)
@settings(deadline=None)
def test_no_line_is_lost_in_silence(parts: list[str]) -> None:
    records = read("".join(parts))
    starts = sum(1 for part in parts if "HTTP/1.1" in part)
    assert records or not starts
    lines = [record.place.line for record in records]
    assert [record.place.number for record in records] == list(range(1, len(lines) + 1))
    for record in records:
        assert record.problem or record.request or record.response
