"""The editions of `jdcloud_sdk` that lie beside each other, in one process.

Knows where they are installed, and nothing of what they do. Law: whoever imports `jdcloud_sdk` elsewhere gets the current one,
before and after.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from importlib import import_module
from pathlib import Path
from types import SimpleNamespace
from typing import Any, Final

PACKAGE: Final = "jdcloud_sdk"
OLD: Final = Path(os.environ.get("MOCKCLOUD_OLD_JDCLOUD", Path(__file__).parents[2] / ".venv" / "jdcloud-1.6.51"))
"""Where `make test` puts 1.6.51, one of those that sign by generation 2."""

NAMES: Final = {
    "core": ("config.Config", "credential.Credential", "logger.Logger", "exception.ClientException"),
    "services.mps": (
        "client.MpsClient.MpsClient",
        *(
            f"apis.{name}Request.{name}{part}"
            for name in ("CreateThumbnailTask", "GetThumbnailTask", "ListThumbnailTask", "SetNotification", "ListTranscodeJobs")
            for part in ("Request", "Parameters")
        ),
        *(f"models.{name}.{name}" for name in ("ThumbnailTaskSource", "ThumbnailTaskTarget", "ThumbnailTaskRule")),
    ),
}
"""What is used of the package."""


@cache
def edition(home: Path | None = None) -> Any:
    """The classes of the edition that is installed in a folder, by their names; None for the current one."""
    with _first(home):
        found = {
            name.rpartition(".")[2]: getattr(
                import_module(f"{PACKAGE}.{part}.{name.rpartition('.')[0]}"), name.rpartition(".")[2]
            )
            for part, names in NAMES.items()
            for name in names
        }
    return SimpleNamespace(**found)


@contextmanager
def _first(home: Path | None) -> Iterator[None]:
    """While open, the package is imported from there; what is loaded of it elsewhere stands aside."""
    if home is None:
        yield
        return
    if not (home / PACKAGE).is_dir():
        raise FileNotFoundError(f"no {PACKAGE} lies in {home}")
    aside = _taken()
    sys.path.insert(0, str(home))
    try:
        yield
    finally:
        sys.path.remove(str(home))
        _taken()
        sys.modules.update(aside)


def _taken() -> dict[str, Any]:
    """The modules of the package, taken out of those that are loaded."""
    return {name: sys.modules.pop(name) for name in list(sys.modules) if name.partition(".")[0] == PACKAGE}
