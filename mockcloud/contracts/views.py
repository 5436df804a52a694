"""Views: how data says what an answer looks like.

A view is JSON with references into a scope; `compile_view` turns it into one function of the scope.
Knows no vendor and no stage. Law: a view never raises for something absent, it leaves it out.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from mockcloud.contracts.filling import (
    ABSENT,
    Scope,
    View,
    as_integer,
    as_number,
    as_text,
    constant,
    filled_list,
    filled_object,
    first_of,
    reference,
)
from mockcloud.contracts.vocabulary import TASK_MEMBERS
from mockcloud.errors import ContractError, nearest
from mockcloud.messages import Json

__all__ = ["ABSENT", "FORMS", "Scope", "Sight", "View", "compile_view"]


Roots = Mapping[str, frozenset[str] | str | None]
"""Names that a scope has, each with its members; of a list, the root whose members its elements have. None: not known."""


class Sight:
    """What views may speak of, and what they do speak of.

    `roots` is what their scope has, None for anything. `seen` gathers each name with its first member
    (`task.id`), or alone where a view takes all of it: what no view speaks of, nobody has to find out.
    """

    def __init__(self, roots: Roots | None = None, seen: set[str] | None = None) -> None:
        self.roots = roots
        self.seen: set[str] = set() if seen is None else seen

    def elements(self, root: str) -> str:
        """The root whose members the elements of a list have; empty for what is no such list."""
        found = (ELEMENTS if self.roots is None else self.roots).get(root)
        return found if isinstance(found, str) else ""

    def check(self, root: str, steps: list[str], file: str, at: str, *, known: bool) -> None:
        """Raise ContractError for a name that no scope of these views has; `known` for the element of a list."""
        if self.roots is None:
            return
        if not known and root not in self.roots:
            raise ContractError(file, at, f"'${root}' is nothing that a view can speak of here.{nearest(root, self.roots)}")
        members = self.roots.get(root, TASK_MEMBERS if root == "task" else None)
        if steps and isinstance(members, str):
            raise ContractError(file, at, f"'${root}' is a list; '$each' goes through it, '$count' says how long it is")
        if steps and members is not None and steps[0] not in members:
            raise ContractError(file, at, f"'${root}' has no '{steps[0]}'.{nearest(steps[0], members)}")


def compile_view(
    view: Json, values: Mapping[str, Callable[..., Json]], file: str, pointer: str = "", sight: Sight | None = None
) -> View:
    """One function that fills the view from a scope.

    `values` are the functions that `$call` may name; `file` and `pointer` are named in the
    ContractError for a form or a name that is not known.
    """
    return _Compiler(values, file, sight or Sight()).compile(view, pointer)


class _Compiler:
    def __init__(self, values: Mapping[str, Callable[..., Json]], file: str, sight: Sight) -> None:
        self.values = values
        self.file = file
        self.sight = sight
        self.named: dict[str, str] = {}
        """Names given by `$each` around the view, each with the root whose members it has, empty for none."""

    def compile(self, view: Json, at: str) -> View:
        if isinstance(view, str):
            return self.reference(view, at) if view.startswith("$") and not view.startswith("$$") else constant(_plain(view))
        if isinstance(view, list):
            return filled_list([self.compile(item, f"{at}/{i}") for i, item in enumerate(view)])
        if isinstance(view, dict):
            form = next((key for key in view if key.startswith("$")), None)
            if form is not None:
                return self._form(form, view, at)
            return self.object(view, at)
        return constant(view)

    def reference(self, view: str, at: str) -> View:
        root, *steps = view[1:].split(".")
        owner = self.named.get(root, root)
        if owner:
            self.sight.check(owner, steps, self.file, at, known=root in self.named)
            self.sight.seen.add(f"{owner}.{steps[0]}" if steps else owner)
            if element := self.elements(view):
                self.sight.seen.add(element)  # who takes a whole list takes all of its elements
        return reference(root, steps)

    def elements(self, view: Json) -> str:
        """The root whose members the elements of a view's list have, empty where they are not known."""
        return "" if not isinstance(view, str) or view[1:] in self.named or view[:1] != "$" else self.sight.elements(view[1:])

    def gone_through(self, view: Json, at: str) -> View:
        """A view of whose list just the length matters, or what somebody else takes of its elements."""
        if not self.elements(view):
            return self.compile(view, at)
        self.sight.seen.add(view[1:])
        return reference(view[1:], [])

    def object(self, view: dict[str, Json], at: str) -> View:
        shape = {name: _plain(member) if _is_constant(member) else ABSENT for name, member in view.items()}
        filled = [(name, self.compile(member, f"{at}/{name}")) for name, member in view.items() if shape[name] is ABSENT]
        return filled_object(shape, filled)

    def _form(self, form: str, view: dict[str, Json], at: str) -> View:
        if form not in FORMS:
            raise ContractError(self.file, at, f"unknown view form '{form}'.{nearest(form, FORMS)}")
        others = set(view) - {form} - FORMS[form][1]
        if others:
            raise ContractError(self.file, at, f"'{form}' takes no '{others.pop()}'.{nearest('', FORMS[form][1])}")
        missing = REQUIRED.get(form, frozenset()) - set(view)
        if missing:
            raise ContractError(self.file, at, f"'{form}' needs '{min(missing)}'")
        for key in sorted(view.keys() & TEXTS):
            if not isinstance(view[key], str) or not view[key]:
                raise ContractError(self.file, f"{at}/{key}", f"a text that is not empty is wanted, found {view[key]!r}")
        return FORMS[form][0](self, view, at)

    def many(self, views: Json, at: str) -> list[View]:
        if not isinstance(views, list):
            raise ContractError(self.file, at, f"a list of views is wanted, found {type(views).__name__}")
        return [self.compile(item, f"{at}/{i}") for i, item in enumerate(views)]

    def first(self, view: dict[str, Json], at: str) -> View:
        return first_of(self.many(view["$first"], f"{at}/$first"))

    def text(self, view: dict[str, Json], at: str) -> View:
        parts = self.many(view["$text"], f"{at}/$text")
        return lambda scope: "".join([as_text(part(scope)) for part in parts])

    def integer(self, view: dict[str, Json], at: str) -> View:
        inner = self.compile(view["$integer"], f"{at}/$integer")
        return lambda scope: as_integer(inner(scope))

    def count(self, view: dict[str, Json], at: str) -> View:
        inner = self.gone_through(view["$count"], f"{at}/$count")

        def count(scope: Scope) -> Json:
            found = inner(scope)
            return len(found) if isinstance(found, (list, dict)) else 0

        return count

    def split(self, view: dict[str, Json], at: str) -> View:
        inner, by = self.compile(view["$split"], f"{at}/$split"), view["by"]

        def split(scope: Scope) -> Json:
            found = inner(scope)
            return [part for part in found.split(by) if part] if isinstance(found, str) else ABSENT

        return split

    def at_least(self, view: dict[str, Json], at: str) -> View:
        parts = self.many(view["$at-least"], f"{at}/$at-least")
        if len(parts) != 2:
            raise ContractError(self.file, f"{at}/$at-least", f"two views are compared, found {len(parts)}")
        one, other = parts

        def at_least(scope: Scope) -> Json:
            left, right = as_number(one(scope)), as_number(other(scope))
            return True if left is not ABSENT and right is not ABSENT and left >= right else ABSENT

        return at_least

    def condition(self, view: dict[str, Json], at: str) -> View:
        test = self.compile(view["$if"], f"{at}/$if")
        then = self.compile(view["then"], f"{at}/then") if "then" in view else constant(ABSENT)
        other = self.compile(view["else"], f"{at}/else") if "else" in view else constant(ABSENT)
        if "is" not in view:
            return lambda scope: then(scope) if test(scope) is not ABSENT else other(scope)
        wanted = view["is"] if isinstance(view["is"], list) else [view["is"]]
        return lambda scope: then(scope) if test(scope) in wanted else other(scope)

    def each(self, view: dict[str, Json], at: str) -> View:
        items = self.gone_through(view["$each"], f"{at}/$each")
        name, outer = view["as"], dict(self.named)
        self.named[name] = self.elements(view["$each"])
        do = self.compile(view["do"], f"{at}/do")
        self.named = outer

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
            result = function(*[None if (value := argument(scope)) is ABSENT else value for argument in arguments])
            return ABSENT if result is None else result

        return call


