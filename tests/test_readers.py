"""The one entrance to recordings: real ones of every kind, and bytes that are none."""

from __future__ import annotations

import gzip
import io
from dataclasses import replace
from pathlib import Path

import pytest
from cases import ROOT
from hypothesis import given, settings
from hypothesis import strategies as st

from mockcloud import Request, UsageError, validate
from mockcloud.traffic import kinds
from mockcloud.traffic.readers import READERS, read
from mockcloud.traffic.recorded import Place, Recorded
from mockcloud.traffic.sources import Source, sources

FOLDER = ROOT / "fixtures" / "recordings"
FILES = {str(path.relative_to(FOLDER)): path.read_bytes() for path in sorted(FOLDER.rglob("*")) if path.suffix not in ("", ".md")}
UCLOUD, JDCLOUD, PONTUS = "ucloud.CreateMediaTask", "jdcloud.createThumbnailTask", "pontus.createTranscodingTask"
MEDIA, VOICE = "tencent_ci.CreateMediaJobs.MediaInfo", "tencent_ci.CreateMediaJobs.VoiceSeparate"
HEIGHT = [f"{JDCLOUD}/request#/target/heightInPixel:zero-or-at-least-8"]
COUNT, CODEC = [f"{JDCLOUD}/request#/rule/count:maximum"], [f"{VOICE}/request#/Operation/VoiceSeparate:music-codec"]
TEMPLATE = "ucloud.CreateFunctionTemplate"

HELD: dict[str, list[tuple[int, str, list[str]]]] = {
    "browser.har": [
        (564, UCLOUD, []),
        (715, TEMPLATE, [f"{TEMPLATE}/request#:gif-frame-rate-custom-needed"]),
        (862, JDCLOUD, []),
        (988, JDCLOUD, HEIGHT),
        (1114, MEDIA, []),
    ],
    "journal.jsonl": [(1, JDCLOUD, []), (2, JDCLOUD, HEIGHT), (3, UCLOUD, []), (4, VOICE, CODEC), (5, PONTUS, [])],
    "raw.http": [(2, PONTUS, []), (41, JDCLOUD, COUNT), (78, UCLOUD, []), (97, VOICE, [])],
    "suite.yaml": [(2, UCLOUD, []), (32, JDCLOUD, COUNT), (78, MEDIA, []), (116, VOICE, CODEC), (155, PONTUS, [])],
    "samples/media-info.xml": [(1, MEDIA, [])],
    "samples/voice-separate.xml": [(1, VOICE, [])],
    "samples/voice-separate-amr.xml": [(1, VOICE, CODEC)],
    "samples/voice-separate-samplerate.xml": [
        (1, VOICE, [f"{VOICE}/request#/Operation/VoiceSeparate/AudioConfig:aac-samplerate"])
    ],
}
"""Of each recording the lines of the messages to vendors, their operations, and the rules that they break."""


def source(data: bytes, name: str = "-") -> Source:
    return Source(name, open=lambda: io.BytesIO(data))


def records(data: bytes, name: str = "-", kind: str | None = None) -> list[Recorded]:
    return list(read(source(data, name), kind))


def asked(record: Recorded) -> Request:
    """The request, or one around a body that stands alone."""
    if record.request is not None:
        return record.request
    body = record.body or b""
    headers = (("Content-Type", "application/xml"), ("Content-Length", str(len(body))))
    return Request("POST", "/jobs", "test-1250000000.ci.ap-chongqing.myqcloud.com", headers, body)


def test_every_recording_is_in_the_table() -> None:
    assert set(HELD) == set(FILES)


@pytest.mark.parametrize("name", HELD)
def test_a_recording_of_a_real_tool_is_read_and_breaks_just_the_rules_that_it_is_to_break(name: str) -> None:
    found = {record.place.line: record for record in records(FILES[name], name)}
    assert not [record for record in found.values() if record.problem or record.request_problem or record.response_problem]
    for line, operation, rules in HELD[name]:
        assert [violation.rule for violation in validate(operation, asked(found[line]))] == rules


