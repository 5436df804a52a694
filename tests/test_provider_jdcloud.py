"""JD Cloud's signatures: the vendor's own vectors, its own signer as the oracle, and every way of being refused.

Knows the provider's module and the messages only; no contract is loaded and no cloud is made.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import re
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote_plus

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockcloud.messages import Attempt, Credential, Refusal, Request
from mockcloud.providers import jdcloud, jdcloud_lists, jdcloud_values

VECTORS = sorted((Path(__file__).parents[1] / "fixtures" / "jdcloud" / "vectors").glob("*.json"))
CREDENTIAL = Credential("AKTEST", "SKTEST")
NOW = 1535008869  # 20180823T072109Z
SETTINGS = {"signature_window_seconds": 900, "strict_nonce": False}
UNRESERVED = "abcXYZ019-_.~"
SIGNERS = {"2": jdcloud.sign_generation_2, "3": jdcloud.sign}
TASK = "/v1/regions/cn-north-1/thumbnail"
BODY = b'{"source":{"bucket":"src-b","key":"videos/in.mp4"},"target":{"destBucket":"dst-b"}}'
PLAIN = Request("POST", TASK, "mps.jdcloud-api.com", (("Content-Type", "application/json"),), BODY)

generations = pytest.mark.parametrize("generation", ["2", "3"])
vectors = pytest.mark.parametrize("path", VECTORS, ids=[path.stem for path in VECTORS])


def verify(request: Request, now: float = NOW, **settings: Any) -> Credential:
    known = {CREDENTIAL.access_key: CREDENTIAL}
    return jdcloud.verify(Attempt(request, {}, known, now, {**SETTINGS, **settings}))


def refusal(request: Request, now: float = NOW, **settings: Any) -> str:
    with pytest.raises(Refusal) as refused:
        verify(request, now, **settings)
    return refused.value.reason


def recorded(path: Path) -> tuple[Request, float]:
    case = json.loads(path.read_text(encoding="utf-8"))
    given = case["request"]
    headers = tuple((name, value) for name, value in given["headers"])
    body = given.get("body", "").encode()
    return Request(given["method"], given["target"], given["host"], headers, body), case["now"]


def signed(generation: str = "3", request: Request = PLAIN) -> Request:
    return SIGNERS[generation](request, CREDENTIAL, NOW)


def with_header(request: Request, name: str, value: str | None) -> Request:
    """The request with one header changed, or taken out."""
    kept = [pair for pair in request.headers if pair[0].lower() != name]
    return replace(request, headers=(*kept, *([(name, value)] if value is not None else [])))


def with_authorization(old: str, new: str, generation: str = "3") -> Request:
    request = signed(generation)
    header = request.header("authorization") or ""
    assert old in header
    return with_header(request, "authorization", header.replace(old, new))


# ---------------------------------------------------------------------- the vendor's vectors


@vectors
def test_a_vector_of_the_vendors_signer_is_let_in(path: Path) -> None:
    request, now = recorded(path)
    assert verify(request, now) is CREDENTIAL


def test_there_are_five_vectors_of_both_generations() -> None:
    schemes = [(recorded(path)[0].header("authorization") or "")[:8] for path in VECTORS]
    assert (schemes.count("JDCLOUD2"), schemes.count("JDCLOUD3")) == (2, 3)


@vectors
def test_a_vector_is_refused_with_another_secret(path: Path) -> None:
    request, now = recorded(path)
    attempt = Attempt(request, {}, {"AKTEST": Credential("AKTEST", "SKTESU")}, now, SETTINGS)
    with pytest.raises(Refusal, match="signature-mismatch"):
        jdcloud.verify(attempt)


@vectors
def test_our_signer_signs_a_vector_as_the_vendors_did(path: Path) -> None:
    request, now = recorded(path)
    generation = (request.header("authorization") or "")[7]
    if generation == "2":
        # Generation 2 signs the nonce, and ours is another than the vector's.
        attempt = jdcloud.sign_generation_2(request, CREDENTIAL, now)
        assert verify(attempt, now) is CREDENTIAL
    else:
        attempt = jdcloud.sign(request, CREDENTIAL, now)
        assert attempt.header("authorization") == request.header("authorization")


# ---------------------------------------------------------------------- our signers


@generations
def test_what_we_sign_we_let_in(generation: str) -> None:
    assert verify(signed(generation)) is CREDENTIAL


def test_generation_3_signs_content_type_and_host_only() -> None:
    assert "SignedHeaders=content-type;host," in (signed("3").header("authorization") or "")


def test_generation_2_signs_date_and_nonce_too() -> None:
    names = "SignedHeaders=content-type;host;x-jdcloud-date;x-jdcloud-nonce,"
    assert names in (signed("2").header("authorization") or "")


def test_a_request_without_content_type_is_signed_over_its_host() -> None:
    request = signed("3", Request("GET", TASK, "mps.jdcloud-api.com"))
    assert "SignedHeaders=host," in (request.header("authorization") or "")
    assert verify(request) is CREDENTIAL


def test_signing_again_replaces_the_former_signature() -> None:
    again = jdcloud.sign(signed("2"), CREDENTIAL, NOW + 5000)
    assert [name.lower() for name, _ in again.headers].count("authorization") == 1
    assert verify(again, NOW + 5000) is CREDENTIAL


def test_the_same_request_at_the_same_time_is_signed_with_the_same_bytes() -> None:
    assert signed() == signed()


@pytest.mark.parametrize(
    ("target", "region"),
    [
        ("/v1/regions/cn-east-2/thumbnail", "cn-east-2"),
        ("/v1/regions/cn-east-2", "cn-east-2"),
        ("/v1/transcodeJobs", "jdcloud-api"),
        ("/v1/regions/a,b/thumbnail", "jdcloud-api"),
    ],
)
def test_the_scope_has_the_paths_region_or_else_jdcloud_api(target: str, region: str) -> None:
    request = signed("3", replace(PLAIN, target=target))
    assert f"/20180823/{region}/mps/" in (request.header("authorization") or "")
    assert verify(request) is CREDENTIAL


# ---------------------------------------------------------------------- one changed byte


SIGNED_PARTS = {
    "method": lambda request: replace(request, method="PUT"),
    "path": lambda request: replace(request, target=request.target.replace("thumbnail", "thumbnaim")),
    "query name": lambda request: replace(request, target=request.target.replace("limit=", "limiu=")),
    "query value": lambda request: replace(request, target=request.target.replace("limit=10", "limit=11")),
    "query addition": lambda request: replace(request, target=request.target + "&more=1"),
    "host": lambda request: replace(request, host=request.host + ":8080"),
    "content type": lambda request: with_header(request, "content-type", "text/json"),
    "no content type": lambda request: with_header(request, "content-type", None),
    "date": lambda request: with_header(request, "x-jdcloud-date", "20180823T072110Z"),
    "body": lambda request: replace(request, body=request.body + b" "),
}


@generations
@pytest.mark.parametrize("part", SIGNED_PARTS)
def test_a_change_of_a_signed_part_is_a_mismatch(part: str, generation: str) -> None:
    request = signed(generation, replace(PLAIN, target=f"{TASK}?limit=10"))
    assert verify(request) is CREDENTIAL
    assert refusal(SIGNED_PARTS[part](request)) == "signature-mismatch"


def test_a_changed_nonce_is_a_mismatch_in_generation_2_and_nothing_in_generation_3() -> None:
    other = "ed558a3b-9808-4edb-8597-187bda63a4f2"
    assert refusal(with_header(signed("2"), "x-jdcloud-nonce", other)) == "signature-mismatch"
    assert verify(with_header(signed("3"), "x-jdcloud-nonce", other)) is CREDENTIAL


@given(st.integers(0, len(BODY) - 1), st.integers(1, 255))
def test_any_flipped_bits_of_the_body_are_a_mismatch(at: int, flip: int) -> None:
    body = bytearray(BODY)
    body[at] ^= flip
    assert refusal(replace(signed(), body=bytes(body))) == "signature-mismatch"


@generations
def test_each_flipped_digit_of_the_signature_is_a_mismatch(generation: str) -> None:
    request = signed(generation)
    header = request.header("authorization") or ""
    start = header.index("Signature=") + len("Signature=")
    for at in range(start, len(header)):
        flipped = header[:at] + ("0" if header[at] != "0" else "1") + header[at + 1 :]
        assert refusal(with_header(request, "authorization", flipped)) == "signature-mismatch", f"digit {at - start}"


@given(st.integers(0, 1000), st.characters())
def test_no_changed_character_of_the_authorization_lets_anybody_in(at: int, character: str) -> None:
    request = signed()
    header = request.header("authorization") or ""
    at %= len(header)
    changed = header[:at] + character + header[at + 1 :]
    if changed.split() != header.split():
        assert refusal(with_header(request, "authorization", changed))


# ---------------------------------------------------------------------- each documented 401


def test_no_authorization_header_is_authorization_missing() -> None:
    assert refusal(PLAIN) == "authorization-missing"


@pytest.mark.parametrize(
    "header",
    [
        "Bearer abc",
        "JDCLOUD3-HMAC-SHA256",
        "JDCLOUD3-HMAC-SHA256 SignedHeaders=host, Signature=00",
        "JDCLOUD3-HMAC-SHA256 Credential=, SignedHeaders=host, Signature=00",
        "JDCLOUD3-HMAC-SHA256 Credential=AKTEST/20180823/cn-north-1/mps, SignedHeaders=host, Signature=00",
        "JDCLOUD4-HMAC-SHA256 Credential=AKTEST/20180823/r/mps/jdcloud4_request, SignedHeaders=host, Signature=00",
        "JDCLOUD3-HMAC-SHA256 Credential=AKTEST/20180823/r/mps/jdcloud3_request, SignedHeaders=host",
        "\udcff\x00 Credential",
    ],
)
def test_an_authorization_without_a_readable_credential_is_credential_missing(header: str) -> None:
    assert refusal(with_header(signed(), "authorization", header)) == "credential-missing"


def test_two_authorization_headers_are_credential_missing() -> None:
    request = signed()
    doubled = replace(request, headers=(*request.headers, request.headers[-1]))
    assert refusal(doubled) == "credential-missing"


@pytest.mark.parametrize("new", ["", "SignedHeaders=, "])
def test_an_authorization_without_signed_headers_is_signed_headers_missing(new: str) -> None:
    assert refusal(with_authorization("SignedHeaders=content-type;host, ", new)) == "signed-headers-missing"


@pytest.mark.parametrize("value", [None, ""])
def test_no_date_is_date_missing(value: str | None) -> None:
    assert refusal(with_header(signed(), "x-jdcloud-date", value)) == "date-missing"


def test_a_strange_access_key_is_access_key_unknown() -> None:
    assert refusal(with_authorization("AKTEST/", "AKOTHER/")) == "access-key-unknown"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("/mps/", "/oss/"),
        ("jdcloud3_request", "jdcloud2_request"),
        ("/20180823/", "/20180824/"),
        ("/cn-north-1/", "/cn-east-1/"),
        ("content-type;host", "content-type"),
        ("content-type;host", "content-type;Host"),
        ("JDCLOUD3-HMAC-SHA256", "JDCLOUD2-HMAC-SHA256"),
        ("Signature=", "Signature=0"),
        ("Signature=", "Signature=é"),
    ],
)
def test_a_wrong_scope_or_unsigned_host_is_signature_mismatch(old: str, new: str) -> None:
    assert refusal(with_authorization(old, new)) == "signature-mismatch"


@pytest.mark.parametrize(
    "stamp",
    [
        "20180823",
        "20180823T072109",
        "20181323T072109Z",
        "20180823T072160Z",
        "00000823T072109Z",
        "é",
        "\udcff",
        "\uff12\uff10180823T072109Z",  # digits of another script, which int() would read
    ],
)
def test_a_date_that_is_no_time_is_signature_mismatch(stamp: str) -> None:
    assert refusal(with_header(signed(), "x-jdcloud-date", stamp)) == "signature-mismatch"


@pytest.mark.parametrize("late", [901, -901])
def test_901_seconds_off_is_date_expired_and_900_are_not(late: int) -> None:
    assert refusal(signed(), NOW + late) == "date-expired"
    assert verify(signed(), NOW + late - late // 901) is CREDENTIAL


def test_a_window_of_0_lets_any_date_in() -> None:
    assert verify(signed(), NOW + 10**9, signature_window_seconds=0) is CREDENTIAL


def test_a_wrong_signature_that_is_also_old_is_a_mismatch() -> None:
    assert refusal(replace(signed(), body=b""), NOW + 10**6) == "signature-mismatch"


def test_a_missing_nonce_is_nonce_missing_only_when_strict() -> None:
    request = with_header(signed(), "x-jdcloud-nonce", None)
    assert verify(request) is CREDENTIAL
    assert refusal(request, strict_nonce=True) == "nonce-missing"
    assert verify(signed(), strict_nonce=True) is CREDENTIAL


def test_a_wrong_signature_is_noted_with_the_canonical_request_and_never_with_the_secret() -> None:
    request = signed(request=Request("GET", f"{TASK}?limit=3", "mps.jdcloud-api.com"))
    with pytest.raises(Refusal) as refused:
        verify(replace(request, target=f"{TASK}?limit=4"))
    assert refused.value.note.startswith(f"the canonical request is 'GET\n{TASK}\nlimit=4\nhost:mps.jdcloud-api.com\n\nhost\n")


def test_a_nonce_that_came_before_is_refused_only_where_that_is_asked_for_and_only_once_it_is_verified() -> None:
    seen: set[str] = set()

    def told(request: Request, **settings: Any) -> str:
        known = {CREDENTIAL.access_key: CREDENTIAL}
        is_new = lambda text: text not in seen and not seen.add(text)  # noqa: E731  # a set that tells
        try:
            return jdcloud.verify(Attempt(request, {}, known, NOW, {**SETTINGS, **settings}, is_new)).access_key
        except Refusal as refused:
            return refused.reason

    forged = with_header(signed(), "authorization", "")
    assert told(forged, reject_reused_nonce=True) == "authorization-missing"
    assert (told(signed()), seen) == (CREDENTIAL.access_key, set())
    assert told(signed(), reject_reused_nonce=True) == CREDENTIAL.access_key
    again = told(signed(), reject_reused_nonce=True)
    assert again == "nonce-reused"
    assert told(signed(request=replace(PLAIN, target=f"{TASK}?other=1")), reject_reused_nonce=True) == CREDENTIAL.access_key


def test_every_condition_that_the_module_declares_is_tested_above() -> None:
    text = Path(__file__).read_text(encoding="utf-8")
    assert [name for name in sorted(jdcloud.behaviours.conditions) if f'== "{name}"' not in text] == []


@given(st.text(max_size=40), st.text(max_size=20), st.text(max_size=20))
def test_no_text_in_target_host_or_header_raises_anything_but_a_refusal(target: str, host: str, header: str) -> None:
    names = "SignedHeaders=content-type;host;x-any,"
    request = with_authorization("SignedHeaders=content-type;host,", names)
    strange = replace(with_header(request, "x-any", header), target=target, host=host)
    assert refusal(strange) == "signature-mismatch"


@given(st.text(alphabet=st.characters(categories=["Cs", "Lu", "P"]), min_size=1, max_size=10))
def test_lone_surrogates_on_the_wire_are_signed_like_any_other_text(text: str) -> None:
    request = signed("3", replace(PLAIN, target=f"{TASK}/{text.replace('?', '')}?a={text}"))
    assert verify(request) is CREDENTIAL


# ---------------------------------------------------------------------- the short ways are the long ones


def signed_slowly(request: Request, secret: str) -> str:
    """The signature of a request by the standard library's HMAC, without anything that is remembered."""
    found = jdcloud.AUTHORIZATION.fullmatch(request.header("authorization") or "")
    assert found is not None
    _, algorithm, generation, _, *scope, names, _ = found.groups()
    path, _, query = request.target.partition("?")
    given = {name: request.host.strip() if name == "host" else request.header(name) or "" for name in names.split(";")}
    if generation == "2":
        given = {name: " ".join(value.split()) for name, value in given.items()}
    lines = [request.method, jdcloud._canonical_path(path), jdcloud._canonical_query(query) if query else ""]
    lines += ["".join(f"{name}:{value}\n" for name, value in given.items()), names, hashlib.sha256(request.body).hexdigest()]
    digest = hashlib.sha256("\n".join(lines).encode("utf-8", "surrogatepass")).hexdigest()
    text = "\n".join([algorithm, request.header("x-jdcloud-date") or "", "/".join(scope), digest])
    key = f"JDCLOUD{generation}{secret}".encode()
    for part in scope:
        key = hmac.new(key, part.encode(), "sha256").digest()
    return hmac.new(key, text.encode(), "sha256").hexdigest()


