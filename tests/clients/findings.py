"""What a finding is: a released SDK, used as its vendor shows, that fails a test of its contract.

Knows no provider. Law: a finding names the SDK's version, the sentence of the document that it breaks, and the command that shows
it; a test holds it true as long as that version is the one installed.
"""

from __future__ import annotations

from dataclasses import dataclass

from mockcloud import ClientContract


@dataclass(frozen=True)
class Finding:
    """A contract over an SDK as its vendor shows how to use it, the test that it fails, and a part of the page.

    `name` is what `python -m tests.clients` takes; `title` heads its section in `docs/findings.md`. `needs` is a reason why it
    cannot be shown here, empty where it can.
    """

    name: str
    title: str
    sdk: str
    suite: type[ClientContract]
    found_by: str
    shows: str
    needs: str = ""
