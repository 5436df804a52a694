"""How answers show a task: where in them its state stands, in which words, and where a failure's code.

Knows no vendor: it is found out by letting tasks go through every state and looking. Law: a place is taken for the state's only
if it names most states as the contract does.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from itertools import islice
from typing import NamedTuple

from mockcloud.contracts.model import Contract, Operation
from mockcloud.drafting.answers import pointers
from mockcloud.drafting.decks import drafts
from mockcloud.drafting.histories import timing, watching
from mockcloud.drafting.histories.history import History
from mockcloud.drafting.histories.watching import Watcher
from mockcloud.drafting.tasks import others, paths
from mockcloud.drafting.tasks.paths import Path
from mockcloud.messages import Json
from mockcloud.reports.dossier import dossier

Leaves = Mapping[str, Json]


class Showing(NamedTuple):
    """What the answers of `looker` show: the word at `state`, for each of the table's states one, and the code at `code`.

    `code` is empty where no answer shows one.
    """

    looker: str
    state: str
    words: Mapping[str, str]
    code: str


@cache
def showing(provider: str, kind: str) -> Showing | None:
    """How tasks of a kind are shown; None where no operation shows their states by an id."""
    contract = dossier(provider).contract
    makers = (one for one in contract.operations.values() if others.creates(one, kind) and drafts(one.id))
    found = (_shown(contract, kind, maker, looker) for maker in islice(makers, 1) for looker in watching.lookers(contract, kind))
    return next((one for one in found if one is not None), None)


def _shown(contract: Contract, kind: str, maker: Operation, looker: Operation) -> Showing | None:
    table = contract.lifecycles[kind]
    seen: dict[str, Leaves] = {}
    code = next(iter(paths.codes(contract.errors)), "")
    for path in paths.paths(table, others.deeds(contract, kind)):
        if any(stay.state not in seen for stay in path):
            seen.update(_looked(contract, kind, path, maker, looker, code))
    at = _state(seen)
    if at is None:
        return None
    words = {state: str(leaves[at]) for state, leaves in seen.items()}
    ended = {table.states[name].phase: leaves for name, leaves in seen.items()}
    return Showing(looker.id, at, words, _code(ended.get("failed", {}), ended.get("succeeded", {}), code))


def _looked(
    contract: Contract, kind: str, path: Path, maker: Operation, looker: Operation, code: str
) -> Iterator[tuple[str, Leaves]]:
    """What is seen of a task that goes a way, in each of its states."""
    steps, happenings = timing.timed(path, [timing.evenly(1)] * len(path), others.deeds(contract, kind))
    failure = code if paths.fails(path) else ""
    play = History(maker.id, (), "", steps=steps, happenings=happenings, failure=failure).play()
    watcher = Watcher(play, looker.id)
    watcher.make()
    for stay in path:
        yield stay.state, dict(pointers.leaves(watcher.read(watcher.look())))


def _state(seen: Mapping[str, Leaves]) -> str | None:
    """The place that is there in every state and names most of them; of two the first. None where nothing was seen."""
    everywhere = [at for at in next(iter(seen.values()), {}) if all(at in leaves for leaves in seen.values())]
    naming = {at: sum(leaves[at] == state for state, leaves in seen.items()) for at in everywhere}
    best = max(naming, key=lambda at: naming[at], default=None)
    return best if best is not None and naming[best] * 2 > len(seen) else None


def _code(failed: Leaves, succeeded: Leaves, code: str) -> str:
    """The place that shows a code only when the task has failed."""
    return next((at for at, value in failed.items() if str(value) == code and str(succeeded.get(at)) != code), "")
