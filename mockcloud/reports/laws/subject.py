"""What laws look at: a contract, its files as they stand there, and the texts of its module.

Knows the folder that the loader has read. Law: what breaks a law is told with file and pointer, as the loader does.
"""

from __future__ import annotations

import ast
import importlib.util
import sys
import xml.etree.ElementTree as ET
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from mockcloud.contracts import json_reader, operations
from mockcloud.contracts.evidence import KEYS, listed
from mockcloud.contracts.loader import FILES, OPTIONAL, load
from mockcloud.contracts.model import Contract, Schema
from mockcloud.contracts.xsd_reader import XS
from mockcloud.errors import ContractError
from mockcloud.messages import Json
from mockcloud.reports.dossier import Dossier

SIDES = ("requests", "responses")
LISTS: Mapping[str, str] = {"tasks": "task", "items": "item"}
"""Lists that a scope may have, each with what its elements are."""


@dataclass(frozen=True, slots=True)
class Broken:
    """One place that breaks a law: a file of the folder, a pointer, what was found there and what to do about it."""

    file: str
    pointer: str
    found: str
    remedy: str


@dataclass(frozen=True, eq=False)
class Subject:
    """One contract. `data` are its files by name, `schemas` those of both sides by path, JSON or the root of an XSD."""

    folder: Path
    dossier: Dossier
    data: Mapping[str, Json]
    schemas: Mapping[str, Json]

    @property
    def contract(self) -> Contract:
        """The contract as the loader made it."""
        return self.dossier.contract

    @cached_property
    def evidence(self) -> list[tuple[str, str, str]]:
        """Every piece of evidence with the file and the pointer where it stands."""
        found = [(f"{name}.json", at, one) for name in self.data for at, one in _evidence(self.data[name], "")]
        for name, schema in self.schemas.items():
            if isinstance(schema, ET.Element):
                infos = schema.iterfind(f".//{XS}appinfo")
                found += [(name, "", " ".join((info.text or "").split())) for info in infos]
            else:
                found += [(name, "", one) for one in json_reader.sources(schema)]
        return found

    @cached_property
    def sources(self) -> list[ast.Module]:
        """The module's source, and that of the modules beside it that it imports."""
        return list(_sources(self.data["provider"]["module"]))

    @cached_property
    def texts(self) -> set[str]:
        """Every text that stands in the module, but for the list of its conditions."""
        return {text for tree in self.sources for text in _texts(tree)}

    def spoken(self, *files: str) -> Iterator[tuple[str, str, str, list[str]]]:
        """What the views of the files speak of: file, pointer, root and steps."""
        for name in files:
            for owner, entry in self.data[name].items():
                lists = {**LISTS, **self._lists(owner)} if name == "operations" else LISTS
                yield from ((f"{name}.json", at, root, steps) for at, root, steps in spoken(entry, f"/{owner}", lists))

    def _lists(self, operation: str) -> dict[str, str]:
        effects = self.contract.operations[operation].effects
        return {effect["as"]: "task" if effect.of_tasks else "item" for effect in effects if effect.get("as")}

    @cached_property
    def drafts(self) -> dict[str, Json]:
        """Requests that were found so far: a document is judged slowly, and each is asked for often."""
        return {}

    @cached_property
    def uncompiled(self) -> dict[str, str]:
        """Schema files that the reference validator does not take, each with what it says."""
        found: dict[str, str] = {}
        for file, schema in self._schemas():
            try:
                schema.violations({})
            except Exception as problem:  # noqa: BLE001  # whatever the validators raise for a schema is what its author must know
                found.setdefault(file, f"{type(problem).__name__}: {str(problem).partition(chr(10))[0]}")
        return found

    def _schemas(self) -> Iterator[tuple[str, Schema]]:
        for name, entry in self.data["operations"].items():
            operation = self.contract.operations[name]
            yield f"requests/{entry['request']}", operation.request
            if operation.response is not None:
                yield f"responses/{entry['response']}", operation.response
        if self.contract.refusal.schema is not None:
            yield f"responses/{self.data['provider']['refusal']['schema']}", self.contract.refusal.schema
        for name, callback in self.contract.callbacks.items():
            files = self.data["callbacks"][name].get("schemas", {})
            yield from ((f"responses/{files[codec]}", schema) for codec, schema in callback.schemas.items())


