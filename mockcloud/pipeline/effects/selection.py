"""Which tasks or items a list has, in which order, and which page of them.

Law: a condition that was not asked for (absent or empty) leaves everything in.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import ceil
from typing import Final

from mockcloud.contracts.effects import Effect as Declared
from mockcloud.contracts.effects import Filter, Page
from mockcloud.contracts.filling import ABSENT, as_integer
from mockcloud.messages import Json, Refusal
from mockcloud.pipeline.call import Call
from mockcloud.pipeline.effects.ground import Effect, place
from mockcloud.pipeline.scope import Scope

_NOTHING: Final[tuple[Json, ...]] = (ABSENT, None, "", [], {})


def _pair(value: Json, wanted: Json) -> tuple[Json, Json]:
    """Both as numbers when both are, else as texts."""
    if all(isinstance(one, (int, float)) and not isinstance(one, bool) for one in (value, wanted)):
        return value, wanted
    return str(value), str(wanted)


def _is(value: Json, wanted: Json) -> bool:
    one, other = _pair(value, wanted)
    return bool(one == other)


def _in(value: Json, wanted: Json) -> bool:
    listed = wanted if isinstance(wanted, list) else [wanted]
    return any(_is(value, one) for one in listed)


def _from(value: Json, wanted: Json) -> bool:
    one, other = _pair(value, wanted)
    return bool(one >= other)


def _to(value: Json, wanted: Json) -> bool:
    one, other = _pair(value, wanted)
    return bool(one <= other)


def _starts(value: Json, wanted: Json) -> bool:
    return str(value).startswith(str(wanted))


OPERATORS: Final[dict[str, Callable[[Json, Json], bool]]] = {"is": _is, "in": _in, "from": _from, "to": _to, "starts": _starts}


def fitting(shown: Sequence[Scope], name: str, filters: Sequence[Filter], scope: Scope) -> list[Scope]:
    """Those of the shown, each offered to the filters' values as `name`, that fit all that was asked for."""
    asked = [(one.value, OPERATORS[one.operator], wanted) for one in filters if (wanted := one.operand(scope)) not in _NOTHING]
    if not asked:
        return list(shown)
    return [one for one in shown if all(_fits(value({**scope, name: one}), fits, wanted) for value, fits, wanted in asked)]


def _fits(value: Json, fits: Callable[[Json, Json], bool], wanted: Json) -> bool:
    return value is not ABSENT and value is not None and fits(value, wanted)


def listing(declared: Declared, element: str, everything: Callable[[Call], list[Scope]]) -> Effect:
    """A list of those that fit, oldest first or `newest` first, one page of it."""
    name, order, page = declared.get("as") or f"{element}s", declared.views.get("order"), declared.page

    def list_them(call: Call, scope: Scope) -> None:
        every = everything(call)
        if order is not None and order(scope) == "newest":
            every.reverse()
        found = fitting(every, element, declared.filters, scope)
        if page is not None:
            found, scope["page"] = cut(found, every, page, scope)
        scope[name] = found

    return list_them


def cut(found: list[Scope], every: list[Scope], page: Page, scope: Scope) -> tuple[list[Scope], Scope]:
    """A page of what was found of all that there is, and what an answer may say of it. Raises Refusal for an unknown marker."""
    size = max(1, int(as_integer(page.size(scope)) or 1))
    if page.number is not None:
        number = max(1, int(as_integer(page.number(scope)) or 1))
        start = (number - 1) * size
    else:
        assert page.marker is not None  # noqa: S101  # the loader gives a page one of the two
        number, start = 1, _marked(found, every, page, page.marker(scope))
    told = {"size": size, "number": number, "total": len(found), "pages": ceil(len(found) / size)}
    after = found[start + size : start + size + 1]
    following = {"next": after[0]["id"]} if after else {}
    return found[start : start + size], {**told, "truncated": bool(after), **following}


def _marked(found: list[Scope], every: list[Scope], page: Page, marker: Json) -> int:
    """Where a page begins. Between two pages what the marker names may have ceased to fit; its place is still there."""
    if marker in _NOTHING:
        return 0
    ids = [one["id"] for one in every]
    if marker not in ids:
        raise Refusal("unknown-marker", note=f"no page begins at {marker!r}", **{**place(page.about), "id": marker})
    before = set(ids[: ids.index(marker)])
    return sum(one["id"] in before for one in found)
