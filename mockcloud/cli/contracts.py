"""`mockcloud contracts`: what this installation answers, and on whose word; and whether a contract keeps the laws."""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path

import click

from mockcloud.cli import completing
from mockcloud.cli.examples import Exemplified
from mockcloud.cli.output import print_format, print_page
from mockcloud.messages import Json

EXAMPLES = [
    ("mockcloud contracts", ""),
    ("mockcloud contracts --json", "for a program"),
    ("mockcloud contracts --check schemas/{provider}", "does a folder keep the laws?"),
]


@click.command(cls=Exemplified, examples=EXAMPLES)
@click.option(
    "--check",
    "folder",
    metavar="PATH",
    type=click.Path(path_type=Path),
    shell_complete=completing.folder,
    help="Check the contract in a folder instead.",
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON for a machine.")
def contracts(folder: Path | None, *, as_json: bool) -> None:
    """Providers and operations, errors, contradictions and settings, with their evidence.

    With --check, hold the contract in a folder, installed or not, to the laws that every contract keeps.
    Exit status: 0 it keeps them all, 1 there are findings, 2 the folder cannot be read as a contract.
    """
    if folder is not None:
        sys.exit(_check(folder, as_json=as_json))
    from mockcloud.reports.dossier import dossiers
    from mockcloud.reports.listing import provider

    listed = [provider(entry) for entry in dossiers()]
    if as_json:
        print_format("contracts", {"providers": listed})
    else:
        print_page(lambda width: _page(listed, width))


def _check(folder: Path, *, as_json: bool) -> int:
    from mockcloud.errors import ContractError
    from mockcloud.reports import checks
    from mockcloud.reports.refused import printable

    missing = _no_contract(folder)
    if missing:
        click.echo(printable(missing), err=True)
        return 2
    try:
        found = checks.check(folder)
    except ContractError as problem:
        click.echo(str(problem), err=True)
        return 2
    if as_json:
        print_format("checks", {"laws": len(checks.LAWS), "findings": [one.as_json() for one in found]})
    else:
        for one in found:
            click.echo(str(one))
        counted = "1 finding" if len(found) == 1 else f"{len(found)} findings"
        verdict = f": {counted}, {len(checks.LAWS)} laws" if found else f" keeps all {len(checks.LAWS)} laws"
        click.echo(f"{folder.resolve().name}{verdict}.")
    return 1 if found else 0


def _no_contract(folder: Path) -> str:
    """Why a path is no provider's folder, and which one was most likely meant; empty where it is one."""
    if (folder / "provider.json").is_file():
        return ""
    below = sorted(str(file.parent) for file in folder.glob("*/provider.json")) if folder.is_dir() else []
    meant = f" Did you mean {' or '.join(map(repr, below))}?" if below else ""
    found = "has no provider.json" if folder.is_dir() else "is no folder"
    return f"'{folder}' {found}: --check takes the folder of one provider, the one that holds its provider.json.{meant}"


def _page(listed: list[Json], width: int) -> str:
    from mockcloud.reports.page import Page

    made = Page(width)
    for provider in listed:
        made.space()
        made.title(provider["name"], f"{provider['title']} ({', '.join(provider['hosts'])})")
        made.lines.pop()
        made.table([_operation(one) for one in provider["operations"]], ("operation", "asked by", "rules", "known from"))
        for one in provider["operations"]:
            if "partly" in one:
                made.row("partly", f"{one['name']}: {one['partly']}")
        for name, setting in provider["settings"].items():
            made.row("setting", f"{name}={setting['default']}  {setting['says']}")
        name, codes = provider["name"], [error["code"] for error in provider["errors"]]
        counted = ", ".join(f"{number} of {where}" for where, number in Counter(e["where"] for e in provider["errors"]).items())
        made.row("errors", f"{len(codes)} codes ({counted}): {', '.join(codes)}; {_explained(name, codes[0])}")
        if provider["callbacks"]:
            sent = [one["name"] for one in provider["callbacks"]]
            made.row("callbacks", f"{', '.join(sent)}; `mockcloud rules {name}.{sent[0]}`")
        decided = [one["id"] for one in provider["contradictions"]]
        if decided:
            made.row("decided", f"{len(decided)} contradictions: {', '.join(decided)}; {_explained(name, decided[0])}")
    return str(made)


def _explained(provider: str, name: str) -> str:
    return f"`mockcloud explain {provider}:{name}` tells of one"


def _operation(one: Json) -> tuple[str, str, str, str]:
    asked = f"{'|'.join(one['methods'])} {one['path']}"
    mark = " (partly)" if "partly" in one else ""
    return f"{one['name']}{mark}", asked, str(one["rules"]), ", ".join(one["evidence_kinds"])
