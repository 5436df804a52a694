"""`mockcloud validate`: whether recorded or written messages keep the contract.

Knows the command line; readers, judge and reports are asked. Law: the exit status is 0 only where something was judged and all
of it is valid.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from typing import TYPE_CHECKING, TextIO

import click

from mockcloud.cli import completing, options
from mockcloud.cli.examples import Exemplified
from mockcloud.cli.output import PIPED, opened, width
from mockcloud.errors import MissingExtra

if TYPE_CHECKING:
    from mockcloud.reports.verdicts import Writer
    from mockcloud.traffic.judge import Judge
    from mockcloud.traffic.sources import Source
    from mockcloud.traffic.verdict import Tally, Verdict

FORMATS = ("text", "json", "junit", "sarif", "github")
KINDS = ("har", "cassette", "journal", "raw", "body")


EXAMPLES = [
    ("mockcloud validate fixtures/recordings/samples/media-info.xml", ""),
    ("mockcloud validate fixtures/recordings/browser.har", "what a browser recorded breaks rules: exits 1"),
    ("mockcloud validate fixtures/recordings --report junit=report.xml", "a folder, and a report for CI as well: exits 1"),
]


@click.command(cls=Exemplified, examples=EXAMPLES)
@click.argument("paths", nargs=-1, required=True, metavar="PATH...", shell_complete=completing.file)
@click.option(
    "--operation",
    default="",
    metavar="OPERATION",
    shell_complete=completing.operation,
    help="What every message is for, in place of finding it out.",
)
@click.option("--side", type=click.Choice(["request", "response"]), help="Judge this side alone.")
@options.reporting(FORMATS)
@click.option("--kind", type=click.Choice(KINDS), help="What the files are, in place of finding it out.")
@options.hosts
@options.auth("Off: keys and signatures may be missing, as in recordings without secrets.")
@options.settings
@click.option("--skip-unknown", is_flag=True, help="Pass over requests to vendors that no documented operation matches.")
@click.option("--verbose", is_flag=True, help="Tell of what is valid or passed over, too.")
def validate(
    paths: tuple[str, ...],
    operation: str,
    side: str | None,
    name: str,
    reports: tuple[tuple[str, str], ...],
    kind: str | None,
    hosts: tuple[tuple[str, str], ...],
    auth: str,
    settings: tuple[tuple[str, str, str], ...],
    *,
    skip_unknown: bool,
    verbose: bool,
) -> None:
    """Judge recordings: HAR files, VCR cassettes, journals, logs of HTTP messages, and bodies in JSON, XML or form encoding.

    PATH is a file, a folder, a pattern in quotes, or - for standard input. Signatures and state are not asked about.
    Exit status: 0 all is valid, 1 a rule is broken, 2 something could not be judged, or nothing was there to judge.
    """
    from mockcloud.traffic.judge import Judge
    from mockcloud.traffic.sources import sources

    judge = Judge(
        operation=operation,
        side=side or "",
        hosts={host: provider for provider, host in hosts},
        settings=options.settings_by_provider(settings),
        strict=auth == "strict",
        skip_unknown=skip_unknown,
    )
    found = list(sources(paths, sys.stdin.buffer))
    with ExitStack() as stack:
        writers = [_writer(name, sys.stdout, verbose=verbose)]
        for wanted, file in reports:
            writers.append(_writer(wanted, stack.enter_context(opened(file)), verbose=verbose))
        tally = _judge(judge, found, kind, writers)
    sys.exit(tally.status)


def _writer(name: str, out: TextIO, *, verbose: bool) -> Writer:
    from mockcloud.reports.verdicts import WRITERS, Options

    at_terminal = out is sys.stdout and out.isatty()
    chosen = Options(
        color=at_terminal and not os.environ.get("NO_COLOR"),
        width=width() if at_terminal else PIPED,
        verbose=verbose,
        summary=os.environ.get("GITHUB_STEP_SUMMARY", "") if name == "github" else "",
    )
    return WRITERS[name](out, chosen)


def _judge(judge: Judge, found: Sequence[Source], kind: str | None, writers: Sequence[Writer]) -> Tally:
    """Judge what the sources hold, telling each verdict as it comes."""
    from mockcloud.cli.progress import Progress
    from mockcloud.traffic.verdict import Outcome, Tally

    sizes = [source.size for source in found]
    progress = Progress(None if None in sizes else sum(size or 0 for size in sizes))
    tally, before = Tally(files=len(found)), 0
    for source in found:
        for verdict in _verdicts(judge, source, kind):
            tally.count(verdict)
            if verdict.outcome in (Outcome.VIOLATIONS, Outcome.UNJUDGED):
                progress.erase()
            for writer in writers:
                writer.write(verdict)
            progress.at(before + source.count, lambda: _so_far(tally))
        before += source.size or source.count
    progress.erase()
    for writer in writers:
        writer.close(tally)
    return tally


def _so_far(tally: Tally) -> str:
    from mockcloud.traffic.verdict import Outcome

    return f"{tally.outcomes.total():,} messages, {tally.outcomes[Outcome.VIOLATIONS]:,} of them break rules"


def _verdicts(judge: Judge, source: Source, kind: str | None) -> Iterator[Verdict]:
    from mockcloud.traffic.readers import read
    from mockcloud.traffic.recorded import Place
    from mockcloud.traffic.verdict import Outcome, Verdict

    try:
        for recorded in read(source, kind):
            yield from judge.judge(recorded)
    except MissingExtra as problem:
        yield Verdict(Place(source.name), Outcome.UNJUDGED, reason=str(problem))
