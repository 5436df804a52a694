"""Options that several commands have, and values that have parts: `PROVIDER=PORT`, `PROVIDER.SETTING=VALUE`.

Law: a value that does not have its parts is refused with what was found and what was wanted.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

import click

from mockcloud.cli import completing

if TYPE_CHECKING:
    from mockcloud.messages import Credential

T = TypeVar("T")
F = TypeVar("F", bound=Callable[..., Any])


def parsed(shape: str, parse: Callable[[str], T]) -> Callable[..., tuple[T, ...]]:
    """The callback of a repeatable option whose values have this shape; `parse` raises ValueError for what has not."""

    def callback(context: click.Context, parameter: click.Parameter, values: Iterable[str]) -> tuple[T, ...]:
        return tuple(one(value) for value in values)

    def one(value: str) -> T:
        try:
            return parse(value)
        except ValueError:
            raise click.BadParameter(f"found {value!r}, wanted {shape}") from None

    return callback


def setting(value: str) -> tuple[str, str, str]:
    """Provider, name and text of `PROVIDER.SETTING=VALUE`."""
    place, text = value.split("=", 1)
    provider, name = place.split(".", 1)
    if not provider or not name:
        raise ValueError(value)
    return provider, name, text


def pair(value: str) -> tuple[str, str]:
    """The two sides of `LEFT=RIGHT`."""
    left, right = value.split("=", 1)
    if not left or not right:
        raise ValueError(value)
    return left, right


def credential(value: str) -> tuple[str, Credential]:
    """Provider and credential of `PROVIDER:ID:SECRET[:CLIENT_CODE]`."""
    from mockcloud.messages import Credential

    provider, *parts = value.split(":")
    if not provider or len(parts) not in (2, 3) or not all(parts):
        raise ValueError(value)
    return provider, Credential(*parts)


def by_provider(pairs: Iterable[tuple[str, T]]) -> dict[str, list[T]]:
    """What was given of each provider, in its order."""
    found: dict[str, list[T]] = {}
    for provider, one in pairs:
        found.setdefault(provider, []).append(one)
    return found


def credentials(says: str) -> Callable[[F], F]:
    """The option for credentials, with its line of help."""
    shape = "PROVIDER:ID:SECRET[:CLIENT_CODE]"
    return click.option(
        "--credential",
        "credentials",
        multiple=True,
        metavar=shape,
        callback=parsed(shape, credential),
        shell_complete=completing.before(":"),
        help=says,
    )


def providers(says: str) -> Callable[[F], F]:
    """The option that names providers, with its line of help."""
    return click.option(
        "--provider", "providers", multiple=True, metavar="PROVIDER", shell_complete=completing.provider, help=says
    )


def operations(says: str) -> Callable[[F], F]:
    """The option that names operations, with its line of help."""
    return click.option(
        "--operation", "operations", multiple=True, metavar="OPERATION", shell_complete=completing.operation, help=says
    )


def auth(says: str) -> Callable[[F], F]:
    """The option that says whether signatures count, with its line of help."""
    return click.option("--auth", type=click.Choice(["strict", "off"]), default="strict", show_default=True, help=says)


def seed(says: str) -> Callable[[F], F]:
    """The option for where chance begins, with its line of help."""
    return click.option("--seed", type=int, default=0, show_default=True, help=says)


def reporting(formats: Sequence[str]) -> Callable[[F], F]:
    """The options for what is printed (`name`) and what is written beside it (`reports`); the first format is the usual one."""
    printed = click.option(
        "--format",
        "name",
        type=click.Choice(formats),
        default=formats[0],
        show_default=True,
        help="What is printed on standard output.",
    )

    def report(value: str) -> tuple[str, str]:
        wanted, file = pair(value)
        if wanted not in formats:
            raise click.BadParameter(f"there is no format {wanted!r}, wanted {', '.join(formats)}")
        return wanted, file

    written = click.option(
        "--report",
        "reports",
        multiple=True,
        metavar="FORMAT=FILE",
        callback=parsed("FORMAT=FILE", report),
        shell_complete=completing.file_behind(formats),
        help="Write this as well. Repeatable.",
    )
    return lambda command: printed(written(command))


def settings_by_provider(settings: Iterable[tuple[str, str, str]]) -> dict[str, dict[str, str]]:
    """Settings as `Cloud` takes them."""
    found: dict[str, dict[str, str]] = {}
    for provider, name, value in settings:
        found.setdefault(provider, {})[name] = value
    return found


settings = click.option(
    "--set",
    "settings",
    multiple=True,
    metavar="PROVIDER.SETTING=VALUE",
    callback=parsed("PROVIDER.SETTING=VALUE", setting),
    shell_complete=completing.setting,
    help="A provider's setting. Repeatable.",
)

hosts = click.option(
    "--host",
    "hosts",
    multiple=True,
    metavar="PROVIDER=HOST",
    callback=parsed("PROVIDER=HOST", pair),
    shell_complete=completing.before("="),
    help="A host of the recordings that stands for a vendor's, such as a gateway's. Repeatable.",
)
