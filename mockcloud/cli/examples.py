"""Examples in a command's help: lines that run as they stand, in a checkout and with the contracts that are installed.

Knows placeholders for names, `{provider}`, `{operation}`, `{rule}`, `{code}` and `{contradiction}`: what stands for them is the
first that there is. Law: an example that cannot be filled is left out; help is always given. A status other than 0 is said:
`exits 1`.
"""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Iterator
from typing import Any, Final

import click

Example = tuple[str, str]
"""A line, and what it is an example of; empty where it says so itself."""

WIDEST: Final = 60
"""A line that is wider has its words above it, not beside it."""


class Exemplified(click.Command):
    """A command whose help ends in examples."""

    def __init__(self, *arguments: Any, examples: Iterable[Example] = (), **keywords: Any) -> None:
        super().__init__(*arguments, **keywords)
        self.examples = tuple(examples)

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the examples at the end of the help."""
        write(self.examples, formatter)


def write(examples: Iterable[Example], formatter: click.HelpFormatter) -> None:
    """Write examples as a section of a help."""
    filled = list(_filled(examples))
    widest = max((len(line) for line, _ in filled if len(line) <= WIDEST), default=0)
    with formatter.section("Examples"):
        for line, says in filled:
            beside = f"{line:<{widest}}  # {says}" if len(line) <= WIDEST else f"# {says}\n  {line}"
            formatter.write(f"  {beside if says else line}\n")


def _filled(examples: Iterable[Example]) -> Iterator[Example]:
    for line, says in examples:
        try:
            yield line.format_map(_Names()) if "{" in line else line, says
        except Exception:  # noqa: BLE001, S112  # a contract of somebody else's that cannot be read is no reason for no help
            continue


class _Names(dict[str, str]):
    """The first name of each kind that is installed, looked up when it is asked for, as a shell takes it."""

    def __missing__(self, kind: str) -> str:
        from mockcloud.cli import names

        provider = next(iter(names.providers()))
        operation = next(iter(names.operations(provider)))
        entries = names.entries(provider)
        found = {
            "provider": lambda: provider,
            "operation": lambda: operation,
            "rule": lambda: next(iter(names.rules(operation))),
            "code": lambda: next(reversed(entries)),
            "contradiction": lambda: next(name for name, says in entries.items() if says == names.CONTRADICTION),
        }
        return shlex.quote(found[kind]())
