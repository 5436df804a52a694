"""Paths: their templates, and the tree in which a request's path is looked up.

A segment of a template is literal, `{name}`, or has a part that is: `v{version:[0-9]+}`, `{taskId}:queryResult`.
A last segment `{name*}` takes the rest of the path. Law: no two templates tie; what is more literal comes first.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final
from urllib.parse import unquote

from mockcloud.contracts.model import Operation, Route, Selector
from mockcloud.errors import ContractError

REMEMBERED: Final = 256
"""How many paths a contract remembers."""

_TEMPLATE: Final = re.compile(r"([^{}]*)\{(\w+)(\*|:[^{}]+)?\}([^{}]*)")


@dataclass(frozen=True, slots=True)
class Segment:
    """One segment of a template that is not literal. `form` is what its argument must match whole, None for anything."""

    name: str
    prefix: str
    suffix: str
    form: re.Pattern[str] | None
    rest: bool
    bare: bool
    """Whether it is an argument and nothing else."""

    @property
    def rank(self) -> int:
        """How particular it is: a greater one is tried first."""
        return 0 if self.rest else 1 if self.bare else 2

    def argument(self, text: str) -> str:
        """What a segment of a request gives to the argument, empty when it does not fit."""
        if self.bare:
            return text
        if len(text) <= len(self.prefix) + len(self.suffix) or not (text.startswith(self.prefix) and text.endswith(self.suffix)):
            return ""
        inner = text[len(self.prefix) : len(text) - len(self.suffix)]
        return inner if self.form is None or self.form.fullmatch(inner) else ""

    def meets(self, other: Segment | str) -> bool:
        """Whether some text fits both."""
        if isinstance(other, str):
            return bool(self.argument(other)) or self.rest
        prefixes = self.prefix.startswith(other.prefix) or other.prefix.startswith(self.prefix)
        return prefixes and (self.suffix.endswith(other.suffix) or other.suffix.endswith(self.suffix))


Template = tuple["Segment | str", ...]


def template(path: str, file: str, at: str) -> Template:
    """The segments of a path's template. Raises ContractError."""
    parts = path.split("/")[1:]
    found = tuple(_segment(part, file, at) for part in parts)
    names = [one.name for one in found if isinstance(one, Segment)]
    if len(names) != len(set(names)):
        raise ContractError(file, at, f"'{path}' names an argument twice")
    if any(isinstance(one, Segment) and one.rest for one in found[:-1]):
        raise ContractError(file, at, f"'{path}' has something behind the segment that takes the rest")
    return found


def in_path(operation: Operation) -> list[Segment]:
    """The arguments that stand in an operation's path."""
    return [one for one in template(operation.path, "operations.json", "") if isinstance(one, Segment)]


def _segment(part: str, file: str, at: str) -> Segment | str:
    if "{" not in part and "}" not in part:
        return part
    match = _TEMPLATE.fullmatch(part)
    if match is None:
        raise ContractError(file, at, f"'{part}' is no segment; it is literal or holds one {{name}}")
    prefix, name, more, suffix = match.groups(default="")
    if more == "*" and (prefix or suffix):
        raise ContractError(file, at, f"'{part}' takes the rest of the path, so nothing else can stand in it")
    try:
        form = re.compile(more[1:]) if more.startswith(":") else None
    except re.error as problem:
        raise ContractError(file, at, f"'{more[1:]}' is no regular expression: {problem}") from None
    return Segment(name, prefix, suffix, form, more == "*", not (prefix or suffix or more))


@dataclass(slots=True)
class Branch:
    """What may follow one segment of a path."""

    literal: dict[str, Branch] = field(default_factory=dict)
    shaped: list[tuple[Segment, Branch]] = field(default_factory=list)
    route: Route | None = None

    def find(self, segments: list[str], place: int, arguments: dict[str, str], method: str = "") -> Route | None:
        """The route of the segments from a place on that has the method (without one, any); fills in the arguments."""
        branch = self
        for at in range(place, len(segments)):
            below = branch.literal.get(segments[at])
            if branch.shaped:
                # Where a segment can be read in several ways, each is tried to its end.
                found = below.find(segments, at + 1, arguments, method) if below is not None else None
                return found or branch._shaped(segments, at, arguments, method)
            if below is None:
                return None
            branch = below
        return branch.of_method(method)

    def of_method(self, method: str) -> Route | None:
        """The route that ends here, if it has the method."""
        return self.route if self.route is not None and (not method or method in self.route.operations) else None

    def _shaped(self, segments: list[str], place: int, arguments: dict[str, str], method: str) -> Route | None:
        for segment, below in self.shaped:
            given = "/".join(segments[place:]) if segment.rest else segment.argument(segments[place])
            if given:
                found = below.of_method(method) if segment.rest else below.find(segments, place + 1, arguments, method)
                if found is not None:
                    arguments[segment.name] = given
                    return found
        return None


