"""How commands print: JSON for machines, pages for people.

Law: what is piped has no styles; a page is never wider than the terminal, but for what cannot be broken.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import TextIO

import click

from mockcloud.cli import streams
from mockcloud.errors import UsageError
from mockcloud.messages import Json

PIPED = 100
"""The width of what is not printed on a terminal, unless COLUMNS says otherwise."""


def print_json(data: Json) -> None:
    """Print data for a machine."""
    click.echo(json.dumps(data, indent=2, ensure_ascii=not streams.takes_unicode()))


def print_format(name: str, members: Json) -> None:
    """Print an object of the machine format `mockcloud.<name>/1`; `schemas/meta/outputs/<name>.schema.json` describes it."""
    print_json({"format": f"mockcloud.{name}/1", **members})


def opened(file: str) -> TextIO:
    """The file of a report, to be written. Raises UsageError where that cannot be done."""
    try:
        return Path(file).open("w", encoding="utf-8", newline="\n")
    except OSError as problem:
        raise UsageError(f"the report '{file}' cannot be written: {problem.strerror}") from None


def width() -> int:
    """The columns of standard output."""
    return shutil.get_terminal_size((PIPED, 24)).columns


def print_page(page: Callable[[int], str]) -> None:
    """Print a page for people, made for the terminal's width; without styles into a pipe, or where NO_COLOR asks for none."""
    click.echo(page(width()), color=False if os.environ.get("NO_COLOR") else None)
