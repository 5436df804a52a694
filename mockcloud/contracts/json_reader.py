"""Read a JSON Schema file: inline its references, hold it to the vocabulary, list the places where rules stand.

Law: what comes out is a tree in which no two places share an object, so that an object names its place.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from copy import deepcopy
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from mockcloud.contracts.vocabulary import JSON_CONDITIONS, JSON_CONSTRAINTS, JSON_KEYWORDS
from mockcloud.errors import ContractError, nearest
from mockcloud.messages import Json

DIALECT = "https://json-schema.org/draft/2020-12/schema"
"""The only dialect of JSON Schema that is read."""

Fill = Callable[[Json, Json], Json]


@dataclass(frozen=True, slots=True)
class Place:
    """One place where a rule stands: the subschema, the key that breaks it there, and what the rule says."""

    schema: Json
    key: str
    path: str
    constraint: str
    demand: Json
    evidence: tuple[str, ...]
    at: str
    says: str = ""
    about: str = ""


def load(path: Path) -> Json:
    """The JSON of a file. Raises ContractError when it is missing, not UTF-8 or not JSON."""
    try:
        return json.loads(path.read_text(encoding="utf-8"), object_pairs_hook=lambda pairs: _unique(pairs, path))
    except FileNotFoundError:
        raise ContractError(_short(path), "", "the file is missing") from None
    except (UnicodeDecodeError, json.JSONDecodeError) as problem:
        raise ContractError(_short(path), "", f"is not JSON: {problem}") from None


def _unique(pairs: list[tuple[str, Json]], path: Path) -> dict[str, Json]:
    found = dict(pairs)
    if len(found) != len(pairs):
        names = [name for name, _ in pairs]
        raise ContractError(_short(path), "", f"the key '{next(n for n in names if names.count(n) > 1)}' stands twice")
    return found


def _short(path: Path) -> str:
    return "/".join(path.parts[-3:])


def read(path: Path) -> Json:
    """The schema of a file as one tree, its `$ref`s inlined and its `$defs` gone."""
    whole = load(path)
    if not isinstance(whole, dict):
        raise ContractError(_short(path), "", f"a schema is an object, found {type(whole).__name__}")
    tree = _inline(whole, whole, path, "", ())
    for name, unused in tree.pop("$defs", {}).items():
        # What nobody refers to is held to the vocabulary all the same: it will be referred to one day.
        walker = _Walker(_short(path), text=False)
        walker.check(unused, f"/$defs/{name}")
        walker.check_below(unused, f"/$defs/{name}")
    return tree


def _inline(node: Json, whole: Json, path: Path, at: str, above: tuple[str, ...]) -> Json:
    if isinstance(node, list):
        return [_inline(item, whole, path, f"{at}/{i}", above) for i, item in enumerate(node)]
    if not isinstance(node, dict):
        return node
    if "$ref" in node:
        return _refer(node, whole, path, at, above)
    return {key: _inline(value, whole, path, f"{at}/{key}", above) for key, value in node.items()}


def _refer(node: Json, whole: Json, path: Path, at: str, above: tuple[str, ...]) -> Json:
    file, _, pointer = node["$ref"].partition("#")
    target_path = (path.parent / file).resolve() if file else path
    provider = path.parent.parent.resolve()
    if "://" in file or not target_path.resolve().is_relative_to(provider):
        raise ContractError(_short(path), f"{at}/$ref", f"'{node['$ref']}' leads out of the contract's folder")
    key = f"{target_path}#{pointer}"
    if key in above:
        raise ContractError(_short(path), f"{at}/$ref", f"'{node['$ref']}' leads back to itself")
    target_whole = load(target_path) if file else whole
    target = _at(target_whole, pointer, path, at)
    others = _inline({name: value for name, value in node.items() if name != "$ref"}, whole, path, at, above)
    return {**_inline(deepcopy(target), target_whole, target_path, pointer, (*above, key)), **others}


def _at(whole: Json, pointer: str, path: Path, at: str) -> Json:
    node = whole
    for step in pointer.split("/")[1:]:
        if not isinstance(node, dict) or step not in node:
            known = node if isinstance(node, dict) else ()
            raise ContractError(_short(path), f"{at}/$ref", f"'{step}' of '{pointer}' is not there.{nearest(step, known)}")
        node = node[step]
    return node


def places(tree: Json, path: Path, *, text: bool) -> list[Place]:
    """Every place of the tree where a rule stands, in the tree's order.

    `text` says that each leaf is text on the wire, so that `type: string` cannot be broken.
    Raises ContractError for an unknown keyword and for a rule without evidence.
    """
    return list(_Walker(_short(path), text).walk(tree, "", ""))


class _Walker:
    def __init__(self, file: str, text: bool) -> None:
        self.file = file
        self.text = text

    def fail(self, at: str, problem: str) -> ContractError:
        return ContractError(self.file, at, problem)

    def walk(self, schema: Json, path: str, at: str) -> Iterator[Place]:
        self.check(schema, at)
        if "x-rule" in schema:
            yield self.named(schema, path, at)
            self.check_below(schema, at)
        elif JSON_CONDITIONS & set(schema):
            raise self.fail(at, "a condition needs an 'x-rule' that names its rule")
        for keyword in schema:
            if keyword in JSON_CONSTRAINTS and keyword != "required" and not self.unbreakable(keyword, schema):
                yield Place(schema, keyword, path, keyword, schema[keyword], self.evidence(schema, keyword, at), at)
        yield from self.members(schema, path, at)
        for index, part in enumerate(schema.get("allOf", ())):
            yield from self.walk(part, path, f"{at}/allOf/{index}")
        if "items" in schema:
            yield from self.walk(schema["items"], f"{path}/*", f"{at}/items")

    def unbreakable(self, keyword: str, schema: Json) -> bool:
        return self.text and keyword == "type" and schema[keyword] in ("string", "object")

    def members(self, schema: Json, path: str, at: str) -> Iterator[Place]:
        properties = schema.get("properties", {})
        for name in schema.get("required", ()):
            if name not in properties:
                raise self.fail(f"{at}/required", f"'{name}' is no property.{nearest(name, properties)}")
        for name, member in properties.items():
            below = f"{at}/properties/{name}"
            if name in schema.get("required", ()):
                source = self.evidence(member, "required", below)
                yield Place(schema, f"required {name}", f"{path}/{name}", "required", True, source, below)
            yield from self.walk(member, f"{path}/{name}", below)

    def named(self, schema: Json, path: str, at: str) -> Place:
        keyword = next((key for key in schema if key in JSON_CONDITIONS), None)
        if keyword is None:
            raise self.fail(at, f"'x-rule' names a condition, and there is none.{nearest('', JSON_CONDITIONS)}")
        if "x-says" not in schema:
            raise self.fail(at, "a named rule needs 'x-says', the reason given when it is broken")
        evidence = self.evidence(schema, schema["x-rule"], at)
        about = schema.get("x-about", "")
        return Place(schema, "x-rule", path, schema["x-rule"], schema[keyword], evidence, at, schema["x-says"], about)

    def check(self, schema: Json, at: str) -> None:
        if not isinstance(schema, dict):
            raise self.fail(at, f"a schema is an object, found {schema!r}")
        for keyword in schema:
            if keyword not in JSON_KEYWORDS:
                raise self.fail(f"{at}/{keyword}", f"unknown keyword '{keyword}'.{nearest(keyword, JSON_KEYWORDS)}")
        if schema.get("$schema", DIALECT) != DIALECT:
            # A validator would go and fetch another one.
            raise self.fail(f"{at}/$schema", f"the dialect is {DIALECT}, found {schema['$schema']!r}")
        if ("if" in schema) != ("then" in schema):
            raise self.fail(at, "'if' and 'then' belong together")
        self.check_pattern(schema.get("pattern", ""), f"{at}/pattern")
        self.check_comparison(schema.get("x-at-least", {"member": "", "other": ""}), f"{at}/x-at-least")

    def check_below(self, schema: Json, at: str) -> None:
        """Hold everything below a condition to the vocabulary; no rules stand there."""
        listed = {f"{key}/{i}": one for key in ("anyOf", "allOf") for i, one in enumerate(schema.get(key, ()))}
        singles = {key: schema[key] for key in ("not", "if", "then", "items") if key in schema}
        members = {f"properties/{name}": one for name, one in schema.get("properties", {}).items()}
        for key, inner in {**listed, **singles, **members}.items():
            self.check(inner, f"{at}/{key}")
            if "x-at-least" in inner:
                raise self.fail(f"{at}/{key}/x-at-least", "a comparison is a rule of its own and stands below no condition")
            self.check_below(inner, f"{at}/{key}")

    def check_pattern(self, pattern: Json, at: str) -> None:
        if not isinstance(pattern, str) or re.search(r"\\[dwsbDWSB]", pattern):
            # What these match differs between the validators.
            raise self.fail(at, f"{pattern!r} uses a shorthand class, or is no text; write the characters out")
        try:
            re.compile(pattern)
        except re.error as problem:
            raise self.fail(at, f"'{pattern}' is no regular expression: {problem}") from None

    def check_comparison(self, demand: Json, at: str) -> None:
        if not isinstance(demand, dict) or not {"member", "other"} <= set(demand) <= {
            "member",
            "other",
            "other_default",
            "unless",
        }:
            raise self.fail(at, "'x-at-least' has 'member' and 'other', and may have 'other_default' and 'unless'")

    def evidence(self, schema: Json, constraint: str, at: str) -> tuple[str, ...]:
        source = schema.get("x-source")
        if isinstance(source, dict):
            source = source.get(constraint, source.get("*"))
        if not source:
            raise self.fail(at, f"the rule '{constraint}' has no evidence; add 'x-source'")
        return (source,) if isinstance(source, str) else tuple(source)


def sources(node: Json) -> Iterator[str]:
    """Every piece of evidence below a node."""
    if isinstance(node, list):
        for item in node:
            yield from sources(item)
    elif isinstance(node, dict):
        for key, value in node.items():
            if key == "x-source":
                listed = value.values() if isinstance(value, dict) else [value]
                yield from (one for given in listed for one in ([given] if isinstance(given, str) else given))
            else:
                yield from sources(value)


def filler(schema: Json) -> Fill | None:
    """A function of (part, whole message) that puts defaults in the places of absent members; None where there is none."""
    if "items" in schema:
        return _list_filler(filler(schema["items"]))
    members: list[tuple[str, Json, str | None, Fill | None]] = []
    for name, member in schema.get("properties", {}).items():
        inner = filler(member)
        if inner or "default" in member or "x-default-from" in member:
            members.append((name, member.get("default"), member.get("x-default-from"), inner))
    return _object_filler(members) if members else None


def _list_filler(inner: Fill | None) -> Fill | None:
    if inner is None:
        return None
    fill = inner
    return lambda part, whole: [fill(item, whole) for item in part] if isinstance(part, list) else part


def _object_filler(members: list[tuple[str, Json, str | None, Fill | None]]) -> Fill:
    def fill(part: Json, whole: Json) -> Json:
        if not isinstance(part, dict):
            return part
        filled = dict(part)
        for name, default, origin, inner in members:
            value = filled.get(name, default)
            if value is None and origin:
                value = pointed(whole, origin)
            if value is not None:
                filled[name] = inner(value, whole) if inner else value
        return filled

    return fill


def pointed(message: Json, pointer: str) -> Json:
    """The value at a pointer (`/source/key`) of plain data; None where there is none."""
    for step in _steps(pointer):
        message = message.get(step) if isinstance(message, dict) else None
    return message


@lru_cache(4096)
def _steps(pointer: str) -> tuple[str, ...]:
    return tuple(pointer.split("/")[1:])
