"""What a provider's module offers where data cannot say it.

A module under `mockcloud/providers/` (or of a third party) makes one `Behaviours` called `behaviours`
and hangs plain functions on it. Knows no vendor. Law: a name is given once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from mockcloud.messages import Attempt, Credential, Json, Request

Verifier = Callable[[Attempt], Credential]
Signer = Callable[[Request, Credential, float], Request]
Computed = Callable[..., Json]
_F = TypeVar("_F", bound=Callable[..., Any])


class Behaviours:
    """The functions of one provider: its verifier and the values that its views compute.

    `conditions` are the refusal conditions that the module raises beyond the core's own;
    the provider's `errors.json` must map each of them.
    """

    def __init__(self, conditions: Iterable[str] = ()) -> None:
        self.conditions = frozenset(conditions)
        self.verify: Verifier | None = None
        self.sign: Signer | None = None
        self.computed: dict[str, Computed] = {}

    def verifier(self, function: Verifier) -> Verifier:
        """Mark the function that tells who is calling: it returns the Credential or raises a Refusal."""
        self.verify = function
        return function

    def signer(self, function: Signer) -> Signer:
        """Mark the function that signs a request at a time (seconds since the epoch) as the vendor's clients do."""
        self.sign = function
        return function

    def value(self, name: str) -> Callable[[_F], _F]:
        """Mark a function whose result a view uses as `{"$call": name, "with": [...]}`."""

        def mark(function: _F) -> _F:
            if name in self.computed:
                raise ValueError(f"the value '{name}' is given twice")
            self.computed[name] = function
            return function

        return mark
