"""The signature of Tencent CI against recorded vectors and against the vendor's own signer."""

from __future__ import annotations

import hashlib
import hmac
import json
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from unittest.mock import patch
from urllib.parse import quote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mockcloud.messages import Attempt, Credential, Refusal, Request
from mockcloud.providers import tencent_ci
from mockcloud.providers.tencent_ci import behaviours, sign, verify
from mockcloud.providers.tencent_ci_values import as_json, by_extension, chosen, digest, expanded, first, seconds

VECTORS = sorted((Path(__file__).parent.parent / "fixtures/tencent_ci/vectors").glob("*.json"))
SIGNER = Credential("AKIDEXAMPLE", "examplesecret")
NOW = 1_700_000_060
HOST = "test-1250000000.ci.ap-chongqing.myqcloud.com"
SETTINGS = {"time_tolerance_seconds": 60, "signature_mismatch_code": "SignatureDoesNotMatch"}


def vector(name: str) -> Request:
    path = next(path for path in VECTORS if path.name.startswith(f"{name}-"))
    data: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))["request"]
    headers = tuple((name, value) for name, value in data["headers"])
    return Request(data["method"], data["target"], data["host"], headers, data.get("body", "").encode())


def attempt(request: Request, now: float = NOW, **settings: Any) -> Attempt:
    return Attempt(request, {}, {"AKIDEXAMPLE": SIGNER}, now, {**SETTINGS, **settings})


def refusal(request: Request, now: float = NOW, **settings: Any) -> str:
    with pytest.raises(Refusal) as caught:
        verify(attempt(request, now, **settings))
    return caught.value.reason


def header(request: Request, name: str, value: str | None) -> Request:
    others = tuple(pair for pair in request.headers if pair[0].lower() != name.lower())
    return replace(request, headers=others if value is None else (*others, (name, value)))


def authorization(request: Request, old: str, new: str) -> Request:
    given = request.header("authorization") or ""
    assert old in given
    return header(request, "Authorization", given.replace(old, new))


def test_a_wrong_signature_is_noted_with_the_text_to_sign_and_never_with_the_secret() -> None:
    with pytest.raises(Refusal) as refused:
        verify(attempt(sign(Request("GET", "/jobs/j1?size=5", HOST), replace(SIGNER, secret_key="wrong"), NOW)))
    assert refused.value.note == f"the HttpString of this request is 'get\n/jobs/j1\nsize=5\nhost={HOST}\n'"


@pytest.mark.parametrize("name", ["a", "b", "c", "d", "e"])
def test_the_worked_vectors_a_to_e_verify(name: str) -> None:
    assert verify(attempt(vector(name))) is SIGNER


@pytest.mark.parametrize("name", ["a", "b", "d", "e"])
def test_signing_a_vector_again_gives_the_very_header_of_the_sdk(name: str) -> None:
    request = vector(name)
    unsigned = header(request, "Authorization", None)
    assert sign(unsigned, SIGNER, NOW).header("authorization") == request.header("authorization")


def test_the_body_of_vector_a_has_the_124_bytes_that_its_header_signs() -> None:
    assert len(vector("a").body) == 124


def test_signing_covers_a_valueless_parameter_and_replaces_an_older_header() -> None:
    signed = sign(vector("c"), SIGNER, NOW)
    assert "q-url-param-list=cancel&" in (signed.header("authorization") or "")
    assert verify(attempt(signed)) is SIGNER
    assert sum(name == "Authorization" for name, _ in signed.headers) == 1


def changed(text: str, index: int) -> str:
    return text[:index] + ("1" if text[index] == "0" else "0") + text[index + 1 :]


@pytest.mark.parametrize("part", ["method", "target", "host", "content-type", "content-length", "secret", "signature"])
def test_one_changed_byte_of_anything_signed_is_a_mismatch(part: str) -> None:
    request = vector("a")
    signature = (request.header("authorization") or "").rpartition("=")[2]
    changes = {
        "method": lambda: [replace(request, method="PUT")],
        "target": lambda: [replace(request, target=changed("/jobs", i)) for i in range(1, 5)],
        "host": lambda: [replace(request, host=changed(HOST, i)) for i in range(len(HOST))],
        "content-type": lambda: [header(request, "Content-Type", changed("application/xml", i)) for i in range(15)],
        "content-length": lambda: [header(request, "Content-Length", changed("124", i)) for i in range(3)],
        "signature": lambda: [authorization(request, signature, changed(signature, i)) for i in range(40)],
        "secret": lambda: [sign(request, Credential("AKIDEXAMPLE", "examplesecreu"), NOW)],
    }
    for one in changes[part]():
        assert refusal(one) == "signature-mismatch", one