@given(st.sampled_from("23"), st.text(max_size=20), st.text(max_size=20), st.binary(max_size=80), st.text(max_size=80))
def test_the_signature_is_that_of_the_standard_librarys_hmac(
    generation: str, path: str, header: str, body: bytes, secret: str
) -> None:
    request = Request("PUT", f"{TASK}/{path}", "mps.jdcloud-api.com", (("Content-Type", header),), body)
    made = SIGNERS[generation](request, Credential("AKTEST", secret), NOW)
    assert (made.header("authorization") or "").endswith(f"Signature={signed_slowly(made, secret)}")


PIECES = ["JDCLOUD3-HMAC-SHA256 ", "Credential=A/20180823/r/mps/jdcloud3_request", ", ", ",", " ", "SignedHeaders=", "host"]


@given(st.lists(st.sampled_from([*PIECES, "Signature=", ", Signature=", "0f", "é", "/", "\n", ";", "\udcff"]), max_size=9))
def test_a_remembered_claim_is_what_the_whole_header_says(pieces: list[str]) -> None:
    usual = "".join(PIECES[:3]) + "SignedHeaders=host"
    for header in ("".join(pieces), f"{usual}{''.join(pieces)}", f"{usual}, Signature={''.join(pieces)}"):
        found = jdcloud.AUTHORIZATION.fullmatch(header)
        if found is None:
            with pytest.raises(Refusal):
                jdcloud._claim(header)
        else:
            _, *parts, signature = found.groups()
            claim, given = jdcloud._claim(header)
            whole = jdcloud._claimed(*parts)
            assert given == signature
            assert all(getattr(claim, name) == getattr(whole, name) for name in type(claim).__slots__)


