"""`mockcloud diff`: what changed between two contracts, and whom it breaks."""

from __future__ import annotations

import sys
from collections.abc import Collection, Iterable
from typing import TYPE_CHECKING, Final

import click

from mockcloud.cli import completing, options
from mockcloud.cli.examples import Exemplified
from mockcloud.cli.output import print_json, print_page

if TYPE_CHECKING:
    from mockcloud.changes.calls import Calls
    from mockcloud.changes.change import Change
    from mockcloud.changes.diff import Editions
    from mockcloud.traffic.judge import Judge

FAIL_ON: Final = ("breaking", "any", "never")

EXAMPLES = [
    ("mockcloud diff schemas/{provider} schemas/{provider}", "two folders; in a repository: diff HEAD~3 schemas"),
    ("mockcloud diff schemas schemas --format json", "for a program"),
    ("mockcloud diff schemas schemas --journal fixtures/recordings/journal.jsonl", "and which of these calls break"),
]


@click.command(cls=Exemplified, examples=EXAMPLES)
@click.argument("old", metavar="OLD", shell_complete=completing.folder)
@click.argument("new", metavar="NEW", shell_complete=completing.folder)
@click.option(
    "--journal",
    "journals",
    multiple=True,
    metavar="FILE",
    shell_complete=completing.file,
    help="A recording: which of its calls break? Repeatable.",
)
@options.hosts
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True, help="How to print.")
@click.option("--fail-on", type=click.Choice(FAIL_ON), default="breaking", show_default=True, help="What ends with status 1.")
def diff(old: str, new: str, journals: tuple[str, ...], hosts: tuple[tuple[str, str], ...], form: str, fail_on: str) -> None:
    """What changed between two contracts, judged for the clients of the old one: breaking changes are marked and come first.

    OLD and NEW are each the folder of a provider, a folder of several, or a git revision (HEAD~3, v1.2, REV:path/to/schemas) of
    the repository here. A recording is whatever `mockcloud validate` reads; its calls are judged by both, without signatures.
    Exit status: 0 nothing breaks, 1 something does, 2 they cannot be compared, or a recording cannot be read.
    """
    from mockcloud.changes import outline, page
    from mockcloud.changes.diff import diff as compare
    from mockcloud.changes.origins import opened

    with opened(old, new) as (before, after):
        changes = compare(before, after)
        calls = _calls(journals, hosts, before, after) if journals else None
    if form == "json":
        print_json(outline.as_json(old, new, changes, calls.as_json() if calls else None))
    else:
        print_page(lambda width: page.page(changes, calls, width))
    sys.exit(_status(changes, calls, fail_on))


def _calls(journals: Iterable[str], hosts: Iterable[tuple[str, str]], old: Editions, new: Editions) -> Calls:
    from mockcloud.changes.calls import compared
    from mockcloud.traffic import readers, sources

    judges = [_judge(editions, hosts, {*old, *new} - {*editions}) for editions in (old, new)]
    recordings = (recorded for source in sources.sources(journals, sys.stdin.buffer) for recorded in readers.read(source))
    return compared(recordings, *judges)


def _judge(editions: Editions, hosts: Iterable[tuple[str, str]], others: Collection[str]) -> Judge:
    """The judge of some editions; hosts that stand for `others`, which only the other folder has, are nobody's here."""
    from mockcloud.traffic.judge import Judge

    own = {host: name for name, host in hosts if name not in others}
    # A recording that lost its signatures is a call all the same.
    return Judge({name: one.folder for name, one in editions.items()}, hosts=own, strict=False)


def _status(changes: list[Change], calls: Calls | None, fail_on: str) -> int:
    counts = {"breaking": any(change.breaking for change in changes), "any": bool(changes), "never": False}
    if fail_on != "never" and (counts[fail_on] or (calls is not None and calls.broken)):
        return 1
    # What was not read was not compared.
    return 2 if calls is not None and (calls.unreadable or not calls.total) else 0