def test_one_changed_byte_of_a_signed_parameter_is_a_mismatch() -> None:
    request = vector("b")
    for index, letter in enumerate(request.target):
        if letter.isalnum() and index > len("/jobs?"):
            assert refusal(replace(request, target=changed(request.target, index))) == "signature-mismatch", index


def test_a_parameter_or_header_that_the_lists_leave_out_is_not_asked_for() -> None:
    assert verify(attempt(replace(vector("e"), target="/jobs/j1?later=1"))) is SIGNER
    assert verify(attempt(header(vector("e"), "x-cos-sdk-retry", "true"))) is SIGNER


def test_a_listed_parameter_or_header_that_is_not_there_is_a_mismatch_even_if_it_was_empty() -> None:
    request = sign(Request("GET", "/jobs/j1?a=", HOST, (("x-ci-note", ""),)), SIGNER, NOW)
    assert verify(attempt(request)) is SIGNER
    assert refusal(replace(request, target="/jobs/j1")) == "signature-mismatch"
    assert refusal(header(request, "x-ci-note", None)) == "signature-mismatch"


def test_both_lists_may_be_empty_as_in_every_example_of_the_documents() -> None:
    lone = Request("GET", "/jobs/j1", HOST, (("Authorization", _with_empty_lists("get\n/jobs/j1\n\n\n")),))
    assert verify(attempt(lone)) is SIGNER


def _with_empty_lists(http_string: str) -> str:
    def mac(key: str, message: str) -> str:
        return hmac.new(key.encode(), message.encode(), hashlib.sha1).hexdigest()

    times = "1700000000;1700010060"
    made = mac(mac("examplesecret", times), f"sha1\n{times}\n{hashlib.sha1(http_string.encode()).hexdigest()}\n")  # noqa: S324
    return (
        f"q-sign-algorithm=sha1&q-ak=AKIDEXAMPLE&q-sign-time={times}&q-key-time={times}"
        f"&q-header-list=&q-url-param-list=&q-signature={made}"
    )


@pytest.mark.parametrize("value", [None, "", "  "])
def test_no_or_an_empty_authorization_header_is_missing(value: str | None) -> None:
    assert refusal(header(vector("a"), "Authorization", value)) == "authorization-missing"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("q-sign-algorithm=sha1", "q-sign-algorithm=sha256"),
        ("q-sign-algorithm=sha1&", ""),
        ("q-ak=AKIDEXAMPLE&", ""),
        ("q-ak=AKIDEXAMPLE", "q-ak="),
        ("q-sign-time=1700000000;1700010060&", ""),
        ("q-sign-time=1700000000;", "q-sign-time=soon;"),
        ("q-sign-time=1700000000;1700010060", "q-sign-time=1700000000"),
        ("q-sign-time=1700000000;", "q-sign-time=\u0661\u0662;"),
        ("q-sign-time=1700000000;", f"q-sign-time={'9' * 5000};"),
        ("q-key-time=1700000000;1700010060&", ""),
        ("q-header-list=content-length;content-type;host&", ""),
        ("q-url-param-list=&", ""),
        ("&q-signature=", "&"),
        ("q-sign-algorithm=sha1", "q-signature=0&q-sign-algorithm=sha1"),
        ("&q-signature=", "&q-ak=AKIDEXAMPLE&q-signature="),
    ],
)
def test_a_header_without_each_of_its_seven_keys_once_in_its_form_is_malformed(old: str, new: str) -> None:
    assert refusal(authorization(vector("a"), old, new)) == "authorization-malformed"


@pytest.mark.parametrize("wrong_first", [True, False])
def test_two_headers_are_malformed_whichever_of_them_is_right(wrong_first: bool) -> None:
    right = vector("a")
    wrong = ("Authorization", f"{(right.header('authorization') or '')[:-1]}x")
    headers = (wrong, *right.headers) if wrong_first else (*right.headers, wrong)
    assert refusal(replace(right, headers=headers)) == "authorization-malformed"


def test_a_key_that_stands_twice_among_the_parameters_is_malformed() -> None:
    doubled = in_query(vector("a"))
    assert refusal(replace(doubled, target=f"{doubled.target}&q-signature=0")) == "authorization-malformed"


def test_the_order_of_the_keys_does_not_matter() -> None:
    given = (vector("a").header("authorization") or "").split("&")
    assert verify(attempt(header(vector("a"), "Authorization", "&".join(reversed(given))))) is SIGNER


