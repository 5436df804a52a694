"""Requests that break one rule and no other, told from their bytes.

Knows every kind of rule of both languages of schemas. Law: a request is given out only after `validate` has found the one
rule broken in it, and nothing else.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from mockcloud.contracts.json_schema import JsonSchema
from mockcloud.contracts.rules import Rule
from mockcloud.contracts.vocabulary import TEXT_READS
from mockcloud.contracts.xml_schema import XmlSchema
from mockcloud.drafting.requests import parameters
from mockcloud.drafting.requests.amending import amended, as_change
from mockcloud.drafting.requests.drafts import Change, Draft, Times
from mockcloud.drafting.requests.places import ways
from mockcloud.messages import Json, Refusal, Request
from mockcloud.reports import json_examples, xml_examples
from mockcloud.reports.json_values import ABSENT, applying, filled
from mockcloud.validation import validate

Sign = Callable[[Request], Request]


def broken(rule: Rule, bases: Iterable[Draft], sign: Sign, host: str) -> Request | None:
    """A signed request that breaks the rule alone: one of the bases, changed; None where none was found."""
    for asked in (one for base in bases for one in _tried(rule, base, sign, host)):
        if breaks(rule.operation, asked) == {rule.id}:
            return asked
    return None


def breaks(operation: str, request: Request) -> set[str]:
    """The rules of an operation that the bytes of a request break; none where they cannot be read."""
    try:
        return {one.rule for one in validate(operation, request)}
    except Refusal:
        return set()


def _tried(rule: Rule, base: Draft, sign: Sign, host: str) -> Iterator[Request]:
    for change in _changes(base, rule):
        changed = base.changed(change)
        yield sign(changed.request(host))
        mended = amended(changed, rule.id)
        if mended is not None:
            yield sign(mended.request(host))
    yield from _beside(base, rule, sign, host)


def _changes(base: Draft, rule: Rule) -> Iterator[Change]:
    """Changes that break the rule, the likeliest first."""
    schema = base.operation.request
    if isinstance(schema, JsonSchema):
        yield as_change(json_examples.examples(schema, rule)[0])
        yield from _of_members(base, schema, rule)
    else:
        yield from _of_elements(base, schema, rule)


def _of_members(base: Draft, schema: JsonSchema, rule: Rule) -> Iterator[Change]:
    if rule.constraint != "required":
        yield from ([(rule.path, value)] for value in _values(schema, rule))
        return
    above = rule.path.rpartition("/")[0]
    # What is missing is missed only where something is around it.
    around = [] if not above or base.at(above) is not ABSENT else [(above, filled(applying(schema.tree, above)))]
    yield [*around, (rule.path, ABSENT)]


def _of_elements(base: Draft, schema: XmlSchema, rule: Rule) -> Iterator[Change]:
    if rule.constraint != "maxOccurs":
        yield as_change(xml_examples.examples(schema, rule)[0])
        return
    node = xml_examples.node_at(schema.root, rule.path)
    again = rule.path, Times(rule.demand + 1)
    yield from ([*first, again] for first in (ways(node, rule.path) if base.at(rule.path) is ABSENT else [[]]))


def _beside(base: Draft, rule: Rule, sign: Sign, host: str) -> Iterator[Request]:
    """Requests whose parameter that signing puts in is another one, or left out."""
    name, schema = rule.path[1:], base.operation.request
    if base.operation.reads not in TEXT_READS or not isinstance(schema, JsonSchema):
        return
    asked = sign(base.request(host))
    if parameters.has(asked, name):
        values = [None] if rule.constraint == "required" else list(_values(schema, rule))
        yield from (parameters.altered(asked, name, None if one is None else str(one)) for one in values)


def _values(schema: JsonSchema, rule: Rule) -> Iterator[Json]:
    make = json_examples.BREAKERS.get(rule.constraint)
    yield from make(rule.demand, json_examples.around(schema, rule)) if make else ()
