"""Where a value stands in a text: found again for every value of every document."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote_plus
from xml.sax.saxutils import escape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockcloud.traffic.locating import SHOWN, Span, excerpt, in_form, in_json, in_xml

NAMES = st.text(st.characters(blacklist_characters="/", blacklist_categories=["Cs"]), max_size=5)
TREES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(st.characters(blacklist_categories=["Cs"])),
    lambda below: st.lists(below, max_size=4) | st.dictionaries(NAMES, below, max_size=4),
    max_leaves=12,
)


def pointers(value: Any, at: str = "") -> Iterator[tuple[str, Any]]:
    yield at, value
    members = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for name, member in members:
        yield from pointers(member, f"{at}/{name}")


@given(TREES, st.sampled_from([None, 2, "\t"]), st.booleans())
def test_every_value_of_every_json_text_is_found_at_its_pointer(tree: Any, indent: Any, ascii_only: bool) -> None:
    text = f" \n{json.dumps(tree, indent=indent, ensure_ascii=ascii_only)}\n"
    for where, value in pointers(tree):
        span = in_json(text, where)
        assert json.loads(text[slice(*span)]) == value


@pytest.mark.parametrize("where", ["/target/missing", "/target/missing/below"])
def test_a_member_that_is_missing_from_json_is_shown_by_the_brace_of_its_object(where: str) -> None:
    text = '{"source": {}, "target": {"a": 1}}'
    span = in_json(text, where)
    assert text[span.start :] == '{"a": 1}}'
    assert span.end == span.start + 1


ELEMENTS = st.recursive(
    st.text(st.characters(blacklist_categories=["Cs", "Cc"]), min_size=1).filter(str.strip),
    lambda below: st.lists(st.tuples(st.sampled_from("abc"), below), min_size=1, max_size=5),
    max_leaves=12,
)


def written(value: Any) -> str:
    return escape(value) if isinstance(value, str) else "".join(f"<{n} x='1'>{written(v)}</{n}><e/>" for n, v in value)


def paths(value: Any, at: str = "") -> Iterator[tuple[str, str]]:
    if isinstance(value, str):
        yield at, escape(value)
        return
    names = [name for name, _ in value]
    for place, (name, below) in enumerate(value):
        number = f"[{names[: place + 1].count(name)}]" if names.count(name) > 1 else ""
        yield from paths(below, f"{at}/{name}{number}")


@given(ELEMENTS.filter(lambda found: isinstance(found, list)))
def test_every_text_of_every_xml_document_is_found_at_its_path(tree: Any) -> None:
    text = f"<?xml version='1.0'?>\n<Root>{written(tree)}</Root>\n"
    for where, value in paths(tree):
        assert text[slice(*in_xml(text, where))] == value


@pytest.mark.parametrize(
    ("where", "shown"),
    [
        ("", "<Request>"),
        ("/Input", "<Input>"),
        ("/Input/Object", "in.mp4"),
        ("/Input/Missing", "<Input>"),
        ("/Missing/Below", "<Request>"),
        ("/Input[2]/Object", "中.mp4"),
        ("/Input[1]/Object", "in.mp4"),
        ("/Empty", "<Empty/>"),
        ("/Blank", "<Blank>"),
    ],
)
def test_an_element_is_shown_by_its_text_or_else_by_its_start_tag(where: str, shown: str) -> None:
    text = (
        "<Request><Input><Object/></Input><Input><Object>in.mp4</Object></Input><!-- 注 --><Empty/><Blank></Blank>"
        "<Input><Object>中.mp4</Object></Input></Request>"
    )
    found = text[slice(*in_xml(text, where))]
    assert found == shown


def test_an_empty_element_is_passed_over_when_its_siblings_are_counted() -> None:
    text = "<R><Input><Object/></Input><Input><Object>in.mp4</Object></Input></R>"
    assert in_xml(text, "/Input").start == text.rindex("<Input>")


@given(st.dictionaries(NAMES.filter(bool), st.text(st.characters(blacklist_categories=["Cs"]), min_size=1), max_size=5))
def test_every_parameter_of_every_form_is_found_by_its_name(pairs: dict[str, str]) -> None:
    text = "&".join(f"{quote_plus(name)}={quote_plus(value)}" for name, value in pairs.items())
    for name, value in pairs.items():
        assert text[slice(*in_form(text, f"/{name}"))] == quote_plus(value)


def test_of_a_parameter_that_stands_twice_the_last_is_found_and_of_one_without_value_its_name() -> None:
    assert in_form("a=1&b&a=22", "/a") == Span(8, 10)
    assert in_form("a=1&b&a=22", "/b") == Span(4, 5)
    assert in_form("a=1", "/c") is None


def test_an_excerpt_is_the_line_of_the_value() -> None:
    found = excerpt('{\r\n  "a": 1,\r\n  "b": 22\r\n}', Span(21, 23))
    assert (found.text, found.text[found.column : found.column + found.width]) == ('  "b": 22', "22")


def test_an_excerpt_of_a_value_over_several_lines_ends_with_its_first() -> None:
    found = excerpt('{"a": {\n"b": 1}}', Span(6, 16))
    assert (found.text, found.column, found.width) == ('{"a": {', 6, 1)


@given(st.integers(0, 500), st.integers(0, 300), st.integers(0, 500))
def test_an_excerpt_of_a_long_line_is_cut_around_the_value_and_shows_its_beginning(before: int, width: int, after: int) -> None:
    text = f"{'a' * before}{'v' * width}{'z' * after}"
    found = excerpt(text, Span(before, before + width))
    assert len(found.text) <= SHOWN
    assert found.column + found.width <= max(len(found.text), found.column + 1)
    assert found.text[found.column : found.column + found.width].strip("v") in ("", "z")
    assert not width or found.text[found.column] == "v"
