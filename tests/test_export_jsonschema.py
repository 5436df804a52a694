"""The exported JSON Schemas, judged by validators that know nothing of us."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema
import jsonschema_rs
import pytest
from cases import ROOT
from exported import contract_of, messages

from mockcloud.contracts import folders
from mockcloud.contracts.json_schema import JsonSchema
from mockcloud.exports.jsonschema import export
from mockcloud.exports.standard import standard, unsaid
from mockcloud.exports.subject import sides

PROVIDERS = sorted(folders.known())

PACKAGES = Path(os.environ.get("MOCKCLOUD_NODE_MODULES", ROOT / ".venv" / "node" / "node_modules"))
NODE = shutil.which("node")

UNSAID = {"jdcloud.createThumbnailTask/request#/rule:end-not-before-start"}
"""What plain JSON Schema cannot say: that one member is not less than another."""


@cache
def exported(provider: str) -> dict[str, Any]:
    return {file.name.removesuffix(".schema.json"): json.loads(file.content) for file in export(provider)}


def of(provider: str) -> list[Any]:
    return [one for one in messages() if one.provider == provider and one.data is not None]


def plain_python(schema: Any) -> Any:
    return jsonschema.Draft202012Validator(schema)


def test_the_rules_that_plain_json_schema_cannot_say_are_named_here() -> None:
    found = set()
    for provider in PROVIDERS:
        for side in sides(contract_of(provider)):
            if isinstance(side.schema, JsonSchema):
                found |= unsaid(side.schema)
    assert found == UNSAID


@pytest.mark.parametrize("provider", PROVIDERS)
@pytest.mark.parametrize("validator", [plain_python, jsonschema_rs.Draft202012Validator], ids=["jsonschema", "jsonschema-rs"])
def test_a_validator_that_knows_nothing_of_us_agrees_on_every_fixture(provider: str, validator: Any) -> None:
    validators = {name: validator(schema) for name, schema in exported(provider).items()}
    wrong = [one for one in of(provider) if validators[one.name].is_valid(one.data) is bool(one.broken)]
    assert [(one.id, set(one.broken)) for one in wrong if not one.broken or not one.broken <= UNSAID] == []


@pytest.mark.skipif(
    NODE is None or not (PACKAGES / "ajv").is_dir(),
    reason="Node and ajv are not installed; make test installs them where npm is",
)
def test_ajv_in_strict_mode_agrees_on_every_fixture(tmp_path: Path) -> None:
    schemas = {f"{provider}.{name}": schema for provider in PROVIDERS for name, schema in exported(provider).items()}
    judged = [one for provider in PROVIDERS for one in of(provider)]
    asked = tmp_path / "asked.json"
    pairs = [[f"{one.provider}.{one.name}", one.data] for one in judged]
    asked.write_text(json.dumps({"schemas": schemas, "messages": pairs}), encoding="utf-8")
    environment = {**os.environ, "NODE_PATH": str(PACKAGES)}
    command = [str(NODE), str(ROOT / "tests" / "node" / "ajv.js"), str(asked)]
    run = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120, env=environment)
    assert run.returncode == 0, run.stderr
    wrong = [one for one, valid in zip(judged, json.loads(run.stdout), strict=True) if valid is bool(one.broken)]
    assert [(one.id, set(one.broken)) for one in wrong if not one.broken or not one.broken <= UNSAID] == []


def test_what_plain_json_schema_says_of_the_comparison_is_the_case_without_the_other_member() -> None:
    rule = exported("jdcloud")["createThumbnailTask/request"]["properties"]["rule"]
    [part] = [part for part in rule["allOf"] if "x-at-least" in part]
    plain = jsonschema.Draft202012Validator(part)
    assert [plain.is_valid({"endTimeInSecond": end}) for end in (-2, -1, 0, 5)] == [False, True, True, True]
    assert plain.is_valid({"endTimeInSecond": 1, "startTimeInSecond": 2})
    assert "x-at-least is the whole rule" in part["$comment"]


@pytest.mark.parametrize("provider", PROVIDERS)
def test_each_schema_is_one_of_2020_12_and_stands_alone(provider: str) -> None:
    files = list(export(provider))
    assert len({file.name for file in files}) == len(files)
    for name, schema in exported(provider).items():
        jsonschema.Draft202012Validator.check_schema(schema)
        assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
        assert schema["$id"] == f"urn:mockcloud:{provider}.{name}"
        assert "$ref" not in json.dumps(schema)


@pytest.mark.parametrize("provider", PROVIDERS)
def test_the_id_of_every_rule_is_the_id_of_its_schema_with_the_path_and_the_keyword(provider: str) -> None:
    for side in sides(contract_of(provider)):
        if isinstance(side.schema, JsonSchema):
            whose = exported(provider)[side.name]["$id"].removeprefix("urn:mockcloud:")
            assert all(rule.startswith(f"{whose}#") for rule in side.schema.rules)


@pytest.mark.parametrize("provider", PROVIDERS)
def test_the_evidence_of_every_rule_is_told_in_the_same_file(provider: str) -> None:
    for side in sides(contract_of(provider)):
        if isinstance(side.schema, JsonSchema):
            told = exported(provider)[side.name].get("x-documents", {})
            for rule in side.schema.rules.values():
                for source in rule.evidence:
                    known = source if source.startswith("contradiction#") else source.partition("#")[0]
                    assert source.startswith("decision: ") or known in told, f"{rule.id} is believed for {source}"


def test_a_rule_that_the_default_settings_let_pass_is_left_out_and_kept_beside() -> None:
    schema = exported("ucloud")["CreateFunctionTemplate/request"]
    passed = schema["properties"]["VideoBitRate"]
    assert passed["x-unless"] == [{"not": {"const": "adaptive"}, "setting": "adaptive", "is": "accepted"}]
    assert "not" not in passed
    assert jsonschema.Draft202012Validator(passed).is_valid("adaptive")


def test_a_member_that_a_setting_lets_be_absent_is_not_required() -> None:
    contract = contract_of("jdcloud")
    optional = replace(contract.settings["callback_events"], default="optional")
    altered = replace(contract, settings={**contract.settings, "callback_events": optional})
    schema = contract.operations["setCallbackSettings"].request
    assert isinstance(schema, JsonSchema)
    assert "callbackEvents" in standard(schema, contract)["required"]
    passed = standard(schema, altered)
    assert "callbackEvents" not in passed["required"]
    assert passed["x-unless"] == [{"required": ["callbackEvents"], "setting": "callback_events", "is": "optional"}]
    assert "x-unless" in passed["$comment"]


def test_the_same_contract_gives_the_same_bytes() -> None:
    assert list(export("jdcloud")) == list(export("jdcloud"))


def test_one_operation_gives_its_own_two_sides() -> None:
    assert [file.name for file in export("ucloud", ["CreateMediaTask"])] == [
        "CreateMediaTask/request.schema.json",
        "CreateMediaTask/response.schema.json",
    ]
