"""The smallest elements and texts that break a rule of an XSD, and that keep it.

Knows every facet of the vocabulary, and asserts by trying them. An example is a list of parts, each with the place (`at`) and
a `value` (the element's text), `left_out`, or `times`. Law: a part is given out only after
the schema's node has agreed; where nothing is found, nothing is given.
"""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections.abc import Callable, Iterator
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from itertools import islice, product
from typing import Any, Final

from mockcloud.contracts.rules import Rule
from mockcloud.contracts.xml_schema import XmlSchema
from mockcloud.contracts.xsd_reader import Node
from mockcloud.messages import Json
from mockcloud.reports.json_values import LONGEST
from mockcloud.reports.patterns import failing, matcher, matching

Example = list[dict[str, Json]]
TRIES: Final = 5_000
_WORDS = {"and", "or", "not", "true", "false"}
_QUOTED = re.compile(r"'([^']*)'|\"([^\"]*)\"")
_NUMBER = re.compile(r"(?<![\w.])[0-9]{1,4}(?![\w.])")
_PATH = re.compile(r"[A-Za-z_][\w.-]*(?:/[A-Za-z_][\w.-]*)*(?![\w(.-]|\s*\()")

BREAKERS: Final[dict[str, Callable[[Json], list[str]]]] = {
    "type": lambda demand: ["x"],
    "enumeration": lambda demand: [one for one in ("other", "none of these") if one not in demand],
    "pattern": lambda demand: [one for one in [failing(demand, whole=True)] if one],
    "minLength": lambda demand: ["x" * (int(demand) - 1)] if int(demand) < LONGEST else [],
    "maxLength": lambda demand: ["x" * (int(demand) + 1)] if int(demand) < LONGEST else [],
    "minInclusive": lambda demand: [str(Decimal(demand) - 1)],
    "maxInclusive": lambda demand: [str(Decimal(demand) + 1)],
}
"""For each constraint of a text the texts that break it. `required`, `maxOccurs` and asserts are of elements."""

_HOLDS: Final[dict[str, Callable[[str, Json], bool]]] = {
    "enumeration": lambda text, demand: text in demand,
    "pattern": lambda text, demand: matcher(demand, whole=True)(text),
    "minLength": lambda text, demand: len(text) >= int(demand),
    "maxLength": lambda text, demand: len(text) <= int(demand),
    "minInclusive": lambda text, demand: Decimal(text) >= Decimal(demand),
    "maxInclusive": lambda text, demand: Decimal(text) <= Decimal(demand),
}


def examples(schema: XmlSchema, rule: Rule) -> tuple[Example, Example]:
    """What breaks the rule and what keeps it; empty where nothing was found."""
    node = node_at(schema.root, rule.path)
    if any(one.name == rule.constraint for one in node.asserts):
        return _of_assert(node, rule)
    kept: Example = [part(rule.path, node, sample(node) or "")]
    if rule.constraint == "required":
        return [*_beside(schema.root, rule.path), part(rule.path, node, None)], kept
    if rule.constraint == "maxOccurs":
        return [{"at": rule.path, "times": rule.demand + 1}], [{"at": rule.path, "times": rule.demand}]
    if rule.constraint in ("minInclusive", "maxInclusive") and _keeps(node, rule.demand):
        kept = [{"at": rule.path, "value": rule.demand}]
    return [{"at": rule.path, "value": one} for one in BREAKERS[rule.constraint](rule.demand)[:1]], kept


def _beside(root: Node, path: str) -> Example:
    """What makes the parent be there without the element: where it may be absent, it is when it is empty."""
    above = path.rpartition("/")[0]
    steps = above.split("/")[1:]
    needed = all(node_at(root, "/" + "/".join(steps[: i + 1])).least for i in range(len(steps)))
    others = [child for child in (node_at(root, above).children or {}).values() if f"{above}/{child.name}" != path]
    others.sort(key=lambda child: (not child.least, child.children is not None))
    return [] if needed or not others else [part(f"{above}/{others[0].name}", others[0], "")]


def sample(node: Node) -> str | None:
    """A small text that an element takes; None for one that has elements, not text."""
    if node.children is not None:
        return None
    listed = [one for facet in node.facets if facet.name == "enumeration" for one in facet.demand]
    patterns = [matching(str(facet.demand), whole=True) for facet in node.facets if facet.name == "pattern"]
    bounds = [str(facet.demand) for facet in node.facets if facet.name in ("minInclusive", "maxInclusive")]
    longest = ["x" * min(int(str(facet.demand)), LONGEST) for facet in node.facets if facet.name == "minLength"]
    texts = [node.default or "", *listed, *(one or "" for one in patterns), *bounds, *longest, "x", "1"]
    return next((one for one in texts if one and _keeps(node, one)), "x")


def element(node: Node) -> ET.Element:
    """The smallest element of a node: a text, or what must be there."""
    made = ET.Element(node.name)
    made.text = sample(node)
    made.extend(element(child) for child in (node.children or {}).values() if child.least)
    return made


def _keeps(node: Node, text: str) -> bool:
    try:
        typed = node.base == "string" or (node.base == "integer") <= (Decimal(text) % 1 == 0)
        return typed and all(_HOLDS[facet.name](text, facet.demand) for facet in node.facets)
    except InvalidOperation:
        return False


def node_at(node: Node, path: str) -> Node:
    """The node at a path below another. Raises KeyError where there is none."""
    for step in path.split("/")[1:]:
        node = (node.children or {})[step]
    return node


def _child(node: Node, path: str) -> Node | None:
    """The node at a path that a test names, None where there is none."""
    try:
        return node_at(node, f"/{path}")
    except KeyError:
        return None


