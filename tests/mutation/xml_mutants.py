"""The mutants of an XSD whose types stand in their elements: occurrence, types, facets and asserts, removed or moved by one.

Law: there is at least one mutant of every rule, and one of every leaf of a response.
"""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

from .folder import XS, read
from .json_mutants import Owner
from .mutant import Change, Mutant, other

BOUNDS = {"minInclusive": -1, "maxInclusive": 1, "minLength": -1, "maxLength": 1}
IMPOSSIBLE = "-987654321"
"""Text that is of every base type, and no vendor's value."""

Labelled = Iterator[tuple[str, str, Change, tuple[str, ...]]]
"""Constraint, what happens to it, the change, and the constraints of the same element that go as well."""


def _elements(element: ET.Element, path: str = "") -> Iterator[tuple[str, ET.Element]]:
    """Every element of the schema with its path, the root's being empty."""
    yield path, element
    for child in element.iterfind(f"{XS}complexType/{XS}all/{XS}element"):
        yield from _elements(child, f"{path}/{child.get('name')}")


def _top(schema: ET.Element) -> ET.Element:
    found = schema.find(f"{XS}element")
    assert found is not None
    return found


def _at(root: ET.Element, path: str) -> ET.Element:
    return next(element for found, element in _elements(_top(root)) if found == path)


def of_request(path: Path, owner: Owner) -> Iterator[Mutant]:
    """Mutants of the rules and defaults of a request."""
    for place, element in _elements(_top(read(path))):
        for constraint, label, change, blind in _changes(element, is_root=not place):
            rule = f"{owner.id}/request#{place}:{constraint}"
            kind = "condition" if element.find(f"{XS}complexType/{XS}assert[@id='{constraint}']") is not None else "rule"
            kind = "default" if constraint == "default" else kind
            hidden = frozenset(f"{owner.provider}.{one}/request#{place}:{name}" for one in owner.operations for name in blind)
            yield owner.mutant(f"{rule} {label}", partial(_within, place, change), kind, rule=rule, blind=hidden)


def _within(place: str, change: Change, schema: Any) -> None:
    change(_at(schema, place))


def _changes(element: ET.Element, *, is_root: bool) -> Labelled:
    if not is_root:
        yield from _occurrence(element)
        yield from _default(element)
    for condition in element.iterfind(f"{XS}complexType/{XS}assert"):
        yield from _assert(condition.get("id", ""), condition.get("test", ""))
    restriction = element.find(f"{XS}simpleType/{XS}restriction")
    if restriction is not None:
        yield from _type(restriction)
        yield from _facets(restriction)


def _occurrence(element: ET.Element) -> Labelled:
    if element.get("minOccurs", "1") != "0":
        yield "required", "removed", lambda one: one.set("minOccurs", "0"), ()
    most = element.get("maxOccurs", "1")
    if most != "unbounded":
        yield "maxOccurs", "removed", lambda one: one.set("maxOccurs", "unbounded"), ()
        yield "maxOccurs", "loosened", lambda one: one.set("maxOccurs", str(int(one.get("maxOccurs", "1")) + 1)), ()


def _default(element: ET.Element) -> Labelled:
    value = element.get("default")
    if value is None:
        return
    choices = [item.get("value") for item in element.iter(f"{XS}enumeration") if item.get("value") != value]
    instead = next(iter(choices), str(other(int(value))) if value.isdecimal() else None)
    if instead is None:
        yield "default", "changed", lambda one: one.attrib.pop("default"), ()
    else:
        yield "default", "changed", lambda one: one.set("default", instead), ()


def _type(restriction: ET.Element) -> Labelled:
    base = restriction.get("base")
    numeric = tuple(name for name in ("minInclusive", "maxInclusive") if restriction.find(f"{XS}{name}") is not None)
    if base != "xs:string":
        yield "type", "removed", partial(_as_text, numeric), numeric
    if base == "xs:integer":
        yield "type", "loosened", lambda one: _restriction(one).set("base", "xs:decimal"), ()


