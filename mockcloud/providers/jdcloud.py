"""JD Cloud's request signatures, generations 2 and 3.

Knows the signing algorithm and nothing else of the vendor: operations, members, wording and states are data
under `schemas/jdcloud`, and what views compute stands in `jdcloud_values`. Law: whatever stands in a request, the
outcome is a Credential or a Refusal, and a Credential only when the whole signature recomputes.
"""

from __future__ import annotations

import hmac
import re
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import lru_cache
from hashlib import sha256
from typing import TYPE_CHECKING, Final
from urllib.parse import quote, unquote_plus
from uuid import UUID

from mockcloud.contracts.behaviours import Behaviours
from mockcloud.messages import Attempt, Credential, Refusal, Request, quoted
from mockcloud.providers.jdcloud_values import VALUES

if TYPE_CHECKING:
    from hashlib import _Hash

behaviours = Behaviours(
    conditions={
        "authorization-missing",
        "credential-missing",
        "signed-headers-missing",
        "date-missing",
        "nonce-missing",
        "nonce-reused",
        "access-key-unknown",
        "signature-mismatch",
        "date-expired",
    }
)

for _name, _function in VALUES.items():
    behaviours.value(_name)(_function)

SERVICE: Final = "mps"
NO_REGION: Final = "jdcloud-api"
"""What the Python client writes into the scope of an operation without a region."""

CLAIM: Final = re.compile(
    r"(JDCLOUD([23])-HMAC-SHA256)\s+"
    r"Credential=([^,\s/]+)/([^,\s/]+)/([^,\s/]+)/([^,\s/]+)/([^,\s/]+),\s*"
    r"SignedHeaders=([^,\s]+)"
)
AUTHORIZATION: Final = re.compile(rf"({CLAIM.pattern}),\s*Signature=([^,\s]+)")
CREDENTIAL: Final = re.compile(r"Credential=[^,\s]")
SIGNED_HEADERS: Final = re.compile(r"SignedHeaders=[^,\s]")
STAMP: Final = re.compile(r"[0-9]{8}T(?:[01][0-9]|2[0-3])[0-9]{4}Z")

SHORT: Final = 512
"""Characters of the longest text that is remembered: what a stranger makes up must not fill the memory."""

PLAIN: Final = b"/-._~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
"""What a path may hold to canonicalise to itself, when it starts with a slash and has no two in a row."""

SLASHES: Final = re.compile("/+")
EMPTY_BODY: Final = sha256(b"").hexdigest()
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


@dataclass(frozen=True, slots=True, eq=False)
class Claim:
    """What an Authorization header says before its signature: the same for a day of a client's requests.

    `names` are the signed headers, `flaw` is why no signature of this scope can be right, empty when one can.
    """

    algorithm: str
    generation: str
    access_key: str
    day: str
    scope: str
    signed: str
    names: tuple[str, ...]
    flaw: str


@behaviours.verifier
def verify(attempt: Attempt) -> Credential:
    """Who signed this request. Refusals are the conditions above; `note` says more than the vendor would."""
    request, _, credentials, now, settings, is_new = attempt
    claim, signature = _claim(request.header("authorization"))
    stamp = request.header("x-jdcloud-date")
    if not stamp:
        raise Refusal("date-missing")
    if settings["strict_nonce"] and not request.header("x-jdcloud-nonce"):
        raise Refusal("nonce-missing")
    credential = credentials.get(claim.access_key)
    if credential is None:
        raise Refusal("access-key-unknown")
    instant = _instant(stamp) if len(stamp) <= SHORT else None
    if claim.flaw or instant is None or claim.day != stamp[:8] or "host" not in claim.names:
        raise Refusal("signature-mismatch", note=claim.flaw or _flaw(claim, stamp, instant))
    if not (signature.isascii() and hmac.compare_digest(signature, _signature(request, claim, stamp, credential.secret_key))):
        # What a developer whose signature is wrong should compare.
        wanted = quoted(_canonical_request(request, claim))
        raise Refusal("signature-mismatch", note=f"the canonical request is '{wanted}'")
    window = settings["signature_window_seconds"]
    if window and abs(now - instant) > window:
        raise Refusal("date-expired", note=f"the mock's clock is {now - instant:+.0f} s from x-jdcloud-date")
    nonce = request.header("x-jdcloud-nonce") if settings.get("reject_reused_nonce") else None
    if nonce and not is_new(f"{claim.access_key} {nonce}"):
        raise Refusal("nonce-reused", note=f"the nonce {nonce!r} came before")
    return credential


