"""`mockcloud fuzz`: whether a server that somebody keeps answers as the contracts say.

Knows the command line; the campaign and the reports are asked. Law: the exit status is 0 only where everything that was asked was
judged, and nothing deviates.
"""

from __future__ import annotations

import os
import shlex
import sys
from collections.abc import Collection, Sequence
from contextlib import ExitStack, closing
from dataclasses import replace
from typing import TYPE_CHECKING, Any, TextIO

import click

from mockcloud.cli import options, output
from mockcloud.cli.examples import Exemplified

if TYPE_CHECKING:
    from mockcloud.fuzzing.campaign import Campaign
    from mockcloud.fuzzing.deviation import Report
    from mockcloud.fuzzing.told import Run
    from mockcloud.fuzzing.transport import Connection

FORMATS = ("text", "json", "junit")
PATIENCE = 30.0
INTERRUPTED = "the run was interrupted"

EXAMPLES = [
    (
        "mockcloud fuzz http://127.0.0.1:1 --operation {operation}",
        "one operation, and what it needs; exits 2 where nobody listens",
    ),
]


@click.command(cls=Exemplified, examples=EXAMPLES)
@click.argument("url", metavar="URL")
@options.operations("Ask about this one, and what it needs. Repeatable; default all.")
@options.providers("Whom the server stands for. Repeatable; default those that answer.")
@click.option(
    "--examples",
    type=click.IntRange(0),
    default=25,
    show_default=True,
    help="Valid and broken cases drawn of each operation, beyond those that are always asked.",
)
@options.seed("Of what is drawn.")
@options.credentials("What the server knows, in place of the well-known one. Repeatable.")
@options.auth("Off: it checks no signatures.")
@options.settings
@click.option(
    "--patience",
    type=click.FloatRange(0.0),
    default=PATIENCE,
    show_default=True,
    metavar="SECONDS",
    help="For which a task is waited for.",
)
@click.option(
    "--ignore",
    "ignored",
    multiple=True,
    metavar="KIND:RULE",
    help="A deviation that is known and does not count; * stands for anything. Repeatable.",
)
@options.reporting(FORMATS)
def fuzz(url: str, name: str, reports: tuple[tuple[str, str], ...], **terms: Any) -> None:
    """Ask a server that you keep what a vendor's clients ask, and judge its answers.

    Valid requests have to be accepted with a documented answer, broken ones refused as documented, and tasks have to move as
    documented. The server is asked to make, change and remove things; what was made is removed again where that can be asked for.
    Exit status: 0 no deviation, 1 deviations, 2 the server cannot be judged. Of a run that is interrupted what was found is told.
    """
    from mockcloud.fuzzing.told import Run
    from mockcloud.fuzzing.transport import Connection

    with closing(Connection(url)) as connection, ExitStack() as stack:
        campaigns = _campaigns(connection, terms)
        # Opened before the run, which may be a long one: what cannot be written is said at once.
        files = [(wanted, stack.enter_context(output.opened(file))) for wanted, file in reports]
        told = _played(campaigns, chosen=bool(terms["operations"] or terms["providers"]))
        start, about = shlex.join(["mockcloud", "fuzz", url]), _about(terms, told)
        run = Run(url, terms["seed"], terms["examples"], start, about, _terms(terms), tuple(told), terms["ignored"])
        _write(run, name, files)
    if any(one.problem == INTERRUPTED for one in told):
        raise KeyboardInterrupt
    sys.exit(run.status)


