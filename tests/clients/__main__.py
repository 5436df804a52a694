"""`python -m tests.clients`: tries every seeded defect, prints the table and writes it into `docs/defects.md`.

With names of defects (`jdcloud.TheClockIsLocal`) or findings, shows the pages that their tests fail with instead, and ends with 1 if one
does not fail, or fails for something else.
"""

from __future__ import annotations

import sys

from mockcloud.errors import nearest

from .defects import PREFIX, everything, tried
from .table import PAGE, measured, page


def show(names: list[str]) -> int:
    """Print the page of each."""
    known = {one.name: (one.suite, one.found_by, one.shows) for one in everything("FINDINGS")}
    known |= {f"{one.provider}.{one.client.__name__}": (one.suite, one.killed_by, one.shows) for one in everything("DEFECTS")}
    shown = 0
    for name in names:
        if name not in known:
            print(f"there is no defect and no finding '{name}'.{nearest(name, known)}", file=sys.stderr)
            return 2
        suite, test, part = known[name]
        verdict = tried(suite, test)
        shown += verdict.shows(part)
        print(f"{PREFIX}{test}\n\n{verdict.page or verdict.reason or 'it passes'}\n")
    return int(shown < len(names))


def write() -> int:
    """Print and write the table."""
    rows, killed = [], 0
    for defect in everything("DEFECTS"):
        row = measured(defect)
        rows.append(row)
        verdict, is_killed = row.verdict, row.verdict.shows(defect.shows)
        killed += is_killed
        state = "killed" if is_killed else "SURVIVES"
        print(f"{state:8} {defect.name:45} {defect.killed_by:48} {verdict.examples:4} {verdict.seconds:5.2f} s", flush=True)
    PAGE.write_text(page(rows))
    print(f"{killed} of {len(rows)} killed in {sum(row.verdict.seconds for row in rows):.1f} s; {PAGE.name} is written")
    return int(killed < len(rows))


if __name__ == "__main__":
    sys.exit(show(sys.argv[1:]) if sys.argv[1:] else write())
