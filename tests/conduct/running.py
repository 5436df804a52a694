"""One test of a contract, run in this process without a pytest under it."""

from __future__ import annotations

from typing import Any, NamedTuple

import pytest

from mockcloud import ClientContract

PREFIX = "test_it_"


class Ended(NamedTuple):
    """The page of a failure, the reason of a skip, and how many cases were tried."""

    page: str
    reason: str
    examples: int


def run(contract: type[ClientContract], test: str, **case: Any) -> Ended:
    """Run a test, by its name without what they all begin with; with a case, that case alone."""
    told: dict[str, Any] = {}
    page = reason = ""
    try:
        if case:
            contract().again(test, **case)
        else:
            getattr(contract(), PREFIX + test)(told.__setitem__)
    except pytest.fail.Exception as failed:
        page = str(failed)
    except pytest.skip.Exception as skipped:
        reason = str(skipped)
    return Ended(page, reason, told.get("mockcloud_examples", 0))


def over(contract: type[ClientContract], client: type, **attributes: Any) -> type[ClientContract]:
    """A contract over another client."""
    return type(f"{contract.__name__}Of{client.__name__}", (contract,), {"made_of": client, **attributes})
