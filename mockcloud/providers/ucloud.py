"""How a UCloud client proves who it is: SHA-1 over its parameters and its private key; and whose projects there are.

Knows the scheme and what an account's projects look like, nothing else of the vendor: no operation, no code, no wording.
Source: `signature` in schemas/ucloud/documents.json, confirmed with the vendor's Python, Go, JavaScript and Java SDKs.
Law: what is verified is what will be read. Form and query are verified as the core decoded them, and a JSON body
as the object that it is (never its flattened form), later duplicates over earlier, body over query.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from decimal import Decimal
from hashlib import sha1
from hmac import compare_digest
from urllib.parse import parse_qsl, unquote_plus, urlencode

from mockcloud.contracts.behaviours import Behaviours
from mockcloud.messages import Attempt, Credential, Json, Refusal, Request, quoted

PUBLIC_KEY = "PublicKey"
SIGNATURE = "Signature"

LONGEST_PLAIN = 400
"""Digits that a double needs at most when it is written without an exponent (about 325), and some room.
A literal beyond that is not expanded: `1e400000000` would be 400 MB of zeros."""

FORM = "application/x-www-form-urlencoded"

_SHA1 = sha1(usedforsecurity=False)
"""Copied, never fed: a new one that is not for security is looked up among OpenSSL's, which costs more than hashing."""

behaviours = Behaviours(
    conditions={"signature-missing", "token-unknown", "user-unknown", "signature-mismatch", "parameter-repeated"}
)


class Number(str):
    """A JSON number as the client printed it."""

    __slots__ = ()


NumberForm = Callable[[Number], str]


@behaviours.verifier
def verify(attempt: Attempt) -> Credential:
    """The credential of `PublicKey` when `Signature` is right; first the missing, then the unknown, then the wrong."""
    parameters = attempt.parameters
    given = str(parameters.get(SIGNATURE) or "")
    if not given:
        # Whoever shows a token signs nothing, and no token is known here.
        bears = PUBLIC_KEY not in parameters and (attempt.request.header("authorization") or "").startswith("Bearer ")
        raise Refusal("token-unknown" if bears else "signature-missing")
    credential = attempt.credentials.get(str(parameters.get(PUBLIC_KEY) or ""))
    if credential is None:
        raise Refusal("user-unknown")
    texts = _texts(attempt)
    for text in texts:
        if _same(given, _digest(text, credential.secret_key)):
            if attempt.settings.get("repeated_parameters") == "refused":
                _check_repeated(attempt.request)
            return credential
    raise Refusal("signature-mismatch", note=_wanted(texts))


@behaviours.signer
def sign(request: Request, credential: Credential, now: float) -> Request:
    """The request as a client of the vendor sends it: signed in the body when there is one, else in the query.

    The scheme has no time. A body that claims to be JSON and is none (or one that nobody could nest so deep)
    stays as it is, and the query is signed.
    """
    bare = replace(request, target=_target(request.path, _without_ours(request.query)))
    if not _says_json(request):
        return _sign_form(bare, credential) if request.body else _sign_query(bare, credential)
    members = _json_object(request)
    try:
        return _sign_query(bare, credential) if members is None else _sign_json(bare, members, credential)
    except RecursionError:
        return _sign_query(bare, credential)


@behaviours.value("project")
def project(named: Json, configured: Json, catalog: Json) -> Json:
    """The project that a request is about: the one that it names, or the account's default one."""
    return str(named) if named else projects(configured, catalog)[0]["ProjectId"]


@behaviours.value("projects")
def projects(configured: Json, catalog: Json) -> Json:
    """The account's projects: those of the setting, the default one first, each otherwise like the catalogue's own."""
    (own,) = catalog
    names = [name for name in configured.split(",") if name] or [own["id"]]
    shared = {name: value for name, value in own.items() if name != "id"}
    given = [{"ProjectId": name, "IsDefault": name == names[0]} for name in names]
    return [{**shared, **({} if one["ProjectId"] == own["id"] else {"ProjectName": one["ProjectId"]}), **one} for one in given]


@behaviours.value("unlisted")
def unlisted(value: Json, listed: Json) -> Json:
    """The value when it is given and none of the list, else None."""
    return value if value and value not in listed else None


def signature(parameters: Mapping[str, Json], secret_key: str, number: NumberForm | None = None) -> str:
    """The 40 lower-case hex digits for these parameters, whose own `Signature` does not count.

    Values are texts or, of a JSON body, nested objects and lists; `number` prints numbers (plain decimal by default).
    """
    return _digest(signed_text(parameters, number), secret_key)


def signed_text(parameters: Mapping[str, Json], number: NumberForm | None = None) -> str:
    """What is hashed, up to the private key that follows it."""
    counted = {name: value for name, value in parameters.items() if name != SIGNATURE}
    return _joined(counted, number or plain)


def literal(number: Number) -> str:
    """A number as printed: what the JavaScript SDK signs."""
    return str(number)


def plain(number: Number) -> str:
    """A number without exponent and without trailing zeros: what the Go and Java SDKs sign."""
    try:
        value = Decimal(number)
    except ArithmeticError:  # an exponent that even Decimal cannot hold
        return literal(number)
    if abs(value.adjusted()) > LONGEST_PLAIN:
        return literal(number)
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def _check_repeated(request: Request) -> None:
    """Refuse a name that stands twice in the query or twice in the form; once in each is what the Go SDK sends."""
    forms = [request.query] if _says_json(request) else [request.query, request.body.decode("utf-8", "surrogateescape")]
    for form in forms:
        names = [name for name, _ in parse_qsl(form, keep_blank_values=True)]
        repeated = next((name for place, name in enumerate(names) if name in names[:place]), None)
        if repeated is not None:
            raise Refusal("parameter-repeated", name=repeated, field=repeated, where=f"/{repeated}")


