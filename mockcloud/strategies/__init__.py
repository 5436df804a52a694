"""Hypothesis strategies made of the contracts: requests, broken ones, answers, refusals, histories.

    from mockcloud import strategies

    @given(strategies.requests("PROVIDER.Operation"))
    def test_my_gateway_takes_it(case): ...          # case.arguments, case.request

* `requests(operation)` are `ValidRequest`s; `broken_requests(operation, rule=None)` are `BrokenRequest`s.
* `responses(operation, unknown=False)` and `refusals(operation, unknown=False)` are `Answer`s.
* `histories(operation)` are `History`s, `callbacks(operation)` are `Message`s.
* `from_xsd(path)` makes documents of any XSD of the supported subset; `machine(provider)` is a state machine.
* `SIGNED_AT` is when the requests are signed, in seconds since the epoch: `Cloud(clock=VirtualClock(SIGNED_AT, 0))`.

Plain data is drawn by `values` and broken by `breaches`; documents are drawn by `trees`, of our own XSDs through `elements` and
of others through `documents`, and broken by `broken_elements` and `wounds`. This package is the only one that imports Hypothesis.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Final

from mockcloud.errors import MissingExtra

if TYPE_CHECKING:
    from mockcloud.drafting.cases import SIGNED_AT as SIGNED_AT
    from mockcloud.strategies.answers import responses as responses
    from mockcloud.strategies.broken import broken_requests as broken_requests
    from mockcloud.strategies.documents import from_xsd as from_xsd
    from mockcloud.strategies.machines import machine as machine
    from mockcloud.strategies.messages import callbacks as callbacks
    from mockcloud.strategies.refused import refusals as refusals
    from mockcloud.strategies.tasks import histories as histories
    from mockcloud.strategies.valid import requests as requests

# No home is called like what lives there: a module that was imported would stand in its place.
_HOMES: Final = {
    "requests": "valid",
    "broken_requests": "broken",
    "SIGNED_AT": "broken",
    "responses": "answers",
    "refusals": "refused",
    "histories": "tasks",
    "callbacks": "messages",
    "from_xsd": "documents",
    "machine": "machines",
}

__all__ = [*_HOMES]  # noqa: PLE0604  # names of a lazy table


def __getattr__(name: str) -> object:
    # Lazy, so that what needs one strategy does not load the others.
    if name not in _HOMES:
        raise AttributeError(f"module 'mockcloud.strategies' has no attribute '{name}'")
    try:
        home = import_module(f"mockcloud.strategies.{_HOMES[name]}")
    except ModuleNotFoundError as missing:
        if missing.name != "hypothesis":
            raise
        raise MissingExtra(f"mockcloud.strategies.{name}", "hypothesis") from None
    return getattr(home, name)
