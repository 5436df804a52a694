"""Hypothesis strategies made of the contracts: requests, broken ones, answers, refusals, histories.

    from mockcloud import strategies

    @given(strategies.requests("PROVIDER.Operation"))
    def test_my_gateway_takes_it(case): ...          # case.arguments, case.request

* `requests(operation)` are `ValidRequest`s; `broken_requests(operation, rule=None)` are `BrokenRequest`s.
* `responses(operation, unknown=False)` and `refusals(operation)` are `Answer`s; `histories(operation)` are `History`s.
* `from_xsd(path)` makes documents of any XSD of the supported subset; `machine(provider)` is a state machine.

This package is the only one that imports Hypothesis.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from mockcloud.strategies.answers import responses as responses
    from mockcloud.strategies.broken import broken_requests as broken_requests
    from mockcloud.strategies.refused import refusals as refusals
    from mockcloud.strategies.requests import requests as requests
    from mockcloud.strategies.tasks import histories as histories

_HOMES: Final = {
    "requests": "requests",
    "broken_requests": "broken",
    "responses": "answers",
    "refusals": "refused",
    "histories": "tasks",
    "from_xsd": "documents",
    "machine": "machine",
}

__all__ = [*_HOMES]  # noqa: PLE0604  # names of a lazy table


def __getattr__(name: str) -> object:
    # Lazy, so that what needs one strategy does not load the others.
    if name not in _HOMES:
        raise AttributeError(f"module 'mockcloud.strategies' has no attribute '{name}'")
    return getattr(import_module(f"mockcloud.strategies.{_HOMES[name]}"), name)
