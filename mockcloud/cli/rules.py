"""`mockcloud rules`: every rule, with its evidence and what breaking it earns."""

from __future__ import annotations

import sys
from itertools import groupby

import click

from mockcloud.cli import completing
from mockcloud.cli.examples import Exemplified
from mockcloud.cli.output import print_format, print_page
from mockcloud.messages import Json

EXAMPLES = [
    ("mockcloud rules", "of all operations, a rule a line"),
    ("mockcloud rules {operation}", "of one"),
    ("mockcloud rules {provider}.refusal", "of the envelope of its refusals"),
    ("mockcloud rules {provider} --json", "for a program"),
]


@click.command(cls=Exemplified, examples=EXAMPLES)
@click.argument("name", default="", metavar="[PROVIDER|OPERATION]", shell_complete=completing.ruled)
@click.option("--json", "as_json", is_flag=True, help="Print JSON for a machine.")
def rules(name: str, *, as_json: bool) -> None:
    """The rules of everything, of a provider, or of an operation.

    The rules of callbacks and refusals belong to no operation: `mockcloud rules PROVIDER.refusal`.
    """
    from mockcloud.reports.rule_list import rules as listed

    found = listed(name)
    if as_json:
        print_format("rules", {"rules": found})
    elif not found:
        click.echo(f"{name} has no rules.", err=True)
    else:
        print_page(lambda width: page(found, width if sys.stdout.isatty() else None))


def page(found: list[Json], width: int | None) -> str:
    """A rule a line: its whole id, what breaking it earns, and the document. By operation in a terminal too narrow for that.

    A width of None is any: a pipe's lines are for grep, and are never broken.
    """
    from mockcloud.reports.page import columns, padded

    rows = [(rule["id"], rule["refusal"] or "-", _document(rule)) for rule in found]
    first, second = (max(columns(row[i]) for row in rows) for i in (0, 1)) if rows else (0, 0)
    if width is not None and first + second + 4 + max((columns(row[2]) for row in rows), default=0) > width:
        return _grouped(found, width)
    return "\n".join(f"{padded(name, first)}  {padded(code, second)}  {place}" for name, code, place in rows)


def _grouped(found: list[Json], width: int) -> str:
    from mockcloud.reports.page import Page

    made = Page(width)
    for operation, group in groupby(found, key=lambda rule: rule["operation"]):
        members = list(group)
        made.heading(f"{operation}/  ({len(members)} rules)")
        made.table([(rule["id"].removeprefix(f"{operation}/"), rule["refusal"] or "-", _document(rule)) for rule in members])
    return str(made)


def _document(rule: Json) -> str:
    document, line = rule["document"] or "decision", rule["line"]
    return f"{document}:{line}" if isinstance(line, int) else f"{document}#{line}" if line else str(document)
