"""`mockcloud validate`: one command for each kind of recording says which message breaks which rule of which document line."""

from __future__ import annotations

import io
import json
import os
import pty
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from cases import ROOT
from click.testing import CliRunner, Result

from mockcloud.cli import cli
from mockcloud.cli.progress import Progress
from mockcloud.cli.validate import FORMATS, KINDS
from mockcloud.errors import MissingExtra
from mockcloud.reports.verdicts import WRITERS
from mockcloud.traffic import readers

RECORDINGS = ROOT / "fixtures" / "recordings"
SCALE = "tencent_ci.CreateMediaJobs.VoiceSeparate/request#/Operation/VoiceSeparate:music-codec"
HEIGHT = "jdcloud.createThumbnailTask/request#/target/heightInPixel:zero-or-at-least-8"
COUNT = "jdcloud.createThumbnailTask/request#/rule/count:maximum"

BROKEN = {
    "browser.har": {
        "ucloud.CreateFunctionTemplate/request#:gif-frame-rate-custom-needed": ("create-function-template", None),
        HEIGHT: ("001_20d4131b6d265f54.txt", 44),
    },
    "suite.yaml": {COUNT: ("snapshot-guide", None), SCALE: ("python-sdk", "demo")},
    "raw.http": {
        COUNT: ("snapshot-guide", None),
        "pontus.createTranscodingTask/response#/task_id:type": ("004_e3af1399623ce22a.txt", 79),
    },
    "journal.jsonl": {HEIGHT: ("001_20d4131b6d265f54.txt", 44), SCALE: ("python-sdk", "demo")},
    "samples": {
        SCALE: ("python-sdk", "demo"),
        "tencent_ci.CreateMediaJobs.VoiceSeparate/request#/Operation/VoiceSeparate/AudioConfig:aac-samplerate": (
            "voice-separate-template",
            "AudioConfig",
        ),
    },
}
"""What each recording breaks: the rules, each with its document and the line or section."""


def run(*arguments: str | Path, stdin: bytes | None = None, **options: Any) -> Result:
    return CliRunner().invoke(cli, ["validate", *map(str, arguments)], input=stdin, **options)


def verdicts(*arguments: str | Path, **options: Any) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(run("--format", "json", *arguments, **options).output)["verdicts"]
    return found


def findings(*arguments: str | Path, **options: Any) -> list[dict[str, Any]]:
    return [finding for verdict in verdicts(*arguments, **options) for finding in verdict["findings"]]


@pytest.mark.parametrize("name", BROKEN)
def test_one_command_tells_which_rules_of_which_document_line_a_recording_breaks(name: str) -> None:
    result = run(RECORDINGS / name)
    assert result.exit_code == 1
    assert {one["rule"]: (one["document"], one["document_line"]) for one in findings(RECORDINGS / name)} == BROKEN[name]
    for rule, (document, line) in BROKEN[name].items():
        assert rule in result.output
        assert document in result.output
        assert f"line {line}" in result.output or not isinstance(line, int)


def test_a_value_is_shown_in_its_line_of_the_file_with_a_caret_below_it() -> None:
    lines = run(RECORDINGS / "raw.http").output.splitlines()
    [place] = [at for at, line in enumerate(lines) if '"count": 3601' in line]
    number = (RECORDINGS / "raw.http").read_text().splitlines().index('    "count": 3601') + 1
    assert lines[place].split()[0] == str(number)
    assert lines[place + 1].index("^^^^") == lines[place].index("3601")


