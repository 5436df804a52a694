"""What clients find and make that has no states of its own, as data. Knows no client and no request."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from mockcloud.messages import Json


@dataclass(frozen=True, slots=True)
class Resource:
    """Things of one kind: those that exist before anybody made one, and how made ones are told apart."""

    items: Mapping[str, Mapping[str, Json]]
    """The presets, by id."""
    id: str
    """Pointer to the argument with which a client names a new one; empty when the cloud does."""
    unique: tuple[str, ...]
    """Further members of which no two may have the same value."""
    changeable: bool
    """Whether clients may change the presets."""


def read(entry: Json) -> Resource:
    """One kind of `provider.json`."""
    items = {item["id"]: item for item in entry["items"]}
    return Resource(items, entry.get("id", ""), tuple(entry.get("unique", ())), entry.get("presets") == "changeable")
