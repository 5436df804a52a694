"""What names stand for, and how their bytes are read."""

from __future__ import annotations

import gzip
import io
import os
import zlib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mockcloud.traffic import kinds, streams
from mockcloud.traffic.readers import read
from mockcloud.traffic.sources import Source, sources
from mockcloud.traffic.streams import Unreadable

BODY = b'{"a": 1}'


@pytest.fixture
def tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in (
        "b.har",
        "a.yaml",
        "sub/deep/c.json",
        "sub/d.jsonl",
        "sub/e.xml.gz",
        ".hidden.har",
        ".git/f.har",
        "sub/.g/h.har",
    ):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(BODY)
    (tmp_path / "README.md").write_text("# Recordings\n")
    (tmp_path / "notes.txt").write_text("Dear all,\n")
    (tmp_path / "picture.png").write_bytes(b"\x89PNG\r\n")
    (tmp_path / "capture").write_bytes(b"GET / HTTP/1.1\r\nHost: h\r\n\r\n")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def names(*given: str) -> list[str]:
    return [source.name for source in sources(given)]


ALL = ["a.yaml", "b.har", "capture", "sub/d.jsonl", "sub/e.xml.gz", "sub/deep/c.json"]


@pytest.mark.usefixtures("tree")
def test_a_folder_is_its_recordings_sorted_and_without_hidden_ones_and_what_is_no_recording() -> None:
    assert names(".") == ALL
    assert names("./sub/") == ["sub/d.jsonl", "sub/e.xml.gz", "sub/deep/c.json"]


@pytest.mark.usefixtures("tree")
@pytest.mark.parametrize(
    ("pattern", "found"),
    [
        ("*.har", ["b.har"]),
        ("**/*.json*", ["sub/d.jsonl", "sub/deep/c.json"]),
        ("sub/**", ["sub/d.jsonl", "sub/e.xml.gz", "sub/deep/c.json"]),
        ("**", ALL),
        ("s?b/*", ["sub/d.jsonl", "sub/deep/c.json", "sub/e.xml.gz"]),
        ("[ab].*", ["a.yaml", "b.har"]),
        (".h*", [".hidden.har"]),
        (".*/*.har", [".git/f.har"]),
        ("*/deep/c.json", ["sub/deep/c.json"]),
        ("**/README.md", ["README.md"]),
    ],
)
def test_a_pattern_is_what_it_matches(pattern: str, found: list[str]) -> None:
    assert names(pattern) == found


def test_an_absolute_pattern_gives_absolute_names(tree: Path) -> None:
    assert names(f"{tree}/*.har") == [str(tree / "b.har")]


def test_a_file_whose_name_looks_like_a_pattern_is_that_file(tree: Path) -> None:
    (tree / "[1].har").write_bytes(BODY)
    assert names("[1].har") == ["[1].har"]


@pytest.mark.usefixtures("tree")
def test_a_file_is_read_once_however_often_it_is_named() -> None:
    assert names("b.har", "./b.har", "*.har", ".", "-", "-") == ["b.har", "a.yaml", *ALL[2:], "-"]


def test_a_named_file_is_taken_whatever_it_is_called(tree: Path) -> None:
    assert names(".hidden.har", "README.md") == [".hidden.har", "README.md"]
    assert next(sources(["b.har"])).size == len(BODY)
    assert next(sources([str(tree / "b.har")])).name == str(tree / "b.har")


def test_loops_of_symbolic_links_end(tree: Path) -> None:
    (tree / "sub" / "up").symlink_to(tree)
    (tree / "sub" / "self").symlink_to(tree / "sub")
    (tree / "dangling.har").symlink_to(tree / "nowhere")
    assert {Path(name).name for name in names(".")} == {Path(name).name for name in [*ALL, "dangling.har"]}
    assert names("**/c.json") == ["sub/deep/c.json"]
    assert problems("dangling.har") == {"dangling.har": "is a link to something that is not there"}


def problems(*given: str, stdin: io.BytesIO | None = None) -> dict[str, str]:
    return {source.name: record.problem for source in sources(given, stdin) for record in read(source)}


