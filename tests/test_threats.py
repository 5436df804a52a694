"""What a mock server that stands in a CI network must survive, beside what the tests of its parts say."""

from __future__ import annotations

import ast
import json
import re
from pathlib import Path
from typing import Any

import pytest
from cases import ROOT, signed
from click.testing import CliRunner

from mockcloud import Cloud, Credential, Request
from mockcloud.cli.serve import serve
from mockcloud.contracts import folders
from mockcloud.contracts.loader import load
from mockcloud.contracts.sketches import sketch
from mockcloud.contracts.xml_schema import XmlSchema
from mockcloud.contracts.xsd_reader import Node
from mockcloud.pipeline.routing import LONGEST_HOST
from mockcloud.server.server import serve as server_of

FILES = sorted((ROOT / "mockcloud").rglob("*.py"))
CONTRACTS = [load(folder) for folder in folders.known().values()]


def calls(path: Path) -> set[str]:
    return {ast.unparse(node.func) for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Call)}


def imports_of(path: Path) -> list[ast.alias]:
    tree = ast.walk(ast.parse(path.read_text()))
    return [alias for node in tree if isinstance(node, (ast.Import, ast.ImportFrom)) for alias in node.names]


def imported(path: Path) -> set[str]:
    tree = ast.walk(ast.parse(path.read_text()))
    return {name.name.split(".")[0] for node in tree if isinstance(node, (ast.Import, ast.ImportFrom)) for name in node.names} | {
        (node.module or "").split(".")[0] for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.ImportFrom)
    }


PROGRAMS = {"mockcloud/changes/revisions.py": "asks git for objects by their ids, with arguments in a list and no shell"}
"""The modules that start a program, and why."""


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_nothing_is_evaluated_unpickled_or_run_in_a_shell(path: Path) -> None:
    assert not calls(path) & {"eval", "exec", "compile", "__import__", "os.system", "os.popen"}
    forbidden = {"pickle", "marshal", "shelve", "subprocess", "jinja2", "yaml"}
    assert imported(path) & forbidden <= ({"subprocess"} if str(path.relative_to(ROOT)) in PROGRAMS else set())
    assert "shell" not in {
        keyword.arg for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Call) for keyword in node.keywords
    }


def test_of_yaml_only_the_events_are_asked_for_so_that_no_tag_builds_an_object() -> None:
    path = ROOT / "mockcloud" / "traffic" / "yaml_stream.py"
    assert {call for call in calls(path) if call.startswith("yaml.")} == {"yaml.parse"}
    assert not [
        other for other in FILES if other != path and '"yaml"' in other.read_text() and "import_module" in other.read_text()
    ]


@pytest.mark.parametrize("name", sorted(folders.known()))
def test_signatures_are_compared_in_constant_time(name: str) -> None:
    path = ROOT / "mockcloud" / "providers" / f"{name}.py"
    names = {alias.asname for alias in imports_of(path) if alias.name == "compare_digest"} | {"compare_digest"}
    assert {call.rpartition(".")[2] for call in calls(path)} & names, "nothing is compared by compare_digest"


def patterns_of(node: Any) -> list[str]:
    if isinstance(node, dict):
        own = [node["pattern"]] if isinstance(node.get("pattern"), str) else []
        return own + [pattern for value in node.values() for pattern in patterns_of(value)]
    return [pattern for item in node for pattern in patterns_of(item)] if isinstance(node, list) else []


def xsd_patterns(node: Node) -> list[str]:
    own = [str(facet.demand) for facet in node.facets if facet.name == "pattern"]
    return own + [pattern for child in (node.children or {}).values() for pattern in xsd_patterns(child)]


def shipped_patterns() -> set[str]:
    found = set()
    for path in (ROOT / "schemas").rglob("*.schema.json"):
        found |= set(patterns_of(json.loads(path.read_text())))
    for contract in CONTRACTS:
        for operation in contract.operations.values():
            for schema in (operation.request, operation.response):
                found |= set(xsd_patterns(schema.root)) if isinstance(schema, XmlSchema) else set()
    return found


