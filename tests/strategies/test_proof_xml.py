"""Item by item: what is drawn for every XSD of our contracts holds, breaks and shows what it is said to."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress

import pytest
from draws import DRAWS, law
from hypothesis import given, reject
from proof import judges
from proof.figures import ENOUGH, Satisfied, of_broken, of_valid

from mockcloud.codecs import xml_body
from mockcloud.contracts.model import Contract
from mockcloud.contracts.rules import Rule
from mockcloud.contracts.xml_schema import XmlSchema
from mockcloud.contracts.xsd_reader import Node
from mockcloud.errors import UsageError
from mockcloud.messages import Json, Violation
from mockcloud.reports.dossier import dossiers
from mockcloud.strategies import broken, broken_elements, trees
from mockcloud.strategies.elements import elements


def _schemas(contract: Contract) -> Iterator[tuple[str, XmlSchema]]:
    for operation in contract.operations.values():
        for side, schema in (("request", operation.request), ("response", operation.response)):
            if isinstance(schema, XmlSchema):
                yield f"{operation.id}/{side}", schema
    for name, envelope in (("refusal", contract.refusal), ("success", contract.success)):
        if isinstance(envelope.schema, XmlSchema):
            yield f"{contract.name}.{name}", envelope.schema


def _differing() -> dict[str, XmlSchema]:
    """The schemas by name, each file once."""
    found: dict[int, tuple[str, XmlSchema]] = {}
    for entry in dossiers():
        for name, schema in _schemas(entry.contract):
            found.setdefault(id(schema._xsd), (name, schema))
    return dict(found.values())


SCHEMAS = _differing()


def _firsts() -> dict[str, set[str]]:
    """For each schema the rules that are proven by it: all, and in the suite those that no schema before has in that place."""
    found: dict[str, set[str]] = {}
    known: set[str] = set()
    for name, schema in SCHEMAS.items():
        sided = {rule: f"{name.rpartition('/')[2]}#{rule.partition('#')[2]}" for rule in schema.rules}
        found[name] = {rule for rule, place in sided.items() if DRAWS >= ENOUGH or place not in known}
        known |= set(sided.values())
    return found


FIRSTS = _firsts()
PLACES = {name: {SCHEMAS[name].rules[rule].path for rule in rules} for name, rules in FIRSTS.items()}
each_schema = pytest.mark.parametrize("name", list(SCHEMAS))


def received(document: ET.Element) -> Json:
    """What is read of a document that went over the wire."""
    return xml_body.decode(ET.tostring(document, encoding="utf-8"))


def nodes(node: Node) -> Iterator[Node]:
    for child in (node.children or {}).values():
        yield child
        yield from nodes(child)


def wanted(schema: XmlSchema) -> set[tuple[str, str]]:
    """What has to be seen of each node: that it is absent, there once, there twice; its values; the ends of its bounds."""
    found: set[tuple[str, str]] = set()
    for node in nodes(schema.root):
        found |= {(node.path, "absent")} if not node.least else set()
        found |= {(node.path, "twice")} if node.most > 1 else set()
        found.add((node.path, "once"))
        for facet in node.facets:
            if facet.name == "enumeration":
                found |= {(node.path, f"= {text}") for text in facet.demand if text}
            elif facet.name in ("minInclusive", "maxInclusive"):
                found.add((node.path, f"= {facet.demand}"))
            elif facet.name == "maxLength":
                found.add((node.path, f"{facet.demand} long"))
    return found


def shown(schema: XmlSchema, document: ET.Element) -> set[tuple[str, str]]:
    """What a document shows of all that."""
    found: set[tuple[str, str]] = set()

    def look(owner: ET.Element, node: Node) -> None:
        for child in (node.children or {}).values():
            there = [one for one in owner.findall(child.name) if one.text or len(one)]
            found.add((child.path, {0: "absent", 1: "once", 2: "twice"}.get(len(there), "many")))
            for one in there:
                found.update({(child.path, f"= {one.text}"), (child.path, f"{len(one.text or '')} long")})
                look(one, child)

    look(document, schema.root)
    return found


def run(draws: int, schema: XmlSchema, judge: Callable[[ET.Element], None]) -> None:
    @law(draws)
    @given(elements(schema))
    def every(document: ET.Element) -> None:
        judge(document)

    every()


@each_schema
def test_every_draw_keeps_every_rule_for_lxml_and_for_xmlschema(name: str) -> None:
    schema, count = SCHEMAS[name], 0

    def judge(document: ET.Element) -> None:
        nonlocal count
        count += 1
        assert judges.holds(schema, received(document))

    run(DRAWS, schema, judge)
    assert count >= min(DRAWS, 2)


@each_schema
def test_every_value_and_boundary_and_number_of_elements_is_seen_within_a_thousand_draws(name: str) -> None:
    schema = SCHEMAS[name]
    unseen = {(path, what) for path, what in wanted(schema) if path in PLACES[name]}

    def judge(document: ET.Element) -> None:
        unseen.difference_update(shown(schema, document))
        if not unseen:
            raise Satisfied

    with suppress(Satisfied):
        run(ENOUGH, schema, judge)
    assert not unseen, f"not seen within {ENOUGH} draws"


UNBREAKABLE = {
    "/JobsDetail/Operation/MediaResult/OutputFile:required": "without it MediaResult is empty, which counts as none",
    "/NonExistTIDs/TemplateId:required": "without it NonExistTIDs is empty, which counts as none",
}


@each_schema
def test_every_rule_is_broken_alone_by_every_draw_labelled_with_it_and_one_in_ten_at_most_is_thrown_away(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    schema, thrown, drawn = SCHEMAS[name], Counter[str](), Counter[str]()

    def throw_away() -> None:
        thrown[here] += 1
        reject()

    for module in (trees, broken_elements):
        monkeypatch.setattr(module, "reject", throw_away)
    for here in (rule for rule in schema.rules if rule in FIRSTS[name]):
        if here.partition("#")[2] in UNBREAKABLE:
            with pytest.raises(UsageError, match="alone"):
                broken_elements.broken_elements(schema, schema.rules[here])
        else:
            drawn[here] = _breaks(schema, schema.rules[here])
    assert not {rule for rule in thrown if thrown[rule] * 10 > max(drawn[rule], 10)}


def _breaks(schema: XmlSchema, rule: Rule) -> int:
    """How many draws were labelled with a rule, each of which broke it alone."""
    seen: list[str] = []

    @law(2 if DRAWS < ENOUGH else 100)
    @given(broken_elements.broken_elements(schema, rule))
    def every(document: ET.Element) -> None:
        assert [one.rule for one in schema.violations(received(document))] == [rule.id]
        seen.append(rule.id)

    every()
    assert seen
    return len(seen)


OPERATIONS = {
    one.id: one.request
    for entry in dossiers()
    for one in entry.contract.operations.values()
    if isinstance(one.request, XmlSchema)
}
FEW = ["tencent_ci.GenerateMediaInfo", "tencent_ci.UpdateMediaQueue", "tencent_ci.CreateMediaTemplate.VoiceSeparate"]
"""Operations of each kind, whose signed bytes the suite judges. A proof with many draws takes all."""

each_operation = pytest.mark.parametrize("operation", FEW if DRAWS < ENOUGH else list(OPERATIONS))


@each_operation
def test_every_request_is_on_the_wire_what_it_is_said_to_be_and_every_value_is_seen(operation: str) -> None:
    valid, wrong = of_valid(operation, law, DRAWS), of_broken(operation, law, DRAWS // 2, each=2)
    assert not [*valid.wrong, *wrong.wrong]
    assert not valid.unseen, f"not seen within {ENOUGH} draws"
    assert wrong.broken == set(broken.ways(operation))


def test_every_rule_of_these_operations_is_broken_by_some_request_alone_but_a_tag_left_out_is_another_operation() -> None:
    unbroken = {rule for name, schema in OPERATIONS.items() for rule in schema.rules.keys() - broken.ways(name).keys()}
    assert unbroken == {f"{name}/request#/Tag:required" for name in OPERATIONS if name.startswith("tencent_ci.CreateMediaJobs.")}


def test_a_request_that_only_one_of_the_validators_refuses_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    operation = FEW[0]
    with monkeypatch.context() as one:
        one.setattr(XmlSchema, "violations", lambda self, message: (Violation("p.Op/request#/X:required", "/X", None, "why"),))
        assert of_valid(operation, law, 2).wrong
    with monkeypatch.context() as one:
        one.setitem(vars(OPERATIONS[operation]._xsd), "is_valid", lambda body: False)
        assert of_valid(operation, law, 2).wrong
    assert not of_valid(operation, law, 2).wrong
