"""One recorded exchange, as nested data, into values.

Knows the words in which the VCR libraries, our journal and our fixtures write down the same few facts; knows no file. Law: of
nested data only the places that are known are looked at, each once, so that nothing that refers to itself costs more than it
holds; what is of another form is said.

| fact | where it may stand |
|---|---|
| URL | `uri`, `url`, or `target` with `host` |
| headers | names to texts or lists of texts, or a list of pairs |
| body | text or bytes, or an object with `string`, `base64_string` or `base64`; `body_base64` or `content` beside it; fields |
| status | `code`, `status_code` or `status`: a number, a text that begins with it, or an object with `code` |
"""

from __future__ import annotations

import binascii
import codecs
import re
from base64 import b64decode
from collections.abc import Callable
from typing import Final
from urllib.parse import urlencode

from mockcloud.messages import Json, Pairs, Request, Response, shortened
from mockcloud.traffic import content, urls
from mockcloud.traffic.recorded import Place, Recorded

HEADERS: Final = 10_000
"""Values of headers in one message; HTTP has no use for more."""

_STATUS = re.compile(r"(?:HTTP/[0-9.]+ )?([0-9]{3})(?:\s|$)")
_METHOD = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]{1,32}")
_FORMS = ("form", "post_fields")


class Unfit(ValueError):
    """Data is no exchange, or not one that can be read; the message is a sentence about it."""


def recorded(data: Json, place: Place, hint: str = "") -> Recorded:
    """What an object with `request` or `response` records. What it does not hold, or cannot be read, is said in the value.

    `hint` is said of a body that was not recorded.
    """
    if not isinstance(data, dict) or not (isinstance(data.get("request"), dict) or isinstance(data.get("response"), dict)):
        return Recorded(place, problem=f"is no exchange: found {kind_of(data)}, wanted an object with request and response")
    operation = data.get("operation")
    try:
        request, trouble = _request(data["request"]) if data.get("request") is not None else (None, "")
        method = request.method if request else ""
        response, lack = _response(data["response"], method) if data.get("response") is not None else (None, "")
    except Unfit as problem:
        return Recorded(place, problem=str(problem))
    return Recorded(
        place,
        request,
        response,
        request_problem=_hinted(trouble, hint),
        response_problem=_hinted(lack, hint),
        operation=operation if isinstance(operation, str) else "",
    )


def _hinted(problem: str, hint: str) -> str:
    return f"{problem}; {hint}" if problem and hint else problem


def _request(data: Json) -> tuple[Request, str]:
    _of(data, dict, "request")
    method = data.get("method", "GET")
    if not isinstance(method, str) or not _METHOD.fullmatch(method):
        raise Unfit(f"the request's method is {shortened(method, 40)}")
    headers = headers_of(data.get("headers"), "request")
    host, target = _address(data, headers)
    headers = urls.without_pseudo(headers)
    headers, body, trouble = decoded("request", headers, _body(data, "request"))
    return Request(method, target, host, headers, body), trouble or content.missing("request", headers, body)


def _address(data: Json, headers: Pairs) -> tuple[str, str]:
    """Host and target. A target beside its host is what stood on the wire, also where a client asked a proxy."""
    if data.get("target") and isinstance(data["target"], str) and isinstance(data.get("host"), str):
        return data["host"], data["target"]
    address = next((data[name] for name in ("uri", "url", "target") if data.get(name)), None)
    if not isinstance(address, str):
        raise Unfit(f"the request has no address: wanted a text uri, url or target, found {kind_of(address)}")
    host, target = urls.parts(address)
    return urls.host(host or (data["host"] if isinstance(data.get("host"), str) else ""), headers), target


def _response(data: Json, method: str) -> tuple[Response, str]:
    _of(data, dict, "response")
    status = _status(data)
    headers = urls.without_pseudo(headers_of(data.get("headers"), "response"))
    headers, body, trouble = decoded("response", headers, _body(data, "response"))
    return Response(status, headers, body), trouble or content.missing("response", headers, body, method=method, status=status)


def decoded(side: str, headers: Pairs, body: bytes) -> tuple[Pairs, bytes, str]:
    """Headers and body with the content encoding undone, and a problem where it cannot be."""
    try:
        return *content.decoded(headers, body), ""
    except content.Undecodable as problem:
        return headers, b"", f"the {side}'s body cannot be read: {problem}"


def _of(data: Json, kind: type, what: str) -> None:
    if not isinstance(data, kind):
        raise Unfit(f"the {what} is {kind_of(data)}")