@behaviours.signer
def sign(request: Request, credential: Credential, now: float) -> Request:
    """The request as the vendor's current Python client signs it: generation 3 over content type and host."""
    return _signed(request, credential, now, "3", {"content-type", "host"})


def sign_generation_2(request: Request, credential: Credential, now: float) -> Request:
    """The request as the Go and Java clients and older Python ones sign it: date and nonce are signed too."""
    return _signed(request, credential, now, "2", {"content-type", "host", "x-jdcloud-date", "x-jdcloud-nonce"})


def _claim(header: str | None) -> tuple[Claim, str]:
    """The claim and the signature of a header. Raises Refusal."""
    if not header:
        raise Refusal("authorization-missing")
    start, _, signature = header.rpartition(", Signature=")
    claim = _remembered(start) if 0 < len(start) <= SHORT else None
    # What is neither space nor comma is a signature; the commonest ones are told at once.
    if claim is not None and signature.isalnum():
        return claim, signature
    found = AUTHORIZATION.fullmatch(header)
    if found is not None:
        return _claimed(*found.groups()[1:-1]), found[found.re.groups]
    if not CREDENTIAL.search(header):
        raise Refusal("credential-missing")
    if not SIGNED_HEADERS.search(header):
        raise Refusal("signed-headers-missing")
    raise Refusal("credential-missing", note="the Authorization header does not have the documented form")


@lru_cache(maxsize=256)
def _remembered(text: str) -> Claim | None:
    """The claim of a header's start, None when it has another form."""
    found = CLAIM.fullmatch(text)
    return None if found is None else _claimed(*found.groups())


def _claimed(
    algorithm: str, generation: str, access_key: str, day: str, region: str, service: str, terminator: str, signed: str
) -> Claim:
    """A claim of its parts, in their order."""
    flaw = ""
    if terminator != f"jdcloud{generation}_request":
        flaw = f"the scope ends in {terminator!r}, which is not of {algorithm}"
    elif service != SERVICE:
        flaw = f"the scope's service is {service!r}, not {SERVICE!r}"
    scope = f"{day}/{region}/{service}/{terminator}"
    return Claim(algorithm, generation, access_key, day, scope, signed, tuple(signed.split(";")), flaw)


def _flaw(claim: Claim, stamp: str, instant: float | None) -> str:
    """Why no signature over this date, or without the host, can be right."""
    if instant is None:
        return f"x-jdcloud-date is {stamp!r}, not of the form YYYYMMDDTHHMMSSZ"
    if claim.day != stamp[:8]:
        return f"the scope's date is {claim.day!r}, that of x-jdcloud-date is {stamp[:8]!r}"
    return "host is not among the signed headers"


@lru_cache(maxsize=256)
def _instant(stamp: str) -> float | None:
    """Seconds since the epoch, or None for what is no time."""
    if not STAMP.fullmatch(stamp):
        return None
    try:
        return datetime.fromisoformat(stamp).timestamp()
    except ValueError:
        return None


def _signature(request: Request, claim: Claim, stamp: str, secret: str) -> str:
    content = _canonical_request(request, claim)
    text = f"{claim.algorithm}\n{stamp}\n{claim.scope}\n{sha256(_bytes(content)).hexdigest()}"
    keyed = _keyed if len(claim.scope) <= SHORT else _keyed.__wrapped__
    inner, outer = keyed(claim.generation, secret, claim.scope)
    inner, outer = inner.copy(), outer.copy()
    inner.update(_bytes(text))
    outer.update(inner.digest())
    return outer.hexdigest()


