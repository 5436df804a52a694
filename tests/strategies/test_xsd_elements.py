"""The XSD engine on a schema made for it: what it draws, how it shrinks, and that it throws nothing away."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Callable
from pathlib import Path

import pytest
from draws import law
from hypothesis import Phase, find, given, settings
from hypothesis import strategies as st

from mockcloud.codecs import xml_body
from mockcloud.contracts.vocabulary import XSD_FACETS
from mockcloud.contracts.xml_schema import XmlSchema
from mockcloud.errors import UsageError
from mockcloud.strategies import broken_elements as breaking
from mockcloud.strategies import spoiling, trees
from mockcloud.strategies.broken_elements import broken_elements
from mockcloud.strategies.elements import elements
from mockcloud.strategies.facets import narrowed, texts
from mockcloud.strategies.grammar import Simple

D = "<xs:annotation><xs:appinfo>d</xs:appinfo></xs:annotation>"
SAYS = "<xs:annotation><xs:documentation>says</xs:documentation></xs:annotation>"


def leaf(name: str, base: str, facets: str, occurs: str = 'minOccurs="0"') -> str:
    return f'<xs:element name="{name}" {occurs}>{D}<xs:simpleType><xs:restriction base="xs:{base}">{facets}</xs:restriction></xs:simpleType></xs:element>'


SCHEMA = f"""<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema">
<xs:element name="Job" type="Job">{D}</xs:element>
<xs:complexType name="Job"><xs:all>
  <xs:element name="Name" type="xs:string">{D}</xs:element>
  {leaf("Codec", "string", '<xs:enumeration value="aac"/><xs:enumeration value="amr"/>')}
  {leaf("Rate", "integer", '<xs:minInclusive value="8"/><xs:maxInclusive value="96"/>')}
  {leaf("Gain", "decimal", '<xs:minInclusive value="-1.5"/>')}
  {leaf("Code", "string", '<xs:pattern value="[a-z]{2,}"/><xs:minLength value="3"/><xs:maxLength value="40"/>')}
  {leaf("Tag", "string", "", 'minOccurs="0" maxOccurs="unbounded"')}
  <xs:element name="Box" type="Box" minOccurs="0" maxOccurs="3">{D}</xs:element>
</xs:all>
<xs:assert id="rate-of-amr" test="not(Codec = 'amr') or not(Rate)">{SAYS}</xs:assert>
<xs:assert id="ax-has-codec" test="not(Name[starts-with(., 'ax')]) or Codec">{SAYS}</xs:assert>
</xs:complexType>
<xs:complexType name="Box"><xs:all>
  <xs:element name="In" type="xs:string" minOccurs="0">{D}</xs:element>
  <xs:element name="Out" type="xs:string" minOccurs="0">{D}</xs:element>
  <xs:element name="Note" type="xs:string" minOccurs="0">{D}</xs:element>
