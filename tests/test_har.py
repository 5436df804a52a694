"""HTTP archives of browsers, proxies and test tools."""

from __future__ import annotations

import io
import json
from base64 import b64encode
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockcloud.traffic import har
from mockcloud.traffic.har import HINT
from mockcloud.traffic.recorded import Recorded


def read(*entries: Any, largest: int = 1 << 20) -> list[Recorded]:
    data = json.dumps({"log": {"version": "1.2", "entries": list(entries)}}, indent=1).encode()
    return list(har.read(io.BufferedReader(io.BytesIO(data)), "x.har", largest))


def one(request: dict[str, Any] | None = None, response: Any = None, **entry: Any) -> Recorded:
    asked = {"method": "GET", "url": "https://api.example.com/a", "headers": [], **(request or {})}
    (found,) = read({"request": asked, "response": response, **entry})
    assert not found.problem
    return found


def posted(data: Any, **more: Any) -> Recorded:
    return one({"method": "POST", "postData": data, **more})


def answered(content: Any, **more: Any) -> Recorded:
    return one({}, {"status": 200, "headers": [], "content": content, **more})


@pytest.mark.parametrize(
    ("url", "host", "target"),
    [
        ("https://api.example.com/a%2Fb?x=%20&y=1+2#top", "api.example.com", "/a%2Fb?x=%20&y=1+2"),
        ("http://api.example.com:8080", "api.example.com:8080", "/"),
        ("HTTPS://API.example.com?q=1", "API.example.com", "/?q=1"),
        ("https://name:word@api.example.com/a//b/../c", "api.example.com", "/a//b/../c"),
        ("https://[::1]:81/a?b#c?d", "[::1]:81", "/a?b"),
        ("wss://live.example.com/socket", "live.example.com", "/socket"),
        ("data:image/png;base64,AAAA", "", "data:image/png;base64,AAAA"),
        ("blob:https://example.com/1-2", "", "blob:https://example.com/1-2"),
        ("file:///etc/hosts", "", "file:///etc/hosts"),
        ("chrome-extension://abc/page.html", "", "chrome-extension://abc/page.html"),
        ("about:blank", "", "about:blank"),
    ],
)
def test_host_and_target_are_those_of_the_url_and_nothing_is_decoded(url: str, host: str, target: str) -> None:
    request = one({"url": url}).request
    assert request is not None
    assert (request.host, request.target) == (host, target)


def test_an_address_of_data_is_cut_to_200_characters() -> None:
    request = one({"url": "data:," + "x" * 10_000}).request
    assert request is not None
    assert len(request.target) == 200


@pytest.mark.parametrize(
    ("headers", "host"),
    [
        ([{"name": "Host", "value": "vendor.example.com"}], "vendor.example.com"),
        ([{"name": ":authority", "value": "h2.example.com"}, {"name": ":method", "value": "GET"}], "h2.example.com"),
        ([], "127.0.0.1:8080"),
    ],
)
def test_the_host_is_the_one_that_was_asked_for_and_pseudo_headers_are_dropped(headers: list[Any], host: str) -> None:
    request = one({"url": "http://127.0.0.1:8080/a", "headers": headers}).request
    assert request is not None
    assert request.host == host
    assert not [name for name, _ in request.headers if name.startswith(":")]


def test_a_body_is_the_text_in_UTF_8_or_in_the_charset_that_the_type_names() -> None:
    text = "<a>视频</a>"
    for kind, body in (
        ("text/xml", text.encode()),
        ("text/xml; charset=GBK", text.encode("gbk")),
        ('text/xml; charset="gb18030"; x=1', text.encode("gb18030")),
        ("text/xml; charset=latin-1", text.encode()),
        ("text/xml; charset=nonsense", text.encode()),
        ("text/xml; charset=base64", text.encode()),
    ):
        found = posted({"mimeType": kind, "text": text})
        assert found.request is not None
        assert found.request.body == body, kind
        response = answered({"mimeType": kind, "text": text, "size": 1}).response
        assert response is not None
        assert response.body == body


