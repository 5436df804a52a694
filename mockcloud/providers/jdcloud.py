"""JD Cloud's request signatures, generations 2 and 3, and the two values that its views compute.

Knows the signing algorithm and nothing else of the vendor: operations, members, wording and states are data
under `schemas/jdcloud`. Law: whatever stands in a request, the outcome is a Credential or a Refusal, and a
Credential only when the whole signature recomputes.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from dataclasses import replace
from datetime import UTC, datetime
from functools import lru_cache
from typing import Final, NamedTuple
from urllib.parse import quote, unquote_plus
from uuid import UUID

from mockcloud.contracts.behaviours import Behaviours
from mockcloud.messages import Attempt, Credential, Json, Refusal, Request

behaviours = Behaviours(
    conditions={
        "authorization-missing",
        "credential-missing",
        "signed-headers-missing",
        "date-missing",
        "nonce-missing",
        "access-key-unknown",
        "signature-mismatch",
        "date-expired",
    }
)

SERVICE: Final = "mps"
NO_REGION: Final = "jdcloud-api"
"""What the Python client writes into the scope of an operation without a region."""

AUTHORIZATION: Final = re.compile(
    r"(JDCLOUD([23])-HMAC-SHA256)\s+"
    r"Credential=([^,\s/]+)/([^,\s/]+)/([^,\s/]+)/([^,\s/]+)/([^,\s/]+),\s*"
    r"SignedHeaders=([^,\s]+),\s*Signature=([^,\s]+)"
)
CREDENTIAL: Final = re.compile(r"Credential=[^,\s]")
SIGNED_HEADERS: Final = re.compile(r"SignedHeaders=[^,\s]")
STAMP: Final = re.compile(r"[0-9]{8}T[0-9]{6}Z")
PLAIN_PATH: Final = re.compile(r"(?:/[A-Za-z0-9._~-]+)+/?")
"""Paths that canonicalise to themselves. Each round starts at a slash, so the match stays linear."""

SLASHES: Final = re.compile("/+")
REGION: Final = re.compile(r"/regions/([A-Za-z0-9-]+)(?:/|$)")
MADE_BY_SIGNING: Final = frozenset(
    {
        "authorization",
        "x-jdcloud-date",
        "x-jdcloud-nonce",
        "x-jdcloud-content-sha256",
        "jdcloud2-hmac-sha256",
        "jdcloud3-hmac-sha256",
    }
)


class Claim(NamedTuple):
    """What an Authorization header says, in the order of its parts."""

    algorithm: str
    generation: str
    access_key: str
    day: str
    region: str
    service: str
    terminator: str
    signed: str
    signature: str

    @property
    def scope(self) -> str:
        return f"{self.day}/{self.region}/{self.service}/{self.terminator}"


@behaviours.verifier
def verify(attempt: Attempt) -> Credential:
    """Who signed this request. Refusals are the conditions above; `note` says more than the vendor would."""
    request = attempt.request
    claim = _claim(request.header("authorization"))
    stamp = request.header("x-jdcloud-date")
    if not stamp:
        raise Refusal("date-missing")
    if attempt.settings["strict_nonce"] and not request.header("x-jdcloud-nonce"):
        raise Refusal("nonce-missing")
    credential = attempt.credentials.get(claim.access_key)
    if credential is None:
        raise Refusal("access-key-unknown")
    _check_claim(claim, stamp)
    computed = _signature(request, claim, stamp, credential.secret_key)
    if not hmac.compare_digest(_bytes(claim.signature), computed.encode()):
        raise Refusal("signature-mismatch", note="the signature computed over this request is another")
    _check_age(stamp, attempt)
    return credential


@behaviours.signer
def sign(request: Request, credential: Credential, now: float) -> Request:
    """The request as the vendor's current Python client signs it: generation 3 over content type and host."""
    return _signed(request, credential, now, "3", {"content-type", "host"})


