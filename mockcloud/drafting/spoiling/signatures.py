"""The components of a signature, found in the bytes, and what can happen to each.

Knows requests before and after they were signed, no scheme. Law: a component is a header or a parameter that signing put in or
changed, or a named part of one; what is altered is that one thing.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Final, NamedTuple
from urllib.parse import parse_qsl

from mockcloud.drafting.requests.parameters import exchanged, with_body
from mockcloud.messages import Pairs, Request

PART: Final = re.compile(r"(?P<name>[A-Za-z][\w-]*)=(?P<value>[^&,\s]*)")
"""A named part of a value, such as `Credential=a/b` or `q-ak=a`."""

FORM: Final = "application/x-www-form-urlencoded"
_DIGITS: Final = ("0123456789", "abcdef", "ABCDEF", "ghijklmnopqrstuvwxyz", "GHIJKLMNOPQRSTUVWXYZ")


class Component(NamedTuple):
    """One thing that a signature is made of: its name, what stands there, and how something else is put in its place.

    `put` takes a request and what shall stand there, as often as there are values.
    """

    name: str
    value: str
    put: Callable[[Request, tuple[str, ...]], Request]


def components(before: Request, after: Request) -> Iterator[Component]:
    """The components of a signature, in the order of the bytes: those of headers, of the query, of the form."""
    for name, value in _changed(before.headers, after.headers):
        yield Component(name, value, _header(name))
        yield from _parts(name, value, _header(name))
    for name, value in _changed(_pairs(before.query), _pairs(after.query)):
        yield Component(name, value, _in_query(name))
    if FORM in (after.header("content-type") or ""):
        for name, value in _changed(_pairs(_text(before)), _pairs(_text(after))):
            yield Component(name, value, _in_form(name))


def altered(text: str, at: int = -1) -> str:
    """The text with another character of the same kind in one place: of those with letters and digits the one numbered `at`."""
    places = [place for place, mark in enumerate(text) if any(mark in kind for kind in _DIGITS)]
    if not places:
        return f"{text}x"
    place = places[at % len(places)]
    kind = next(one for one in _DIGITS if text[place] in one)
    return text[:place] + kind[(kind.index(text[place]) + 1) % len(kind)] + text[place + 1 :]


ALTERATIONS: Final[dict[str, Callable[[str, int], tuple[str, ...]]]] = {
    "altered": lambda value, at: (altered(value, at),),
    "emptied": lambda value, at: ("",),
    "removed": lambda value, at: (),
    "doubled": lambda value, at: (value, value),
}
"""What can happen to a component: what stands there then, as often as there are texts. `at` is the character to alter."""


def _changed(before: Pairs, after: Pairs) -> Iterator[tuple[str, str]]:
    was = dict(before)
    yield from (
        (name, value) for name, value in after if was.get(name) != value and name.lower() not in ("content-length", "host")
    )


def _header(name: str) -> Callable[[Request, tuple[str, ...]], Request]:
    return lambda request, values: replace(request, headers=_exchanged(request.headers, name, values))


def _in_query(name: str) -> Callable[[Request, tuple[str, ...]], Request]:
    return lambda request, values: replace(request, target=f"{request.path}?{exchanged(request.query, name, values)}")


def _in_form(name: str) -> Callable[[Request, tuple[str, ...]], Request]:
    return lambda request, values: with_body(request, exchanged(_text(request), name, values).encode())


def _parts(owner: str, whole: str, put: Callable[[Request, tuple[str, ...]], Request]) -> Iterator[Component]:
    """The named parts of a value, where it has several, and the scheme before them."""
    found = list(PART.finditer(whole))
    if len(found) < 2:
        return
    scheme = whole[: found[0].start()].strip()
    if scheme:
        yield Component(
            f"{owner}/scheme", scheme, lambda request, values: put(request, (whole.replace(scheme, " ".join(values), 1),))
        )
    for part in found:
        yield Component(f"{owner}/{part['name']}", part["value"], _part(whole, part, put))


def _part(
    whole: str, part: re.Match[str], put: Callable[[Request, tuple[str, ...]], Request]
) -> Callable[[Request, tuple[str, ...]], Request]:
    def put_part(request: Request, values: tuple[str, ...]) -> Request:
        separator = re.search(r"[&,]\s*", whole)
        between = separator[0] if separator else "&"
        made = between.join(f"{part['name']}={value}" for value in values)
        before, behind = whole[: part.start()], whole[part.end() :]
        if not values:
            # Without the part there is no separator for it either.
            behind = behind.removeprefix(between) if behind else behind
            before = before if behind else before.removesuffix(between)
        return put(request, (before + made + behind,))

    return put_part


def _exchanged(pairs: Pairs, name: str, values: tuple[str, ...]) -> Pairs:
    found: list[tuple[str, str]] = []
    for one, value in pairs:
        found.extend([(one, value)] if one != name else [(one, other) for other in values])
    return tuple(found)


def _pairs(form: str) -> Pairs:
    return tuple(parse_qsl(form, keep_blank_values=True))


def _text(request: Request) -> str:
    return request.body.decode("utf-8", "replace") if FORM in (request.header("content-type") or "") else ""
