"""Schema files that stand there in other words, and mean the same.

Knows which file takes from which by the names that stand in them, and no keyword. Law: a file that is another now is told, by
the changes of who reads it or by a note of its own; comments and blanks are nothing.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final
from xml.etree import ElementTree as ET

from mockcloud.changes.bearings import note
from mockcloud.changes.change import Change, How
from mockcloud.changes.edition import Edition, Pair

SIDES: Final = ("requests", "responses")
_SAME: Final = note("other words, or parts that nobody reads: every message is taken as before")


def changes(pair: Pair, told: set[str]) -> Iterator[Change]:
    """The files that changed without any of their readers changing. `told` are the owners of schemas of which something is."""
    before, after = _files(pair.old), _files(pair.new)
    for name in (name for name in after if name in before and before[name] != after[name]):
        if not told & _readers(name, pair.new, after):
            place = f"{pair.provider}/{name}#"
            yield pair.change("schema", How.REWORDED, "documents", place, _SAME)


def _files(edition: Edition) -> dict[str, str]:
    """The schema files by name, each as text that is the same for the same data."""
    found = [file for side in SIDES for kind in ("*.schema.json", "*.xsd") for file in sorted((edition.folder / side).glob(kind))]
    return {f"{file.parent.name}/{file.name}": _plain(file) for file in found}


def _plain(file: Path) -> str:
    text = file.read_text(encoding="utf-8")
    return ET.canonicalize(text, strip_text=True) if file.suffix == ".xsd" else json.dumps(json.loads(text), sort_keys=True)


def _readers(name: str, edition: Edition, files: Mapping[str, str]) -> set[str]:
    """The owners of schemas that are read from a file, or from one that takes from it."""
    taking, todo = {name}, [name]
    while todo:
        short = todo.pop().rpartition("/")[2]
        more = [file for file, text in files.items() if file not in taking and short in text]
        taking.update(more)
        todo.extend(more)
    return {owner for owner, file in _owners(edition) if file in taking}


def _owners(edition: Edition) -> Iterator[tuple[str, str]]:
    provider, data = edition.contract.name, edition.data
    for name, entry in data["operations"].items():
        yield from ((f"{provider}.{name}", f"{side}s/{entry[side]}") for side in ("request", "response") if side in entry)
    for name, entry in data.get("callbacks", {}).items():
        yield from ((f"{provider}.{name}", f"responses/{file}") for file in entry.get("schemas", {}).values())
    yield f"{provider}.refusal", f"responses/{data['provider']['refusal']['schema']}"
