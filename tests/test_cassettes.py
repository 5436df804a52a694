"""Cassettes of the VCR libraries, and the exchanges in them."""

from __future__ import annotations

import gzip
import io
import json
import sys
import zlib
from base64 import b64encode
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mockcloud.errors import MissingExtra
from mockcloud.traffic import cassette, content, yaml_stream
from mockcloud.traffic.exchange import recorded
from mockcloud.traffic.recorded import Place, Recorded

BODY = b'{"a": "\xe8\xa7\x86"}'


def read(text: str | bytes, largest: int = 1 << 20) -> list[Recorded]:
    data = text if isinstance(text, bytes) else text.encode()
    return list(cassette.read(io.BufferedReader(io.BytesIO(data)), "x.yaml", largest))


VCRPY = """
interactions:
- request:
    body: '{"a": "视"}'
    headers: {Host: [api.example.com], Content-Type: [application/json]}
    method: POST
    uri: http://127.0.0.1:8080/v1/a%2Fb?x=1#top
  response:
    body: {string: '{"a": "视"}'}
    headers: {X: ['1', '2']}
    status: {code: 201, message: Created}
version: 1
"""
VCRPY_PYTHON_2 = """
interactions:
- request:
    body: !!python/unicode '{"a": "视"}'
    headers: {Content-Type: [application/json]}
    method: !!python/unicode 'POST'
    uri: !!python/unicode 'https://api.example.com/v1/a%2Fb?x=1'
  response:
    body: {string: !!binary eyJhIjogIuinhiJ9}
    headers: {X: ['1', '2']}
    status: {code: 201, message: !!python/unicode 'Created'}
version: 1
"""
VCRPY_HTTPX = """
interactions:
- request: {body: '{"a": "视"}', headers: {content-type: [application/json]}, method: POST, uri: 'https://api.example.com/v1/a%2Fb?x=1'}
  response: {content: '{"a": "视"}', headers: {X: ['1', '2']}, http_version: HTTP/1.1, status_code: 201}
version: 1
"""
RUBY_VCR = """
---
http_interactions:
- request:
    method: post
    uri: https://api.example.com/v1/a%2Fb?x=1
    body: {encoding: UTF-8, string: '{"a": "视"}'}
    headers: {Content-Type: [application/json]}
  response:
    status: {code: 201, message: Created}
    headers: {X: ['1', '2']}
    body:
      encoding: ASCII-8BIT
      string: !binary |-
        eyJhIjogIuinhiJ9
  recorded_at: Thu, 01 Jan 2026 00:00:00 GMT
recorded_with: VCR 6.3.1
"""
BETAMAX = json.dumps(
    {
        "http_interactions": [
            {
                "request": {
                    "body": {"encoding": "utf-8", "string": '{"a": "视"}'},
                    "headers": {"Content-Type": ["application/json"]},
                    "method": "POST",
                    "uri": "https://api.example.com/v1/a%2Fb?x=1",
                },
                "response": {
                    "body": {"encoding": None, "base64_string": b64encode(BODY).decode()},
                    "headers": {"X": ["1", "2"]},
                    "status": {"code": 201, "message": "Created"},
                    "url": "https://api.example.com/v1/a",
                },
                "recorded_at": "2026-11-29T09:01:39",
            }
        ],
        "recorded_with": "betamax/0.9.0",
    }
)
PHP_VCR = """
-
    request:
        method: POST
        url: 'https://api.example.com/v1/a%2Fb?x=1'
        headers:
            Host: api.example.com
            Content-Type: application/json
        body: '{"a": "视"}'
    response:
        status:
            http_version: '1.1'
            code: '201'
            message: Created
        headers: {X: ['1', '2']}
        body: '{"a": "视"}'
    index: 0
"""
PHP_VCR_OLD = json.dumps(
    [
        {
            "request": {"method": "POST", "url": "https://api.example.com/v1/a%2Fb?x=1", "headers": {}, "body": BODY.decode()},
            "response": {"status": "HTTP/1.1 201 Created", "headers": {"X": ["1", "2"]}, "body": BODY.decode()},
        }
    ]
)
GO_VCR = """
---
version: 2
interactions:
    - id: 0
      request:
        proto: HTTP/1.1
        proto_major: 1
        content_length: 12
        host: api.example.com
        body: '{"a": "视"}'
        form: {}
        headers:
            Content-Type:
                - application/json
        url: https://api.example.com/v1/a%2Fb?x=1
        method: POST
      response:
        proto: HTTP/2.0
        content_length: 12
        uncompressed: false
        body: '{"a": "视"}'
        headers:
            X: ['1', '2']
        status: 201 Created
        code: 201
        duration: 7.8ms
"""
SCHEMATHESIS = """
command: 'st run openapi.yaml'
recorded_with: 'Schemathesis 4.32.5'
seed: 1
http_interactions:
- id: 'DTo9GA'
  status: 'FAILURE'
  checks:
    - name: 'not_a_server_error'
      status: 'SUCCESS'
      message: ~

  request:
    uri: 'https://api.example.com/v1/a%2Fb?x=1'
    method: 'POST'
    headers:
      "Content-Type":
      - "application/json"

    body:
      encoding: 'utf-8'
      base64_string: 'eyJhIjogIuinhiJ9'

  response:
    status:
      code: '201'
      message: "Created"
    elapsed: '0.001983'
    headers:
      "X":
      - "1"
      - "2"

    body:
      encoding: 'utf-8'
      string: "{\\"a\\": \\"视\\"}"
    http_version: '1.1'
"""
OURS = json.dumps(
    {
        "says": "x",
        "request": {
            "method": "POST",
            "target": "/v1/a%2Fb?x=1",
            "host": "api.example.com",
            "headers": [["Content-Type", "application/json"]],
            "body": BODY.decode(),
        },
        "response": {"status": 201, "headers": {"X": ["1", "2"]}, "body_base64": b64encode(BODY).decode()},
    },
    indent=1,
)
FLAVOURS = {name: text for name, text in globals().items() if name.isupper() and isinstance(text, str) and "request" in text}


