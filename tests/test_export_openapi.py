"""The exported OpenAPI documents: that nothing of a contract is missing, and that what stands in them is so."""

from __future__ import annotations

import json
import os
import re
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import jsonschema
import pytest
from cases import ROOT
from exported import contract_of, messages

from mockcloud.contracts import folders, meta
from mockcloud.contracts.json_reader import sources
from mockcloud.contracts.xml_schema import XmlSchema
from mockcloud.contracts.xsd_reader import Node
from mockcloud.exports import xml_hints
from mockcloud.exports.openapi import described as made_of
from mockcloud.exports.openapi import export
from mockcloud.exports.openapi_conditions import without_if
from mockcloud.exports.openapi_nulls import nullable
from mockcloud.exports.openapi_paths import path_of
from mockcloud.exports.subject import sides
from mockcloud.exports.xml_conditions import condition

PROVIDERS = sorted(folders.known())
BIN = Path(os.environ.get("MOCKCLOUD_SCHEMATHESIS", ROOT / ".venv" / "schemathesis" / "bin" / "st")).parent
OPERATIONS = [pytest.param(p, name, id=f"{p}.{name}") for p in PROVIDERS for name in contract_of(p).operations]


@cache
def document(provider: str) -> Any:
    [file] = export(provider)
    return json.loads(file.content)


def described(provider: str, name: str) -> Iterator[Any]:
    """The OpenAPI operations that stand for an operation, one for each of its methods."""
    operation = contract_of(provider).operations[name]
    for method in operation.methods:
        found = document(provider)["paths"][path_of(operation).text][method.lower()]
        assert f"{provider}.{name}" in [one["id"] for one in found["x-mockcloud-operations"]]
        yield found


def plain(provider: str, schema: Any) -> Any:
    """A validator of a schema of the document, its references resolved."""
    whole = {**schema, "components": document(provider)["components"]}
    return jsonschema.Draft202012Validator(whole)


@pytest.mark.skipif(not (BIN / "openapi-spec-validator").exists(), reason="openapi-spec-validator is not beside Schemathesis")
@pytest.mark.parametrize("provider", PROVIDERS)
def test_the_document_is_valid_openapi_3_1(provider: str, tmp_path: Path) -> None:
    (tmp_path / "openapi.json").write_text(json.dumps(document(provider)))
    command = [str(BIN / "openapi-spec-validator"), str(tmp_path / "openapi.json")]
    run = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)
    assert run.returncode == 0, run.stdout[-2000:] + run.stderr[-2000:]


@pytest.mark.parametrize("provider", PROVIDERS)
def test_what_openapi_has_no_word_for_is_described_by_a_schema(provider: str) -> None:
    jsonschema.Draft202012Validator(meta.schema("outputs/openapi")).validate(document(provider))


@pytest.mark.parametrize(("provider", "name"), OPERATIONS)
def test_each_operation_stands_under_its_path_and_each_of_its_methods(provider: str, name: str) -> None:
    assert len(list(described(provider, name))) == len(contract_of(provider).operations[name].methods)


@pytest.mark.parametrize(("provider", "name"), OPERATIONS)
def test_every_code_that_a_rule_earns_has_its_status_its_rules_and_an_example(provider: str, name: str) -> None:
    contract = contract_of(provider)
    for found in described(provider, name):
        for rule in contract.operations[name].request.rules:
            answer = contract.errors.broken(rule)
            assert answer is not None
            if contract.errors.unless[contract.errors.rank(rule)] is None:
                response = found["responses"][str(answer.status)]
                assert rule in response["x-mockcloud-codes"][answer.code]
                assert any(answer.code in media.get("examples", {}) for media in response["content"].values())


@pytest.mark.parametrize(("provider", "name"), OPERATIONS)
def test_every_condition_that_an_operation_declares_has_its_status(provider: str, name: str) -> None:
    from mockcloud.contracts import operations

    contract = contract_of(provider)
    for found in described(provider, name):
        told = {by for one in found["responses"].values() for codes in one.get("x-mockcloud-codes", {}).values() for by in codes}
        assert operations.conditions(contract.operations[name], contract.resources) <= told


