"""What JD Cloud's lists ask for: times, the ends of a period, and filters as a query spells them.

Knows the spelling of queries, no list and no request: what a list can be filtered by is handed in. Law: pure functions; what
is absent comes in as None, and a function that has nothing to say returns None.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Final, NamedTuple

from mockcloud.messages import Json

TIME: Final = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2})(?:[.]([0-9]{3}))?Z")
FILTER: Final = re.compile(r"filters[.]([1-9][0-9]{0,3})[.](?:(name|operator)|values[.]([1-9][0-9]{0,3}))")


def moment(text: str | None) -> str | None:
    """A time with milliseconds whether it was given with them or not; None for what is no time."""
    found = TIME.fullmatch(text or "")
    try:
        if found is None or not datetime.fromisoformat(found[1]):
            return None
    except ValueError:
        return None
    return f"{found[1]}.{found[2] or '000'}Z"


def whole_seconds(text: str | None) -> str | None:
    """A time without its milliseconds."""
    return text and f"{text[:19]}Z"


def period_problem(begin: str | None, end: str | None) -> str | None:
    """Why these are not the ends of a period."""
    for name, given in (("begin", begin), ("end", end)):
        if given is not None and moment(given) is None:
            return f"{name} is no time: {given}"
    first, last = moment(begin), moment(end)
    return "begin is later than end" if first and last and first > last else None


# Filters of lists, as the query spells them: filters.1.name=title&filters.1.values.1=first


class Asked(NamedTuple):
    """One filter of a query."""

    at: str
    name: str
    operator: str
    values: tuple[str, ...]


def _asked(arguments: Mapping[str, Json]) -> list[Asked]:
    parts: dict[int, dict[str, str]] = {}
    values: dict[int, dict[int, str]] = {}
    for argument, given in arguments.items():
        found = FILTER.fullmatch(argument)
        if found is not None:
            number = int(found[1])
            parts.setdefault(number, {})
            if found[2]:
                parts[number][found[2]] = str(given)
            else:
                values.setdefault(number, {})[int(found[3])] = str(given)
    return [
        Asked(
            f"filters.{number}",
            part.get("name", ""),
            part.get("operator") or "eq",
            tuple(given for _, given in sorted(values.get(number, {}).items())),
        )
        for number, part in sorted(parts.items())
    ]


def filter_problem(arguments: Mapping[str, Json], known: Mapping[str, Mapping[str, Json]]) -> str | None:
    """Why a list cannot be filtered so. `known`: name to operator to what its values are, `text`, `time` or a list."""
    stray = next((name for name in arguments if name.startswith("filters.") and not FILTER.fullmatch(name)), None)
    if stray is not None:
        return f"{stray} is no part of a filter, as filters.1.name, filters.1.operator and filters.1.values.1 are"
    seen = set()
    for one in _asked(arguments):
        if one.name not in known:
            return f"{one.at}.name is '{one.name}', not one of {', '.join(known)}"
        operators = known[one.name]
        if one.operator not in operators:
            return f"{one.at}.operator of {one.name} is '{one.operator}', not one of {', '.join(operators)}"
        if not one.values or (one.operator != "in" and len(one.values) > 1):
            return f"{one.at}.values has {len(one.values)} values, which {one.operator} does not take"
        if (one.name, one.operator) in seen:
            return f"{one.at} repeats the filter {one.name} {one.operator}"
        seen.add((one.name, one.operator))
        for value in one.values:
            if not _fits(value, operators[one.operator]):
                return f"{one.at}.values of {one.name} has '{value}', which is none"
    return None


def _fits(value: str, wanted: Json) -> bool:
    if wanted == "time":
        return moment(value) is not None
    return wanted == "text" or value in wanted


def filter_values(arguments: Mapping[str, Json], name: str, operator: str) -> list[str] | None:
    """The values of the filter with this name and operator."""
    return next((list(one.values) for one in _asked(arguments) if (one.name, one.operator) == (name, operator)), None)


def filter_time(arguments: Mapping[str, Json], name: str, operator: str) -> str | None:
    """The time of the filter with this name and operator, in whole seconds."""
    given = filter_values(arguments, name, operator)
    return whole_seconds(moment(given[0])) if given else None


VALUES: Final[tuple[Callable[..., Json], ...]] = (
    moment,
    whole_seconds,
    period_problem,
    filter_problem,
    filter_values,
    filter_time,
)
"""Those that views call."""
