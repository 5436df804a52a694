"""XSD of the closed vocabulary: rules, settling, writing, and three validators that agree."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import xml.etree.ElementTree as ET
from pathlib import Path
from random import Random
from typing import Any

import cases
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mockcloud.codecs import xml_body
from mockcloud.contracts import folders, xml_asserts, xml_facets
from mockcloud.contracts.xml_schema import XmlSchema
from mockcloud.contracts.xsd_reader import Facet, Node

LAW = settings(max_examples=25, deadline=None, database=None, derandomize=True, suppress_health_check=list(HealthCheck))
HEAD = '<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema">'
D = "<xs:annotation><xs:appinfo>d</xs:appinfo></xs:annotation>"


def leaf(name: str, base: str, facets: str, occurs: str = 'minOccurs="0"') -> str:
    return f'<xs:element name="{name}" {occurs}>{D}<xs:simpleType><xs:restriction base="xs:{base}">{facets}</xs:restriction></xs:simpleType></xs:element>'


WHOLE = f"""{HEAD}
<xs:include schemaLocation="more.xsd"/>
<xs:element name="Root" type="Root">{D}</xs:element>
<xs:complexType name="Root"><xs:all>
  <xs:element name="Name" type="xs:string">{D}</xs:element>
  {leaf("Kind", "string", '<xs:enumeration value="a"/><xs:enumeration value="b"/>')}
  {leaf("Code", "string", '<xs:pattern value="[a-z]+"/><xs:minLength value="2"/><xs:maxLength value="4"/>')}
  {leaf("Count", "integer", '<xs:minInclusive value="1"><xs:annotation><xs:appinfo>m</xs:appinfo></xs:annotation></xs:minInclusive><xs:maxInclusive value="9"/>')}
  {leaf("Part", "decimal", "", 'minOccurs="0" maxOccurs="2"')}
  {leaf("Free", "string", "", 'minOccurs="0" maxOccurs="unbounded"')}
  <xs:element name="Box" type="Box" minOccurs="0" maxOccurs="3">{D}</xs:element>
  <xs:element name="Level" type="Level" minOccurs="0" default="0">{D}</xs:element>
</xs:all>
<xs:assert id="kind-with-box" test="not(Box) or Kind"><xs:annotation><xs:documentation>needs a Kind</xs:documentation></xs:annotation></xs:assert>
</xs:complexType>
</xs:schema>"""  # fmt: skip
MORE = f"""{HEAD}
<xs:simpleType name="Level"><xs:annotation><xs:appinfo>t</xs:appinfo></xs:annotation>
  <xs:restriction base="xs:string"><xs:enumeration value="0"/><xs:enumeration value="1"/></xs:restriction></xs:simpleType>
<xs:complexType name="Box"><xs:all>
  <xs:element name="In" type="xs:string">{D}</xs:element>
  <xs:element name="Out" type="xs:string" minOccurs="0" default="o">{D}</xs:element>
