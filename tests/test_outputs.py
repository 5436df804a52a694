"""What commands print for machines: each is a format with a name and a version, described by a schema, and keeps it."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import click
import jsonschema_rs
import pytest
from cases import ROOT
from click.testing import CliRunner
from commands import commands
from jsonschema import Draft202012Validator

from mockcloud.cli import cli
from mockcloud.contracts import meta
from mockcloud.reports.dossier import Dossier, dossiers
from mockcloud.reports.explain import explain

FOLDER = ROOT / "schemas" / "meta" / "outputs"
NAMES = sorted(path.name.removesuffix(".schema.json") for path in FOLDER.glob("*.schema.json"))
ROW = re.compile(r"^\| `([^`]+)` \| \[([^\]]+)\]\(([^)]+)\) \| (.+?) \| (.+?) \|$", re.MULTILINE)
ROWS = {row[1]: row for row in ROW.findall((ROOT / "docs" / "formats.md").read_text(encoding="utf-8"))}


def prints_json(command: click.Command) -> bool:
    return any(
        "--json" in option.opts
        or ("--format" in option.opts and isinstance(option.type, click.Choice) and "json" in option.type.choices)
        for option in command.params
    )


def validator(name: str) -> jsonschema_rs.Validator:
    return jsonschema_rs.Draft202012Validator(meta.schema(f"outputs/{name}"))


def printed(name: str, *arguments: str) -> object:
    """What a command prints, which is valid against the schema of the name."""
    ended = CliRunner().invoke(cli, arguments)
    told = json.loads(ended.stdout)
    assert told["format"] == f"mockcloud.{name}/1"
    validator(name).validate(told)
    return told


def explained(entry: Dossier) -> Iterator[str]:
    contract = entry.contract
    yield from (rule.id for rule in entry.rules())
    yield from (one.id for one in contract.operations.values())
    for what in (*contract.errors.codes, *contract.errors.conditions, *contract.contradictions):
        yield f"{entry.name}:{what}"


@pytest.mark.parametrize("name", NAMES)
def test_each_schema_is_one_and_says_its_own_name_version_and_contents(name: str) -> None:
    schema = meta.schema(f"outputs/{name}")
    Draft202012Validator.check_schema(schema)
    assert schema["$id"] == f"urn:mockcloud:{name}:1"
    # A document of another format's may hold ours only behind a key that the other leaves to us.
    (key,) = {"format", "x-mockcloud-format"} & set(schema["properties"])
    assert schema["properties"][key] == {"const": f"mockcloud.{name}/1"}
    assert key in schema["required"]
    assert schema["title"]


@pytest.mark.parametrize("name", NAMES)
def test_each_object_that_a_schema_describes_is_closed_and_lists_what_is_required(name: str) -> None:
    whole = meta.schema(f"outputs/{name}")
    if "x-mockcloud-format" in whole["properties"]:
        pytest.skip("its documents are another format's, which says what else they hold")

    def walk(node: object, at: str) -> None:
        if isinstance(node, list):
            for index, item in enumerate(node):
                walk(item, f"{at}/{index}")
        elif isinstance(node, dict):
            if isinstance(node.get("properties"), dict) and "oneOf" not in node:
                assert node.get("additionalProperties") is False, f"{at} is open"
                assert set(node.get("required", ())) <= set(node["properties"]), at
            for key, value in node.items():
                if key not in ("if", "then", "else"):  # they say more of an object that is described already
                    walk(value, f"{at}/{key}")

    walk(whole, name)


def test_a_definition_of_one_name_is_the_same_in_every_schema() -> None:
    seen: dict[str, object] = {}
    for name in NAMES:
        own = dict(meta.schema(f"outputs/{name}").get("$defs", {}))
        for called, definition in own.items():
            if called in ("evidence", "sources", "methods", "status", "where", "provoked_by"):
                assert seen.setdefault(called, definition) == definition, f"{name}: {called}"


def test_the_page_of_formats_has_a_row_for_each_schema_with_its_name_file_and_title() -> None:
    assert sorted(ROWS) == NAMES
    for name, (called, _, link, _, holds) in ROWS.items():
        assert called == f"mockcloud.{name}/1"
        assert (ROOT / "docs" / link).resolve() == FOLDER / f"{name}.schema.json"
        assert holds == meta.schema(f"outputs/{name}")["title"]


def test_each_command_that_prints_json_has_a_format_on_the_page_and_each_on_the_page_is_one() -> None:
    made = [text.split() for row in ROWS.values() for text in re.findall(r"`mockcloud ([^`]+)`", row[3])]
    known = {path: command for path, command in commands() if path}
    for path, command in known.items():
        if prints_json(command):
            assert any(tuple(words[: len(path)]) == path for words in made), f"{' '.join(path)} is not on the page"
    for words in made:
        path = next(known[tuple(words[:length])] for length in (2, 1) if tuple(words[:length]) in known)
        options = {spelt for option in path.params for spelt in option.opts}
        assert {word for word in words if word.startswith("--")} <= options, words


@pytest.mark.parametrize("block", re.findall(r"^mockcloud .*$", (ROOT / "docs" / "formats.md").read_text(), re.MULTILINE))
def test_the_commands_of_the_page_print_what_is_piped_on(block: str) -> None:
    ended = CliRunner().invoke(cli, block.partition("|")[0].split()[1:])
    assert ended.exit_code == 0
    assert json.loads(ended.stdout)["format"] in {row[0] for row in ROWS.values()}


def test_contracts_as_json_keep_their_schema() -> None:
    told = printed("contracts", "contracts", "--json")
    assert isinstance(told, dict)
    assert len(told["providers"]) == len(dossiers())


@pytest.mark.parametrize("entry", dossiers(), ids=lambda entry: entry.name)
def test_every_rule_as_json_keeps_its_schema_those_of_callbacks_and_refusals_too(entry: Dossier) -> None:
    ids = set()
    for name in ("", *dict.fromkeys(rule.operation for rule in entry.rules())):
        told = printed("rules", "rules", *([name] if name else []), "--json")
        assert isinstance(told, dict)
        ids |= {one["id"] for one in told["rules"]}
    assert {rule.id for rule in entry.rules()} <= ids


@pytest.mark.parametrize("entry", dossiers(), ids=lambda entry: entry.name)
def test_every_explanation_keeps_its_schema_of_each_rule_operation_code_condition_and_contradiction(entry: Dossier) -> None:
    keeps = validator("explanation")
    kinds = set()
    for name in explained(entry):
        told = {"format": "mockcloud.explanation/1", **explain(name)}
        # As it is printed: a tuple is a list there.
        error = next(keeps.iter_errors(json.loads(json.dumps(told))), None)
        assert error is None, f"{name}: {error}"
        kinds.add(told["kind"])
    assert kinds == {"rule", "operation", "error", "contradiction"}
    printed("explanation", "explain", name, "--json")


def test_a_kept_contract_and_a_broken_one_as_json_keep_their_schema(tmp_path: Path) -> None:
    own = next(iter(dossiers())).name
    assert printed("checks", "contracts", "--check", str(ROOT / "schemas" / own), "--json")
    broken = tmp_path / own
    shutil.copytree(ROOT / "schemas" / own, broken)
    (broken / "requests" / "Old.schema.json").write_text("{}")
    told = printed("checks", "contracts", "--check", str(broken), "--json")
    assert isinstance(told, dict)
    assert [one["law"] for one in told["findings"]] == ["schema-files-are-used"]