</xs:all>
<xs:assert id="in-or-out" test="In or Out">{SAYS}</xs:assert>
<xs:assert id="not-both-x" test="not(In = 'x' and Out = 'x')">{SAYS}</xs:assert>
</xs:complexType>
</xs:schema>"""


@pytest.fixture(scope="module")
def schema(tmp_path_factory: pytest.TempPathFactory) -> XmlSchema:
    folder = tmp_path_factory.mktemp("p") / "requests"
    folder.mkdir()
    (folder / "job.xsd").write_text(SCHEMA)
    return XmlSchema(folder / "job.xsd", ("p.Op", "request"))


def wired(document: ET.Element) -> ET.Element:
    return xml_body.decode(ET.tostring(document, encoding="utf-8"))


def written(document: ET.Element) -> str:
    return ET.tostring(document, encoding="unicode")


def smallest(strategy: st.SearchStrategy[ET.Element], wanted: Callable[[ET.Element], bool]) -> str:
    how = settings(max_examples=400, database=None, deadline=None, derandomize=True, phases=[Phase.generate, Phase.shrink])
    return written(find(strategy, wanted, settings=how))


def drawn(strategy: st.SearchStrategy[ET.Element], draws: int) -> list[ET.Element]:
    found: list[ET.Element] = []

    @law(draws)
    @given(strategy)
    def every(document: ET.Element) -> None:
        found.append(document)

    every()
    return found


def test_every_document_keeps_every_rule_an_assert_that_only_a_validator_knows_too(schema: XmlSchema) -> None:
    documents = drawn(elements(schema), 150)
    assert not [one for document in documents for one in schema.violations(wired(document))]
    assert {len(one.findall("Tag")) for one in documents} >= {0, 1, 2, 5}
    assert len({tuple(child.tag for child in one) for one in documents}) > 30, "children stand in many orders"
    assert any(child.text in (None, "") and not len(child) for one in documents for child in one), "some are there empty"
    assert not any(
        child.text in (None, "") and not len(child) for one in drawn(elements(schema, empties=False), 60) for child in one
    )


def test_a_failure_shrinks_to_the_smallest_document_that_shows_it(schema: XmlSchema) -> None:
    assert smallest(elements(schema), lambda one: True) == "<Job><Name>x</Name></Job>"
    assert smallest(elements(schema), lambda one: bool(one.findtext("Rate"))) == "<Job><Name>x</Name><Rate>8</Rate></Job>"


def test_the_same_draws_come_in_every_run(schema: XmlSchema) -> None:
    assert [written(one) for one in drawn(elements(schema), 30)] == [written(one) for one in drawn(elements(schema), 30)]


def test_no_draw_is_thrown_away(schema: XmlSchema, monkeypatch: pytest.MonkeyPatch) -> None:
    def reject() -> None:
        raise AssertionError("a draw was thrown away")

    monkeypatch.setattr(trees, "reject", reject)
    monkeypatch.setattr(breaking, "reject", reject)
    drawn(elements(schema), 200)
    for rule in schema.rules.values():
        drawn(broken_elements(schema, rule), 10)


def test_each_constraint_of_the_vocabulary_has_a_way_to_be_broken() -> None:
    assert set(breaking.BREAKERS) == XSD_FACETS | {"type", "required", "maxOccurs"}
    assert set(spoiling.WITHOUT) == XSD_FACETS | {"type"}


def test_every_rule_is_broken_alone_and_in_more_than_one_way(schema: XmlSchema) -> None:
    for rule in schema.rules.values():
        documents = drawn(broken_elements(schema, rule), 12)
        for one in documents:
            assert [found.rule for found in schema.violations(wired(one))] == [rule.id], written(one)
        assert len({written(one) for one in documents}) > 6, rule.id


def test_a_rule_that_nothing_breaks_alone_is_a_usage_error_with_the_reason(tmp_path: Path) -> None:
    (tmp_path / "a.xsd").write_text(
        f'<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema"><xs:element name="A">{D}<xs:complexType><xs:all>'
        f'<xs:element name="B" minOccurs="0">{D}<xs:complexType><xs:all><xs:element name="C" type="xs:string">{D}</xs:element></xs:all></xs:complexType></xs:element>'
        + leaf("L", "string", '<xs:minLength value="1"/>')
        + "</xs:all></xs:complexType></xs:element></xs:schema>"
    )
    schema = XmlSchema(tmp_path / "a.xsd", ("p.Op", "request"))
    for name, why in (("/B/C:required", "nothing is left"), ("/L:minLength", "no text breaks it and nothing else")):
        with pytest.raises(UsageError, match=why):
            broken_elements(schema, schema.rules[f"p.Op/request#{name}"])


TEXTS = {
    "shortest first": (Simple(), "x"),
    "a number in bounds": (Simple("integer", digits=2), "1"),
    "a pattern with a length": (Simple(patterns=("[ab]+",), least=3, most=3), "aaa"),
    "a class of XSD": (Simple(patterns=(r"\i\c*",)), "x"),
    "a day": (Simple("date"), "2026-01-01"),
}


@pytest.mark.parametrize("name", TEXTS)
def test_the_first_text_of_a_type_is_a_plain_one(name: str) -> None:
    simple, first = TEXTS[name]
    assert texts(simple).smallest == first


def test_classes_of_xsd_are_narrowed_in_brackets_and_outside_of_them() -> None:
    assert narrowed(r"\d[\d\-]\p{Lu}\\d\S") == r"[0-9][0-9\-][A-Z]\\d\S"
