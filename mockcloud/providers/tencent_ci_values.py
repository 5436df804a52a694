"""What Tencent CI's views compute: keys of results, moments, and XML's data as JSON.

Knows the shapes of members that the contract's data hands in, no request and no state: the names of elements, states
and codes arrive as data. Law: pure functions; what is absent comes in as None.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta, timezone
from hashlib import md5
from typing import Final

from mockcloud.messages import Json

BEIJING: Final = timezone(timedelta(hours=8))
"""Where the service's times are, and those of clients that do not say."""

_LOST_PLUS: Final = re.compile("(?<=:[0-9]{2}) ")
"""A plus sign that a client left as it is in a query comes out of it as a blank."""


def digest(*parts: str | None) -> str:
    """32 hex digits that are always the same for the same texts."""
    return md5("\n".join(part or "" for part in parts).encode("utf-8", "replace"), usedforsecurity=False).hexdigest()


def expanded(members: Mapping[str, Json] | None, values: Mapping[str, str]) -> dict[str, Json] | None:
    """The members with `${name}` in their texts replaced by the value of that name; other names stay as they are."""
    if members is None:
        return None
    return {member: _expand(value, values) if isinstance(value, str) else value for member, value in members.items()}


def _expand(text: str, values: Mapping[str, str]) -> str:
    return re.sub(r"\$\{(\w+)\}", lambda place: values.get(place[1], place[0]), text)


def chosen(members: Mapping[str, str] | None, modes: list[dict[str, Json]], mode: str) -> list[str]:
    """The values of those members that a mode produces, in its order; of all members when it would produce none.

    `modes` are items with the `id` of a mode and the `keys` of its members; the keys of all modes together are
    the order of the second case.
    """
    given = members or {}
    own: list[str] = next((item["keys"] for item in modes if item["id"] == mode), [])
    every = dict.fromkeys(key for item in modes for key in item["keys"])
    return _present(given, own) or _present(given, every)


def _present(members: Mapping[str, str], keys: list[str] | dict[str, None]) -> list[str]:
    return [members[key] for key in keys if members.get(key)]


def by_extension(items: list[dict[str, Json]], name: str | None, fallback: str) -> dict[str, Json] | None:
    """The item whose `id` is the extension of a name (or the name itself), else the fallback, without its `id`."""
    extension = (name or "").rpartition(".")[2].lower()
    found = {item["id"]: item for item in items}
    item = found.get(extension) or found.get(fallback)
    return None if item is None else {member: value for member, value in item.items() if member != "id"}


def first(items: list[Json] | None) -> Json:
    """The first of a list, None where there is none: a view that names what it needs twice is a list of one."""
    return items[0] if items else None


def seconds(text: str | None) -> float | None:
    """The moment that a client's text names, None where it names none. Whoever asks by it is not to be refused for its form."""
    try:
        moment = datetime.fromisoformat(_LOST_PLUS.sub("+", (text or "").strip()))
    except ValueError:
        return None
    return moment.replace(tzinfo=moment.tzinfo or BEIJING).timestamp()


def as_json(value: Json, numbers: list[str]) -> Json:
    """XML's data as the vendor's JSON has it: texts, empty elements left out, one of a kind alone, several as a list."""
    if isinstance(value, dict):
        told = {name: as_json(value[name], numbers) for name in sorted(value)}
        return {name: int(one) if name in numbers else one for name, one in told.items() if one is not None} or None
    if isinstance(value, list):
        found = [one for one in (as_json(item, numbers) for item in value) if one is not None]
        return found if len(found) > 1 else first(found)
    return None if value in (None, "") else str(value)


VALUES: Final[Mapping[str, Callable[..., Json]]] = {
    "digest": digest,
    "expanded": expanded,
    "chosen": chosen,
    "by-extension": by_extension,
    "first": first,
    "seconds": seconds,
    "as-json": as_json,
}
"""The functions by the names that views call them by."""
