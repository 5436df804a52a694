"""What of an answer can be seen from outside: ids, states, codes, and the places in which they stand.

Knows bodies as plain data. Law: a place is a pointer without the indexes of lists, so that a list of one, a node that stands
once and a member are one place; whoever looks gets every value that stands there.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from mockcloud.codecs.malformed import Malformed
from mockcloud.contracts.model import Contract
from mockcloud.drafting.requests.arguments import plain
from mockcloud.messages import Json, Response
from mockcloud.traffic import bare

Seen = dict[str, list[Json]]
"""Every place of an answer that holds a value, with its values in their order."""


def seen(contract: Contract, response: Response) -> Seen:
    """What an answer holds; nothing where it cannot be read."""
    if not response.body:
        return {}
    try:
        document = bare.decoded(response.body, contract.success.codec)
    except Malformed:
        return {}
    found: Seen = {}
    for place, value in leaves(plain(document) if contract.success.codec == "xml" else document):
        found.setdefault(place, []).append(value)
    return found


def leaves(document: Json, above: str = "") -> Iterator[tuple[str, Json]]:
    """Every value of plain data with its place."""
    if isinstance(document, dict):
        for name, value in document.items():
            yield from leaves(value, f"{above}/{name}")
    elif isinstance(document, list):
        for value in document:
            yield from leaves(value, above)
    else:
        yield above, document


def holding(found: Seen, value: str) -> list[str]:
    """The places that hold a value, as text or as a number."""
    return [place for place, values in found.items() if any(spelt(one) == value for one in values)]


def at(found: Seen, places: Iterable[str]) -> list[str]:
    """What stands in the first of these places that is there."""
    return next(([spelt(one) for one in found[place]] for place in places if place in found), [])


def spelt(value: Json) -> str:
    """A value as XML and forms have it."""
    return str(value).lower() if isinstance(value, bool) else "" if value is None else str(value)
