"""`survivors.json`: the mutants that no fixture notices, under the reason why. And `figures.json`: what the last whole run found.

Law: a mutant survives if and only if it is listed.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
SURVIVORS, FIGURES = HERE / "survivors.json", HERE / "figures.json"
SHORTEST = 10
"""A text of so many letters, or fewer, is no reason."""


def listed() -> dict[str, dict[str, list[str]]]:
    """Provider to reason to the ids of the mutants."""
    return _read(SURVIVORS)


def reasons(provider: str) -> dict[str, str]:
    """The reason of each listed mutant of a provider."""
    return {name: reason for reason, names in listed().get(provider, {}).items() for name in names}


def figures() -> dict[str, dict[str, Any]]:
    """Provider to `date`, and how many `mutants`, how many noticed by the `fixtures` and by the `loader`."""
    return _read(FIGURES)


def _read(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}


def write(path: Path, data: Any) -> None:
    """Write one of the two files."""
    path.write_text(json.dumps(data, ensure_ascii=False, indent=1, sort_keys=True) + "\n", encoding="utf-8")


def complaints(provider: str, existing: Mapping[str, object], verdicts: Mapping[str, bool]) -> list[str]:
    """What is wrong with the list: by the mutants that exist, and whether each of those that were judged was noticed."""
    known = reasons(provider)
    found = [f"survives and is not listed: {name}" for name, noticed in verdicts.items() if not noticed and name not in known]
    found += [f"is listed and noticed: {name}" for name, noticed in verdicts.items() if noticed and name in known]
    found += [f"is listed and does not exist: {name}" for name in known if name not in existing]
    return found


def record(provider: str, survivors: list[str], reason: str) -> None:
    """List these survivors, new ones under this reason, and no others."""
    known, found = reasons(provider), dict[str, list[str]]()
    for name in survivors:
        found.setdefault(known.get(name, reason), []).append(name)
    write(SURVIVORS, {**listed(), provider: found})
