"""Requests that keep every rule of an operation: the smallest that is found, mended rule by rule.

Knows both languages of schemas and the path. Law: a specimen is given out only after the operation's own schema has taken it.
"""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Mapping
from typing import Final
from urllib.parse import quote, urlencode

from mockcloud.codecs import form_body, json_body
from mockcloud.contracts.json_schema import JsonSchema
from mockcloud.contracts.model import Operation, Selector
from mockcloud.contracts.routes import Segment, in_path, template
from mockcloud.contracts.vocabulary import TEXT_READS
from mockcloud.contracts.xml_schema import XmlSchema
from mockcloud.contracts.xsd_reader import Node
from mockcloud.messages import Json, Request
from mockcloud.reports import xml_examples
from mockcloud.reports.json_values import applying, sample
from mockcloud.reports.laws import mending
from mockcloud.reports.laws.mending import mended
from mockcloud.reports.patterns import matching

MENDED: Final = 40
"""How often a message is mended before it is given up."""

Message = Json
"""The arguments as plain data, or the document of a request that reads XML."""


def specimen(operation: Operation, given: Mapping[str, Json] | None = None) -> Message | None:
    """A request that the operation's schema takes, with the given values at their pointers; None where none was found."""
    schema = operation.request
    in_url = {f"/{one.name}" for one in in_path(operation)} if isinstance(schema, XmlSchema) else ()
    fixed = {at: value for at, value in {**_selected(operation.selector), **(given or {})}.items() if at not in in_url}
    message = _element(schema.root) if isinstance(schema, XmlSchema) else _started(operation, schema)
    for _ in range(MENDED):
        for at, value in fixed.items():
            put(message, at, value)
        judged = form_body.flatten(message) if operation.reads in TEXT_READS else message
        if schema.accepts(judged):
            return judged
        broken = schema.violations(judged)
        before, rule = _shown(message), schema.rules[broken[0].rule]
        if isinstance(schema, JsonSchema):
            message = mended(schema, rule, message)
        else:
            for part in xml_examples.examples(schema, rule)[1]:
                put(message, part["at"], None if part.get("left_out") else part.get("value", ""))
        if _shown(message) == before:
            return None
    return None


def _element(node: Node) -> ET.Element:
    """The smallest element of a node, with what must be there as often as it must."""
    made = xml_examples.element(node)
    for child in [one for one in (node.children or {}).values() if one.least]:
        for old in made.findall(child.name):
            made.remove(old)
        made.extend(_element(child) for _ in range(child.least))
    return made


def _started(operation: Operation, schema: JsonSchema) -> dict[str, Json]:
    found = sample(schema.tree)
    message = found if isinstance(found, dict) else {}
    for segment in in_path(operation):
        text = sample({"allOf": applying(schema.tree, f"/{segment.name}")})
        fits = isinstance(text, str) and segment.argument(f"{segment.prefix}{text}{segment.suffix}")
        form = segment.form.pattern if segment.form else "x"
        message[segment.name] = text if fits else matching(form, whole=True) or "x"
    return message


def _selected(selector: Selector | None) -> dict[str, Json]:
    return {selector.argument: selector.equals} if selector else {}


def _shown(message: Message) -> str:
    return ET.tostring(message, encoding="unicode") if isinstance(message, ET.Element) else repr(message)


def put(message: Message, at: str, value: Json) -> None:
    """Put a value in a message at a pointer; None takes out what is there."""
    if isinstance(message, ET.Element):
        _put_element(message, at.split("/")[1:], value)
    else:
        mending.put(message, at, value)


def _put_element(owner: ET.Element, steps: list[str], value: Json) -> None:
    step, *rest = steps
    below = owner.find(step)
    if value is None and not rest:
        for one in owner.findall(step):
            owner.remove(one)
        return
    if below is None:
        if value is None:
            return
        below = ET.SubElement(owner, step)
    if rest:
        _put_element(below, rest, value)
    else:
        below.text = str(value)


def request(operation: Operation, message: Message, host: str, given: Mapping[str, Json], method: str = "") -> Request:
    """The message as the bytes of an HTTP request; of a document the arguments of the path are those given at pointers.

    `method` is one of the operation's; POST where it has that, when none is given.
    """
    arguments = {at[1:]: value for at, value in given.items()} if isinstance(message, ET.Element) else dict(message)
    path = "".join(f"/{_segment(one, arguments)}" for one in template(operation.path, "operations.json", ""))
    named = {one.name for one in in_path(operation)}
    rest = {name: value for name, value in arguments.items() if name not in named}
    method = method or ("POST" if "POST" in operation.methods else operation.methods[0])
    body, media, query = b"", "", ""
    if isinstance(message, ET.Element):
        body, media = ET.tostring(message, encoding="utf-8"), "application/xml"
    elif operation.reads == "json":
        body, media = json_body.encode(rest), "application/json"
    elif rest and operation.reads == "parameters" and method == "POST":
        body, media = urlencode(rest, quote_via=quote).encode(), "application/x-www-form-urlencoded"
    elif rest and operation.reads in ("query", "parameters"):
        query = f"?{urlencode(rest, quote_via=quote)}"
    headers = [("Host", host), *([("Content-Type", media)] if media else [])]
    if body or method in ("POST", "PUT"):
        headers.append(("Content-Length", str(len(body))))
    return Request(method, path + query, host, tuple(headers), body)


def _segment(one: Segment | str, arguments: Mapping[str, Json]) -> str:
    if isinstance(one, str):
        return quote(one, safe=":")  # as clients write what is literal in a path
    text = str(arguments.get(one.name, "x"))
    return one.prefix + quote(text, safe="/" if one.rest else "") + one.suffix
