"""The parameters of a request whose every argument is text: in its form, or without one in its query.

Knows no vendor. Law: what is not asked for stays as it stood, byte for byte.
"""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import parse_qsl, quote, unquote_plus

from mockcloud.messages import Request


def has(request: Request, name: str) -> bool:
    """Whether a request has a parameter."""
    return any(_name(part) == name for part in _form(request).split("&"))


def pairs(request: Request) -> list[tuple[str, str]]:
    """The names and values of a request's parameters, in their order."""
    return parse_qsl(_form(request), keep_blank_values=True)


def added(request: Request, name: str, value: str) -> Request:
    """The request with one more parameter."""
    form = _form(request)
    form = f"{form}&{quote(name, safe='')}={quote(value, safe='')}" if form else f"{quote(name, safe='')}={quote(value, safe='')}"
    return with_body(request, form.encode()) if request.body else replace(request, target=f"{request.path}?{form}")


def replaced(before: Request, after: Request) -> list[str]:
    """The names of the parameters that have another value in the second request."""
    was, now = (dict(parse_qsl(_form(one), keep_blank_values=True)) for one in (before, after))
    return [name for name, value in was.items() if now.get(name, value) != value]


def altered(request: Request, name: str, value: str | None) -> Request:
    """The request with another value of a parameter; None takes it out."""
    form = exchanged(_form(request), name, () if value is None else (value,))
    return with_body(request, form.encode()) if request.body else replace(request, target=f"{request.path}?{form}")


def exchanged(form: str, name: str, values: tuple[str, ...]) -> str:
    """A form with these values of a parameter in the place of each that it has."""
    parts: list[str] = []
    for part in form.split("&"):
        said = part.partition("=")[0]
        parts.extend([part] if _name(part) != name else [f"{said}={quote(value, safe='')}" for value in values])
    return "&".join(parts)


def with_body(request: Request, body: bytes) -> Request:
    """The request with another body and its length."""
    length = str(len(body))
    headers = tuple((name, length if name.lower() == "content-length" else value) for name, value in request.headers)
    return replace(request, headers=headers, body=body)


def _form(request: Request) -> str:
    return request.body.decode("utf-8", "replace") if request.body else request.query


def _name(part: str) -> str:
    return unquote_plus(part.partition("=")[0])
