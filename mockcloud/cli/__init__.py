"""The command line: one command a file, each loaded when it is called."""

from __future__ import annotations

import os
import sys
from importlib import import_module
from typing import TYPE_CHECKING

import click

from mockcloud.cli import streams
from mockcloud.errors import MockcloudError, nearest

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

COMMANDS = {
    "completion": "the script that completes commands and names with TAB in a shell",
    "contracts": "providers and operations, with their evidence",
    "demo": "the vendors' SDKs against the mock, end to end",
    "diff": "what changed between two contracts, and whom it breaks",
    "explain": "what a rule, operation, error code or contradiction is about",
    "export": "a contract as OpenAPI, JSON Schema, XSD or wire vectors",
    "fuzz": "whether a server that you keep answers as documented",
    "init": "the file that a suite of contract tests starts from",
    "rules": "the rules, with their evidence and what breaking them earns",
    "serve": "answer on a port until interrupted",
    "validate": "judge recorded messages by the contracts",
}
"""Every command with its line of help; a command is `mockcloud.cli.<name>:<name>`."""

EXAMPLES = [
    ("mockcloud serve --port 0", "the mock as a server, until it is interrupted"),
    ("mockcloud contracts", "what it answers, and on whose word"),
    ("mockcloud rules {provider}", "what it holds requests to"),
    ("mockcloud explain {operation}", "what there is to say of one of them"),
]

INTERRUPTED = 130
"""The exit status of a command that SIGINT ended: 128 and the signal's number."""

COMPLETING = "_MOCKCLOUD_COMPLETE"
"""The environment variable by which a shell's script asks for completions; its value is the shell."""


class _Commands(click.Group):
    """Commands that are imported only when they are called: `serve` must not pay for what `demo` needs."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        command = getattr(import_module(f"mockcloud.cli.{cmd_name}"), cmd_name)
        assert isinstance(command, click.Command)  # noqa: S101  # the table names commands
        return command

    def resolve_command(self, ctx: click.Context, args: list[str]) -> tuple[str | None, click.Command | None, list[str]]:
        if args[0] not in COMMANDS and not args[0].startswith("-"):
            ctx.fail(f"there is no command {args[0]!a}.{nearest(args[0], COMMANDS)}")
        return super().resolve_command(ctx, args)

    def invoke(self, ctx: click.Context) -> object:
        """Run the command. One that is interrupted ends as shells have it, for 1 is a verdict of some."""
        try:
            return super().invoke(ctx)
        except KeyboardInterrupt:
            _said("interrupted")
            ctx.exit(INTERRUPTED)

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem[str]]:
        """The commands by their table: click would import each to ask whether it is hidden."""
        from click.shell_completion import CompletionItem

        found = [CompletionItem(name, help=says) for name, says in sorted(COMMANDS.items()) if name.startswith(incomplete)]
        return [*found, *click.Command.shell_complete(self, ctx, incomplete)]

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        from mockcloud.cli import examples

        examples.write(EXAMPLES, formatter)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(sorted(COMMANDS.items()))


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="mockcloud")
def cli() -> None:
    """Media-processing clouds to test clients against, made from the vendors' documents."""


def main() -> None:
    """Run the command line. What mockcloud raises at its user is one line and exit status 2, never a traceback.

    So is a file or an output that cannot be read or written.
    """
    if COMPLETING in os.environ:
        from mockcloud.cli.completion import answer

        raise SystemExit(answer(os.environ[COMPLETING], sys.argv[1:]))
    streams.prepare()
    try:
        cli()
    except MockcloudError as problem:
        raise SystemExit(_said(str(problem))) from None
    except OSError as problem:
        where = f"{problem.filename!r}: " if problem.filename else ""
        raise SystemExit(_said(f"{where}{problem.strerror or problem}")) from None
    finally:
        streams.settle()


def _said(sentence: str) -> int:
    click.echo(f"mockcloud: {sentence}", err=True)
    return 2