@pytest.mark.parametrize("provider", PROVIDERS)
def test_every_json_example_is_valid_by_the_schema_beside_it(provider: str) -> None:
    for path, item in document(provider)["paths"].items():
        for method, operation in item.items():
            for status, response in operation["responses"].items():
                for media, content in response.get("content", {}).items():
                    validator = plain(provider, content.get("schema", {}))
                    for name, example in content.get("examples", {}).items() if "json" in media else ():
                        problems = list(validator.iter_errors(example["value"]))
                        assert not problems, f"{method} {path} {status} {name}: {problems[0].message}"


@pytest.mark.parametrize("provider", PROVIDERS)
def test_every_reference_leads_to_a_component_and_every_component_is_referred_to(provider: str) -> None:
    referred = set(re.findall(r'"#/components/schemas/([^"]+)"', json.dumps(document(provider))))
    assert referred == set(document(provider)["components"]["schemas"])


@pytest.mark.parametrize("provider", PROVIDERS)
def test_the_evidence_of_every_source_is_told_in_the_document(provider: str) -> None:
    told = document(provider)["x-mockcloud-documents"]
    for source in sources(document(provider)):
        known = source if source.startswith("contradiction#") else source.partition("#")[0]
        assert source.startswith("decision: ") or known in told


@cache
def body_of(provider: str, name: str) -> Any:
    return plain(provider, document(provider)["components"]["schemas"][f"{name}.request"])


def test_a_json_body_of_every_fixture_gets_the_verdict_of_its_rules_from_the_component() -> None:
    from test_export_jsonschema import UNSAID

    judged = 0
    for one in messages():
        name, _, side = one.name.rpartition("/")
        operation = contract_of(one.provider).operations.get(name)
        if side != "request" or one.data is None or operation is None or operation.reads != "json":
            continue
        in_path = path_of(operation).names
        body = {key: value for key, value in one.data.items() if key not in in_path}
        about_path = {rule for rule in one.broken if any(f"#/{argument}:" in rule for argument in in_path)}
        broken = one.broken - about_path
        if not broken or not broken <= UNSAID:
            assert body_of(one.provider, operation.name).is_valid(body) is not bool(broken), one.id
            judged += 1
    assert judged > 500


def as_openapi(data: Any, node: Node) -> Any:
    """What a document holds, as OpenAPI has it: numbers as such, what may repeat as a list."""
    if node.children is None:
        number = node.base != "string" and re.fullmatch(r"[+-]?[0-9]+([.][0-9]+)?", data)
        return (float if "." in data else int)(data) if number else data
    made = {}
    for name, value in data.items():
        child = node.children[name]
        values = [as_openapi(one, child) for one in (value if isinstance(value, list) else [value])]
        made[name] = values if child.most > 1 or len(values) > 1 else values[0]
    return made


def test_every_xml_fixture_gets_our_verdict_from_the_schema_with_hints_and_asserts() -> None:
    validators: dict[tuple[str, str], Any] = {}
    wrong, judged = [], 0
    for one in messages():
        if one.raw:
            schema = schema_named(one.provider, one.name)
            known = validators.setdefault(
                (one.provider, one.name), jsonschema.Draft202012Validator(xml_hints.document(schema.root))
            )
            judged += 1
            data = as_openapi(schema.settle(ET.fromstring(one.raw)), schema.root)
            if known.is_valid(data) is bool(one.broken):
                wrong.append((one.id, set(one.broken)))
    assert wrong == []
    assert judged > 1000


def schema_named(provider: str, name: str) -> XmlSchema:
    [schema] = [side.schema for side in sides(contract_of(provider)) if side.name == name and isinstance(side.schema, XmlSchema)]
    return schema


@pytest.mark.parametrize(
    "test", ["string-length(A) = 3", "A = B", "A/B", "not A", "(A = 'x'", "N = '1'", "count(A) > 1", "A = 'x' extra"]
)
def test_an_assert_that_says_more_than_is_known_has_no_schema(test: str) -> None:
    leaves = {name: Node(name, f"/{name}", 0, 1, (), base=base) for name, base in (("A", "string"), ("N", "integer"))}
    assert condition(test, Node("Root", "", 1, 1, (), children=leaves)) is None