@given(st.text(alphabet=UNRESERVED + "//%+ é:\udcff", max_size=12))
def test_a_path_that_is_not_encoded_again_would_be_the_same_if_it_was(path: str) -> None:
    decoded = unquote_plus(path)
    decoded = re.sub("/+", "/", decoded if decoded.startswith("/") else f"/{decoded}")
    assert jdcloud._canonical_path(path) == quote(decoded, "/~", errors="surrogatepass")


def test_a_claim_of_many_headers_is_verified_and_not_remembered() -> None:
    names = ";".join(f"x-{number}" for number in range(200))
    request = with_authorization("content-type;host", f"content-type;host;{names}")
    proof = signed_slowly(request, CREDENTIAL.secret_key)
    header = (request.header("authorization") or "").rpartition("=")[0]
    before = jdcloud._remembered.cache_info()
    assert verify(with_header(request, "authorization", f"{header}={proof}")) is CREDENTIAL
    assert jdcloud._remembered.cache_info() == before


def test_a_long_region_or_date_of_a_stranger_is_not_remembered() -> None:
    caches = (jdcloud._remembered, jdcloud._keyed, jdcloud._instant)
    region = with_authorization("/cn-north-1/", f"/{'9' * 10_000}/")
    date = with_header(signed(), "x-jdcloud-date", "9" * 10_000)
    assert verify(signed()) is CREDENTIAL
    before = [cache.cache_info().misses for cache in caches]
    assert (refusal(region), refusal(date)) == ("signature-mismatch", "signature-mismatch")
    assert [cache.cache_info().misses for cache in caches] == before


