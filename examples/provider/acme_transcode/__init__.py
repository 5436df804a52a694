"""How a client of ACME Transcode signs: an HMAC-SHA256 of method, target, date and the body's digest, in three headers.

Knows the scheme and nothing else of the vendor: operations, limits, codes and wording are data, in the files beside this one.
"""

from __future__ import annotations

from dataclasses import replace
from hashlib import sha256
from hmac import compare_digest
from hmac import new as hmac
from pathlib import Path

from mockcloud.contracts.behaviours import Behaviours
from mockcloud.messages import Attempt, Credential, Refusal, Request

FOLDER = Path(__file__).parent
"""The contract. The entry point in pyproject.toml names it."""

HEADERS = ("X-Acme-Key", "X-Acme-Date", "X-Acme-Signature")

behaviours = Behaviours(conditions={"header-missing", "key-unknown", "signature-mismatch", "date-stale"})


@behaviours.verifier
def verify(attempt: Attempt) -> Credential:
    """The credential of `X-Acme-Key` when the signature is right and the date is near."""
    key, date, signature = (attempt.request.header(name.lower()) for name in HEADERS)
    if not (key and date and signature):
        missing = next(name for name in HEADERS if not attempt.request.header(name.lower()))
        raise Refusal("header-missing", name=missing)
    credential = attempt.credentials.get(key)
    if credential is None:
        raise Refusal("key-unknown")
    if not compare_digest(signature.encode(), signed(attempt.request, credential, date).encode()):
        raise Refusal("signature-mismatch")
    skew = attempt.settings["max_skew_seconds"]
    if not date.isdecimal() or abs(int(date[:20]) - attempt.now) > skew:
        raise Refusal("date-stale", limit=f"{skew:g}")
    return credential


@behaviours.signer
def sign(request: Request, credential: Credential, now: float) -> Request:
    """The request with its three headers, as ACME's clients send it."""
    date = str(int(now))
    values = (credential.access_key, date, signed(request, credential, date))
    kept = tuple(pair for pair in request.headers if pair[0] not in HEADERS)
    return replace(request, headers=kept + tuple(zip(HEADERS, values, strict=True)))


def signed(request: Request, credential: Credential, date: str) -> str:
    """The 64 hex digits of a request."""
    text = "\n".join((request.method, request.target, date, sha256(request.body).hexdigest()))
    return hmac(credential.secret_key.encode(), text.encode(), sha256).hexdigest()