def in_query(request: Request, **changed: str | None) -> Request:
    """The request with its Authorization header as parameters, the way of a URL that is signed beforehand."""
    given = dict(part.partition("=")[::2] for part in (request.header("authorization") or "").split("&"))
    kept = [f"{key}={quote(value, '')}" for key, value in {**given, **changed}.items() if value is not None]
    return replace(header(request, "Authorization", None), target="?".join((request.path, "&".join([*kept, request.query]))))


def test_the_same_text_may_travel_as_parameters() -> None:
    for name in ("b", "c", "d"):
        assert verify(attempt(in_query(vector(name)))) is SIGNER
    assert verify(attempt(header(in_query(vector("b")), "Authorization", ""))) is SIGNER
    assert refusal(replace(in_query(vector("b")), method="PUT")) == "signature-mismatch"
    assert refusal(in_query(vector("b")), now=1_800_000_000) == "signature-expired"
    assert refusal(in_query(vector("b"), **{"q-ak": "AKIDNOBODY"})) == "key-unknown"
    assert refusal(in_query(vector("b"), **{"q-key-time": None})) == "authorization-malformed"
    assert refusal(in_query(vector("b"), **{"q-signature": None})) == "authorization-missing"
    assert refusal(Request("GET", "/jobs/j1?note=q-signature=1&x-q-signature=2", HOST)) == "authorization-missing"


def test_a_header_goes_before_parameters() -> None:
    assert refusal(header(in_query(vector("b")), "Authorization", "q-ak=other")) == "authorization-malformed"


def test_an_unknown_key_is_told_before_an_expired_window() -> None:
    assert refusal(authorization(vector("a"), "AKIDEXAMPLE", "AKIDNOBODY"), now=1_800_000_000) == "key-unknown"


def test_an_expired_window_is_told_before_a_wrong_signature() -> None:
    assert refusal(replace(vector("a"), method="PUT"), now=1_800_000_000) == "signature-expired"


@pytest.mark.parametrize(
    ("now", "fresh"),
    [(1_699_999_939, False), (1_699_999_940, True), (1_700_010_060, True), (1_700_010_061, False)],
)
def test_a_signature_holds_from_60_seconds_before_its_window_to_its_end(now: int, fresh: bool) -> None:
    if fresh:
        assert verify(attempt(vector("a"), now)) is SIGNER
    else:
        assert refusal(vector("a"), now) == "signature-expired"


def test_time_tolerance_seconds_moves_the_start_of_the_window() -> None:
    assert verify(attempt(vector("a"), 1_699_999_100, time_tolerance_seconds=900)) is SIGNER
    assert refusal(vector("a"), 1_699_999_999, time_tolerance_seconds=0) == "signature-expired"


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        ("SignatureDoesNotMatch", "signature-mismatch"),
        ("InvalidAuthorization", "signature-mismatch-as-invalid-authorization"),
        ("AccessDenied", "signature-mismatch-as-access-denied"),
    ],
)
def test_the_setting_signature_mismatch_code_chooses_the_refusal(code: str, reason: str) -> None:
    assert refusal(replace(vector("a"), method="PUT"), signature_mismatch_code=code) == reason
    assert reason in behaviours.conditions


@pytest.mark.parametrize("signed_as", ["127.0.0.1:8080", "127.0.0.1"])
def test_the_host_may_be_signed_with_or_without_its_port(signed_as: str) -> None:
    signed = sign(Request("GET", "/jobs/j1", signed_as), SIGNER, NOW)
    assert verify(attempt(replace(signed, host="127.0.0.1:8080"))) is SIGNER


def test_the_host_of_another_port_or_a_bracketed_address_is_told_apart() -> None:
    signed = sign(Request("GET", "/jobs/j1", "127.0.0.1:8080"), SIGNER, NOW)
    assert refusal(replace(signed, host="127.0.0.1:8081")) == "signature-mismatch"
    six = sign(Request("GET", "/jobs/j1", "[::1]"), SIGNER, NOW)
    assert verify(attempt(replace(six, host="[::1]:8080"))) is SIGNER


@given(st.text(max_size=80), st.text(alphabet="0123456789;", max_size=25), st.text(st.characters(codec=None), max_size=80))
def test_the_signature_is_that_of_the_standard_librarys_hmac(secret: str, times: str, text: str) -> None:
    key = hmac.new(hmac.new(secret.encode(), times.encode(), "sha1").hexdigest().encode(), digestmod="sha1")
    digest = hashlib.sha1(text.encode("utf-8", "surrogatepass"), usedforsecurity=False).hexdigest()
    key.update(f"sha1\n{times}\n{digest}\n".encode())
    assert tencent_ci._signature(tencent_ci._keyed(secret, times), times, text) == key.hexdigest()