# ---------------------------------------------------------------------- canonical forms


@generations
@pytest.mark.parametrize(
    ("one", "two"),
    [
        ("/v1/transcodeJobs:submit", "/v1/transcodeJobs%3Asubmit"),
        ("/v1//regions/x", "/v1/regions/x"),
        ("/v1/a%20b", "/v1/a+b"),
        ("/v1/%7Eme", "/v1/~me"),
        ("/v1/x?b=2&a=1", "/v1/x?a=1&b=2"),
        ("/v1/x?begin=2018-08-23T03:21:09.123Z", "/v1/x?begin=2018-08-23T03%3A21%3A09.123Z"),
        ("/v1/x?a", "/v1/x?a="),
        ("/v1/x?a=1&&=2", "/v1/x?a=1"),
        ("/v1/x?a=b=c", "/v1/x?a=b%3Dc"),
        ("", "/"),
    ],
)
def test_two_spellings_of_a_target_have_one_signature(one: str, two: str, generation: str) -> None:
    request = signed(generation, replace(PLAIN, target=one))
    assert verify(replace(request, target=two)) is CREDENTIAL


def test_runs_of_spaces_in_a_header_are_one_in_generation_2_and_kept_in_generation_3() -> None:
    tight, loose = (replace(PLAIN, headers=(("Content-Type", f"a{gap}b"),)) for gap in (" ", "   "))
    for generation, same in (("2", True), ("3", False)):
        request = with_header(signed(generation, tight), "content-type", loose.header("content-type"))
        assert (verify(request) is CREDENTIAL) if same else (refusal(request) == "signature-mismatch")