def _as_text(numeric: tuple[str, ...], element: ET.Element) -> None:
    _restriction(element).set("base", "xs:string")
    for name in numeric:
        _remove(element, name)


def _facets(restriction: ET.Element) -> Labelled:
    for name in dict.fromkeys(str(item.tag).removeprefix(XS) for item in restriction):
        if name == "annotation":
            continue
        yield name, "removed", partial(_removed, name), ()
        value = restriction.find(f"{XS}{name}").get("value", "")  # type: ignore[union-attr]  # the name was just read there
        if name in BOUNDS and not (name == "minLength" and value == "1"):
            yield name, "loosened", partial(_moved, name), ()


def _removed(name: str, element: ET.Element) -> None:
    _remove(element, name)


def _moved(name: str, element: ET.Element) -> None:
    facet = _restriction(element).find(f"{XS}{name}")
    assert facet is not None
    facet.set("value", str(int(float(facet.get("value", "0"))) + BOUNDS[name]))


def _remove(element: ET.Element, name: str) -> None:
    for facet in _restriction(element).findall(f"{XS}{name}"):
        _restriction(element).remove(facet)


def _restriction(element: ET.Element) -> ET.Element:
    found = element.find(f"{XS}simpleType/{XS}restriction")
    assert found is not None
    return found


def _assert(name: str, test: str) -> Labelled:
    yield name, "removed", partial(_rewritten, name, ""), ()
    for word in (" or ", " and "):
        parts = split(test, word)
        for index, part in enumerate(parts):
            if len(parts) > 1:
                rest = word.join(parts[:index] + parts[index + 1 :])
                yield name, f"without `{' '.join(part.split())}`", partial(_rewritten, name, rest), ()
        if len(parts) > 1:
            return


def split(test: str, word: str) -> list[str]:
    """The parts of an expression between words that stand in no brackets and no text."""
    parts, depth, start, quote = [], 0, 0, ""
    spaced = re.sub(r"\s", " ", test)
    for index, sign in enumerate(spaced):
        if quote:
            quote = "" if sign == quote else quote
        elif sign in "'\"":
            quote = sign
        elif sign in "()[]":
            depth += 1 if sign in "([" else -1
        elif not depth and spaced.startswith(word, index):
            parts.append(spaced[start:index])
            start = index + len(word)
    return [part.strip() for part in [*parts, spaced[start:]]]


def _rewritten(name: str, test: str, element: ET.Element) -> None:
    owner = element.find(f"{XS}complexType")
    assert owner is not None
    condition = next(item for item in owner.findall(f"{XS}assert") if item.get("id") == name)
    if test:
        condition.set("test", test)
    else:
        owner.remove(condition)


def of_response(path: Path, owner: Owner) -> Iterator[Mutant]:
    """Mutants of an answer: each leaf in turn made impossible, so that an answer that has it is a defect; and its rules."""
    for place, element in _elements(_top(read(path))):
        for constraint, label, change, _ in _changes(element, is_root=not place):
            rule = f"{owner.id}/{owner.side}#{place}:{constraint}"
            yield owner.mutant(f"{rule} {label}", partial(_within, place, change), "answer", rule=rule)
        if place and element.find(f"{XS}complexType") is None:
            label = f"{owner.id}/{owner.side}#{place} impossible"
            yield owner.mutant(label, partial(_within, place, _impossible), "response", place=place)


def _impossible(element: ET.Element) -> None:
    kind = element.find(f"{XS}simpleType")
    base = "xs:string" if kind is None else str(_restriction(element).get("base"))
    if kind is not None:
        element.remove(kind)
    element.attrib.pop("type", None)
    made = ET.SubElement(ET.SubElement(element, f"{XS}simpleType"), f"{XS}restriction", {"base": base})
    ET.SubElement(made, f"{XS}enumeration", {"value": IMPOSSIBLE})
