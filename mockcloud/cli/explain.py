"""`mockcloud explain`: what a rule, operation, error code or contradiction is about, and on whose word."""

from __future__ import annotations

import click

from mockcloud.cli import completing
from mockcloud.cli.examples import Exemplified
from mockcloud.cli.output import print_format, print_page

EXAMPLES = [
    ("mockcloud explain {operation}", ""),
    ("mockcloud explain {code}", ""),
    ("mockcloud explain {contradiction}", ""),
    ("mockcloud explain {rule}", ""),
    ("mockcloud explain {operation} --json", "for a program"),
]


@click.command(cls=Exemplified, examples=EXAMPLES)
@click.argument("name", metavar="NAME", shell_complete=completing.explained)
@click.option("--json", "as_json", is_flag=True, help="Print JSON for a machine.")
def explain(name: str, *, as_json: bool) -> None:
    """What it demands, on which evidence, what breaks it and which error that earns.

    The name is one of these; `mockcloud contracts` and `mockcloud rules` list them.

    \b
      PROVIDER.Operation/request#/path/of/member:constraint   a rule
      PROVIDER.Operation                                      an operation
      PROVIDER:CODE                                           an error code, or a condition that earns one
      PROVIDER:contradiction                                  where documents disagree, and what was decided
    """
    from mockcloud.reports import explain as reports
    from mockcloud.reports.pages import page

    explained = reports.explain(name)
    if as_json:
        print_format("explanation", explained)
    else:
        print_page(lambda width: page(explained, width))