# ---------------------------------------------------------------------- the vendor's own signer


segments = st.text(alphabet=UNRESERVED + "/:%+ é视", max_size=12)
names = st.text(alphabet=UNRESERVED + "é", min_size=1, max_size=6)
values = st.text(alphabet=UNRESERVED + "/:%+ =é视", max_size=8)
spellings = st.sampled_from(["", "/", "/:", "/:+~"])


@st.composite
def targets(draw: st.DrawFn) -> str:
    """Targets as clients may spell them, each parameter with an equals sign.

    The vendor's signer leaves a parameter without one out of the signature; we sign it as an empty value.
    """
    safe = draw(spellings)
    path = "/v1/" + quote(draw(segments), safe=safe)
    pairs = draw(st.lists(st.tuples(names, values), max_size=4))
    query = "&".join(f"{quote(name, safe='')}={quote(value, safe=safe)}" for name, value in pairs)
    return f"{path}?{query}" if query else path


def vendor_signed(request: Request, region: str) -> dict[str, str]:
    from jdcloud_sdk.core.credential import Credential as VendorCredential
    from jdcloud_sdk.core.logger import Logger
    from jdcloud_sdk.core.signer import Signer

    # The client gives its User-Agent to the signer too, which leaves it out of the signature.
    headers = {"User-Agent": "sdk", **dict(request.headers), "x-jdcloud-date": "20180823T072109Z"}
    Signer(Logger(0)).sign(
        method=request.method,
        service="mps",
        region=region,
        uri=f"http://{request.host}{request.target}",
        headers=headers,
        data=request.body.decode(),
        credential=VendorCredential(CREDENTIAL.access_key, CREDENTIAL.secret_key),
        security_token=None,
    )
    return headers