@pytest.mark.usefixtures("tree")
@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("c.har", "there is no such file or folder. Did you mean 'b.har'?"),
        ("zzzzzzzz", "there is no such file or folder."),
        ("nowhere/b.har", "there is no such file or folder. Neither is there a folder 'nowhere'."),
        ("*.exe", "the pattern matches no file; hidden files and folders are passed over"),
        ("sub/deep/*/x", "the pattern matches no file; hidden files and folders are passed over"),
        ("b.har/x", "cannot be opened: Not a directory"),
        ("a\0b", "a name of a file has no NUL in it"),
        ("x" * 300, "cannot be opened: File name too long"),
    ],
)
def test_a_name_that_is_not_there_is_a_problem_and_never_silence(name: str, said: str) -> None:
    ((_, problem),) = problems(name).items()
    assert problem == said


def test_a_folder_without_recordings_is_a_problem(tree: Path) -> None:
    (tree / "empty").mkdir()
    (tree / "empty" / "README.md").write_text("nothing")
    for name in ("empty", "emp*"):
        (problem,) = problems(name).values()
        assert problem.startswith("the folder holds no recording; wanted are files named .har, ")


def test_what_may_not_be_read_is_a_problem(tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def denied(self: Path, *_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", denied)
    assert problems("b.har") == {"b.har": "cannot be opened: Permission denied"}
    assert "capture" in problems("."), "what cannot be looked at is not passed over"
    monkeypatch.setattr(Path, "iterdir", denied)
    assert problems("sub") == {"sub": "the folder cannot be listed: Permission denied"}
    assert problems("*.har") == {".": "the folder cannot be listed: Permission denied"}
    monkeypatch.setattr(Path, "stat", denied)
    assert problems("b.har") == {"b.har": "cannot be opened: Permission denied"}


def test_a_name_is_printed_without_its_control_characters_and_halves(tree: Path) -> None:
    (tree / "a\x1b[31m.har").write_bytes(BODY)
    assert names("*31m.har") == [r"a\x1b[31m.har"]
    assert names("\udcff.har") == [r"\udcff.har"]


def test_standard_input_has_no_size_is_read_and_is_not_closed() -> None:
    stdin = io.BytesIO(BODY)
    (source,) = sources(["-"], stdin)
    assert source.size is None
    assert [record.body for record in read(source)] == [BODY]
    assert not stdin.closed
    assert problems("-") == {"-": "there is no standard input"}


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="a system without named pipes")
def test_a_pipe_with_a_name_is_not_read_in_a_folder_and_has_no_size(tree: Path) -> None:
    os.mkfifo(tree / "pipe")
    os.mkfifo(tree / "pipe.har")
    assert names(".") == ALL
    assert [source.size for source in sources(["pipe"])] == [None]


def test_what_was_read_is_counted_up_to_the_size_also_of_a_packed_file(tree: Path) -> None:
    (tree / "x.json.gz").write_bytes(gzip.compress(BODY * 10_000))
    for name in ("b.har", "x.json.gz"):
        (source,) = sources([name])
        assert source.count == 0
        with source:
            assert source.stream.read().startswith(BODY)
        assert source.count == source.size


def source(data: bytes, name: str = "x") -> Source:
    return Source(name, open=lambda: io.BytesIO(data))


@given(st.binary(max_size=5000), st.lists(st.integers(1, 3000), max_size=5))
@settings(deadline=None)
def test_the_stream_gives_every_byte_after_the_head_was_looked_at_packed_or_not(data: bytes, sizes: list[int]) -> None:
    data = b"x" + data
    for packed in (data, gzip.compress(data), gzip.compress(data[:10]) + gzip.compress(data[10:]), b"\xef\xbb\xbf" + data):
        one = source(packed)
        assert one.head.startswith(data[:1000])
        got = b"".join([*(one.stream.read(size) for size in sizes), one.stream.read()])
        assert got == data


@given(st.binary(min_size=1, max_size=2000), st.integers(0, 100))
def test_a_packed_file_that_is_cut_off_or_broken_is_a_problem(data: bytes, at: int) -> None:
    packed = gzip.compress(data)
    for broken in (packed[: 2 + at % (len(packed) - 2)], packed[:2] + bytes([packed[2] ^ 0xFF]) + packed[3:]):
        with pytest.raises(Unreadable, match="is gzipped and broken"):
            source(broken).stream.read()


def test_a_packed_bomb_is_not_read_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(streams, "LARGEST", 1 << 20)
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    bomb = b"".join(packer.compress(b" " * (1 << 20)) for _ in range(256)) + packer.flush()
    (record,) = read(source(bomb, "x.har.gz"))
    assert record.problem == "is gzipped and unpacks to more than 200 times its size: it was not read on"


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_UTF_16_is_a_problem_that_names_powershell(encoding: str) -> None:
    mark = "\ufeff"
    (record,) = read(source(f"{mark}<a/>".encode(encoding)))
    assert "is UTF-16, as PowerShell's > writes it: save it as UTF-8" in record.problem


def test_a_stream_that_fails_on_the_way_is_a_problem_after_what_was_read() -> None:
    class Failing(io.RawIOBase):
        def __init__(self) -> None:
            self.parts = [b'{"a": 1}\n' * 200, b""]

        def readable(self) -> bool:
            return True

        def read(self, size: int = -1, /) -> bytes:
            if self.parts[0]:
                return self.parts.pop(0)
            raise OSError(5, "Input/output error")

    records = list(read(Source("x.jsonl", open=Failing)))
    assert len(records) == 201
    assert records[-1].problem == "cannot be read: Input/output error"
    assert (records[-1].place.number, records[-1].place.line) == (201, 200)


@pytest.mark.parametrize(
    ("name", "head", "kind"),
    [
        ("a.har", b"anything", "har"),
        ("A.HAR.gz", b"", "har"),
        ("-", b' {"log": {"version', "har"),
        ("a.json", b'{"$schema": {"log": 1}, "log": {', "har"),
        ("a.json", b'{"interactions": [', "cassette"),
        ("-", b'{"http_interactions": [{', "cassette"),
        ("-", b'{"recorded_with": "x', "cassette"),
        ("-", b'[ {"request": {', "cassette"),
        ("-", b'{"says": "x", "request": {"method"', "cassette"),
        ("-", b'{"format": "mockcloud.journal/1"', "journal"),
        ("-", b'{"a": 1}\n{"b": ', "journal"),
        ("a.json", b'{"a": 1}\n', "body"),
        ("a.json", b'{"a": }\n{', "body"),
        ("a.json", b'{"a": "{\\"log\\": 1}", "b": {"log": 2}}', "body"),
        ("a.json", b"[1, 2]", "body"),
        ("a.json", b"[[" * 300, "body"),
        ("-", b'{"unfinished', "body"),
        ("a.jsonl", b"", "journal"),
        ("a.ndjson", b"x", "journal"),
        ("a.yml", b"x: 1", "cassette"),
        ("a.yaml", b"GET / HTTP/1.1\r\n", "raw"),
        ("-", b"---\ninteractions:\n", "cassette"),
        ("-", b"http_interactions:\n- request:\n", "cassette"),
        ("-", b"-\n    request:\n", "cassette"),
        ("a.http", b"anything", "raw"),
        ("-", b"### x\n// y\n@z = 1\n\nGET https://h/", "raw"),
        ("-", b"* Trying\n> GET / HTTP/1.1\n", "raw"),
        ("-", b"HTTP/1.1 200 OK\r\n", "raw"),
        ("-", b"GET /" + b"x" * 1019, "raw"),
        ("a.txt", b"GET / HTTP/1.1\n", "raw"),
        ("a.txt", b"Dear all,\n", ""),
        ("a.log", b"GET milk\n", ""),
        ("a.xml", b"", "body"),
        ("-", b'<?xml version="1.0"?>', "body"),
        ("-", b"<Request><Tag>", "body"),
        ("-", b"<<<<", ""),
        ("-", b"Action=CreateMediaTask&Region=cn-bj2&A.0=%20\n", "body"),
        ("a.form", b"x", "body"),
        ("-", b"\x89PNG\r\n\x1a\n", ""),
        ("dir.har/x", b"prose", ""),
        ("-", b"", ""),
    ],
)
def test_the_kind_is_told_by_name_and_by_the_first_bytes(name: str, head: bytes, kind: str) -> None:
    assert kinds.of(name, head) == kind


@given(st.binary(max_size=1024), st.sampled_from([*kinds.BY_NAME, ""]))
def test_telling_a_kind_never_fails(head: bytes, extension: str) -> None:
    assert kinds.of(f"x{extension}", head) in {*kinds.KINDS, ""}