def sign_generation_2(request: Request, credential: Credential, now: float) -> Request:
    """The request as the Go and Java clients and older Python ones sign it: date and nonce are signed too."""
    return _signed(request, credential, now, "2", {"content-type", "host", "x-jdcloud-date", "x-jdcloud-nonce"})


@behaviours.value("thumbnail-keys")
def thumbnail_keys(count: int, first: int, before: str, number: str, after: str) -> list[str]:
    """`count` texts `before number after`, `number` being the format of a counter that starts at `first`."""
    # Only the contract's own text is a format: a client's prefix may hold a percent sign.
    return [f"{before}{number % (first + i)}{after}" for i in range(int(count))]


@behaviours.value("result-shape")
def result_shape(shape: str, name: str, result: Json) -> Json:
    """The result `flat`, or `wrapped` in a member of that name, or (any other shape) flat with the wrapped copy."""
    shapes = {"flat": result, "wrapped": {name: result}}
    return shapes.get(shape, {**result, name: result})


def _claim(header: str | None) -> Claim:
    if not header:
        raise Refusal("authorization-missing")
    found = AUTHORIZATION.fullmatch(header)
    if found is not None:
        return Claim._make(found.groups())
    if not CREDENTIAL.search(header):
        raise Refusal("credential-missing")
    if not SIGNED_HEADERS.search(header):
        raise Refusal("signed-headers-missing")
    raise Refusal("credential-missing", note="the Authorization header does not have the documented form")


def _check_claim(claim: Claim, stamp: str) -> None:
    flaw = _flaw(claim, stamp)
    if flaw:
        raise Refusal("signature-mismatch", note=flaw)


def _flaw(claim: Claim, stamp: str) -> str:
    """Why the signature cannot be right whatever it is; empty when it can."""
    if claim.terminator != f"jdcloud{claim.generation}_request":
        return f"the scope ends in {claim.terminator!r}, which is not of {claim.algorithm}"
    if claim.service != SERVICE:
        return f"the scope's service is {claim.service!r}, not {SERVICE!r}"
    if _instant(stamp) is None:
        return f"x-jdcloud-date is {stamp!r}, not of the form YYYYMMDDTHHMMSSZ"
    if claim.day != stamp[:8]:
        return f"the scope's date is {claim.day!r}, that of x-jdcloud-date is {stamp[:8]!r}"
    if "host" not in claim.signed.split(";"):
        return "host is not among the signed headers"
    return ""


def _check_age(stamp: str, attempt: Attempt) -> None:
    window = attempt.settings["signature_window_seconds"]
    instant = _instant(stamp)
    if window and instant is not None and abs(attempt.now - instant) > window:
        raise Refusal("date-expired", note=f"the mock's clock is {attempt.now - instant:+.0f} s from x-jdcloud-date")


@lru_cache(maxsize=256)
def _instant(stamp: str) -> float | None:
    """Seconds since the epoch, or None for what is no time."""
    if not STAMP.fullmatch(stamp):
        return None
    try:
        return datetime.strptime(stamp, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC).timestamp()
    except ValueError:
        return None


def _signature(request: Request, claim: Claim, stamp: str, secret: str) -> str:
    content = _canonical_request(request, claim.signed, claim.generation)
    digest = hashlib.sha256(_bytes(content)).hexdigest()
    text = f"{claim.algorithm}\n{stamp}\n{claim.scope}\n{digest}"
    keyed = _keyed(claim.generation, secret, claim.day, claim.region, claim.service, claim.terminator).copy()
    keyed.update(_bytes(text))
    return keyed.hexdigest()


@lru_cache(maxsize=256)
def _keyed(generation: str, secret: str, *scope: str) -> hmac.HMAC:
    """The HMAC of a day's key before any text. Callers copy it: the cached one is never fed."""
    key = _bytes(f"JDCLOUD{generation}{secret}")
    for part in scope:
        key = hmac.digest(key, _bytes(part), "sha256")
    return hmac.new(key, digestmod="sha256")


