"""What draws of an operation have to show: each value of an enum, each boundary, each optional member there and not there.

Law: what is wanted follows from the rules, one by one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from mockcloud.contracts.model import Operation, Schema
from mockcloud.contracts.rules import Rule
from mockcloud.contracts.xml_schema import XmlSchema
from mockcloud.drafting.requests.places import members
from mockcloud.messages import Json

LONGEST = 4_096
"""Characters of the longest text that strategies draw, and elements of the longest list below."""

LONGEST_LIST = 64
IMPOSSIBLE = {
    "jdcloud.setCallbackSettings /httpUrl not there": "the only type of callback needs it",
    "tencent_ci.GetMediaInfo /ci-process not there": "without it, it is a download",
    "ucloud.CreateFunctionTemplate /VideoBitRate enum 'adaptive'": "the rule spelt-as-documented forbids this spelling",
}
"""What no valid request can show, each with the reason."""

Shows = Callable[[list[Any]], bool]


def wanted(operation: Operation) -> dict[str, tuple[str, Shows]]:
    """By a name what is to be seen: the place, and whether the values that stand there in one request show it."""
    found = dict(_members(operation))
    for rule in operation.request.rules.values():
        for name, shows in SHOWN.get(rule.constraint, _nothing)(rule):
            found[f"{rule.path} {rule.constraint} {name}"] = rule.path, shows
    return {name: one for name, one in found.items() if f"{operation.id} {name}" not in IMPOSSIBLE}


def standing(schema: Schema, message: Json, path: str) -> list[Any]:
    """Every value at a place of a message. That an element repeats is not said by the paths of documents."""
    found = [message]
    for step in path.split("/")[1:]:
        found = _each_of(found) if step == "*" else [one[step] for one in found if isinstance(one, dict) and step in one]
        if isinstance(schema, XmlSchema):
            found = [*_each_of(found), *(one for one in found if not isinstance(one, list))]
    return found


def _each_of(lists: list[Any]) -> list[Any]:
    return [item for one in lists if isinstance(one, list) for item in one]


def _members(operation: Operation) -> Iterator[tuple[str, tuple[str, Shows]]]:
    schema = operation.request
    needed = {rule.path for rule in schema.rules.values() if rule.constraint == "required"}
    for path, _ in members(schema):
        above, _, name = path.rpartition("/")
        if name == "*" or f"{{{path[1:]}" in operation.path:
            continue
        yield f"{path} there", (path, bool)
        if path not in needed:
            yield f"{path} not there", (above, partial(_lacks, name))


def _lacks(name: str, owners: list[Any]) -> bool:
    return any(isinstance(one, dict) and name not in one for one in owners)


def _nothing(rule: Rule) -> list[tuple[str, Shows]]:
    return []


def _each(rule: Rule) -> list[tuple[str, Shows]]:
    listed = rule.demand if isinstance(rule.demand, list) else [rule.demand]
    return [(repr(one), lambda values, one=one: any(_same(value, one) for value in values)) for one in listed if one != ""]


def _bound(rule: Rule) -> list[tuple[str, Shows]]:
    return [(str(rule.demand), lambda values: any(_number(value) == float(rule.demand) for value in values))]


def _length(rule: Rule) -> list[tuple[str, Shows]]:
    demand = int(rule.demand)
    return (
        [(str(demand), lambda values: any(isinstance(one, str) and len(one) == demand for one in values))]
        if demand <= LONGEST
        else []
    )


def _count(rule: Rule) -> list[tuple[str, Shows]]:
    demand = int(rule.demand)
    shows = lambda values: any(isinstance(one, list) and len(one) == demand for one in values)  # noqa: E731
    return [(str(demand), shows)] if demand <= LONGEST_LIST else []


def _both(rule: Rule) -> list[tuple[str, Shows]]:
    return [(repr(one), lambda values, one=one: one in values) for one in (True, False)] if rule.demand == "boolean" else []


SHOWN: dict[str, Callable[[Rule], list[tuple[str, Shows]]]] = {
    "enum": _each,
    "const": _each,
    "enumeration": _each,
    "type": _both,
    "minimum": _bound,
    "maximum": _bound,
    "minInclusive": _bound,
    "maxInclusive": _bound,
    "minLength": _length,
    "maxLength": _length,
    "minItems": _count,
    "maxItems": _count,
}
"""For each constraint what is to be seen of it."""


def _same(value: Any, one: Any) -> bool:
    return type(value) is type(one) and bool(value == one)


def _number(value: Any) -> float | None:
    try:
        return None if isinstance(value, bool) else float(value)
    except (TypeError, ValueError):
        return None
