"""The messages that a cloud sends to its clients, as data: read, held to their laws and compiled."""

from __future__ import annotations

import json
from collections.abc import Callable, Container, Mapping
from dataclasses import dataclass
from typing import Final

from mockcloud.contracts.effects import BASE
from mockcloud.contracts.json_schema import JsonSchema
from mockcloud.contracts.lifecycle import Lifecycle
from mockcloud.contracts.views import Roots, View
from mockcloud.contracts.vocabulary import TASK_MEMBERS
from mockcloud.contracts.xml_schema import XmlSchema
from mockcloud.errors import ContractError, nearest
from mockcloud.messages import Json

OF_A_TASK: Final = ("request", "host", "settings", "request_id", "date", "now", "catalog", "resource")
"""What of a scope there is when a task ends and nobody is calling."""


SUCCESSES: Final = range(200, 300)
"""What takes a message of which the contract does not say."""


@dataclass(frozen=True, slots=True)
class Callback:
    """One kind of message: when it is sent, where to and what it says."""

    name: str
    of: str
    """The kind of task whose end sends it; empty for one that only an effect asks for."""
    on: frozenset[str]
    gather: Mapping[str, tuple[str, View]]
    """Items that its views speak of: name to resource and id."""
    to: View
    record: View | None
    method: str
    headers: tuple[tuple[str, View], ...]
    codec: View
    body: View
    schemas: Mapping[str, JsonSchema | XmlSchema]
    retries: View | None
    expects: View | None
    taken_by: Container[int]
    """The statuses by which a receiver says that it took the message."""
    evidence: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads callbacks. Raises ContractError, naming file and place."""

    file: str
    lifecycles: Mapping[str, Lifecycle]
    roots: Roots
    """What the views of an operation may speak of."""
    resources: Mapping[str, object]
    compile_at: Callable[[Json, str, Roots], View]
    schema: Callable[[str, str], JsonSchema | XmlSchema]
    """The schema of a file, for the callback of a name."""

    def read(self, name: str, entry: Json) -> Callback:
        """One callback."""
        kind = entry.get("of", "")
        self._check_states(name, kind, entry.get("on", ()))
        if '"xml"' in json.dumps(entry["codec"]) and "xml" not in entry.get("schemas", {}):
            raise ContractError(self.file, f"/{name}/schemas", "a message in XML needs an 'xml' schema")
        roots = self._roots(name, entry)

        def view(key: str, more: Mapping[str, None] | None = None) -> View | None:
            return self.compile_at(entry[key], f"/{name}/{key}", {**roots, **(more or {})}) if key in entry else None

        headers = entry.get("headers", {})
        to, codec, body = view("to"), view("codec"), view("body")
        assert to is not None and codec is not None and body is not None  # noqa: S101,PT018  # the meta-schema asks for them
        return Callback(
            name=name,
            of=kind,
            on=frozenset(entry.get("on", ())),
            gather=self._gather(name, entry),
            to=to,
            record=view("record"),
            method=entry.get("method", "POST"),
            headers=tuple((key, self.compile_at(headers[key], f"/{name}/headers/{key}", roots)) for key in headers),
            codec=codec,
            body=body,
            schemas={codec: self.schema(file, name) for codec, file in entry.get("schemas", {}).items()},
            retries=view("retries"),
            expects=view("expects", {"body": None}),
            taken_by=frozenset(entry["taken_by"]) if "taken_by" in entry else SUCCESSES,
            evidence=(entry["evidence"],) if isinstance(entry["evidence"], str) else tuple(entry["evidence"]),
        )

    def _roots(self, name: str, entry: Json) -> Roots:
        own = {"random": frozenset[str](), **dict.fromkeys(entry.get("gather", {}))}
        if "of" not in entry:
            return {**self.roots, **own}
        return {**{root: self.roots[root] for root in OF_A_TASK}, "task": TASK_MEMBERS, **own}

    def _gather(self, name: str, entry: Json) -> Mapping[str, tuple[str, View]]:
        found = {}
        for gathered, source in entry.get("gather", {}).items():
            at, kind = f"/{name}/gather/{gathered}", source["resource"]
            if kind not in self.resources:
                raise ContractError(self.file, at, f"there is no resource '{kind}'.{nearest(kind, self.resources)}")
            if gathered in BASE:
                raise ContractError(self.file, at, f"'{gathered}' is a name that every scope has; choose another")
            roots = {name: members for name, members in self._roots(name, entry).items() if name != gathered}
            found[gathered] = kind, self.compile_at(source["id"], f"{at}/id", roots)
        return found

    def _check_states(self, name: str, kind: str, states: list[str]) -> None:
        if bool(kind) != bool(states):
            raise ContractError(self.file, f"/{name}", "'of' and 'on' belong together")
        if kind and kind not in self.lifecycles:
            raise ContractError(self.file, f"/{name}/of", f"'{kind}' is no kind of task.{nearest(kind, self.lifecycles)}")
        for state in states:
            known = self.lifecycles[kind].states
            if state not in known:
                raise ContractError(self.file, f"/{name}/on", f"'{state}' is no state.{nearest(state, known)}")
            if not known[state].final:
                raise ContractError(self.file, f"/{name}/on", f"'{state}' is not final; a message is sent when a task ends")
