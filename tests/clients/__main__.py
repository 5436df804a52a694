"""`python -m tests.clients`: tries every seeded defect, prints the table and writes it into `docs/defects.md`.

With names of defects or findings, shows the pages that their tests fail with instead, and ends with 1 if one does not fail.
"""

from __future__ import annotations

import sys

from .defects import everything, tried
from .table import PAGE, measured, page


def show(names: list[str]) -> int:
    """Print the page of each."""
    known = {one.client.__name__: one for one in everything("DEFECTS")}
    failed = 0
    for name in names:
        if name not in known:
            print(f"there is no defect {name}; there are {', '.join(known)}", file=sys.stderr)
            return 2
        verdict = tried(known[name].suite, known[name].killed_by)
        failed += verdict.failed
        print(verdict.page or f"{name} survives {known[name].killed_by}")
    return int(failed < len(names))


def write() -> int:
    """Print and write the table."""
    rows = []
    for defect in everything("DEFECTS"):
        row = measured(defect)
        rows.append(row)
        verdict = row.verdict
        state = "killed" if verdict.failed and defect.shows in verdict.page else "SURVIVES"
        print(f"{state:8} {defect.name:45} {defect.killed_by:48} {verdict.examples:4} {verdict.seconds:5.2f} s", flush=True)
    PAGE.write_text(page(rows))
    alive = [row for row in rows if not row.verdict.failed]
    print(
        f"{len(rows) - len(alive)} of {len(rows)} killed in {sum(row.verdict.seconds for row in rows):.1f} s; {PAGE.name} is written"
    )
    return int(bool(alive))


sys.exit(show(sys.argv[1:]) if sys.argv[1:] else write())
