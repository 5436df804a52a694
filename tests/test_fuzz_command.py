"""`mockcloud fuzz`: exit statuses, formats, what is said where nothing can be judged, and that a run repeats."""

from __future__ import annotations

import json
import shlex
import socket
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
from broken_servers import DEFECTS, changed
from click.testing import CliRunner, Result
from test_fuzz_transport import says, served

from mockcloud.cli import cli
from mockcloud.cloud import Cloud
from mockcloud.contracts import meta
from mockcloud.contracts.sketches import sketch
from mockcloud.fuzzing.deviation import KINDS
from mockcloud.messages import Credential

BROKEN = next(defect for defect in DEFECTS if defect.name == "an unknown task is refused with another status")
OPERATION = "pontus.getTranscodingTask"


def fuzz(*arguments: str) -> Result:
    return CliRunner().invoke(cli, ["fuzz", *arguments])


@contextmanager
def serving(folder: Path | None = None, **terms: Any) -> Iterator[str]:
    """A server of one provider on loopback, whose tasks end with the next request."""
    cloud = Cloud(["pontus"], clock="virtual:1", **terms)
    if folder is not None:
        cloud._sketches["pontus"] = sketch(folder)
    cloud.report = lambda problem: None
    with cloud.serve(port=0) as server:
        yield server.url


