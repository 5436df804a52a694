"""Choose the provider, the route and the operation that a request is for.

Knows hosts, paths and selectors. Does not know whether the request is valid.
Law: no two operations tie; the loader has seen to that.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import cache
from ipaddress import ip_address
from urllib.parse import unquote

from mockcloud.contracts.json_reader import pointed
from mockcloud.contracts.model import Operation, Route
from mockcloud.contracts.sketches import Sketch
from mockcloud.contracts.xml_schema import XmlSchema
from mockcloud.errors import nearest
from mockcloud.messages import Json, Refusal, Request
from mockcloud.pipeline.call import Call

_ABSOLUTE = re.compile(r"https?://([^/?#]*)([^#]*)", re.IGNORECASE)
_PORT = re.compile(r":[0-9]*$")


LONGEST_HOST = 253
"""Characters of a name in the DNS; a longer one is nobody's, and no pattern has to look at it."""


def origin_form(request: Request) -> Request:
    """The request as the origin server sees it: an absolute-form target (of a client that takes us for its proxy) taken apart."""
    if request.target.startswith("/"):
        return request
    match = _ABSOLUTE.match(request.target)
    if match is None:
        return request
    # RFC 9112, 3.2.2: the authority of an absolute target holds, whatever Host says.
    return replace(request, target="/" + match[2].removeprefix("/"), host=match[1].rpartition("@")[2])


def host_name(host: str) -> str:
    """A Host header's name: lower case, without port, final dot and the brackets of an IPv6 address."""
    return _PORT.sub("", host.strip().lower()).strip("[]").rstrip(".")


def is_loopback(host: str) -> bool:
    """Whether a host, without port, is this machine, by its name or address; nothing is resolved."""
    name = host.rstrip(".")
    if name == "localhost" or name.endswith(".localhost"):
        return True
    try:
        return ip_address(name).is_loopback
    except ValueError:
        return False


@cache
def _pattern(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)


def host_parts(sketch: Sketch, name: str) -> dict[str, str] | None:
    """What a vendor's host name says (its pattern's groups, and `name`); None when it is not this vendor's."""
    for host in sketch.hosts if len(name) <= LONGEST_HOST else ():
        match = _pattern(host["pattern"]).fullmatch(name)
        if match:
            return {"name": name, **{group: text for group, text in match.groupdict().items() if text}}
    return None


Told = tuple[Sketch, dict[str, str]]
"""A provider, and what the host says."""


def by_host(host: str, sketches: Iterable[Sketch]) -> Told | None:
    """The provider whose host this is."""
    name = host_name(host)
    for sketch in sketches:
        parts = host_parts(sketch, name)
        if parts is not None:
            return sketch, parts
    return None


def by_path(request: Request, sketches: Iterable[Sketch]) -> Told | None:
    """The provider that claims the path, for a host that is nobody's."""
    asked = [unquote(request.path), *(f"?{part.partition('=')[0]}" for part in request.query.split("&"))]
    for sketch in sketches:
        if any(_below(one, claimed) for one in asked for claimed in sketch.paths):
            return sketch, {"name": host_name(request.host)}
    return None


def _below(asked: str, claimed: str) -> bool:
    return asked == claimed or (claimed != "/" and asked.startswith(claimed.rstrip("/") + "/"))


def route(call: Call) -> None:
    """Find the route of the path and, by the method, its operations."""
    method = call.request.method
    limit, target = call.contract.target_limit, call.request.target
    if limit and len(target) > limit:
        raise Refusal("target-too-long", note=f"the target has {len(target)} characters, {limit} are allowed", limit=limit)
    path, _, query = target.partition("?")
    found = call.contract.routes.find(path, method, query)
    if found is None:
        raise _nowhere(call)
    known, arguments = found
    candidates = known.operations.get(method)
    if candidates is None:
        raise _nowhere(call) if known.rest else _no_method(call, known)
    call.candidates, call.in_path = candidates, arguments


def _nowhere(call: Call) -> Refusal:
    paths = {operation.template for operation in call.contract.operations.values()}
    note = f"no operation has the path {call.request.path!r}.{nearest(call.request.path, paths)}"
    return Refusal("unknown-route", note=note, path=call.request.path)


def in_path(call: Call) -> Mapping[str, str]:
    """The arguments that a request's path gives to its one candidate; none when the path is another's."""
    found = call.contract.routes.find(call.request.path, call.request.method, call.request.query)
    if found is None or not any(call.candidates[0] in group for group in found[0].operations.values()):
        return {}
    return found[1]


def _no_method(call: Call, known: Route) -> Refusal:
    allow = ", ".join(sorted(known.operations))
    note = f"the path is known, the method {call.request.method!r} is not: {allow}"
    return Refusal("unknown-method", note=note, allow=allow, method=call.request.method)


def operation(call: Call) -> None:
    """Choose among the operations of a route by what their selectors ask."""
    chosen = call.candidates[0]
    if chosen.selector is not None:
        chosen = _selected(call, chosen.selector.argument)
    choose(call, chosen)


def choose(call: Call, known: Operation) -> None:
    """Fill in the operation; an XML document is settled by the operation's own schema."""
    call.operation, call.chosen = known, True
    if known.reads != "xml":
        return
    schema, element = known.request, call.document
    assert isinstance(schema, XmlSchema)  # noqa: S101  # the loader gives operations that read XML an XSD
    call.document = schema.settle(element)
    call.arguments = {**call.document, **call.in_path} if call.in_path else call.document


def _selected(call: Call, argument: str) -> Operation:
    value = _argument(call, argument) or None
    for candidate in call.candidates:
        if candidate.selector is not None and candidate.selector.equals == value:
            return candidate
    if call.candidates[0].path.endswith("*}"):
        raise _nowhere(call)
    if value is None:
        raise Refusal("missing-operation", note=f"the request has no {argument[1:]}", name=argument[1:])
    known = [candidate.selector.equals for candidate in call.candidates if candidate.selector and candidate.selector.equals]
    note = f"no operation has {argument[1:]} {value!r}.{nearest(str(value), known)}"
    raise Refusal("unknown-operation", note=note, name=value)


def _argument(call: Call, argument: str) -> Json:
    if call.candidates[0].reads == "xml":
        return next((child.text for child in call.document if child.tag == argument[1:]), None)
    return pointed(call.arguments, argument)
