"""Every contract over every correct client, collected as a user's would be: none of them raises an alarm."""

from __future__ import annotations

from .defects import everything

for _contract in everything("CORRECT"):
    _provider = _contract.operation.partition(".")[0].title().replace("_", "")
    globals()[f"Test{_provider}{_contract.__name__}"] = _contract
