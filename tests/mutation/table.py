"""`docs/coverage-of-contracts.md`: how much the contracts say and how much of it the fixtures hold, provider by provider.

Law: everything is counted from the folders, but for the mutation figures, which the last whole run left in `figures.json`.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from cases import FIXTURES, ROOT

from mockcloud.contracts import folders
from mockcloud.contracts.loader import load
from mockcloud.contracts.model import Contract

from . import survivors
from .fixtures import DOCUMENTS, VERDICTS, fixtures_of

PAGE = ROOT / "docs" / "coverage-of-contracts.md"
HEAD = """# Coverage of the contracts

What each contract says, the fixtures that hold it to its word, and what a mutation of the contracts finds: every constraint and condition of requests,
answers and messages, every default, error mapping, lifecycle edge, effect and answered member is changed in turn, and a fixture must notice. A line of data is one mutant: operations that
share a schema's file, or answer by the same view letter by letter, have it changed once, for all of them, and a fixture of any of them may notice. What
several schemas take from one definition (`$ref`, an included type) is changed in each of them by itself, and so are the effects of each operation. What
nobody notices is listed with its reason in `tests/mutation/survivors.json`. The counts are kept true by `tests/test_mutation.py`; `python -m tests.mutation --table` writes this page,
and `make mutation` the figures of its second part.
"""

Count = Callable[[Contract], int]


COUNTS: dict[str, Count] = {
    "operations": lambda contract: len(contract.operations),
    "rules of requests": lambda contract: sum(len(one.request.rules) for one in contract.operations.values()),
    "rules of responses": lambda contract: sum(len(one.response.rules) for one in contract.operations.values() if one.response),
    "error codes": lambda contract: len(contract.errors.codes),
    "conditions mapped to a code": lambda contract: len(contract.errors.conditions),
    "kinds of task": lambda contract: len(contract.lifecycles),
    "resources": lambda contract: len(contract.resources),
    "callbacks": lambda contract: len(contract.callbacks),
    "contradictions decided": lambda contract: len(contract.contradictions),
    "settings": lambda contract: len(contract.settings),
}


def providers() -> dict[str, Path]:
    """Our own providers and their folders."""
    return {name: path for name, path in sorted(folders.known().items()) if path.parent == folders.own_folder()}


def page() -> str:
    """The page as it should be."""
    ours = providers()
    contracts = [load(path) for path in ours.values()]
    rows = [[name, *(count(contract) for contract in contracts)] for name, count in COUNTS.items()]
    rows += [[f"fixtures: {verdict}", *(_fixtures(name, verdict) for name in ours)] for verdict in (*VERDICTS, *DOCUMENTS)]
    rows.append(["documents that they hold", *(_documents(name) for name in ours)])
    counted = _table([*ours], [[*row, sum(row[1:])] for row in rows])
    return f"{HEAD}\n{counted}\n{_measured([*ours])}"


def _fixtures(provider: str, verdict: str) -> int:
    return len(list((FIXTURES / provider / verdict).glob("*.json")))


def _documents(provider: str) -> int:
    """The documents of the fixtures with all their variants, of however many operations they are."""
    return sum(1 + len(case.data.get("variants", ())) for case in fixtures_of(provider, DOCUMENTS))


def _measured(ours: list[str]) -> str:
    found = survivors.figures()
    every: dict[str, Any] = {
        key: sum(found.get(name, {}).get(key, 0) for name in ours) for key in ("mutants", "fixtures", "loader")
    }
    every["date"] = min((found.get(name, {}).get("date", "never") for name in ours), default="never")
    columns = [*(found.get(name, {}) for name in ours), every]
    rows: list[list[Any]] = [
        ["mutants", *(column.get("mutants", 0) for column in columns)],
        ["noticed by a fixture", *(column.get("fixtures", 0) for column in columns)],
        ["refused by the loader", *(column.get("loader", 0) for column in columns)],
        ["survive, listed", *(_surviving(column) for column in columns)],
        ["share noticed", *(_share(column) for column in columns)],
        ["measured on", *(column.get("date", "never") for column in columns)],
    ]
    return _table(ours, rows)


def _surviving(figures: dict[str, Any]) -> int:
    return int(figures.get("mutants", 0) - figures.get("fixtures", 0) - figures.get("loader", 0))


def _share(figures: dict[str, Any]) -> str:
    return share(figures.get("mutants", 0) - _surviving(figures), figures.get("mutants", 0))


def share(part: int, whole: int) -> str:
    """A percentage with one place, cut off: 100.0 % is all of it."""
    return f"{1000 * part // whole / 10} %" if whole else "-"


def _table(ours: list[str], rows: list[list[Any]]) -> str:
    head = f"| | {' | '.join([*ours, 'all'])} |\n|---|{'---:|' * (len(ours) + 1)}\n"
    return head + "".join(f"| {' | '.join(map(str, row))} |\n" for row in rows)


def write() -> None:
    """Write the page."""
    PAGE.write_text(page(), encoding="utf-8")