@pytest.mark.parametrize("flavour", FLAVOURS)
def test_one_exchange_is_the_same_in_the_words_of_every_recorder(flavour: str) -> None:
    (found,) = read(FLAVOURS[flavour])
    assert not found.problem
    assert found.request is not None
    assert found.response is not None
    assert (found.request.method.upper(), found.request.host, found.request.target, found.request.body) == (
        "POST",
        "api.example.com",
        "/v1/a%2Fb?x=1",
        BODY,
    )
    assert found.response == (201, (("X", "1"), ("X", "2")), BODY)
    assert (
        found.place.line
        == next(
            number
            for number, line in enumerate(FLAVOURS[flavour].splitlines(), 1)
            if "request" in line or line.startswith(("- id", "    - id", "{"))
        )
        or flavour == "PHP_VCR"
    )
    assert found.request_line is None


def test_each_interaction_has_its_number_and_its_line_in_YAML_and_in_JSON() -> None:
    item = "- request: {method: GET, uri: 'http://h/'}\n\n"
    assert [(one.place.number, one.place.line) for one in read("interactions:\n" + item * 3)] == [(1, 2), (2, 4), (3, 6)]
    entry = {"request": {"method": "GET", "uri": "http://h/"}}
    assert [one.place.line for one in read(json.dumps({"interactions": [entry] * 2}, indent=1))] == [3, 9]


def exchange(request: Any = None, response: Any = None, **more: Any) -> Recorded:
    return recorded(
        {"request": {"method": "POST", "uri": "http://h/", **(request or {})}, "response": response, **more}, Place("x"), "HINT"
    )


@pytest.mark.parametrize(
    "fields", [{"form": {"a": ["1", "2"], "b c": ["&"]}}, {"body": "", "post_fields": {"a": ["1", "2"], "b c": "&"}}]
)
def test_a_form_is_rebuilt_of_its_fields(fields: Any) -> None:
    assert exchange(fields).request.body == b"a=1&a=2&b+c=%26"  # type: ignore[union-attr]  # it has one


@pytest.mark.parametrize(
    ("body", "wanted"),
    [
        (None, b""),
        ("", b""),
        ({}, b""),
        ({"string": ""}, b""),
        ({"encoding": "utf-8", "base64_string": ""}, b""),
        ({"string": "视", "encoding": "GBK"}, "视".encode("gbk")),
        ({"string": "视", "encoding": 7}, "视".encode()),
        ({"string": b"\xff"}, b"\xff"),
        ({"base64": "/w==\n"}, b"\xff"),
        (b"\xff", b"\xff"),
    ],
)
def test_a_body_may_be_written_in_many_ways(body: Any, wanted: bytes) -> None:
    found = exchange({"body": body})
    assert found.request is not None
    assert found.request.body == wanted