@given(
    st.sampled_from(["GET", "POST", "PUT", "PATCH", "DELETE"]),
    targets(),
    st.sampled_from(["mps.jdcloud-api.com", "127.0.0.1:8080", "localhost:1"]),
    st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=30),
    st.sampled_from(["cn-north-1", "jdcloud-api"]),
)
def test_whatever_the_vendors_signer_signs_is_let_in(method: str, target: str, host: str, body: str, region: str) -> None:
    pytest.importorskip("jdcloud_sdk")
    headers = (("Content-Type", "application/json"), ("x-jdcloud-mine", "a  b"))
    request = Request(method, target, host, headers, body.encode())
    sent = replace(request, headers=tuple(vendor_signed(request, region).items()))
    assert verify(sent) is CREDENTIAL
    assert refusal(replace(sent, body=request.body + b"x")) == "signature-mismatch"


@given(targets(), st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=30))
def test_our_signer_gives_the_vendors_signature(target: str, body: str) -> None:
    pytest.importorskip("jdcloud_sdk")
    from jdcloud_sdk.core.credential import Credential as VendorCredential
    from jdcloud_sdk.core.logger import Logger
    from jdcloud_sdk.core.signer import Signer

    request = Request("POST", target, "mps.jdcloud-api.com", (("Content-Type", "application/json"),), body.encode())
    ours = jdcloud.sign(request, CREDENTIAL, NOW)

    pinned = type("Pinned", (Signer,), {"_Signer__now": lambda self: datetime.fromtimestamp(NOW, UTC)})
    headers = dict(request.headers)
    key = VendorCredential(CREDENTIAL.access_key, CREDENTIAL.secret_key)
    uri = f"https://{request.host}{request.target}"
    pinned(Logger(0)).sign("POST", "mps", "jdcloud-api", uri, headers, body, key, None)
    assert ours.header("authorization") == headers["Authorization"]
    assert set(headers) <= {name for name, _ in ours.headers}


