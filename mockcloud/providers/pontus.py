"""How a Pontus client proves who it is: five headers, one of which is a SHA-1 over the others and the private key.

Knows the scheme and nothing else of the vendor: no operation, no limit (those are settings), no code, no wording.
Source: `interface-specification` in schemas/pontus/documents.json.
Law: header names in any case, values trimmed and otherwise verbatim. The checksum covers neither method, path
nor body, and not even the public key: nothing here may look at them.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import replace

from mockcloud.contracts.behaviours import Behaviours
from mockcloud.messages import Attempt, Credential, Json, Refusal, Request

PUBLIC_KEY = "apiPublicKey"
NONCE = "apiNonce"
CLIENT_CODE = "apiClientCode"
EXEC_TIME = "apiExecTime"
CHECKSUM = "apiCheckSum"
HEADERS = (PUBLIC_KEY, NONCE, CLIENT_CODE, EXEC_TIME, CHECKSUM)

LONGEST_TIME = 20
"""Digits of the longest time that is compared with the clock; more than that is stale whatever the clock says."""

behaviours = Behaviours(
    conditions={
        "header-missing",
        "nonce-too-long",
        "time-not-digits",
        "key-unknown",
        "client-code-mismatch",
        "checksum-mismatch",
        "time-stale",
    }
)


@behaviours.verifier
def verify(attempt: Attempt) -> Credential:
    """The credential of `apiPublicKey` when the client code is its own and the checksum is right."""
    sent = {name: _header(attempt.request, name) for name in HEADERS}
    _check_shape(sent, attempt.settings)
    credential = attempt.credentials.get(sent[PUBLIC_KEY])
    if credential is None:
        raise Refusal("key-unknown", name=PUBLIC_KEY)
    if not _same(sent[CLIENT_CODE], credential.client_code):
        raise Refusal("client-code-mismatch", name=CLIENT_CODE)
    wanted = checksum(credential.secret_key, sent[NONCE], sent[CLIENT_CODE], sent[EXEC_TIME])
    if not _same(sent[CHECKSUM].lower(), wanted):
        raise Refusal("checksum-mismatch", note=_recipe(sent), name=CHECKSUM)
    _check_age(sent[EXEC_TIME], attempt)
    return credential


@behaviours.signer
def sign(request: Request, credential: Credential, now: float) -> Request:
    """The request with its five headers; the nonce is made of the time, so that equal calls are equal bytes."""
    seconds = str(max(0, int(now)))
    nonce = str(max(0, int(now * 1000)))
    values = {
        PUBLIC_KEY: credential.access_key,
        NONCE: nonce,
        CLIENT_CODE: credential.client_code,
        EXEC_TIME: seconds,
        CHECKSUM: checksum(credential.secret_key, nonce, credential.client_code, seconds),
    }
    ours = {name.lower() for name in values}
    kept = tuple(pair for pair in request.headers if pair[0].lower() not in ours)
    return replace(request, headers=kept + tuple(values.items()))


def checksum(secret_key: str, nonce: str, client_code: str, exec_time: str) -> str:
    """The 40 lower-case hex digits of private key, nonce, client code and time, joined with nothing between."""
    return hashlib.sha1(_bytes(secret_key + nonce + client_code + exec_time), usedforsecurity=False).hexdigest()


def _header(request: Request, name: str) -> str:
    """A header's trimmed value; empty counts as missing."""
    value = (request.header(name.lower()) or "").strip()
    if not value:
        raise Refusal("header-missing", name=name)
    return value


def _check_shape(sent: Mapping[str, str], settings: Mapping[str, Json]) -> None:
    """A nonce within its length and a time of digits, however many: the guide's own sample has 17."""
    longest = settings.get("max_nonce_length")
    if longest and len(sent[NONCE]) > longest:
        raise Refusal("nonce-too-long", name=NONCE, limit=longest)
    if not (sent[EXEC_TIME].isascii() and sent[EXEC_TIME].isdigit()):
        raise Refusal("time-not-digits", name=EXEC_TIME)


def _check_age(exec_time: str, attempt: Attempt) -> None:
    """Nothing, unless the setting `max_skew_seconds` asks for fresh requests."""
    skew = attempt.settings.get("max_skew_seconds")
    if not skew:
        return
    if len(exec_time) > LONGEST_TIME or abs(int(exec_time) - attempt.now) > skew:
        note = f"the mock's clock stands at {attempt.now:.0f}, {EXEC_TIME} says {exec_time[:LONGEST_TIME]}"
        raise Refusal("time-stale", note=note, name=EXEC_TIME, limit=skew)


def _recipe(sent: Mapping[str, str]) -> str:
    """What a developer whose checksum is wrong should compare."""
    text = sent[NONCE] + sent[CLIENT_CODE] + sent[EXEC_TIME]
    return f"the text to hash is the private key and then {text!r}"


def _same(given: str, wanted: str) -> bool:
    return hmac.compare_digest(_bytes(given), _bytes(wanted))


def _bytes(text: str) -> bytes:
    # A header may hold what is no UTF-8; it must fail to verify, not to encode.
    return text.encode("utf-8", "surrogatepass")
