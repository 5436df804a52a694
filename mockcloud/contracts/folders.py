"""Where contracts lie: our own `schemas/`, and the folders of other packages.

A wheel carries the folder as `mockcloud/_schemas`; a checkout and an editable install have it beside the package.
Another package offers a provider by an entry point of group `mockcloud.providers` that is the path of such a folder.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from importlib.metadata import entry_points
from pathlib import Path

from mockcloud.errors import UsageError, nearest


@cache
def own_folder() -> Path:
    """The folder that holds our own contracts."""
    package = Path(__file__).resolve().parent.parent
    packed = package / "_schemas"
    return packed if packed.is_dir() else package.parent / "schemas"


@cache
def known() -> dict[str, Path]:
    """The folders of all providers, by name: ours, then those that installed packages offer."""
    found = {file.parent.name: file.parent for file in sorted(own_folder().glob("*/provider.json"))}
    for point in entry_points(group="mockcloud.providers"):
        found.setdefault(point.name, Path(point.load()))
    return found


def chosen(providers: Iterable[str] | None) -> dict[str, Path]:
    """The folders of the named providers, all when None. Raises UsageError for a name that nobody has."""
    everyone = known()
    if providers is None:
        return everyone
    if isinstance(providers, str):
        raise UsageError(f"providers is a list of names, found the one text {providers!r}: write [{providers!r}]")
    if not isinstance(providers, Iterable):
        raise UsageError(f"providers is a list of names, found {providers!r}")
    named = list(providers)
    for name in named:
        if name not in everyone:
            raise UsageError(f"there is no provider '{name}'.{nearest(name, everyone)}")
    return {name: everyone[name] for name in named}