def _canonical_request(request: Request, signed: str, generation: str) -> str:
    path, _, query = request.target.partition("?")
    body = hashlib.sha256(request.body).hexdigest()
    headers = "".join(f"{name}:{_header(request, name, generation)}\n" for name in signed.split(";"))
    return f"{request.method}\n{_canonical_path(path)}\n{_canonical_query(query)}\n{headers}\n{signed}\n{body}"


def _header(request: Request, name: str, generation: str) -> str:
    value = request.host.strip() if name == "host" else request.header(name) or ""
    # Clients of generation 2 squeeze runs of spaces, those of generation 3 keep them.
    return " ".join(value.split()) if generation == "2" else value


def _canonical_path(path: str) -> str:
    if PLAIN_PATH.fullmatch(path):
        return path
    # Decoded before slashes are collapsed, as the vendor's signer does: an encoded slash counts too.
    decoded = SLASHES.sub("/", unquote_plus(path))
    return _encoded(decoded if decoded.startswith("/") else f"/{decoded}", "/~")


def _canonical_query(query: str) -> str:
    if not query:
        return ""
    split = (item.partition("=") for item in query.split("&"))
    # A parameter without a name is signed by nobody.
    pairs = sorted((_recoded(name), _recoded(value)) for name, _, value in split if name)
    return "&".join(f"{name}={value}" for name, value in pairs)


def _recoded(text: str) -> str:
    return _encoded(unquote_plus(text), "~")


def _encoded(text: str, safe: str) -> str:
    return quote(text, safe, errors="surrogatepass")


def _bytes(text: str) -> bytes:
    """UTF-8 of any text: a header that is not UTF-8 can arrive with lone surrogates."""
    return text.encode("utf-8", "surrogatepass")


def _signed(request: Request, credential: Credential, now: float, generation: str, wanted: set[str]) -> Request:
    stamp = datetime.fromtimestamp(now, UTC).strftime("%Y%m%dT%H%M%SZ")
    dressed = _dressed(request, stamp, f"JDCLOUD{generation}-HMAC-SHA256")
    present = {"host", *(name.lower() for name, _ in dressed.headers)}
    claim = Claim(
        algorithm=f"JDCLOUD{generation}-HMAC-SHA256",
        generation=generation,
        access_key=credential.access_key,
        day=stamp[:8],
        region=_region(request.path),
        service=SERVICE,
        terminator=f"jdcloud{generation}_request",
        signed=";".join(sorted(wanted & present)),
        signature="",
    )
    signature = _signature(dressed, claim, stamp, credential.secret_key)
    return replace(dressed, headers=(*dressed.headers, ("Authorization", _authorization(claim, signature))))


def _dressed(request: Request, stamp: str, algorithm: str) -> Request:
    """The request with the headers that a client adds before it signs, any former signature taken off."""
    digest = hashlib.sha256(request.body).digest()
    # Random for the vendor's clients; ours must be the same for the same request, time and seed.
    seed = hashlib.sha256(_bytes(f"{request.method}{request.target}{stamp}") + digest).digest()
    added = (
        ("x-jdcloud-date", stamp),
        ("x-jdcloud-content-sha256", digest.hex()),
        (algorithm, algorithm),
        ("x-jdcloud-nonce", str(UUID(bytes=seed[:16], version=4))),
    )
    kept = tuple(pair for pair in request.headers if pair[0].lower() not in MADE_BY_SIGNING)
    return replace(request, headers=(*kept, *added))


def _region(path: str) -> str:
    found = REGION.search(path)
    return found[1] if found else NO_REGION


def _authorization(claim: Claim, signature: str) -> str:
    credential = f"Credential={claim.access_key}/{claim.scope}"
    return f"{claim.algorithm} {credential}, SignedHeaders={claim.signed}, Signature={signature}"