def kind_of(data: Json) -> str:
    """What a value is, in a word: never the value itself, which may refer to itself."""
    if data is None:
        return "nothing"
    return {dict: "an object", list: "a list", str: "a text", bytes: "bytes", bool: "a boolean"}.get(type(data), "a number")


# Headers -------------------------------------------------------------------------------------------------------------


def headers_of(data: Json, side: str) -> Pairs:
    """Pairs from names to texts or lists of texts, or from a list of pairs. Raises Unfit, naming the side."""
    if data is None:
        return ()
    found: list[tuple[str, str]] = []
    for name, given in data.items() if isinstance(data, dict) else map(_pair, data) if isinstance(data, list) else ():
        values = given if isinstance(given, list) else [given]
        if len(found) + len(values) > HEADERS:
            raise Unfit(f"the {side} has more than {HEADERS} headers")
        found += [(_header(name, side), _header(one, side)) for one in values]
    return tuple(found)


def _pair(pair: Json) -> tuple[Json, Json]:
    """A pair as a list of two, or as an object with `name` and `value`."""
    if isinstance(pair, list) and len(pair) == 2:
        return pair[0], pair[1]
    if isinstance(pair, dict) and "name" in pair:
        return pair["name"], pair.get("value", "")
    raise Unfit(f"a header is {kind_of(pair)}, wanted a pair of texts")


def _header(text: Json, side: str) -> str:
    if isinstance(text, bytes):
        return text.decode("latin-1")
    if text is None:
        return ""
    if isinstance(text, (str, int, float)):
        return str(text)
    raise Unfit(f"a header of the {side} is {kind_of(text)}, wanted a text")


# Bodies --------------------------------------------------------------------------------------------------------------


def _body(data: Json, side: str) -> bytes:
    for name in ("body", "body_base64", "content"):
        if data.get(name):
            return base64(data[name], side) if name == "body_base64" else _bytes(data[name], side)
    fields = next((data[name] for name in _FORMS if data.get(name)), None)
    return _form(fields, side) if fields else b""


def _bytes(body: Json, side: str) -> bytes:
    if isinstance(body, bytes):
        return body
    if isinstance(body, str):
        return encoded(body)
    if isinstance(body, dict):
        for name, read in _IN_OBJECTS.items():
            if body.get(name):
                return read(body[name], body.get("encoding"), side)
        if not body or body.keys() & {*_IN_OBJECTS, "encoding"}:
            return b""
    raise Unfit(f"the body of the {side} is {kind_of(body)}, wanted a text, or an object with string or base64_string")


def _string(text: Json, encoding: Json, side: str) -> bytes:
    if isinstance(text, (bytes, str)):
        return text if isinstance(text, bytes) else encoded(text, encoding if isinstance(encoding, str) else "")
    raise Unfit(f"the string of the {side}'s body is {kind_of(text)}, wanted a text")


_IN_OBJECTS: Final[dict[str, Callable[[Json, Json, str], bytes]]] = {
    "string": _string,
    "base64_string": lambda text, _, side: base64(text, side),
    "base64": lambda text, _, side: base64(text, side),
}


def base64(text: Json, side: str) -> bytes:
    """What a base64 text says. Raises Unfit, naming the side."""
    try:
        return b64decode("".join(text.split()) if isinstance(text, str) else text, validate=True)
    except (TypeError, ValueError, binascii.Error):
        raise Unfit(f"the body of the {side} is said to be base64 and is not") from None


def encoded(text: str, encoding: str = "") -> bytes:
    """A text's bytes in an encoding, in UTF-8 where that is unknown or has no such characters; half characters stay halves."""
    try:
        if encoding and codecs.lookup(encoding).name != "utf-8":
            return text.encode(encoding)
    except (LookupError, ValueError):
        pass
    return text.encode("utf-8", "surrogatepass")


def _form(fields: Json, side: str) -> bytes:
    """A form's body from its decoded fields, which some recorders write down in its place."""
    if not isinstance(fields, dict):
        raise Unfit(f"the form of the {side} is {kind_of(fields)}, wanted an object")
    pairs = [(name, one) for name, given in fields.items() for one in (given if isinstance(given, list) else [given])]
    return urlencode([(_header(name, side), _header(one, side)) for name, one in pairs], errors="replace").encode("ascii")


def _status(data: Json) -> int:
    for found in (data.get("code"), data.get("status_code"), data.get("status")):
        found = found.get("code") if isinstance(found, dict) else found  # noqa: PLW2901  # the same fact, one level deeper
        match = _STATUS.match(str(found)) if isinstance(found, (int, str)) else None
        if match and int(match[1]) >= 100:
            return int(match[1])
    raise Unfit("the response has no status: wanted a number of three digits as code, status or status.code")
