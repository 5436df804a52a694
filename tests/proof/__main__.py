"""`python -m tests.proof`: prove every operation's strategies with many draws, and write the figures to docs/strategies.md."""

from __future__ import annotations

import argparse
import re
import sys
from concurrent.futures import ProcessPoolExecutor
from fnmatch import fnmatchcase
from functools import partial
from pathlib import Path

from strategies.draws import law

from mockcloud.reports.dossier import dossiers
from proof.figures import Figures, of_broken, of_valid, together

PAGE = Path(__file__).resolve().parent.parent.parent / "docs" / "strategies.md"
TABLE = re.compile(r"(?<=<!-- figures -->\n).*?(?=<!-- end of figures -->)", re.DOTALL)
HEAD = (
    "| operation | valid drawn | broken drawn | as they are said to be | rules broken | values seen | within | draws/s |\n"
    "|---|---|---|---|---|---|---|---|\n"
)
EACH = 100
"""Draws of each rule by itself; of all of them together there are so many times fewer than valid ones."""


def proven(operation: str, draws: int) -> Figures:
    """The figures of one operation."""
    return together(of_valid(operation, law, draws), of_broken(operation, law, draws // EACH, min(EACH, draws)))


def main() -> int:
    """0 when every draw is what it is said to be, every rule was broken and every value seen."""
    options = _options()
    every = [one.id for entry in dossiers() for one in entry.contract.operations.values()]
    chosen = [one for one in every if any(fnmatchcase(one, pattern) for pattern in options.operation or ["*"])]
    failed = False
    with ProcessPoolExecutor(options.processes) as processes:
        for figures in processes.map(partial(proven, draws=options.draws), chosen):
            print(figures.line, flush=True)
            if figures.wrong or figures.unseen or len(figures.broken) < figures.rules:
                failed = True
                print(f"  wrong: {figures.wrong[:3]}\n  unseen: {sorted(figures.unseen)}", file=sys.stderr)
            else:
                write(figures.line, every)
    return int(failed)


def write(line: str, every: list[str]) -> None:
    """Put an operation's row in the page, in the place of the one that it had."""
    text = PAGE.read_text(encoding="utf-8")
    lines = [*TABLE.search(text)[0].splitlines()[2:], line]  # type: ignore[index]  # the page has a table
    rows = {one.split("`")[1]: one for one in lines}
    table = HEAD + "".join(f"{rows[name]}\n" for name in every if name in rows)
    PAGE.write_text(TABLE.sub(lambda _: table, text), encoding="utf-8")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.proof", description=__doc__)
    parser.add_argument("--operation", action="append", help="only those that match this pattern; may be repeated")
    parser.add_argument("--draws", type=int, default=10_000, help="valid requests of each operation (default: 10000)")
    parser.add_argument("--processes", type=int, default=2, help="how many operations at once (default: 2)")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
