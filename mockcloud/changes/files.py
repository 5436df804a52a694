"""What changed in the data files of a contract, by the tables of their keys.

Knows what a key that is left out stands for. Law: two ways to write the same thing are no change.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

from mockcloud.changes.change import Change
from mockcloud.changes.edition import Pair
from mockcloud.changes.facets import Found, differences
from mockcloud.changes.tables import FILES
from mockcloud.messages import Json


def changes(pair: Pair, file: str) -> Iterator[Change]:
    """Every change of one data file."""
    for found in found_in(pair, file):
        yield change(pair, file, found)


def found_in(pair: Pair, file: str) -> Iterator[Found]:
    """Every difference of one data file. A file that is left out holds nothing."""
    table, _ = FILES[file]
    written = _WHOLE.get(file, lambda data: data)
    yield from differences(table, written(pair.old.data.get(file, {})), written(pair.new.data.get(file, {})))


def change(pair: Pair, file: str, found: Found) -> Change:
    """A difference as a change."""
    side = found.facet.side or FILES[file][1]
    return pair.change(
        found.facet.what,
        found.how,
        side,
        f"{pair.provider}/{file}.json#{''.join(f'/{step}' for step in found.steps)}",
        found.verdict,
        operation=f"{pair.provider}.{found.steps[0]}" if file == "operations" else "",
        old=found.old,
        new=found.new,
        evidence=found.evidence,
    )


def _provider(data: Json) -> Json:
    resources = {kind: {"presets": "fixed", **entry} for kind, entry in data["resources"].items()}
    habits = {"trailing_slash": "strict", "content_length": "optional", "content_md5": "ignored"}
    return {**habits, **data, "resources": resources, "success": {"status": 200, **data["success"]}}


def _callbacks(data: Json) -> Json:
    return {name: {"method": "POST", **entry} for name, entry in data.items()}


def _operations(data: Json) -> Json:
    return {name: {**entry, "effect": _listed(entry.get("effect", []))} for name, entry in data.items()}


def _listed(effects: Json) -> list[Json]:
    return [one for one in (effects if isinstance(effects, list) else [effects]) if one]


_WHOLE: Final[dict[str, Callable[[Json], Json]]] = {
    "provider": _provider,
    "callbacks": _callbacks,
    "operations": _operations,
}
"""For each file in which something may be left out: the file with it written down."""
