"""Wire vectors: what a pack says of its bytes is true, every rule is in it, and a server in another process answers the same."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
from cases import ROOT
from test_packaging import WITHOUT_EXTRAS
from vector_packs import exported, pack, request_of, response_of, vectors_of

from mockcloud import Cloud, UsageError, validate
from mockcloud.contracts import folders, meta
from mockcloud.contracts.sources import sources
from mockcloud.exports import vectors
from mockcloud.messages import Refusal
from mockcloud.reports.dossier import dossier
from mockcloud.state.clock import opened_clock

PROVIDERS = sorted(folders.known())
NODE = shutil.which("node")
RUNNER = ROOT / "examples" / "vectors" / "replay.mjs"
needs_node = pytest.mark.skipif(NODE is None, reason="Node is not installed")
each_provider = pytest.mark.parametrize("provider", PROVIDERS)


def rules_of(provider: str) -> set[str]:
    return {rule for one in dossier(provider).contract.operations.values() for rule in one.request.rules}


def broken_by(vector: Any) -> set[str]:
    return {one.rule for one in validate(vector["operation"], request_of(vector))}


# What a pack says ------------------------------------------------------------------------------------------------------


@each_provider
def test_a_pack_keeps_its_format(provider: str) -> None:
    jsonschema_rs.Draft202012Validator(meta.schema("outputs/vectors")).validate(pack(provider))
    assert exported(provider).name == f"{provider}.vectors.json"
    assert exported(provider).content.isascii()


@each_provider
def test_every_request_of_a_rule_breaks_that_rule_and_no_other_on_the_wire(provider: str) -> None:
    found = {one["rule"]: broken_by(one) for one in vectors_of(provider) if one["rule"]}
    assert found == {rule: {rule} for rule in found}


@each_provider
def test_every_request_that_is_accepted_breaks_no_rule(provider: str) -> None:
    accepted = [one for one in vectors_of(provider) if one["verdict"] == "accepted" and one["operation"]]
    assert {one["id"]: found for one in accepted if (found := broken_by(one))} == {}
    assert {one["rule"] for one in accepted} == {""}


@each_provider
def test_every_request_that_breaks_no_rule_and_is_refused_names_its_condition(provider: str) -> None:
    conditions = dossier(provider).contract.errors.conditions
    for one in vectors_of(provider):
        refused = one["verdict"] == "refused"
        assert refused == bool(one["refusal"]) == bool(one["rule"] or one["condition"]), one["id"]
        earned = conditions.get(one["condition"])
        assert (earned.code if earned else one["condition"] or one["refusal"]) == one["refusal"], one["id"]


@each_provider
def test_every_rule_is_broken_by_one_vector_or_listed_with_the_reason(provider: str) -> None:
    broken = Counter(one["rule"] for one in vectors_of(provider) if one["rule"])
    listed = [one["rule"] for one in pack(provider)["unbroken"]]
    assert max(broken.values()) == 1
    assert Counter([*broken, *listed]) == Counter(rules_of(provider))


def test_the_rules_that_no_bytes_can_break_are_those_that_tell_operations_apart_and_one_that_a_setting_lets_pass() -> None:
    listed = {one["rule"]: one["reason"] for provider in PROVIDERS for one in pack(provider)["unbroken"]}
    passed = listed.pop("ucloud.CreateFunctionTemplate/request#/VideoBitRate:spelt-as-documented")
    assert passed == "the setting ucloud.adaptive is 'accepted', with which it need not be kept"
    assert set(listed.values()) == {"Tag tells operations apart: without it the request is one of CreateMediaJobs"}
    assert len(listed) == 19


@each_provider
def test_every_operation_has_a_request_that_is_accepted_and_its_smallest_and_fullest(provider: str) -> None:
    operations = {one.id for one in dossier(provider).contract.operations.values()}
    assert {one["operation"] for one in vectors_of(provider) if one["verdict"] == "accepted"} - {""} == operations
    ids = {one["id"] for one in vectors_of(provider)}
    assert {f"{one}/smallest" for one in operations} <= ids
    assert len(ids) == len(vectors_of(provider))


@each_provider
def test_every_operation_is_asked_unsigned_and_forged_and_both_are_refused(provider: str) -> None:
    operations = {one.id for one in dossier(provider).contract.operations.values()}
    for kind in ("unsigned", "forged"):
        found = {one["operation"]: one for one in vectors_of(provider) if one["id"] == f"{one['operation']}/{kind}"}
        assert found.keys() == operations
        assert {(one["verdict"], one["rule"]) for one in found.values()} == {("refused", "")}


@pytest.mark.parametrize(
    ("provider", "conditions"),
    [
        ("jdcloud", {"unknown-task", "target-too-long", "date-expired", "access-key-unknown", "bad-period"}),
        ("pontus", {"client-code-mismatch", "duplicate-channel", "channel-not-interactive", "protected-profile", "missing-body"}),
        ("tencent_ci", {"content-digest", "missing-content-length", "event-refused", "protected-template", "unknown-operation"}),
        ("ucloud", {"missing-operation", "unknown-operation", "user-unknown", "signature-mismatch", "protected-template"}),
    ],
)
def test_a_pack_holds_what_no_rule_is_about(provider: str, conditions: set[str]) -> None:
    met = {one["condition"] for one in vectors_of(provider)}
    assert conditions | {"unknown-route", "unknown-method", "malformed-body"} <= met


@each_provider
def test_every_code_that_a_request_can_be_refused_with_stands_in_a_pack(provider: str) -> None:
    errors = dossier(provider).contract.errors
    assert {one["refusal"] for one in vectors_of(provider)} - {""} == {code for code in errors.codes if errors.request_code(code)}


@each_provider
def test_the_states_of_a_task_are_seen_until_it_has_ended(provider: str) -> None:
    contract = dossier(provider).contract
    seen = {one["id"].rpartition("/of ")[2] for one in vectors_of(provider) if "/of " in one["id"]}
    for table in contract.lifecycles.values():
        assert table.initial in seen
        assert {"succeeded", "failed"} <= {table.states[name].phase for name in seen & set(table.states)}


@each_provider
def test_the_evidence_of_a_broken_rule_is_that_of_its_contract_with_document_and_line(provider: str) -> None:
    contract = dossier(provider).contract
    for one in vectors_of(provider):
        if one["rule"]:
            operation = contract.operations[one["operation"].partition(".")[2]]
            found = sources(contract, operation.request.rules[one["rule"]].evidence)
            told = [(source["kind"], source["document"], source["line"]) for source in one["evidence"]]
            assert told[: len(found)] == [(source.kind, source.name, source.place) for source in found], one["id"]


@each_provider
def test_a_request_is_signed_at_the_time_at_which_it_is_handled(provider: str) -> None:
    clock = pack(provider)["clock"]
    times = [one["at"] for one in vectors_of(provider)]
    assert times == [clock["start"] + number * clock["tick"] for number in range(1, len(times) + 1)]


# The same bytes --------------------------------------------------------------------------------------------------------


@each_provider
def test_a_fresh_cloud_gives_the_packs_answers_byte_for_byte_whenever_it_sends_its_messages(provider: str) -> None:
    clock = re.search(r"--clock (\S+)", pack(provider)["serve"])
    assert clock is not None
    cloud = Cloud([provider], clock=opened_clock(clock[1]), seed=pack(provider)["seed"])
    told: list[str] = []
    cloud.report = told.append
    for number, one in enumerate(vectors_of(provider)):
        assert cloud.handle(request_of(one)) == response_of(one), one["id"]
        if number % 7 == 0:
            cloud.deliver()
    assert [problem for problem in told if "matches no operation" not in problem] == []


SOME = ("CreateMediaJobs.MediaInfo", "CancelMediaJob", "CreateMediaTemplate.VoiceSeparate")
MADE = """
import hashlib
from mockcloud.exports.vectors import export
for provider in ("jdcloud", "pontus", "ucloud"):
    print(hashlib.sha256(next(export(provider)).content).hexdigest())
