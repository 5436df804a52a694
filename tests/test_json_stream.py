"""The elements of an array in a JSON document of any size."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mockcloud.traffic.json_stream import DEPTH, Element, elements

PATH = ("log", "entries")
NASTY = st.text(alphabet='"\\{}[],: \n\té€😀a', max_size=12)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | NASTY,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(NASTY, inner, max_size=4),
    max_leaves=20,
)
DOCUMENTS = st.tuples(st.lists(VALUES, max_size=5), VALUES, VALUES, st.sampled_from([None, 0, 2]), st.booleans())


def document(drawn: tuple[Any, ...]) -> tuple[bytes, list[Any]]:
    found, before, after, indent, plain = drawn
    whole = {"x": before, "log": {"entries_": before, "entries": found, "z": after}, "y": [after]}
    return json.dumps(whole, indent=indent, ensure_ascii=plain).encode("utf-8"), found


def read(data: bytes, chunk: int = 1 << 18, largest: int = 1 << 20, path: tuple[str, ...] = PATH) -> list[Element]:
    return list(elements(io.BytesIO(data), [path], largest, chunk))


@given(DOCUMENTS)
@settings(max_examples=25, deadline=None)
def test_every_element_is_what_a_parser_of_the_whole_finds_at_every_chunk_size(drawn: tuple[Any, ...]) -> None:
    data, wanted = document(drawn)
    once = read(data)
    assert [json.loads(element.data) for element in once] == wanted
    for chunk in {*range(1, 40), len(data) // 2 + 1, len(data)}:
        assert read(data, chunk) == once, chunk


@given(
    st.lists(st.tuples(VALUES, st.sampled_from(["", " ", "\n", "\r\n", " \n\n "])), min_size=1, max_size=6), st.integers(1, 30)
)
def test_each_element_has_the_line_on_which_it_begins(parts: list[tuple[Any, str]], chunk: int) -> None:
    text, lines = '{"log":\n{"entries": [', []
    for value, blank in parts:
        text += blank
        lines.append(text.count("\n") + 1)
        text += json.dumps(value, indent=1) + blank + ","
    assert [element.line for element in read((text[:-1] + "]}}").encode(), chunk)] == lines


@given(DOCUMENTS, st.data())
@settings(deadline=None)
def test_a_document_that_is_cut_off_anywhere_gives_what_is_whole_and_then_says_so(
    drawn: tuple[Any, ...], data: st.DataObject
) -> None:
    whole, _ = document(drawn)
    cut = data.draw(st.integers(0, len(whole) - 1))
    *found, last = read(whole[:cut], data.draw(st.integers(1, 50)))
    assert "cut off" in last.problem
    assert last.line == whole[:cut].count(b"\n") + 1
    once = read(whole)
    assert len(found) <= len(once)
    # A number that is cut off is a number all the same.
    assert [one.data for one in found[:-1]] == [one.data for one in once[: max(len(found) - 1, 0)]]


@given(st.binary(max_size=60) | st.text(alphabet='{}[]":,\\ \nlogentris0', max_size=80).map(str.encode), st.integers(1, 20))
@settings(deadline=None)
def test_whatever_the_bytes_are_the_chunk_size_does_not_matter_and_the_end_is_said(noise: bytes, chunk: int) -> None:
    for data in (noise, b'{"log": {"entries": [' + noise, b'{"log": {"entries": [' + noise + b"]}}"):
        found = read(data, chunk)
        assert found == read(data)
        assert all(bool(element.data) != bool(element.problem) for element in found)
        try:
            whole = json.loads(data)
        except (ValueError, RecursionError):
            continue
        if isinstance(whole, dict) and isinstance(whole.get("log"), dict) and isinstance(whole["log"].get("entries"), list):
            assert not [element for element in found if element.problem]


def test_an_element_above_the_limit_is_skipped_and_said_and_those_after_it_are_given() -> None:
    data = b'{"log": {"entries": ["a",\n"' + b"x" * 5000 + b'", {"b": [' + b"1," * 3000 + b'1]},\n"c"]}}'
    assert read(data, chunk=64, largest=1000) == [
        Element(1, b'"a"'),
        Element(2, b"", "is larger than 1000 bytes: it was skipped"),
        Element(2, b"", "is larger than 1000 bytes: it was skipped"),
        Element(3, b'"c"'),
    ]


class Endless:
    """An array whose one element never ends, for as many bytes as a file may have."""

    def __init__(self, size: int) -> None:
        self.left, self.asked = size, 0

    def read1(self, size: int, /) -> bytes:
        head, self.asked = (b'{"log": {"entries": ["' if not self.asked else b""), self.asked + size
        self.left -= size
        return head + b"x" * size if self.left > 0 else b""


def test_an_element_of_128_megabytes_is_not_held_in_memory() -> None:
    import tracemalloc

    tracemalloc.start()
    try:
        (last,) = elements(Endless(1 << 27), [PATH], largest=1 << 20)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert "cut off" in last.problem
    assert peak < 8 << 20


@pytest.mark.parametrize(
    ("data", "line", "said"),
    [
        (b"", 1, "line 1, column 1 on: the document is cut off"),
        (b'{"log": {"entries": [1 2]}}', 1, "line 1, column 24 on: a comma or ] is expected"),
        (b'{"log": {"entries": [1,]}}', 1, "line 1, column 24 on: a value is expected"),
        (b'{"log": {"entries": [{"a": [}]}}', 1, "line 1, column 29 on: } closes what it did not open"),
        (b'{"log":\n {"entries" [1]}}', 2, "line 2, column 13 on: a colon is expected"),
        (b'{"log": {entries: [1]}}', 1, "line 1, column 10 on: a member's name is expected"),
        (b'{"log": {"entries": [1]}}\n\n x', 3, "line 3, column 2 on: there is something after the end"),
        (b'{"log": {"entries": ["a\\', 1, "the document is cut off"),
        (b'{"log": {"entries": [' + b"[" * (DEPTH + 1), 1, f"there are more than {DEPTH} levels of brackets"),
    ],
)
def test_the_first_mistake_is_said_with_line_and_column(data: bytes, line: int, said: str) -> None:
    for chunk in (1, 7, 1000):
        last = read(data, chunk)[-1]
        assert last.line == line
        assert said in last.problem


@pytest.mark.parametrize(
    "data", [b"{}", b"[]", b"1", b'{"log": {}}', b'{"log": [1]}', b'{"log": {"entries": {}}}', b'{"entries": [1]}']
)
def test_a_document_without_the_array_is_said_to_hold_none(data: bytes) -> None:
    assert read(data) == [Element(1, b"", "holds no array at log.entries")]


def test_an_empty_array_gives_nothing_and_an_outermost_one_is_found() -> None:
    assert read(b'{"log": {"entries": [ ]}, "a": {}}') == []
    assert read(b" [1, [2]]", path=()) == [Element(1, b"1"), Element(1, b"[2]")]
    assert read(b"{}", path=()) == [Element(1, b"", "holds no array at the outside")]


@pytest.mark.parametrize("unit", [b"[", b'{"a":', b'"', b"\\", b"[{", b'{"a":[', b"[]", b'"\\"'])
def test_time_is_linear_in_what_is_made_to_be_slow(unit: bytes) -> None:
    data = b'{"log": {"entries": [' + unit * 200_000
    assert read(data, largest=1 << 24)[-1].problem