def subject(folder: Path) -> Subject:
    """A contract's folder, installed or not. Raises ContractError for one that does not load."""
    contract = load(folder)
    data = {name: json_reader.load(folder / f"{name}.json") for name in FILES}
    data["operations"] = operations.whole(data["operations"], "operations.json")
    data |= {name: json_reader.load(folder / f"{name}.json") for name in OPTIONAL if (folder / f"{name}.json").exists()}
    schemas: dict[str, Json] = {}
    for side in SIDES:
        for path in sorted((folder / side).glob("*")):
            if path.name.endswith(".schema.json"):
                schemas[f"{side}/{path.name}"] = json_reader.load(path)
            elif path.suffix == ".xsd":
                schemas[f"{side}/{path.name}"] = _document(path)
    return Subject(folder, Dossier(contract, data["errors"]), {"callbacks": {}, **data}, schemas)


def _document(path: Path) -> ET.Element:
    try:
        return ET.parse(path).getroot()
    except ET.ParseError as problem:
        # The loader reads what is used; this is a file that nothing uses.
        raise ContractError("/".join(path.parts[-3:]), "", f"is not XML: {problem}") from None


def spoken(
    view: Json, at: str, lists: Mapping[str, str] = LISTS, named: Mapping[str, str] | None = None
) -> Iterator[tuple[str, str, list[str]]]:
    """What a view speaks of: pointer, root and steps. Elements of a list of tasks or items count as `task` and `item`."""
    names = named or {}
    if isinstance(view, str) and view.startswith("$") and not view.startswith("$$"):
        root, *steps = view[1:].split(".")
        if names.get(root, root):
            yield at, names.get(root, root), steps
    elif isinstance(view, list):
        for index, one in enumerate(view):
            yield from spoken(one, f"{at}/{index}", lists, names)
    elif isinstance(view, dict):
        for key, one in view.items():
            inner = names
            if key == "do" and "$each" in view:
                inner = {**names, view["as"]: lists.get(str(view["$each"]).removeprefix("$"), "")}
            yield from spoken(one, f"{at}/{key}", lists, inner)


def nodes(data: Json, at: str = "") -> Iterator[tuple[str, dict[str, Json]]]:
    """Every object of plain data with its pointer."""
    if isinstance(data, list):
        for index, one in enumerate(data):
            yield from nodes(one, f"{at}/{index}")
    elif isinstance(data, dict):
        yield at, data
        for key, one in data.items():
            yield from nodes(one, f"{at}/{key}")


def _evidence(data: Json, at: str) -> Iterator[tuple[str, str]]:
    for place, node in nodes(data, at):
        for key in KEYS:
            # An identifier, a setting or a state may be called like that; then it is no text.
            if isinstance(node.get(key), (str, list)):
                yield from ((f"{place}/{key}", one) for one in listed(node[key]) if isinstance(one, str))


def _sources(name: str) -> Iterator[ast.Module]:
    beside = f"{name.rpartition('.')[0] or name}."
    waiting, seen = [name], {name}
    while waiting:
        one = waiting.pop()
        module = sys.modules.get(one)
        file = getattr(module, "__file__", None)
        if not file or not file.endswith(".py"):
            continue
        tree = ast.parse(Path(file).read_text(encoding="utf-8"))
        yield tree
        package = one if hasattr(module, "__path__") else one.rpartition(".")[0]
        found = {other for other in _imported(tree, package) if other.startswith(beside)} - seen
        seen |= found
        waiting.extend(found)


def _imported(tree: ast.Module, package: str) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (one.name for one in node.names)
        elif isinstance(node, ast.ImportFrom):
            owner = importlib.util.resolve_name("." * node.level + (node.module or ""), package) if node.level else node.module
            yield from (f"{owner}", *(f"{owner}.{one.name}" for one in node.names))


def _texts(tree: ast.Module) -> Iterator[str]:
    listing = {
        id(text)
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Behaviours"
        for text in ast.walk(node)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in listing:
            yield node.value