@pytest.mark.parametrize("pattern", sorted(shipped_patterns()))
def test_no_shipped_pattern_takes_for_ever(pattern: str) -> None:
    # A pattern that backtracks without end hangs here; the judgement itself does not matter.
    for unit in ("a", "0", "-", ".", "a.", "0-", "http://", "a-1.", " ", "-0000"):
        text = unit * (20_000 // len(unit))
        re.search(pattern, text)
        re.search(pattern, text + "\n")
        re.fullmatch(pattern, text + "!")


@pytest.mark.parametrize(
    "pattern", sorted(host["pattern"] for folder in folders.known().values() for host in sketch(folder).hosts)
)
def test_no_host_of_any_length_takes_for_ever(pattern: str) -> None:
    for unit in ("a", "0", "-", ".", "a.", "0-", "a-1.", "-0000"):
        re.fullmatch(pattern, unit * (LONGEST_HOST // len(unit)))
        assert not Cloud().answers(unit * 100_000)


def test_the_server_binds_to_loopback_unless_it_is_told_otherwise() -> None:
    option = next(parameter for parameter in serve.params if parameter.name == "host")
    assert option.default == "127.0.0.1"
    with server_of(Cloud()) as server:
        assert server.host == "127.0.0.1"
    assert "127.0.0.1" in CliRunner().invoke(serve, ["--help"]).output


OWNERS = [Credential("alice", "secret-a", "alice"), Credential("bob", "secret-b", "bob")]
CREATE = {
    "jdcloud": Request(
        "POST",
        "/v1/regions/cn-north-1/thumbnail",
        "mps.jdcloud-api.com",
        (("Content-Type", "application/json"),),
        b'{"source":{"bucket":"b","key":"k"},"target":{"destBucket":"d"}}',
    ),
    "pontus": Request(
        "POST",
        "/api/v1/task/transcoding",
        "media.pontus.com",
        (),
        b'{"source":{"source_url":"rtmp://h/i"},"targets":[{"target_url":"rtmp://h/o"}]}',
    ),
    "tencent_ci": Request(
        "POST",
        "/jobs",
        "b-1250000000.ci.ap-chongqing.myqcloud.com",
        (("Content-Length", "76"),),
        b"<Request><Tag>MediaInfo</Tag><Input><Object>a.mp4</Object></Input></Request>",
    ),
    "ucloud": Request(
        "GET",
        "/?Action=CreateMediaTask&Region=r&Zone=z&StorageBackend=US3&Bucket=b&SrcKey=s&DstKey=d&Function=VideoCapture&FunctionParamTemplateId=preset-capture-jpg",
        "api.ucloud.cn",
    ),
}
READ = {
    "jdcloud": "/v1/regions/cn-north-1/thumbnail/{}",
    "pontus": "/api/v1/task/transcoding/{}",
    "tencent_ci": "/jobs/{}",
    "ucloud": "/?Action=DescribeMediaTask&Region=r&Zone=z&TaskId={}",
}


@pytest.mark.parametrize("provider", sorted(CREATE))
def test_what_one_account_creates_another_cannot_see(provider: str) -> None:
    cloud = Cloud(credentials={provider: OWNERS})
    sign = cloud._service(provider).contract.behaviours.sign
    assert sign is not None
    alice, bob = OWNERS
    assert cloud.handle(sign(CREATE[provider], alice, cloud.clock.now() + 1)).status == 200
    (task,) = cloud.tasks(provider)
    asked = Request("GET", READ[provider].format(task.id), CREATE[provider].host)
    seen = [cloud.handle(sign(asked, owner, cloud.clock.now() + 1)) for owner in (alice, bob)]
    found = [task.state.encode() in response.body for response in seen]
    assert found == [True, False], [response.body for response in seen]


@pytest.mark.parametrize("provider", sorted(CREATE))
def test_what_a_request_reflects_does_not_split_the_answer(provider: str) -> None:
    cloud = Cloud()
    cloud.report = lambda problem: None
    evil = "x%0d%0aSet-Cookie:%20a=b"
    for target in (f"/?Action={evil}", READ[provider].format(evil), f"/v1/{evil}", f"/jobs/{evil}"):
        response = cloud.handle(signed(cloud, provider, Request("GET", target, CREATE[provider].host)))
        assert all(name.isprintable() and value.isprintable() for name, value in response.headers)
        assert response.header("set-cookie") is None


def test_a_secret_is_in_no_journal_and_no_representation() -> None:
    cloud = Cloud()
    cloud.handle(signed(cloud, "jdcloud", CREATE["jdcloud"]))
    text = repr(list(cloud.journal)) + repr(cloud.credentials("jdcloud")) + repr(cloud.tasks("jdcloud"))
    assert "mockcloud-secret" not in text