@lru_cache(maxsize=256)
def _keyed(generation: str, secret: str, scope: str) -> tuple[_Hash, _Hash]:
    """The two hashes of HMAC (RFC 2104) after a day's key, before any text. Callers copy them: these are never fed.

    `hmac.HMAC` does the same, but its copies take as long as all the rest of a signature.
    """
    key = _bytes(f"JDCLOUD{generation}{secret}")
    for part in scope.split("/"):
        key = hmac.digest(key, _bytes(part), "sha256")
    block = key.ljust(64, b"\0")
    return sha256(bytes(byte ^ 0x36 for byte in block)), sha256(bytes(byte ^ 0x5C for byte in block))


def _canonical_request(request: Request, claim: Claim) -> str:
    path, _, query = request.target.partition("?")
    body = sha256(request.body).hexdigest() if request.body else EMPTY_BODY
    headers = ""
    for name in claim.names:
        value = request.host.strip() if name == "host" else request.header(name) or ""
        # Clients of generation 2 squeeze runs of spaces, those of generation 3 keep them.
        headers += f"{name}:{' '.join(value.split()) if claim.generation == '2' else value}\n"
    if query:
        query = _canonical_query(query)
    return f"{request.method}\n{_canonical_path(path)}\n{query}\n{headers}\n{claim.signed}\n{body}"


def _canonical_path(path: str) -> str:
    if path.isascii() and path[:1] == "/" and "//" not in path and not path.encode().translate(None, PLAIN):
        return path
    # Decoded before slashes are collapsed, as the vendor's signer does: an encoded slash counts too.
    decoded = SLASHES.sub("/", unquote_plus(path))
    return _encoded(decoded if decoded.startswith("/") else f"/{decoded}", "/~")


def _canonical_query(query: str) -> str:
    split = (item.partition("=") for item in query.split("&"))
    # A parameter without a name is signed by nobody.
    pairs = sorted((_recoded(name), _recoded(value)) for name, _, value in split if name)
    return "&".join(f"{name}={value}" for name, value in pairs)


def _recoded(text: str) -> str:
    return text if text.isalnum() and text.isascii() else _encoded(unquote_plus(text), "~")


def _encoded(text: str, safe: str) -> str:
    return quote(text, safe, errors="surrogatepass")


def _bytes(text: str) -> bytes:
    """UTF-8 of any text: a header that is not UTF-8 can arrive with lone surrogates."""
    return text.encode("utf-8", "surrogatepass")


def _signed(request: Request, credential: Credential, now: float, generation: str, wanted: set[str]) -> Request:
    stamp = datetime.fromtimestamp(now, UTC).strftime("%Y%m%dT%H%M%SZ")
    algorithm = f"JDCLOUD{generation}-HMAC-SHA256"
    dressed = _dressed(request, stamp, algorithm)
    present = {"host", *(name.lower() for name, _ in dressed.headers)}
    signed = ";".join(sorted(wanted & present))
    region, end = _region(request.path), f"jdcloud{generation}_request"
    claim = _claimed(algorithm, generation, credential.access_key, stamp[:8], region, SERVICE, end, signed)
    signature = _signature(dressed, claim, stamp, credential.secret_key)
    return replace(dressed, headers=(*dressed.headers, ("Authorization", _authorization(claim, signature))))


def _dressed(request: Request, stamp: str, algorithm: str) -> Request:
    """The request with the headers that a client adds before it signs, any former signature taken off."""
    digest = sha256(request.body).digest()
    # Random for the vendor's clients; ours must be the same for the same request, time and seed.
    seed = sha256(_bytes(f"{request.method}{request.target}{stamp}") + digest).digest()
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