@pytest.mark.parametrize("name", ["README.md", "README.zh-CN.md"])
def test_the_finding_that_the_readme_shows_is_what_is_printed(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    [shown] = re.findall("```\n(fixtures/recordings/.*?)```", (ROOT / name).read_text(encoding="utf-8"), re.DOTALL)
    assert shown in run("fixtures/recordings/raw.http").output


def test_all_recordings_of_a_folder_and_of_a_pattern_are_judged_together() -> None:
    whole = {verdict["place"]["file"] for verdict in verdicts(RECORDINGS)}
    assert {Path(name).name for name in whole} >= {"browser.har", "suite.yaml", "raw.http", "journal.jsonl", "media-info.xml"}
    assert {verdict["place"]["file"] for verdict in verdicts(f"{RECORDINGS}/**/*.xml")} == {
        n for n in whole if n.endswith(".xml")
    }


@pytest.mark.parametrize("name", [name for name in BROKEN if name != "samples"])
def test_standard_input_is_judged_as_the_file_is(name: str) -> None:
    content = (RECORDINGS / name).read_bytes()
    piped, named = verdicts("-", stdin=content), verdicts(RECORDINGS / name)
    for verdict in (*piped, *named):
        verdict["place"]["file"] = ""
    assert piped == named


def test_valid_messages_end_with_0_and_are_listed_only_where_that_is_asked_for() -> None:
    quiet, told = run(RECORDINGS / "samples" / "media-info.xml"), run("--verbose", RECORDINGS / "samples" / "media-info.xml")
    assert (quiet.exit_code, told.exit_code) == (0, 0)
    assert "media-info.xml:1" in told.output
    assert "media-info.xml:1" not in quiet.output


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("empty.har", b""),
        ("cut.har", b'{"log": {"entries": [{"request": {"method": "GET"'),
        ("words.txt", b"these are words"),
        ("binary.bin", bytes(range(256))),
        ("strangers.har", b'{"log": {"entries": []}}'),
        ("body.json", b'{"some": "thing"}'),
        ("tag.xml", b"<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>"),
        ("object.yaml", b"interactions:\n- !!python/object/apply:os.system ['true']\n"),
        ("deep.json", b"[" * 100_000),
        ("journal.jsonl", b'{"format": "mockcloud.journal/9"}\n'),
    ],
)
def test_what_cannot_be_judged_ends_with_2_says_why_and_is_never_valid(tmp_path: Path, name: str, content: bytes) -> None:
    (tmp_path / name).write_bytes(content)
    result = run(tmp_path / name)
    assert result.exit_code == 2, result.output
    assert result.exception is None or isinstance(result.exception, SystemExit)
    assert name in result.output
    beside = run(tmp_path / name, RECORDINGS / "samples" / "media-info.xml")
    assert beside.exit_code == 2


def test_a_file_that_is_not_there_ends_with_2_and_the_nearest_name() -> None:
    result = run(RECORDINGS / "browsr.har")
    assert result.exit_code == 2
    assert "Did you mean 'browser.har'?" in " ".join(result.output.split())