def test_a_browsers_recording_holds_strangers_and_what_never_came_back() -> None:
    found = records(FILES["browser.har"])
    assert [record.place.number for record in found] == list(range(1, 12))
    assert {record.request.host for record in found if record.request} >= {
        "console.example.com",
        "gone.example.net",
        "api.ucloud.cn",
    }
    assert [record.request.host for record in found if record.request and record.response is None] == ["gone.example.net"]
    assert found[2].response is not None
    assert found[2].response.body.startswith(b"\x89PNG")


def test_the_bodies_of_raw_messages_stand_on_the_lines_that_are_said() -> None:
    lines = FILES["raw.http"].splitlines(keepends=True)
    for record in records(FILES["raw.http"]):
        for message, line in ((record.request, record.request_line), (record.response, record.response_line)):
            assert message is not None
            assert line is not None
            assert b"".join(lines[line - 1 :]).startswith(message.body)


@pytest.mark.parametrize("name", FILES)
def test_what_is_read_is_the_same_from_standard_input_gzipped_with_a_mark_and_byte_by_byte(name: str) -> None:
    class Slow(io.BytesIO):
        def read1(self, size: int | None = -1, /) -> bytes:
            return super().read1(min(size or 1, 1) if size != -1 else 1)

    data = FILES[name]
    wanted = records(data, name)
    for other in (data, gzip.compress(data, mtime=0), b"\xef\xbb\xbf" + data):
        assert [replace(record, place=replace(record.place, file=name)) for record in records(other)] == wanted
    assert list(read(Source(name, open=lambda: Slow(data)))) == wanted


