"""Tencent CI's signature (`q-sign-algorithm=sha1`).

Knows how an Authorization header of COS and CI is read, rebuilt and written, and nothing of jobs; what views compute
stands in `tencent_ci_values`. Law: whatever a client sends ends in a Credential or in a Refusal, never in another
exception; a signature is rebuilt from the lists in its own header, and what those leave out is not asked for, because
the vendor's SDKs leave things out.
"""

from __future__ import annotations

import hmac
import re
from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache
from hashlib import sha1
from hmac import compare_digest
from typing import TYPE_CHECKING
from urllib.parse import quote, unquote, unquote_plus

from mockcloud.contracts.behaviours import Behaviours
from mockcloud.messages import Attempt, Credential, Refusal, Request, quoted
from mockcloud.providers.tencent_ci_values import VALUES

if TYPE_CHECKING:
    from hashlib import _Hash

MISMATCHES = {
    "SignatureDoesNotMatch": "signature-mismatch",
    "InvalidAuthorization": "signature-mismatch-as-invalid-authorization",
    "AccessDenied": "signature-mismatch-as-access-denied",
}
"""What a wrong signature raises, by the setting `signature_mismatch_code`: the vendor documents no code for it."""

behaviours = Behaviours(
    conditions={
        "authorization-missing",
        "authorization-malformed",
        "key-unknown",
        "signature-expired",
        *MISMATCHES.values(),
    }
)

for _name, _function in VALUES.items():
    behaviours.value(_name)(_function)

FORMS = {
    "q-sign-algorithm": "sha1",
    "q-ak": ".+",
    "q-sign-time": "[0-9]{1,12};[0-9]{1,12}",
    "q-key-time": "[0-9]{1,12};[0-9]{1,12}",
    "q-header-list": ".*",
    "q-url-param-list": ".*",
    "q-signature": ".+",
}
"""The keys of an Authorization header in their order, each with the form of its value."""

_WHOLE = re.compile("&".join(f"{key}=({form.replace('.', '[^&]')})" for key, form in FORMS.items()))
"""The header as every SDK writes it; another order of the keys is read more slowly."""

SIGNED_HEADERS = frozenset(
    {
        "cache-control", "content-disposition", "content-encoding", "content-length", "content-md5", "content-type",
        "expect", "expires", "host", "if-match", "if-modified-since", "if-none-match", "if-unmodified-since",
        "origin", "pic-operations", "range", "transfer-encoding",
    }
)  # fmt: skip
"""The headers that the vendor's Python SDK signs, beside all that start with one of `SIGNED_PREFIXES`."""

SIGNED_PREFIXES = ("x-cos-", "x-ci-")
SHORT = 512
"""Characters of the longest text that is remembered: what a stranger makes up must not fill the memory."""

BEFORE, AFTER = 60, 10_000
"""Seconds around the time of signing for which the vendor's Python SDK makes a signature hold."""

_PORT = re.compile(r":[0-9]+\Z")
_SHA1 = sha1(usedforsecurity=False)
"""Copied, never fed: a new one that is not for security is looked up among OpenSSL's, which costs more than hashing."""

_ABSENT = "\n"
"""The value of what is listed and not there: no encoded value holds a line feed, so nothing signed can equal it."""


@behaviours.verifier
def verify(attempt: Attempt) -> Credential:
    """Who signed the request. Checks, in the vendor's order: presence, form, key id, time, signature."""
    header = attempt.request.header("authorization") or _in_query(attempt.request.query)
    if not header:
        raise Refusal("authorization-missing")
    _, key, times, key_times, names, parameters, signature = _parsed(header)
    credential = attempt.credentials.get(key)
    if credential is None:
        raise Refusal("key-unknown", key=key)
    _check_window(times, attempt)
    keyed = _keyed(credential.secret_key, key_times)
    for host in _hosts(attempt.request.host):
        made = _signature(keyed, times, _http_string(attempt.request, host, names, parameters))
        if signature.isascii() and compare_digest(signature, made):
            return credential
    # What a developer whose signature is wrong should compare.
    wanted = quoted(_http_string(attempt.request, attempt.request.host, names, parameters))
    note = f"the HttpString of this request is '{wanted}'"
    raise Refusal(MISMATCHES[attempt.settings.get("signature_mismatch_code", "SignatureDoesNotMatch")], note=note)


@behaviours.signer
def sign(request: Request, credential: Credential, now: float) -> Request:
    """The request with the Authorization header that the vendor's Python SDK would give it at `now`."""
    listed = {name.lower() for name, _ in request.headers} | {"host"}
    names = ";".join(sorted(encoded(name).lower() for name in listed if _is_signed(name)))
    parameters = ";".join(sorted(_parameters(request.query)))
    times = f"{int(now) - BEFORE};{int(now) + AFTER}"
    made = _http_string(request, request.host, names, parameters)
    signature = _signature(_keyed(credential.secret_key, times), times, made)
    values = ("sha1", credential.access_key, times, times, names, parameters, signature)
    header = "&".join(f"{key}={value}" for key, value in zip(FORMS, values, strict=True))
    others = tuple(pair for pair in request.headers if pair[0].lower() != "authorization")
    return replace(request, headers=(*others, ("Authorization", header)))


