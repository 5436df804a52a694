"""How a client says that it wants to be told: in the request that makes a task, or once for all in a thing that messages ask.

Knows what the views of callbacks speak of, no vendor. Law: a wish is a request that keeps every rule; whether anybody is told is
for the cloud to say.
"""

from __future__ import annotations

import json
import re
import xml.etree.ElementTree as ET
from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple

from mockcloud.contracts import folders, json_reader
from mockcloud.contracts.model import Contract, Operation
from mockcloud.contracts.routes import in_path
from mockcloud.drafting import decks
from mockcloud.drafting.requests import places
from mockcloud.drafting.requests.drafts import Draft
from mockcloud.drafting.requests.variants import VALUES
from mockcloud.messages import Json
from mockcloud.reports.json_values import ABSENT

URL: Final = "http://client.example/told"
"""Where clients want to be told: at a host that nobody calls, so that what is sent is kept back and recorded."""

ADDRESSING: Final = ("to", "record", "codec", "headers")
"""The views of a callback that say where it goes and in which form."""

_OF_TASK: Final = re.compile(r'"\$task\.(?:sent|request)\.([\w.]+)"')
_OF_SETTINGS: Final = re.compile(r'"\$settings\.(\w+)"')


class Wish(NamedTuple):
    """A request that changes what messages ask, None for none, and the one that makes the task."""

    before: Draft | None
    maker: Draft


def wishes(contract: Contract, smallest: Draft) -> Iterator[tuple[Wish, ...]]:
    """The ways to say it of the task that a request makes, each with everything that can be said otherwise."""
    for raw in _about(contract, smallest.operation):
        yield tuple(Wish(None, draft) for draft in variations(smallest, _spoken(raw)))
        for gathered in raw.get("gather", {}).values():
            yield from _of_thing(contract, gathered["resource"], smallest)


def wishing(contract: Contract, wish: Wish, draft: Draft) -> Draft | None:
    """Another request that makes a task in the same place and says the same wish; None where that would break a rule."""
    where = [at for raw in _about(contract, draft.operation) for at in _spoken(raw)]
    # What a client wants once for all may be for one place only, which the path names.
    where += [f"/{one.name}" for one in in_path(draft.operation)]
    changed = draft.changed([(at, wish.maker.at(at)) for at in where if not isinstance(wish.maker.at(at), ET.Element)])
    return changed if changed.accepted() else None


def lettered(contract: Contract, wish: Wish) -> Wish:
    """The same wish about a task whose request has letters of many kinds, wherever a text is that no rule minds."""
    for at in _members(wish.maker):
        said = wish.maker.at(at)
        changed = wishing(contract, wish, wish.maker.changed([(at, places.LETTERS)])) if isinstance(said, str) else None
        wish = wish if changed is None else wish._replace(maker=changed)
    return wish


def settings(contract: Contract, callback: str) -> Iterator[dict[str, Json]]:
    """Every other value of each setting that the callback's views speak of: the ones that are listed."""
    for name in dict.fromkeys(_OF_SETTINGS.findall(json.dumps(_callbacks(contract)[callback]))):
        setting = contract.settings[name]
        for value in setting.values or ((True, False) if setting.type == "boolean" else ()):
            if value != setting.default:
                yield {name: value}


def variations(draft: Draft, where: Iterable[str] = ()) -> Iterator[Draft]:
    """The request with something in each of these places, all of them where none are named, then with one of them otherwise."""
    named = frozenset(where)
    options = {at: found for at in _members(draft) if (not named or at in named) and (found := _options(draft.operation, at))}
    start = draft
    # Twice, because what is said first may need what is said last.
    for at, values in [*options.items()] * 2:
        start = next(_changed(start, at, values[:1]), start)
    yield start
    for at, values in options.items():
        yield from _changed(start, at, [*values[1:], ABSENT])


def _of_thing(contract: Contract, resource: str, smallest: Draft) -> Iterator[tuple[Wish, ...]]:
    for operation in contract.operations.values():
        if any(effect.verb == "change" and effect.kind == resource for effect in operation.effects):
            drafts = (draft for one in decks.smallest(operation.id) for draft in variations(one))
            yield tuple(Wish(draft, smallest) for draft in drafts)


def _members(draft: Draft) -> list[str]:
    return [at for at, _ in places.members(draft.operation.request)]


def _options(operation: Operation, at: str) -> list[Json]:
    """What can be said in a place, the likeliest first: what is listed, yes and no, all that a list may hold, or where."""
    rules = operation.request.rules.values()
    of_elements = [rule.demand for rule in rules if rule.path == f"{at}/*" and rule.constraint == "enum"]
    if of_elements:
        return of_elements
    said = [(rule.constraint, rule.demand) for rule in rules if rule.path == at]
    listed = [value for constraint, demand in said if constraint in ("enum", "enumeration") for value in demand]
    yes_no = [value for constraint, demand in said if constraint == "type" for value in VALUES["type"](demand, None)]
    return listed or yes_no or [URL]


def _changed(draft: Draft, at: str, values: Iterable[Json]) -> Iterator[Draft]:
    """The request with each of these values in a place, where no rule minds."""
    made = (draft.changed([(at, value)]) for value in values)
    yield from (one for one in made if one.accepted() and one.message != draft.message)


def _about(contract: Contract, maker: Operation) -> Iterator[Json]:
    """The callbacks about the tasks that an operation makes, as they stand in the contract's file."""
    kinds = {effect.kind for effect in maker.effects if effect.verb == "create"}
    return (raw for raw in _callbacks(contract).values() if raw.get("of") in kinds)


def _spoken(raw: Json) -> list[str]:
    """The places in a request that makes a task of which the addressing views speak."""
    return sorted({f"/{at.replace('.', '/')}" for at in _OF_TASK.findall(_addressing(raw))})


def _addressing(raw: Json) -> str:
    return json.dumps({key: raw[key] for key in ADDRESSING if key in raw})


def _callbacks(contract: Contract) -> dict[str, Json]:
    file = folders.chosen([contract.name])[contract.name] / "callbacks.json"
    return json_reader.load(file) if file.exists() else {}