@pytest.mark.parametrize("coding", ["gzip", "x-gzip", "deflate", "raw deflate", "gzip, deflate", "identity"])
def test_a_compressed_body_is_decoded_and_its_headers_are_corrected(coding: str) -> None:
    raw = zlib.compressobj(wbits=-15)
    packed = {
        "identity": BODY,
        "gzip": gzip.compress(BODY),
        "x-gzip": gzip.compress(BODY),
        "deflate": zlib.compress(BODY),
        "raw deflate": raw.compress(BODY) + raw.flush(),
        "gzip, deflate": zlib.compress(gzip.compress(BODY)),
    }[coding]
    headers = {"Content-Encoding": [coding.removeprefix("raw ")], "Content-Length": [str(len(packed))], "X": ["1"]}
    found = exchange({}, {"status": 200, "headers": headers, "body": {"base64_string": b64encode(packed).decode()}})
    assert found.response == (200, (("Content-Length", str(len(BODY))), ("X", "1")), BODY)


def response_with(coding: str, body: bytes) -> Recorded:
    return exchange({}, {"status": 200, "headers": {"Content-Encoding": coding}, "body": body})


def test_a_body_that_the_recorder_decoded_and_left_its_header_is_taken_as_it_is() -> None:
    for coding in ("gzip", "deflate"):
        assert response_with(coding, BODY).response == (200, (), BODY)
    assert response_with("gzip", b"").response == (200, (), b"")


@pytest.mark.parametrize(
    ("coding", "body", "said"),
    [
        ("gzip", b"\xff\x00", "it is no gzip, though its Content-Encoding says so"),
        (
            "gzip",
            gzip.compress(bytes(range(256)), mtime=0)[:-9],
            "it is no gzip, though its Content-Encoding says so: it is cut off",
        ),
        ("deflate", b"\xff\x00", "it is no deflate"),
        ("gzip, gzip, gzip, gzip, gzip", b"1", "it has more than 4 content encodings"),
        ("aws-chunked", b"1", "its content encoding 'aws-chunked' is not known; known are gzip, x-gzip, deflate, br, zstd"),
    ],
)
def test_a_body_that_cannot_be_decoded_is_a_problem_of_its_side(coding: str, body: bytes, said: str) -> None:
    found = response_with(coding, body)
    assert found.request is not None
    assert not found.request_problem
    assert said in found.response_problem


def test_a_body_that_unpacks_to_more_than_the_limit_is_a_problem(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(content, "LARGEST", 1000)
    for coding, packed in (("gzip", gzip.compress(bytes(1001))), ("deflate", zlib.compress(bytes(1001)))):
        assert "it unpacks to more than 1000 bytes" in response_with(coding, packed).response_problem
    assert response_with("gzip", gzip.compress(bytes(1000))).response == (200, (), bytes(1000))


class Copier:
    """A decompressor that gives each byte a hundred times, and is done after a dot."""

    def __init__(self) -> None:
        self.done = False

    def process(self, data: bytes) -> bytes:
        self.done = data.endswith(b".")
        return data * 100

    def is_finished(self) -> bool:
        return self.done


def test_brotli_and_zstandard_are_decoded_with_the_packages_that_are_there(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("brotli", "brotlicffi", "zstandard"):
        monkeypatch.setitem(sys.modules, name, None)
    assert "it is packed as br, which needs a package: pip install brotli" in response_with("br", b"\x00").response_problem
    assert "it is packed as zstd, which needs a package: pip install zstandard" in response_with("zstd", b"\x00").response_problem
    monkeypatch.setitem(sys.modules, "brotlicffi", SimpleNamespace(Decompressor=Copier))
    stream = SimpleNamespace(stream_reader=io.BytesIO)
    monkeypatch.setitem(sys.modules, "zstandard", SimpleNamespace(ZstdDecompressor=lambda: stream))
    assert response_with("br", b"a.").response == (200, (), b"a." * 100)
    assert "it is no br, though its Content-Encoding says so: it is cut off" in response_with("br", b"\xff").response_problem
    assert response_with("zstd", b"ab").response == (200, (), b"ab")
    monkeypatch.setattr(content, "LARGEST", 1000)
    assert "it unpacks to more than 1000 bytes" in response_with("br", b"abcdefghijkl.").response_problem
    assert "it unpacks to more than 1000 bytes" in response_with("zstd", b"a" * 1001).response_problem


def test_a_body_whose_length_is_known_and_that_is_not_there_was_not_recorded() -> None:
    found = exchange(
        {"headers": {"Content-Length": 5}}, {"status": 200, "headers": {"Content-Length": ["3"]}, "body": {"string": ""}}
    )
    assert found.request_problem == "the recording has no body: the request had one of 5 bytes; HINT"
    assert found.response_problem == "the recording has no body: the response had one of 3 bytes; HINT"


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ("text", "is no exchange: found a text, wanted an object with request and response"),
        ({"a": 1}, "is no exchange: found an object"),
        ({"request": {"uri": "http://h/", "method": "G T"}}, "the request's method is 'G T'"),
        ({"request": {"uri": "http://h/", "method": ["GET"]}}, "the request's method is"),
        ({"request": {"method": "GET"}}, "the request has no address: wanted a text uri, url or target, found nothing"),
        ({"request": {"url": 5}}, "the request has no address: wanted a text uri, url or target, found a number"),
        ({"request": {"url": "/"}, "response": 7}, "the response is a number"),
        ({"request": True, "response": {"status": 200}}, "the request is a boolean"),
        ({"request": {"url": "/", "headers": {"a": {}}}}, "a header of the request is an object, wanted a text"),
        ({"request": {"url": "/", "headers": [["a"]]}}, "a header is a list, wanted a pair of texts"),
        ({"request": {"url": "/", "body": 7}}, "the body of the request is a number, wanted a text"),
        ({"request": {"url": "/", "body": {"x": 1}}}, "the body of the request is an object, wanted a text"),
        ({"request": {"url": "/", "body": {"string": 7}}}, "the string of the request's body is a number"),
        ({"request": {"url": "/", "body": {"base64_string": "*"}}}, "the body of the request is said to be base64 and is not"),
        ({"request": {"url": "/", "body_base64": 7}}, "the body of the request is said to be base64 and is not"),
        ({"request": {"url": "/", "form": [1]}}, "the form of the request is a list, wanted an object"),
        ({"response": {"status": "OK"}}, "the response has no status"),
        ({"response": {"code": 7}}, "the response has no status"),
        ({"response": {"code": "099"}}, "the response has no status"),
    ],
)
def test_what_is_no_exchange_is_a_problem_that_says_what_was_found(data: Any, said: str) -> None:
    assert said in recorded(data, Place("x")).problem


