"""What provokes an error: rules, conditions, `fail_next` and magic names.

Knows the catalogue of a dossier and the ways in which a failure can be planned. Law: what is named here can be had.
"""

from __future__ import annotations

from dataclasses import dataclass

from mockcloud.contracts.model import Operation
from mockcloud.messages import Json
from mockcloud.reports.dossier import Dossier


@dataclass(frozen=True, slots=True)
class Magic:
    """A name that the input of an operation may begin with, in its last segment, and the argument that holds the input."""

    name: str
    operation: str
    argument: str


@dataclass(frozen=True, slots=True)
class Provoked:
    """What provokes one code.

    `rules` are places in `errors.json#/rules`, each with the ids of the rules that come to it; `fail_next` the operations for
    which it can be planned.
    """

    rules: dict[int, list[str]]
    conditions: list[str]
    fail_next: list[str]
    magic: list[Magic]

    def words(self) -> list[str]:
        """The kinds of provocation, as `mockcloud contracts --json` has them."""
        kinds = [f"condition:{name}" for name in self.conditions]
        kinds = ["rule", *kinds] if self.rules else kinds
        return kinds + (["fail_next"] if self.fail_next else []) + (["magic name"] if self.magic else [])


def provoked(entry: Dossier, code: str) -> Provoked:
    """What provokes the code."""
    errors = entry.contract.errors
    operations = list(entry.contract.operations.values())
    planned = [one for one in operations if errors.request_code(code) or _fails(entry, one, code)]
    return Provoked(
        entry.earned.get(code, {}),
        [name for name, answer in errors.conditions.items() if answer.code == code],
        [one.id for one in planned],
        [name for one in operations for name in magic(entry, one, code)],
    )


def patterns(entry: Dossier, found: Provoked) -> list[Json]:
    """The entries of `errors.json#/rules` that a code is earned by."""
    return [entry.errors["rules"][place] for place in found.rules]


def _fails(entry: Dossier, operation: Operation, code: str) -> bool:
    return operation.creates and entry.contract.errors.task_code(code)


def magic(entry: Dossier, operation: Operation, code: str) -> list[Magic]:
    """The magic names that let a request of the operation be refused, or its task fail, with the code."""
    # A magic name ends at the first dot of the last segment, so some codes cannot stand in one.
    if not operation.source or set("./?") & set(code):
        return []
    verbs = {"refuse": entry.contract.errors.request_code(code), "fail": _fails(entry, operation, code)}
    return [Magic(f"mockcloud-{verb}-{code}", operation.id, operation.source) for verb, possible in verbs.items() if possible]
