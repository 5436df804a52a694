"""Every mutant of a provider's prepared folder, in an order that is the same each time."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from mockcloud.contracts.vocabulary import TEXT_READS

from . import data_mutants, json_mutants, view_mutants, xml_mutants
from .folder import read
from .json_mutants import Owner
from .mutant import Mutant

PLACED = re.compile(r"\{(name|field|where|found)\}")
"""What a message says of the place that a refusal is about."""


def all_mutants(folder: Path) -> list[Mutant]:
    """Every mutant of the folder, no two of one id: a place that a schema speaks of twice has its mutants numbered."""
    found: list[Mutant] = []
    times = Counter[str]()
    for mutant in _every(folder):
        times[mutant.id] += 1
        again = times[mutant.id] > 1
        found.append(replace(mutant, id=f"{mutant.id} ({times[mutant.id]})") if again else mutant)
    return found


def _every(folder: Path) -> Iterator[Mutant]:
    name = folder.name
    operations, provider = read(folder / "operations.json"), read(folder / "provider.json")
    errors = read(folder / "errors.json")
    telling = [condition for condition, entry in errors["conditions"].items() if PLACED.search(_message(errors, entry))]
    for operation, entry in operations.items():
        for side in ("request", "response"):
            sharers = _sharers(operations, side, operation)
            if sharers[:1] == [operation]:
                owner = Owner(name, f"{side}s/{entry[side]}", operation, side, tuple(sharers[1:]))
                yield from _of_request(folder, owner, entry) if side == "request" else _of_response(folder, owner)
        yield from view_mutants.of_operation(name, operation, entry, telling)
        sharers = _sharers(operations, "result", operation)
        if sharers[:1] == [operation]:
            yield from view_mutants.of_result(name, sharers, entry["result"])
    yield from data_mutants.of_errors(name, errors)
    yield from data_mutants.of_lifecycle(name, read(folder / "lifecycle.json"))
    yield from data_mutants.of_provider(name, provider)
    if "schema" in provider["refusal"]:
        yield from _of_response(folder, Owner(name, f"responses/{provider['refusal']['schema']}", "refusal", "response"))
    if (folder / "callbacks.json").exists():
        yield from _of_callbacks(folder, read(folder / "callbacks.json"))


def _sharers(operations: Any, key: str, operation: str) -> list[str]:
    """The operations that say under this key what this one says, letter by letter; none when it says nothing."""
    if key not in operations[operation]:
        return []
    said = json.dumps(operations[operation][key])
    return [name for name, entry in operations.items() if key in entry and json.dumps(entry[key]) == said]


def _message(errors: Any, entry: Any) -> str:
    return str(entry.get("message", errors["codes"][entry["code"]]["message"]))


def _of_request(folder: Path, owner: Owner, entry: Any) -> Iterator[Mutant]:
    if owner.file.endswith(".xsd"):
        return xml_mutants.of_request(folder / owner.file, owner)
    return json_mutants.of_request(folder / owner.file, owner, text=entry["reads"] in TEXT_READS)


def _of_response(folder: Path, owner: Owner) -> Iterator[Mutant]:
    of = xml_mutants.of_response if owner.file.endswith(".xsd") else json_mutants.of_response
    return of(folder / owner.file, owner)


def _of_callbacks(folder: Path, data: Any) -> Iterator[Mutant]:
    yield from data_mutants.of_callbacks(folder.name, data)
    for name, entry in data.items():
        for file in entry.get("schemas", {}).values():
            yield from _of_response(folder, Owner(folder.name, f"responses/{file}", name, "callback"))
