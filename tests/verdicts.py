"""Verdicts made by hand, and drawn ones that hold whatever a stranger's recording may; and what a writer makes of them.

`python tests/verdicts.py` writes the golden file anew.
"""

from __future__ import annotations

import io
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from mockcloud.messages import Violation
from mockcloud.reports.verdicts import WRITERS, Options
from mockcloud.traffic.recorded import Place
from mockcloud.traffic.verdict import Excerpt, Finding, Outcome, Tally, Verdict

GOLDEN = Path(__file__).parent / "golden" / "verdicts.txt"
NOON = 1_767_268_800.0
OPERATION = "jdcloud.createThumbnailTask"
RULE = f"{OPERATION}/request#"

WIDE = Finding(
    Violation(
        f"{RULE}/target/widthInPixel:maximum",
        "/target/widthInPixel",
        5000,
        "is greater than 4096",
        "001_20d4131b6d265f54.txt",
        43,
    ),
    line=118,
    column=21,
    end_column=25,
    excerpt=Excerpt('    "widthInPixel": 5000,', 20, 4),
    evidence=("create-thumbnail-task#43",),
    refusal="INVALID_ARGUMENT",
)
KEY = Finding(
    Violation(f"{RULE}/source/key:pattern", "/source/key", "视频/e\u0301\x1b[31m.mp4", "does not match ^[a-z/.]+$"),
    line=112,
    excerpt=Excerpt('\t{"bucket":"图片桶","key":"视频/e\u0301\x1b[31m.mp4","note":"' + "y" * 300 + '"}', 24, 17),
    evidence=("decision: nobody documents what a key may hold, so that of the object store's own keys is taken for it",),
    refusal="INVALID_ARGUMENT",
)
MISSING = Finding(
    Violation(f"{RULE}/source/bucket:required", "/source/bucket", None, "is missing", "snapshot-guide", "limits"),
    line=112,
    refusal="INVALID_ARGUMENT",
)
ANSWERED = Finding(
    Violation("ucloud.DescribeMediaTask/response#/RetCode:type", "/RetCode", "0", "is not of type integer", "guide.md", 7),
    line=1204,
    column=30,
    end_column=33,
    excerpt=Excerpt('  "body": {"Action": "x", "RetCode": "0"}', 37, 3),
)


unhurried = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
"""For a property: a busy machine is no failure."""


def place(number: int = 1, line: int = 1, file: str = "traffic/upload.har") -> Place:
    return Place(file, number, line)


BROKEN = Verdict(
    place(3, 112),
    Outcome.VIOLATIONS,
    "request",
    OPERATION,
    "POST mps.jdcloud-api.com/v1/regions/cn-north-1/thumbnail",
    (WIDE, KEY, MISSING),
)
BROKEN_ANSWER = Verdict(
    place(9, 1200, "-"),
    Outcome.VIOLATIONS,
    "response",
    "ucloud.DescribeMediaTask",
    "200 of GET api.ucloud.cn/?Action=DescribeMediaTask",
    (ANSWERED,),
)
UNJUDGED = Verdict(
    place(4, 140),
    Outcome.UNJUDGED,
    "response",
    "",
    "200 of GET mps.jdcloud-api.com/v1/x",
    reason="no operation has this path: GET /v1/x",
)
UNREADABLE = Verdict(place(5, 150), Outcome.UNJUDGED, reason="this is no HAR: it ends at character 512")
NOBODYS = Verdict(place(6, 160), Outcome.PASSED_OVER, "request", "", "GET example.com/logo.png", reason="no vendor has this host")
VALID = Verdict(place(7, 170), Outcome.VALID, "request", "jdcloud.getThumbnailTask", "GET mps.jdcloud-api.com/v1/y")
LENIENT = Verdict(
    place(8, 180),
    Outcome.VALID,
    "request",
    OPERATION,
    "POST mps.jdcloud-api.com/v1/z",
    reason="/target/x 1 is less than 2, which the setting sizes lets pass",
)
MADE = (BROKEN, UNJUDGED, UNREADABLE, NOBODYS, VALID, LENIENT, BROKEN_ANSWER)


