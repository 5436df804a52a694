"""`mockcloud init`: the file that a suite starts from.

Knows the command line; what stands in the file is made in `conduct/starting_file.py`. Law: no file is written over unless that
was asked for.
"""

from __future__ import annotations

from pathlib import Path

import click

from mockcloud.cli import completing
from mockcloud.cli.examples import Exemplified
from mockcloud.errors import UsageError

CLIENTS = ("httpx", "httpx-async", "requests", "sdk")

EXAMPLES = [
    ("mockcloud init {provider}", "the vendor's SDK, where there is one, in a file of its own"),
    ("mockcloud init {provider} --operation {operation} --client httpx -", "printed, for a client of yours"),
]


@click.command(cls=Exemplified, examples=EXAMPLES)
@click.argument("provider", shell_complete=completing.provider)
@click.argument("file", required=False, shell_complete=completing.file)
@click.option("--operation", default="", metavar="OP", shell_complete=completing.operation, help="What the client is tried on.")
@click.option("--client", default="", metavar="CLIENT", shell_complete=completing.words(*CLIENTS), help=f"{', '.join(CLIENTS)}.")
@click.option("--force", is_flag=True, help="Write over a file that is there.")
def init(provider: str, file: str | None, operation: str, client: str, *, force: bool) -> None:
    """Write the file that a suite of contract tests starts from: a class to fill in, or one over the vendor's own SDK.

    FILE is test_PROVIDER.py where none is given; - prints it.
    """
    from mockcloud.conduct.starting_file import suite

    path = Path(file or f"test_{provider}.py")
    if path.suffix != ".py" and file != "-":
        raise UsageError(f"a suite is a file of Python, found '{path}': name one that ends in .py")
    about, text = suite(provider, operation, client, path.name if file != "-" else f"test_{provider}.py")
    if file == "-":
        click.echo(text, nl=False)
        return
    _write(path, text, force=force)
    click.echo(f"{path} holds the contract tests of {about}\nnext: pytest {path}")


def _write(path: Path, text: str, *, force: bool) -> None:
    try:
        with path.open("w" if force else "x", encoding="utf-8", newline="\n") as file:
            file.write(text)
    except FileExistsError:
        raise UsageError(f"'{path}' is there already; name another file, or write over it with --force") from None
    except OSError as problem:
        raise UsageError(f"cannot write '{path}': {problem.strerror or problem}") from None
