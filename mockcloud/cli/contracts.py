"""`mockcloud contracts`: what this installation answers, and on whose word."""

from __future__ import annotations

import json

import click

from mockcloud.contracts import folders
from mockcloud.contracts.loader import load
from mockcloud.contracts.model import Contract
from mockcloud.messages import Json


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print JSON for a machine.")
def contracts(*, as_json: bool) -> None:
    """Providers and operations, with their evidence.

    Example: mockcloud contracts --json
    """
    loaded = [load(folder) for folder in folders.known().values()]
    if as_json:
        click.echo(json.dumps({"providers": [_described(contract) for contract in loaded]}, indent=2, ensure_ascii=False))
        return
    for contract in loaded:
        _print(contract)


def _described(contract: Contract) -> Json:
    operations = [
        {
            "name": one.name,
            "methods": list(one.methods),
            "path": one.path,
            "evidence": list(one.evidence),
            "rules": len(one.request.rules),
        }
        for one in contract.operations.values()
    ]
    settings = {
        name: {"default": one.default, "values": list(one.values), "says": one.says} for name, one in contract.settings.items()
    }
    return {"name": contract.name, "title": contract.title, "operations": operations, "settings": settings}


def _print(contract: Contract) -> None:
    click.echo(
        f"{click.style(contract.name, bold=True)}  {contract.title}  ({', '.join(host.example for host in contract.hosts)})"
    )
    for one in contract.operations.values():
        asked = f"{'|'.join(one.methods)} {one.path}"
        click.echo(f"  {one.name:<32} {asked:<46} {len(one.request.rules):>3} rules   {', '.join(one.evidence)}")
    for name, setting in contract.settings.items():
        click.echo(f"  set {name}={setting.default!s:<24} {setting.says}")
    click.echo()
