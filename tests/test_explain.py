"""`explain`, `rules` and `contracts`: whatever is listed can be explained, on whose word, and what is said of it is true."""

from __future__ import annotations

import copy
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from cases import Case, all_cases, cloud_of, send
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from mockcloud import Cloud, Response
from mockcloud.cli import cli, main
from mockcloud.codecs import xml_body
from mockcloud.contracts import effects, folders, vocabulary
from mockcloud.contracts.json_schema import JsonSchema
from mockcloud.contracts.sources import first_document, sources
from mockcloud.contracts.xml_schema import XmlSchema
from mockcloud.errors import UsageError
from mockcloud.reports import json_examples, json_values, words, xml_examples
from mockcloud.reports.dossier import Dossier, Side, dossier
from mockcloud.reports.explain import explain
from mockcloud.reports.names import nearest
from mockcloud.reports.page import Page, columns
from mockcloud.reports.pages import page, value
from mockcloud.reports.patterns import failing, matcher, matching
from mockcloud.reports.rule_list import rules

PROVIDERS = sorted(folders.known())
RULE_KEYS = {"id", "operation", "side", "path", "constraint", "demand", "reason", "evidence", "document", "line", "refusal"}
WIDTH = "jdcloud.createThumbnailTask/request#/target/widthInPixel:maximum"


def run(*arguments: str, **environment: str) -> str:
    result = CliRunner(env=environment).invoke(cli, arguments)
    assert result.exit_code == 0, result.output
    return result.output


def flat(text: str) -> str:
    return " ".join(text.split())


def say(name: str) -> tuple[dict[str, Any], str]:
    """The explanation and its page, in one line."""
    explained = explain(name)
    json.dumps(explained)
    return explained, flat(click_free(page(explained, 100)))


def click_free(text: str) -> str:
    import click

    return click.unstyle(text)


def answered(case: Case) -> tuple[Cloud, Response]:
    cloud = cloud_of(case)
    cloud.report = lambda sentence: None
    return cloud, send(case, cloud, lambda cloud, request: cloud.handle(request))


def every_name(entry: Dossier) -> Iterator[str]:
    contract = entry.contract
    yield from (rule.id for rule in entry.rules())
    yield from (one.id for one in contract.operations.values())
    yield from (
        f"{entry.name}:{name}" for name in (*contract.errors.codes, *contract.contradictions, *contract.errors.conditions)
    )


# Whatever is listed can be explained -----------------------------------------------------------------------------------


@pytest.mark.parametrize("provider", PROVIDERS)
def test_every_rule_operation_code_contradiction_and_condition_is_explained_with_the_document_of_its_evidence(
    provider: str,
) -> None:
    for name in every_name(dossier(provider)):
        explained, text = say(name)
        assert explained["sources"], name
        for source in explained["sources"]:
            assert flat(source["title"]) in text, f"{name}: {source}"
            assert flat(source["where"]) in text, f"{name}: {source}"
            assert str(source["line"] or source["section"] or "") in text, f"{name}: {source}"


@pytest.mark.parametrize("provider", PROVIDERS)
def test_every_rule_of_requests_is_explained_with_what_it_earns_and_every_rule_of_answers_with_that_it_earns_nothing(
    provider: str,
) -> None:
    for rule in dossier(provider).rules():
        explained, text = say(rule.id)
        assert flat(explained["demands"]) in text, rule.id
        if rule.side == "request":
            refused = explained["refused"]
            assert explained["refusal"] == refused["code"]
            assert f"{refused['status']} {refused['code']}" in text, rule.id
            assert flat(json.dumps(refused["message"], ensure_ascii=False)) in text, rule.id
        else:
            assert (explained["refusal"], explained["refused"]) == (None, None)
            assert "what breaks it is reported as a defect" in text


def test_the_refusal_of_a_rule_is_worded_as_the_mock_words_it() -> None:
    worded = 0
    for case in all_cases("refused"):
        if not case.rule:
            continue
        cloud, response = answered(case)
        if not cloud.journal.last.violations:
            continue  # an earlier check said no: that of the operation, which knows the value
        refused = explain(case.rule)["refused"]
        assert response.status == refused["status"], case.id
        assert cloud.journal.last.refusal == refused["code"], case.id
        if "[" not in cloud.journal.last.violations[0].where:
            worded += refused["message"].encode() in response.body or json.dumps(refused["message"]).encode() in response.body
    assert worded > 100


