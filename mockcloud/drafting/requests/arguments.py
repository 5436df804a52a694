"""Documented arguments, names to values, and the drafts that they make: the same message as a caller says it.

Knows both languages of schemas. Law: arguments that a draft gave make the same draft again. What signing puts into a request
is no argument, and neither is what the host says.
"""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Final
from weakref import WeakKeyDictionary

from mockcloud.contracts import folders
from mockcloud.contracts.model import Contract, Operation, Schema
from mockcloud.contracts.routes import in_path
from mockcloud.contracts.xml_schema import XmlSchema
from mockcloud.drafting.requests.drafts import Draft
from mockcloud.messages import Json, Refusal, Request
from mockcloud.pipeline.call import Call
from mockcloud.traffic.telling import Teller

_SIGNING: Final[WeakKeyDictionary[Schema, frozenset[str]]] = WeakKeyDictionary()
"""By the schema of an operation's requests what signing puts into them."""


def signing(contract: Contract, operation: Operation) -> frozenset[str]:
    """The parameters that signing puts in: those of which only the rules of authentication speak."""
    # Whoever reads arguments asks this of each message.
    known = _SIGNING.get(operation.request)
    if known is None:
        known = _SIGNING[operation.request] = frozenset(_signing(contract, operation))
    return known


def _signing(contract: Contract, operation: Operation) -> Iterator[str]:
    counts, settings = contract.errors.counts, contract.defaults
    asked = [one for one in operation.request.rules.values() if counts(one.id, settings, strict=True)]
    return (one.path[1:] for one in asked if not counts(one.id, settings, strict=False))


def as_arguments(contract: Contract, draft: Draft) -> dict[str, Json]:
    """What a draft says, by the vendor's names: nested as documented, with the arguments of its path.

    A leaf of a document is text, and an element that stands there more than once a list.
    """
    schema = draft.operation.request
    if isinstance(schema, XmlSchema) and isinstance(draft.message, ET.Element):
        return {**schema.settle(draft.message), **{at[1:]: value for at, value in draft.given.items()}}
    put_in = signing(contract, draft.operation)
    return {name: value for name, value in draft.message.items() if name not in put_in}


def drafted(operation: Operation, arguments: Mapping[str, Json]) -> Draft:
    """The draft that says these arguments, whether or not any rule lets it."""
    if not isinstance(operation.request, XmlSchema):
        return Draft(operation, {}, {}).saying(dict(arguments))
    path = {one.name for one in in_path(operation)}
    given = {f"/{name}": value for name, value in arguments.items() if name in path}
    return Draft(operation, element(operation.root, {k: v for k, v in arguments.items() if k not in path}), given)


def said(contract: Contract, operation: Operation, request: Request) -> dict[str, Json] | None:
    """The arguments that the bytes of a request say, None where they cannot be read."""
    call = _taken(contract, operation, request)
    return None if call is None else as_arguments(contract, Draft(operation, call.arguments, {}))


def heard(contract: Contract, operation: Operation, request: Request) -> Json:
    """What the operation's schema judges of the bytes of a request, None where they cannot be read."""
    call = _taken(contract, operation, request)
    return None if call is None else call.document


def _taken(contract: Contract, operation: Operation, request: Request) -> Call | None:
    teller = _teller(contract.name)
    call = teller.call(contract.name, request, {})
    try:
        teller.take_for(call, operation)
    except Refusal:
        return None
    return call


@cache
def _teller(provider: str) -> Teller:
    return Teller(folders.chosen([provider]))


def plain(element: ET.Element) -> Json:
    """An element as plain data: its text, or its children by name, those that stand there more than once as a list."""
    if not len(element):
        return element.text or ""
    found: dict[str, list[Json]] = {}
    for child in element:
        found.setdefault(child.tag, []).append(plain(child))
    return {name: values[0] if len(values) == 1 else values for name, values in found.items()}


def element(name: str, value: Json) -> ET.Element:
    """Plain data as an element of a name."""
    made = ET.Element(name)
    if not isinstance(value, dict):
        made.text = str(value)
        return made
    for key, below in value.items():
        made.extend(element(key, one) for one in (below if isinstance(below, list) else [below]))
    return made