</xs:all>
<xs:assert id="in-not-out" test="not(In = Out)"><xs:annotation><xs:appinfo>a</xs:appinfo><xs:documentation>In is Out</xs:documentation></xs:annotation></xs:assert>
</xs:complexType>
</xs:schema>"""  # fmt: skip


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> XmlSchema:
    folder = tmp_path_factory.mktemp("p") / "requests"
    folder.mkdir()
    (folder / "whole.xsd").write_text(WHOLE)
    (folder / "more.xsd").write_text(MORE)
    return XmlSchema(folder / "whole.xsd", ("p.Op", "request"))


def settled(schema: XmlSchema, text: str) -> Any:
    return schema.settle(xml_body.decode(text.encode()))


def broken(schema: XmlSchema, text: str) -> list[tuple[str, str]]:
    data = settled(schema, text)
    found = schema.violations(data)
    assert schema.accepts(data) == (not found), "the validators do not agree"
    assert not (found and schema._form.written(data)[1]), "what is broken passes for certain"
    return [(violation.rule.removeprefix("p.Op/request#"), violation.where) for violation in found]


def test_every_constraint_is_a_rule_at_the_path_of_its_element(whole: XmlSchema) -> None:
    assert [rule.removeprefix("p.Op/request#") for rule in whole.rules] == [
        ":kind-with-box", "/Name:required", "/Name:maxOccurs", "/Kind:maxOccurs", "/Kind:enumeration",
        "/Code:maxOccurs", "/Code:pattern", "/Code:minLength", "/Code:maxLength",
        "/Count:maxOccurs", "/Count:type", "/Count:minInclusive", "/Count:maxInclusive", "/Part:maxOccurs", "/Part:type",
        "/Box:maxOccurs", "/Box:in-not-out", "/Box/In:required", "/Box/In:maxOccurs", "/Box/Out:maxOccurs",
        "/Level:maxOccurs", "/Level:enumeration",
    ]  # fmt: skip


def test_evidence_is_the_facets_else_the_types_else_the_elements(whole: XmlSchema) -> None:
    evidence = {name.partition("#")[2]: rule.evidence for name, rule in whole.rules.items()}
    assert (evidence["/Count:minInclusive"], evidence["/Count:maxInclusive"]) == (("m",), ("d",))
    assert (evidence["/Level:enumeration"], evidence["/Box:in-not-out"], evidence[":kind-with-box"]) == (("t",), ("a",), ("d",))


ALONE = [
    ("<Root/>", "/Name:required", "/Name"),
    ("<Root><Name>n</Name><Name>m</Name></Root>", "/Name:maxOccurs", "/Name"),
    ("<Root><Name>n</Name><Kind>c</Kind></Root>", "/Kind:enumeration", "/Kind"),
    ("<Root><Name>n</Name><Kind> a</Kind></Root>", "/Kind:enumeration", "/Kind"),
    ("<Root><Name>n</Name><Code>aB</Code></Root>", "/Code:pattern", "/Code"),
    ("<Root><Name>n</Name><Code>a</Code></Root>", "/Code:minLength", "/Code"),
    ("<Root><Name>n</Name><Code>abcde</Code></Root>", "/Code:maxLength", "/Code"),
    ("<Root><Name>n</Name><Count>0</Count></Root>", "/Count:minInclusive", "/Count"),
    ("<Root><Name>n</Name><Count>10</Count></Root>", "/Count:maxInclusive", "/Count"),
    ("<Root><Name>n</Name><Count>1.0</Count></Root>", "/Count:type", "/Count"),
    ("<Root><Name>n</Name><Count>one</Count></Root>", "/Count:type", "/Count"),
    ("<Root><Name>n</Name><Part>1e1</Part></Root>", "/Part:type", "/Part"),
    ("<Root><Name>n</Name><Part>1</Part><Part>x</Part></Root>", "/Part:type", "/Part[2]"),
    ("<Root><Name>n</Name><Part>1</Part><Part>2</Part><Part>3</Part></Root>", "/Part:maxOccurs", "/Part"),
    ("<Root><Name>n</Name><Box><In>i</In></Box></Root>", ":kind-with-box", ""),
    ("<Root><Name>n</Name><Kind>a</Kind><Box><Out>i</Out></Box></Root>", "/Box/In:required", "/Box/In"),
    ("<Root><Name>n</Name><Kind>a</Kind><Box><In>i</In><Out>i</Out></Box></Root>", "/Box:in-not-out", "/Box"),
    ("<Root><Name>n</Name><Kind>a</Kind><Box><In>i</In></Box><Box><In>i</In><Out>i</Out></Box></Root>", "/Box:in-not-out", "/Box[2]"),
    ("<Root><Name>n</Name><Level>2</Level></Root>", "/Level:enumeration", "/Level"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "rule", "where"), ALONE, ids=[f"{row[1]} {row[2]}" for row in ALONE])
def test_a_constraint_broken_alone_gives_exactly_its_rule(whole: XmlSchema, text: str, rule: str, where: str) -> None:
    assert broken(whole, text) == [(rule, where)]


def test_a_document_that_keeps_every_rule_breaks_none(whole: XmlSchema) -> None:
    text = "<Root x='1'><Free>1</Free><Box><In>i</In></Box><Kind>a</Kind><Free>2</Free><Odd/><Count> +07 </Count><Name>n</Name><Part>-.5</Part></Root>"
    assert broken(whole, text) == []


def test_the_violations_come_in_the_schemas_order(whole: XmlSchema) -> None:
    text = "<Root><Level>7</Level><Count>99</Count><Kind>z</Kind><Box><In>a</In><Out>a</Out></Box></Root>"
    assert [rule for rule, _ in broken(whole, text)] == ["/Name:required", "/Kind:enumeration", "/Count:maxInclusive", "/Box:in-not-out", "/Level:enumeration"]  # fmt: skip


def test_a_name_missing_and_a_part_too_many_are_told_together(whole: XmlSchema) -> None:
    assert {rule for rule, _ in broken(whole, "<Root><Part>1</Part><Part>1</Part><Part>1</Part></Root>")} == {
        "/Name:required",
        "/Part:maxOccurs",
    }


@pytest.mark.parametrize("text", ["0_5", "１", "٣", "0x1"])  # fullwidth and Arabic digits
def test_a_text_that_only_python_takes_for_an_integer_is_of_the_wrong_type(whole: XmlSchema, text: str) -> None:
    assert broken(whole, f"<Root><Name>n</Name><Count>{text}</Count></Root>") == [("/Count:type", "/Count")]


@pytest.mark.parametrize("text", ["1_0.5", "NaN", "INF", "Infinity", "１.5", "1e3", "."])
def test_a_text_that_only_python_takes_for_a_decimal_is_of_the_wrong_type(whole: XmlSchema, text: str) -> None:
    assert broken(whole, f"<Root><Name>n</Name><Part>{text}</Part></Root>") == [("/Part:type", "/Part")]


@pytest.mark.parametrize(
    "text",
    [
        "<Root><Name>n</Name><Kind>a</Kind><Box><In>i</In></Box>text</Root>",
        "<Root>text<Name>n</Name></Root>",
        "<Root><Name>n</Name>text</Root>",
        "<Root><Odd/>text<Name>n</Name></Root>",
        "<Root><Name>n</Name><Kind>a</Kind><Box>text<In>i</In>text</Box></Root>",
    ],
)
def test_text_between_the_elements_is_tolerated_like_an_unknown_node(whole: XmlSchema, text: str) -> None:
    assert broken(whole, text) == []


SETTLING = [
    ("<R/>", "<Root><Name/></Root>", "<Root/>"),
    ("empty leaf", "<Root><Name></Name><Kind/></Root>", "<Root/>"),
    ("empty container", "<Root><Box><In/><Odd>x</Odd></Box></Root>", "<Root/>"),
    ("unknown node", "<Root><Odd><Name>n</Name></Odd><Name>n</Name></Root>", "<Root><Name>n</Name></Root>"),
    ("order", "<Root><Level>1</Level><Part>2</Part><Name>n</Name><Part>1</Part></Root>", "<Root><Name>n</Name><Part>2</Part><Part>1</Part><Level>1</Level></Root>"),
    ("attributes", "<Root a='1'><Name b='2'>n</Name><Box c='3'><In d='4'>i</In></Box></Root>", "<Root><Name>n</Name><Box><In>i</In></Box></Root>"),
    ("nodes in a leaf", "<Root><Name>n<b>x</b>m</Name></Root>", "<Root><Name>n</Name></Root>"),
    ("white space", "<Root>\n <Name>n</Name>\n <Level>1</Level>\n</Root>", "<Root><Name>n</Name><Level>1</Level></Root>"),
    ("comments and instructions", "<Root><!-- a --><?b c?><Name>n<!-- d -->m</Name></Root>", "<Root><Name>nm</Name></Root>"),
    ("a prefix of another namespace", "<Root xmlns:x='u'><x:Name>n</x:Name></Root>", "<Root/>"),
]  # fmt: skip


@pytest.mark.parametrize(("given", "wanted"), [row[1:] for row in SETTLING], ids=[row[0] for row in SETTLING])
def test_settling_leaves_out_what_is_empty_or_unknown_and_writing_sorts_the_rest(
    whole: XmlSchema, given: str, wanted: str
) -> None:
    assert whole.write({"Root": settled(whole, given)}).decode() == wanted


def test_plain_data_has_text_for_leaves_objects_for_containers_and_lists_for_what_repeats(whole: XmlSchema) -> None:
    text = (
        "<Root><Name>n</Name><Part>1</Part><Part>2</Part><Box><In>i</In></Box><Box><In>j</In></Box><Box><In>k</In></Box></Root>"
    )
    assert settled(whole, text) == {
        "Name": "n",
        "Part": ["1", "2"],
        "Box": [{"In": "i"}, {"In": "j"}, {"In": "k"}],
    }


def test_defaults_stand_for_absent_leaves_of_present_containers_only(whole: XmlSchema) -> None:
    assert whole.filled({"Name": "n"}) == {"Name": "n", "Level": "0"}
    filled = whole.filled({"Box": [{"In": "i"}, {"Out": "x"}], "Level": "1"})
    assert filled == {"Box": [{"In": "i", "Out": "o"}, {"Out": "x"}], "Level": "1"}


def test_an_answer_is_written_in_the_schemas_order_with_its_characters_cleaned(whole: XmlSchema) -> None:
    data = {"Root": {"Odd": 5, "Level": None, "Box": [{"Out": "", "In": "a\x00b"}, {}], "Name": 7}}
    assert whole.write(data).decode() == "<Root><Name>7</Name><Box><In>a\ufffdb</In><Out/></Box><Box/><Level/><Odd>5</Odd></Root>"  # fmt: skip


def test_an_answer_without_data_is_an_empty_root(whole: XmlSchema) -> None:
    assert whole.write({}) == b"<Root/>"


# Our own schemas, drawn near.

OWN = [
    pytest.param(XmlSchema(file, ("p.Op", file.parent.name[:-1])), id=f"{file.parent.parent.name}/{file.parent.name}/{file.stem}")
    for file in sorted(folders.own_folder().glob("*/re*/*.xsd"))
    if "<xs:element name=" in file.read_text(encoding="utf-8").split("<xs:complexType")[0]
    or any(child.tag.endswith("}element") for child in ET.parse(file).getroot())
]  # fmt: skip
TEXTS = [
    "",
    " ",
    "0",
    "1",
    "x",
    "-1",
    "+1",
    "01",
    "1.0",
    "1e1",
    "8000",
    "aac",
    "mp3",
    "a\nb",
    "é",
    "~",
    "http://a",
    "no",
    " 8 ",
    "\t8\n",
    "８",
    "9" * 30,
    "a\u00a0b",
    "https://a\u3000b",
    "\U0001f642" * 9,
    "<&>",
]


def texts(node: Node) -> list[str]:
    edges = list(TEXTS)
    for facet in node.facets:
        if isinstance(facet.demand, list):
            edges += [*facet.demand * 5, facet.demand[0] + " "]
        elif facet.name in ("minInclusive", "maxInclusive"):
            edges += [str(int(facet.demand) + by) for by in (-1, 0, 1)] * 5
        elif facet.name in ("minLength", "maxLength"):
            edges += ["a" * max(0, int(facet.demand) + by) for by in (-1, 0, 1)]
        else:
            edges += ["no", "https://a.b/c", "http:// a", "https://"]
    return edges


def tree(node: Node, dice: Random) -> Any:
    """Data for an element: for each child how often it comes, now and then a stray, in any order."""
    if node.children is None:
        return dice.choice(texts(node))
    pairs = [("Stray", dice.choice(["x", ""]))] if dice.random() < 0.1 else []
    for name, child in node.children.items():
        times = 1 if dice.random() < 0.8 else dice.choice([0, 0, min(child.most, 2), min(child.most + 1, 3)])
        pairs += [(name, tree(child, dice)) for _ in range(times)]
    if dice.random() < 0.5:
        dice.shuffle(pairs)
    return pairs


def trees(node: Node) -> st.SearchStrategy[Any]:
    # One number makes a whole tree: drawing each leaf by Hypothesis takes seconds for an answer of a hundred leaves.
    return st.integers(0, 2**32).map(lambda seed: tree(node, Random(seed)))


def grown(schema: XmlSchema, data: Any) -> Any:
    """The document of a tree of pairs, as it is read from the wire."""
    return xml_body.decode(_document(schema.root.name, data).encode())


def _document(name: str, data: Any) -> str:
    inside = xml_body.escaped(data) if isinstance(data, str) else "".join(_document(*pair) for pair in data)
    return f"<{name}>{inside}</{name}>"


@pytest.mark.parametrize("schema", OWN)
def test_the_three_validators_agree_on_every_document_near_the_schema(schema: XmlSchema) -> None:
    pytest.importorskip("lxml")

    @LAW
    @given(trees(schema.root))
    def agree(pairs: Any) -> None:
        data = schema.settle(grown(schema, pairs))
        body = schema.write({schema.root.name: data})
        violations = schema.violations(data)
        says = {
            "the oracle": schema._oracle.is_valid(ET.fromstring(body)) and not violations,
            "lxml": schema._is_valid(body),
            # No schema of ours has anything of which its form is not certain.
            "the form": schema._form.written(data)[1],
            "accepts": schema.accepts(data),
        }
        assert len(set(says.values())) == 1, (says, body, violations)
        assert {violation.rule for violation in violations} <= set(schema.rules)

    agree()


def leaves(element: Any, node: Node) -> list[tuple[str, str]]:
    """The known leaves with a text, wherever every element above them is known."""
    if node.children is None:
        return [(node.path, element.text)] if element.text else []
    return [leaf for child in element if child.tag in node.children for leaf in leaves(child, node.children[child.tag])]


def lawful(element: Any, node: Node) -> None:
    children = node.children or {}
    places = [list(children).index(child.tag) for child in element]
    assert places == sorted(places)
    for child in element:
        known = children[child.tag]
        # A required container stays though it is empty, so that what it lacks is told.
        assert (len(child) or known.least) if known.children is not None else child.text, f"{child.tag} is empty"
        lawful(child, known)


@pytest.mark.parametrize("schema", OWN)
def test_settling_keeps_its_laws_on_every_document_near_the_schema(schema: XmlSchema) -> None:
    @LAW
    @given(trees(schema.root))
    def laws(pairs: Any) -> None:
        element = grown(schema, pairs)
        data = schema.settle(element)
        written = ET.fromstring(schema.write({schema.root.name: data}))
        assert sorted(leaves(written, schema.root)) == sorted(leaves(element, schema.root)), "a leaf with a text is gone"
        lawful(written, schema.root)
        assert schema.settle(written) == data, "settling twice is not settling once"

    laws()


# Certainty: what the form says without looking at a document.

ODD = ["", " ", "\t8\n", "８", "٣", "0" * 30 + "5", "9" * 30, "9" * 18, "-0", "+", "1.", ".5", ".", "1.50", "1_0", "NaN", "1e1", "a", "b", "ab", "aé",
       "a\u00a0b", "\u3000", "a\nb", "a\rb", "a\u2028b", "^a$", "a-b", "]]>", "<&>", "~", "\u0301", "\U0001f642", "\U0001f642" * 3, "x" * 4, "x" * 5, "\ufffd", "\x85", "\u00a6", "a\u00a6b"]  # fmt: skip
PATTERNS = [
    r"[a-z]+", r"-?|[0-9]{2,3}", r"(a|b)+c?", r"[ -~]*", r"no|https?://\S+", r"\s*\S\s*", r"[^a-c]*", r"a\.b|\[\]|\\", r"[+-]?x{1,4}", r"[a\-b]+",
    r".", r".*", r"\d+", r"\w*", r"\i\c*", r"[a-z-[aeiou]]+", r"^a$", r"\p{L}+", r"[\d]", r"[&&]", r"[a-z]{2,}", r"a{0}", "[\u00e9]|a\u00e9", r"[a^b]*",
]  # fmt: skip
FACETS = [
    *[("string", f'<xs:pattern value="{pattern.replace("&", "&amp;")}"/>') for pattern in PATTERNS],
    ("string", '<xs:enumeration value="a"/><xs:enumeration value="&lt;&amp;>"/><xs:enumeration value=" "/>'),
    ("string", '<xs:minLength value="2"/><xs:maxLength value="4"/>'),
    ("string", '<xs:enumeration value="a"/><xs:enumeration value="no"/><xs:pattern value="[a-m]|~"/>'),
    ("integer", '<xs:minInclusive value="-1"/><xs:maxInclusive value="8"/>'),
    ("integer", '<xs:enumeration value="8"/>'),
    ("integer", '<xs:pattern value="[0-9]+"/>'),
    ("decimal", '<xs:minInclusive value="0.5"/><xs:maxInclusive value="1.5"/>'),
    ("decimal", ""),
    ("string", ""),
]


@pytest.mark.parametrize(("base", "facets"), FACETS, ids=[f"{base} {facets}" for base, facets in FACETS])
def test_a_leaf_is_certain_of_no_text_that_another_validator_finds_wrong(tmp_path: Path, base: str, facets: str) -> None:
    pytest.importorskip("lxml")
    schema = alone(tmp_path, leaf("Leaf", base, facets))
    for text in ODD:
        data = {"Leaf": text}
        body = schema.write({"Root": data})
        if schema._form.written(data)[1] and "\ufffd" not in body.decode():
            assert schema._oracle.is_valid(ET.fromstring(body)), ("the oracle", text)
            assert schema._is_valid(body), ("lxml", text)
            assert not schema.violations(data)


DEMANDS = [
    xml_facets.demand(Node("L", "/L", 0, 1, (), base=base, facets=tuple(Facet(name, demand, ()) for name, demand in facets)))
    for base, facets in [
        *(("string", [("pattern", pattern)]) for pattern in PATTERNS),
        ("string", [("enumeration", ["a", "<&>", " ", "a\u00a6b"])]),
        ("string", [("enumeration", ["a", "no"]), ("pattern", "[a-m]|~")]),
        ("string", [("maxLength", "4")]),
        ("integer", [("minInclusive", "-1")]),
        ("decimal", []),
        ("string", []),
    ]
]


@settings(LAW, max_examples=400)
@given(st.lists(st.tuples(st.sampled_from(DEMANDS), st.sampled_from(ODD) | st.text("ab-9.\u00a6", max_size=3)), max_size=5))
def test_texts_that_are_asked_about_together_are_told_what_each_is_told_alone(asked: list[tuple[Any, str]]) -> None:
    texts = [text for _, text in asked if text.isprintable() and xml_facets.BETWEEN not in text]
    demands = [demand for demand, text in asked if text in texts]
    together = xml_facets.all_fit(demands)
    patterns = [demand._replace(bounds=()) for demand in demands]
    alone = all(xml_facets.fits(pattern)(text) for pattern, text in zip(patterns, texts, strict=True))
    assert (together is None or bool(together(xml_facets.BETWEEN.join(texts)))) == alone


def alone(folder: Path, content: str, condition: str = "") -> XmlSchema:
    """A schema of one root with this content and one assert."""
    file = folder / "alone.xsd"
    says = "<xs:annotation><xs:documentation>s</xs:documentation></xs:annotation>"
    stated = f'<xs:assert id="one" test="{condition}">{says}</xs:assert>' if condition else ""
    inside = f"<xs:complexType><xs:all>{content}</xs:all>{stated}</xs:complexType>"
    file.write_text(f'{HEAD}<xs:element name="Root">{D}{inside}</xs:element></xs:schema>', encoding="utf-8")
    return XmlSchema(file, ("p.Op", "request"))


CONTENT = f"""{leaf("A", "string", "")}{leaf("B", "string", "")}{leaf("N", "integer", "")}{leaf("M", "string", "", 'minOccurs="0" maxOccurs="3"')}
<xs:element name="C" minOccurs="0" maxOccurs="2">{D}<xs:complexType><xs:all>{leaf("A", "string", "")}</xs:all></xs:complexType></xs:element>"""
KNOWN = ["A", "not(A)", "A = 'x'", "A != 'x'", "A = B", "A != B", "M = 'x'", "M != 'x'", "not(M = A)", "C", "C/A", "C/A = 'x'", "not(C/A != A)",
         "A and B or M", "A and (B or M)", "not(A = 'x' and not(B)) or C/A = M", "A = &quot;x&quot;"]  # fmt: skip
UNKNOWN = [
    "count(M) = 2",
    "string-length(A) = 1",
    "normalize-space(A) = 'x'",
    "N = 1",
    "C = 'x'",
    "A = 'x' = 'y'",
    "'x' = A",
    "Z",
    "A or",
    "(A",
    "not A",
    "true()",
]


def data_of_root() -> st.SearchStrategy[Any]:
    texts = st.sampled_from(["x", "y", "", " x"])
    box = st.fixed_dictionaries({}, optional={"A": texts})
    several = st.one_of(texts, st.lists(texts, max_size=3))
    return st.fixed_dictionaries(
        {},
        optional={
            "A": texts,
            "B": texts,
            "N": st.sampled_from(["1", 2]),
            "M": several,
            "C": st.one_of(box, st.lists(box, max_size=2)),
        },
    )


@pytest.mark.parametrize("condition", KNOWN)
def test_an_assert_over_data_says_what_the_xpath_says_of_the_document(tmp_path: Path, condition: str) -> None:
    pytest.importorskip("lxml")
    schema = alone(tmp_path, CONTENT, condition)

    @settings(LAW, max_examples=60)
    @given(data_of_root())
    def same(data: Any) -> None:
        body = schema.write({"Root": data})
        assert schema._form.written(data)[1] == schema._is_valid(body) == schema._oracle.is_valid(ET.fromstring(body)), body

    same()


@pytest.mark.parametrize("condition", UNKNOWN)
def test_an_assert_that_is_not_of_the_subset_is_never_certain(condition: str) -> None:
    root = Node("R", "", 1, 1, (), children={name: Node(name, f"/{name}", 0, 1, (), base=base) for name, base in [("A", "string"), ("N", "integer"), ("M", "string")]} | {"C": Node("C", "/C", 0, 1, (), children={})})  # fmt: skip
    assert not xml_asserts.compiled(condition, root).test({"A": "x", "N": "1", "M": ["x", "y"], "C": {}})


# Without the extra [fast].

PLAIN = """
import sys
class Blocked:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in ("jsonschema_rs", "lxml", "orjson"):
            raise ModuleNotFoundError(f"No module named '{name}'", name=name)