# Asserts --------------------------------------------------------------------------------------------------------------


def _of_assert(node: Node, rule: Rule) -> tuple[Example, Example]:
    """The smallest of the combinations of what the test speaks of: one that it refuses, and the nearest that it takes."""
    spoken = _spoken(node, rule.demand)
    tried = [(given, _built(node, given)) for given in islice(_combinations(spoken), TRIES)]
    others = [one for one in node.asserts if one.name != rule.constraint]
    sound = [
        (given, made)
        for given, made in tried
        if all(_true(one.test, made) for one in others) and all(_below_holds(node, made, path) for path in spoken)
    ]
    sound.sort(key=lambda one: _size(one[0]))
    breaks = next((given for given, made in sound if not _true(rule.demand, made)), None)
    if breaks is None:
        return [], []
    kept = [given for given, made in sound if _true(rule.demand, made)]
    keeps = min(kept, key=lambda given: _distance(given, breaks), default={})
    return _shown(node, rule.path, breaks), _shown(node, rule.path, keeps)


def specimens(schema: XmlSchema, path: str, tests: list[str], tries: int) -> Iterator[ET.Element]:
    """Elements of the node at a path that vary what these tests speak of, among so many combinations."""
    node = node_at(schema.root, path)
    spoken: dict[str, list[str | None]] = {}
    for at, texts in (one for test in tests for one in _spoken(node, test).items()):
        spoken[at] = list(dict.fromkeys([*spoken.get(at, ()), *texts]))
    for given in islice(_combinations(spoken), tries):
        made = _built(node, given)
        if all(_below_holds(node, made, at) for at in spoken):
            yield made


def holds(test: str, made: ET.Element) -> bool:
    """Whether an element keeps a test."""
    return _true(test, made)


def _shown(node: Node, path: str, given: dict[str, str | None]) -> Example:
    return [part(f"{path}/{at}", node_at(node, f"/{at}"), text) for at, text in given.items()]


def part(at: str, node: Node, text: str | None) -> dict[str, Json]:
    """An element of an example: left out, or there with its text.

    One that has elements is there by a text in it: empty, it were absent.
    """
    if text is None:
        return {"at": at, "left_out": True}
    if node.children is None:
        return {"at": at, "value": text or sample(node)}
    while node.children:
        node = next((child for child in node.children.values() if child.least), next(iter(node.children.values())))
        at, text = f"{at}/{node.name}", sample(node) or ""
    return {"at": at, "value": text}


def _size(given: dict[str, str | None]) -> tuple[int, int]:
    present = [text for text in given.values() if text is not None]
    return len(present), sum(map(len, present))


def _distance(given: dict[str, str | None], other: dict[str, str | None]) -> tuple[int, int, tuple[int, int]]:
    """How far two combinations are apart: first in what differs, then in what is there at all."""
    differing = [at for at in given if given[at] != other[at]]
    return len(differing), sum(None in (given[at], other[at]) for at in differing), _size(given)


def _spoken(node: Node, test: str) -> dict[str, list[str | None]]:
    """The paths that a test names, each with the texts worth trying there; None leaves the element out."""
    quoted = [one or two for one, two in _QUOTED.findall(test)]
    lengths = [int(number) + step for number in _NUMBER.findall(_QUOTED.sub("", test)) for step in (0, -1, 1)]
    found: dict[str, list[str | None]] = {}
    for path in _PATH.findall(_QUOTED.sub("''", test)):
        at = None if path in _WORDS else _child(node, path)
        if at is None:
            continue
        likely = [*quoted, sample(at) or "x", *("x" * length for length in lengths)]
        # An element that has elements is told by being there: any text stands for that.
        texts = ["x"] if at.children is not None else [one for one in likely if one and _keeps(at, one)]
        steps = path.split("/")
        needed = all(node_at(node, "/" + "/".join(steps[: i + 1])).least for i in range(len(steps)))
        found[path] = [*([] if needed else [None]), *dict.fromkeys(texts)]
    return found


def _combinations(spoken: dict[str, list[str | None]]) -> Iterator[dict[str, str | None]]:
    for values in product(*spoken.values()):
        yield dict(zip(spoken, values, strict=True))


def _built(node: Node, given: dict[str, str | None]) -> ET.Element:
    """The element with the given ones below it, and with what else must be there."""
    made = element(node)
    for path, text in given.items():
        owner, here = made, node
        steps = path.split("/")
        for step in steps[:-1]:
            here = (here.children or {})[step]
            below = owner.find(step)
            owner = below if below is not None else ET.SubElement(owner, step) if text is not None else ET.Element(step)
        last = owner.find(steps[-1])
        if last is not None:
            owner.remove(last)
        if text is not None:
            leaf = (here.children or {})[steps[-1]]
            child = element(leaf)
            child.text = text if leaf.children is None else None
            owner.append(child)
    return made


def _below_holds(node: Node, made: ET.Element, path: str) -> bool:
    """Whether every assert of the elements on the path holds. What else must be there is not shown, so it is not asked."""
    step, _, rest = path.partition("/")
    below, child = node_at(node, f"/{step}"), made.find(step)
    if child is None or not rest:
        return child is None or all(_true(one.test, child) for one in below.asserts)
    return all(_true(one.test, child) for one in below.asserts) and _below_holds(below, child, rest)


def _true(test: str, made: ET.Element) -> bool:
    return bool(_selector(test).select(made))


@lru_cache(256)
def _selector(test: str) -> Any:
    from elementpath import Selector

    return Selector(f"boolean({test})")
