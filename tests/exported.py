"""The messages of the fixtures, each with the rules that it breaks, for those who judge them by what was exported."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

import answers
from cases import Case, all_cases, cloud_of, send

from mockcloud import Cloud, Request, Response
from mockcloud.contracts import folders
from mockcloud.contracts.loader import load
from mockcloud.contracts.model import Contract
from mockcloud.contracts.rules import Schema
from mockcloud.contracts.xml_schema import XmlSchema
from mockcloud.messages import Refusal
from mockcloud.pipeline import reading, routing
from mockcloud.pipeline.call import Call


@dataclass(frozen=True)
class Message:
    """One message of a fixture. `name` is the file that judges it, without its ending."""

    id: str
    provider: str
    name: str
    data: Any
    """What JSON Schema judges; None for XML."""
    raw: bytes
    """The document; empty for what is no XML."""
    broken: frozenset[str]
    """The rules that it breaks, of those that a mock without settings of its own keeps."""


def contract_of(provider: str) -> Contract:
    return load(folders.known()[provider])


@cache
def messages() -> tuple[Message, ...]:
    """Every request, answer and callback among the fixtures that a schema can judge."""
    return (*_requests(), *_documents())


def _requests() -> Iterator[Message]:
    for case in all_cases("accepted", "refused"):
        sent: list[Request] = []

        def door(cloud: Cloud, request: Request, sent: list[Request] = sent) -> Response:
            sent.append(request)
            return cloud.handle(request)

        if not case.data.get("operation"):
            continue  # it is for nobody
        cloud = cloud_of(case)
        cloud.report = str  # what it would warn of is the case's point
        send(case, cloud, door)
        yield from _request(case, sent[-1])


def _request(case: Case, request: Request) -> Iterator[Message]:
    contract = contract_of(case.provider)
    operation = contract.operations[case.data["operation"].partition(".")[2]]
    call = Call(contract, routing.origin_form(request), 0.0, "", {}, contract.defaults)
    call.candidates = (operation,)
    call.in_path = routing.in_path(call)
    try:
        reading.body(call)
    except Refusal:
        return  # a body that cannot be read is no message
    routing.choose(call, operation)
    xml = operation.reads == "xml"
    broken = _broken(contract, operation.request, call.document)
    name, raw = f"{operation.name}/request", request.body if xml else b""
    yield Message(case.id, case.provider, name, None if xml else call.document, raw, broken)


def _documents() -> Iterator[Message]:
    for case in all_cases("answers", "requests"):
        for document in answers.documents(case):
            contract = contract_of(case.provider)
            schema = answers.schema_of(contract, document)
            data = answers.message(document, schema)
            name = f"{document.operation}/{document.side}"
            if isinstance(schema, XmlSchema):
                raw = schema.write({schema.root.name: data}) if document.number else document.raw
                # The fixture's rule is the only one that it breaks (test_answers.py); the oracle of XML would take its time.
                broken = frozenset() if schema.accepts(schema.settle(ET.fromstring(raw))) else frozenset({document.rule})
                yield Message(document.id, case.provider, name, None, raw, broken)
            else:
                yield Message(document.id, case.provider, name, data, b"", _broken(contract, schema, data))


def _broken(contract: Contract, schema: Schema, data: Any) -> frozenset[str]:
    if schema.accepts(data):
        return frozenset()
    settings, errors = contract.defaults, contract.errors
    rules = [one.rule for one in schema.violations(data)]
    return frozenset(rule for rule in rules if errors.broken(rule) is None or errors.counts(rule, settings, strict=True))
