"""Tables of figures: on the terminal as they come, and in RESULTS.md.

Law: no host name and no path of the machine; what falls short says so.
"""

from __future__ import annotations

import os
import platform
from collections.abc import Sequence
from datetime import UTC, datetime
from importlib.metadata import version
from operator import truediv
from pathlib import Path
from statistics import median

from benchmarks.measure import Samples, paired, spread
from benchmarks.targets import TABLES, Row, Table, verdict
from mockcloud import RealClock

HEADS = ("subject", "median", "spread", "reference", "ratio", "target", "met?")
PACKAGES = (
    "mockcloud",
    "werkzeug",
    "jsonschema",
    "jsonschema-rs",
    "xmlschema",
    "lxml",
    "httpx",
    "respx",
    "requests",
    "responses",
    "pytest",
    "pytest-httpserver",
    "hypothesis",
)
MET, SHORT = "✓", "✗ FALLS SHORT"

HOW = f"""Written by `python -m benchmarks`; do not edit. Medians over interleaved rounds; the spread is the first to the third
quartile and the fastest round; a ratio is the median of the rounds' own ratios to the reference of the same run. A target that
is not met is marked {SHORT}."""

Line = tuple[str, ...]
Results = dict[str, Samples]


def lines(table: Table, samples: Samples) -> list[Line]:
    """A table's lines."""
    return [_line(row, samples, table.unit) for row in table.rows]


def _line(row: Row, samples: Samples, unit: str) -> Line:
    figures = samples[row.subject]
    low, high = spread(figures)
    best = max(figures) if unit.endswith("/s") else min(figures)
    said = verdict(row, samples, unit)
    reference = f"{row.reference}: {_figure(median(samples[row.reference]))}" if row.reference else ""
    ratio = f"{paired(truediv, figures, samples[row.reference]):.2f}" if row.reference else ""
    if row.known:
        reference += f"{'; ' if reference else ''}measured for the project: {row.known}"
    target, met = (said.wording, MET if said.met else SHORT) if said else ("", "")
    return (
        row.subject,
        _figure(median(figures)),
        f"{_figure(low)} to {_figure(high)}, fastest {_figure(best)}",
        reference,
        ratio,
        target,
        met,
    )


def _figure(value: float) -> str:
    return f"{value:,.0f}" if value >= 1000 else f"{value:.1f}" if value >= 10 else f"{value:.2f}"


def text(table: Table, samples: Samples) -> str:
    """A table for a terminal."""
    rows = [HEADS, *lines(table, samples)]
    widths = [max(len(row[at]) for row in rows) for at in range(len(HEADS))]
    body = "\n".join("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows)
    return f"\n{table.title} ({table.unit})\n{body}\n"


def short(results: Results) -> list[str]:
    """The targets that are not met, a sentence each."""
    found = []
    for name, samples in results.items():
        table = TABLES[name]
        for row in table.rows:
            said = verdict(row, samples, table.unit)
            if said and not said.met:
                found.append(f"{row.subject}: {_figure(median(samples[row.subject]))} {table.unit}, wanted {said.wording}")
    return found


def write(path: Path, results: Results, machine: Sequence[str], run: str) -> None:
    """RESULTS.md."""
    missed = short(results)
    parts = [
        "# Results",
        "",
        HOW,
        "",
        *(f"* {fact}" for fact in (*machine, run)),
        "",
        f"**{len(missed)} of {_targets(results)} targets fall short.**"
        if missed
        else f"**All {_targets(results)} targets are met.**",
        "",
        *(f"* {sentence}" for sentence in missed),
    ]
    for name, samples in results.items():
        parts += ["", *_markdown(TABLES[name], samples)]
    path.write_text("\n".join(parts).rstrip() + "\n", encoding="utf-8")


def _markdown(table: Table, samples: Samples) -> list[str]:
    rounds = len(samples[table.rows[0].subject])
    return [
        f"## {table.title} ({table.unit})",
        "",
        *table.notes.strip().splitlines(),
        "",
        f"{rounds} rounds.",
        "",
        f"| {' | '.join(HEADS)} |",
        "|---|--:|--:|---|--:|---|---|",
        *(f"| {' | '.join(line)} |" for line in lines(table, samples)),
    ]


def _targets(results: Results) -> int:
    return sum(row.demand is not None for name in results for row in TABLES[name].rows)


def machine() -> list[str]:
    """What the figures depend on."""
    return [
        f"{_processor()}, {os.cpu_count()} cores, {platform.system()}",
        f"{platform.python_implementation()} {platform.python_version()}",
        ", ".join(f"{package} {_version(package)}" for package in PACKAGES),
    ]


def load() -> str:
    """How busy the machine is with this and anything else."""
    return f"{os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else "unknown"


def today() -> str:
    """The day."""
    return datetime.fromtimestamp(RealClock().now(), UTC).date().isoformat()


def _processor() -> str:
    info = Path("/proc/cpuinfo")
    if info.exists():
        for line in info.read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()


def _version(package: str) -> str:
    if package == "mockcloud":
        import mockcloud

        return mockcloud.__version__
    return version(package)