@pytest.mark.parametrize(
    ("provider", "path", "method", "argument", "names"),
    [
        ("ucloud", "/", "post", "Action", {"CreateMediaTask", "GetRegion"}),
        ("tencent_ci", "/jobs", "post", "Tag", {"MediaInfo", "VoiceSeparate", "Transcode"}),
    ],
)
def test_operations_told_apart_by_a_selector_are_alternatives_of_which_a_message_keeps_one(
    provider: str, path: str, method: str, argument: str, names: set[str]
) -> None:
    [*contents] = document(provider)["paths"][path][method]["requestBody"]["content"].values()
    for content in contents:
        found = set()
        for reference in content["schema"]["oneOf"]:
            schema = document(provider)["components"]["schemas"][reference["$ref"].rpartition("/")[2]]
            selected = schema["properties"].get(argument, {}).get("const")
            assert argument in schema["required"] if selected else schema["not"] == {"required": [argument]}
            found.add(selected)
        assert names <= found
        assert len(found) == len(content["schema"]["oneOf"])


def test_a_selector_that_every_operation_has_is_a_discriminator_and_one_that_may_be_absent_is_none() -> None:
    form = document("ucloud")["paths"]["/"]["post"]["requestBody"]["content"]["application/x-www-form-urlencoded"]
    assert form["schema"]["discriminator"]["mapping"]["GetRegion"] == "#/components/schemas/GetRegion.request"
    jobs = document("tencent_ci")["paths"]["/jobs"]["post"]["requestBody"]["content"]["application/xml"]
    assert "discriminator" not in jobs["schema"]


def test_templates_beyond_openapi_become_patterns_and_keys() -> None:
    members = document("pontus")["paths"]["/api/{version}/channel/{cid}/members"]["get"]["parameters"]
    [cid] = [one for one in members if one["name"] == "cid"]
    assert {"pattern": "^(?:(?!ilvb$).+)$"} in cid["schema"]["allOf"]
    assert "/v1/snapshotTasks/{taskId}:queryResult" in document("jdcloud")["paths"]
    [key] = [one for one in document("tencent_ci")["paths"]["/{key}"]["get"]["parameters"] if one["in"] == "path"]
    assert key["x-mockcloud-rest"] is True
    [asked] = [one for one in document("tencent_ci")["paths"]["/{key}"]["get"]["parameters"] if one["name"] == "ci-process"]
    assert asked["required"] is True


@pytest.mark.parametrize(
    ("provider", "keys"),
    [
        ("ucloud", {("query", "PublicKey"), ("query", "Signature")}),
        ("tencent_ci", {("header", "Authorization")}),
        ("pontus", {("header", f"api{name}") for name in ("PublicKey", "Nonce", "ClientCode", "ExecTime", "CheckSum")}),
    ],
)
def test_the_signature_is_what_a_signed_request_has_and_an_unsigned_one_has_not(
    provider: str, keys: set[tuple[str, str]]
) -> None:
    schemes = document(provider)["components"]["securitySchemes"]
    assert {(one["in"], one["name"]) for one in schemes.values()} == keys
    assert document(provider)["security"] == [{name: [] for name in schemes}]


def test_xml_bodies_carry_the_hints_and_the_asserts_that_json_schema_cannot_say() -> None:
    schema = document("tencent_ci")["components"]["schemas"]["CreateMediaJobs.VoiceSeparate.request"]
    assert schema["xml"] == {"name": "Request"}
    operation = schema["properties"]["Operation"]
    assert (operation["type"], operation["maxItems"], operation["items"]["xml"]) == ("array", 6, {"name": "Operation"})
    rules = {one["id"] for one in operation["items"]["x-mockcloud-asserts"]}
    assert rules == {"template-or-parameters"}