@pytest.fixture(scope="module")
def broken(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with serving(changed(BROKEN, tmp_path_factory.mktemp("broken"))) as url:
        yield url


def test_a_server_that_keeps_its_contract_ends_with_0_and_says_how_to_repeat_it() -> None:
    with serving() as url:
        ended = fuzz(url, "--operation", "pontus.listProfiles", "--examples", "3", "--seed", "7")
    assert ended.exit_code == 0, ended.output
    assert "pontus: no deviation in " in ended.output
    assert ended.output.splitlines()[-1] == f"repeat: mockcloud fuzz {url} --operation pontus.listProfiles --seed 7 --examples 3"


def test_a_deviation_ends_with_1_and_is_told_with_rule_document_curl_and_answer(broken: str) -> None:
    ended = fuzz(broken, "--operation", OPERATION, "--examples", "0")
    assert ended.exit_code == 1
    told = ended.output
    assert f"status: {OPERATION}: " in told
    assert "wanted    a refusal with NoSuchTask and status 404" in told
    assert "found     the code with status 410" in told
    assert "rule      unknown-task" in told
    assert "source    interface-specification" in told
    assert f"{broken}/api/v0/task/transcoding/" in told
    assert "answered  410 " in told
    assert "ignore    --ignore status:unknown-task" in told
    assert "mockcloud-secret" not in told


def test_a_deviation_that_is_known_can_be_ignored(broken: str) -> None:
    ended = fuzz(broken, "--operation", OPERATION, "--examples", "0", "--ignore", "status:unknown-*")
    assert ended.exit_code == 0
    assert "no deviation, " in ended.output
    assert "more ignored" in ended.output


def test_json_keeps_its_schema_and_a_curl_command_is_one_that_a_shell_takes(broken: str) -> None:
    ended = fuzz(broken, "--operation", OPERATION, "--examples", "0", "--format", "json")
    told = json.loads(ended.stdout)
    jsonschema_rs.Draft202012Validator(meta.schema("outputs/fuzz")).validate(told)
    assert told["status"] == ended.exit_code == 1
    (found,) = told["providers"][0]["deviations"]
    assert (found["kind"], found["rule"], found["document"]) == ("status", "unknown-task", "interface-specification")
    words = shlex.split(found["curl"])
    assert words[0] == "curl"
    assert words[-1] == f"{broken}{found['request']['target']}"


def test_a_junit_report_has_a_failure_for_each_deviation_and_a_case_for_what_is_in_order(broken: str, tmp_path: Path) -> None:
    report = tmp_path / "fuzz.xml"
    operations = ("--operation", OPERATION, "--operation", "pontus.listProfiles")
    ended = fuzz(broken, *operations, "--examples", "0", "--report", f"junit={report}")
    (suite,) = ET.parse(report).getroot()
    assert ended.exit_code == 1
    assert (suite.get("tests"), suite.get("failures"), suite.get("errors")) == ("2", "1", "0")
    assert [case.get("classname") for case in suite.iter("testcase")] == ["pontus.listProfiles", OPERATION]
    (failure,) = suite.iter("failure")
    assert "curl " in (failure.text or "")


@pytest.mark.parametrize("about", [("--set", "pontsu.max_nonce_length=9"), ("--credential", "pontsu:other:another-secret")])
def test_a_provider_that_is_misspelt_is_told_of_wherever_it_stands(about: tuple[str, str]) -> None:
    ended = fuzz("http://127.0.0.1:1", "--provider", "pontus", "--examples", "0", *about)
    assert "there is no provider 'pontsu'. Did you mean 'pontus'?" in str(ended.exception)


def test_the_command_that_repeats_a_run_names_everything_but_the_secret_that_the_run_was_given() -> None:
    asked = (
        "--provider",
        "ucloud",
        "--operation",
        "pontus.listProfiles",
        "--patience",
        "2.5",
        "--auth",
        "off",
        "--examples",
        "0",
    )
    given = ("--credential", "pontus:other:another-secret:code", "--set", "pontus.max_nonce_length=9", "--ignore", "state:*")
    ended = fuzz("http://127.0.0.1:1", *asked, *given)
    assert ended.exit_code == 2
    assert shlex.split(ended.output.splitlines()[-1]) == [
        *("repeat:", "mockcloud", "fuzz", "http://127.0.0.1:1", "--provider", "ucloud", "--operation", "pontus.listProfiles"),
        *("--seed", "0", "--examples", "0", "--credential", "pontus:other:SECRET:code", "--auth", "off"),
        *("--set", "pontus.max_nonce_length=9", "--patience", "2.5", "--ignore", "state:*"),
    ]


@pytest.mark.parametrize("clock", ["virtual:400", "virtual:400@2020-01-01"])
def test_a_server_whose_clock_is_not_ours_is_asked_at_its_time(clock: str) -> None:
    cloud = Cloud(["jdcloud"], clock=clock)
    cloud.report = lambda problem: None
    with cloud.serve(port=0) as server:
        ended = fuzz(server.url, "--operation", "jdcloud.queryCallbackSettings", "--examples", "0")
    assert ended.exit_code == 0, ended.output


def test_of_a_run_that_is_interrupted_what_was_found_is_told(
    broken: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(*_: Any, **__: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("mockcloud.fuzzing.cards.strange", interrupted)
    report = tmp_path / "fuzz.json"
    result = fuzz(broken, "--operation", OPERATION, "--examples", "0", "--report", f"json={report}")
    assert result.exit_code == 130
    assert "cannot be judged: the run was interrupted" in result.output
    assert "  again     mockcloud fuzz" in result.output
    assert json.loads(report.read_text())["providers"][0]["deviations"]


def test_nobody_who_listens_is_told_of_with_2() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    ended = fuzz(f"http://127.0.0.1:{port}", "--provider", "pontus", "--examples", "0")
    assert ended.exit_code == 2
    assert f"pontus: cannot be judged: no connection to 127.0.0.1:{port}: " in ended.output


def test_a_server_that_knows_another_credential_is_told_of_with_2_and_judged_with_that_credential() -> None:
    with serving(credentials={"pontus": [Credential("other", "another-secret", "code")]}) as url:
        ended = fuzz(url, "--provider", "pontus", "--examples", "0")
        assert ended.exit_code == 2
        assert "refuses every request with AccessDenied, as it refuses strangers" in ended.output
        assert "--credential pontus:ID:SECRET:CLIENT_CODE" in ended.output
        given = ("--credential", "pontus:other:another-secret:code")
        ended = fuzz(url, "--operation", "pontus.listProfiles", "--examples", "0", *given)
    assert ended.exit_code == 0, ended.output
    assert "another-secret" not in ended.output


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        (b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi", "does not answer as pontus: asked GET "),
        (b"HTTP/1.1 404 Not Found\r\nContent-Length: 2\r\n\r\n{}", "does not answer as pontus"),
        (b"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n", "found 302 no body"),
        (b"SSH-2.0-OpenSSH_9.6\r\n", "what came is no HTTP"),
        (b"", "the connection was closed without an answer"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{", "ended 99 bytes before the answer's end"),
    ],
    ids=["another server", "nothing there", "redirect", "no HTTP", "closed", "cut"],
)
def test_a_server_that_is_not_the_provider_is_told_of_with_2(answer: bytes, told: str) -> None:
    with served(says(answer)) as url:
        ended = fuzz(url, "--provider", "pontus", "--examples", "0")
    assert ended.exit_code == 2
    assert told in ended.output
    assert "Traceback" not in ended.output


def test_providers_that_are_not_there_are_passed_over_unless_they_are_named() -> None:
    with serving() as url:
        ended = fuzz(url, "--examples", "0", "--format", "json", "--ignore", "*")
        assert [one["provider"] for one in json.loads(ended.stdout)["providers"]] == ["pontus"]
        ended = fuzz(url, "--examples", "0", "--provider", "ucloud")
    assert ended.exit_code == 2
    assert "does not answer as ucloud" in ended.output


@pytest.mark.parametrize(
    "url",
    [
        "localhost:8080",
        "ftp://localhost",
        "http://",
        "http://localhost/path",
        "http://localhost:port",
        "http://localhost:0",
        "http://[::1",
        "http://u:p@localhost",
    ],
)
def test_what_is_no_address_of_a_server_is_refused_in_a_line(url: str) -> None:
    ended = fuzz(url, "--provider", "pontus", "--examples", "0")
    assert "a server is http://HOST[:PORT] or https://HOST[:PORT]" in str(ended.exception)


def test_a_report_that_cannot_be_written_is_told_of_before_anything_is_asked(tmp_path: Path) -> None:
    ended = fuzz("http://127.0.0.1:1", "--report", f"json={tmp_path / 'none' / 'x.json'}")
    assert "x.json' cannot be written: No such file or directory" in str(ended.exception)
    ended = fuzz("http://127.0.0.1:1", "--report", f"json={tmp_path}")
    assert "cannot be written: Is a directory" in str(ended.exception)
    ended = fuzz("http://127.0.0.1:1", "--report", "yaml=x")
    assert ended.exit_code == 2
    assert "wanted text, json, junit" in ended.output


def test_the_kinds_of_deviation_are_those_of_the_schema_and_of_the_page() -> None:
    schema = meta.schema("outputs/fuzz")
    assert set(schema["$defs"]["deviation"]["properties"]["kind"]["enum"]) == set(KINDS)
    page = (Path(__file__).parents[1] / "docs" / "fuzzing.md").read_text(encoding="utf-8")
    for kind, meaning in KINDS.items():
        assert f"| `{kind}` | {meaning} |" in page
