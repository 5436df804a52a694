"""`mockcloud serve`: the mock as a server of its own.

Knows the command line and the signals; the server and the cloud are asked for. Law: standard output holds the addresses and
nothing else, from the moment on when connections are accepted; what goes wrong is one line on standard error.
"""

from __future__ import annotations

import errno
import gc
import signal
import threading
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from mockcloud.cli import completing, options
from mockcloud.cli.examples import Exemplified
from mockcloud.errors import MockcloudError, UsageError
from mockcloud.reports import refused

if TYPE_CHECKING:
    from mockcloud.messages import Credential
    from mockcloud.server.server import Server
    from mockcloud.state.clock import Clock
    from mockcloud.state.journal import Exchange

Watcher = Callable[["Exchange"], None]

FASTEST = 1_000_000
"""Times as fast as real time: at that speed the calendar's last year is still days away."""

SELDOM = (50_000, 20, 100)
"""How seldom the process of a server looks for circles among its objects, as `gc.set_threshold` has it."""

LONGEST_REPORT = 2000
"""Characters of one report on standard error: a request may hold eight million."""


def _listen(value: str) -> tuple[str, int]:
    provider, port = value.split("=")
    number = int(port)
    if not provider or not 0 <= number <= 65535:
        raise ValueError(value)
    return provider, number


def _store(context: click.Context, parameter: click.Parameter, value: str) -> str:
    if value != "memory:":
        raise click.BadParameter(f"found {value!r}; this version keeps state in 'memory:' only")
    return value


EXAMPLES = [
    ("mockcloud serve --port 0", "every provider on one free port"),
    ("mockcloud serve --port 0 --provider {provider} --auth off --verbose", "one of them, signed or not, and why it refuses"),
    ("mockcloud serve --port 0 --listen {provider}=0", "one of them on a port of its own as well"),
    ("mockcloud serve --port 0 --clock virtual:1", "each request is a second, so that tasks end at once"),
    ("mockcloud serve --port 0 --journal journal.jsonl", "what is asked and answered, in a file"),
]


@click.command(cls=Exemplified, examples=EXAMPLES)
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to bind.")
@click.option("--port", default=8080, show_default=True, type=click.IntRange(0, 65535), help="Port; 0 takes a free one.")
@click.option(
    "--listen",
    multiple=True,
    metavar="PROVIDER=PORT",
    callback=options.parsed("PROVIDER=PORT", _listen),
    shell_complete=completing.before("="),
    help="A port for one provider alone. Repeatable.",
)
@options.providers("Answer for this one. Repeatable; default all.")
@options.auth("Whether signatures count.")
@options.credentials("A known credential, in place of the well-known one. Repeatable.")
@click.option(
    "--clock",
    default="real",
    show_default=True,
    metavar="real|virtual[:TICK][@START]",
    shell_complete=completing.words("real", "virtual"),
    help="TICK: seconds for each request. START: seconds since the epoch, or ISO 8601.",
)
@click.option("--speed", type=float, metavar="X", help="The real clock runs X times as fast.")
@options.seed("Of every identifier.")
@click.option("--store", default="memory:", show_default=True, callback=_store, help="Where tasks are kept.")
@options.settings
@click.option(
    "--callback-host",
    "callback_hosts",
    multiple=True,
    metavar="HOST[:PORT]",
    help="A host, beside loopback, to which callbacks may be sent. Repeatable.",
)
@click.option(
    "--journal",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="Append each exchange to this file as it is recorded, a line of JSON each. Credentials stand in it as they were sent.",
)
@click.option("--verbose", is_flag=True, help="A line on standard error for each request, and the grounds of each refusal.")
def serve(
    host: str,
    port: int,
    listen: tuple[tuple[str, int], ...],
    providers: tuple[str, ...],
    clock: str,
    speed: float | None,
    credentials: tuple[tuple[str, Credential], ...],
    settings: tuple[tuple[str, str, str], ...],
    journal: Path | None,
    *,
    verbose: bool,
    **others: Any,
) -> None:
    """Serve the mock over HTTP until SIGINT or SIGTERM."""
    from mockcloud.cloud import Cloud
    from mockcloud.server.server import serve as server_of
    from mockcloud.state.journal_file import JournalFile

    try:
        cloud = Cloud(
            providers=list(providers) or None,
            clock=_clock(clock, speed),
            credentials=options.by_provider(credentials),
            settings=options.settings_by_provider(settings),
            **others,
        )
        server = server_of(cloud, host, port, _ports(listen), verbose=verbose)
        kept = JournalFile(journal, _report) if journal else None
    except MockcloudError as error:
        raise _OneLine(str(error)) from None
    cloud.report = _report
    cloud.journal.watcher = _each_of([*([kept.write] if kept else []), *([_say_why] if verbose else [])])
    try:
        _run(server)
    finally:
        if kept:
            kept.close()


class _OneLine(click.ClickException):
    exit_code = 2


def _clock(text: str, speed: float | None) -> Clock:
    from mockcloud.state.clock import RealClock, opened_clock

    if speed is None:
        return opened_clock(text)
    if text != "real":
        raise click.UsageError("--speed is of the real clock; a virtual one moves by its tick: --clock virtual:TICK")
    if not 0 < speed <= FASTEST:
        raise UsageError(f"a speed is greater than 0 and at most {FASTEST}, found {speed:g}")
    return RealClock(speed=speed)


def _ports(listen: Iterable[tuple[str, int]]) -> dict[str, int]:
    found: dict[str, int] = {}
    for provider, port in listen:
        if provider in found:
            raise UsageError(f"--listen gives '{provider}' two ports, {found[provider]} and {port}: write it once")
        found[provider] = port
    return found


def _report(sentence: str) -> None:
    # Escaped: what a stranger puts into a URL must not reach the terminal as it is.
    _say(refused.printable(sentence, LONGEST_REPORT))


def _say(text: str) -> None:
    with suppress(OSError):  # whoever read standard error may be gone; who is served is not
        click.echo(text, err=True)


def _each_of(watchers: list[Watcher]) -> Watcher | None:
    def watch(exchange: Exchange) -> None:
        for one in watchers:
            one(exchange)

    return watch if watchers else None


def _say_why(exchange: Exchange) -> None:
    """A refusal's grounds: the rule, the value found, the document and the line."""
    if exchange.refusal:
        _say("\n".join(refused.lines(exchange)))


def _run(server: Server) -> None:
    told = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: told.set())
    try:
        server.start()
    except OSError as error:
        way = "; port 0 takes a free one" if error.errno == errno.EADDRINUSE else ""
        raise _OneLine(f"cannot listen: {error.strerror or error}{way}") from None
    usual = gc.get_threshold()
    # What is kept of a request is hardly ever a circle, and to look for one often costs creations several per cent.
    gc.set_threshold(*SELDOM)
    try:
        click.echo(f"mockcloud listening on {server.url}")
        for provider in server.ports:
            click.echo(f"mockcloud {provider} on {server.url_of(provider)}")
        told.wait()
    finally:
        server.stop()
        gc.set_threshold(*usual)