def test_a_broken_rule_ends_with_1_though_something_else_could_not_be_judged(tmp_path: Path) -> None:
    assert run(RECORDINGS / "raw.http", tmp_path / "nothing").exit_code == 1


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        (["--operation", "jdcloud.createThumbnail"], "Did you mean 'jdcloud.createThumbnailTask'"),
        (["--host", "jdclod=gateway.example"], "Did you mean 'jdcloud'"),
        (["--host", "jdcloud"], "found 'jdcloud', wanted PROVIDER=HOST"),
        (["--set", "jdcloud.shape=flat"], "no setting 'shape'"),
        (["--set", "flat"], "found 'flat', wanted PROVIDER.SETTING=VALUE"),
        (["--report", "sarif"], "found 'sarif', wanted FORMAT=FILE"),
        (["--report", "sarf=a"], "there is no format 'sarf'"),
        (["--report", "sarif=/nowhere/at/all.sarif"], "cannot be written: No such file or directory"),
    ],
)
def test_an_option_that_is_wrong_ends_with_2_and_what_was_wanted(arguments: list[str], problem: str) -> None:
    result = subprocess.run(
        [sys.executable, "-m", "mockcloud", "validate", *arguments, str(RECORDINGS / "journal.jsonl")],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (result.returncode, "Traceback" in result.stderr) == (2, False)
    assert problem in " ".join(result.stderr.split())


def test_nothing_to_judge_is_a_wrong_call() -> None:
    assert run().exit_code == 2


def test_reports_are_written_beside_what_is_printed(tmp_path: Path) -> None:
    names = {"sarif": "a.sarif", "junit": "a.xml", "json": "a.json", "github": "a.txt"}
    options = [word for kind, name in names.items() for word in ("--report", f"{kind}={tmp_path / name}")]
    result = run(*options, RECORDINGS / "suite.yaml")
    assert COUNT in result.output
    for name in names.values():
        assert COUNT in (tmp_path / name).read_text(encoding="utf-8")
    rules = {one["ruleId"] for one in json.loads((tmp_path / "a.sarif").read_text())["runs"][0]["results"]}
    assert rules == set(BROKEN["suite.yaml"])


def test_the_operation_of_a_body_can_be_named_and_so_can_the_kind_of_a_file(tmp_path: Path) -> None:
    (tmp_path / "sample").write_text('{"title": "every scene"}')
    assert run(tmp_path / "sample").exit_code in (0, 2)
    named = findings("--kind", "body", "--operation", "jdcloud.createThumbnailTask", "--side", "request", tmp_path / "sample")
    assert {one["rule"] for one in named} == {
        "jdcloud.createThumbnailTask/request#/source:required",
        "jdcloud.createThumbnailTask/request#/target:required",
    }


def test_a_gateway_that_stands_for_a_vendor_is_judged_as_it(tmp_path: Path) -> None:
    text = (RECORDINGS / "raw.http").read_text().replace("mps.jdcloud-api.com", "gateway.example")
    (tmp_path / "a.http").write_text(text)
    assert COUNT not in {one["rule"] for one in findings(tmp_path / "a.http")}
    assert COUNT in {one["rule"] for one in findings("--host", "jdcloud=gateway.example", tmp_path / "a.http")}


def test_recordings_without_secrets_are_judged_without_them_where_that_is_asked_for(tmp_path: Path) -> None:
    (tmp_path / "a.http").write_text("GET /?Action=GetRegion HTTP/1.1\nHost: api.ucloud.cn\n\n")
    assert run(tmp_path / "a.http").exit_code == 1
    assert run("--auth", "off", tmp_path / "a.http").exit_code == 0


def test_other_services_of_a_vendor_can_be_passed_over(tmp_path: Path) -> None:
    (tmp_path / "a.http").write_text(
        "GET /?Action=DescribeUHostInstance HTTP/1.1\nHost: api.ucloud.cn\n\nGET /?Action=GetRegion HTTP/1.1\nHost: api.ucloud.cn\n\n"
    )
    assert run("--auth", "off", tmp_path / "a.http").exit_code == 2
    assert run("--auth", "off", "--skip-unknown", tmp_path / "a.http").exit_code == 0


def test_a_kind_whose_package_is_not_installed_is_not_judged_and_the_others_are(monkeypatch: pytest.MonkeyPatch) -> None:

    def missing(*_: object) -> Iterator[Any]:
        raise MissingExtra("reading cassettes", "yaml")

    monkeypatch.setitem(readers.READERS, "cassette", missing)
    result = run(RECORDINGS / "suite.yaml", RECORDINGS / "samples" / "media-info.xml")
    assert result.exit_code == 2
    assert "pip install 'mockcloud[yaml]'" in " ".join(result.output.split())


# Progress ------------------------------------------------------------------------------------------------------------


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture
def moments(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The clock of the progress: each reading takes the last moment of the list."""
    found = [0.0]
    monkeypatch.setattr("mockcloud.cli.progress.monotonic", lambda: found[-1])
    return found


def test_a_long_run_draws_how_far_it_is_and_makes_room_for_what_is_printed(moments: list[float]) -> None:
    out = Terminal()
    progress = Progress(50_000_000, out)
    moments.append(1.0)
    progress.at(12_500_000, lambda: "7 messages")
    assert out.getvalue() == "\r\x1b[K[######..................]  25% of 50.0 MB, 7 messages"
    progress.at(25_000_000, lambda: pytest.fail("it was drawn a moment ago"))
    progress.erase()
    progress.erase()
    assert out.getvalue().endswith("7 messages\r\x1b[K")


def test_a_short_run_and_one_that_nobody_sees_draw_nothing(moments: list[float]) -> None:
    terminal, pipe = Terminal(), io.StringIO()
    Progress(10, terminal).at(5, lambda: "x")
    progress = Progress(10, pipe)
    moments.append(1.0)
    progress.at(5, lambda: "x")
    assert terminal.getvalue() + pipe.getvalue() == ""


def test_where_the_size_is_not_known_the_bytes_are_counted(moments: list[float]) -> None:
    out = Terminal()
    progress = Progress(None, out)
    moments.append(1.0)
    progress.at(1_500_000, lambda: "7 messages")
    assert out.getvalue() == "\r\x1b[K1.5 MB, 7 messages"


def test_on_a_real_terminal_there_is_colour_and_with_NO_COLOR_none() -> None:
    def shown(**environment: str) -> str:
        owner, terminal = pty.openpty()
        environment = {**{k: v for k, v in os.environ.items() if k != "NO_COLOR"}, "TERM": "xterm", **environment}
        command = [sys.executable, "-m", "mockcloud", "validate", str(RECORDINGS / "journal.jsonl")]
        with subprocess.Popen(command, stdout=terminal, stderr=terminal, env=environment, cwd=ROOT) as process:
            os.close(terminal)
            text = b""
            while chunk := _read(owner):
                text += chunk
        assert process.returncode == 1
        os.close(owner)
        return text.decode()

    styled = re.compile("\x1b\\[[0-9;]*m")
    assert styled.search(shown())
    assert not styled.search(shown(NO_COLOR="1"))


def _read(owner: int) -> bytes:
    try:
        return os.read(owner, 65536)
    except OSError:  # Linux says so when the other end is closed
        return b""


def test_the_page_about_recordings_names_every_kind_format_and_status() -> None:
    page = (ROOT / "docs" / "recordings.md").read_text(encoding="utf-8")
    rows = set(re.findall(r"^\| `?(\w+)`? \|", page, re.MULTILINE))
    assert {*KINDS, *FORMATS, "0", "1", "2"} <= rows
    assert set(KINDS) == set(readers.READERS)
    assert set(FORMATS) == set(WRITERS)
