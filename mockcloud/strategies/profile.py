"""The settings that property tests of clients run with: `settings.load_profile("mockcloud")`, once this is imported.

Knows the environment. Law: a failure is the same everywhere: no clock decides, and where it is CI that runs, no chance either.
"""

from __future__ import annotations

import os
from typing import Final

from hypothesis import HealthCheck, settings
from hypothesis.database import DirectoryBasedExampleDatabase, ExampleDatabase

NAME: Final = "mockcloud"

EXAMPLES: Final = ".hypothesis/examples"
"""Where failing examples are kept between runs, below the folder in which the tests are run."""

SLOW: Final = (HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.large_base_example)
"""Health checks that depend on the machine, or on how large the vendor's messages are."""


def profile(**changes: object) -> settings:
    """The settings of the profile, with some of them changed, by Hypothesis's names."""
    derandomize = bool(changes.get("derandomize", os.environ.get("CI")))
    # What is the same in every run needs no memory, and Hypothesis takes none with it.
    database: ExampleDatabase | None = None if derandomize else DirectoryBasedExampleDatabase(EXAMPLES)
    chosen = {
        "deadline": None,
        "derandomize": derandomize,
        "database": database,
        "print_blob": False,
        "suppress_health_check": SLOW,
        **changes,
    }
    return settings(**chosen)  # type: ignore[arg-type]  # a table of settings, each of a type of its own


settings.register_profile(NAME, profile())
