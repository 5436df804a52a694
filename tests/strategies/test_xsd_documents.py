"""from_xsd on XSDs that are not ours: two validators judge every document, and what is not read is refused by name."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
import xmlschema
from cases import ROOT
from draws import DRAWS, law
from hypothesis import Phase, find, given, reject, settings
from lxml import etree

from mockcloud import strategies
from mockcloud.errors import UsageError
from mockcloud.strategies import trees

HERE = Path(__file__).parent / "xsd"
OFFICIAL = Path(__file__).parents[1] / "official"
FOREIGN = [
    *(HERE / f"{name}.xsd" for name in ("invoice", "feed", "sitemap", "order", "project", "catalogue")),
    *(OFFICIAL / f"{name}.xsd" for name in ("junit-10", "ant-junit")),
]
each_schema = pytest.mark.parametrize("path", FOREIGN, ids=lambda path: path.stem)
FINDING = settings(max_examples=300, database=None, deadline=None, derandomize=True, phases=[Phase.generate])
SHRINKING = settings(FINDING, phases=[Phase.generate, Phase.shrink])


def validators(path: Path) -> list[Callable[[str], bool]]:
    found: list[Callable[[str], bool]] = [xmlschema.XMLSchema11(str(path)).is_valid]
    # What has asserts is no XSD 1.0, which is all that lxml knows.
    if "<xs:assert" not in path.read_text():
        compiled = etree.XMLSchema(etree.parse(str(path)))
        found.append(lambda text: compiled.validate(etree.fromstring(text)))
    return found


valid_and_broken = pytest.mark.parametrize("broken", [False, True], ids=["valid", "broken"])


def judged(path: Path, broken: bool) -> set[str]:
    """Documents of an XSD, each of which is what it is said to be to both validators."""
    judges = validators(path)
    seen: set[str] = set()

    @law(DRAWS)
    @given(strategies.from_xsd(path, broken=broken))
    def every(document: str) -> None:
        seen.add(document)
        assert [judge(document) for judge in judges] == [not broken] * len(judges)

    every()
    return seen


@each_schema
@valid_and_broken
def test_every_document_of_somebody_elses_xsd_is_what_it_is_said_to_be_to_both_validators(path: Path, broken: bool) -> None:
    assert len(judged(path, broken)) > min(DRAWS, 1_000) // 2, "the documents differ"


def drawn(path: Path, wanted: Callable[[str], bool], root: str = "", how: settings = FINDING) -> str:
    return find(strategies.from_xsd(path, root=root), wanted, settings=how)


def test_a_failure_shrinks_to_the_smallest_document() -> None:
    assert drawn(HERE / "feed.xsd", lambda text: True, how=SHRINKING) == '<rss version="2.0"><channel /></rss>'
    smallest = '<urlset xmlns="urn:example:sitemap"><url><loc>LOC</loc><changefreq>daily</changefreq></url></urlset>'
    shrunk = drawn(HERE / "sitemap.xsd", lambda text: "daily" in text, how=SHRINKING)
    assert re.sub("<loc>[^<]*", "<loc>LOC", shrunk) == smallest


def test_kinds_that_stand_within_themselves_are_drawn_some_levels_deep_and_end() -> None:
    text = drawn(HERE / "catalogue.xsd", lambda text: text.count("<folder") > 2 and "</folder></folder>" in text)
    assert validators(HERE / "catalogue.xsd")[0](text)


def test_ids_of_a_document_differ() -> None:
    text = drawn(HERE / "invoice.xsd", lambda text: " ref=" in text)
    ids = re.findall(r' (?:id|ref)="([^"]*)"', text)
    assert len(ids) == len(set(ids)) >= 2


def test_what_is_nillable_is_nil_sometimes_and_what_is_unqualified_has_no_prefix() -> None:
    assert 'xsi:nil="true"' in drawn(HERE / "invoice.xsd", lambda text: "xsi:nil" in text)
    text = drawn(HERE / "order.xsd", lambda text: "n:remark" in text)
    assert text.startswith("<n:order ")
    assert 'xmlns:n="urn:example:order"' in text
    assert "<shipTo" in text


def test_the_root_can_be_chosen_and_one_that_is_not_there_is_named_with_the_nearest() -> None:
    assert (
        drawn(HERE / "order.xsd", lambda text: True, root="remark", how=SHRINKING)
        == '<remark xmlns="urn:example:order">x</remark>'
    )
    with pytest.raises(UsageError, match="no global element 'ordre'. Did you mean 'order'"):
        strategies.from_xsd(HERE / "order.xsd", root="ordre")


def test_our_own_schemas_are_read_as_anybody_elses() -> None:
    path = ROOT / "schemas" / "tencent_ci" / "requests" / "CreateMediaJobs.VoiceSeparate.xsd"
    judge = xmlschema.XMLSchema11(str(path)).is_valid

    @law(10)
    @given(strategies.from_xsd(path))
    def every(document: str) -> None:
        assert judge(document)

    every()


HEAD = '<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema">'
CORNERS = {
    "an assert over two lines": (
        '<xs:element name="a"><xs:complexType><xs:sequence><xs:element name="b" type="xs:int"/><xs:element name="c" type="xs:int"/></xs:sequence>'
        '<xs:assert test="b\n    le  c"/></xs:complexType></xs:element>'
    ),
    "an assert about what stands within itself": (
        '<xs:element name="t" type="T"/><xs:complexType name="T"><xs:sequence><xs:element name="n" type="xs:int" minOccurs="0"/>'
        '<xs:element name="t" type="T" minOccurs="0"/></xs:sequence><xs:assert test="not(t/n) or n"/></xs:complexType>'
    ),
    "an assert about what may be nil": (
        '<xs:element name="a"><xs:complexType><xs:sequence><xs:element name="x" type="xs:int" nillable="true"/></xs:sequence>'
        '<xs:assert test="x = 1 or x = 2"/></xs:complexType></xs:element>'
    ),
    "an assert that asks for one of two": (
        '<xs:element name="a"><xs:complexType><xs:choice><xs:element name="x" type="xs:int"/><xs:element name="y" type="xs:int" maxOccurs="3"/></xs:choice>'
        '<xs:assert test="y"/></xs:complexType></xs:element>'
    ),
    "an assert that asks for one of what may repeat": (
        '<xs:element name="a"><xs:complexType><xs:choice maxOccurs="4"><xs:element name="x" type="xs:int"/><xs:element name="y" type="xs:int"/></xs:choice>'
        '<xs:assert test="x and y"/></xs:complexType></xs:element>'
    ),
    "an assert about one of two that go together": (
        '<xs:element name="a"><xs:complexType><xs:sequence><xs:sequence minOccurs="0"><xs:element name="x" type="xs:int"/><xs:element name="y" type="xs:int"/></xs:sequence>'
        '<xs:element name="z" type="xs:int" minOccurs="0"/></xs:sequence><xs:assert test="z or x"/></xs:complexType></xs:element>'
    ),
    "an assert about one of two in any order that go together": (
        '<xs:element name="a"><xs:complexType><xs:all minOccurs="0"><xs:element name="x" type="xs:int"/><xs:element name="y" type="xs:int"/></xs:all>'
        '<xs:attribute name="k"/><xs:assert test="@k or x"/></xs:complexType></xs:element>'
    ),
    "an assert about what is fixed": (
        '<xs:element name="a"><xs:complexType><xs:sequence><xs:element name="x" type="xs:int" fixed="7" minOccurs="0"/></xs:sequence>'
        '<xs:attribute name="k" fixed="5" type="xs:int"/><xs:attribute name="l" type="xs:int"/>'
        '<xs:assert test="(not(@k = 5) or @l) and (x or @k)"/></xs:complexType></xs:element>'
    ),
    "fixed, and could be nil": '<xs:element name="a" nillable="true" type="xs:int" fixed="3"/>',
    "any element by a group": (
        '<xs:group name="g"><xs:sequence><xs:element name="x" type="xs:int"/><xs:any minOccurs="0" processContents="lax"/></xs:sequence></xs:group>'
        '<xs:element name="a"><xs:complexType><xs:group ref="g"/></xs:complexType></xs:element>'
    ),
    "any attribute by a group": (
        '<xs:attributeGroup name="g"><xs:anyAttribute processContents="lax"/></xs:attributeGroup>'
        '<xs:element name="a"><xs:complexType><xs:attributeGroup ref="g"/></xs:complexType></xs:element>'
    ),
    "ids of a pattern": (
        '<xs:element name="a"><xs:complexType><xs:sequence><xs:element name="b" maxOccurs="9"><xs:complexType><xs:attribute name="id" use="required">'
        '<xs:simpleType><xs:restriction base="xs:ID"><xs:pattern value="[A-Z]{3}"/></xs:restriction></xs:simpleType>'
        '</xs:attribute></xs:complexType></xs:element></xs:sequence></xs:complexType></xs:element>'
    ),
    "listed floats": (
        '<xs:element name="a"><xs:simpleType><xs:restriction base="xs:float"><xs:enumeration value="1.5"/><xs:enumeration value="2"/></xs:restriction></xs:simpleType></xs:element>'
    ),
    "a listed time": (
        '<xs:element name="a"><xs:simpleType><xs:restriction base="xs:dateTime"><xs:enumeration value="2026-01-01T00:00:00.5"/></xs:restriction></xs:simpleType></xs:element>'
    ),
    "a decimal": '<xs:element name="a" type="xs:decimal"/>',
}  # fmt: skip


@valid_and_broken
@pytest.mark.parametrize("name", CORNERS)
def test_what_is_seldom_met_in_an_xsd_is_read_as_validators_read_it(
    name: str, broken: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    thrown: list[str] = []

    def throw_away() -> None:
        thrown.append(name)
        reject()

    monkeypatch.setattr(trees, "reject", throw_away)
    (tmp_path / "s.xsd").write_text(f"{HEAD}{CORNERS[name]}</xs:schema>")
    assert judged(tmp_path / "s.xsd", broken)
    assert len(thrown) * 10 < DRAWS, "at most one draw in ten is thrown away"


OUTSIDE = {
    "no file": (None, r"s\.xsd: the schema cannot be read"),
    "no XML": ("<xs:schema", r"s\.xsd: not XML"),
    "no schema": ("<a/>", r"an xs:schema is wanted as the root, found 'a'"),
    "a document type": ("<!DOCTYPE a><a/>", r"a document type declaration is not read; take it out"),
    "no element": (f"{HEAD}</xs:schema>", r"there is no global element"),
    "keys": (
        f'{HEAD}<xs:element name="a"><xs:complexType/><xs:key name="k"><xs:selector xpath="b"/><xs:field xpath="c"/></xs:key></xs:element></xs:schema>',
        r"s\.xsd: this construct \(xs:key 'k'\) is outside .*; take it out, or check",
    ),
    "a list": (
        f'{HEAD}<xs:element name="a"><xs:simpleType><xs:list itemType="xs:int"/></xs:simpleType></xs:element></xs:schema>',
        r"\(xs:list\) is outside .*; write the list's texts as a pattern",
    ),
    "an unread type": (f'{HEAD}<xs:element name="a" type="xs:IDREF"/></xs:schema>', r"the type xs:IDREF \(xs:element 'a'\)"),
    "an unknown type": (f'{HEAD}<xs:element name="a" type="Nobody"/></xs:schema>', r"there is no type 'Nobody', which xs:element names"),
    "bounds of dates": (
        f'{HEAD}<xs:element name="a"><xs:simpleType><xs:restriction base="xs:date"><xs:minInclusive value="2026-01-01"/></xs:restriction></xs:simpleType></xs:element></xs:schema>',
        r"minInclusive '2026-01-01' of a type of date \(xs:restriction\) is outside",
    ),
    "any element that must be": (
        f'{HEAD}<xs:element name="a"><xs:complexType><xs:sequence><xs:any/></xs:sequence></xs:complexType></xs:element></xs:schema>',
        r"an element that may be any, and must be there",
    ),
    "what must stand within itself": (
        f'{HEAD}<xs:element name="a"><xs:complexType><xs:sequence><xs:element ref="a"/></xs:sequence></xs:complexType></xs:element></xs:schema>',
        r"an element of type 'a' must stand within itself, so no document ends",
    ),
    "a type without a text": (
        f'{HEAD}<xs:element name="a"><xs:simpleType><xs:restriction base="xs:string"><xs:pattern value="[a-c]{{3}}"/><xs:length value="2"/></xs:restriction></xs:simpleType></xs:element></xs:schema>',
        r"no text was found that keeps all facets of 'a'; list some as enumeration",
    ),
    "an abstract type": (
        f'{HEAD}<xs:element name="a" type="T"/><xs:complexType name="T" abstract="true"/></xs:schema>',
        r"an abstract type \(xs:complexType 'T'\) is outside .*; give the element a type that extends it",
    ),
    "a substitution group": (
        f'{HEAD}<xs:element name="a"><xs:complexType><xs:sequence><xs:element ref="b"/></xs:sequence></xs:complexType></xs:element><xs:element name="b" abstract="true"/></xs:schema>',
        r"a substitution group \(xs:element 'b'\) is outside",
    ),
    "a pattern that is none": (
        f'{HEAD}<xs:element name="a"><xs:simpleType><xs:restriction base="xs:string"><xs:pattern value="[a"/></xs:restriction></xs:simpleType></xs:element></xs:schema>',
        r"pattern '\[a' of a type of string \(xs:restriction\)",
    ),
    "no number of times": (
        f'{HEAD}<xs:element name="a"><xs:complexType><xs:sequence><xs:element name="b" maxOccurs="many"/></xs:sequence></xs:complexType></xs:element></xs:schema>',
        r"an occurrence of '1' to 'many' \(xs:element 'b'\) is outside .*; give numbers",
    ),
    "an unknown encoding": ('<?xml version="1.0" encoding="none"?><a/>', r"s\.xsd: not XML: unknown encoding"),
    "an encoding of several bytes": ('<?xml version="1.0" encoding="gbk"?><a/>', r"s\.xsd: not XML: multi-byte encodings"),
    "a bound that is no number": (
        f'{HEAD}<xs:element name="a"><xs:simpleType><xs:restriction base="xs:double"><xs:minInclusive value="-INF"/></xs:restriction></xs:simpleType></xs:element></xs:schema>',
        r"minInclusive '-INF' of a type of double \(xs:restriction\) is outside .*; take it out",
    ),
    "a pattern of too many": (
        f'{HEAD}<xs:element name="a"><xs:simpleType><xs:restriction base="xs:string"><xs:pattern value="a{{99999999999}}"/></xs:restriction></xs:simpleType></xs:element></xs:schema>',
        r"pattern 'a\{99999999999\}' of a type of string",
    ),
    "a group of itself": (
        f'{HEAD}<xs:group name="g"><xs:sequence><xs:group ref="g"/></xs:sequence></xs:group><xs:element name="a"><xs:complexType><xs:group ref="g"/></xs:complexType></xs:element></xs:schema>',
        r"s\.xsd: a type or a group is made of itself, so it has no end; take that out",
    ),
    "a type that extends itself": (
        f'{HEAD}<xs:element name="a" type="T"/><xs:complexType name="T"><xs:complexContent><xs:extension base="T"/></xs:complexContent></xs:complexType></xs:schema>',
        r"s\.xsd: a type or a group is made of itself",
    ),
    "an element without a name": (f"{HEAD}<xs:element/></xs:schema>", r"a construct without a name \(xs:element\)"),
    "another namespace": (
        f'{HEAD[:-1]} xmlns:o="urn:o"><xs:element name="a" type="o:T"/></xs:schema>',
        r"a name of another namespace, 'o:T'",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", OUTSIDE)
def test_what_is_not_read_is_refused_with_the_file_the_construct_and_what_to_do(name: str, tmp_path: Path) -> None:
    text, says = OUTSIDE[name]
    path = tmp_path / "s.xsd"
    if text is not None:
        path.write_text(text)
    with pytest.raises(UsageError, match=says) as refused:
        strategies.from_xsd(path)
    assert "s.xsd" in str(refused.value)
