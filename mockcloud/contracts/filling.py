"""What compiled views are made of: small functions of a scope.

Law: none raises for something absent; it gives ABSENT, and whoever puts it into an object or a list leaves it out.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from math import isfinite
from typing import Final

from mockcloud.messages import Json

Scope = Mapping[str, Json]
View = Callable[[Scope], Json]


class _Absent:
    """What a reference gives when nothing is there."""

    def __bool__(self) -> bool:
        return False

    def __repr__(self) -> str:
        return "ABSENT"


ABSENT: Final = _Absent()


def constant(value: Json) -> View:
    return lambda scope: value


def reference(root: str, steps: list[str]) -> View:
    if not steps:
        return lambda scope: scope.get(root, ABSENT)
    if len(steps) == 1:
        return _member(root, steps[0])
    return _path(root, steps)


def _member(root: str, step: str) -> View:
    def member(scope: Scope) -> Json:
        owner = scope.get(root)
        return owner.get(step, ABSENT) if owner.__class__ is dict else ABSENT

    return member


def _path(root: str, steps: list[str]) -> View:
    first, second, *more = steps

    def two(scope: Scope) -> Json:
        owner = scope.get(root)
        if owner.__class__ is dict:
            owner = owner.get(first)
            if owner.__class__ is dict:
                return owner.get(second, ABSENT)
        return ABSENT

    # What is named by a longer path was sent or filled in, more often than not, so it is looked for without looking.
    def further(scope: Scope) -> Json:
        try:
            value = scope[root][first][second]
            for step in more:
                value = value[step]
        except (KeyError, TypeError):
            return ABSENT
        return value

    return further if more else two


def filled_list(items: list[View]) -> View:
    def fill(scope: Scope) -> Json:
        done = [item(scope) for item in items]
        return [item for item in done if item is not ABSENT]

    return fill


def filled_object(shape: dict[str, Json], members: list[tuple[str, View]]) -> View:
    """`shape` has all names in their order, with what is the same in every answer in its place."""

    def fill(scope: Scope) -> Json:
        filled = shape.copy()
        for name, member in members:
            value = member(scope)
            if value is ABSENT:
                del filled[name]
            else:
                filled[name] = value
        return filled

    return fill


def first_of(views: list[View]) -> View:
    if len(views) == 2:
        return _either(*views)

    def first(scope: Scope) -> Json:
        for view in views:
            value = view(scope)
            if value is not ABSENT:
                return value
        return ABSENT

    return first


def _either(one: View, other: View) -> View:
    """The first of two, the commonest case."""

    def either(scope: Scope) -> Json:
        value = one(scope)
        return other(scope) if value is ABSENT else value

    return either


def as_text(value: Json) -> str:
    return "" if value is ABSENT or value is None else str(value)


def as_integer(value: Json) -> Json:
    try:
        return int(value)
    except (TypeError, ValueError, OverflowError):
        return ABSENT


def as_number(value: Json) -> Json:
    """A number, or what a text says as one."""
    if isinstance(value, bool):
        return ABSENT
    try:
        number = value if isinstance(value, int) else float(value)
    except (TypeError, ValueError):
        return ABSENT
    return number if isinstance(number, int) or isfinite(number) else ABSENT