print(hashlib.sha256(next(export("tencent_ci", %r)).content).hexdigest())
"""


def test_a_pack_is_the_same_bytes_in_another_process_without_the_extras() -> None:
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONHASHSEED": "42", "TZ": "Asia/Shanghai"}
    command = [sys.executable, "-c", WITHOUT_EXTRAS + MADE % (SOME,)]
    run = subprocess.run(command, capture_output=True, text=True, check=False, env=environment)
    assert run.returncode == 0, run.stderr
    made = [exported("jdcloud"), exported("pontus"), exported("ucloud"), next(vectors.export("tencent_ci", SOME))]
    assert run.stdout.split() == [sha256(one.content).hexdigest() for one in made]


# Some operations, other providers --------------------------------------------------------------------------------------


def test_a_pack_of_one_operation_holds_what_it_needs_and_no_other() -> None:
    found = json.loads(next(vectors.export("pontus", ["pontus.getTranscodingTask"])).content)["vectors"]
    others = {re.sub(r" \(\d+\)$", "", one["id"]) for one in found if one["operation"] not in ("pontus.getTranscodingTask", "")}
    assert others == {"pontus.createTranscodingTask/for getTranscodingTask"}
    assert found == json.loads(next(vectors.export("pontus", ["getTranscodingTask"])).content)["vectors"]
    assert {one["verdict"] for one in found} == {"accepted", "refused"}


@pytest.mark.parametrize(
    ("provider", "operations", "said"),
    [
        ("pontos", None, "there is no provider 'pontos'. Did you mean 'pontus'?"),
        ("pontus", ["getProfil"], "pontus has no operation 'getProfil'. Did you mean 'getProfile'?"),
    ],
)
def test_what_is_not_there_is_refused_with_the_nearest(provider: str, operations: list[str] | None, said: str) -> None:
    with pytest.raises(UsageError) as caught:
        list(vectors.export(provider, operations))
    assert str(caught.value) == said


def test_a_provider_without_a_signer_is_told_how_to_get_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dossier("pontus").contract.behaviours, "sign", None)
    with pytest.raises(UsageError, match=r"pontus has no signer.*mark a function of its module with @behaviours\.signer"):
        list(vectors.export("pontus"))


def test_somebody_elses_provider_has_a_pack_too(monkeypatch: pytest.MonkeyPatch) -> None:
    sample = ROOT / "examples" / "provider"
    monkeypatch.syspath_prepend(str(sample))
    monkeypatch.setattr(folders, "known", lambda: {"acme_transcode": sample / "acme_transcode"})
    found = json.loads(next(vectors.export("acme_transcode")).content)
    broken = {one["rule"] for one in found["vectors"]} - {""}
    assert broken == rules_of("acme_transcode")
    assert {one["verdict"] for one in found["vectors"]} == {"accepted", "refused"}


# The runner ------------------------------------------------------------------------------------------------------------

Serve = Callable[..., str]


@pytest.fixture
def serve() -> Iterator[Serve]:
    started: list[subprocess.Popen[str]] = []

    def start(*arguments: str) -> str:
        process = subprocess.Popen(
            [sys.executable, "-m", "mockcloud", "serve", "--port", "0", *arguments],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
        )
        started.append(process)
        assert process.stdout is not None
        return process.stdout.readline().rpartition(" ")[2].strip()

    yield start
    for process in started:
        process.kill()
        process.communicate()


def of_pack(provider: str) -> list[str]:
    """What a pack says of the server that it is for, as arguments."""
    return str(pack(provider)["serve"]).split()[2:]


def replayed(path: Path, url: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([str(NODE), str(RUNNER), str(path), url], capture_output=True, text=True, check=False, timeout=120)


def written(tmp_path: Path, provider: str, change: Callable[[Any], None] = bool) -> Path:
    data = json.loads(exported(provider).content)
    change(data)
    path = tmp_path / exported(provider).name
    path.write_text(json.dumps(data))
    return path


@needs_node
@each_provider
def test_the_runner_passes_every_vector_against_a_server_of_its_own(provider: str, serve: Serve, tmp_path: Path) -> None:
    path = tmp_path / "pack.json"
    path.write_bytes(exported(provider).content)
    run = replayed(path, serve(*of_pack(provider)))
    assert (run.stdout.splitlines()[-3:], run.stderr, run.returncode) == (
        [f"{len(vectors_of(provider))} passed, 0 failed"],
        "",
        0,
    )


BREAKING = "pontus.createProfile/request#/qlties/*/bitrate:positive"


@needs_node
def test_the_runner_catches_one_byte_of_an_answer_and_names_the_rule_and_its_document(serve: Serve, tmp_path: Path) -> None:
    def change(data: Any) -> None:
        vector = next(one for one in data["vectors"] if one["rule"] == BREAKING)
        vector["response"]["body"] = vector["response"]["body"].replace("I", "J", 1)

    run = replayed(written(tmp_path, "pontus", change), serve(*of_pack("pontus")))
    lines = run.stdout.splitlines()
    assert (run.returncode, lines[-1]) == (1, f"{len(vectors_of('pontus')) - 1} passed, 1 failed")
    assert lines[0].startswith(f"FAILED {BREAKING}: qlties.*.bitrate ")
    assert lines[1].startswith(f"  refused, by {BREAKING} [profile-api")
    assert re.search(r'body, from byte \d+: wanted ".*J.*", found ".*I.*"', lines[2])


@needs_node
def test_the_runner_catches_one_byte_of_a_request(serve: Serve, tmp_path: Path) -> None:
    def change(data: Any) -> None:
        vector = next(one for one in data["vectors"] if one["id"] == "pontus.createTranscodingTask/smallest")
        vector["request"]["headers"] = [
            [name, "0" if name == "apiCheckSum" else value] for name, value in vector["request"]["headers"]
        ]

    run = replayed(written(tmp_path, "pontus", change), serve(*of_pack("pontus")))
    assert run.returncode == 1
    assert run.stdout.startswith("FAILED pontus.createTranscodingTask/smallest: The smallest request of createTranscodingTask.\n")
    assert "  status: wanted 200, found 40" in run.stdout


@needs_node
@pytest.mark.parametrize(
    ("provider", "other"),
    [
        ("ucloud", ["--seed", "1"]),
        ("pontus", ["--clock", "virtual:2@1767268800"]),
        ("ucloud", ["--set", "ucloud.unknown_task=refused"]),
        ("ucloud", ["--credential", "ucloud:mockcloud:another-secret"]),
    ],
    ids=["another seed", "another tick", "another setting", "another secret"],
)
def test_the_runner_catches_a_server_that_is_not_the_packs(provider: str, other: list[str], serve: Serve, tmp_path: Path) -> None:
    run = replayed(written(tmp_path, provider), serve(*of_pack(provider), *other))
    assert run.returncode == 1
    assert re.search(r"^\d+ passed, [1-9]\d* failed$", run.stdout.splitlines()[-1])
    assert f"(the pack is for a fresh server: {pack(provider)['serve']})" in run.stdout


@needs_node
@pytest.mark.parametrize(
    ("content", "url", "said"),
    [
        ("{", "http://127.0.0.1:9", "pack.json cannot be read: "),
        ('{"format": "mockcloud.vectors/2", "vectors": []}', "http://127.0.0.1:9", 'its format is "mockcloud.vectors/2", wanted is "mockcloud.vectors/1"'),
        ("", "ftp://127.0.0.1", "ftp://127.0.0.1 is no http URL"),
        ("", "127.0.0.1:80", "127.0.0.1:80 is no http URL"),
        ("", "http://127.0.0.1:1", "no server at 127.0.0.1:1: "),
    ],
)  # fmt: skip
def test_the_runner_ends_with_2_when_there_is_nothing_to_judge(content: str, url: str, said: str, tmp_path: Path) -> None:
    path = tmp_path / "pack.json"
    path.write_text(content or exported("ucloud").content.decode("ascii"))
    run = replayed(path, url)
    assert (run.returncode, run.stdout) == (2, "")
    assert run.stderr.startswith("replay: ")
    assert said in run.stderr


@needs_node
def test_the_runner_without_arguments_says_how_it_is_used() -> None:
    run = subprocess.run([str(NODE), str(RUNNER)], capture_output=True, text=True, check=False, timeout=30)
    assert (run.returncode, run.stderr) == (2, "replay: usage: node replay.mjs PACK URL\n")


def test_the_page_beside_the_runner_says_how_many_pass() -> None:
    page = (RUNNER.parent / "README.md").read_text(encoding="utf-8")
    assert f"\n{len(vectors_of('jdcloud'))} passed, 0 failed\n" in page
    assert str(pack("jdcloud")["serve"]) in page


def test_a_body_that_cannot_be_read_is_refused_before_its_rules_are_asked() -> None:
    unreadable = [one for provider in PROVIDERS for one in vectors_of(provider) if one["condition"] == "malformed-body"]
    assert any("body_base64" in one["request"] for one in unreadable)
    for one in unreadable:
        with pytest.raises(Refusal):
            validate(one["operation"], request_of(one))
