"""Pontus' checksum: what its formula gives verifies in any spelling HTTP allows, and nothing else does."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockcloud.contracts import folders
from mockcloud.contracts.loader import load
from mockcloud.messages import Attempt, Credential, Json, Refusal, Request
from mockcloud.providers.pontus import HEADERS, as_texts, checksum, microseconds, sign, verify

ROOT = Path(__file__).parent.parent
KEYS = Credential("client1xxxxxx", "pontus-private-key-0001", "client1")
OTHER = Credential("client2xxxxxx", "pontus-private-key-0002", "client2")
VECTOR_1 = {
    "apiPublicKey": "client1xxxxxx",
    "apiNonce": "938219048",
    "apiClientCode": "client1",
    "apiExecTime": "1432038519",
    "apiCheckSum": "eca818d51659669db7a7a28252ea7fd6bcc4ebfe",
}
VECTOR_2 = {
    **VECTOR_1,
    "apiExecTime": "17893213213213213",
    "apiCheckSum": "59393a60ae1a373a2773b8c6b40390e38ca63667",
}
CONTRACT = {"max_nonce_length": 64, "max_skew_seconds": 0}
FILES = sorted((ROOT / "fixtures" / "pontus" / "vectors").glob("*.json"))


def request(headers: dict[str, str]) -> Request:
    return Request("GET", "/api/v0/task/transcoding/3125", "media.pontus.com", tuple(headers.items()))


def attempt(sent: Request, now: float = 1432038519.0, **settings: Json) -> Attempt:
    known = {each.access_key: each for each in (KEYS, OTHER)}
    return Attempt(sent, {}, known, now, {**CONTRACT, **settings})


def refused(headers: dict[str, str], now: float = 1432038519.0, **settings: Json) -> Refusal:
    with pytest.raises(Refusal) as refusal:
        verify(attempt(request(headers), now, **settings))
    return refusal.value


def resealed(**changed: str) -> dict[str, str]:
    """Vector 1 with other values and the checksum that they give."""
    headers = {**VECTOR_1, **changed}
    proof = checksum(KEYS.secret_key, headers["apiNonce"], headers["apiClientCode"], headers["apiExecTime"])
    return {**headers, "apiCheckSum": proof}


# vectors


def test_vector_1_over_1432038519_verifies_with_eca818d5() -> None:
    assert verify(attempt(request(VECTOR_1))) == KEYS


def test_vector_2_over_the_samples_time_of_17_digits_verifies_with_59393a60() -> None:
    assert verify(attempt(request(VECTOR_2))) == KEYS


def test_the_checksum_is_sha1_of_key_nonce_code_and_time_in_that_order() -> None:
    text = "pontus-private-key-0001" + "938219048" + "client1" + "1432038519"
    assert (
        checksum("pontus-private-key-0001", "938219048", "client1", "1432038519")
        == hashlib.sha1(text.encode(), usedforsecurity=False).hexdigest()
    )


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_vector_among_the_fixtures_verifies(path: Path) -> None:
    case = json.loads(path.read_text(encoding="utf-8"))
    headers = dict(map(tuple, case["request"]["headers"]))
    assert verify(attempt(request(headers))) == Credential(**case["credential"])


# tolerance


@pytest.mark.parametrize("spell", [str.lower, str.upper, str.capitalize, str.swapcase])
def test_header_names_are_told_in_any_case(spell: Callable[[str], str]) -> None:
    assert verify(attempt(request({spell(name): value for name, value in VECTOR_1.items()}))) == KEYS


@pytest.mark.parametrize("around", ["{}  ", "  {}", "\t{}\t"])
def test_blanks_around_a_value_do_not_count(around: str) -> None:
    assert verify(attempt(request({name: around.format(value) for name, value in VECTOR_1.items()}))) == KEYS


def test_hexadecimal_digits_count_in_either_case() -> None:
    assert verify(attempt(request({**VECTOR_1, "apiCheckSum": VECTOR_1["apiCheckSum"].upper()}))) == KEYS


@pytest.mark.parametrize("method", ["GET", "POST", "DELETE"])
def test_method_path_and_body_are_not_covered(method: str) -> None:
    sent = Request(method, "/anything?at=all", "elsewhere", tuple(VECTOR_1.items()), b"whatever")
    assert verify(attempt(sent)) == KEYS


def test_a_time_with_leading_zeros_is_covered_as_written() -> None:
    assert verify(attempt(request(resealed(apiExecTime="0001432038519")))) == KEYS
    assert refused({**VECTOR_1, "apiExecTime": "01432038519"}).reason == "checksum-mismatch"


def test_a_client_code_in_another_script_is_compared_too() -> None:
    ours = Credential("client1xxxxxx", KEYS.secret_key, "客户")
    sent = request(
        {**VECTOR_1, "apiClientCode": "客户", "apiCheckSum": checksum(KEYS.secret_key, "938219048", "客户", "1432038519")}
    )
    assert verify(Attempt(sent, {}, {ours.access_key: ours}, 1432038519.0, CONTRACT)) is ours
    assert refused(resealed(apiClientCode="客户")).reason == "client-code-mismatch"


def test_a_checksum_that_is_not_ascii_is_checksum_mismatch() -> None:
    assert refused({**VECTOR_1, "apiCheckSum": "é" * 40}).reason == "checksum-mismatch"


# refusals


@pytest.mark.parametrize("name", HEADERS)
@pytest.mark.parametrize("value", [None, "", "   "])
def test_each_of_the_five_headers_is_header_missing_when_absent_or_empty(name: str, value: str | None) -> None:
    headers = {key: each for key, each in VECTOR_1.items() if key != name}
    refusal = refused(headers if value is None else {**headers, name: value})
    assert (refusal.reason, refusal.fields["name"]) == ("header-missing", name)


def test_a_public_key_of_nobody_is_key_unknown() -> None:
    assert refused({**VECTOR_1, "apiPublicKey": "nobody"}).reason == "key-unknown"


def test_the_client_code_of_another_key_is_client_code_mismatch_even_with_its_checksum() -> None:
    assert refused(resealed(apiClientCode="client2")).reason == "client-code-mismatch"


def test_the_public_key_of_another_client_is_refused_although_the_checksum_does_not_cover_it() -> None:
    assert refused({**VECTOR_1, "apiPublicKey": OTHER.access_key}).reason == "client-code-mismatch"


def test_the_examples_checksum_431439240324324_is_checksum_mismatch() -> None:
    assert refused({**VECTOR_2, "apiCheckSum": "431439240324324"}).reason == "checksum-mismatch"


def test_a_wrong_checksum_is_noted_with_the_text_to_hash_and_never_with_the_private_key() -> None:
    note = refused({**VECTOR_1, "apiCheckSum": "0" * 40}).note
    assert note == "the text to hash is the private key and then '938219048client11432038519'"


def test_a_repeated_header_is_no_way_in() -> None:
    sent = Request("GET", "/", "media.pontus.com", (*VECTOR_1.items(), ("apiNonce", "1")))
    with pytest.raises(Refusal, match="checksum-mismatch"):
        verify(attempt(sent))


@pytest.mark.parametrize(
    ("name", "place"),
    [(name, place) for name in ("apiNonce", "apiExecTime", "apiCheckSum") for place in range(len(VECTOR_1[name]))],
)
def test_one_changed_digit_of_nonce_time_or_checksum_is_checksum_mismatch(name: str, place: int) -> None:
    value = VECTOR_1[name]
    other = "7" if value[place] != "7" else "8"
    assert refused({**VECTOR_1, name: value[:place] + other + value[place + 1 :]}).reason == "checksum-mismatch"


def test_a_nonce_of_64_characters_passes_and_one_of_65_is_nonce_too_long() -> None:
    assert verify(attempt(request(resealed(apiNonce="1" * 64)))) == KEYS
    refusal = refused(resealed(apiNonce="1" * 65))
    assert (refusal.reason, refusal.fields["limit"]) == ("nonce-too-long", 64)


@pytest.mark.parametrize("value", ["2015-05-19T12:28:39Z", "-1432038519", "1432038519.5", "1e9", "١٢٣", "²"])
def test_a_time_that_is_not_digits_is_time_not_digits(value: str) -> None:
    assert refused(resealed(apiExecTime=value)).reason == "time-not-digits"


@given(st.fixed_dictionaries({name: st.text(max_size=20) for name in HEADERS}))
def test_no_header_value_whatever_it_holds_gets_in_or_crashes(headers: dict[str, str]) -> None:
    assert refused(headers).reason in {"header-missing", "key-unknown", "time-not-digits"}


# freshness


@pytest.mark.parametrize("skew", [0, None])
def test_no_time_is_stale_by_default(skew: Json) -> None:
    assert verify(attempt(request(VECTOR_1), now=4e9, max_skew_seconds=skew)) == KEYS


@pytest.mark.parametrize("away", [-300, 0, 300])
def test_with_a_skew_of_300_a_time_300_seconds_away_passes(away: int) -> None:
    assert verify(attempt(request(VECTOR_1), now=1432038519.0 + away, max_skew_seconds=300)) == KEYS


@pytest.mark.parametrize("away", [-301, 301])
def test_with_a_skew_of_300_a_time_301_seconds_away_is_time_stale(away: int) -> None:
    assert refused(VECTOR_1, now=1432038519.0 + away, max_skew_seconds=300).reason == "time-stale"


def test_with_a_skew_the_samples_time_of_17_digits_and_one_of_5000_are_time_stale() -> None:
    assert refused(VECTOR_2, max_skew_seconds=300).reason == "time-stale"
    assert refused(resealed(apiExecTime="1" * 5000), max_skew_seconds=300).reason == "time-stale"


def test_staleness_is_told_only_to_those_whose_checksum_is_right() -> None:
    assert refused({**VECTOR_1, "apiCheckSum": "0" * 40}, now=4e9, max_skew_seconds=300).reason == "checksum-mismatch"


# the signer


@given(st.floats(min_value=0, max_value=4e9))
def test_what_we_sign_verifies_at_any_time_and_is_fresh_within_1_second(now: float) -> None:
    assert verify(attempt(sign(request({}), KEYS, now), now, max_skew_seconds=1)) == KEYS


def test_the_same_request_at_the_same_time_is_the_same_bytes_and_a_second_later_it_is_not() -> None:
    assert sign(request({}), KEYS, 1432038519.0) == sign(request({}), KEYS, 1432038519.0)
    assert sign(request({}), KEYS, 1432038519.0) != sign(request({}), KEYS, 1432038520.0)


def test_signing_replaces_headers_in_any_spelling_and_keeps_the_others() -> None:
    sent = request({"apichecksum": "old", "Accept": "*/*", "APINONCE": "1"})
    signed = sign(sent, KEYS, 1432038519.0)
    assert [name for name, _ in signed.headers] == ["Accept", *HEADERS]
    assert verify(attempt(signed)) == KEYS


def test_our_nonce_is_digits_and_at_most_64_of_them() -> None:
    nonce = sign(request({}), KEYS, 1432038519.25).header("apinonce") or ""
    assert nonce.isdigit()
    assert len(nonce) <= 64


# the seed's own answers


def answers(name: str) -> Json:
    from jsonschema import Draft202012Validator

    schema = json.loads((ROOT / f"schemas/pontus/responses/{name}.schema.json").read_text(encoding="utf-8"))
    return Draft202012Validator(schema)


def test_the_seeds_example_answers_are_valid_once_the_missing_comma_is_there() -> None:
    assert answers("createTranscodingTask").is_valid({"task_id": "3125"})
    failed = {
        "task_id": "3125",
        "source": {"source_url": "rtmp://192.168.1.201/live/sample_1in2out"},
        "profile_name": "video_mp4_1280x720_1728kbps",
        "targets": [{"target_url": "rtmp://192.168.1.201/live/sample_out0"}],
        "task_status": "FAILED",
        "create_time": "2015-05-19T12:28:39Z",
        "start_time": "2015-05-19T12:28:41Z",
        "end_time": "2015-05-19T12:28:44Z",
        "error": {"code": "ParameterError", "message": "Parameter error"},
    }
    judge = answers("getTranscodingTask")
    assert judge.is_valid(failed)
    assert not judge.is_valid({**failed, "task_status": "TaskFail"})
    assert not judge.is_valid({**failed, "task_status": "SUCCESS"})
    assert not judge.is_valid({name: value for name, value in failed.items() if name != "error"})


# the ancestor's finer causes


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"apiNonce": ""}, "header-missing"),
        ({"apiPublicKey": "nobody"}, "key-unknown"),
        ({"apiClientCode": "client2"}, "client-code-mismatch"),
        ({"apiCheckSum": "0" * 40}, "checksum-mismatch"),
    ],
)
def test_each_cause_is_a_condition_of_its_own_where_the_ancestors_codes_are_wanted(changed: dict[str, str], reason: str) -> None:
    plain, finer = refused({**VECTOR_1, **changed}), refused({**VECTOR_1, **changed}, auth_codes="ancestor")
    assert (plain.reason, finer.reason) == (reason, f"ancestor-{reason}")
    assert (finer.note, finer.fields) == (plain.note, plain.fields)


def test_a_malformed_header_is_no_stranger_whatever_codes_are_wanted() -> None:
    assert refused(resealed(apiExecTime="soon"), auth_codes="ancestor").reason == "time-not-digits"
    assert refused(resealed(apiNonce="1" * 65), auth_codes="ancestor").reason == "nonce-too-long"


# profiles as they are answered

LEAST = {"container": "mp4", "bitrate": 1, "audio_bitrate": 1}
MEMBERS = load(folders.known()["pontus"]).catalog["quality_member"]


def test_a_quality_is_answered_with_every_member_as_text_in_one_order() -> None:
    (found,) = as_texts([LEAST], MEMBERS)
    assert list(found) == [member["id"] for member in MEMBERS]
    assert all(isinstance(value, str) and value for value in found.values())
    assert as_texts([], MEMBERS) == []


@pytest.mark.parametrize(
    ("sent", "name", "answered"),
    [
        ({"bitrate": 1728000}, "bitrate", "1728000"),
        ({"bitrate": 1.5}, "bitrate", "1.5"),
        ({"framerate": "30/1"}, "framerate", "30"),
        ({"framerate": "24000/1001"}, "framerate", "24000/1001"),
        ({"width": None}, "width", "0"),
        ({"b_frame_size": 0}, "b_frame_num", "0"),
        ({"b_frame_size": None, "b_frame_num": "3"}, "b_frame_num", "3"),
        ({"channels": 2, "audio_channels": 6}, "audio_channels", "2"),
        ({"template": "9"}, "template", "4"),
    ],
)
def test_a_member_of_a_quality_is_answered_as_the_page_shows_it(sent: dict[str, Json], name: str, answered: str) -> None:
    (found,) = as_texts([{**LEAST, **sent}], MEMBERS)
    assert found[name] == answered


def test_a_profiles_time_has_microseconds_in_utc() -> None:
    assert microseconds(1474596059.258702) == "2016-09-23T02:00:59.258702Z"
    assert microseconds(0) == "1970-01-01T00:00:00.000000Z"
