"""What is tried: a user's class, the operation that it names, and what its client takes.

Knows arguments as a client takes them and the contract. Law: what a client does not take is the client's own affair: it is never
given, and never missed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from mockcloud.conduct.members import plain
from mockcloud.contracts.model import Contract, Operation
from mockcloud.contracts.routes import in_path
from mockcloud.drafting import decks
from mockcloud.drafting.requests.arguments import as_arguments, drafted, signing
from mockcloud.drafting.requests.drafts import Draft
from mockcloud.messages import Json
from mockcloud.reports.dossier import Dossier


@dataclass(frozen=True)
class Subject:
    """A user's class and what the contract says of its operation. `errors` are what the client raises for a refusal."""

    suite: Any
    dossier: Dossier
    operation: Operation
    errors: tuple[type[BaseException], ...]
    taken: frozenset[str] | None
    """The arguments that the client takes, dotted; None for all."""

    @property
    def contract(self) -> Contract:
        """The provider's contract."""
        return self.dossier.contract

    def has(self, function: str) -> bool:
        """Whether the class has a function."""
        return callable(getattr(self.suite, function, None))

    @property
    def named(self) -> str:
        """The user's errors by name."""
        return " or ".join(one.__name__ for one in self.errors)

    @property
    def examples(self) -> int:
        """How many cases are drawn by chance for a question."""
        return int(self.suite.examples)

    def takes(self, at: str) -> bool:
        """Whether the client takes what stands in a place: it, or something that it is part of, is named."""
        name = dotted(plain(at))
        return self.taken is None or any(name == one or name.startswith(f"{one}.") for one in self.taken)

    def given(self, arguments: Mapping[str, Json]) -> dict[str, Json]:
        """The arguments without those that the client does not take."""
        kept = arguments if self.taken is None else _kept(arguments, "", self.takes) or {}
        return {name: _spoken(value) if self.operation.reads == "xml" else value for name, value in kept.items()}

    def normal(self, arguments: Mapping[str, Json]) -> dict[str, Json]:
        """The arguments as they are read again from the wire: where a leaf is text, it is."""
        return as_arguments(self.contract, drafted(self.operation, arguments))

    @cached_property
    def constants(self) -> Mapping[str, Json]:
        """By place what the operation always has."""
        fixed = {one.path: one.demand for one in self.operation.request.rules.values() if one.constraint == "const"}
        selector = self.operation.selector
        return fixed if selector is None else {**fixed, selector.argument: selector.equals}

    @cached_property
    def own(self) -> dict[str, Json]:
        """What the smallest request has beside what the client takes: the client must put it in by itself."""
        smallest = next(iter(decks.valid(self.operation.id)), None)
        if self.taken is None or smallest is None:
            return {}
        return dict(_kept(smallest.arguments, "", lambda at: not self.takes(at)) or {})

    def completed(self, arguments: Mapping[str, Json]) -> Mapping[str, Json]:
        """These arguments with what the client must put in by itself."""
        return arguments if self.taken is None else dict(merged(self.own, arguments))

    def draft(self, arguments: Mapping[str, Json]) -> Draft:
        """The draft of a request that says these arguments and what the client must put in by itself, signed by anybody."""
        whole = drafted(self.operation, self.completed(arguments))
        return whole.saying({**self._seals, **whole.message}) if self._seals else whole

    @cached_property
    def _seals(self) -> dict[str, Json]:
        """What stands where signing puts something in."""
        message, names = decks.smallest(self.operation.id)[0].message, signing(self.contract, self.operation)
        return {name: message[name] for name in names if name in message} if isinstance(message, dict) else {}

    def drawn(self) -> Any:
        """A strategy of cases whose `arguments` are those of valid requests, as this client can say them."""
        from mockcloud.strategies.valid import requests

        names = None if self.taken is None else {one.partition(".")[0] for one in self.taken}
        made = requests(self.operation.id, arguments=names).map(lambda case: self.given(case.arguments))
        return made.filter(self.sayable).map(lambda arguments: {"arguments": arguments})

    def sayable(self, arguments: Mapping[str, Json]) -> bool:
        """Whether these arguments, with what the client must put in by itself, keep every rule."""
        whole = self.completed(arguments)
        # A document holds no argument of the path.
        return all(one.name in whole for one in in_path(self.operation)) and self.draft(arguments).accepted()


def _spoken(value: Json) -> Json:
    """A node of a document as a caller says it: a list only where it stands there more than once."""
    if isinstance(value, Mapping):
        return {name: _spoken(one) for name, one in value.items()}
    if isinstance(value, list):
        return _spoken(value[0]) if len(value) == 1 else [_spoken(one) for one in value]
    return value


def _kept(value: Json, at: str, wanted: Callable[[str], bool]) -> Json:
    """What of a value stands in wanted places; None for nothing."""
    if isinstance(value, Mapping):
        below = {name: _kept(one, f"{at}/{name}", wanted) for name, one in value.items()}
        found = {name: one for name, one in below.items() if one is not None}
        return found if found or (not value and wanted(at)) else None
    if isinstance(value, list) and any(isinstance(one, Mapping) for one in value):
        kept = [_kept(one, at, wanted) for one in value]
        return None if all(one is None for one in kept) else [{} if one is None else one for one in kept]
    return value if wanted(at) else None


def dotted(at: str) -> str:
    """A place as people say it."""
    return at[1:].replace("/", ".")


def merged(below: Json, above: Json) -> Json:
    """Two values in one: of objects every member, of anything else the second."""
    if not (isinstance(below, Mapping) and isinstance(above, Mapping)):
        return above
    return {**below, **{name: merged(below[name], one) if name in below else one for name, one in above.items()}}
