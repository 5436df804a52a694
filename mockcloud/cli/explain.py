"""`mockcloud explain`: what a rule, operation, error code or contradiction is about, and on whose word."""

from __future__ import annotations

import click

from mockcloud.cli.output import print_format, print_page


@click.command()
@click.argument("name", metavar="NAME")
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
