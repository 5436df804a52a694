"""Verdicts as text for people: how they look, and where the mark stands."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from verdicts import BROKEN, BROKEN_ANSWER, GOLDEN, KEY, LENIENT, MADE, NOBODYS, UNREADABLE, VALID, recordings, unhurried, written

from mockcloud.reports.page import columns
from mockcloud.reports.verdicts import sentences
from mockcloud.reports.verdicts.excerpts import marked, shown
from mockcloud.traffic.verdict import Excerpt

STYLE = re.compile(r"\x1b\[[0-9;]*m")


def test_the_looks_are_those_of_the_golden_file() -> None:
    # `python tests/verdicts.py` writes it anew.
    assert written("text", MADE, verbose=True) == GOLDEN.read_text(encoding="utf-8")


def test_colours_change_nothing_but_the_colours() -> None:
    colored = written("text", MADE, verbose=True, color=True)
    assert STYLE.sub("", colored) == written("text", MADE, verbose=True)
    assert "\x1b[31m" in colored
    assert "\x1b" not in STYLE.sub("", colored)


def test_what_is_in_order_is_told_only_where_that_is_asked_for() -> None:
    assert written("text", [VALID, LENIENT, NOBODYS]) == "all 2 messages keep the rules; 1 passed over\n"
    told = written("text", [VALID, LENIENT, NOBODYS], verbose=True)
    assert [line.split(": ")[1] for line in told.splitlines()[:3]] == ["valid", "valid", "passed over"]
    assert "which the setting sizes lets pass" in told


def test_a_finding_tells_the_rule_the_reason_the_document_with_its_line_and_the_refusal() -> None:
    told = written("text", [BROKEN])
    assert "error: /target/widthInPixel 5000 is greater than 4096" in told
    assert "--> traffic/upload.har:118:21" in told
    assert "rule:    jdcloud.createThumbnailTask/request#/target/widthInPixel:maximum\n" in told
    assert "source:  [001_20d4131b6d265f54.txt line 43]" in told
    assert "refused: with INVALID_ARGUMENT" in told


@pytest.mark.parametrize(
    ("found", "told"),
    [
        (True, "true"),
        ("two  blanks", '"two  blanks"'),
        ({"标题": [1.5, None]}, '{"标题": [1.5, null]}'),
        (float("nan"), "nan"),
        ("x" * 500, f'"{"x" * 119}...'),
        ("\u202e\x1b", '"\\u202e\\u001b"'),
    ],
)
def test_a_value_is_told_as_json_writes_it_in_one_line_of_120_characters_at_most(found: object, told: str) -> None:
    broken = replace(BROKEN_ANSWER.findings[0].violation, found=found)
    assert sentences.broken(broken) == f"/RetCode {told} is not of type integer"


def test_a_rule_of_no_document_is_told_with_what_was_decided() -> None:
    assert "source:  nobody documents what a key may hold" in written("text", [BROKEN])


def test_a_response_is_refused_by_nobody() -> None:
    assert "refused" not in written("text", [BROKEN_ANSWER])


def test_what_could_not_be_judged_is_told_with_what_to_do() -> None:
    told = written("text", [UNREADABLE])
    assert "not judged: this is no HAR: it ends at character 512" in told
    assert "to do: check that the file is a recording that is whole" in told


@pytest.mark.parametrize("width", [40, 60, 80, 100])
def test_lines_fit_the_width_but_for_what_cannot_be_broken(width: int) -> None:
    told = written("text", [BROKEN, UNREADABLE], width=width).splitlines()
    free = [line for line in told if not re.search(r"rule:|more:|-->|^traffic|^request|\S{22}", line)]
    assert len(free) > 12
    assert [line for line in free if columns(line) > width] == []


# The mark ---------------------------------------------------------------------------------------------------------------

MARKS = 'ab{":/ 中文标题\uff21\u3042\uac00\t\x1b\x00\u202e\ud800e\u0301\u0308\xa0é'
"""Letters, Chinese, Japanese and Korean, wide Latin, tabs, control characters, an override, half a pair, accents."""

parts = st.text(MARKS, max_size=80)


def excerpt(before: str, value: str, after: str = "") -> Excerpt:
    return Excerpt(before + value + after, len(before), len(value))


@pytest.mark.parametrize("encoding", ["utf-8", "ascii", "gbk"])
@unhurried
@given(parts, parts, parts, st.integers(1, 300))
def test_the_mark_stands_under_the_value_and_is_as_wide_as_it(
    encoding: str, before: str, value: str, after: str, room: int
) -> None:
    told = marked(excerpt(before, value, after), room, encoding)
    # Another library says how wide the texts are.
    assert (told.start, len(told.mark)) == (cell_len(told.before), max(1, cell_len(told.value)))
    assert cell_len(told.line) <= max(room, 24)
    told.line.encode(encoding)


@unhurried
@given(parts, parts, parts, st.integers(24, 300))
def test_what_is_shown_is_the_line_or_says_where_it_is_cut(before: str, value: str, after: str, room: int) -> None:
    whole = tuple(shown(part, "utf-8") for part in (before, value, after))
    told = marked(excerpt(before, value, after), room, "utf-8")
    if cell_len("".join(whole)) <= room - 6:
        assert tuple(told) == whole
    assert told.before == whole[0] or (told.before.startswith("...") and whole[0].endswith(told.before[3:]))
    assert told.value == whole[1] or (told.value.endswith("...") and whole[1].startswith(told.value[:-3]))
    assert (
        told.after == whole[2] or told.value != whole[1] or (told.after.endswith("...") and whole[2].startswith(told.after[:-3]))
    )


@pytest.mark.parametrize(
    ("before", "value", "line", "mark"),
    [
        ('{"a": ', "12", '{"a": 12', "      ^^"),
        ("标题: ", "x", "标题: x", "      ^"),
        ("\t", "x", "    x", "    ^"),
        ("e\u0301", "x", "e\u0301x", " ^"),
        ("\x1b[31m", "x", "\\x1b[31mx", "        ^"),
        ("\ud800", "x", "\\ud800x", "      ^"),
        ("", "中文", "中文", "^^^^"),
        ("", "\u0301", "\u0301", "^"),
        ("\u1112\u1161\u11ab", "x", "\u1112\u1161\u11abx", "  ^"),
    ],
)
def test_a_mark_counts_columns_and_not_characters(before: str, value: str, line: str, mark: str) -> None:
    told = marked(excerpt(before, value), 80, "utf-8")
    assert (told.line, " " * told.start + told.mark) == (line, mark)


def test_a_terminal_that_has_no_chinese_is_shown_escapes_with_the_mark_below_them() -> None:
    told = marked(excerpt("标 ", "x"), 80, "ascii")
    assert (told.line, told.start, told.mark) == ("\\u6807 x", 7, "^")


def test_a_value_too_long_for_the_line_is_cut_at_its_end_and_what_is_far_from_it_first() -> None:
    told = marked(excerpt("a" * 50, "b" * 50, "c" * 50), 40, "utf-8")
    assert told == ("...aaa", f"{'b' * 31}...", "")
    told = marked(excerpt("a" * 50, "b" * 10, "c" * 50), 40, "utf-8")
    assert told == (f"...{'a' * 7}", "b" * 10, f"{'c' * 17}...")


def test_an_excerpt_that_points_beyond_its_text_is_shown_all_the_same() -> None:
    told = marked(Excerpt("abc", 40, 7), 80, "utf-8")
    assert (told.line, told.start, told.mark) == ("abc", 3, "^")


def test_a_line_number_stands_before_an_excerpt_only_where_it_is_of_the_file() -> None:
    told = written("text", [BROKEN])
    assert re.search(r"^ +118 \| ", told, re.MULTILINE)
    assert not re.search(r"^ +112 \| ", told, re.MULTILINE)
    assert KEY.column is None


@unhurried
@given(recordings)
def test_whatever_a_recording_holds_a_line_is_at_most_some_thousand_characters(verdicts: list) -> None:  # type: ignore[type-arg]
    assert all(len(line) < 2500 for line in written("text", verdicts, verbose=True).splitlines())
