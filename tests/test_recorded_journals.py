"""JSON Lines and bodies that stand alone."""

from __future__ import annotations

import io
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from mockcloud import Request
from mockcloud.contracts.meta import schema
from mockcloud.messages import Response
from mockcloud.state.journal import Exchange
from mockcloud.traffic import body, journal
from mockcloud.traffic.recorded import Place, Recorded

TEXTS = st.text(max_size=20)
PAIRS = st.lists(
    st.tuples(st.text(alphabet="abcXYZ-", min_size=1, max_size=8), st.text(alphabet="abc 1视", max_size=8)), max_size=4
).map(tuple)
REQUESTS = st.builds(
    Request,
    st.sampled_from(["GET", "POST", "PATCH"]),
    st.text(alphabet="abc/%?=&", max_size=10).map("/{}".format),
    st.sampled_from(["h", "h:80"]),
    PAIRS,
    st.binary(max_size=20),
)
RESPONSES = st.builds(Response, st.integers(100, 999), PAIRS, st.binary(max_size=20))


def read(data: bytes, largest: int = 1 << 20) -> list[Recorded]:
    return list(journal.read(io.BytesIO(data), "x.jsonl", largest))


EXCHANGES = st.tuples(st.floats(0, 1e9), st.just("p"), st.sampled_from(["", "p.Op"]), REQUESTS, RESPONSES).map(
    lambda parts: Exchange(*parts)
)


@given(st.lists(EXCHANGES, max_size=4))
def test_what_a_journal_writes_is_what_is_read(exchanges: list[Exchange]) -> None:
    validator = Draft202012Validator(schema("outputs/journal"))
    lines = [exchange.as_line() for exchange in exchanges]
    for line in lines:
        validator.validate(json.loads(line))
    found = read("\n".join(lines).encode())
    assert [(one.request, one.response, one.operation) for one in found] == [
        (one.request, one.response, one.operation) for one in exchanges
    ]
    assert [one.place for one in found] == [Place("x.jsonl", number, number) for number in range(1, len(found) + 1)]


def test_a_target_of_a_proxys_client_is_kept_as_it_stood() -> None:
    exchange = Exchange(1.0, "p", "p.Op", Request("GET", "http://h/a", "h"), Response(200))
    assert read(exchange.as_line().encode())[0].request == exchange.request


LINE = Exchange(1.0, "p", "p.Op", Request("GET", "/", "h"), Response(200)).as_line().encode()


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (b"xyz", "is no JSON at line 3, column 1: Expecting value"),
        (LINE[:-5], "is no JSON at line 3, column"),
        (b"\xff", "is not UTF-8 on line 3"),
        (b"[" * 9000, "is nested too deep"),
        (b"1" * 5000, "is no JSON: Exceeds the limit"),
        (b" " * 20_000 + b"{}", "the line is longer than 10000 bytes: it was passed over"),
        (
            LINE.replace(b"journal/1", b"journal/2"),
            "the line is of the format 'mockcloud.journal/2', wanted mockcloud.journal/1. Did you mean 'mockcloud.journal/1'?",
        ),
        (
            LINE.replace(b"journal/1", b"coverage/1"),
            "the line is of the format 'mockcloud.coverage/1', wanted mockcloud.journal/1.",
        ),
        (b'{"format": "mockcloud.journal/1"}', "is no exchange: found an object, wanted an object with request and response"),
        (LINE.replace(b'"GET"', b"7"), "the request's method is 7"),
        (LINE.replace(b"200", b'"x"'), "the response has no status"),
    ],
)
def test_a_line_that_cannot_be_read_is_a_problem_with_its_line_and_the_others_are_read(line: bytes, said: str) -> None:
    first, second, third = read(LINE + b"\n\n" + line + b"\r\n" + LINE, 10_000)
    assert second.problem.startswith(said)
    assert (second.place.number, second.place.line) == (2, 3)
    assert first.request is not None
    assert third.request == first.request
    assert third.place == Place("x.jsonl", 3, 4)


def test_a_last_line_that_is_too_long_and_has_no_end_is_a_problem() -> None:
    assert [one.problem for one in read(b"x" * 5000, 1000)] == ["the line is longer than 1000 bytes: it was passed over"]


def test_lines_that_are_no_exchanges_are_bodies_each_with_its_line() -> None:
    found = read(b'{"a": 1}\n \n[1]\n"x"\n{"format": "other", "b": 2}\n')
    assert [(one.body, one.place.line) for one in found] == [
        (b'{"a": 1}', 1),
        (b"[1]", 3),
        (b'"x"', 4),
        (b'{"format": "other", "b": 2}', 5),
    ]


def test_an_exchange_of_another_tool_is_an_exchange() -> None:
    (found,) = read(b'{"request": {"method": "GET", "url": "https://h/a"}, "response": {"status": 200, "headers": {"A": "b"}}}')
    assert found.request == Request("GET", "/a", "h")
    assert found.response == Response(200, (("A", "b"),))


def bodies(data: bytes, largest: int = 1 << 20) -> list[Recorded]:
    return list(body.read(io.BufferedReader(io.BytesIO(data)), "x", largest))


@pytest.mark.parametrize(
    "data", [b'{\n "a": 1\n}\n', b"\n <a/>\n", b"[1,\n{}]\n", b'{"a": 1}\n', b'{"a": 1}\nxx', b'{"a":\n{"b": 1}}', b"\xff"]
)
def test_a_body_is_handed_on_as_it_stands(data: bytes) -> None:
    assert [(one.body, one.place) for one in bodies(data)] == [(data, Place("x"))]


def test_the_line_feed_at_the_end_of_a_forms_file_is_none_of_its_last_value() -> None:
    assert [one.body for one in bodies(b"Action=X&A=1\r\n")] == [b"Action=X&A=1"]


def test_JSON_lines_that_are_taken_for_JSON_are_each_a_body() -> None:
    assert [one.body for one in bodies(b'{"a": 1}\n{"b": 2}\n')] == [b'{"a": 1}', b'{"b": 2}']
    assert [one.body for one in bodies(b"{" * 100_000 + b"\n{}")] == [b"{" * 100_000 + b"\n{}"]


def test_blanks_and_what_is_too_large_are_problems() -> None:
    assert [one.problem for one in bodies(b" \n\n")] == ["holds nothing but blanks"]
    assert "is larger than 100 bytes, which no body is" in bodies(b"x" * 101, 100)[0].problem