def test_a_folder_is_read_from_names_to_values(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    found = [record for one in sources(["fixtures/recordings"]) for record in read(one)]
    assert len(found) == sum(len(records(data, name)) for name, data in FILES.items())
    assert str(found[0].place) == "fixtures/recordings/browser.har:24"


def test_the_table_of_readers_is_the_table_of_kinds() -> None:
    assert set(READERS) == set(kinds.KINDS)
    assert set(kinds.BY_NAME.values()) <= {*kinds.KINDS, ""}


def test_a_kind_that_does_not_exist_is_an_error_before_anything_is_read() -> None:
    with pytest.raises(UsageError, match=r"there is no kind of recording 'casette'. Did you mean 'cassette'\?"):
        read(source(b"x"), "casette")


def test_a_kind_that_is_given_counts_for_more_than_what_the_file_looks_like() -> None:
    (record,) = records(b'{"log": {"entries": []}}', kind="body")
    assert record.body == b'{"log": {"entries": []}}'


@pytest.mark.parametrize(
    ("data", "name", "said"),
    [
        (b"", "x.har", "is empty"),
        (gzip.compress(b"", mtime=0), "x.har.gz", "is empty"),
        (b"\xef\xbb\xbf", "x", "is empty"),
        (b"\x89PNG\r\n\x1a\n", "x.png", "is no recording of a known kind; known are har (an HTTP archive"),
        (b"PK\x03\x04\x14", "x.har.zip", "is a zip archive: unpack it first"),
        (b'{"log": {"entries": []}}', "x.har", "holds no exchange"),
        (b"interactions: []", "x.yaml", "holds no exchange"),
        (b"\n\n# only\n", "x.http", "holds no exchange"),
        (b"\n\n", "x.jsonl", "holds no exchange"),
        (b"{}", "x.har", "holds no array at log.entries"),
        (b"openapi: 3.1.0", "x.yaml", "is no exchange: found an object, wanted an object with request and response"),
        (b"Dear log,", "x.http", "holds a line that is no HTTP message: 'Dear log,'"),
    ],
)
def test_a_file_that_holds_nothing_to_judge_is_one_problem(data: bytes, name: str, said: str) -> None:
    (record,) = records(data, name)
    assert record.problem.startswith(said)
    assert record.place == Place(name)


def test_a_source_is_closed_after_it_was_read_and_when_its_reader_is_left() -> None:
    for all_of_it in (True, False):
        stream = io.BytesIO(FILES["suite.yaml"])
        reading = read(Source("x.yaml", open=lambda stream=stream: stream))  # type: ignore[misc]  # the loop's own
        next(reading)
        (list(reading) if all_of_it else reading.close())  # type: ignore[attr-defined]  # a generator
        assert stream.closed


def test_a_cassette_whose_packed_bytes_break_off_gives_what_is_whole_and_then_the_problem() -> None:
    packed = gzip.compress(FILES["suite.yaml"] * 200, mtime=0)
    *found, last = records(packed[: len(packed) // 2], "suite.yaml.gz")
    assert "is gzipped and broken" in last.problem
    assert not [record for record in found if record.problem or record.request_problem or record.response_problem]


KINDS = st.sampled_from([None, *READERS])
BITES = st.sampled_from(
    [
        b'"',
        b"{",
        b"}",
        b"[",
        b"]",
        b"\n",
        b"\r\n",
        b": ",
        b"- ",
        b"&a ",
        b"*a ",
        b"!!binary ",
        b"\\",
        b"\xff",
        b"\0",
        b"<",
        b"HTTP/1.1 ",
        b"Content-Length: 99999\n",
        b"0",
        b"9" * 30,
        b"\n\n",
        b"null",
        b"{}",
        b"\xef\xbb\xbf",
        b"\x1f\x8b\x08",
    ]
)


def holds(found: list[Recorded]) -> None:
    """The law of every reader, whatever it was given."""
    assert found
    assert [record.place.number for record in found] == list(range(1, len(found) + 1))
    for record in found:
        assert record.place.line >= 1
        assert bool(record.problem) != bool(record.request or record.response or record.body is not None)
        assert "\n" not in record.problem + record.request_problem + record.response_problem
        if record.body is not None:
            assert record.request is None
            assert record.response is None


@given(st.binary(max_size=300) | st.lists(BITES | st.binary(max_size=4), max_size=30).map(b"".join), KINDS)
@settings(max_examples=400, deadline=None)
def test_any_bytes_are_read_to_their_end_without_an_error(data: bytes, kind: str | None) -> None:
    holds(records(data, kind=kind))


@given(
    st.sampled_from(sorted(FILES)),
    KINDS,
    st.lists(st.tuples(st.integers(0, 60_000), st.integers(0, 40), BITES | st.binary(max_size=3)), min_size=1, max_size=6),
    st.integers(1, 60_000),
)
@settings(max_examples=250, deadline=None)
def test_a_recording_that_was_damaged_is_read_to_its_end_without_an_error(
    name: str, kind: str | None, edits: list[tuple[int, int, bytes]], length: int
) -> None:
    data = FILES[name][:8000]
    for at, removed, put in edits:
        place = at % (len(data) + 1)
        data = data[:place] + put + data[place + removed :]
    data = data[:length]
    holds(records(data, name))
    holds(records(data, kind=kind))


def test_the_readers_import_neither_yaml_nor_a_cloud() -> None:
    import subprocess
    import sys

    program = "import sys, mockcloud.traffic.readers, mockcloud.traffic.sources; print([n for n in ('yaml', 'jsonschema', 'xmlschema', 'lxml', 'mockcloud.cloud', 'mockcloud.contracts') if n in sys.modules])"
    ran = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True, cwd=ROOT)
    assert ran.stdout.strip() == "[]"


def test_the_benchmarks_archive_is_the_same_each_time_as_large_as_it_is_to_be_and_read_without_a_problem(tmp_path: Path) -> None:
    benchmark = pytest.importorskip("benchmarks.recordings", reason="a source distribution is without benchmarks")
    written = [benchmark.write_har(tmp_path / name, 1.5) for name in ("a.har", "b.har")]
    data = (tmp_path / "a.har").read_bytes()
    assert data == (tmp_path / "b.har").read_bytes()
    assert 1_500_000 <= len(data) < 1_600_000
    found = records(data, "a.har")
    assert written == [len(found)] * 2
    assert not [record for record in found if record.problem or record.request_problem or record.response_problem]
    assert {record.request.host for record in found if record.request} > {
        "console.example.com",
        "api.ucloud.cn",
        "media.pontus.com",
    }