def test_a_signature_that_is_not_ascii_is_a_mismatch() -> None:
    signature = (vector("a").header("authorization") or "").rpartition("=")[2]
    assert refusal(authorization(vector("a"), signature, "é" * 40)) == "signature-mismatch"


def test_a_long_header_is_verified_and_not_remembered() -> None:
    signed = sign(Request("GET", "/jobs/j1", HOST, (("x-ci-note", "a b" * 1000),)), SIGNER, NOW)
    before = tencent_ci._short_value.cache_info().misses
    assert verify(attempt(signed)) is SIGNER
    assert tencent_ci._short_value.cache_info().misses - before <= 1, "only the host"
    assert refusal(header(signed, "x-ci-note", "a b" * 999)) == "signature-mismatch"


JUNK = st.text(st.characters(codec=None), max_size=40)


KEYS = st.sampled_from(["q-ak", "q-sign-time", "q-key-time", "q-header-list", "q-signature"])


@given(st.lists(st.tuples(KEYS, JUNK)), JUNK, JUNK)
def test_whatever_a_client_sends_ends_in_a_refusal_and_never_in_another_error(
    parts: list[tuple[str, str]], target: str, host: str
) -> None:
    given_header = vector("a").header("authorization") or ""
    for key, junk in parts:
        start = given_header.index(f"{key}=") + len(key) + 1
        given_header = given_header[:start] + junk + given_header[start:]
    request = Request("GET", "/" + target, host, (("Authorization", given_header), ("x-ci-note", target)))
    with pytest.raises(Refusal):
        verify(attempt(request))


def sdk_signed(method: str, path: str, parameters: dict[str, str], headers: dict[str, str]) -> Request:
    """A request as the vendor's Python SDK prepares and signs it, seen from the server."""
    requests = pytest.importorskip("requests")
    cos_auth = pytest.importorskip("qcloud_cos.cos_auth")
    conf = SimpleNamespace(
        _secret_id="AKIDEXAMPLE", _secret_key="examplesecret", _anonymous=False, _sign_params=True, _sign_host=True
    )
    url = f"http://{HOST}" + quote(path, "/-_.~")
    prepared = requests.Request(method, url, params=parameters, headers={"Host": HOST, **headers}).prepare()
    with patch.object(cos_auth, "time", SimpleNamespace(time=lambda: NOW)):
        cos_auth.CosS3Auth(conf, path, parameters)(prepared)
    return Request(method, prepared.path_url, HOST, tuple(prepared.headers.items()))


LETTERS = st.characters(codec="utf-8", exclude_characters="/")
SEGMENTS = st.text(LETTERS, min_size=1, max_size=12).filter(lambda segment: segment.strip(".") != "")
NAMES = st.text(st.characters(codec="utf-8"), min_size=1, max_size=8)
VALUES = st.text(st.characters(codec="utf-8"), max_size=12)
TOKENS = st.text(st.characters(codec="ascii", categories=["L", "N", "P", "S"]), min_size=1, max_size=20)


def distinct(found: dict[str, str]) -> bool:
    return len({quote(name, "").lower() for name in found}) == len(found)


@settings(deadline=None)  # the first example imports the SDK
@given(
    st.sampled_from(["GET", "POST", "PUT", "DELETE"]),
    st.lists(SEGMENTS, min_size=1, max_size=3),
    st.dictionaries(NAMES, VALUES, max_size=4).filter(distinct),
    st.dictionaries(st.sampled_from(["x-ci-security-token", "Content-Type", "Content-MD5", "x-cos-note"]), TOKENS),
)
def test_what_the_vendors_python_sdk_signs_verifies_and_is_signed_alike_here(
    method: str, segments: list[str], parameters: dict[str, str], headers: dict[str, str]
) -> None:
    request = sdk_signed(method, "/" + "/".join(segments), parameters, headers)
    assert verify(attempt(request)) is SIGNER
    assert sign(request, SIGNER, NOW).header("authorization") == request.header("authorization")


def test_expanded_replaces_known_names_and_leaves_the_others() -> None:
    given_members = {"Object": "a/${jobid}.${ext}", "AuObject": "${InputName}", "Bucket": "b"}
    made = expanded(given_members, {"jobid": "j1", "ext": "mp3"})
    assert made == {"Object": "a/j1.mp3", "AuObject": "${InputName}", "Bucket": "b"}
    assert expanded(None, {}) is None