@pytest.mark.parametrize("provider", PROVIDERS)
def test_every_operation_is_explained_with_its_fields_effect_and_errors(provider: str) -> None:
    entry = dossier(provider)
    for operation in entry.contract.operations.values():
        explained, text = say(operation.id)
        rows = {row["path"]: row for row in explained["fields"]}
        for rule in operation.request.rules.values():
            assert rule.path in rows or rule.path == "", rule.id
            if rule.constraint == "required":
                assert rows[rule.path]["required"], rule.id
        for field in rows:
            assert field in text
        assert {row["code"] for row in explained["errors"]} >= {entry.refusal(rule) for rule in operation.request.rules.values()}
        assert explained["effect"] in text
        assert operation.path in text


def test_a_condition_stands_on_the_member_that_it_is_about() -> None:
    rows = {row["path"]: row["constraints"] for row in explain("jdcloud.createThumbnailTask")["fields"]}
    assert "end-not-before-start" in rows["/rule/endTimeInSecond"]
    assert rows["/target/widthInPixel"] == ["zero-or-at-least-8", "at most 4096"]


@pytest.mark.parametrize("provider", PROVIDERS)
def test_every_code_says_what_provokes_it_and_a_planned_one_can_be_planned(provider: str) -> None:
    entry, cloud = dossier(provider), Cloud([provider])
    for code in entry.contract.errors.codes:
        explained, text = say(f"{provider}:{code}")
        assert explained["provoked_by"], f"{provider}:{code} can be had by nothing"
        for operation in explained["fail_next"]:
            cloud.fail_next(operation, code=code)
            assert f'cloud.fail_next("{operation}", code="{code}")' in text or len(explained["fail_next"]) > 12
        for one in explained["magic_names"]:
            assert one["name"] in text


def test_a_code_that_only_the_pattern_of_task_codes_allows_is_explained() -> None:
    explained, text = say("jdcloud:4711")
    assert (explained["where"], explained["provoked_by"]) == ("task", ["fail_next", "magic name"])
    assert "mockcloud-fail-4711" in text


def test_a_condition_is_explained_by_the_code_that_it_earns() -> None:
    assert explain("jdcloud:unknown-task")["code"] == "NOT_FOUND"


@pytest.mark.parametrize("provider", PROVIDERS)
def test_every_contradiction_shows_readings_decision_reason_and_setting(provider: str) -> None:
    contract = dossier(provider).contract
    for name, entry in contract.contradictions.items():
        explained, text = say(f"{provider}:{name}")
        told = [entry["decision"], entry["reason"], *(one["reading"] for one in entry["readings"])]
        assert all(flat(one) in text for one in told), name
        if "setting" in entry:
            assert explained["setting"]["default"] == contract.settings[entry["setting"]].default
            assert f"{provider}.{entry['setting']}" in text


# What breaks a rule, breaks it -------------------------------------------------------------------------------------------


def documents(provider: str, monkeypatch: pytest.MonkeyPatch) -> dict[int, list[Any]]:
    """Every valid message that the fixtures show, by the schema that takes it: plain data, or an element."""
    found: dict[int, list[Any]] = {}
    accepts = JsonSchema.__dict__["accepts"].func

    def recorded(schema: JsonSchema, message: Any) -> bool:
        accepted = accepts(schema)(message)
        found.setdefault(id(schema), []).extend([copy.deepcopy(message)] if accepted else [])
        return accepted

    monkeypatch.setattr(JsonSchema, "accepts", property(lambda schema: lambda message: recorded(schema, message)))
    contract = dossier(provider).contract
    for case in all_cases("accepted", "refused"):
        if case.provider != provider:
            continue
        cloud, response = answered(case)
        exchange = cloud.journal.last
        operation = contract.operations.get(exchange.operation.partition(".")[2])
        answer = contract.refusal.schema if exchange.refusal else operation.response if operation else None
        messages = [(answer, response.body)]
        messages += [(operation.request, exchange.request.body)] if operation and not exchange.refusal else []
        for schema, body in messages:
            if isinstance(schema, XmlSchema):
                found.setdefault(id(schema), []).append(ET.fromstring(body))
    return found


def placed(message: Any, parts: list[dict[str, Any]]) -> Any:
    """The message with the parts of an example put in; what stands above them is made where it is not there."""
    changed = copy.deepcopy(message)
    for part in parts:
        _put(changed, part["at"].split("/")[1:], part) if isinstance(changed, (dict, list)) else _put_xml(
            changed, part["at"].split("/")[1:], part
        )
    return changed


def _put(owner: Any, steps: list[str], part: dict[str, Any]) -> None:
    step: Any = 0 if steps[0] == "*" else steps[0]
    if len(steps) > 1:
        if isinstance(owner, list):
            owner += [] if owner else [{}]
        elif not isinstance(owner.get(step), (dict, list)):
            owner[step] = [] if steps[1] == "*" else {}
        _put(owner[step], steps[1:], part)
    elif "value" in part and isinstance(owner, list):
        owner[:1] = [part["value"]]
    elif "value" in part:
        owner[step] = part["value"]
    elif isinstance(owner, dict):
        owner.pop(step, None)


