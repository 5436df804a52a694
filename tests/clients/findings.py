"""What a finding is: a released SDK, used as its vendor shows, that fails a test of its contract.

Knows no provider. Law: a finding names the SDK's version, the sentence of the document that it breaks, and the command that shows
it; a test holds it true as long as that version is the one installed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pytest

from mockcloud import ClientContract

from .defects import PREFIX


@dataclass(frozen=True)
class Finding:
    """A contract over an SDK as its vendor shows how to use it, the test that it fails, and a part of the page.

    `name` is what `python -m tests.clients` takes; `title` heads its section in `docs/findings.md`; `sdk` is a package and its
    version. `needs` is a reason why it cannot be shown here, empty where it can.
    """

    name: str
    title: str
    sdk: str
    suite: type[ClientContract]
    found_by: str
    shows: str
    needs: str = ""
    beside: bool = False
    """Whether the SDK lies beside the installed one."""


def excluding(contract: type[ClientContract], found: Mapping[str, str]) -> type[ClientContract]:
    """A contract over an SDK, of which these tests fail for a finding: its test to its name. They must go on failing."""

    def failing(test: str, finding: str) -> Any:
        asked = getattr(contract, PREFIX + test)

        def again(self: ClientContract, record: Any) -> None:
            asked(self, record)

        return pytest.mark.xfail(reason=f"the finding {finding}", strict=True)(again)

    return type(contract.__name__, (contract,), {PREFIX + test: failing(test, finding) for test, finding in found.items()})
