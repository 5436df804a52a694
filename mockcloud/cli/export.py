"""`mockcloud export`: a contract in the language of another tool.

Knows no language: each is a module of `mockcloud.exports`, loaded when it is asked for. Law: nothing is written before all of
it is made, and what is printed is one file, byte for byte.
"""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

import click

from mockcloud.cli import completing, examples, options
from mockcloud.contracts import folders
from mockcloud.errors import UsageError, nearest
from mockcloud.exports.exported import Exported

KINDS = {
    "jsonschema": "standard JSON Schema 2020-12, a file for each operation and side",
    "openapi": "one OpenAPI 3.1 document",
    "vectors": "requests and answers as bytes, for tests in any language",
    "xsd": "XSD 1.0 and 1.1 of what is XML, and what brings a message in normal form",
}
"""Every kind with its line of help; a kind is `mockcloud.exports.<kind>:export`."""

EXAMPLES = {"jsonschema": "-o exported", "openapi": "> openapi.json", "vectors": "-o exported", "xsd": "-o exported"}
"""What stands behind the provider in the example of a kind: nothing that a checkout has already."""


class _Kinds(click.Group):
    """Kinds, each a command of the same form; its module is imported only when it is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted(KINDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        return _command(cmd_name) if cmd_name in KINDS else None

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        examples.write(
            [("mockcloud export openapi {provider}", ""), ("mockcloud export jsonschema {provider} -o exported", "")], formatter
        )

    def resolve_command(self, ctx: click.Context, args: list[str]) -> tuple[str | None, click.Command | None, list[str]]:
        if args[0] not in KINDS and not args[0].startswith("-"):
            ctx.fail(f"there is no export {args[0]!a}.{nearest(args[0], KINDS)}")
        return super().resolve_command(ctx, args)


def _command(kind: str) -> click.Command:
    @click.command(name=kind, short_help=KINDS[kind], help=_help(kind))
    @click.argument("provider", shell_complete=completing.provider)
    @options.operations("Only this operation. Repeatable.")
    @click.option("--file", "name", metavar="NAME", help="Of several files only this one.")
    @click.option(
        "-o",
        "--output",
        metavar="FOLDER",
        type=click.Path(path_type=Path),
        shell_complete=completing.folder,
        help="Write the files there.",
    )
    def command(provider: str, operations: tuple[str, ...], name: str | None, output: Path | None) -> None:
        files = made(kind, provider, operations, name)
        if output is not None:
            write(files, output)
            click.echo(f"{len(files)} {'file' if len(files) == 1 else 'files'} in {output}")
        elif len(files) == 1:
            click.echo(files[0].content, nl=False)
        else:
            said = f"these are {len(files)} files, such as {files[0].name}"
            raise UsageError(f"{said}; say where to with --output FOLDER, or print one with --file {files[0].name}")

    return command


def _help(kind: str) -> str:
    return f"A provider's contract as {KINDS[kind]}.\n\nExample: mockcloud export {kind} {_exemplary(kind)} {EXAMPLES[kind]}"


def _exemplary(kind: str) -> str:
    """A provider for the example: the first one that has something of the kind."""
    having = [name for name, folder in folders.known().items() if kind != "xsd" or any(folder.glob("requests/*.xsd"))]
    return having[0] if having else "PROVIDER"


def made(kind: str, provider: str, operations: tuple[str, ...], name: str | None) -> list[Exported]:
    """The files of an export. Raises UsageError for what is not there, and where there is nothing of the kind."""
    export_of = import_module(f"mockcloud.exports.{kind}").export
    files = list(export_of(provider, operations))
    if not files:
        what = f"{', '.join(operations)} of {provider}" if operations else provider
        raise UsageError(f"{what} has nothing to be exported as {kind}: this is {KINDS[kind]}")
    if name is None:
        return files
    by_name = {file.name: file for file in files}
    if name not in by_name:
        raise UsageError(f"{kind} of {provider} has no file '{name}', but {len(files)} others.{nearest(name, by_name)}")
    return [by_name[name]]


def write(files: list[Exported], folder: Path) -> None:
    """Write files below a folder, which is made where it is missing. Raises UsageError where that cannot be done."""
    try:
        for file in files:
            path = folder / file.name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(file.content)
    except OSError as problem:
        raise UsageError(f"cannot write {problem.filename or folder}: {problem.strerror or problem}") from None


@click.group(cls=_Kinds)
def export() -> None:
    """A provider's contract in the language of other tools.

    Each kind has a help of its own, with an example: `mockcloud export openapi --help`.
    """
