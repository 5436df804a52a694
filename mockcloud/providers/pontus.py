"""How a Pontus client proves who it is: five headers, one of which is a SHA-1 over the others and the private key.

Knows the scheme, and how numbers are answered as texts; no operation, member, limit (those are settings), code or wording.
Source: `interface-specification` and `profile-api` in schemas/pontus/documents.json.
Law: header names in any case, values trimmed and otherwise verbatim. The checksum covers neither method, path
nor body, and not even the public key: nothing here may look at them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from hashlib import sha1
from hmac import compare_digest

from mockcloud.contracts.behaviours import Behaviours
from mockcloud.messages import Attempt, Credential, Json, Refusal, Request

PUBLIC_KEY = "apiPublicKey"
NONCE = "apiNonce"
CLIENT_CODE = "apiClientCode"
EXEC_TIME = "apiExecTime"
CHECKSUM = "apiCheckSum"
HEADERS = (PUBLIC_KEY, NONCE, CLIENT_CODE, EXEC_TIME, CHECKSUM)
_PUBLIC_KEY, _NONCE, _CLIENT_CODE, _EXEC_TIME, _CHECKSUM = (name.lower() for name in HEADERS)

LONGEST_TIME = 20
"""Digits of the longest time that is compared with the clock; more than that is stale whatever the clock says."""

_SHA1 = sha1(usedforsecurity=False)
"""Copied, never fed: a new one that is not for security is looked up among OpenSSL's, which costs more than hashing."""

CAUSES = ("header-missing", "key-unknown", "client-code-mismatch", "checksum-mismatch", "time-stale")
"""Why a stranger is refused; with the finer codes of the ancestor each is another condition."""

behaviours = Behaviours(
    conditions={"nonce-too-long", "time-not-digits", "nonce-reused", *CAUSES, *(f"ancestor-{cause}" for cause in CAUSES)}
)


@behaviours.verifier
def verify(attempt: Attempt) -> Credential:
    """The credential of `apiPublicKey` when the client code is its own and the checksum is right."""
    try:
        return _verified(attempt)
    except Refusal as refused:
        if refused.reason not in CAUSES or attempt.settings.get("auth_codes") != "ancestor":
            raise
        raise Refusal(f"ancestor-{refused.reason}", note=refused.note, **refused.fields) from None


def _verified(attempt: Attempt) -> Credential:
    header, settings = attempt.request.header, attempt.settings
    key, nonce, code, time = header(_PUBLIC_KEY), header(_NONCE), header(_CLIENT_CODE), header(_EXEC_TIME)
    sealed = header(_CHECKSUM)
    if not (key and nonce and code and time and sealed):
        raise Refusal("header-missing", name=next(name for name in HEADERS if not header(name.lower())))
    longest = settings.get("max_nonce_length")
    if longest and len(nonce) > longest:
        raise Refusal("nonce-too-long", name=NONCE, limit=longest)
    # However many digits: the guide's own sample has 17.
    if not (time.isascii() and time.isdigit()):
        raise Refusal("time-not-digits", name=EXEC_TIME)
    credential = attempt.credentials.get(key)
    if credential is None:
        raise Refusal("key-unknown", name=PUBLIC_KEY)
    if not _same(code, credential.client_code):
        raise Refusal("client-code-mismatch", name=CLIENT_CODE)
    if not _same(sealed.lower(), checksum(credential.secret_key, nonce, code, time)):
        # What a developer whose checksum is wrong should compare.
        note = f"the text to hash is the private key and then {nonce + code + time!r}"
        raise Refusal("checksum-mismatch", note=note, name=CHECKSUM)
    if settings.get("max_skew_seconds"):
        _check_age(time, attempt.now, settings["max_skew_seconds"])
    if settings.get("reject_reused_nonce") and not attempt.is_new(f"{key} {nonce}"):
        raise Refusal("nonce-reused", note=f"the nonce {nonce!r} came before", name=NONCE)
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
    made = _SHA1.copy()
    made.update(_bytes(secret_key + nonce + client_code + exec_time))
    return made.hexdigest()


@behaviours.value("as-texts")
def as_texts(sent: list[dict[str, Json]], members: list[dict[str, str]]) -> list[dict[str, str]]:
    """Objects as they are answered: every member that the contract lists, in its order, as a text, nothing left out.

    A member has its `id`; what it is `always`, or `absent`; how requests spell it beside that (`sent_as`); an ending to `cut`.
    """
    return [{member["id"]: _answered(one, member) for member in members} for one in sent]


@behaviours.value("as-list")
def as_list(found: Json) -> list[Json]:
    """A list, or what stands in the place of one as its only element."""
    return found if isinstance(found, list) else [found]


@behaviours.value("microseconds")
def microseconds(seconds: Json) -> Json:
    """A time as profiles have it: UTC with six digits behind the second."""
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def _answered(sent: Mapping[str, Json], member: Mapping[str, str]) -> str:
    if "always" in member:
        return member["always"]
    spellings = (member.get("sent_as", member["id"]), member["id"])
    value = next((sent[name] for name in spellings if sent.get(name) is not None), member.get("absent", ""))
    return str(value).removesuffix(member.get("cut", ""))


def _check_age(exec_time: str, now: float, skew: float) -> None:
    if len(exec_time) > LONGEST_TIME or abs(int(exec_time) - now) > skew:
        note = f"the mock's clock stands at {now:.0f}, {EXEC_TIME} says {exec_time[:LONGEST_TIME]}"
        raise Refusal("time-stale", note=note, name=EXEC_TIME, limit=skew)


def _same(given: str, wanted: str) -> bool:
    if given.isascii() and wanted.isascii():
        return compare_digest(given, wanted)
    return compare_digest(_bytes(given), _bytes(wanted))


def _bytes(text: str) -> bytes:
    # A header may hold what is no UTF-8; it must fail to verify, not to encode.
    return text.encode("utf-8", "surrogatepass")