def _put_xml(owner: ET.Element, steps: list[str], part: dict[str, Any]) -> None:
    found = owner.find(steps[0])
    if len(steps) > 1:
        _put_xml(ET.SubElement(owner, steps[0]) if found is None else found, steps[1:], part)
        return
    for old in owner.findall(steps[0]):
        owner.remove(old)
    for _ in range(0 if "left_out" in part else part.get("times", 1)):
        new = copy.deepcopy(found) if found is not None else ET.Element(steps[0])
        new.text = part.get("value", new.text if len(new) or new.text else "x")
        owner.append(new)


def smallest(side: Side) -> Any:
    """A message made from the schema alone, for what no fixture shows, such as callbacks."""
    if isinstance(side.schema, XmlSchema):
        return xml_examples.element(side.schema.root)
    return json_values.sample(side.schema.tree) or {}


def begun(side: Side, parts: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The parts, and before an element that is to be there so many times a text that makes it be there once."""
    if not isinstance(side.schema, XmlSchema):
        return parts
    root = side.schema.root
    once = [xml_examples.part(part["at"], xml_examples.node_at(root, part["at"]), "x") for part in parts if "times" in part]
    return [*once, *parts]


def broken_by(side: Side, message: Any) -> set[str]:
    if isinstance(side.schema, XmlSchema):
        # Empty elements of a client are absent; the mock's own answers are judged as they stand.
        of_a_client = {rule.side for rule in side.schema.rules.values()} == {"request"}
        message = side.schema.settle(xml_body.decode(ET.tostring(message))) if of_a_client else plain(message)
    return {violation.rule for violation in side.schema.violations(message)}


def plain(element: ET.Element) -> Any:
    """What stands below an element, as plain data: lists for what repeats."""
    if not len(element):
        return element.text or {}
    names = dict.fromkeys(child.tag for child in element)
    found = {name: [plain(child) for child in element.findall(name)] for name in names}
    return {name: values if len(values) > 1 else values[0] for name, values in found.items()}


@pytest.mark.parametrize("provider", PROVIDERS)
def test_every_rule_has_a_small_example_that_breaks_it_in_a_valid_message_and_one_that_keeps_it(
    provider: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    entry = dossier(provider)
    valid = documents(provider, monkeypatch)
    proven: set[tuple[str, ...]] = set()
    for side in entry.sides():
        shape = repr(side.schema.root if isinstance(side.schema, XmlSchema) else side.schema.tree)
        for rule in side.schema.rules.values():
            explained = explain(rule.id)
            assert explained["breaks"], f"{rule.id}: nothing that breaks it"
            assert explained["keeps"], f"{rule.id}: nothing that keeps it"
            # Operations that share a file share its rules: the same example of the same rule is judged once.
            key = (shape, rule.side, rule.path, rule.constraint, repr(explained["breaks"]), repr(explained["keeps"]))
            if key in proven:
                continue
            proven.add(key)
            messages = [*valid.get(id(side.schema), []), smallest(side)]
            breaks, keeps = (begun(side, explained[key]) for key in ("breaks", "keeps"))
            assert any(
                rule.id in broken_by(side, placed(message, breaks)) and rule.id not in broken_by(side, placed(message, keeps))
                for message in messages
            ), f"{rule.id}: {explained['breaks']} breaks no message, or {explained['keeps']} does"


@pytest.mark.parametrize(
    ("rule", "breaks", "keeps"),
    [
        (WIDTH, [{"at": "/target/widthInPixel", "value": 4097}], [{"at": "/target/widthInPixel", "value": 4096}]),
        ("jdcloud.createThumbnailTask/request#/source:required", [{"at": "/source", "left_out": True}], [{"at": "/source", "value": {"bucket": "x", "key": "x"}}]),
        ("jdcloud.createThumbnailTask/request#/target/widthInPixel:zero-or-at-least-8", [{"at": "/target/widthInPixel", "value": 7}], [{"at": "/target/widthInPixel", "value": 0}]),
        ("jdcloud.createThumbnailTask/request#/rule:start-forbidden-when-average", [{"at": "/rule/mode", "value": "average"}, {"at": "/rule/startTimeInSecond", "value": 0}], [{"at": "/rule/mode", "value": "multi"}, {"at": "/rule/startTimeInSecond", "value": 0}]),
        ("tencent_ci.CreateMediaJobs.MediaInfo/request#/Operation:maxOccurs", [{"at": "/Operation", "times": 7}], [{"at": "/Operation", "times": 6}]),
        ("tencent_ci.CreateMediaJobs.VoiceSeparate/request#/Operation/VoiceSeparate/AudioConfig/Bitrate:minInclusive", [{"at": "/Operation/VoiceSeparate/AudioConfig/Bitrate", "value": "7"}], [{"at": "/Operation/VoiceSeparate/AudioConfig/Bitrate", "value": "8"}]),
        ("tencent_ci.CreateMediaJobs.MediaInfo/request#:mq-config-when-tdmq", [{"at": "/CallBackType", "value": "TDMQ"}, {"at": "/CallBackMqConfig", "left_out": True}], [{"at": "/CallBackType", "value": "Url"}, {"at": "/CallBackMqConfig", "left_out": True}]),
    ],
)  # fmt: skip
def test_the_example_stands_at_the_very_bound(rule: str, breaks: list[Any], keeps: list[Any]) -> None:
    explained = explain(rule)
    assert (explained["breaks"], explained["keeps"]) == (breaks, keeps)


SCHEMAS: list[dict[str, Any]] = [
    {"type": "array", "minItems": 2, "maxItems": 3, "items": {"type": "integer", "minimum": 5}},
    {"type": "string", "minLength": 3, "maxLength": 4, "pattern": "^[A-Z]+[0-9]?$"},
    {"type": "number", "minimum": 1.5, "maximum": 2},
    {"type": ["string", "boolean"]},
    {"enum": [True, False, "auto"]},
    {"enum": [1, 2]},
    {"const": True},
    {"const": "other"},
    {"type": "object", "required": ["a"], "properties": {"a": {"type": "object", "required": ["b"], "properties": {"b": {"const": 3, "x-source": "d"}}, "x-source": "d"}}},
    {"x-rule": "not-both", "x-says": "x", "not": {"required": ["a"]}},
    {"x-rule": "some", "x-says": "x", "type": "array", "items": {"type": "string", "x-source": "d"}, "anyOf": [{"minItems": 2}]},
    {"x-rule": "deep", "x-says": "x", "if": {"properties": {"a": {"type": "object", "properties": {"b": {"const": 1}}, "required": ["b"]}}, "required": ["a"]}, "then": {"required": ["c"]}},
    {"x-rule": "apart", "x-says": "x", "anyOf": [{"type": "integer", "maximum": 3}, {"enum": ["all"]}]},
]  # fmt: skip


@pytest.mark.parametrize("schema", SCHEMAS, ids=lambda schema: json.dumps(schema)[:60])
def test_examples_of_json_schemas_that_no_vendor_has_yet_hold_too(schema: dict[str, Any], tmp_path: Path) -> None:
    path = tmp_path / "p" / "requests" / "x.schema.json"
    path.parent.mkdir(parents=True)
    path.write_text(
        json.dumps({"type": "object", "x-source": "d", "properties": {"it": {**schema, "x-source": schema.get("x-source", "d")}}})
    )
    path.write_text(path.read_text().replace('"minimum": 5}', '"minimum": 5, "x-source": "d"}'))
    read = JsonSchema(path, ("p.Op", "request"), text=False)
    for rule in read.rules.values():
        breaks, keeps = json_examples.examples(read, rule)
        start: Any = [] if rule.path == "" else {}
        assert rule.id in {one.rule for one in read.violations(_whole(start, breaks))}, (rule.id, breaks)
        assert rule.id not in {one.rule for one in read.violations(_whole({}, keeps))}, (rule.id, keeps)


def _whole(start: Any, parts: list[dict[str, Any]]) -> Any:
    return parts[0]["value"] if [part["at"] for part in parts] == [""] else placed(start or {}, parts)


def test_a_rule_that_nothing_can_break_has_no_example_and_says_so(tmp_path: Path) -> None:
    path = tmp_path / "p" / "requests" / "x.schema.json"
    path.parent.mkdir(parents=True)
    member = {"pattern": "", "x-source": "d"}
    always = {
        "x-rule": "always",
        "x-says": "x",
        "x-source": "d",
        "anyOf": [{"enum": [1]}, {"not": {"required": ["a"]}}, {"required": ["a"]}],
    }
    path.write_text(json.dumps({"properties": {"it": member, "that": always}, "x-source": "d"}))
    read = JsonSchema(path, ("p.Op", "request"), text=False)
    assert [json_examples.examples(read, rule)[0] for rule in read.rules.values()] == [[], []]
    told = {**explain(WIDTH), "breaks": [], "keeps": [], "test": "{}"}
    assert "no small example was found" in page(told, 100)


XSD = """<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema"><xs:element name="R"><xs:annotation><xs:appinfo>d</xs:appinfo></xs:annotation>
<xs:complexType><xs:all>
<xs:element name="A"><xs:annotation><xs:appinfo>d</xs:appinfo></xs:annotation><xs:simpleType><xs:restriction base="xs:string"><xs:minLength value="2"/><xs:maxLength value="3"/></xs:restriction></xs:simpleType></xs:element>
<xs:element name="B"><xs:annotation><xs:appinfo>d</xs:appinfo></xs:annotation><xs:simpleType><xs:restriction base="xs:decimal"><xs:minInclusive value="0.5"/></xs:restriction></xs:simpleType></xs:element>
<xs:element name="C" minOccurs="0" maxOccurs="2"><xs:annotation><xs:appinfo>d</xs:appinfo></xs:annotation><xs:complexType><xs:all>
<xs:element name="D" minOccurs="0"><xs:annotation><xs:appinfo>d</xs:appinfo></xs:annotation><xs:simpleType><xs:restriction base="xs:string"/></xs:simpleType></xs:element></xs:all>
<xs:assert id="inner" test="not(D = '13')"><xs:annotation><xs:appinfo>d</xs:appinfo><xs:documentation>x</xs:documentation></xs:annotation></xs:assert></xs:complexType></xs:element>
</xs:all>
<xs:assert id="deep" test="not(C/D = '13' or C/D = &quot;14&quot;) or string-length(A) = 2"><xs:annotation><xs:appinfo>d</xs:appinfo><xs:documentation>x</xs:documentation></xs:annotation></xs:assert>
<xs:assert id="always" test="A or not(A)"><xs:annotation><xs:appinfo>d</xs:appinfo><xs:documentation>x</xs:documentation></xs:annotation></xs:assert>
</xs:complexType></xs:element></xs:schema>"""


def test_examples_of_an_xsd_that_no_vendor_has_yet_hold_too(tmp_path: Path) -> None:
    (tmp_path / "x.xsd").write_text(XSD)
    read = XmlSchema(tmp_path / "x.xsd", ("p.Op", "request"))
    side = Side(None, read)
    for rule in read.rules.values():
        breaks, keeps = xml_examples.examples(read, rule)
        if rule.constraint == "always":
            assert breaks == []
            continue
        document = ET.fromstring("<R><A>xxx</A><B>1</B><C><D>1</D></C></R>")
        assert rule.id in broken_by(side, placed(document, breaks)), (rule.id, breaks)
        assert rule.id not in broken_by(side, placed(document, keeps)), (rule.id, keeps)


def test_the_tables_hold_every_constraint_and_every_effect() -> None:
    assert set(json_examples.BREAKERS) == set(vocabulary.JSON_CONSTRAINTS)
    assert set(xml_examples.BREAKERS) == {"type", *vocabulary.XSD_FACETS}
    assert set(words.PHRASES) == set(vocabulary.CONSTRAINTS) - {"condition", "assert"}
    assert set(words.EFFECTS) == set(effects.VERBS)


@pytest.mark.parametrize("pattern", ["^v[0-9]+$", "[^,]", "a|bc", "(?:ab){2,3}c?", "(?P<n>x)y", r"\d\.\w[\]x]", "[]a]", "[ -~]*", r"no|https?://\S+", "x.z", "^[^a-z]{3}$", "(a|b)+?c", r"\bword\b"])  # fmt: skip
@pytest.mark.parametrize("whole", [True, False])
def test_a_text_made_for_a_pattern_matches_it_and_one_made_against_it_does_not(pattern: str, whole: bool) -> None:
    matches = matcher(pattern, whole=whole)
    text, other = matching(pattern, whole=whole), failing(pattern, whole=whole)
    assert text is not None
    assert matches(text)
    assert (other is None and pattern == "[ -~]*" and not whole) or (other is not None and not matches(other))


@pytest.mark.parametrize("pattern", ["(?=a)b", "(?!x)y", "a{3", "(?<!z)q"])
def test_a_pattern_beyond_what_is_read_gives_a_text_that_matches_or_none(pattern: str) -> None:
    text = matching(pattern, whole=False)
    assert text is None or matcher(pattern, whole=False)(text)


# The lists ---------------------------------------------------------------------------------------------------------------


def test_rules_as_json_have_the_documented_keys_and_are_all_rules_of_all_operations() -> None:
    listed = json.loads(run("rules", "--json"))
    assert all(set(one) >= RULE_KEYS for one in listed)
    expected = [
        rule
        for provider in PROVIDERS
        for one in dossier(provider).contract.operations.values()
        for schema in (one.request, one.response)
        if schema
        for rule in schema.rules
    ]
    assert [one["id"] for one in listed] == expected
    for one in listed:
        assert one["id"] == f"{one['operation']}/{one['side']}#{one['path']}:{one['constraint']}"
        assert (one["refusal"] is None) == (one["side"] == "response"), one["id"]
        assert isinstance(one["evidence"], list)
        assert one["evidence"]


def test_a_rule_names_the_file_and_the_line_of_the_seed_or_the_document_and_its_section_or_nothing_for_a_decision() -> None:
    by_id = {one["id"]: one for one in rules()}
    assert (by_id[WIDTH]["document"], by_id[WIDTH]["line"], by_id[WIDTH]["refusal"]) == (
        "001_20d4131b6d265f54.txt",
        43,
        "INVALID_ARGUMENT",
    )
    decided = by_id["jdcloud.createThumbnailTask/request#/source/key:minLength"]
    assert (decided["document"], decided["line"]) == (None, None)
    section = by_id["tencent_ci.CreateMediaJobs.VoiceSeparate/request#/Operation/VoiceSeparate/AudioConfig/Codec:enumeration"]
    assert (section["document"], section["line"]) == ("voice-separate-template", "AudioConfig")


@pytest.mark.parametrize("provider", PROVIDERS)
def test_rules_of_a_provider_an_operation_and_its_refusals(provider: str) -> None:
    of_provider = rules(provider)
    assert {one["operation"] for one in of_provider} <= {one.id for one in dossier(provider).contract.operations.values()}
    operation = of_provider[0]["operation"]
    assert rules(operation) == [one for one in of_provider if one["operation"] == operation]
    assert {one["operation"] for one in rules(f"{provider}.refusal")} == {f"{provider}.refusal"}


@pytest.mark.parametrize("provider", PROVIDERS)
def test_a_pipe_has_a_rule_a_line_with_its_whole_id_and_a_narrow_terminal_has_them_by_operation(provider: str) -> None:
    from mockcloud.cli.rules import page as page_of_rules

    listed = rules(provider)
    lines = run("rules", provider).splitlines()
    assert [line.split()[0] for line in lines] == [one["id"] for one in listed]
    assert page_of_rules(listed, 1000).splitlines() == lines
    narrow = click_free(page_of_rules(listed, 60))
    assert max(len(line) for line in narrow.splitlines()) < max(len(line) for line in lines)
    assert all(f"{one['side']}#{one['path']}:{one['constraint']}" in narrow for one in listed)


def test_contracts_as_json_have_the_documented_shape() -> None:
    for provider in json.loads(run("contracts", "--json"))["providers"]:
        assert set(provider) >= {"name", "operations", "errors", "contradictions"}
        for operation in provider["operations"]:
            assert set(operation) >= {"name", "method", "path", "seed", "evidence"}
            assert operation["method"] == ", ".join(operation["methods"])
        for error in provider["errors"]:
            assert set(error) >= {"code", "status", "where", "provoked_by"}
            kinds = {one for one in error["provoked_by"] if not one.startswith("condition:")}
            assert kinds <= {"rule", "fail_next", "magic name"}
            assert "fail_next" in kinds or error["where"] == "task", error
            assert {f"condition:{name}" for name in error["conditions"]} == set(error["provoked_by"]) - kinds
            assert ("rule" in kinds) == bool(error["rules"])
            assert ("magic name" in kinds) == bool(error["magic_names"])
        for one in provider["contradictions"]:
            assert set(one) == {"id", "readings", "decision", "reason", "evidence", "setting"}
            assert all(set(reading) == {"reading", "evidence"} for reading in one["readings"])


def test_the_seed_of_an_operation_is_the_one_that_documents_it_and_not_one_that_mentions_it() -> None:
    found = {
        one["id"]: one["seed"]
        for provider in json.loads(run("contracts", "--json"))["providers"]
        for one in provider["operations"]
    }
    assert found["ucloud.CreateMediaTask"] == "000_0cbb50b86914e9c5.txt"
    assert found["jdcloud.createThumbnailTask"] == "001_20d4131b6d265f54.txt"
    assert found["tencent_ci.CreateMediaJobs.MediaInfo"] == "002_f577bebeb87f9ad7.txt"
    assert found["tencent_ci.CreateMediaJobs.VoiceSeparate"] == "003_d9d14d537ab3a19e.txt"
    assert str(found["pontus.createTranscodingTask"]).startswith("004_")
    assert found["ucloud.DescribeFunctionTemplate"] is None
    assert found["jdcloud.getThumbnailTask"] is None


def test_an_operation_of_which_only_a_part_is_known_says_so() -> None:
    from mockcloud.cli.contracts import _page
    from mockcloud.reports.listing import provider

    listed = provider(dossier("pontus"))
    listed["operations"][0]["partly"] = "only its path is known"
    assert "only its path is known" in click_free(_page([listed], 100))
    listed["callbacks"] = [{"name": "finished"}]
    assert "finished; `mockcloud rules pontus.finished`" in flat(click_free(_page([listed], 100)))
    explained = {**explain("pontus.createTranscodingTask"), "partly": "only its path is known"}
    assert "known in part only: only its path is known" in click_free(page(explained, 100))


# Evidence ------------------------------------------------------------------------------------------------------------------


def test_each_form_of_evidence_is_looked_up() -> None:
    contract = dossier("jdcloud").contract
    told = (
        "create-thumbnail-task#38",
        "create-thumbnail-task#table",
        "error-codes#400",
        "python-sdk",
        "contradiction#pendding",
        "decision: because",
    )
    line, named, section, whole, contradiction, decision = sources(contract, told)
    assert (line.kind, line.document, line.line, line.name, line.place) == (
        "seed",
        "create-thumbnail-task",
        38,
        "001_20d4131b6d265f54.txt",
        38,
    )
    assert (named.line, named.section) == (None, "table")
    assert (section.kind, section.name, section.line, section.place) == ("document", "error-codes", None, "400")
    assert (whole.kind, whole.place, whole.is_document) == ("sdk", None, True)
    assert (contradiction.kind, contradiction.document, contradiction.is_document) == ("contradiction", "pendding", False)
    assert contradiction.reason
    assert (decision.kind, decision.document, decision.title) == ("decision", "", "because")


def test_the_first_document_is_looked_for_behind_a_contradiction_and_not_behind_a_decision() -> None:
    contract = dossier("jdcloud").contract
    behind = first_document(contract, ["decision: so", "contradiction#pendding"])
    assert behind is not None
    assert behind.place == 21
    first = first_document(contract, ["contradiction#pendding", "python-sdk"])
    assert first is not None
    assert first.name == "python-sdk"
    assert first_document(contract, ["decision: so"]) is None


# What nobody knows -----------------------------------------------------------------------------------------------------------

NAMES = [
    WIDTH,
    "jdcloud.createThumbnailTask",
    "jdcloud:RATE_LIMIT",
    "jdcloud:pendding",
    "tencent_ci.refusal/response#/Code:required",
]


@settings(max_examples=150, deadline=None)
@given(
    st.text()
    | st.builds(
        lambda name, cut, text: name[:cut] + text + name[cut:], st.sampled_from(NAMES), st.integers(0, 70), st.text(max_size=5)
    )
)
def test_any_text_is_explained_or_refused_in_one_printable_line(text: str) -> None:
    for asked in (explain, rules):
        problem = ""
        try:
            assert asked(text)
        except UsageError as raised:
            problem = str(raised)
        assert problem.isprintable()


@settings(max_examples=30, deadline=None)
@given(st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1))
def test_any_text_on_the_command_line_ends_with_0_or_2_and_never_in_a_traceback(text: str) -> None:
    result = CliRunner().invoke(cli, ["explain", "--", text])
    assert result.exception is None or isinstance(result.exception, (UsageError, SystemExit))


@pytest.mark.parametrize(
    ("asked", "meant"),
    [
        ("jdcloud.createThumbnailTask/request#/target/widthInPixels:maximum", WIDTH),
        ("jdcloud.creatThumbnailTask", "jdcloud.createThumbnailTask"),
        ("createThumbnailTask", "jdcloud.createThumbnailTask"),
        ("jdclod:RATE_LIMIT", "jdcloud:RATE_LIMIT"),
        ("jdcloud:rate_limit", "jdcloud:RATE_LIMIT"),
        ("jdcloud:pending", "jdcloud:pendding"),
        ("nobody.createThumbnailTask/request#/target/widthInPixel:maximum", WIDTH),
        ("RATE_LIMIT", "jdcloud:RATE_LIMIT"),
        ("160", "ucloud:160"),
        ("jdclud", "jdcloud"),
        ("jdcloud.result_shap", "jdcloud.result_shape"),
    ],
)
def test_an_unknown_name_is_refused_with_2_and_one_line_with_the_nearest(
    asked: str, meant: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["mockcloud", "explain", asked])
    with pytest.raises(SystemExit) as ended:
        main()
    told = capsys.readouterr()
    assert ended.value.code == 2
    assert told.out == ""
    assert told.err.count("\n") == 1
    assert f"Did you mean '{meant}'?" in told.err


def test_a_provider_alone_is_answered_with_its_operations() -> None:
    with pytest.raises(UsageError, match=r"is a provider.*jdcloud\.getThumbnailTask"):
        explain("jdcloud")


def test_a_code_without_its_provider_names_every_provider_that_has_it() -> None:
    with pytest.raises(UsageError, match="Did you mean 'pontus:InternalError' or 'tencent_ci:InternalError'?"):
        explain("InternalError")


def test_a_setting_is_answered_with_what_it_says() -> None:
    with pytest.raises(UsageError, match="'jdcloud.result_shape' is a setting; `mockcloud contracts` shows it: whether"):
        explain("jdcloud.result_shape")


def test_rules_asked_for_one_rule_names_its_operation_and_the_command_that_tells_of_rules() -> None:
    with pytest.raises(UsageError, match="Did you mean 'jdcloud.createThumbnailTask'. `mockcloud explain` tells of one rule"):
        rules(WIDTH)


def test_the_nearest_of_nothing_is_nothing() -> None:
    assert nearest("x", []) == ""


def test_an_unknown_name_for_rules_is_refused_with_2_and_the_nearest() -> None:
    ended = subprocess.run(
        [sys.executable, "-m", "mockcloud", "rules", "ucloud.CreateMediaTasks"], capture_output=True, text=True, check=False
    )
    assert (ended.returncode, ended.stdout) == (2, "")
    assert "Did you mean 'ucloud.CreateMediaTask'?" in ended.stderr


# How it looks ----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", [*NAMES, "tencent_ci.CreateMediaJobs.VoiceSeparate", "tencent_ci:bitrate-12"])
@pytest.mark.parametrize("width", [60, 80, 120])
def test_a_page_is_as_wide_as_the_terminal_but_for_what_cannot_be_broken(name: str, width: int) -> None:
    for line in run("explain", name, COLUMNS=str(width)).splitlines():
        longest = max((columns(word) for word in line.split()), default=0)
        assert columns(line) <= width or longest > 20, line


@pytest.mark.parametrize("command", [("explain", WIDTH), ("contracts",)])
def test_a_terminal_sees_colours_and_a_pipe_and_who_asks_for_none_do_not(command: tuple[str, ...]) -> None:
    assert "\x1b" not in run(*command)
    assert "\x1b" in CliRunner().invoke(cli, command, color=True).output
    assert "\x1b" not in CliRunner(env={"NO_COLOR": "1"}).invoke(cli, command, color=True).output


@pytest.mark.parametrize("name", NAMES)
def test_explain_as_json_is_the_object_that_the_page_is_made_from(name: str) -> None:
    assert json.loads(run("explain", name, "--json")) == explain(name)


def test_a_long_value_is_shown_short_and_a_chinese_character_takes_two_columns() -> None:
    assert value("x" * 1025) == '"xxx…" (1025 characters)'
    assert len(value([{"a": "x" * 50}] * 9)) < 70
    assert columns("人声ab") == 6


def test_an_operation_without_rules_has_an_empty_list() -> None:
    assert flat(run("rules", "tencent_ci.CancelMediaJob", "--json"))[:1] == "["


def test_the_words_of_effects_say_what_is_asked_for_and_how_it_is_chosen() -> None:
    said = {one.id: explain(one.id)["effect"] for name in PROVIDERS for one in dossier(name).contract.operations.values()}
    assert said["jdcloud.createThumbnailTask"] == "creates a task, which goes PENDDING -> RUNNING -> SUCCESS"
    assert said["pontus.getTranscodingTask"] == "answers with the task whose id is task_id"
    assert 'lets the event "cancel" happen to the task whose id is jobIds' in said["tencent_ci.CancelMediaJob"]
    assert "answers with each task that jobIds lists, separated by ','" in said["tencent_ci.DescribeMediaJob"]


@pytest.mark.parametrize(
    ("verb", "entry", "said"),
    [
        ("list", {"list": "queue", "where": [{"value": "$item.State", "is": "$request.state"}], "page": {"size": "$request.pageSize", "number": "$request.pageNumber"}}, "answers with every queue that fits state, in pages told by pageSize, pageNumber"),
        ("list", {"list": "queue"}, "answers with every queue"),
        ("refuse", {"refuse": "queue-full", "when": True}, "may refuse by the condition queue-full"),
        ("ask", {"ask": "check", "refuse": "queue-full"}, "sends check and refuses by the condition queue-full when nobody takes it"),
        ("event", {"event": "cancel", "kind": "queue", "where": [{"value": "$task.id", "is": "$request.a.b"}]}, 'lets the event "cancel" happen to every queue that fits a.b'),
        ("add", {"add": "queue", "item": {}}, "adds a queue"),
        ("change", {"change": "queue", "id": "/id", "item": {}}, "changes the queue whose id is id"),
        ("remove", {"remove": "queue", "id": "/id"}, "removes the queue whose id is id"),
        ("find", {"find": "queue", "ids": "/ids"}, "answers with each queue that ids names; without it, with all of them"),
    ],
)  # fmt: skip
def test_each_effect_has_its_words(verb: str, entry: dict[str, Any], said: str) -> None:
    kind = entry["kind"] if verb == "event" else "queue" if verb not in ("refuse", "ask") else "queue-full"
    made = effects.Effect(verb, kind, False, entry, {}, (), effects.Page(str, str, None) if "page" in entry else None)  # type: ignore[arg-type]
    assert words.EFFECTS[verb](made, dossier("jdcloud").contract) == said


def test_a_table_without_rows_is_no_table() -> None:
    made = Page(80)
    made.table([])
    assert str(made) == ""
