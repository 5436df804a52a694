"""Bytes to plain data and back: strict where tolerance hides defects, bounded where clients could do harm."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import unquote_to_bytes, urlencode

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mockcloud.codecs import form_body, json_body, xml_body
from mockcloud.codecs.malformed import Malformed

LAW = settings(max_examples=150, deadline=None, database=None, derandomize=True)

BAD_JSON = [
    (b"", "Expecting value"),
    (b"{", "Expecting property name"),
    (b'{"a":1,"a":2}', "stands twice"),
    (b'{"x":{"a":1,"\\u0061":2}}', "stands twice"),
    (b"NaN", "NaN is not JSON"),
    (b"[-Infinity]", "-Infinity is not JSON"),
    (b'{"a":1e400}', "the number 1e400 is out of range"),
    (b'{"a":-1e999}', "out of range"),
    (b"1" * 5000, "Exceeds the limit"),
    (b"[" + b"0," * 50_001 + b"0]", "more than 50000 members and elements"),
    (b"[" * 100_000, "nested deeper than 64"),
    (b"[" * 66 + b"]" * 66, "nested deeper than 64"),
    (b'{"a":' * 66 + b"1" + b"}" * 66, "nested deeper than 64"),
    (b'"\\ud800"', "not UTF-8"),
    (b'{"\\udfff":1}', "not UTF-8"),
    (b"\xef\xbb\xbf{}", "character 0"),
    (b'"\xff"', "not UTF-8"),
    (b'"\xed\xa0\x80"', "not UTF-8"),
    (b"{} {}", "Extra data at character 3"),
    (b"{'a':1}", "Expecting property name"),
    (b'"a\nb"', "Invalid control character"),
    (b"01", "Extra data"),
    (b"{}".decode().encode("utf-16"), "not UTF-8"),
]


@pytest.mark.parametrize(("body", "said"), BAD_JSON, ids=[repr(body[:20]) for body, _ in BAD_JSON])
def test_a_body_that_is_not_strict_json_is_malformed_and_says_why(body: bytes, said: str) -> None:
    with pytest.raises(Malformed, match=said.replace("(", r"\(")) as caught:
        json_body.decode(body)
    assert "\n" not in str(caught.value)


def test_null_members_are_absent_at_every_depth_and_null_items_stay() -> None:
    assert json_body.decode(b'{"a":null,"b":{"c":null,"d":[null,{"e":null}]}}') == {"b": {"d": [None, {}]}}


@pytest.mark.parametrize("body", [b' {"a":1}', b'{"a":1}\r\n', b'\t{"a":1} \n'])
def test_blanks_around_a_body_do_not_count(body: bytes) -> None:
    assert json_body.decode(body) == {"a": 1}


@pytest.mark.parametrize("blank", ["\v", "\xa0", "\u3000"])
def test_what_only_python_takes_for_a_blank_is_extra_data(blank: str) -> None:
    with pytest.raises(Malformed, match="Extra data at character 2"):
        json_body.decode(f"{{}}{blank}".encode())


def test_a_pair_of_surrogates_is_one_character() -> None:
    assert json_body.decode(b'"\\ud83d\\ude00"') == "\U0001f600"


def test_a_body_nested_64_deep_is_read() -> None:
    assert json_body.decode(b"[" * 64 + b"]" * 64)


def test_a_leaf_below_64_levels_is_read_and_below_65_is_not() -> None:
    assert json_body.decode(b"[" * 64 + b"1" + b"]" * 64)
    with pytest.raises(Malformed):
        json_body.decode(b"[" * 65 + b"1" + b"]" * 65)


def test_65_levels_are_too_many_even_when_the_last_is_empty() -> None:
    with pytest.raises(Malformed):
        json_body.decode(b"[" * 65 + b"]" * 65)


def test_brackets_in_texts_are_not_depth() -> None:
    assert json_body.decode(b'["' + b"[" * 1000 + b'"]') == ["[" * 1000]


@LAW
@given(st.binary(max_size=60) | st.text(alphabet='{}[]",:\\u0123dnul eE+-.tf', max_size=30).map(str.encode))
def test_decoding_json_gives_data_or_Malformed_for_every_body(body: bytes) -> None:
    try:
        json_body.encode(json_body.decode(body))
    except Malformed:
        return


DATA = st.recursive(
    st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=10,
)


@LAW
@given(DATA)
def test_json_that_is_encoded_and_decoded_is_the_same(data: Any) -> None:
    assert json_body.decode(json_body.encode(data)) == data


def test_json_is_encoded_compactly_in_utf_8_and_a_lone_surrogate_is_replaced() -> None:
    assert json_body.encode({"a": ["é", "\ud800"]}) == '{"a":["é","?"]}'.encode()
    with pytest.raises(ValueError, match="not JSON compliant"):
        json_body.encode(float("nan"))


FORMS = [
    ("", []),
    ("a=1&b=2", [("a", "1"), ("b", "2")]),
    ("a=&b&=c", [("a", ""), ("b", ""), ("", "c")]),
    ("a=x+y%2Bz%20w", [("a", "x y+z w")]),
    ("%E4%BD%A0=%e5%A5%BD", [("你", "好")]),
    ("a=1&a=2", [("a", "1"), ("a", "2")]),
    ("&&a=1&", [("a", "1")]),
    ("a=b=c", [("a", "b=c")]),
    ("a=%&b=%zz&c=%4", [("a", "%"), ("b", "%zz"), ("c", "%4")]),
    ("a=é", [("a", "é")]),
    ("a=1;b=2", [("a", "1;b=2")]),
]


@pytest.mark.parametrize(("text", "wanted"), FORMS)
def test_pairs_keep_their_order_their_blanks_and_their_repetitions(text: str, wanted: list[tuple[str, str]]) -> None:
    assert form_body.pairs(text) == wanted


@pytest.mark.parametrize("text", ["a=%FF", "%C3=1", "a=\ud800", "a=%ED%A0%80", "a+%ff"])
def test_a_query_that_is_not_utf_8_is_malformed(text: str) -> None:
    with pytest.raises(Malformed, match="is not UTF-8"):
        form_body.pairs(text)


def test_a_form_body_that_is_not_utf_8_is_malformed() -> None:
    assert form_body.decode(b"a=1") == [("a", "1")]
    with pytest.raises(Malformed, match="the body is not UTF-8"):
        form_body.decode(b"a=\xff")


def test_1000_parameters_are_read_and_1001_are_too_many() -> None:
    assert len(form_body.pairs("&".join(["a=1"] * 1000))) == 1000
    with pytest.raises(Malformed, match="more than 1000"):
        form_body.pairs("&".join(["a=1"] * 1001))


@LAW
@given(st.text(alphabet=st.sampled_from("a=&%+;é\ud8000F2"), max_size=20))
def test_pairs_gives_texts_or_Malformed_for_every_query(text: str) -> None:
    try:
        assert all(isinstance(part, str) for pair in form_body.pairs(text) for part in pair)
    except Malformed:
        return


def test_nested_data_is_flattened_to_dotted_names_and_texts() -> None:
    data = {"A": [{"B": 1}, "x"], "C": {"D": True, "E": False}, "F": 2.0, "G": 2.5, "H": [], "I": {}, "J": 1e16}
    assert form_body.flatten(data) == {
        "A.0.B": "1", "A.1": "x", "C.D": "true", "C.E": "false", "F": "2", "G": "2.5", "J": "10000000000000000"
    }  # fmt: skip


def test_a_null_in_a_list_is_not_flattened_to_the_text_None() -> None:
    assert "None" not in form_body.flatten(json_body.decode(b'{"A":[null,"x"]}')).values()


ASCII_FORMS = st.text(alphabet=st.sampled_from("a=&%+;F2eE3Cc89- ~"), max_size=30) | st.dictionaries(
    st.text(max_size=4), st.text(st.characters(codec="utf-8"), max_size=6), max_size=4
).map(urlencode)


@LAW
@given(ASCII_FORMS)
def test_the_short_way_through_a_form_gives_what_the_standard_library_gives(text: str) -> None:
    parts = [item.partition("=")[::2] for item in text.split("&") if item]
    try:
        wanted = [tuple(unquote_to_bytes(part.replace("+", " ")).decode() for part in pair) for pair in parts]
    except UnicodeDecodeError:
        with pytest.raises(Malformed, match="is not UTF-8"):
            form_body.pairs(text)
    else:
        assert form_body.pairs(text) == wanted


def test_what_is_not_utf_8_is_shown_as_it_stands_in_the_query() -> None:
    with pytest.raises(Malformed, match=r"^'b\+%FF' is not UTF-8$"):
        form_body.pairs("a=%20&c=b+%FF")


BAD_XML = [
    (b"", "not well-formed"),
    (b" ", "not well-formed"),
    (b"<a>", "not well-formed"),
    (b"<a/><b/>", "not well-formed"),
    (b"<a>&nope;</a>", "not well-formed"),
    (b"<a>\x00</a>", "not UTF-8"),
    (b"<a>&#0;</a>", "not well-formed"),
    (b"<a b='1' b='2'/>", "not well-formed"),
    (b"<!DOCTYPE a><a/>", "document type declaration"),
    (b"<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>", "document type declaration"),
    (b"\xef\xbb\xbf<!DOCTYPE a><a/>", "document type declaration"),
    (b'<?xml version="1.0" encoding="latin-1"?><a/>', "the declared encoding latin-1 is not UTF-8"),
    (b"<?xml version='1.0'\n encoding = 'UTF-16' ?><a/>", "the declared encoding UTF-16"),
    (b"<?xml version='1.0' encoding='utf-7'?>+ADwAIQ-", "the declared encoding utf-7"),
    ("<a/>".encode("utf-16"), "not UTF-8"),
    (b"<a>\xff</a>", "not UTF-8"),
    (b"<a>" * 33 + b"</a>" * 33, "deeper than 32"),
    (b"<a>" * 3000 + b"</a>" * 3000, "."),
    (b"<a>" + b"<b/>" * 5000 + b"</a>", "more than 5000 elements"),
    (b"<a " + b" ".join(b"a%d='1'" % i for i in range(65)) + b"/>", "more than 64 attributes"),
    (b"<a>" + b" " * 256 * 1024 + b"</a>", "larger than 262144 bytes"),
]


@pytest.mark.parametrize(("body", "said"), BAD_XML, ids=[repr(body[:40]) for body, _ in BAD_XML])
def test_a_body_that_is_not_tame_xml_is_malformed_and_says_why(body: bytes, said: str) -> None:
    with pytest.raises(Malformed, match=said) as caught:
        xml_body.decode(body)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("body", [body for body, _ in BAD_XML], ids=[repr(body[:40]) for body, _ in BAD_XML])
def test_what_is_said_of_malformed_xml_is_the_same_with_lxml_and_without(body: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    said = []
    for parser in (xml_body._lxml, None):
        monkeypatch.setattr(xml_body, "_lxml", parser)
        with pytest.raises(Malformed) as caught:
            xml_body.decode(body)
        said.append(str(caught.value))
    assert said[0] == said[1]


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_a_document_type_in_utf_16_without_a_mark_never_reaches_a_parser(encoding: str) -> None:
    body = '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'.encode(encoding)
    with pytest.raises(Malformed):
        xml_body.decode(body)


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "utf-16"])
def test_a_document_in_utf_16_is_not_utf_8(encoding: str) -> None:
    with pytest.raises(Malformed):
        xml_body.decode('<?xml version="1.0"?><a>x</a>'.encode(encoding))


@pytest.mark.parametrize(
    ("body", "tag", "text"),
    [
        (b"<a>x</a>", "a", "x"),
        (b"\xef\xbb\xbf<?xml version='1.0' encoding='UTF-8'?><a>x</a>", "a", "x"),
        (b"<?xml version='1.0' encoding='us-ascii'?><a>x</a>", "a", "x"),
        (b"<a><![CDATA[<&]]>y</a>", "a", "<&y"),
        (b"<a>x<!-- y -->z</a>", "a", "xz"),
        (b"<?p?><a>x<?q r?>z</a><!-- end -->", "a", "xz"),
        (b"<a>&lt;&#x41;&amp;</a>", "a", "<A&"),
        (b"<a>a\r\nb</a>", "a", "a\nb"),
        (b"<a xmlns='u'>x</a>", "{u}a", "x"),
        (b"<p:a xmlns:p='u'>x</p:a>", "{u}a", "x"),
        ("<a>你\U0001f600</a>".encode(), "a", "你\U0001f600"),
    ],
)
def test_xml_is_read_without_its_comments_instructions_and_sections(body: bytes, tag: str, text: str) -> None:
    root = xml_body.decode(body)
    assert (root.tag, root.text, len(root)) == (tag, text, 0)


def test_32_levels_and_5000_elements_are_read_and_64_attributes_dropped() -> None:
    assert xml_body.decode(b"<a>" * 32 + b"</a>" * 32) is not None
    assert len(xml_body.decode(b"<a>" + b"<b/>" * 4999 + b"</a>")) == 4999
    assert len(xml_body.decode(b"<a " + b" ".join(b"a%d='1'" % i for i in range(64)) + b"/>").attrib) == 0


@LAW
@given(st.binary(max_size=40) | st.text(alphabet="<>/ab!?&;#x0-[]'\"= ", max_size=40).map(str.encode))
def test_decoding_xml_gives_an_element_or_Malformed_for_every_body(body: bytes) -> None:
    try:
        assert xml_body.decode(body) is not None
    except Malformed:
        return


@LAW
@given(st.text(alphabet=st.characters(exclude_categories=()), max_size=20))
def test_every_text_that_is_escaped_can_be_read_back(text: str) -> None:
    read = xml_body.decode(f"<a>{xml_body.escaped(text)}</a>".encode()).text or ""
    assert len(read) == len(text)
    assert all(got in (given, "\ufffd") for got, given in zip(read, text, strict=True))


def test_what_xml_cannot_carry_is_replaced_and_what_it_means_is_escaped() -> None:
    assert xml_body.escaped("a\x00\x0b\ud800\ufffe\tb\U0001f600") == "a\ufffd\ufffd\ufffd\ufffd\tb\U0001f600"
    assert xml_body.escaped("<&>\r é") == "&lt;&amp;&gt;&#13; é"


def test_json_encoding_is_what_the_standard_library_reads() -> None:
    assert json.loads(json_body.encode({"a": [1, None, True]})) == {"a": [1, None, True]}


ANSWERS = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


@settings(max_examples=400, deadline=None)
@given(ANSWERS | st.text(alphabet=':[,-0123456789.e"null\\').map(lambda text: {"a": [text]}))
def test_an_answer_is_the_same_bytes_with_and_without_the_compiled_encoder(data: Any) -> None:
    read = json_body.decode(json.dumps(data).encode())
    assert json_body.encode(read) == json_body._plainly(read)


def test_without_the_compiled_encoder_answers_are_encoded_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_body, "_orjson", None)
    assert json_body.encode({"a": [1, "é", 1e-7]}) == '{"a":[1,"é",1e-07]}'.encode()
