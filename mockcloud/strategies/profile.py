"""The settings that property tests of clients run with: `settings.load_profile("mockcloud")`, once this is imported.

Knows the environment. Law: the same run ends the same: no clock decides, and where it is CI that runs, no chance either,
unless somebody named a place for examples: who keeps them is on a campaign.
"""

from __future__ import annotations

import os
from typing import Final

from hypothesis import HealthCheck, settings

from mockcloud.strategies import kept

NAME: Final = "mockcloud"

SLOW: Final = (HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.large_base_example)
"""Health checks that depend on the machine, or on how large the vendor's messages are."""


def profile(**changes: object) -> settings:
    """The settings of the profile, with some of them changed, by Hypothesis's names."""
    place = kept.place()
    derandomize = bool(changes.get("derandomize", os.environ.get("CI") and not place))
    chosen = {
        "deadline": None,
        "derandomize": derandomize,
        # What is the same in every run needs no memory, and Hypothesis takes none with it.
        "database": None if derandomize else kept.database(place),
        "print_blob": False,
        "suppress_health_check": SLOW,
        **changes,
    }
    return settings(**chosen)  # type: ignore[arg-type]  # a table of settings, each of a type of its own


settings.register_profile(NAME, profile())