# ---------------------------------------------------------------------- the computed values


def test_keys_are_numbered_with_the_format_of_the_contract_and_a_prefix_is_no_format() -> None:
    keys = jdcloud_values.thumbnail_keys(2, 1, "100%d-id-", "%04d", ".jpg")
    assert keys == ["100%d-id-0001.jpg", "100%d-id-0002.jpg"]


@pytest.mark.parametrize(
    ("shape", "result"),
    [
        ("flat", {"id": 1}),
        ("wrapped", {"name": {"id": 1}}),
        ("both", {"id": 1, "name": {"id": 1}}),
    ],
)
def test_a_result_is_laid_out_as_the_setting_says(shape: str, result: object) -> None:
    assert jdcloud_values.result_shape(shape, "name", {"id": 1}) == result


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ("2018-08-23T03:21:09.123Z", "2018-08-23T03:21:09.123Z"),
        ("2018-08-23T03:21:09Z", "2018-08-23T03:21:09.000Z"),
        ("2024-02-29T23:59:59Z", "2024-02-29T23:59:59.000Z"),
        ("2023-02-29T23:59:59Z", None),
        ("2018-08-23T24:00:00Z", None),
        ("2018-08-23T03:21:09.12Z", None),
        ("2018-08-23 03:21:09Z", None),
        ("\uff12018-08-23T03:21:09Z", None),
        ("", None),
        (None, None),
    ],
)
def test_a_time_is_read_with_milliseconds_and_without(given: str | None, told: str | None) -> None:
    assert jdcloud_lists.moment(given) == told


def query(*filters: tuple[str, str, tuple[str, ...]]) -> dict[str, Any]:
    found: dict[str, Any] = {"pageSize": "10"}
    for number, (name, operator, values) in enumerate(filters, 1):
        found |= {f"filters.{number}.name": name, f"filters.{number}.operator": operator}
        found |= {f"filters.{number}.values.{place}": value for place, value in enumerate(values, 1)}
    return found


KNOWN = {"title": {"eq": "text", "in": "text"}, "created": {"ge": "time"}, "state": {"in": ["a", "b"]}}


