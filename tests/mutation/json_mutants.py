"""The mutants of a JSON Schema: constraints removed, bounds moved by one, conditions taken apart, defaults changed.

Law: there is at least one mutant of every rule, and one of every member of a response that holds no others.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from mockcloud.contracts import json_reader, rules
from mockcloud.contracts.json_reader import Place
from mockcloud.contracts.vocabulary import JSON_CONDITIONS, JSON_CONSTRAINTS

from .folder import read
from .mutant import Change, Mutant, Steps, both, dropped, other, pointer, put, walked

BOUNDS = {"minimum": -1, "maximum": 1, "minLength": -1, "maxLength": 1, "minItems": -1, "maxItems": 1}
_NAMED = JSON_CONDITIONS | {"then", "x-rule", "x-says", "x-about"}


@dataclass(frozen=True)
class Owner:
    """The schema's provider and place, the operation whose side it is, and the other operations that share the file."""

    provider: str
    file: str
    operation: str
    side: str
    others: tuple[str, ...] = ()

    @property
    def operations(self) -> tuple[str, ...]:
        return self.operation, *self.others

    @property
    def id(self) -> str:
        return f"{self.provider}.{self.operation}"

    def mutant(self, name: str, change: Change, kind: str, **facts: Any) -> Mutant:
        """A mutant of the file."""
        return Mutant(name, self.provider, kind, self.file, change, self.operations, self.side, **facts)


def of_request(path: Path, owner: Owner, *, text: bool) -> Iterator[Mutant]:
    """Mutants of the rules and defaults of a request."""
    tree = read(path)
    for mutant, place in _of_rules(tree, path, owner, text=text):
        yield mutant("condition" if place.key == "x-rule" else "rule")
    yield from _defaults(tree, owner)


def _of_rules(tree: Any, path: Path, owner: Owner, *, text: bool) -> Iterator[tuple[Callable[[str], Mutant], Place]]:
    """Mutants of the rules of either side, waiting for the name of their kind, and the place of each."""
    steps = {id(node): place for place, node in walked(tree)}
    for place in json_reader.places(tree, path, text=text):
        rule = rules.make((owner.id, owner.side), place.path, place.constraint, place.demand, place.evidence, place.says).id
        for label, change in _changes(place, steps[id(place.schema)]):
            yield partial(owner.mutant, f"{rule} {label}", change, rule=rule), place


def _changes(place: Place, at: Steps) -> Iterator[tuple[str, Change]]:
    schema, constraint = place.schema, place.key
    if constraint == "x-rule":
        yield "removed", dropped(*((*at, key) for key in schema if key in _NAMED))
        yield from _parts(schema, at)
    elif constraint.startswith("required "):
        yield "removed", dropped((*at, "required", schema["required"].index(constraint.removeprefix("required "))))
    else:
        yield "removed", dropped((*at, constraint))
        yield from _loosened(schema, constraint, at)


def _loosened(schema: Any, constraint: str, at: Steps) -> Iterator[tuple[str, Change]]:
    demand = schema[constraint]
    if constraint in BOUNDS and not (constraint.startswith("min") and demand + BOUNDS[constraint] == 0 and demand == 1):
        yield "loosened", put((*at, constraint), demand + BOUNDS[constraint])
    elif constraint == "type" and demand == "integer":
        yield "loosened", put((*at, "type"), "number")
    elif constraint == "pattern" and (demand.startswith("^") or demand.endswith("$")):
        yield "loosened", put((*at, "pattern"), demand.removeprefix("^").removesuffix("$"))


def _parts(schema: Any, at: Steps) -> Iterator[tuple[str, Change]]:
    """A named condition without each of its parts."""
    for key in ("unless", "other_default"):
        if key in schema.get("x-at-least", ()):
            yield f"x-at-least/{key} removed", dropped((*at, "x-at-least", key))
    for key in ("anyOf", "not", "if", "then"):
        if key in schema:
            for steps, label, change in _below(schema[key], (*at, key)):
                yield f"{pointer(steps[len(at) :])[1:]} {label}", change


def _below(node: Any, at: Steps) -> Iterator[tuple[Steps, str, Change]]:
    if isinstance(node, list):
        for index, branch in enumerate(node):
            yield from _branch(branch, (*at, index), alone=len(node) == 1)
        return
    for key, value in node.items():
        if key in ("required", "enum"):
            several = [(*at, key, index) for index in range(len(value)) if len(value) > 1 or key == "required"]
            yield from (((*place[:-1], value[place[-1]]), "removed", dropped(place)) for place in several)
        elif key in JSON_CONSTRAINTS:
            yield (*at, key), "removed", dropped((*at, key))
            yield from (((*at, key), label, change) for label, change in _loosened(node, key, at))
        elif key == "properties":
            yield from (one for name, member in value.items() for one in _below(member, (*at, key, name)))
        elif key in ("not", "if", "then", "items", "anyOf", "allOf"):
            yield from _below(value, (*at, key))


def _branch(branch: Any, at: Steps, *, alone: bool) -> Iterator[tuple[Steps, str, Change]]:
    if not alone:
        yield at, "removed", dropped(at)
    # Without the one constraint of a branch it holds always, and the rule never speaks: that is the rule removed.
    single = len(_constraints(branch)) == 1
    yield from (one for one in _below(branch, at) if not single or one[1] == "loosened")


def _constraints(node: Any) -> list[str]:
    return [key for _, part in walked(node) for key in part if key in JSON_CONSTRAINTS]


def _defaults(tree: Any, owner: Owner) -> Iterator[Mutant]:
    for steps, node in walked(tree):
        is_member = steps[-2:-1] == ("properties",) and "if" not in steps
        for key in ("default", "x-default-from"):
            if is_member and key in node:
                value = node[key]
                choices = [one for one in node.get("enum", ()) if one != value]
                put_in = choices[0] if choices else other(value)
                change = dropped((*steps, key)) if put_in is None or key != "default" else put((*steps, key), put_in)
                label = f"{owner.id}/request#{_in_message(steps)}:{key} changed"
                yield owner.mutant(label, change, "default")


def of_response(path: Path, owner: Owner) -> Iterator[Mutant]:
    """Mutants of an answer: each member in turn made impossible, so that an answer that has it is a defect; and its rules."""
    tree = read(path)
    for mutant, _ in _of_rules(tree, path, owner, text=False):
        yield mutant("answer")
    for steps, node in walked(tree):
        inside = any(key in steps for key in ("if", "then", "not", "anyOf"))
        if steps[-2:-1] == ("properties",) and not inside and not _holds_members(node):
            place = _in_message(steps)
            change = both(put((*steps, "const"), "impossible"), put((*steps, "x-source"), "decision: a mutant"))
            label = f"{owner.id}/{owner.side}#{place} impossible"
            yield owner.mutant(label, change, "response", place=place)


def _in_message(steps: Steps) -> str:
    """The place of a message that a place of its schema speaks of; a member may be called like a keyword."""
    place, naming = "", False
    for step in steps:
        if naming:
            place += f"/{step}"
        elif step == "items":
            place += "/*"
        naming = not naming and step == "properties"
    return place


def _holds_members(node: Any) -> bool:
    return any("properties" in part and part["properties"] for _, part in walked(node))
