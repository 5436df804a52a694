"""A provider's dossier: its contract, and what its files say beside what the contract's objects keep.

Knows the files that the loader has read and held to their meta-schemas. Law: nothing is read that the loader has not checked.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

from mockcloud.contracts import folders, json_reader
from mockcloud.contracts.json_schema import JsonSchema
from mockcloud.contracts.loader import load
from mockcloud.contracts.model import Contract, Operation, Schema
from mockcloud.contracts.rules import Rule
from mockcloud.contracts.vocabulary import JSON_CONSTRAINTS, TEXT_READS
from mockcloud.messages import Json


@dataclass(frozen=True, slots=True)
class Side:
    """One schema of a contract. `operation` is None for callbacks and the envelope of refusals; `text`: each leaf is text."""

    operation: Operation | None
    schema: Schema
    text: bool = False

    def place(self, rule: Rule) -> str:
        """The path that a violation of the rule shows: where a condition is about a member, that member's."""
        if not isinstance(self.schema, JsonSchema) or rule.constraint in JSON_CONSTRAINTS:
            return rule.path
        found = json_reader.places(self.schema.tree, Path(rule.operation), text=self.text)
        about = next((one.about for one in found if (one.path, one.constraint) == (rule.path, rule.constraint)), "")
        return f"{rule.path}/{about}" if about else rule.path


@dataclass(frozen=True)
class Dossier:
    """One provider: the contract, and `errors.json` as it stands there, with the evidence of each entry."""

    contract: Contract
    errors: Json

    @property
    def name(self) -> str:
        """The provider's name."""
        return self.contract.name

    def sides(self) -> Iterator[Side]:
        """Every schema: of each operation the request and the response, then those of callbacks and of refusals."""
        for one in self.contract.operations.values():
            yield Side(one, one.request, one.reads in TEXT_READS)
            if one.response is not None:
                yield Side(one, one.response)
        for callback in self.contract.callbacks.values():
            yield from (Side(None, schema) for schema in callback.schemas.values())
        if self.contract.refusal.schema is not None:
            yield Side(None, self.contract.refusal.schema)

    def rules(self) -> Iterator[Rule]:
        """Every rule, those of operations first."""
        for side in self.sides():
            yield from side.schema.rules.values()

    def side_of(self, rule: str) -> Side | None:
        """The schema that has the rule."""
        return next((side for side in self.sides() if rule in side.schema.rules), None)

    @cached_property
    def earned(self) -> dict[str, dict[int, list[str]]]:
        """For each code the places in `errors.json#/rules` that earn it, each with the ids of the rules that come to it."""
        found: dict[str, dict[int, list[str]]] = {}
        for rule in self.rules():
            code = self.refusal(rule)
            if code is not None:
                found.setdefault(code, {}).setdefault(self.contract.errors.rank(rule.id), []).append(rule.id)
        return found

    def refusal(self, rule: Rule) -> str | None:
        """The code that a request earns that breaks the rule; None for a rule of answers."""
        earned = self.contract.errors.broken(rule.id) if rule.side == "request" else None
        return earned.code if earned else None


@cache
def dossier(provider: str) -> Dossier:
    """The dossier of a provider. Raises UsageError for one that is not there, ContractError for data that does not load."""
    folder = folders.chosen([provider])[provider]
    return Dossier(load(folder), json_reader.load(folder / "errors.json"))


def dossiers() -> list[Dossier]:
    """The dossiers of all providers."""
    return [dossier(name) for name in folders.known()]
