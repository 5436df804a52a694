"""Items: what clients make that has no states of its own, beside the presets that were always there.

Knows the contract's resources and the store. Law: a preset is never lost: what a client changes of it is kept for
that client's tenancy alone, and an item of one tenancy cannot be seen from another.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import NamedTuple

from mockcloud.contracts.model import Contract
from mockcloud.messages import Json, Refusal
from mockcloud.state.identifiers import Identifiers
from mockcloud.state.stores.memory import Full, Store

Tenancy = tuple[str, ...]


class Item(NamedTuple):
    """One thing that a client made, or a preset as a client changed it."""

    provider: str
    kind: str
    tenancy: Tenancy
    id: str
    created: float
    updated: float
    members: Mapping[str, Json]
    weight: int = 0
    """The bytes of the request that gave it its members."""

    @property
    def key(self) -> tuple[str, ...]:
        """Provider, kind, tenancy and id."""
        return (self.provider, self.kind, *self.tenancy, self.id)


class Items:
    """The items of one provider. What views see of one is a plain object: its members and `id`, `created_at`, `updated_at`."""

    def __init__(self, contract: Contract, store: Store[Item], identifiers: Identifiers) -> None:
        self._contract = contract
        self._store = store
        self._identifiers = identifiers
        self._lock = threading.Lock()
        self.watchers: list[Callable[[str, Tenancy, str, float], None]] = []
        """Told by kind, tenancy, id and time just before an item comes, changes or goes, and just after."""

    def get(self, kind: str, tenancy: Tenancy, id: str) -> Mapping[str, Json] | None:
        """The item with this id as this tenancy sees it, None where there is none."""
        kept = self._store.get((self._contract.name, kind, *tenancy, id))
        return self._contract.resources[kind].items.get(id) if kept is None else seen(kept)

    def all(self, kind: str, tenancy: Tenancy) -> list[Mapping[str, Json]]:
        """The presets, then what was made, oldest first."""
        kept = {item.id: item for item in self._store.below((self._contract.name, kind, *tenancy))}
        presets = self._contract.resources[kind].items
        first = [seen(kept[name]) if name in kept else preset for name, preset in presets.items()]
        return first + [seen(item) for name, item in kept.items() if name not in presets]

    def add(
        self, kind: str, tenancy: Tenancy, now: float, name: str, members: Mapping[str, Json], *, weight: int = 0
    ) -> Mapping[str, Json]:
        """Keep a new item, called `name` or, when that is empty, by a new identifier. Raises Refusal."""
        with self._lock:
            if name and self.get(kind, tenancy, name) is not None:
                raise Refusal(f"duplicate-{kind}", note=f"there is a {kind} {name!r} already", id=name, name="id", found=name)
            self._check_unique(kind, tenancy, "", members)
            named = name or self._named(kind, now)
            return self._kept(Item(self._contract.name, kind, tenancy, named, now, now, members, weight))

    def change(
        self,
        kind: str,
        tenancy: Tenancy,
        now: float,
        present: Mapping[str, Json],
        members: Mapping[str, Json],
        *,
        weight: int = 0,
    ) -> Mapping[str, Json]:
        """Put other members in the place of those that an item has. Raises Refusal."""
        named, resource = str(present["id"]), self._contract.resources[kind]
        if named in resource.items and not resource.changeable:
            raise Refusal(f"protected-{kind}", note=f"the {kind} {named!r} is the cloud's own", id=named)
        with self._lock:
            self._check_unique(kind, tenancy, named, members)
            made = present.get("created_at", now)
            return self._kept(Item(self._contract.name, kind, tenancy, named, made, now, members, weight))

    def remove(self, kind: str, tenancy: Tenancy, now: float, id: str) -> None:
        """Forget an item. Raises Refusal for a preset."""
        if id in self._contract.resources[kind].items:
            raise Refusal(f"protected-{kind}", note=f"the {kind} {id!r} is the cloud's own", id=id)
        with self._lock, self._told(kind, tenancy, id, now):
            self._store.remove((self._contract.name, kind, *tenancy, id))

    def _named(self, kind: str, now: float) -> str:
        # Where clients name what they make, one may leave the name out that a schema does not ask for.
        return self._identifiers.make(kind, now) if kind in self._contract.identifiers else self._identifiers.random()

    def _kept(self, item: Item) -> Mapping[str, Json]:
        try:
            with self._told(item.kind, item.tenancy, item.id, item.updated):
                self._store.put(item)
        except Full:
            raise Refusal("too-many-tasks", note="the mock's store is full; make a new Cloud, or restart the server") from None
        return seen(item)

    @contextmanager
    def _told(self, kind: str, tenancy: Tenancy, id: str, now: float) -> Iterator[None]:
        for told in self.watchers:
            told(kind, tenancy, id, now)
        yield
        for told in self.watchers:
            told(kind, tenancy, id, now)

    def _check_unique(self, kind: str, tenancy: Tenancy, id: str, members: Mapping[str, Json]) -> None:
        for member in self._contract.resources[kind].unique:
            for other in self._others(kind, tenancy, id) if member in members else ():
                if member in other and other[member] == members[member]:
                    note = f"another {kind} has the {member} {members[member]!r}"
                    raise Refusal(f"duplicate-{kind}", note=note, id=other["id"], name=member, found=members[member])

    def _others(self, kind: str, tenancy: Tenancy, id: str) -> Iterator[Mapping[str, Json]]:
        return (item for item in self.all(kind, tenancy) if item["id"] != id)


def seen(item: Item) -> Mapping[str, Json]:
    """An item as views see it, its times still numbers."""
    return {**item.members, "id": item.id, "created_at": item.created, "updated_at": item.updated}
