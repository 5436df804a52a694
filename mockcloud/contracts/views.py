"""Views: how data says what an answer looks like.

A view is JSON with references into a scope; `compile_view` turns it into one function of the scope.
Knows no vendor and no stage. Law: a view never raises for something absent, it leaves it out.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from mockcloud.errors import ContractError, nearest
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


def compile_view(view: Json, values: Mapping[str, Callable[..., Json]], file: str, pointer: str = "") -> View:
    """One function that fills the view from a scope.

    `values` are the functions that `$call` may name; `file` and `pointer` are named in the
    ContractError for a form that is not known.
    """
    return _Compiler(values, file).compile(view, pointer)


class _Compiler:
    def __init__(self, values: Mapping[str, Callable[..., Json]], file: str) -> None:
        self.values = values
        self.file = file

    def compile(self, view: Json, at: str) -> View:
        if isinstance(view, str):
            return _text(view)
        if isinstance(view, list):
            return _list([self.compile(item, f"{at}/{i}") for i, item in enumerate(view)])
        if isinstance(view, dict):
            form = next((key for key in view if key.startswith("$")), None)
            if form is not None:
                return self._form(form, view, at)
            return _object([(name, self.compile(item, f"{at}/{name}")) for name, item in view.items()])
        return _constant(view)

    def _form(self, form: str, view: dict[str, Json], at: str) -> View:
        if form not in FORMS:
            raise ContractError(self.file, at, f"unknown view form '{form}'.{nearest(form, FORMS)}")
        others = set(view) - {form} - FORMS[form][1]
        if others:
            raise ContractError(self.file, at, f"'{form}' takes no '{others.pop()}'.{nearest('', FORMS[form][1])}")
        missing = REQUIRED.get(form, frozenset()) - set(view)
        if missing:
            raise ContractError(self.file, at, f"'{form}' needs '{min(missing)}'")
        return FORMS[form][0](self, view, at)

    def many(self, views: Json, at: str) -> list[View]:
        if not isinstance(views, list):
            raise ContractError(self.file, at, f"a list of views is wanted, found {type(views).__name__}")
        return [self.compile(item, f"{at}/{i}") for i, item in enumerate(views)]

    def first(self, view: dict[str, Json], at: str) -> View:
        return _first(self.many(view["$first"], f"{at}/$first"))

    def text(self, view: dict[str, Json], at: str) -> View:
        parts = self.many(view["$text"], f"{at}/$text")
        return lambda scope: "".join(_as_text(part(scope)) for part in parts)

    def integer(self, view: dict[str, Json], at: str) -> View:
        inner = self.compile(view["$integer"], f"{at}/$integer")
        return lambda scope: _as_integer(inner(scope))

    def condition(self, view: dict[str, Json], at: str) -> View:
        test = self.compile(view["$if"], f"{at}/$if")
        then = self.compile(view["then"], f"{at}/then") if "then" in view else _constant(ABSENT)
        other = self.compile(view["else"], f"{at}/else") if "else" in view else _constant(ABSENT)
        if "is" not in view:
            return lambda scope: then(scope) if test(scope) is not ABSENT else other(scope)
        wanted = view["is"] if isinstance(view["is"], list) else [view["is"]]
        return lambda scope: then(scope) if test(scope) in wanted else other(scope)

    def each(self, view: dict[str, Json], at: str) -> View:
        items = self.compile(view["$each"], f"{at}/$each")
        name, do = view["as"], self.compile(view["do"], f"{at}/do")

        def each(scope: Scope) -> Json:
            found = items(scope)
            done = (do({**scope, name: item}) for item in (found if isinstance(found, list) else []))
            return [item for item in done if item is not ABSENT]

        return each

    def merge(self, view: dict[str, Json], at: str) -> View:
        parts = self.many(view["$merge"], f"{at}/$merge")

        def merge(scope: Scope) -> Json:
            merged: dict[str, Json] = {}
            for part in parts:
                value = part(scope)
                if isinstance(value, dict):
                    merged.update(value)
            return merged

        return merge

    def call(self, view: dict[str, Json], at: str) -> View:
        name = view["$call"]
        if name not in self.values:
            raise ContractError(self.file, f"{at}/$call", f"the module has no value '{name}'.{nearest(name, self.values)}")
        function, arguments = self.values[name], self.many(view.get("with", []), f"{at}/with")

        def call(scope: Scope) -> Json:
            given = (argument(scope) for argument in arguments)
            result = function(*(None if value is ABSENT else value for value in given))
            return ABSENT if result is None else result

        return call


FORMS: Final[Mapping[str, tuple[Callable[[_Compiler, dict[str, Json], str], View], frozenset[str]]]] = {
    "$first": (_Compiler.first, frozenset()),
    "$text": (_Compiler.text, frozenset()),
    "$integer": (_Compiler.integer, frozenset()),
    "$if": (_Compiler.condition, frozenset({"is", "then", "else"})),
    "$each": (_Compiler.each, frozenset({"as", "do"})),
    "$merge": (_Compiler.merge, frozenset()),
    "$call": (_Compiler.call, frozenset({"with"})),
}


REQUIRED: Final = {"$each": frozenset({"as", "do"})}
"""What a form cannot do without, beside its own key."""


def _constant(value: Json) -> View:
    return lambda scope: value


def _text(view: str) -> View:
    if view.startswith("$$"):
        return _constant(view[1:])
    if not view.startswith("$"):
        return _constant(view)
    name, *steps = view[1:].split(".")
    if not steps:
        return lambda scope: scope.get(name, ABSENT)
    if len(steps) == 1:
        step = steps[0]

        def member(scope: Scope) -> Json:
            owner = scope.get(name)
            return owner.get(step, ABSENT) if isinstance(owner, dict) else ABSENT

        return member
    return _path(name, steps)


def _path(name: str, steps: list[str]) -> View:
    def path(scope: Scope) -> Json:
        value = scope.get(name)
        for step in steps:
            if not isinstance(value, dict):
                return ABSENT
            value = value.get(step, ABSENT)
        return value

    return path


def _list(items: list[View]) -> View:
    def fill(scope: Scope) -> Json:
        done = (item(scope) for item in items)
        return [item for item in done if item is not ABSENT]

    return fill


def _object(members: list[tuple[str, View]]) -> View:
    def fill(scope: Scope) -> Json:
        filled = {}
        for name, member in members:
            value = member(scope)
            if value is not ABSENT:
                filled[name] = value
        return filled

    return fill


def _first(views: list[View]) -> View:
    def first(scope: Scope) -> Json:
        for view in views:
            value = view(scope)
            if value is not ABSENT:
                return value
        return ABSENT

    return first


def _as_text(value: Json) -> str:
    return "" if value is ABSENT or value is None else str(value)


def _as_integer(value: Json) -> Json:
    try:
        return int(value)
    except (TypeError, ValueError):
        return ABSENT