ELEMENTS: Final = {"tasks": "task", "items": "item"}
"""Lists whose elements have the members of another root, where the scope is not known."""

FORMS: Final[Mapping[str, tuple[Callable[[_Compiler, dict[str, Json], str], View], frozenset[str]]]] = {
    "$first": (_Compiler.first, frozenset()),
    "$text": (_Compiler.text, frozenset()),
    "$integer": (_Compiler.integer, frozenset()),
    "$count": (_Compiler.count, frozenset()),
    "$split": (_Compiler.split, frozenset({"by"})),
    "$at-least": (_Compiler.at_least, frozenset()),
    "$if": (_Compiler.condition, frozenset({"is", "then", "else"})),
    "$each": (_Compiler.each, frozenset({"as", "do"})),
    "$merge": (_Compiler.merge, frozenset()),
    "$call": (_Compiler.call, frozenset({"with"})),
}


REQUIRED: Final = {"$each": frozenset({"as", "do"}), "$split": frozenset({"by"})}
"""What a form cannot do without, beside its own key."""

TEXTS: Final = frozenset({"as", "by", "$call"})
"""Keys of forms that hold a text and no view."""


def _is_constant(view: Json) -> bool:
    """Whether a view gives the same whatever its scope. Objects and lists are not: each answer gets its own."""
    return not isinstance(view, (dict, list)) and not (
        isinstance(view, str) and view.startswith("$") and not view.startswith("$$")
    )


def _plain(view: Json) -> Json:
    return view[1:] if isinstance(view, str) and view.startswith("$$") else view
