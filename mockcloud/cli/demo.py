"""`mockcloud demo`: every provider's own client against a server of ours, step by step, in a table."""

from __future__ import annotations

import os
from collections.abc import Iterator
from importlib import import_module
from importlib.metadata import version
from types import ModuleType

import click

from mockcloud.cli.examples import Exemplified
from mockcloud.cloud import Cloud
from mockcloud.contracts import folders
from mockcloud.contracts.loader import load
from mockcloud.errors import MissingExtra


@click.command(cls=Exemplified, examples=[("mockcloud demo", "")])
def demo() -> None:
    """The vendors' unmodified SDKs against the mock: create, poll to the end, an error, a tampered signature.

    Exit status 0 only when everything held.
    """
    try:
        import rich  # noqa: F401  # told before a server is started
    except ImportError:
        raise MissingExtra("mockcloud demo", "demo") from None
    # The SDKs ask the environment for proxies; this server is on loopback.
    os.environ["NO_PROXY"] = os.environ["no_proxy"] = "127.0.0.1,localhost"
    rows = list(_rows())
    _print(rows)
    raise SystemExit(0 if all(row[-1] for row in rows) else 1)


Row = tuple[str, str, str, str, str, bool]


def _rows() -> Iterator[Row]:
    cloud = Cloud()
    with cloud.serve() as server:
        for name, folder in folders.known().items():
            module = load(folder).demo
            if module:
                yield from _walked(name, import_module(module), server.url, cloud)


def _walked(name: str, module: ModuleType, url: str, cloud: Cloud) -> Iterator[Row]:
    client = module.PACKAGE
    try:
        client = f"{client} {version(client)}"
        for step in module.walk(url, cloud.credentials(name)):
            yield name, client, step.name, step.sent, step.came, step.held
    except ImportError:
        raise MissingExtra(f"the demonstration of {name}", "demo") from None
    except Exception as problem:  # noqa: BLE001  # whatever a client raises is its verdict, not our end
        yield name, client, "stopped", "", f"{type(problem).__name__}: {problem}", False


def _print(rows: list[Row]) -> None:
    from rich import box
    from rich.console import Console
    from rich.markup import escape
    from rich.table import Table

    console = Console()
    console = console if console.is_terminal else Console(width=150)
    table = Table(title="The vendors' own clients against mockcloud", box=box.SIMPLE_HEAVY, title_justify="left", pad_edge=False)
    for column in ("provider", "client", "step", "what was sent", "what came back", "verdict"):
        table.add_column(column, overflow="fold")
    last = ""
    for name, client, step, sent, came, held in rows:
        if last and name != last:
            table.add_section()
        verdict = "[green]✓ held[/green]" if held else "[red]✗ FAILED[/red]"
        who = ("", "") if name == last else (f"[bold]{name}[/bold]", client)
        table.add_row(*who, step, escape(sent), escape(came), verdict)
        last = name
    console.print(table)
    console.print(f"{sum(row[-1] for row in rows)} of {len(rows)} steps held.")