MODES = [{"id": "voice", "keys": ["v"]}, {"id": "both", "keys": ["v", "b"]}]


@pytest.mark.parametrize(
    ("members", "mode", "wanted"),
    [
        ({"v": "1", "b": "2"}, "voice", ["1"]),
        ({"b": "2", "v": "1"}, "both", ["1", "2"]),
        ({"b": "2"}, "both", ["2"]),
        ({"b": "2"}, "voice", ["2"]),
        ({"b": "2"}, "other", ["2"]),
        (None, "voice", []),
    ],
)
def test_a_mode_chooses_its_own_members_else_those_that_are_given(
    members: dict[str, str] | None, mode: str, wanted: list[str]
) -> None:
    assert chosen(members, MODES, mode) == wanted


@pytest.mark.parametrize(
    ("name", "wanted"),
    [("in/A.MP3", {"n": 1}), ("mp3", {"n": 1}), ("a.mkv", {"n": 0}), ("", {"n": 0}), (None, {"n": 0})],
)
def test_an_item_is_chosen_by_the_extension_of_a_name(name: str | None, wanted: dict[str, int]) -> None:
    items = [{"id": "mp3", "n": 1}, {"id": "default", "n": 0}]
    assert by_extension(items, name, "default") == wanted
    assert by_extension([], name, "default") is None


def test_a_digest_is_32_hex_digits_and_tells_its_parts_apart() -> None:
    assert len(digest("a", "b")) == 32
    assert digest("a", "b") == digest("a", "b") != digest("b", "a")
    assert digest(None) == digest("")


def test_the_first_of_a_list_is_given_and_nothing_of_an_empty_one() -> None:
    assert (first([1, 2]), first([]), first(None)) == (1, None, None)


@pytest.mark.parametrize(
    "text",
    [
        "2024-01-15T10:00:00+0800", "2024-01-15T10:00:00+08:00", "2024-01-15 10:00:00+0800", "2024-01-15T10:00:00 0800", "2024-01-15T10:00:00", "2024-01-15 10:00",
        " 2024-01-15T10:00:00+0800 ", "2024-01-15T02:00:00Z", "2024-01-15T04:00:00+0200", "2024-01-14T21:00:00-0500", "20240115T100000+0800",
    ],
)  # fmt: skip
def test_a_moment_is_read_from_whatever_spelling_of_it(text: str) -> None:
    assert seconds(text) == 1_705_284_000


@pytest.mark.parametrize(
    "text", [None, "", "soon", "2024-01-15T10:61:00+0800", "2024-13-15T10:00:00", "%Y-%m-%dT%H:%m:%S%z", "-", "9" * 5000]
)
def test_what_names_no_moment_gives_none(text: str | None) -> None:
    assert seconds(text) is None


@given(st.text(max_size=30))
def test_reading_a_moment_never_fails(text: str) -> None:
    assert seconds(text) is None or isinstance(seconds(text), float)


@pytest.mark.parametrize("text", ["0001-01-01T00:00:00+0800", "9999-12-31T23:59:59-2359", "0001-01-01", "9999-12-31"])
def test_the_ends_of_the_calendar_are_moments(text: str) -> None:
    assert isinstance(seconds(text), float)


@pytest.mark.parametrize(
    ("data", "wanted"),
    [
        ("a", "a"), (5, "5"), ("", None), (None, None), ({}, None), ([], None), ({"A": "", "B": None, "C": {"D": ""}}, None),
        ({"b": 1, "a": "x"}, {"a": "x", "b": "1"}), ({"A": ["x"]}, {"A": "x"}), ({"A": ["x", "y"]}, {"A": ["x", "y"]}), ({"A": ["x", "", "y"]}, {"A": ["x", "y"]}),
        ({"A": [{"B": "1"}]}, {"A": {"B": "1"}}), ({"N": "2", "M": {"N": "0"}}, {"N": 2, "M": {"N": 0}}), ({"N": ""}, None),
    ],
)  # fmt: skip
def test_elements_as_json_are_texts_without_what_is_empty_and_lists_only_of_several(data: Any, wanted: Any) -> None:
    assert as_json(data, ["N"]) == wanted


def test_elements_as_json_are_in_the_order_of_their_names() -> None:
    assert list(as_json({"b": "1", "C": "2", "A": "3"}, [])) == ["A", "C", "b"]