Found = tuple[Route, Mapping[str, str]]
"""A route, and the arguments in the path."""


class Routes:
    """The routes of a contract, looked up by the raw path, the method and the raw query of a request.

    `slash` says that a slash at the end does not count. What was looked up is remembered: clients poll.
    """

    def __init__(self, operations: Mapping[str, Operation], file: str, *, slash: bool) -> None:
        by_query: dict[str, dict[str, Operation]] = {"": {}}
        for name, operation in operations.items():
            by_query.setdefault(operation.query, {})[name] = operation
        self._roots = {query: _tree(found, file) for query, found in by_query.items()}
        self._asked = tuple(query for query in by_query if query)
        self._slash = slash
        self._remembered = lru_cache(REMEMBERED)(self._find)

    def find(self, path: str, method: str, query: str = "") -> Found | None:
        """The route of a path that has the method, else any of the path, with the arguments in it; None for no route.

        A route that asks for a parameter of the query comes before those whose path alone tells them.
        """
        for name in self._asked if query else ():
            if any(part.partition("=")[0] == name for part in query.split("&")):
                found = self._remembered(path, method, name)
                if found is not None and method in found[0].operations:
                    return found
        return self._remembered(path, method, "")

    def _find(self, path: str, method: str, asked: str) -> Found | None:
        segments = path.split("/")[1:]
        if self._slash and len(segments) > 1 and not segments[-1]:
            segments.pop()
        if "%" in path:
            segments = [unquote(segment, errors="replace") for segment in segments]
        arguments: dict[str, str] = {}
        root = self._roots[asked]
        found = root.find(segments, 0, arguments, method) or root.find(segments, 0, arguments)
        return None if found is None else (found, arguments)


def _tree(operations: Mapping[str, Operation], file: str) -> Branch:
    by_path: dict[Template, dict[str, list[Operation]]] = {}
    for operation in operations.values():
        by_method = by_path.setdefault(template(operation.path, file, f"/{operation.name}/path"), {})
        for method in operation.methods:
            _add(by_method.setdefault(method, []), operation, file)
    _check_overlaps(by_path, file)
    root = Branch()
    for segments, methods in by_path.items():
        rest = any(isinstance(one, Segment) and one.rest for one in segments)
        _grow(root, segments).route = Route({method: tuple(found) for method, found in methods.items()}, rest)
    return root


def _grow(branch: Branch, segments: Template) -> Branch:
    for segment in segments:
        if isinstance(segment, str):
            branch = branch.literal.setdefault(segment, Branch())
            continue
        below = next((below for known, below in branch.shaped if known == segment), None)
        if below is None:
            below = Branch()
            branch.shaped.append((segment, below))
            branch.shaped.sort(key=lambda pair: -pair[0].rank)
        branch = below
    return branch


def _add(group: list[Operation], operation: Operation, file: str) -> None:
    for other in group:
        if not _apart(operation.selector, other.selector) or (operation.reads, operation.root) != (other.reads, other.root):
            raise ContractError(
                file, f"/{operation.name}", f"ties with '{other.name}'; tell them apart by 'select' on one argument"
            )
    group.append(operation)


def _apart(one: Selector | None, other: Selector | None) -> bool:
    return one is not None and other is not None and one.argument == other.argument and one.equals != other.equals


def _check_overlaps(by_path: Mapping[Template, Mapping[str, object]], file: str) -> None:
    templates = list(by_path)
    for index, one in enumerate(templates):
        for two in templates[index + 1 :]:
            if not by_path[one].keys() & by_path[two].keys():
                continue
            ranks = [(_rank(a), _rank(b)) for a, b in zip(one, two, strict=False)]
            meet = len(one) == len(two) and all(_meet(a, b) for a, b in zip(one, two, strict=True))
            # Each more particular than the other somewhere, or neither anywhere: no order decides between them.
            if meet and any(a > b for a, b in ranks) == any(b > a for a, b in ranks):
                raise ContractError(file, "", f"the paths {_shown(one)} and {_shown(two)} tie")


def _rank(segment: Segment | str) -> int:
    return 3 if isinstance(segment, str) else segment.rank


def _meet(one: Segment | str, two: Segment | str) -> bool:
    if isinstance(one, Segment):
        return one.meets(two)
    return two.meets(one) if isinstance(two, Segment) else one == two


def _shown(segments: Template) -> str:
    shown = [one if isinstance(one, str) else f"{one.prefix}{{{one.name}}}{one.suffix}" for one in segments]
    return f"/{'/'.join(shown)}"
