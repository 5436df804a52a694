"""Values of options that have parts: `PROVIDER=PORT`, `PROVIDER.SETTING=VALUE`.

Law: a value that does not have its parts is refused with what was found and what was wanted.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TypeVar

import click

from mockcloud.cli import completing

T = TypeVar("T")


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
