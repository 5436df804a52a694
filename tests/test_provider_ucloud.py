"""UCloud's signature: what its SDKs send verifies, what anybody changed does not, and our signer signs as they do."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from pathlib import Path
from urllib.parse import parse_qsl, urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockcloud.messages import Attempt, Credential, Json, Refusal, Request
from mockcloud.providers.ucloud import Number, literal, plain, project, projects, sign, signature, unlisted, verify

ROOT = Path(__file__).parent.parent
HOST = "api.ucloud.cn"
KEYS = Credential("pub-1", "priv-1")
DOCUMENTED = Credential("ucloudsomeone@example.com1296235120854146120", "46f09bb9fab4f12dfc160dae12273d5332b5debe")
FORM = (("Content-Type", "application/x-www-form-urlencoded"),)
JSON = (("Content-Type", "application/json"),)
TASK = {
    "Action": "CreateMediaTask",
    "Region": "cn-bj2",
    "Zone": "cn-bj2-02",
    "ProjectId": "org-1",
    "StorageBackend": "US3",
    "Bucket": "my-bucket",
    "SrcKey": "in/a b+c.mp4",
    "DstKey": "out/a.mp4",
    "Function": "VideoTranscode",
    "FunctionParamTemplateId": "tpl-1",
    "PublicKey": "pub-1",
}
SHORT = {**TASK, "Bucket": "b", "SrcKey": "in/源 a+b.mp4", "DstKey": "o.mp4"}
Encode = Callable[[Mapping[str, str]], Request]
VECTORS = sorted((ROOT / "fixtures" / "ucloud" / "vectors").glob("*.json"))


def query(parameters: Mapping[str, str]) -> Request:
    return Request("GET", f"/?{urlencode(parameters)}", HOST)


def form(parameters: Mapping[str, str], target: str = "/") -> Request:
    return Request("POST", target, HOST, FORM, urlencode(parameters).encode())


def in_json(body: Json, target: str = "/") -> Request:
    text = body if isinstance(body, str) else json.dumps(body, ensure_ascii=False)
    return Request("POST", target, HOST, JSON, text.encode())


def flat(value: Json, name: str = "") -> dict[str, str]:
    if isinstance(value, dict):
        parts = [flat(each, f"{name}.{key}" if name else key) for key, each in value.items() if each is not None]
    elif isinstance(value, list):
        parts = [flat(each, f"{name}.{index}") for index, each in enumerate(value)]
    else:
        return {name: str(value)}
    return {key: text for part in parts for key, text in part.items()}


def attempt(request: Request, *known: Credential) -> Attempt:
    """What the core hands to the verifier for this request."""
    parameters: dict[str, Json] = dict(parse_qsl(request.query, keep_blank_values=True))
    if request.body.startswith(b"{"):
        parameters.update(flat(json.loads(request.body)))
    else:
        parameters.update(parse_qsl(request.body.decode(), keep_blank_values=True))
    return Attempt(request, parameters, {each.access_key: each for each in known or (KEYS,)}, 0.0, {})


def refused(request: Request, *known: Credential) -> str:
    with pytest.raises(Refusal) as refusal:
        verify(attempt(request, *known))
    return refusal.value.reason


def signed_by_hand(parameters: Mapping[str, str], key: str = KEYS.secret_key) -> str:
    text = "".join(name + parameters[name] for name in sorted(parameters)) + key
    return hashlib.sha1(text.encode(), usedforsecurity=False).hexdigest()


# vectors


def test_vector_1_of_the_documents_verifies_with_cba5cf5e() -> None:
    parameters = {
        "Action": "DescribeUHostInstance",
        "Limit": "10",
        "Region": "cn-bj2",
        "PublicKey": DOCUMENTED.access_key,
        "Signature": "cba5cf5ec4d4233d206b1b54951e3787350a642f",
    }
    assert verify(attempt(query(parameters), DOCUMENTED)) == DOCUMENTED


def test_vector_2_of_the_python_sdk_verifies_with_86dc9101() -> None:
    assert verify(attempt(form({**TASK, "Signature": "86dc910163b563eef1e3256fe6f713d85c6b8073"}))) == KEYS


@pytest.mark.parametrize("encode", [in_json, form])
def test_vector_3_of_the_javascript_and_go_sdks_verifies_with_69890d7a_in_json_and_form(encode: Encode) -> None:
    assert verify(attempt(encode({**SHORT, "Signature": "69890d7a4e4688e4891799a4408220d005d3465a"}))) == KEYS


def test_vector_4_of_curl_verifies_with_fc688c22_in_a_query() -> None:
    parameters = {"Action": "DescribeMediaTask", "Region": "cn-bj2", "Zone": "cn-bj2-02", "PublicKey": "pub-1"}
    assert verify(attempt(query({**parameters, "Signature": "fc688c22c13b773d7c35a074782d4506aef113e4"}))) == KEYS


def test_vector_5_of_the_go_json_encoder_verifies_with_5515e8d9_over_nested_data() -> None:
    body = (
        '{"Action":"CreateMediaTask","B":true,"D":{"k":"v"},"E":"","F":42,"F2":1e-7,"L":["a",1,{"x":false}],'
        '"ProjectId":"org-1","PublicKey":"pub-1","Region":"cn-bj2",'
        '"Signature":"5515e8d974c76509a007d082b46aba865ef723e3","Zone":"z"}'
    )
    assert verify(attempt(in_json(body, "/?Action=CreateMediaTask"))) == KEYS


@pytest.mark.parametrize("path", VECTORS, ids=lambda path: path.stem)
def test_every_vector_among_the_fixtures_verifies(path: Path) -> None:
    case = json.loads(path.read_text(encoding="utf-8"))
    sent, credential = case["request"], Credential(**case["credential"])
    headers = tuple((name, value) for name, value in sent["headers"])
    request = Request(sent["method"], sent["target"], sent["host"], headers, sent.get("body", "").encode())
    assert verify(attempt(request, credential)) == credential


# the order of the refusals


def test_no_signature_is_signature_missing_even_from_nobody() -> None:
    assert refused(form({**TASK, "PublicKey": "nobody"})) == "signature-missing"


def test_an_empty_signature_is_signature_missing() -> None:
    assert refused(form({**TASK, "Signature": ""})) == "signature-missing"


@pytest.mark.parametrize(
    ("authorization", "key", "wanted"),
    [
        ("Bearer stale", {}, "token-unknown"),
        ("Bearer stale", {"PublicKey": "pub-1"}, "signature-missing"),
        ("Basic cHVi", {}, "signature-missing"),
        ("", {}, "signature-missing"),
    ],
)
def test_a_bearer_token_in_the_place_of_key_and_signature_is_token_unknown(
    authorization: str, key: dict[str, str], wanted: str
) -> None:
    headers = (*FORM, ("Authorization", authorization))
    assert refused(Request("POST", "/", HOST, headers, urlencode({"Action": "GetRegion", **key}).encode())) == wanted


@pytest.mark.parametrize("public_key", ["nobody", ""])
def test_an_unknown_or_empty_public_key_is_user_unknown_before_the_signature_is_compared(public_key: str) -> None:
    assert refused(form({**TASK, "PublicKey": public_key, "Signature": "0" * 40})) == "user-unknown"


def test_no_public_key_is_user_unknown() -> None:
    bare = {name: value for name, value in TASK.items() if name != "PublicKey"}
    assert refused(form({**bare, "Signature": signed_by_hand(bare)})) == "user-unknown"


def test_the_signature_of_another_private_key_is_signature_mismatch() -> None:
    assert refused(form({**TASK, "Signature": signed_by_hand(TASK, "priv-2")})) == "signature-mismatch"


def test_a_wrong_signature_is_noted_with_the_text_to_sign_and_never_with_the_private_key() -> None:
    with pytest.raises(Refusal) as refusal:
        verify(attempt(query({"Action": "A", "PublicKey": "pub-1", "Signature": "0" * 40})))
    assert refusal.value.note == "the text to sign is 'ActionAPublicKeypub-1' and then the private key"


def test_a_signature_in_upper_case_is_signature_mismatch() -> None:
    assert refused(form({**TASK, "Signature": signed_by_hand(TASK).upper()})) == "signature-mismatch"


def test_a_signature_that_is_not_ascii_is_signature_mismatch() -> None:
    assert refused(form({**TASK, "Signature": "签" * 40})) == "signature-mismatch"


# what is covered


@pytest.mark.parametrize("encode", [query, form, in_json])
@pytest.mark.parametrize("name", [name for name in SHORT if name != "PublicKey"])
def test_one_changed_character_anywhere_in_a_value_is_signature_mismatch(encode: Encode, name: str) -> None:
    proof = signed_by_hand(SHORT)
    for place in range(len(SHORT[name])):
        value = SHORT[name][:place] + chr(ord(SHORT[name][place]) ^ 1) + SHORT[name][place + 1 :]
        assert refused(encode({**SHORT, name: value, "Signature": proof})) == "signature-mismatch"


@pytest.mark.parametrize("place", range(40))
def test_one_changed_digit_of_the_signature_is_signature_mismatch(place: int) -> None:
    proof = signed_by_hand(TASK)
    other = "0" if proof[place] != "0" else "1"
    assert refused(form({**TASK, "Signature": proof[:place] + other + proof[place + 1 :]})) == "signature-mismatch"


def test_a_parameter_that_no_table_knows_is_covered() -> None:
    proof = signed_by_hand({**TASK, "StorageParams": "x"})
    assert verify(attempt(form({**TASK, "StorageParams": "x", "Signature": proof}))) == KEYS
    assert refused(form({**TASK, "Signature": proof})) == "signature-mismatch"


def test_an_empty_value_contributes_its_name() -> None:
    proof = signed_by_hand({**TASK, "Tag": ""})
    assert verify(attempt(form({**TASK, "Tag": "", "Signature": proof}))) == KEYS
    assert refused(form({**TASK, "Signature": proof})) == "signature-mismatch"


def test_a_null_contributes_nothing_wherever_it_stands() -> None:
    proof = signature({**TASK, "D": {"k": "v"}}, "priv-1")
    body = {**TASK, "Nothing": None, "D": {"k": "v", "n": None}, "Signature": proof}
    assert verify(attempt(in_json(body))) == KEYS


def test_a_null_in_the_body_does_not_hide_the_query() -> None:
    bare = {name: value for name, value in TASK.items() if name != "Bucket"}
    body = {**bare, "Bucket": None, "Signature": signed_by_hand(TASK)}
    assert verify(attempt(in_json(body, "/?Bucket=my-bucket"))) == KEYS


def test_the_query_is_covered_beside_a_form_and_beside_json() -> None:
    proof = signed_by_hand({**TASK, "Extra": "1"})
    for encode in (form, in_json):
        assert verify(attempt(encode({**TASK, "Signature": proof}, "/?Extra=1"))) == KEYS
        assert refused(encode({**TASK, "Signature": proof}, "/?Extra=2")) == "signature-mismatch"


def test_the_action_in_query_and_body_counts_once() -> None:
    proof = signed_by_hand(TASK)
    for encode in (form, in_json):
        assert verify(attempt(encode({**TASK, "Signature": proof}, "/?Action=CreateMediaTask"))) == KEYS


@pytest.mark.parametrize("position", ["first", "last"])
def test_a_second_signature_is_no_way_in(position: str) -> None:
    proof, other = ("Signature", signed_by_hand(TASK)), ("Signature", "0" * 40)
    pairs = [proof, *TASK.items(), other] if position == "last" else [other, *TASK.items(), proof]
    request = Request("POST", "/", HOST, FORM, urlencode(pairs).encode())
    if position == "last":
        assert refused(request) == "signature-mismatch"
    else:
        assert verify(attempt(request)) == KEYS


def test_a_member_called_signature_inside_another_one_is_covered() -> None:
    proof = signature({**TASK, "D": {"Signature": "a"}}, "priv-1")
    assert verify(attempt(in_json({**TASK, "D": {"Signature": "a"}, "Signature": proof}))) == KEYS
    assert refused(in_json({**TASK, "D": {"Signature": "b"}, "Signature": proof})) == "signature-mismatch"


def test_names_sort_by_byte_so_that_capitals_come_first() -> None:
    assert signature({"b": "1", "B": "2", "a": "3"}, "k") == hashlib.sha1(b"B2a3b1k", usedforsecurity=False).hexdigest()


# JSON


@pytest.mark.parametrize(
    ("printed", "as_literal", "as_plain"),
    [
        ("42", "42", "42"),
        ("42.0", "42.0", "42"),
        ("1.50", "1.50", "1.5"),
        ("1e-7", "1e-7", "0.0000001"),
        ("1e+21", "1e+21", "1000000000000000000000"),
        ("-0", "-0", "-0"),
        (
            "12345678901234567890123456789012345",
            "12345678901234567890123456789012345",
            "12345678901234567890123456789012345",
        ),
    ],
)
def test_a_number_may_be_signed_as_printed_or_as_a_plain_decimal(printed: str, as_literal: str, as_plain: str) -> None:
    assert (literal(Number(printed)), plain(Number(printed))) == (as_literal, as_plain)
    members = json.dumps(TASK)[:-1]
    for text in (as_literal, as_plain):
        proof = signed_by_hand({**TASK, "N": text})
        assert verify(attempt(in_json(f'{members}, "N": {printed}, "Signature": "{proof}"}}'))) == KEYS


@pytest.mark.parametrize("printed", ["1e400000000", "1e-400000000", "1e99999999999999999999", "0e999999"])
def test_a_number_of_400_million_digits_is_not_expanded(printed: str) -> None:
    assert plain(Number(printed)) == printed


def test_booleans_are_signed_as_true_and_false_and_not_as_python_prints_them() -> None:
    assert verify(attempt(in_json({**TASK, "B": True, "Signature": signed_by_hand({**TASK, "B": "true"})}))) == KEYS
    assert refused(in_json({**TASK, "B": True, "Signature": signed_by_hand({**TASK, "B": "True"})})) == "signature-mismatch"


def test_nested_json_is_signed_as_it_is_and_not_flattened() -> None:
    nested = {**TASK, "L": ["a", {"x": "y"}]}
    flattened = signed_by_hand({**TASK, "L.0": "a", "L.1.x": "y"})
    assert refused(in_json({**nested, "Signature": flattened})) == "signature-mismatch"
    assert verify(attempt(in_json({**nested, "Signature": signed_by_hand({**TASK, "L": "axy"})}))) == KEYS


def test_escaped_json_is_parsed_before_it_is_verified() -> None:
    body = json.dumps({**SHORT, "Signature": signed_by_hand(SHORT)}).replace("/", "\\u002f")
    assert verify(attempt(in_json(body))) == KEYS


@pytest.mark.parametrize("media", ["", "text/plain", "Application/JSON; charset=utf-8", "application/vnd.x+json"])
def test_a_body_that_starts_with_a_brace_is_json_unless_it_says_that_it_is_a_form(media: str) -> None:
    headers = (("content-type", media),) if media else ()
    body = json.dumps({**TASK, "N": 1e-7, "Signature": signed_by_hand({**TASK, "N": "1e-07"})}).encode()
    assert verify(attempt(Request("POST", "/", HOST, headers, body))) == KEYS


@pytest.mark.parametrize(
    "body", ["{", "[1]", '{"a": NaN}', '{"a": ' * 100_000, '{"a": "\\ud800"}', '{"a":' + "[" * 400 + "]" * 400 + "}"]
)
def test_hostile_json_is_signature_mismatch_and_no_crash(body: str) -> None:
    parameters = {"PublicKey": "pub-1", "Signature": "0" * 40}
    with pytest.raises(Refusal, match="signature-mismatch"):
        verify(Attempt(in_json(body), parameters, {"pub-1": KEYS}, 0.0, {}))


# the signer

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
NAMES = TEXTS.filter(lambda name: name not in ("PublicKey", "Signature"))
JSONS = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=8,
)


def unsigned() -> dict[str, str]:
    return {name: value for name, value in SHORT.items() if name != "PublicKey"}


@pytest.mark.parametrize("encode", [query, form, in_json])
def test_what_we_sign_verifies_in_each_encoding_and_carries_69890d7a(encode: Encode) -> None:
    signed = sign(encode(unsigned()), KEYS, 0.0)
    assert verify(attempt(signed)) == KEYS
    assert attempt(signed).parameters["Signature"] == "69890d7a4e4688e4891799a4408220d005d3465a"


@pytest.mark.parametrize("encode", [query, form, in_json])
def test_signing_twice_is_signing_once(encode: Encode) -> None:
    once = sign(encode(unsigned()), KEYS, 0.0)
    assert sign(once, KEYS, 9.0) == once
    assert verify(attempt(sign(once, DOCUMENTED, 9.0), DOCUMENTED)) == DOCUMENTED


@given(st.dictionaries(NAMES, TEXTS, max_size=5), st.dictionaries(NAMES, TEXTS, max_size=3))
def test_any_form_beside_any_query_verifies_once_signed(body: dict[str, str], beside: dict[str, str]) -> None:
    target = "/?" + urlencode(beside) if beside else "/"
    request = Request("POST", target, HOST, FORM, urlencode(body).encode())
    assert verify(attempt(sign(request, KEYS, 0.0))) == KEYS


@given(st.dictionaries(NAMES.filter(lambda name: not name.startswith(("PublicKey", "Signature"))), JSONS, max_size=5))
def test_any_json_object_verifies_once_signed_and_means_the_same(body: dict[str, Json]) -> None:
    signed = sign(in_json(body), KEYS, 0.0)
    sent = json.loads(signed.body)
    proof = {name: sent.pop(name) for name in ("PublicKey", "Signature")}
    assert sent == body
    assert verify(Attempt(signed, proof, {"pub-1": KEYS}, 0.0, {})) == KEYS


def test_signing_keeps_every_number_as_it_was_printed() -> None:
    signed = sign(in_json('{"A": 1e-7, "B": 1.50, "C": [1E+2]}'), KEYS, 0.0)
    assert signed.body.startswith(b'{"A": 1e-7, "B": 1.50, "C": [1E+2], "PublicKey": "pub-1"')


def test_signing_keeps_the_other_parts_of_a_form_byte_for_byte() -> None:
    request = Request("POST", "/?a=%7e", HOST, FORM, "k=a%20b+c&raw=源&Signature=old&empty=".encode())
    signed = sign(request, KEYS, 0.0)
    assert signed.body.startswith("k=a%20b+c&raw=源&empty=&PublicKey=pub-1&Signature=".encode())
    assert signed.target == "/?a=%7e"
    assert verify(attempt(signed)) == KEYS


def test_signing_corrects_a_content_length_that_was_given() -> None:
    request = Request("POST", "/", HOST, (*FORM, ("content-length", "3")), b"a=b")
    signed = sign(request, KEYS, 0.0)
    assert signed.header("content-length") == str(len(signed.body))


@pytest.mark.parametrize("body", ['{"a": ', "[1, 2]", '{"a":' + "[" * 900 + "]" * 900 + "}"])
def test_a_body_that_cannot_be_signed_is_left_alone_and_the_query_signed(body: str) -> None:
    signed = sign(in_json(body), KEYS, 0.0)
    assert signed.body == body.encode()
    assert signed.query.startswith("PublicKey=pub-1&Signature=")


@given(st.dictionaries(st.text(st.characters(exclude_categories=["Cs"]), min_size=1), TEXTS, max_size=5))
def test_our_signature_is_that_of_the_vendors_python_sdk(parameters: dict[str, str]) -> None:
    auth = pytest.importorskip("ucloud.core.auth")
    parameters.pop("Signature", None)
    theirs = auth.Credential("pub-1", "priv-1").verify_ac(dict(parameters))
    assert signature({**parameters, "PublicKey": "pub-1"}, "priv-1") == theirs


# repeated parameters


def judged(request: Request, setting: str = "refused") -> str:
    """Why it is refused and what for, empty when it is not."""
    heard = attempt(request)
    try:
        verify(Attempt(heard.request, heard.parameters, heard.credentials, heard.now, {"repeated_parameters": setting}))
    except Refusal as refusal:
        return f"{refusal.reason} {refusal.fields['name']}"
    return ""


@pytest.mark.parametrize(("setting", "named"), [("last", ""), ("refused", "parameter-repeated B")])
def test_a_name_that_stands_twice_is_refused_where_that_is_wanted(setting: str, named: str) -> None:
    twice = "A=1&B=2&B=3&A=4"
    assert judged(sign(Request("GET", f"/?{twice}", HOST), KEYS, 0.0), setting) == named
    assert judged(sign(Request("POST", "/", HOST, FORM, twice.encode()), KEYS, 0.0), setting) == named


def test_a_name_once_in_the_query_and_once_in_the_body_is_not_repeated() -> None:
    assert judged(sign(Request("POST", "/?A=1", HOST, FORM, b"A=1&B=2"), KEYS, 0.0)) == ""
    assert judged(sign(Request("POST", "/?A=1", HOST, JSON, b'{"A": "1", "B": "A=1&A=1"}'), KEYS, 0.0)) == ""


def test_a_wrong_signature_comes_before_a_repeated_name() -> None:
    heard = attempt(Request("GET", f"/?PublicKey=pub-1&Signature={'0' * 40}&A=1&A=2", HOST))
    with pytest.raises(Refusal, match="signature-mismatch"):
        verify(Attempt(heard.request, heard.parameters, heard.credentials, heard.now, {"repeated_parameters": "refused"}))


# projects and lists

OWN = [{"id": "org-own", "ProjectName": "Default", "MemberCount": 1}]


def test_without_configured_projects_there_is_the_catalogues_own() -> None:
    assert projects("", OWN) == [{"ProjectName": "Default", "MemberCount": 1, "ProjectId": "org-own", "IsDefault": True}]


def test_of_configured_projects_the_first_is_the_default_one_and_an_id_is_its_name() -> None:
    found = projects("org-a,,org-own", OWN)
    assert [(one["ProjectId"], one["ProjectName"], one["IsDefault"]) for one in found] == [
        ("org-a", "org-a", True),
        ("org-own", "Default", False),
    ]
    assert [one["MemberCount"] for one in found] == [1, 1]


@pytest.mark.parametrize(
    ("named", "configured", "wanted"),
    [
        (None, "", "org-own"),
        ("", "", "org-own"),
        ("org-x", "", "org-x"),
        (None, "org-a,org-b", "org-a"),
        ("org-b", "org-a,org-b", "org-b"),
    ],
)
def test_a_request_without_project_is_the_default_ones(named: str | None, configured: str, wanted: str) -> None:
    assert project(named, configured, OWN) == wanted


@pytest.mark.parametrize(("value", "wanted"), [("a", None), ("c", "c"), ("", None), (None, None)])
def test_unlisted_is_what_is_given_and_not_in_the_list(value: str | None, wanted: str | None) -> None:
    assert unlisted(value, ["a", "b"]) == wanted


# the seed's own answer


def test_the_seeds_example_answer_is_a_valid_CreateMediaTask_response() -> None:
    from jsonschema import Draft202012Validator

    schema = json.loads((ROOT / "schemas/ucloud/responses/CreateMediaTask.schema.json").read_text(encoding="utf-8"))
    answer = {"Action": "CreateMediaTaskResponse", "ErrMsg": "JlmdPwKW", "RetCode": 0, "TaskId": "owVuAaZp"}
    assert Draft202012Validator(schema).is_valid(answer)
    assert not Draft202012Validator(schema).is_valid({**answer, "RetCode": 171})