def test_bytes_and_nothing_are_headers_too_and_a_path_alone_has_no_host() -> None:
    found = exchange({"uri": "/a#b", "headers": {"a": b"\xff", "b": None, "c": 1}, "host": "named"}, operation="p.Op")
    assert found.request is not None
    assert found.request.headers == (("a", "ÿ"), ("b", ""), ("c", "1"))
    assert (found.request.host, found.request.target, found.operation) == ("named", "/a", "p.Op")
    assert found.response is None
    assert exchange({}, operation=7).operation == ""


# YAML ----------------------------------------------------------------------------------------------------------------

GOOD = "- request: {method: GET, uri: 'http://h/'}\n"


@pytest.mark.parametrize(
    ("item", "said"),
    [
        (
            "- !!python/object/apply:os.system ['true']\n",
            "the tag 'tag:yaml.org,2002:python/object/apply:os.system' on line 2 builds an object",
        ),
        ("- request: {body: !!python/object/new:_io.BytesIO [x]}\n", "python/object/new:_io.BytesIO' on line 2 builds an object"),
        ("- !ruby/object:VCR::HTTPInteraction {request: 1}\n", "the tag '!ruby/object:VCR::HTTPInteraction' on line 2"),
        ("- request: !!python/name:os.system ''\n", "builds an object"),
        ("- request: {method: POST, uri: x, body: !!binary '*'}\n", "what is tagged as binary on line 2 is no base64"),
        ("- &a [*a]\n", "*a on line 2 stands for nothing that is complete before it"),
        ("- *" + "b" * 50 + "\n", f"*{'b' * 40}... on line 2 stands for nothing"),
        ("- {? [x] : 1, ? {y: 1} : 2}\n", "is no exchange: found an object"),
        ("- 7\n", "is no exchange: found a text"),
        ("- ~\n", "is no exchange: found nothing"),
    ],
)
def test_an_interaction_that_is_not_safe_or_none_is_a_problem_and_the_next_is_read(item: str, said: str) -> None:
    first, second = read("interactions:\n" + item + GOOD)
    assert said in first.problem
    assert second.request is not None


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("- [1\n- }", "is no YAML from line 2 on: "),
        ("a: b: c", "is no YAML from line 1 on: mapping values are not allowed"),
        ("a: b\nc: \x01", "is no YAML from line "),
        (b"a: \xff\xff", "is no YAML from line 1 on: inval"),
        ('- "\\UFFFFFFFF"', "is no YAML from line 1 on: "),
        ("a: " + "[" * 20_000, "is nested deeper than 64"),
        ("- " * 20_000, "is nested deeper than 64"),
        ("a: " + "{a: " * 70, "is nested deeper than 64"),
        ("openapi: 3.0.0", "is no exchange: found an object"),
        ("interactions: ~", "is no exchange: found an object"),
        ("text", "is no exchange: found a text"),
    ],
)
@pytest.mark.parametrize("loader", ["CSafeLoader", "SafeLoader"])
def test_what_is_no_cassette_ends_with_a_problem(
    text: str | bytes, said: str, loader: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    import yaml

    monkeypatch.setattr(yaml, "CSafeLoader", getattr(yaml, loader))
    assert said in read(text)[-1].problem


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("- " + "x" * 200_000, "is larger than 2000 bytes: it was not read on"),
        ("- [" + "xxxx, " * 1000 + "]", "an item is larger than 2000 bytes"),
        ("".join(f"- &a{number} {'x' * 300}\n" for number in range(9)), "anchors keep more than 2000 bytes"),
    ],
)
def test_what_is_larger_than_the_limit_is_not_read_on(text: str, said: str) -> None:
    assert read(text, 2000)[-1].problem == said