def tally(verdicts: Iterable[Verdict]) -> Tally:
    made, files = Tally(), set()
    for verdict in verdicts:
        made.count(verdict)
        files.add(verdict.place.file)
    made.files = len(files)
    return made


def written(format: str, verdicts: Iterable[Verdict], encoding: str = "utf-8", **options: Any) -> str:
    """What a format's writer makes of verdicts, through a file that takes nothing beyond its encoding."""
    raw = io.BytesIO()
    out = io.TextIOWrapper(raw, encoding, errors="strict", newline="\n")
    writer = WRITERS[format](out, Options(**{"at": NOON, **options}))
    listed = list(verdicts)
    for verdict in listed:
        writer.write(verdict)
    writer.close(tally(listed))
    out.flush()
    return raw.getvalue().decode(encoding)


# Whatever a stranger's recording may hold ---------------------------------------------------------------------------------

NASTY = (
    "\x1b[31mred\x1b[0m", "a\r\nb", "\x00", "\ud800", "]]>", "<![CDATA[", "&amp;<b>\"'", "::error::owned", "\n::add-mask::x", "##[error]x",
    "%0A%25", "50% off, a:b", "[link](1)", "{0}", "| a | `b` |", "\u202egnp.exe", "中文\t标题", "e\u0301", "\u2028", "\ufffe", "  two  blanks  ", "",
    "x" * 3000, "👩\u200d👧", "\\", "/a~1b/*",
)  # fmt: skip
texts = st.one_of(
    st.sampled_from(NASTY),
    st.text(st.characters(exclude_categories=()), max_size=30),
    st.lists(st.sampled_from(NASTY), max_size=3).map("".join),
)
lines = st.integers(1, 2_000_000)
values = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False, allow_infinity=False), texts),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(texts, inner, max_size=3)),
    max_leaves=5,
)
excerpts = st.builds(Excerpt, texts, st.integers(0, 60), st.integers(0, 60))


def pointed(finding: Finding, excerpt: Excerpt, first: int) -> Finding:
    """The finding with columns that fit its excerpt, which begins at column `first` of the file's line."""
    column = min(excerpt.column, len(excerpt.text))
    width = min(excerpt.width, len(excerpt.text) - column)
    excerpt = replace(excerpt, column=column, width=width)
    return replace(finding, column=first + column, end_column=first + column + width, excerpt=excerpt)


findings = st.builds(
    Finding,
    st.builds(Violation, texts, texts, values, texts, texts, st.one_of(st.none(), st.integers(0, 9999), texts)),
    lines,
    st.one_of(st.none(), st.integers(1, 500)),
    st.one_of(st.none(), st.integers(501, 900)),
    st.one_of(st.none(), excerpts),
    st.lists(st.one_of(texts, texts.map("decision: ".__add__)), max_size=2).map(tuple),
    texts,
)
findings = st.one_of(findings, st.builds(pointed, findings, excerpts, st.integers(1, 80)))
places = st.builds(Place, st.one_of(st.just("-"), texts), st.integers(1, 10**6), lines)
sides = st.sampled_from(("request", "response", ""))
judged = st.builds(
    Verdict,
    places,
    st.just(Outcome.VIOLATIONS),
    sides,
    texts,
    texts,
    st.lists(findings, min_size=1, max_size=3).map(tuple),
    texts,
)
others = st.builds(
    Verdict,
    places,
    st.sampled_from((Outcome.VALID, Outcome.UNJUDGED, Outcome.PASSED_OVER)),
    sides,
    texts,
    texts,
    st.just(()),
    texts,
)
recordings = st.lists(st.one_of(judged, others), max_size=4)


if __name__ == "__main__":
    GOLDEN.parent.mkdir(exist_ok=True)
    GOLDEN.write_text(written("text", MADE, verbose=True), encoding="utf-8")