def test_a_lone_half_of_a_character_becomes_bytes_and_no_error() -> None:
    (found,) = har.read(
        io.BufferedReader(
            io.BytesIO(rb'{"log":{"entries":[{"request":{"method":"POST","url":"https://h/","postData":{"text":"\ud83d"}}}]}}')
        ),
        "x",
    )
    assert found.request is not None
    assert found.request.body == b"\xed\xa0\xbd"


def test_what_is_said_to_be_base64_is_decoded_and_what_is_not_base64_is_a_problem() -> None:
    response = answered({"text": b64encode(b"\x89PNG").decode(), "encoding": "base64"}).response
    assert response is not None
    assert response.body == b"\x89PNG"
    (found,) = read(
        {
            "request": {"method": "GET", "url": "https://h/"},
            "response": {"status": 200, "content": {"text": "***", "encoding": "base64"}},
        }
    )
    assert found.problem == "the body of the response is said to be base64 and is not"


def test_a_form_is_rebuilt_of_its_fields_where_there_is_no_text() -> None:
    params = [{"name": "a b", "value": "1&2"}, {"name": "视", "value": ""}, "?"]
    found = posted({"mimeType": "application/x-www-form-urlencoded; charset=UTF-8", "params": params})
    assert found.request is not None
    assert found.request.body == b"a+b=1%262&%E8%A7%86="
    assert not found.request_problem


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (
            {"mimeType": "multipart/form-data; boundary=x", "params": [{"name": "a"}]},
            "has the request's parts, and not its body of 'multipart/form-data; boundary=x'",
        ),
        ({"mimeType": "x", "_file": "f00.bin"}, "the request's is in the file 'f00.bin' beside it"),
    ],
)
def test_a_request_whose_body_is_elsewhere_is_a_problem_of_that_side_alone(data: Any, said: str) -> None:
    found = posted(data)
    assert said in found.request_problem
    assert HINT in found.request_problem
    assert not found.response_problem


def test_a_body_that_has_a_size_and_no_text_was_not_saved() -> None:
    found = one(
        {"method": "POST", "bodySize": 12, "headers": []},
        {"status": 200, "headers": [], "content": {"size": 532, "mimeType": "application/json"}},
    )
    assert found.request_problem == f"the recording has no body: the request had one of 12 bytes; {HINT}"
    assert found.response_problem == f"the recording has no body: the response had one of 532 bytes; {HINT}"
    by_header = one({"method": "POST", "bodySize": -1, "headers": [{"name": "content-length", "value": "7"}]})
    assert "one of 7 bytes" in by_header.request_problem


@pytest.mark.parametrize(
    ("method", "response"),
    [
        ("HEAD", {"status": 200, "headers": [{"name": "Content-Length", "value": "10"}], "content": {"size": 0}}),
        ("GET", {"status": 304, "headers": [{"name": "Content-Length", "value": "10"}], "content": {"size": 10}}),
        ("GET", {"status": 204, "headers": [], "content": {"size": -1}}),
        ("GET", {"status": 200, "headers": [], "content": {"size": 0, "text": ""}}),
        ("GET", {"status": 200}),
    ],
)
def test_a_response_that_has_no_body_lacks_none(method: str, response: Any) -> None:
    found = one({"method": method}, response)
    assert found.response is not None
    assert not found.response_problem


@pytest.mark.parametrize(
    "response", [None, {}, {"status": 0, "_error": "net::ERR_ABORTED"}, {"status": -1}, {"status": True}, {"status": "200"}, [1]]
)
def test_an_aborted_request_has_no_response(response: Any) -> None:
    found = one({}, response)
    assert found.request is not None
    assert found.response is None
    assert not found.response_problem


def test_a_body_that_firefox_cut_says_so_and_a_comment_alone_does_not() -> None:
    assert answered({"text": "abc", "comment": "Truncated"}).response_problem == "the recording's body is cut: 'Truncated'"
    assert not answered({"text": "abc", "comment": "lovely"}).response_problem
    assert "the response's is in the file 'x.json' beside it" in answered({"_file": "x.json", "size": 3}).response_problem


def test_messages_of_a_websocket_are_said() -> None:
    found = one(
        {"url": "wss://h/"},
        {"status": 101, "headers": [], "content": {"size": 0}},
        _webSocketMessages=[{"type": "send", "data": "x"}] * 3,
    )
    assert found.response_problem == "it opened a WebSocket with 3 messages, which no contract describes"