def test_messages_to_clients_are_webhooks_and_the_operations_that_cause_them_name_them() -> None:
    hook = document("tencent_ci")["webhooks"]["TaskFinish"]["post"]
    assert hook["x-mockcloud-sent"] == {"task": "task", "states": ["Failed", "Success"]}
    [facts, *_] = document("tencent_ci")["paths"]["/jobs"]["post"]["x-mockcloud-operations"]
    assert facts["webhooks"] == ["TaskFinish"]


def test_every_webhook_of_a_contract_is_in_its_document() -> None:
    for provider in PROVIDERS:
        assert set(document(provider).get("webhooks", {})) == set(contract_of(provider).callbacks)


def test_one_operation_gives_its_own_path_and_no_webhooks() -> None:
    [file] = export("tencent_ci", ["CreateMediaJobs.MediaInfo"])
    found = json.loads(file.content)
    assert list(found["paths"]) == ["/jobs"]
    assert "webhooks" not in found
    assert found["paths"]["/jobs"]["post"]["operationId"] == "CreateMediaJobs.MediaInfo"


def test_paths_that_differ_only_in_the_names_of_their_arguments_are_one_by_the_first_ones_names() -> None:
    contract = contract_of("tencent_ci")
    first, other = contract.operations["DescribeMediaJob"], contract.operations["DeleteMediaTemplate"]
    made = made_of(contract, [first, replace(other, path="/jobs/{templateId}")], whole=False)
    assert {path: set(item) for path, item in made["paths"].items()} == {"/jobs/{jobIds}": {"get", "delete"}}
    assert [one["name"] for one in made["paths"]["/jobs/{jobIds}"]["delete"]["parameters"]] == ["jobIds"]


def test_operations_that_only_a_parameter_of_the_query_tells_apart_stand_beside_each_other() -> None:
    contract = contract_of("tencent_ci")
    first, other = contract.operations["GetMediaInfo"], contract.operations["DescribeMediaJobs"]
    item = made_of(contract, [first, replace(other, path=first.path)], whole=False)["paths"]["/{key}"]
    assert item["get"]["operationId"] == "GetMediaInfo"
    assert [one["operationId"] for one in item["get"]["x-mockcloud-alternatives"]] == ["DescribeMediaJobs"]


def test_operation_ids_are_unique() -> None:
    for provider in PROVIDERS:
        made = document(provider)
        items = [*made["paths"].values(), *made.get("webhooks", {}).values()]
        operations = [one for item in items for one in item.values()]
        beside = [other for one in operations for other in one.get("x-mockcloud-alternatives", ())]
        ids = [one["operationId"] for one in (*operations, *beside)]
        assert len(ids) == len(set(ids))


def test_the_same_contract_gives_the_same_bytes() -> None:
    assert list(export("pontus")) == list(export("pontus"))


NULLS = {
    "type": "object",
    "properties": {
        "a": {"type": "string"},
        "b": {"enum": ["x"]},
        "c": {},
        "d": {"type": "object", "properties": {"e": {"const": 1}}},
    },
    "required": ["a"],
    "allOf": [{"if": {"properties": {"b": {"const": "x"}}, "required": ["b"]}, "then": {"required": ["c"]}}],
}


def without_nulls(data: Any) -> Any:
    if not isinstance(data, dict):
        return data
    return {name: without_nulls(value) for name, value in data.items() if value is not None}


@pytest.mark.parametrize("a", [..., None, "t", 1])
@pytest.mark.parametrize("b", [..., None, "x", "y"])
@pytest.mark.parametrize("c", [..., None, 1])
@pytest.mark.parametrize("d", [..., None, {}, {"e": None}, {"e": 1}, {"e": 2}])
def test_a_null_is_judged_as_a_member_that_is_absent_and_an_if_as_its_alternatives(a: Any, b: Any, c: Any, d: Any) -> None:
    data = {name: value for name, value in {"a": a, "b": b, "c": c, "d": d}.items() if value is not ...}
    wanted = jsonschema.Draft202012Validator(NULLS).is_valid(without_nulls(data))
    assert jsonschema.Draft202012Validator(nullable(NULLS)).is_valid(data) is wanted
    assert jsonschema.Draft202012Validator(nullable(without_if(NULLS))).is_valid(data) is wanted
    assert "if" not in json.dumps(without_if(NULLS))
