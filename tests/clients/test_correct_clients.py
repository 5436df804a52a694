"""Every contract over every correct client, collected as a user's would be: none of them raises an alarm."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from .defects import everything, unchanging


@pytest.fixture(autouse=True)
def the_same_in_every_run() -> Iterator[None]:
    with unchanging():
        yield


for _contract in everything("CORRECT"):
    _provider = _contract.operation.partition(".")[0].title().replace("_", "")
    _name = f"Test{_provider}{_contract.__name__}"
    assert _name not in globals(), f"two contracts are called {_name}"
    globals()[_name] = type(_contract.__name__, (_contract,), {"examples": 5})