def test_a_bomb_of_aliases_is_as_large_as_its_text() -> None:
    lines = ["a0: &a0 [lol, lol, lol]"] + [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 50)}]" for n in range(1, 40)]
    (found,) = read("\n".join([*lines, "request: {method: GET, uri: 'http://h/', headers: {x: *a39}, body: *a39}"]))
    assert found.problem == "a header of the request is a list, wanted a text"


def test_an_alias_is_the_value_that_it_stands_for_also_of_an_earlier_interaction() -> None:
    text = "interactions:\n- request: {method: GET, uri: 'http://h/', headers: &h {A: [b]}}\n- request: {method: GET, uri: 'http://h/', headers: *h}\n"
    assert [one.request.headers for one in read(text) if one.request] == [(("A", "b"),)] * 2


def test_too_many_values_are_a_problem(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(yaml_stream, "NODES", 100)
    assert read("- [" + "a, " * 200 + "]")[0].problem == "there are more than 100 values in one item"


def test_documents_after_one_another_are_all_read_and_an_empty_list_is_no_problem() -> None:
    assert len(read("---\ninteractions:\n" + GOOD + "---\n" + GOOD)) == 2
    assert read("interactions: []\n[1]: 2\n") == []
    assert read("") == []


def test_texts_are_what_is_written_and_only_a_plain_null_is_none() -> None:
    text = "- {a: 010, b: yes, c: 2026-01-01, d: 'null', e: null, f: '', g: ~, h: !!str , i: !!int '7', ? [k] : x}"
    (item,) = yaml_stream.items(io.BytesIO(text.encode()), ())
    assert item.data == {"a": "010", "b": "yes", "c": "2026-01-01", "d": "null", "e": None, "f": "", "g": None, "h": "", "i": "7"}


def test_without_pyyaml_the_extra_is_named_and_JSON_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "yaml", None)
    with pytest.raises(MissingExtra, match=r"reading YAML needs the extra \[yaml\]: pip install 'mockcloud\[yaml\]'"):
        read(VCRPY)
    assert read(BETAMAX)[0].request is not None


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('{"interactions": [{"request": {"method": "GET", "uri": "http://h/"}}, {"a" 1}]}', "is no JSON at line 1, column"),
        ('{"interactions": 7}', "holds no array at the outside or http_interactions or interactions"),
        ('{"request": {"method": "GET"', "is no JSON at line 1"),
        ('{"request": "' + "x" * 2000 + '"}', "is larger than 1000 bytes"),
        ("[[1, 2], ", "is no exchange: found a list"),
    ],
)
def test_JSON_that_is_no_cassette_ends_with_a_problem(text: str, said: str) -> None:
    assert said in " ".join(one.problem for one in read(text, 1000))


def test_too_many_values_in_one_JSON_interaction_are_a_problem(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mockcloud.traffic.json_text.VALUES", 10)
    assert read("[[" + "1," * 20 + "1]]")[0].problem == "has more than 10 values"


PLAIN = st.recursive(
    st.none() | st.text(alphabet="abc: -#'\"\n\t视{}[]&*!", max_size=12) | st.binary(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(alphabet="ab: 视", max_size=4), inner, max_size=3),
    max_leaves=12,
)


@given(st.lists(PLAIN, min_size=1, max_size=4), st.booleans())
@settings(deadline=None)
def test_every_item_is_what_pyyaml_makes_of_the_whole(items: list[Any], flow: bool) -> None:
    import yaml

    text = yaml.safe_dump({"interactions": items}, default_flow_style=flow, allow_unicode=True)
    found = list(yaml_stream.items(io.BytesIO(text.encode()), ("interactions",)))
    assert [item.data for item in found] == yaml.safe_load(text)["interactions"]
    starts = [item.line for item in found]
    assert starts == sorted(starts)