def _in_query(query: str) -> str:
    """The text of the header where it travels as parameters, as in a URL that is signed beforehand; empty where it does not."""
    parts = [part.partition("=") for part in query.split("&")] if "q-signature=" in query else []
    given = [(key, unquote_plus(value)) for key, _, value in parts if key in FORMS]
    return "&".join(map("=".join, given)) if "q-signature" in dict(given) else ""


def _is_signed(name: str) -> bool:
    return name in SIGNED_HEADERS or name.startswith(SIGNED_PREFIXES)


def _parsed(header: str) -> tuple[str, ...]:
    """The values of the header in the order of `FORMS`. Raises Refusal when one is missing or not of its form."""
    whole = _WHOLE.fullmatch(header)
    if whole is not None:
        return whole.groups()
    parts = header.split("&")
    given = dict(part.partition("=")[::2] for part in parts)
    if len(given) != len(parts):
        # Also where two headers are joined: which of two signatures is meant is nobody's to guess.
        raise Refusal("authorization-malformed", problem="a key stands twice")
    for key, form in FORMS.items():
        if key not in given:
            raise Refusal("authorization-malformed", problem=f"{key} is missing")
        if not re.fullmatch(form, given[key]):
            raise Refusal("authorization-malformed", problem=f"{key} is not of its form")
    return tuple(given[key] for key in FORMS)


def _check_window(times: str, attempt: Attempt) -> None:
    start, _, end = times.partition(";")
    # Clients whose clock runs ahead are let in: the vendor's SDKs differ in how far they date a signature back.
    early = int(start) - attempt.settings.get("time_tolerance_seconds", 60)
    if not early <= attempt.now <= int(end):
        off = attempt.now - (int(end) if attempt.now > int(end) else int(start))
        raise Refusal("signature-expired", note=f"the mock's clock is {off:+.0f} s from the signed window", start=start, end=end)


def _hosts(host: str) -> tuple[str, ...]:
    """The host as it may have been signed: the vendor's Python SDK leaves a port out, the others keep it."""
    return (host, _PORT.sub("", host)) if ":" in host else (host,)


@lru_cache(1024)
def _keyed(secret: str, key_times: str) -> tuple[_Hash, _Hash]:
    """The two hashes of HMAC (RFC 2104) after the SignKey, before any text. Callers copy them: these are never fed.

    `hmac.HMAC` does the same, but its copies take as long as all the rest of a signature.
    """
    block = hmac.digest(_bytes(secret), _bytes(key_times), "sha1").hex().encode().ljust(64, b"\0")
    return sha1(bytes(byte ^ 0x36 for byte in block)), sha1(bytes(byte ^ 0x5C for byte in block))  # noqa: S324  # the vendor's


def _signature(keyed: tuple[_Hash, _Hash], times: str, http_string: str) -> str:
    digest, inner, outer = _SHA1.copy(), keyed[0].copy(), keyed[1].copy()
    digest.update(_bytes(http_string))
    inner.update(f"sha1\n{times}\n{digest.hexdigest()}\n".encode())
    outer.update(inner.digest())
    return outer.hexdigest()


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


def _http_string(request: Request, host: str, names: str, parameters: str) -> str:
    """What is signed. The path goes in decoded, the rest encoded once more, both as the vendor's samples prove."""
    path, _, query = request.target.partition("?")
    if "%" in path:
        path = unquote(path)
    listed = _listed(parameters, _parameters(query)) if parameters else ""
    return f"{request.method.lower()}\n{path}\n{listed}\n{_headers(request, host, names) if names else ''}\n"


def _headers(request: Request, host: str, names: str) -> str:
    parts = []
    for name in names.split(";"):
        value = host if name == "host" else request.header(unquote(name) if "%" in name else name)
        parts.append(f"{name}={_ABSENT if value is None else _header_value(value)}")
    return "&".join(parts)


def _listed(names: str, values: Mapping[str, str]) -> str:
    return "&".join(f"{name}={values.get(name, _ABSENT)}" for name in names.split(";"))


def _parameters(query: str) -> dict[str, str]:
    """The query's encoded values by encoded lower-case name; of a repeated name the last, as in the SDK's dicts."""
    return dict(map(_parameter, query.split("&"))) if query else {}


def _parameter(part: str) -> tuple[str, str]:
    name, _, value = part.partition("=")
    return encoded(unquote_plus(name)).lower(), encoded(unquote_plus(value))


def encoded(text: str) -> str:
    """The text as the signature has it: all but letters, digits and `-_.~` percent-encoded."""
    return text if text.isalnum() and text.isascii() else quote(text, "", "utf-8", "surrogatepass")


def _header_value(value: str) -> str:
    """A header's value encoded by its bytes on the wire, which servers hand over as Latin-1."""
    if value.isdecimal() and value.isascii():
        return value
    return _short_value(value) if len(value) <= SHORT else _short_value.__wrapped__(value)


@lru_cache(1024)
def _short_value(value: str) -> str:
    try:
        return quote(value.encode("latin-1"), "")
    except UnicodeEncodeError:
        return encoded(value)
