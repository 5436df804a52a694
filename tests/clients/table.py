"""The table of seeded defects, as `docs/defects.md` has it.

Knows how a defect is tried, and Markdown. Law: every figure was measured by whoever wrote the page.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from .defects import Defect, Verdict, tried
from .stubs import sees

PAGE = Path(__file__).parents[2] / "docs" / "defects.md"
COLUMNS = ("defect", "client", "operation", "killed by: it ...", "examples", "stubs", "seconds")
OPENING = """# Seeded defects

Does a client contract find what is wrong with a client, and nothing else? `tests/clients` holds correct clients of every
provider, the vendors' own SDKs wrapped and small ones written by hand, and wrong ones beside them: each is a correct client with
one thing done as somebody once thought it was right. Every contract passes on the correct clients, but for what no care mends in
an SDK ([findings](findings.md)), and each of the {count} wrong ones fails the test that its row names.

* *killed by* is the test of `ClientContract` that finds the defect; *examples* is how many cases it needed,
  those that made it smaller included and none of them drawn by chance.
* *stubs* says whether a test on plain stubs notices: the smallest valid call, and the wait for its end, answered by `respx` or
  `responses` with what a correct client was once answered, and everything that was returned compared. It sees {seen} of {count}.
* Schemathesis has no column: it tests servers by requests of its own and never runs a client, so it sees none of these.
* *seconds* are those of the one test, on one core of the machine that wrote the page: {seconds:.0f} for all of them.

`python -m tests.clients` writes this page, `python -m tests.clients jdcloud.TheClockIsLocal` shows the page that a defect's test
fails with, and `tests/clients/test_defects.py` holds every row to what it says.
"""


class Row(NamedTuple):
    """A defect, how its test went, and how a test on stubs notices it, empty when it does not."""

    defect: Defect
    verdict: Verdict
    stubs: str

    def cells(self) -> str:
        """The row without its seconds."""
        defect = self.defect
        what = f"**{defect.name}**: {defect.says}"
        stubs = f"yes: {self.stubs}" if self.stubs else "no"
        cells = (what, defect.library, f"`{defect.contract.operation}`", defect.killed_by.replace("_", " "))
        return " | ".join((f"| {cells[0]}", *cells[1:], str(self.verdict.examples), stubs)).replace("\n", " ")


def measured(defect: Defect) -> Row:
    """A defect's row."""
    return Row(defect, tried(defect.suite, defect.killed_by), sees(defect.correct, defect.suite))


def page(rows: Iterable[Row]) -> str:
    """The whole page."""
    rows = list(rows)
    seconds = sum(row.verdict.seconds for row in rows)
    opening = OPENING.format(count=len(rows), seen=sum(bool(row.stubs) for row in rows), seconds=seconds)
    head = f"| {' | '.join(COLUMNS)} |\n|{'---|' * len(COLUMNS)}"
    return "\n".join([opening, head, *(f"{row.cells()} | {row.verdict.seconds:.2f} |" for row in rows), ""])