def _texts(attempt: Attempt) -> list[str]:
    """The texts whose signature is right for this request: two for JSON, whose numbers may be signed in either form."""
    if not _says_json(attempt.request):
        # Query and form are flat, and every value is the text that was decoded.
        names = sorted(attempt.parameters)
        names.remove(SIGNATURE)
        parts = names * 2
        parts[::2], parts[1::2] = names, map(attempt.parameters.__getitem__, names)
        return ["".join(parts)]
    members = _json_object(attempt.request)
    if members is None:
        return []
    sent = {**_decoded(attempt.request.query), **_present(members)}
    try:
        return [signed_text(sent, form) for form in (literal, plain)]
    except RecursionError:  # nested deeper than anybody nests; the core refuses it too, by its own limit
        return []


def _wanted(texts: list[str]) -> str:
    """What a developer whose signature is wrong should compare."""
    return f"the text to sign is {quoted(texts[-1])!r} and then the private key" if texts else "the body cannot be signed"


def _digest(text: str, secret_key: str) -> str:
    made = _SHA1.copy()
    made.update(_bytes(text + secret_key))
    return made.hexdigest()


def _same(given: str, wanted: str) -> bool:
    return given.isascii() and compare_digest(given, wanted)


def _bytes(text: str) -> bytes:
    # JSON may spell a lone surrogate; it must fail to verify, not to encode.
    return text.encode("utf-8", "surrogatepass")


def _joined(members: Mapping[str, Json], number: NumberForm) -> str:
    """Names and values by name (code points sort as UTF-8 bytes do). Nulls do not count, empty texts do."""
    present = _present(members)
    return "".join(name + _text(present[name], number) for name in sorted(present))


def _text(value: Json, number: NumberForm) -> str:
    """A value as signed: neither a list's indices nor the parent's name before a nested one."""
    if isinstance(value, Mapping):
        return _joined(value, number)
    if isinstance(value, list):
        return "".join(_text(each, number) for each in value if each is not None)
    if isinstance(value, bool):
        return "true" if value else "false"
    return number(value) if isinstance(value, Number) else str(value)


def _present(members: Mapping[str, Json]) -> dict[str, Json]:
    return {name: value for name, value in members.items() if value is not None}


def _says_json(request: Request) -> bool:
    """Whether the body is JSON: by its media type or, where that says nothing of use, by its first character."""
    if not request.body:
        return False
    stated = request.header("content-type") or ""
    if stated == FORM:
        return False
    media = stated.partition(";")[0].strip().lower()
    if media == "application/json" or media.endswith("+json"):
        return True
    return media != FORM and request.body.lstrip().startswith(b"{")


def _json_object(request: Request) -> dict[str, Json] | None:
    """The body's object with its numbers as printed, or None when it is no object."""
    try:
        text = request.body.decode("utf-8")
        value = json.loads(text, parse_int=Number, parse_float=Number, parse_constant=_no_constant)
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None


def _no_constant(name: str) -> Json:
    raise ValueError(f"{name} is not JSON")


def _decoded(form: str) -> dict[str, str]:
    return dict(parse_qsl(form, keep_blank_values=True))


def _sign_query(request: Request, credential: Credential) -> Request:
    query = _signed(request.query, {}, credential)
    return replace(request, target=_target(request.path, query))


def _sign_form(request: Request, credential: Credential) -> Request:
    form = _without_ours(request.body.decode("utf-8", "surrogateescape"))
    signed = _signed(form, _decoded(request.query), credential)
    return _with_body(request, signed.encode("utf-8", "surrogateescape"))


def _sign_json(request: Request, members: dict[str, Json], credential: Credential) -> Request:
    kept = {name: value for name, value in members.items() if name not in (PUBLIC_KEY, SIGNATURE)}
    kept[PUBLIC_KEY] = credential.access_key
    sent = {**_decoded(request.query), **_present(kept)}
    kept[SIGNATURE] = signature(sent, credential.secret_key)
    return _with_body(request, _bytes(_printed(kept)))


def _signed(form: str, beside: Mapping[str, str], credential: Credential) -> str:
    """The form with key and signature at its end, as the SDKs put them; `beside` is sent too, but elsewhere."""
    keyed = _appended(form, PUBLIC_KEY, credential.access_key)
    value = signature({**beside, **_decoded(keyed)}, credential.secret_key)
    return _appended(keyed, SIGNATURE, value)


def _appended(form: str, name: str, value: str) -> str:
    return "&".join(filter(None, (form, urlencode({name: value}))))


def _without_ours(form: str) -> str:
    """The form, its other parts untouched, without an earlier key and signature."""
    parts = (part for part in form.split("&") if part)
    return "&".join(part for part in parts if unquote_plus(part.partition("=")[0]) not in (PUBLIC_KEY, SIGNATURE))


def _printed(value: Json) -> str:
    """JSON in which every number is printed as it was read; `json.dumps` would print 1e-7 as 1e-07 and 1.50 as 1.5."""
    if isinstance(value, Number):
        return str(value)
    if isinstance(value, dict):
        return "{" + ", ".join(f"{json.dumps(name)}: {_printed(each)}" for name, each in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(_printed(each) for each in value) + "]"
    return json.dumps(value)


def _target(path: str, query: str) -> str:
    return f"{path}?{query}" if query else path


def _with_body(request: Request, body: bytes) -> Request:
    """The request with another body; a length that was given is given anew."""
    length = str(len(body))
    headers = tuple((name, length if name.lower() == "content-length" else value) for name, value in request.headers)
    return replace(request, headers=headers, body=body)
