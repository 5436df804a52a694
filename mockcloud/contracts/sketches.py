"""Sketches: as much of each contract as choosing one needs, so that the rest can wait until somebody asks for it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from mockcloud.contracts import meta
from mockcloud.contracts.json_reader import load
from mockcloud.messages import Json


@dataclass(frozen=True, slots=True)
class Sketch:
    """The hosts and paths by which a request is told to be for a provider."""

    name: str
    folder: Path
    hosts: tuple[Json, ...]
    paths: tuple[str, ...]


@cache
def sketch(folder: Path) -> Sketch:
    """The sketch of the contract in a folder. Raises ContractError."""
    data = load(folder / "provider.json")
    meta.check(data, "provider", f"{folder.name}/provider.json")
    return Sketch(data["provider"], folder, tuple(data["hosts"]), tuple(data["paths"]))