@pytest.mark.parametrize(
    "asked",
    [
        query(),
        query(("title", "eq", ("x",))),
        query(("title", "", ("x",))),
        query(("title", "in", ("x", "y")), ("title", "eq", ("x",))),
        query(("created", "ge", ("2018-08-23T03:21:09Z",)), ("state", "in", ("b", "a"))),
        {"filters": "x", "filter.1.name": "z", "filters1.name": "z"},
    ],
)
def test_a_filter_that_a_list_has_is_no_problem(asked: dict[str, Any]) -> None:
    assert jdcloud_lists.filter_problem(asked, KNOWN) is None


@pytest.mark.parametrize(
    "asked",
    [
        query(("other", "eq", ("x",))),
        query(("title", "ge", ("x",))),
        query(("title", "eq", ())),
        query(("title", "eq", ("x", "y"))),
        query(("title", "in", ())),
        query(("state", "in", ("a", "c"))),
        query(("created", "ge", ("now",))),
        query(("title", "eq", ("x",)), ("title", "", ("y",))),
        {"filters.3.operator": "eq"},
        {"filters.1.values.1": "x"},
        {"filters.0.name": "title", "filters.0.values.1": "x"},
        {**query(("title", "eq", ("x",))), "filters.1.values.0": "y"},
        {**query(("title", "eq", ("x",))), "filters.1.value": "y"},
        {"filters.x.name": "title"},
        {"filters.10000.name": "title"},
    ],
)
def test_a_filter_that_a_list_does_not_have_is_told(asked: dict[str, Any]) -> None:
    assert "filters." in (jdcloud_lists.filter_problem(asked, KNOWN) or "")


def test_the_values_of_a_filter_come_in_the_order_of_their_numbers() -> None:
    values = tuple(str(number) for number in range(12))
    asked = dict(reversed(query(("title", "eq", ("x",)), ("title", "in", values)).items()))
    assert jdcloud_lists.filter_values(asked, "title", "in") == list(values)
    assert jdcloud_lists.filter_values(asked, "state", "in") is None


@given(
    st.dictionaries(st.text(max_size=20) | st.from_regex(jdcloud_lists.FILTER, fullmatch=True), st.text(max_size=8), max_size=6)
)
def test_no_query_is_too_strange_to_be_judged(asked: dict[str, str]) -> None:
    problem = jdcloud_lists.filter_problem(asked, KNOWN)
    assert problem is None or problem.startswith("filters.")


@pytest.mark.parametrize(
    ("key", "title"), [("in/film.mp4", "film"), ("film.a.mp4", "film.a"), ("in/film", "film"), (".mp4", ".mp4"), ("a/", "")]
)
def test_a_title_is_the_objects_name_without_its_ending(key: str, title: str) -> None:
    assert jdcloud_values.title_of(key) == title


@pytest.mark.parametrize(
    ("path", "folder"),
    [
        (None, "mps/2020/04/15/film/"),
        ("", "mps/2020/04/15/film/"),
        ("at", "at/"),
        ("{TASKID}/{DAY}.{MONTH}.{YEAR}/{FILENAME}{OTHER}/", "id/15.04.2020/film{OTHER}/"),
    ],
)
def test_the_folder_of_pictures_has_its_placeholders_filled_in(path: str | None, folder: str) -> None:
    assert jdcloud_values.object_path(path, "in/film.mp4", "id", "2020-04-15T00:00:00.000Z") == folder


def test_the_gaps_of_the_decaying_strategy_last_about_a_day() -> None:
    gaps = jdcloud_values.doubling(1, 512, 176)
    assert (gaps[:10], gaps.count(512), len(gaps)) == ([1, 2, 4, 8, 16, 32, 64, 128, 256, 512], 167, 176)
    assert 0.99 < sum(gaps) / 86_400 < 1


@given(st.text(max_size=60) | st.from_regex(r'\{"hls[.]encrypt[.]key": .{0,20}\}', fullmatch=True))
def test_no_additional_properties_are_too_strange_to_be_judged(text: str) -> None:
    try:
        text.encode()
    except UnicodeEncodeError:
        return  # a body that holds a lone surrogate is refused before
    problem = jdcloud_values.additional_problem(text)
    assert problem is None or problem.startswith("additionalProperties ")