def test_a_content_encoding_is_undone_already_and_its_headers_are_corrected() -> None:
    headers = [
        {"name": "Content-Encoding", "value": "br"},
        {"name": "content-length", "value": "999"},
        {"name": "X", "value": "1"},
    ]
    response = answered({"text": "hello", "size": 5}, headers=headers).response
    assert response is not None
    assert response.headers == (("content-length", "5"), ("X", "1"))
    assert response.body == b"hello"


def test_where_no_headers_were_saved_the_type_of_the_content_is_known() -> None:
    found = posted({"mimeType": "application/json", "text": "{}"})
    assert found.request is not None
    assert found.request.headers == (("Content-Type", "application/json"),)
    assert answered({"mimeType": "x-unknown", "text": "{}"}).response.headers == ()  # type: ignore[union-attr]  # it has one


def test_each_entry_has_its_number_and_its_line() -> None:
    entry = {"request": {"method": "GET", "url": "https://h/"}}
    assert [(found.place.number, found.place.line) for found in read(entry, entry, entry)] == [(1, 5), (2, 11), (3, 17)]


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        (1, "the entry is a number without a request"),
        (None, "the entry is nothing without a request"),
        ({"request": []}, "the entry is an object without a request"),
        ({"request": {"url": "https://h/"}}, "the entry's request has no method or no url"),
        ({"request": {"method": "GET", "url": 1}}, "the entry's request has no method or no url"),
        ({"request": {"method": "GET", "url": "https://h/", "headers": [1]}}, "a header is a number, wanted a pair of texts"),
        (
            {"request": {"method": "GET", "url": "https://h/", "headers": [{"name": "a", "value": {}}]}},
            "a header of the request is an object, wanted a text",
        ),
        (
            {"request": {"method": "GET", "url": "https://h/", "headers": {"a": ["1"] * 10_001}}},
            "the request has more than 10000 headers",
        ),
    ],
)
def test_an_entry_of_another_form_is_a_problem_and_the_next_is_read(entry: Any, said: str) -> None:
    first, second = read(entry, {"request": {"method": "GET", "url": "https://h/"}})
    assert said in first.problem
    assert second.request is not None


def test_an_entry_that_is_no_JSON_is_a_problem_with_its_line_and_the_next_is_read() -> None:
    good = b'{"request": {"method": "GET", "url": "https://h/"}}'
    for bad, said in (
        (b'{\n"a" 1}', "is no JSON at line 3, column 5: Expecting ':' delimiter"),
        (b'"\n\xff"', "is not UTF-8 on line 3"),
        (b"[" * 300 + b"]" * 300, "the entry is a list without a request"),
        (b"1" * 5000, "is no JSON: Exceeds the limit"),
    ):
        data = b'{"log": {"entries": [\n' + bad + b",\n" + good + b"]}}"
        first, second = har.read(io.BufferedReader(io.BytesIO(data)), "x")
        assert said in first.problem
        assert second.request is not None


def test_an_entry_above_the_limit_is_a_problem_and_the_next_is_read() -> None:
    request = {"method": "GET", "url": "https://h/"}
    first, second = read({"request": request, "x": "y" * 2000}, {"request": request}, largest=1000)
    assert first.problem == "is larger than 1000 bytes: it was skipped"
    assert second.request is not None


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 700) | st.text(max_size=6),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=2),
    max_leaves=6,
)
MEMBERS = [
    "method",
    "url",
    "headers",
    "postData",
    "bodySize",
    "mimeType",
    "text",
    "params",
    "encoding",
    "_file",
    "status",
    "content",
    "size",
    "comment",
    "name",
    "value",
]


def objects(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.dictionaries(st.sampled_from(MEMBERS), inner, max_size=6)


PARTS = objects(JSON | objects(JSON) | st.lists(objects(JSON), max_size=2))


@given(PARTS, PARTS, JSON)
def test_an_entry_of_any_form_is_one_value(request: Any, response: Any, spoken: Any) -> None:
    entry = {
        "request": {"method": "GET", "url": "https://h/", **request},
        "response": {"status": 200, **response},
        "_webSocketMessages": spoken,
    }
    (found,) = read(entry)
    assert (found.request is None) == bool(found.problem)