sys.meta_path.insert(0, Blocked())
import json
import test_xml_schema
assert "lxml" not in sys.modules and "jsonschema_rs" not in sys.modules
print(json.dumps(test_xml_schema.verdicts()))
"""
BODIES = [
    b"<a/>", b"<a>", b"", b" ", b"<a><!-- x -->t<?y z?>u</a>", b"<a><![CDATA[<&]]></a>", b"<!DOCTYPE a><a/>", b"<a>&amp;&#x41;</a>",
    b"<a>&nope;</a>", b"<a b='1' b='2'/>", b"<a/><b/>", b"\xef\xbb\xbf<a>x</a>", b"<a>\xff</a>", b"<a>\x00</a>",
    b'<?xml version="1.0" encoding="latin-1"?><a/>', b'<?xml version="1.0" encoding="us-ascii"?><a>x</a>', b"<a>" * 40 + b"</a>" * 40,
    b"<x:a/>", b"<a xmlns='u'>t</a>", b"<a>a\r\nb</a>", b"<a>]]></a>", b"<a>&#0;</a>", b"<?xml version='1.1'?><a/>", b"<a>" * 300 + b"</a>" * 300,
]  # fmt: skip


def verdicts() -> dict[str, Any]:
    """What becomes of every fixture and of some bodies: the same with and without the extra [fast]."""
    found: dict[str, Any] = {}
    for case in cases.all_cases():
        cloud = cases.cloud_of(case)
        reports: list[str] = []
        cloud.report = reports.append
        response = cases.send(case, cloud, lambda cloud, request: cloud.handle(request))
        last = cloud.journal.last
        found[case.id] = [response.status, last.operation, last.refusal, [v.rule for v in last.violations], reports]
    for body in BODIES:
        try:
            root = xml_body.decode(body)
            found[repr(body)] = [root.tag, root.text, len(root)]
        except ValueError as problem:
            found[repr(body)] = type(problem).__name__
    return found


def test_every_fixture_and_body_has_the_same_verdict_without_the_extra_fast() -> None:
    pytest.importorskip("lxml")
    here = Path(__file__).resolve().parent
    path = os.pathsep.join([str(here), str(here.parent), str(here.parent.parent)])
    ran = subprocess.run([sys.executable, "-c", PLAIN], env={**os.environ, "PYTHONPATH": path}, capture_output=True, text=True, check=False)  # fmt: skip
    assert ran.returncode == 0, ran.stderr[-2000:]
    plain, fast = json.loads(ran.stdout), json.loads(json.dumps(verdicts()))
    differing = {name: (fast[name], plain[name]) for name in fast if fast[name] != plain[name]}
    assert not differing


def test_a_document_is_judged_as_the_data_that_it_settles_to(whole: XmlSchema) -> None:
    element = xml_body.decode(b"<Root><Level>9</Level><Stranger/></Root>")
    assert not whole.accepts(element)
    assert whole.violations(element) == whole.violations({"Level": "9"})


DOUBTFUL = [
    {"Name": ["n", "m"]}, {"Name": []}, {"Name": ["n"], "Kind": "z"}, {"Name": {"a": "b"}}, {"Name": [["n"]]}, {"Name": "n", "Odd": "5"}, {"Kind": "a"},
    {"Name": "n", "Box": "text"}, {"Name": "n", "Box": ["text"]}, {"Name": "n", "Box": {"Out": "o"}}, {"Name": "n", "Kind": "a", "Box": [{"In": "i"}] * 4},
    {"Name": "n", "Count": None}, {"Name": "n", "Count": 10}, {"Name": "n", "Kind": "a", "Box": None}, "text", None, ["n"],
]  # fmt: skip


@pytest.mark.parametrize("message", DOUBTFUL, ids=repr)
def test_no_form_is_certain_of_an_answer_that_is_out_of_the_ordinary_or_wrong(whole: XmlSchema, message: Any) -> None:
    assert not whole._form.written(message)[1]


@pytest.mark.parametrize(
    "message",
    [
        {"Name": ["n"]},
        {"Name": 5, "Part": [1, "2.5"], "Free": [], "Count": 7},
        {"Name": "", "Kind": "a", "Box": [{"In": "i"}, {"In": ""}]},
    ],
)
def test_an_ordinary_answer_is_certain_and_breaks_nothing(whole: XmlSchema, message: Any) -> None:
    assert whole._form.written(message)[1]
    assert whole.encode({"Root": message})[1] == ()


def test_an_answer_that_breaks_a_rule_is_written_all_the_same_and_says_which(whole: XmlSchema) -> None:
    body, violations = whole.encode({"Root": {"Name": "n", "Kind": "z"}})
    assert body == b"<Root><Name>n</Name><Kind>z</Kind></Root>"
    assert [violation.rule for violation in violations] == ["p.Op/request#/Kind:enumeration"]


def test_an_answer_of_which_no_form_is_certain_is_judged_by_the_validators(whole: XmlSchema) -> None:
    assert whole.encode({"Root": {"Name": "a\x00b", "Free": ["<"]}}) == (
        b"<Root><Name>a\xef\xbf\xbdb</Name><Free>&lt;</Free></Root>",
        (),
    )


def test_an_answer_with_a_member_that_no_rule_speaks_of_breaks_none(whole: XmlSchema) -> None:
    assert whole.encode({"Root": {"Odd": "5", "Name": "n"}}) == (b"<Root><Name>n</Name><Odd>5</Odd></Root>", ())


def test_a_child_that_must_come_twice_is_never_certain(tmp_path: Path) -> None:
    schema = alone(tmp_path, leaf("Twin", "string", "", 'minOccurs="2" maxOccurs="2"'))
    assert not schema._form.written({"Twin": ["a", "b"]})[1]
    assert schema.accepts({"Twin": ["a", "b"]})
    assert not schema.accepts({"Twin": "a"})


@pytest.mark.parametrize(
    ("base", "name", "demand"),
    [
        ("integer", "minInclusive", "one"),
        ("string", "maxLength", "long"),
        ("string", "pattern", "[z-a]"),
        ("string", "minInclusive", "1"),
    ],
)
def test_a_leaf_with_a_facet_that_means_nothing_is_never_certain(base: str, name: str, demand: str) -> None:
    asked = xml_facets.demand(Node("L", "/L", 0, 1, (), base=base, facets=(Facet(name, demand, ()),)))
    assert not xml_facets.fits(asked)("1")


def test_every_accepted_fixture_and_its_answer_is_certain_without_a_document(monkeypatch: pytest.MonkeyPatch) -> None:
    """Else the quick validator is right and never asked."""
    ours = [case for case in cases.all_cases("accepted") if list(folders.own_folder().glob(f"{case.provider}/re*/*.xsd"))]
    clouds = [(case, cases.cloud_of(case)) for case in ours]
    for case, cloud in clouds:
        cloud.credentials(case.provider)  # the contract is read, and its schemas are compiled
    with monkeypatch.context() as patch:
        patch.setattr(XmlSchema, "_is_valid", property(lambda schema: pytest.fail(f"{schema.root.name} was not certain")))
        for case, cloud in clouds:
            assert cases.send(case, cloud, lambda cloud, request: cloud.handle(request)).status == case.data["response"].get(
                "status", 200
            )


def test_what_asserts_say_of_more_texts_than_are_remembered_is_found_out_anew(whole: XmlSchema) -> None:
    for number in range(300):
        text = f"i{number}"
        assert whole._form.written({"Name": "n", "Kind": "a", "Box": {"In": text, "Out": text}})[1] is False
        assert whole._form.written({"Name": "n", "Kind": "a", "Box": {"In": text, "Out": "o"}})[1] is True


def test_outlines_beyond_those_that_are_remembered_are_written_all_the_same(whole: XmlSchema) -> None:
    outlines = whole._form.outlines
    before = dict(outlines)
    outlines.update({((f"outline {i}",),): whole._form._outlined(((),)) for i in range(256)})
    try:
        written = whole.write({"Root": {"Count": "1", "Name": "n", "Free": "f", "Part": "1"}})
        assert (("Count", "Name", "Free", "Part"),) not in outlines
    finally:
        outlines.clear()
        outlines.update(before)
    assert written == b"<Root><Name>n</Name><Count>1</Count><Part>1</Part><Free>f</Free></Root>"