def _campaigns(connection: Connection, terms: dict[str, Any]) -> list[Campaign]:
    from mockcloud.contracts import folders
    from mockcloud.fuzzing.campaign import Campaign
    from mockcloud.fuzzing.server_clock import ServerClock
    from mockcloud.fuzzing.target import Target
    from mockcloud.reports.dossier import dossier

    strict, patience = terms["auth"] == "strict", terms["patience"]
    given = options.settings_by_provider(terms["settings"])
    known = options.by_provider(terms["credentials"])
    folders.chosen([*given, *known])  # a provider that there is not is told of, not passed over
    clock, found = ServerClock(connection.send), []
    for provider in _providers(terms["operations"], terms["providers"]):
        settings = given.get(provider, {})
        target = Target(clock.send, connection.host, strict=strict, patience=patience, settings=settings, now=clock.now)
        if provider in known:
            target = replace(target, credential=known[provider][0])
        of_it = [one for one in terms["operations"] if one.partition(".")[0] == provider]
        found.append(Campaign(dossier(provider), target, of_it, terms["examples"], terms["seed"], terms["ignored"]))
    return found


def _providers(operations: Sequence[str], providers: Sequence[str]) -> list[str]:
    """The providers that are meant; where none is named, all. Raises UsageError for a name that nobody has."""
    from mockcloud.contracts import folders
    from mockcloud.drafting.decks import operation_of

    for one in operations:
        operation_of(one)
    named = [*providers, *(one.partition(".")[0] for one in operations)]
    return list(dict.fromkeys(folders.chosen(named or None)))


def _played(campaigns: Sequence[Campaign], *, chosen: bool) -> list[Report]:
    """Play every campaign. Of providers that nobody named, those that are not there are passed over, unless all are."""
    closed = [(one, one.doorstep()) for one in campaigns]
    there = [one for one, why in closed if chosen or why is None or not why.absent] or [one for one, _ in closed]
    _play([one for one in there if not one.report.problem])
    return [one.report for one in there]


def _play(campaigns: Collection[Campaign]) -> None:
    from mockcloud.cli.progress import Progress

    parts = [(one, part) for one in campaigns for part in one.parts()]
    progress, before = Progress(sum(part.steps for _, part in parts), shown=lambda steps: f"{steps:,} steps"), 0
    try:
        while parts:
            campaign, part = parts[0]
            if not campaign.report.problem:
                for step, _ in enumerate(campaign.play(part)):
                    progress.at(before + min(step, part.steps), lambda name=part.name: _so_far(campaigns, name))  # type: ignore[misc]
            before += part.steps
            parts.pop(0)
    except KeyboardInterrupt:
        for campaign, _ in parts:
            campaign.report.problem = campaign.report.problem or INTERRUPTED
    progress.erase()


def _so_far(campaigns: Collection[Campaign], name: str) -> str:
    found = sum(len(one.report.deviations) for one in campaigns)
    return f"{found} deviations, {name}"


def _about(terms: dict[str, Any], told: Sequence[Report]) -> str:
    """The part of the command that names what is asked about: of a provider what was chosen of it, else all of it."""
    chosen = {one.partition(".")[0] for one in terms["operations"]}
    words = [word for one in told if one.provider not in chosen for word in ("--provider", one.provider)]
    return shlex.join([*words, *(word for one in terms["operations"] for word in ("--operation", one))])


def _terms(terms: dict[str, Any]) -> str:
    """The rest of the command; secrets are left for the user to fill in."""
    words = ["--seed", str(terms["seed"]), "--examples", str(terms["examples"])]
    for provider, one in terms["credentials"]:
        words += ["--credential", ":".join([provider, one.access_key, "SECRET", *filter(None, [one.client_code])])]
    words += ["--auth", "off"] if terms["auth"] == "off" else []
    words += [word for provider, name, value in terms["settings"] for word in ("--set", f"{provider}.{name}={value}")]
    words += ["--patience", f"{terms['patience']:g}"] if terms["patience"] != PATIENCE else []
    words += [word for one in terms["ignored"] for word in ("--ignore", one)]
    return shlex.join(words)


def _write(run: Run, name: str, files: Sequence[tuple[str, TextIO]]) -> None:
    from mockcloud.fuzzing.told import FORMATS as WRITERS

    colored = name == "text" and sys.stdout.isatty() and not os.environ.get("NO_COLOR")
    WRITERS[name](sys.stdout, replace(run, color=colored))
    for wanted, out in files:
        WRITERS[wanted](out, run)
