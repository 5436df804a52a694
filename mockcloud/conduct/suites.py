"""A user's class as it was written, read into the subject of a test.

Knows the class's attributes. Law: a class that cannot be tried is told so in one sentence, before anything is asked.
"""

from __future__ import annotations

import inspect
from collections.abc import Collection
from typing import Any, Final

from mockcloud.conduct.subject import Subject
from mockcloud.contracts.model import Operation
from mockcloud.contracts.routes import in_path
from mockcloud.drafting import decks
from mockcloud.drafting.requests.places import members
from mockcloud.errors import UsageError, nearest

FUNCTIONS: Final = {
    "client": ("cloud",),
    "call": ("client", "args"),
    "result": ("returned",),
    "code": ("error",),
    "wait": ("client", "returned"),
    "on_callback": ("client", "headers", "body"),
}
"""What a class may have, each with what it is given."""

NEEDED: Final = ("client", "call")


def read(suite: Any) -> Subject:
    """The subject of a user's class, an instance of it. Raises UsageError for what is missing or does not exist."""
    name = type(suite).__name__
    operation = getattr(suite, "operation", "")
    if not isinstance(operation, str) or not operation:
        raise UsageError(f"{name}.operation is the id of an operation, such as 'PROVIDER.Operation', found {operation!r}")
    try:
        dossier, found = decks.operation_of(operation)
    except UsageError as problem:
        raise UsageError(f"{name}.operation: {problem}") from None
    if not isinstance(suite.examples, int) or suite.examples < 0:
        raise UsageError(f"{name}.examples is how many cases are drawn by chance, 0 for none, found {suite.examples!r}")
    for function, parameters in FUNCTIONS.items():
        _check(suite, name, function, parameters)
    if not decks.valid(operation):
        raise UsageError(f"{name}.operation: no request was found that keeps every rule of '{operation}'")
    return Subject(suite, dossier, found, _errors(suite, name), _taken(suite, name, found))


def _check(suite: Any, name: str, function: str, parameters: tuple[str, ...]) -> None:
    found = getattr(suite, function, None)
    wanted = f"def {function}(self, {', '.join(parameters)})"
    if found is None:
        if function in NEEDED:
            raise UsageError(f"{name} has no {function}: write `{wanted}: ...`")
        return
    if not callable(found):
        raise UsageError(f"{name}.{function} is {found!r}: write `{wanted}: ...`")
    try:
        signature = inspect.signature(found)
    except ValueError:
        # One of Python's own, such as `dict`, does not say what it takes.
        return
    try:
        signature.bind(*parameters)
    except TypeError:
        problem = f"{name}.{function}{signature} does not take {', '.join(parameters)}"
        raise UsageError(f"{problem}: write `{wanted}: ...`") from None


def _errors(suite: Any, name: str) -> tuple[type[BaseException], ...]:
    given = getattr(suite, "error", None)
    several = given if isinstance(given, tuple) else (given,)
    if not several or not all(isinstance(one, type) and issubclass(one, BaseException) for one in several):
        raise UsageError(
            f"{name}.error is what the client raises for a refusal, an exception type or a tuple of them, found {given!r}"
        )
    return several


def _taken(suite: Any, name: str, operation: Operation) -> frozenset[str] | None:
    given = getattr(suite, "arguments", None)
    if given is None:
        return None
    if isinstance(given, str) or not isinstance(given, Collection) or not all(isinstance(one, str) for one in given):
        raise UsageError(
            f"{name}.arguments are the names that the client takes, such as {{'source', 'target.format'}}, found {given!r}"
        )
    known = set(documented(operation))
    for one in given:
        if one not in known:
            raise UsageError(f"{name}.arguments: {operation.id} has no argument '{one}'.{nearest(one, known)}")
    return frozenset(given)


def documented(operation: Operation) -> list[str]:
    """The dotted names of everything that an operation may be given."""
    paths = [at for at, _ in members(operation.request)] + [f"/{one.name}" for one in in_path(operation)]
    return [".".join(step for step in at.split("/")[1:] if step != "*") for at in paths]
